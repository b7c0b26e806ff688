"""The command `logs`: events and the output of jobs, merged by time, once or as they arrive."""

import heapq
import itertools
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.job_output import JobOutput, is_alert, style_of
from engine.cli.number_types import whole
from engine.cli.options import (
    JobIds,
    JsonOption,
    RunOption,
)
from engine.cli.printing import STYLES, Styled, print_json_line, print_styled
from engine.errors import JobNotFoundError
from engine.runners import layout
from engine.streams.attempt_output import Timed, may_have_printed_since
from engine.streams.entries import Level, StreamEntry
from engine.streams.line_search import LineSearch
from engine.system.formatting import date_second, iso
from engine.system.plain_text import one_line
from engine.system.standard_streams import nobody_reads
from engine.types import AttemptRef
from state import attempt_queries, event_queries, queries
from state.lifecycle import FINAL
from state.records import Attempt, Event

if TYPE_CHECKING:
    from engine.jobfile.filter_set import FilterSet

_POLL_S = 0.25
_RECENT_ATTEMPTS = 100
_PAGE, _MOST_PAGES = 500, 50
_EVERYTHING = 1_000_000_000
_ALERTS = frozenset({"warning", "error"})


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEvent:
    """One line of the log: an event (`stream` is its level), or what a job printed on a stream, as `entry` has it.

    `name` is what the job is called.
    """

    at: float
    job_id: str
    stream: str
    text: str
    name: str = ""
    event_type: str = "output"
    entry: StreamEntry | None = None
    tool: str = ""
    ws_id: str = ""


