"""What is noted of each recurring run beside its file: up to when its due times are settled, and what came of the last.

``schedules/.notes/NAME.json``. A note that is lost costs no run and starts none twice: ids are made of due times.
"""

import json
import os
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from engine.errors import JobFileError
from engine.jobfile.safe_read import read_bytes
from engine.system.home import SCHEDULES
from engine.system.phrase import Phrase, phrase, verbatim
from engine.system.private_files import write_private
from state.times import is_time

if TYPE_CHECKING:  # slow to load, and most windows show no recurring run
    from pydantic import TypeAdapter

    from engine.recurring.recurring_run import RecurringRun

NOTES_FOLDER = Path(SCHEDULES) / ".notes"
"""Where a home has them."""


class LateCause(StrEnum):
    """Why nothing was queued at a due time."""

    NO_ENGINE = "no_engine"
    ASLEEP = "asleep"
    """The machine was."""
    CLOCK_SET = "clock_set"
    """The clock was set ahead, past the due time."""
    HELD_UP = "held_up"
    """An engine ran, but did not come to it, or could not write its file."""
    REMOVED = "removed"
    """A person had removed it, and has put it back since."""

    @property
    def words(self) -> Phrase:
        """The end of a sentence: ``while no engine ran``."""
        return _LATE_WORDS[self]


_LATE_WORDS = {
    LateCause.NO_ENGINE: phrase("while no engine ran"),
    LateCause.ASLEEP: phrase("while the machine was asleep"),
    LateCause.CLOCK_SET: phrase("when the clock was set ahead"),
    LateCause.HELD_UP: phrase("while the engine was held up"),
    LateCause.REMOVED: phrase("while it was removed"),
}


class DueResult(StrEnum):
    """What became of a due time."""

    QUEUED = "queued"
    LATE = "late"
    """It was queued later; `LateCause` says why."""
    MISSED = "missed"
    """It passed, for a `LateCause`, and was not made up for."""
    SKIPPED = "skipped"
    """The run before was not over."""
    WAITS = "waits"
    """It is queued as soon as the run before is over."""
    FAILED = "failed"
    """No job file could be made."""


NEED_PERSON = frozenset({DueResult.MISSED, DueResult.FAILED})


@dataclass(frozen=True)
class MissedRun:
    """A recurring run of which a person has seen that nothing came of its due time `due_at`."""

    name: str
    due_at: float


@dataclass(frozen=True)
class FormerName:
    """What a recurring run was called up to a moment."""

    name: str
    until: float


@dataclass(frozen=True)
class Absence:
    """When a recurring run was removed, and when it was put back."""

    since: float
    until: float


