"""Create the entries of the Logs from events and output lines."""

from collections.abc import Iterable
from typing import Protocol

from engine.streams.entries import Level, clean_text
from gui.data.named_sentences import shown_sentence
from gui.panels.logs.line_store import LogEntry, LogSources, Source
from gui.panels.logs.output_client import OutputLine
from state.named_work import ORDINARY_EVENTS
from state.records import Attempt, AttemptStatus, Event, Job, Run
from state.shown_names import ShownNames, run_name


class Runs(Protocol):
    """The source of names; the projection of the window is one."""

    runs: dict[str, Run]
    jobs: dict[str, Job]

    @property
    def names(self) -> ShownNames:
        """What runs, workstreams and jobs are called."""


class LogEntries:
    """Creates entries with source numbers; `attempts` are those whose output may arrive."""

    def __init__(self, records: Runs, sources: LogSources) -> None:
        self._records, self._sources = records, sources
        self._numbers: dict[int, int] = {}
        self.attempts: dict[int, Attempt] = {}

    def clear(self) -> None:
        """Drop all attempts."""
        self.attempts.clear()
        self._numbers.clear()

    def add_attempts(self, events: Iterable[Event]) -> None:
        """Add older attempts, which are known only from their events."""
        for event in events:
            attempt = event.payload.get("attempt")
            if attempt and attempt["id"] not in self.attempts:
                self.attempts[attempt["id"]] = Attempt(
                    id=attempt["id"],
                    run_id=event.run_id or "",
                    ws_id=event.ws_id or "",
                    job_id=event.job_id or "",
                    step_name="",
                    number=attempt.get("number", 1),
                    tool=event.tool or "",
                    status=AttemptStatus(attempt.get("status", "completed")),
                    token=attempt.get("token", ""),
                    started_at=attempt.get("started_at", 0.0),
                    completed_at=attempt.get("completed_at"),
                )

    def of_event(self, event: Event) -> LogEntry:
        """The entry of an event."""
        source = Source(
            run_id=event.run_id or "",
            ws_id=event.ws_id or "",
            job_id=event.job_id or "",
            tool=event.tool or "",
            label=self._label(event.run_id, event.ws_id),
        )
        named = shown_sentence(event.message, self._records.jobs, self._records.names)
        text = clean_text(named or event.event_type)
        return LogEntry(event.at, int(_event_level(event)), self._sources.number(source), event.id, text)

    def of_line(self, line: OutputLine) -> LogEntry:
        """The entry of an output line."""
        number = self._numbers.get(line.attempt)
        if number is None:
            source = self._source(line.attempt)
            number = self._sources.number(source)
            if source.job_id:
                self._numbers[line.attempt] = number
        return LogEntry(line.at, line.level, number, 0, line.text, line.place)

    def warning(self, attempt: int, text: str, *, at: float) -> LogEntry:
        """A warning about the output of an attempt."""
        return LogEntry(at, int(Level.WARNING), self._sources.number(self._source(attempt)), 0, text)

    def _source(self, number: int) -> Source:
        attempt = self.attempts.get(number)
        if attempt is None:
            return Source(attempt=number)
        return Source(
            run_id=attempt.run_id,
            ws_id=attempt.ws_id,
            job_id=attempt.job_id,
            tool=attempt.tool,
            attempt=number,
            label=self._label(attempt.run_id, attempt.ws_id),
        )

    def _label(self, run_id: str | None, ws_id: str | None) -> str:
        if ws_id:
            return clean_text(self._records.names.workstream((run_id or "", ws_id)))
        run = self._records.runs.get(run_id or "")
        return clean_text(run_name(run)) if run else clean_text(run_id or "engine")


def _event_level(event: Event) -> Level:
    match event.level:
        case "error":
            return Level.ERROR
        case "warning":
            return Level.WARNING
        case "debug":
            return Level.DEBUG
        case _:
            return Level.EVENT if event.event_type.startswith(ORDINARY_EVENTS) else Level.INFO