def logs(
    job_ids: JobIds = None,
    *,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Keep printing new lines until the named jobs have ended.")
    ] = False,
    errors: Annotated[
        bool, typer.Option("--errors", help="Only warnings, errors and lines on stderr.")
    ] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="The lines as the tools printed them, instead of sentences.")
    ] = False,
    run: RunOption = None,
    filter_name: Annotated[
        str | None,
        typer.Option("--filter", metavar="NAME", help="Only lines that this saved filter set shows."),
    ] = None,
    lines: Annotated[
        int,
        typer.Option(
            "--lines",
            "-n",
            metavar="N",
            parser=whole(least=0),
            help="At most this many lines, the last ones.",
        ),
    ] = 1000,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox logs`."""
    with opened(home) as session:
        selected = _selected(session, job_ids, run)
        saved = None if filter_name is None else _filter_set(session, filter_name)
        log = Log(session, selected, errors=errors, raw=raw, saved=saved)
        show = _print_json if as_json else _print_line
        entries = log.so_far(lines)
        for entry in entries[-lines:] if lines else []:
            show(entry)
        while follow and not (log.over() or nobody_reads()):
            time.sleep(_POLL_S)
            for entry in log.new():
                show(entry)
        if follow:
            for entry in log.rest():
                show(entry)


def _filter_set(session: HomeSession, name: str) -> "FilterSet":
    from engine.filters.filter_folder import FilterFolder  # noqa: PLC0415 - it loads the reader of YAML

    return FilterFolder(session.home.root).named(name)


def _selected(session: HomeSession, job_ids: Sequence[str] | None, run: str | None) -> frozenset[str] | None:
    """The jobs to show; None for all, including those to come."""
    for job_id in job_ids or ():
        if session.plain.read(queries.find_job, job_id) is None:
            raise JobNotFoundError(job_id)
    chosen = set(job_ids or ())
    if run is not None:
        chosen |= {job.job_id for job in session.plain.read(queries.jobs_of_run, run)}
    return frozenset(chosen) if job_ids or run is not None else None


class Log:
    """The log of a home: the past lines, then the new ones."""

    def __init__(
        self,
        session: HomeSession,
        selected: frozenset[str] | None,
        *,
        errors: bool,
        raw: bool = False,
        saved: "FilterSet | None" = None,
    ) -> None:
        self._matcher: Any = None
        """A `SetMatcher`, where a filter set says what is shown."""
        self._since = 0.0
        if saved is not None:
            from engine.jobfile.filter_set import RANGE_S, SetMatcher  # noqa: PLC0415 - as above

            self._matcher = SetMatcher(saved)
            age = RANGE_S.get(saved.time)
            self._since = 0.0 if age is None else time.time() - age
        self._session, self._selected, self._errors, self._raw = session, selected, errors, raw
        self._cursor = session.plain.read(event_queries.latest_event_id)
        self._outputs: dict[int, JobOutput] = {}
        self._names: dict[str, str] = {}
        self._ws_ids: dict[str, str] = {}

    def so_far(self, most: int) -> list[LogEvent]:
        """The last existing entries, at least `most` if there are that many; of a filter set, of all there is."""
        if self._selected is None:
            events = self._newest_events(most)
        else:
            limit = _EVERYTHING if self._matcher is not None else max(most, 1)
            found = (
                event
                for job_id in self._selected
                for event in self._session.plain.read(event_queries.events_of_job, job_id, limit)
            )
            events = [event for event in found if event.id <= self._cursor]
        self._find_outputs()
        return self._merged(chain(self._events(events), self._newest_lines(most)), most)

    def _newest_events(self, most: int) -> list[Event]:
        found: list[Event] = []
        before = self._cursor + 1
        pages = itertools.count() if self._matcher is not None else range(_MOST_PAGES)
        for _ in pages:
            page = self._session.plain.read(event_queries.events_before, before, _PAGE)
            found = [event for event in page if any(map(self._passes, self._events((event,))))] + found
            if not page or len(found) >= most or page[0].at < self._since:
                break
            before = page[0].id
        return found

    def _shows(self, event: Event) -> bool:
        return event.level in _ALERTS if self._errors else event.level != "debug"

    def new(self) -> list[LogEvent]:
        """The entries since the last call."""
        events: list[Event] = []
        while page := self._session.plain.read(event_queries.events_after, self._cursor):
            self._cursor = page[-1].id
            events += page
        matching = [event for event in events if self._selected is None or event.job_id in self._selected]
        for event in matching:
            self._follow(event)
        return self._merged([*self._events(matching), *self._lines()])

    def rest(self) -> list[LogEvent]:
        """The last output of each attempt, which no end of line followed."""
        return self._merged(
            [self._of_output(each, timed) for each in self._outputs.values() for timed in each.rest()]
        )

    def over(self) -> bool:
        """Whether every named job has ended and all of its log was shown."""
        if self._selected is None:
            return False
        found = [self._session.plain.read(queries.find_job, job_id) for job_id in self._selected]
        return all(job is None or job.status in FINAL for job in found) and not self._pending()

    def _pending(self) -> bool:
        return self._session.plain.read(event_queries.latest_event_id) > self._cursor

    def _find_outputs(self) -> None:
        """Find the output of the attempts that may have a line."""
        if self._selected is None:
            limit = _EVERYTHING if self._matcher is not None else _RECENT_ATTEMPTS
            made = self._session.plain.read(attempt_queries.recent_attempts, limit)
        else:
            made = [
                one
                for job_id in sorted(self._selected)
                for one in self._session.plain.read(attempt_queries.attempts_of, job_id)
            ]
        for attempt in filter(self._may_pass, made):
            found = self._output(attempt.job_id, attempt.id, attempt.token, tool=attempt.tool)
            found.ended = attempt.completed_at is not None

    def _newest_lines(self, most: int) -> Iterator[LogEvent]:
        """The last lines; of an attempt no more is read than may be among them."""
        newest: list[int] = []
        streams = ("stderr",) if self._errors else layout.STREAMS
        for last_ns, each in sorted(
            ((each.last_ns, each) for each in self._outputs.values()), key=itemgetter(0), reverse=True
        ):
            is_full = len(newest) >= most
            since = max(int(self._since * 1e9), newest[0] if is_full and newest else 0)
            each.printed = each.ended
            if each.ended and (last_ns < since or not most):
                continue
            taken = most if last_ns >= since else 0
            for timed in each.newest(taken, since=since, streams=streams, search=self._search(each)):
                event = self._of_output(each, timed)
                if self._is_chosen(event) and self._passes(event):
                    (heapq.heappushpop if len(newest) >= most else heapq.heappush)(newest, timed[0])
                    yield event

    def _search(self, each: JobOutput) -> LineSearch | None:
        """Which lines of an attempt a filter set shows."""
        matcher = self._matcher
        if matcher is None:
            return None
        from engine.jobfile.filter_set import LineFacts  # noqa: PLC0415 - only for a filter set, it is slow to load

        self._name(each.job_id)
        ws_id = self._ws_ids.get(each.job_id, "")

        def shows(text: str, level: Level, _stream: str) -> bool:
            return bool(matcher.matches(LineFacts(text, level.word, each.tool, ws_id, each.job_id)))

        texts, is_case = matcher.needed_texts
        return LineSearch(shows, texts, is_case=is_case)

    def _may_pass(self, attempt: Attempt) -> bool:
        """Whether the filter set can show a line of an attempt."""
        if self._matcher is None or attempt.completed_at is None:
            return True
        covers = self._matcher.covers(tool=attempt.tool, ws_id=attempt.ws_id, job_id=attempt.job_id)
        return covers and may_have_printed_since(self._since, attempt.completed_at)

    def _follow(self, event: Event) -> None:
        attempt = event.payload.get("attempt")
        if attempt is None or event.job_id is None:
            return
        tool = str(attempt.get("tool") or event.tool or "")
        found = self._output(event.job_id, int(attempt["id"]), str(attempt["token"]), tool=tool)
        found.ended = attempt.get("completed_at") is not None

    def _output(self, job_id: str, number: int, token: str, *, tool: str) -> JobOutput:
        if number not in self._outputs:
            folder = self._session.home.attempts / AttemptRef(number, token).folder_name
            self._outputs[number] = JobOutput(job_id, folder, tool, raw=self._raw)
        return self._outputs[number]

    def _lines(self) -> Iterator[LogEvent]:
        for each in self._outputs.values():
            if each.printed:
                continue
            each.printed = each.ended
            found = chain(each.lines(), each.rest()) if each.ended else each.lines()
            yield from (self._of_output(each, timed) for timed in found)

    def _of_output(self, each: JobOutput, timed: Timed) -> LogEvent:
        ns, entry = timed
        name = self._name(each.job_id)
        return LogEvent(
            at=ns / 1e9,
            job_id=each.job_id,
            stream=entry.stream,
            text=entry.text,
            name=name,
            entry=entry,
            tool=each.tool,
            ws_id=self._ws_ids.get(each.job_id, ""),
        )

    def _name(self, job_id: str) -> str:
        if job_id not in self._names:
            job = self._session.plain.read(queries.find_job, job_id)
            names = self._session.plain.read(queries.names_of, () if job is None else (job.ws_key,))
            self._names[job_id] = job_id if job is None else names.job(job)
            self._ws_ids[job_id] = "" if job is None else job.ws_id
        return self._names[job_id]

    def _events(self, events: Iterable[Event]) -> Iterator[LogEvent]:
        for event in events:
            if self._shows(event):
                yield LogEvent(
                    at=event.at,
                    job_id=event.job_id or "",
                    stream=event.level,
                    text=event.message,
                    event_type=event.event_type,
                    tool=event.tool or "",
                    ws_id=event.ws_id or "",
                )

    def _merged(self, entries: Iterable[LogEvent], most: int | None = None) -> list[LogEvent]:
        """The entries to show in order of time; with `most` little more than the last ones are kept meanwhile."""
        passing: list[LogEvent] = []
        for entry in filter(self._passes, filter(self._is_chosen, entries)):
            passing.append(entry)
            if most is not None and len(passing) > 2 * most + _PAGE:
                passing.sort(key=attrgetter("at"))
                del passing[: len(passing) - most]
        return sorted(passing, key=attrgetter("at"))

    def _is_chosen(self, entry: LogEvent) -> bool:
        return not self._errors or entry.entry is None or is_alert(entry.entry)

    def _passes(self, entry: LogEvent) -> bool:
        """Whether the filter set shows it."""
        if self._matcher is None:
            return True
        level = entry.stream if entry.entry is None else entry.entry.level.word
        from engine.jobfile.filter_set import LineFacts  # noqa: PLC0415 - as above

        facts = LineFacts(entry.text, level, entry.tool, entry.ws_id, entry.job_id)
        return entry.at >= self._since and self._matcher.matches(facts)


def _print_json(entry: LogEvent) -> None:
    values = {
        "at": iso(entry.at),
        "at_epoch": entry.at,
        "job_id": entry.job_id or None,
        "event_type": entry.event_type,
    }
    more = {"level": entry.stream} if entry.entry is None else _entry_json(entry.entry)
    print_json_line({**values, **more, "text": entry.text})


def _entry_json(entry: StreamEntry) -> dict[str, Any]:
    """Where a sentence comes from, and what it is: `offset` is where its raw line begins on its stream."""
    plan = {} if entry.plan is None else {"plan": entry.plan._asdict()}
    what = {
        "stream": entry.stream,
        "offset": entry.offset,
        "kind": entry.kind.value,
        "level": entry.level.word,
    }
    return {**what, **plan}


def _print_line(entry: LogEvent) -> None:
    at = Styled(date_second(entry.at), "dim")
    if entry.entry is None:
        text = Styled(one_line(entry.text), STYLES.get(entry.stream, "") or "bold")
        print_styled(at, Styled(" * ", "dim"), text)
        return
    name = [Styled(f" {one_line(entry.name)}", "cyan")]
    if entry.name != entry.job_id:
        name.append(Styled(f" {entry.job_id}", "dim"))
    mark = Styled(" ! ", "red") if entry.stream == "stderr" else Styled(" | ", "dim")
    print_styled(at, *name, mark, Styled(entry.text, style_of(entry.entry)))