@dataclass(frozen=True, kw_only=True)
class DueNote:
    """Due times up to `settled_until` are settled; for the others only these times and this zone count.

    `due_at` and `result` are of the last due time, and so is the reason for that: the `cause` of one that was missed,
    the run that was not over (`blocked_by`), the `problem` that no file could be made for. `run_id` is the last run
    that was queued for one. `by_hand` are runs that a person has queued besides, as far as they may not be over.
    """

    settled_until: float
    every: str = ""
    timezone: str | None = None
    enabled: bool = True
    due_at: float | None = None
    result: DueResult | None = None
    cause: LateCause | None = None
    blocked_by: str | None = None
    problem: str = ""
    run_id: str | None = None
    by_hand: tuple[str, ...] = ()
    acknowledged: bool = False
    """Whether a person has dismissed what came of the last due time, or made up for it."""
    former: tuple[FormerName, ...] = ()
    """What it was called before, the oldest name first."""
    absence: Absence | None = None
    """When it was removed, the last time that this was undone."""

    @classmethod
    def begun(cls, run: "RecurringRun", now: float, before: "DueNote | None") -> Self:
        """The note on a run that counts from `now` on in this form; what is known of its past stays."""
        if before is not None and before.is_of(run):
            return cls(**{field.name: getattr(before, field.name) for field in fields(before)})
        past = {} if before is None else {name: getattr(before, name) for name in _PAST}
        if past.get("result") is DueResult.WAITS:
            past |= {"result": None, "blocked_by": None}  # what waited was due in the form before
        return cls(settled_until=now, every=run.every, timezone=run.timezone, enabled=run.enabled, **past)

    def is_of(self, run: "RecurringRun") -> bool:
        """Whether it is about the due times that the run has now."""
        return (self.every, self.timezone, self.enabled) == (run.every, run.timezone, run.enabled)

    @property
    def reason(self) -> Phrase | None:
        """Why nothing came of the last due time, or not yet; None where something did, or nobody knows."""
        if self.result is DueResult.MISSED and self.cause is not None:
            return self.cause.words
        if self.result is DueResult.SKIPPED and self.blocked_by is not None:
            return phrase("{run} was not over", run=self.blocked_by)
        if self.result is DueResult.WAITS and self.blocked_by is not None:
            return phrase("waits for {run}", run=self.blocked_by)
        return verbatim(self.problem) if self.result is DueResult.FAILED and self.problem else None

    def name_at(self, due: float, name: str) -> str:
        """What one that is called `name` now was called at a due time: so its id stays the same if it is renamed."""
        return next((one.name for one in self.former if due <= one.until), name)

    def renamed(self, name: str, now: float) -> "DueNote":
        """The note once the recurring run is not called `name` any more."""
        former = FormerName(name, max(now, self.settled_until))
        return replace(self, former=(*self.former, former)[-_MOST_NAMES:])

    def put_back(self, since: float, until: float) -> "DueNote":
        """The note once its recurring run is back that was removed for so long: what was due meanwhile is missed."""
        return replace(self, absence=Absence(since, until))

    def was_removed(self, at: float) -> bool:
        """Whether the recurring run was removed at this moment."""
        return self.absence is not None and self.absence.since <= at <= self.absence.until

    def missed(self, name: str) -> MissedRun | None:
        """What a person sees who sees that it needs one; None if it does not."""
        return None if self.due_at is None or not self.needs_person else MissedRun(name, self.due_at)

    @property
    def runs(self) -> tuple[str, ...]:
        """The runs that may not be over."""
        return (*([] if self.run_id is None else [self.run_id]), *self.by_hand)

    def with_one_by_hand(self, run_id: str) -> "DueNote":
        """The note once a person is about to queue a run."""
        return replace(self, by_hand=(*self.by_hand, run_id)[-_MOST_BY_HAND:])

    @property
    def needs_person(self) -> bool:
        """Whether the last due time came to nothing, and nobody has acknowledged that."""
        return self.result in NEED_PERSON and not self.acknowledged

    def settled(
        self,
        due: float,
        result: DueResult,
        *,
        run_id: str | None = None,
        cause: LateCause | None = None,
        blocked_by: str | None = None,
        problem: str = "",
    ) -> "DueNote":
        """The note once a due time is settled."""
        return replace(
            self,
            settled_until=max(due, self.settled_until),
            due_at=due,
            result=result,
            cause=cause,
            blocked_by=blocked_by,
            problem=problem,
            run_id=run_id or self.run_id,
            acknowledged=False,
        )


_PAST = ("due_at", "result", "cause", "blocked_by", "problem", "run_id", "by_hand", "acknowledged", "former")
_MOST_NAMES = 20
_MOST_BY_HAND = 20


@cache
def _form() -> "TypeAdapter[DueNote]":
    from pydantic import TypeAdapter  # noqa: PLC0415 - as above

    return TypeAdapter(DueNote)


def note_of(home: Path, name: str) -> DueNote | None:
    """The note on a recurring run; None if there is none that can be read. Never waits."""
    try:
        note = _form().validate_json(read_bytes(home / NOTES_FOLDER / f"{name}.json"))
    except (JobFileError, ValueError):
        return None
    is_sound = is_time(note.settled_until) and (note.due_at is None or is_time(note.due_at))
    return note if is_sound else None


def remove_note(home: Path, name: str) -> None:
    """Forget what is noted of a recurring run.

    Raises:
        OSError: it cannot be removed.
    """
    (home / NOTES_FOLDER / f"{name}.json").unlink(missing_ok=True)


def write_note(home: Path, name: str, *, note: DueNote) -> None:
    """Write the note on a recurring run.

    Raises:
        OSError: it cannot be written.
    """
    folder = home / NOTES_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(folder / f"{name}.json", json.dumps(asdict(note), indent=1) + os.linesep)
