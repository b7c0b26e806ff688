"""The command `logs`: events and the output of jobs, merged by time, once or as they arrive."""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from engine.cli.home_session import HomeSession, opened
from engine.cli.number_types import whole
from engine.cli.options import HomeOption, JobIds, JsonOption, RunOption
from engine.cli.printing import STYLES, console, print_json_line
from engine.errors import JobNotFoundError
from engine.runners import layout, output
from engine.runners.capture import RECORD
from engine.runners.output import Piece
from engine.system.formatting import date_second, iso
from engine.system.plain_text import one_line
from engine.system.standard_streams import nobody_reads
from engine.types import AttemptRef
from state import attempt_queries, event_queries, queries
from state.lifecycle import FINAL
from state.records import Event

_POLL_S = 0.25
_RECENT_ATTEMPTS = 100
_LONGEST_LINE = 64 * 1024
_MORE_RECORDS = 4
_PAGE, _MOST_PAGES = 500, 50
_ALERTS = frozenset({"warning", "error"})


@dataclass(frozen=True, kw_only=True, slots=True)
class LogEvent:
    """One line of the log: an event (`stream` is its level), or a line that a job printed on a stream."""

    at: float
    job_id: str
    stream: str
    text: str
    event_type: str = "output"


def logs(
    job_ids: JobIds = None,
    *,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Keep printing new lines until the named jobs have ended.")
    ] = False,
    errors: Annotated[
        bool, typer.Option("--errors", help="Only warnings, errors and lines on stderr.")
    ] = False,
    run: RunOption = None,
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
    """Print events and the output of jobs, merged by time."""
    with opened(home) as session:
        selected = _selected(session, job_ids, run)
        log = Log(session, selected, errors=errors)
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


def _selected(session: HomeSession, job_ids: Sequence[str] | None, run: str | None) -> frozenset[str] | None:
    """The jobs to show; None for all, including those to come."""
    for job_id in job_ids or ():
        if session.reader.read(queries.find_job, job_id) is None:
            raise JobNotFoundError(job_id)
    chosen = set(job_ids or ())
    if run is not None:
        chosen |= {job.job_id for job in session.reader.read(queries.jobs_of_run, run)}
    return frozenset(chosen) if job_ids or run is not None else None


@dataclass
class _Output:
    """The output of one attempt, read incrementally."""

    job_id: str
    folder: Path
    offset: int = 0
    ended: bool = False
    printed: bool = False
    """Whether all of it was returned; a later event of the attempt does not begin it again."""
    _unfinished: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    _torn: set[str] = field(default_factory=set)
    """The streams on which the line at the start of what is read began earlier."""

    def start_at_last(self, most: int, streams: Collection[str]) -> None:
        """Skip what is not among the last `most` lines of these streams; one line may have come in many records."""
        records = output.size(self.folder, layout.INDEX) // RECORD.size
        taken = most + len(layout.STREAMS)
        while (start := max(records - taken, 0)) and self._line_ends(start, streams) <= most:
            taken *= _MORE_RECORDS
        self.offset = start * RECORD.size
        self._torn = set(layout.STREAMS) if start else set()

    def _line_ends(self, start: int, streams: Collection[str]) -> int:
        """How many lines are certain to be whole from this record on: the first of each stream may not be."""
        found = output.pieces(self.folder, start * RECORD.size)
        ends = sum(piece.text.count(b"\n") for piece in found if piece.stream in streams)
        return ends - len(streams)

    def lines(self) -> Iterator[LogEvent]:
        """The lines completed since the last call."""
        for piece in output.pieces(self.folder, self.offset):
            self.offset = piece.after
            yield from self._split(piece)

    def rest(self) -> Iterator[LogEvent]:
        """The last output, which no end of line followed."""
        for stream, (ns, data) in self._unfinished.items():
            if data:
                yield self._entry(ns, stream, data)
        self._unfinished.clear()

    def _split(self, piece: Piece) -> Iterator[LogEvent]:
        ns, before = self._unfinished.pop(piece.stream, (piece.ns, b""))
        *whole, last = (before + piece.text).split(b"\n")
        if piece.stream in self._torn:
            if not whole:
                return
            self._torn.remove(piece.stream)
            del whole[0]
        for line in whole:
            yield self._entry(ns, piece.stream, line)
            ns = piece.ns
        if len(last) > _LONGEST_LINE:
            yield self._entry(ns, piece.stream, last)
        elif last:
            self._unfinished[piece.stream] = (ns, last)

    def _entry(self, ns: int, stream: str, line: bytes) -> LogEvent:
        return LogEvent(
            at=ns / 1e9, job_id=self.job_id, stream=stream, text=one_line(line.decode("utf-8", "replace"))
        )


