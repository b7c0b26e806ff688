"""Tries a filter set on what jobs have printed: which lines of the last days it would have matched, of which jobs.

Reads a piece at a time, so that whoever tries it can say how far it is, and stop.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.jobfile.filter_set import FilterSet, SetMatcher
from engine.streams.attempt_output import AttemptOutput, Timed, may_have_printed_since, reader_in
from state.records import Attempt

TRIAL_DAYS = 7
_DAY_S = 86_400.0
_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class MatchedJob:
    """A job of which lines match: how many, and the first of them, which would have set off the alarm."""

    job_id: str
    run_id: str
    ws_id: str
    lines: int
    at: float
    text: str


class FilterTrial:
    """One trial of a filter set."""

    def __init__(self, content: FilterSet, attempts: Sequence[Attempt], folder: Path, *, now: float) -> None:
        """`folder` holds those of the attempts."""
        self._matcher = SetMatcher(content)
        self._folder, self._since = folder, now - TRIAL_DAYS * _DAY_S
        self._waiting = deque(filter(self._may_match, sorted(attempts, key=lambda one: one.started_at)))
        self._attempt: Attempt | None = None
        self._output: AttemptOutput | None = None
        self._jobs: dict[str, MatchedJob] = {}
        self.total = len(self._waiting)
        """How many attempts are read."""

    @property
    def done(self) -> int:
        """How many of them were read."""
        return self.total - len(self._waiting) - (self._attempt is not None)

    @property
    def jobs(self) -> tuple[MatchedJob, ...]:
        """The jobs found so far, the newest first."""
        return tuple(sorted(self._jobs.values(), key=lambda job: -job.at))

    def go_on(self) -> bool:
        """Read a piece; return whether there is more."""
        if self._attempt is None or self._output is None:
            if not self._waiting:
                return False
            self._attempt = one = self._waiting.popleft()
            folder = self._folder / one.folder_name
            self._output = AttemptOutput(folder, reader_in(folder, one.tool))
        self._take(self._attempt, self._output.read(_PIECE))
        if not self._output.behind:
            self._take(self._attempt, self._output.rest())
            self._attempt = self._output = None
        return True

    def _may_match(self, attempt: Attempt) -> bool:
        is_recent = may_have_printed_since(self._since, attempt.completed_at)
        covers = self._matcher.covers(tool=attempt.tool, ws_id=attempt.ws_id, job_id=attempt.job_id)
        return bool(attempt.token) and is_recent and covers

    def _take(self, attempt: Attempt, entries: Iterator[Timed]) -> None:
        for ns, entry in entries:
            at = ns / 1e9
            if at < self._since or not self._matcher.matches_text(entry.text, entry.level.word):
                continue
            found = self._jobs.get(attempt.job_id)
            self._jobs[attempt.job_id] = (
                MatchedJob(attempt.job_id, attempt.run_id, attempt.ws_id, 1, at, entry.text)
                if found is None
                else replace(found, lines=found.lines + 1)
            )