class Log:
    """The log of a home: the past lines, then the new ones."""

    def __init__(self, session: HomeSession, selected: frozenset[str] | None, *, errors: bool) -> None:
        self._session, self._selected, self._errors = session, selected, errors
        self._cursor = session.reader.read(event_queries.latest_event_id)
        self._outputs: dict[int, _Output] = {}

    def so_far(self, most: int) -> list[LogEvent]:
        """The last existing entries, at least `most` if there are that many."""
        if self._selected is None:
            events = self._newest_events(most)
        else:
            found = (
                event
                for job_id in self._selected
                for event in self._session.reader.read(event_queries.events_of_job, job_id, max(most, 1))
            )
            events = [event for event in found if event.id <= self._cursor]
        self._find_outputs(most)
        return self._merged([*self._events(events), *self._lines()])

    def _newest_events(self, most: int) -> list[Event]:
        found: list[Event] = []
        before = self._cursor + 1
        for _ in range(_MOST_PAGES):
            page = self._session.reader.read(event_queries.events_before, before, _PAGE)
            found = [event for event in page if self._shows(event)] + found
            if not page or len(found) >= most:
                break
            before = page[0].id
        return found

    def _shows(self, event: Event) -> bool:
        return event.level in _ALERTS if self._errors else event.level != "debug"

    def new(self) -> list[LogEvent]:
        """The entries since the last call."""
        events: list[Event] = []
        while page := self._session.reader.read(event_queries.events_after, self._cursor):
            self._cursor = page[-1].id
            events += page
        matching = [event for event in events if self._selected is None or event.job_id in self._selected]
        for event in matching:
            self._follow(event)
        return self._merged([*self._events(matching), *self._lines()])

    def rest(self) -> list[LogEvent]:
        """The last output of each attempt, which no end of line followed."""
        return self._merged([entry for each in self._outputs.values() for entry in each.rest()])

    def over(self) -> bool:
        """Whether every named job has ended and all of its log was shown."""
        if self._selected is None:
            return False
        found = [self._session.reader.read(queries.find_job, job_id) for job_id in self._selected]
        return all(job is None or job.status in FINAL for job in found) and not self._pending()

    def _pending(self) -> bool:
        return self._session.reader.read(event_queries.latest_event_id) > self._cursor

    def _find_outputs(self, most: int) -> None:
        """Find the output of attempts; of long output only what can be among the last lines is read."""
        if self._selected is None:
            made = self._session.reader.read(attempt_queries.recent_attempts, _RECENT_ATTEMPTS)
        else:
            made = [
                one
                for job_id in sorted(self._selected)
                for one in self._session.reader.read(attempt_queries.attempts_of, job_id)
            ]
        for attempt in made:
            found = self._output(attempt.job_id, attempt.id, attempt.token)
            found.ended = attempt.completed_at is not None
            found.start_at_last(most, ("stderr",) if self._errors else layout.STREAMS)

    def _follow(self, event: Event) -> None:
        attempt = event.payload.get("attempt")
        if attempt is None or event.job_id is None:
            return
        found = self._output(event.job_id, int(attempt["id"]), str(attempt["token"]))
        found.ended = attempt.get("completed_at") is not None

    def _output(self, job_id: str, number: int, token: str) -> _Output:
        folder = self._session.home.attempts / AttemptRef(number, token).folder_name
        return self._outputs.setdefault(number, _Output(job_id, folder))

    def _lines(self) -> Iterator[LogEvent]:
        for each in self._outputs.values():
            if each.printed:
                continue
            each.printed = each.ended
            yield from each.lines()
            if each.ended:
                yield from each.rest()

    def _events(self, events: Iterable[Event]) -> Iterator[LogEvent]:
        for event in events:
            if self._shows(event):
                yield LogEvent(
                    at=event.at,
                    job_id=event.job_id or "",
                    stream=event.level,
                    text=event.message,
                    event_type=event.event_type,
                )

    def _merged(self, entries: Iterable[LogEvent]) -> list[LogEvent]:
        chosen = (entry for entry in entries if not self._errors or entry.stream != "stdout")
        return sorted(chosen, key=lambda entry: entry.at)


def _print_json(entry: LogEvent) -> None:
    stream = {"stream": entry.stream} if entry.event_type == "output" else {"level": entry.stream}
    values = {
        "at": iso(entry.at),
        "at_epoch": entry.at,
        "job_id": entry.job_id or None,
        "event_type": entry.event_type,
    }
    print_json_line({**values, **stream, "text": entry.text})


def _print_line(entry: LogEvent) -> None:
    line = Text(date_second(entry.at), style="dim")
    if entry.event_type == "output":
        line.append(f" {entry.job_id}", style="cyan")
        line.append(
            " | " if entry.stream == "stdout" else " ! ", style="red" if entry.stream == "stderr" else "dim"
        )
        line.append(entry.text)
    else:
        line.append(" * ", style="dim")
        line.append(one_line(entry.text), style=STYLES.get(entry.stream, "") or "bold")
    console().print(line, soft_wrap=True)
