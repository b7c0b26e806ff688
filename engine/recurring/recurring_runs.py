"""Queues recurring runs when they are due, through the door of dropped files, and reports those that were missed.

A due time is queued at most once, whatever is killed: the id of its run is made of it, and the inbox accepts the same
file once. Files are read on a pool thread; the turn of the engine only looks whether something is due.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from engine.errors import SignalboxError
from engine.health_problems import HealthProblem, HealthProblemKind
from engine.interfaces import Pool
from engine.recurring.due_file import DueFile, due_file, due_id, inbox_name
from engine.recurring.due_notes import DueNote, DueResult, LateCause, note_of, write_note
from engine.recurring.note_lock import try_notes_lock
from engine.recurring.recurrence import MOST_COUNTED, DueTimes
from engine.recurring.recurring_folder import find_recurring_runs, folder_stamp
from engine.recurring.recurring_run import NamedRecurringRun, RecurringRun
from engine.system.fault_injection import fault
from engine.system.formatting import date_minute
from engine.system.home import Home
from engine.system.plain_text import escape_invisible
from state.lifecycle import FINAL
from state.locks import KernelLock
from state.records import Job, Run

log = logging.getLogger(__name__)

CHECK_EVERY_S = 1.0
"""How often the folder is looked at."""
LATE_S = 120.0
"""A due time that passed longer ago was missed."""
_SET_BACK_S = 86_400.0
"""A clock that is set back further was wrong before; due times count from the new time then."""


class RecurringStore(Protocol):
    """What recurring runs need from the store."""

    def get_run(self, run_id: str) -> Run | None:
        """The run, or None."""

    def list_jobs(self, run_id: str) -> list[Job]:
        """The jobs of a run."""

    def record_event(self, event_type: str, payload: Mapping[str, Any]) -> int:
        """Record that something happened."""


@dataclass(frozen=True, kw_only=True)
class _Survey:
    """One recurring run as it was read: what is due of it, and the file for that or why there is none."""

    name: str
    path: Path
    run: RecurringRun
    seen: DueNote | None
    note: DueNote
    next_due: float | None
    due: DueTimes | None = None
    file: DueFile | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class _Read:
    """Everything that was read at one time."""

    at: float
    surveys: Sequence[_Survey]
    refused: Sequence[NamedRecurringRun]


class RecurringRuns:
    """The recurring runs of one home; of several engines on it, one queues each due time.

    Args:
        home: the home whose files these are.
        pool: reads them.
        store: knows the runs, and records events.
        place: puts a file into the inbox by its name and text.
        is_in_inbox: whether a file of this name has not been taken in yet.
        wake: has the engine take another step, from any thread.
        late_cause: says why nothing was queued at a moment in the past.
    """

    def __init__(
        self,
        home: Home,
        pool: Pool,
        *,
        store: RecurringStore,
        place: Callable[[str, str], None],
        is_in_inbox: Callable[[str], bool],
        wake: Callable[[], None],
        late_cause: Callable[[float], LateCause],
    ) -> None:
        self._home, self._pool, self._store = home, pool, store
        self._place, self._is_in_inbox = place, is_in_inbox
        self._wake, self._late_cause = wake, late_cause
        self._lock = threading.Lock()
        self._done: _Read | None = None
        self._is_reading = False
        self._looked_at = float("-inf")
        self._stamp: object = None
        self._next_due: float | None = None
        self.problem: HealthProblem | None = None
        """Which files are not valid; None if all of them are."""

    @property
    def is_awaiting(self) -> bool:
        """Whether one is due at some time, or that is not known yet."""
        is_unknown = self._is_reading or self._done is not None or self._looked_at == float("-inf")
        return is_unknown or self._next_due is not None

    def run_if_due(self, now: float) -> None:
        """Queue what is due; otherwise costs next to nothing."""
        with self._lock:
            done, self._done = self._done, None
        if done is not None:
            self._settle_all(done)
        if self._is_reading or 0 <= now - self._looked_at < CHECK_EVERY_S:
            return
        was_set_back = now < self._looked_at
        self._looked_at = now
        stamp = folder_stamp(self._home.root)
        is_due = self._next_due is not None and now >= self._next_due
        if stamp != self._stamp or is_due or was_set_back:
            self._stamp, self._is_reading = stamp, True
            self._pool.submit(self._read, now)

    # --- on a pool thread --------------------------------------------------------------------------------------------

    def _read(self, now: float) -> None:
        try:
            found = find_recurring_runs(self._home.root)
            looked_at = [self._survey_safely(one, one.run, now) for one in found if one.run is not None]
            surveys = [one for one in looked_at if one is not None]
            done = _Read(at=now, surveys=surveys, refused=[one for one in found if one.run is None])
            with self._lock:
                self._done = done
            self._wake()
        except Exception:  # the next look has another chance
            log.exception("Could not read the recurring runs")
            self._stamp = None
        finally:
            self._is_reading = False

    def _survey_safely(self, one: NamedRecurringRun, run: RecurringRun, now: float) -> _Survey | None:
        try:
            return self._survey(one, run, now)
        except Exception:  # one costs itself alone
            log.exception("Could not look at the recurring run %s", one.name)
            return None

    def _survey(self, one: NamedRecurringRun, run: RecurringRun, now: float) -> _Survey:
        seen = note_of(self._home.root, one.name)
        note = DueNote.begun(run, now, seen)
        if note.settled_until - now > _SET_BACK_S:
            note = replace(note, settled_until=now)
        if not run.enabled:
            return _Survey(name=one.name, path=one.path, run=run, seen=seen, note=note, next_due=None)
        due = run.recurrence.due_between(note.settled_until, now)
        upcoming = run.recurrence.next_after(max(now, note.settled_until))
        found = _Survey(
            name=one.name, path=one.path, run=run, seen=seen, note=note, next_due=upcoming, due=due
        )
        is_late = due is not None and now - due.latest > LATE_S
        is_missed = is_late and run.if_missed == "skip" and note.result is not DueResult.WAITS
        if due is None or is_missed:
            return found
        try:
            name = note.name_at(due.latest, one.name)
            return replace(found, file=due_file(self._home.root, run, name=name, at=due.latest))
        except (SignalboxError, OSError) as error:
            return replace(found, problem=str(error))

    # --- on the thread of the engine ---------------------------------------------------------------------------------

    def _settle_all(self, done: _Read) -> None:
        self._report_refused(done.refused)
        times = [one.next_due for one in done.surveys if one.next_due is not None]
        lock = self._take_lock() if done.surveys else None
        if lock is None:  # another engine is at it, or there is nothing to do
            is_settled = not done.surveys
        else:
            with lock:
                settled = [self._settle_safely(one, done.at) for one in done.surveys]
            is_settled = all(settled)
        self._next_due = min(times, default=None) if is_settled else done.at

    def _take_lock(self) -> KernelLock | None:
        try:
            return try_notes_lock(self._home.root)
        except OSError:
            return None

    def _settle_safely(self, one: _Survey, now: float) -> bool:
        """Settle the due times of one, and return whether that is done."""
        try:
            return self._settle(one, now)
        except OSError as error:
            log.warning("The recurring run %s waits: %s", one.name, error)
            return False

    def _settle(self, one: _Survey, now: float) -> bool:
        if note_of(self._home.root, one.name) != one.seen or not one.path.exists():
            return False  # another engine was first, or a person has changed, renamed or removed it
        if one.due is not None:
            return self._settle_due(one, one.due, now)
        if one.note != one.seen:
            self._note(one.name, one.note)
        return True

    def _settle_due(self, one: _Survey, due: DueTimes, now: float) -> bool:
        run_id = due_id(one.note.name_at(due.latest, one.name), due.latest)
        is_late = now - due.latest > LATE_S
        waited = one.note.result is DueResult.WAITS
        if self._store.get_run(run_id) is not None:  # a killed engine has queued it
            self._note(one.name, one.note.settled(due.latest, DueResult.QUEUED, run_id=run_id))
            return True
        if (open_run := self._open_run(one.note)) is not None:
            return self._settle_overlap(one, due, open_run)
        missed = 0 if waited else due.count - (0 if is_late else 1)
        if one.problem or one.file is None:
            return self._settle_without_file(one, due, missed)
        self._place(one.file.name, one.file.text)
        fault("recurring_placed")
        result = DueResult.LATE if is_late and not waited else DueResult.QUEUED
        self._report_queued(one, due, missed=missed, run_id=run_id)
        not_yet = tuple(one_id for one_id in one.note.by_hand if self._store.get_run(one_id) is None)
        note = replace(one.note, by_hand=not_yet)  # the others are over
        self._note(one.name, note.settled(due.latest, result, run_id=run_id))
        fault("recurring_noted")
        return True

    def _settle_overlap(self, one: _Survey, due: DueTimes, open_run: str) -> bool:
        waits = one.run.if_running == "queue"
        if waits and one.note.result is DueResult.WAITS:
            return False
        rest = "it is queued when that one is over" if waits else "it was skipped"
        text = f"{one.name} was due at {date_minute(due.latest)} while {open_run} was not over; {rest}."
        self._store.record_event(
            "recurring.skipped", {"text": text, "level": "info" if waits else "warning", "name": one.name}
        )
        if waits:
            waits_for = one.note.settled(due.latest, DueResult.WAITS, blocked_by=open_run)
            self._note(one.name, replace(waits_for, settled_until=one.note.settled_until))
            return False
        self._note(one.name, one.note.settled(due.latest, DueResult.SKIPPED, blocked_by=open_run))
        return True

    def _settle_without_file(self, one: _Survey, due: DueTimes, missed: int) -> bool:
        when = date_minute(due.latest)
        if one.problem:
            text = f"{one.name} was due at {when} and could not be queued: {one.problem}"
            self._store.record_event("recurring.failed", {"text": text, "level": "error", "name": one.name})
            self._note(one.name, one.note.settled(due.latest, DueResult.FAILED, problem=one.problem))
            return True
        cause = self._cause(one, due.latest)
        text = f"{one.name} was due {_when(missed, cause, when)}; it was skipped."
        payload = {"text": text, "level": "warning", "name": one.name, "cause": cause.value}
        self._store.record_event("recurring.missed", payload)
        self._note(one.name, one.note.settled(due.latest, DueResult.MISSED, cause=cause))
        return True

    def _report_queued(self, one: _Survey, due: DueTimes, *, missed: int, run_id: str) -> None:
        when = date_minute(due.latest)
        payload: dict[str, Any] = {"name": one.name, "due_at": due.latest, "queued": run_id}
        if missed:
            cause = self._cause(one, due.latest)
            text = f"{one.name} was due {_when(missed, cause, when)}; it is queued once, as {run_id}."
            payload |= {"text": text, "level": "warning", "cause": cause.value}
            self._store.record_event("recurring.missed", payload)
        else:
            text = f"{one.name} was due at {when} and is queued as {run_id}."
            self._store.record_event("recurring.queued", {"text": text, **payload})

    def _cause(self, one: _Survey, at: float) -> LateCause:
        return LateCause.REMOVED if one.note.was_removed(at) else self._late_cause(at)

    def _open_run(self, note: DueNote) -> str | None:
        """A run of the note that is not over."""
        return next((one for one in note.runs if self._is_open(one)), None)

    def _is_open(self, run_id: str) -> bool:
        """Whether it is not over; the inbox is looked at first, as a file leaves it once its jobs are queued."""
        return self._is_in_inbox(inbox_name(run_id)) or any(
            job.status not in FINAL for job in self._store.list_jobs(run_id)
        )

    def _note(self, name: str, note: DueNote) -> None:
        write_note(self._home.root, name, note=note)

    def _report_refused(self, refused: Sequence[NamedRecurringRun]) -> None:
        if not refused:
            self.problem = None
            return
        first, more = refused[0], len(refused) - 1
        rest = f" (and {more} more)" if more else ""
        reason = first.error.in_file if first.error is not None else "is not valid"
        sentence = f"A recurring run does not run{rest}: {escape_invisible(f'{first.path}: {reason}')}"
        self.problem = HealthProblem(kind=HealthProblemKind.RECURRING, sentence=sentence, stops=False)


def _when(count: int, cause: LateCause, last: str) -> str:
    if count <= 1:
        return f"at {last}, {cause.words}"
    times = f"more than {MOST_COUNTED - 1} times" if count >= MOST_COUNTED - 1 else f"{count} times"
    return f"{times} {cause.words}, last at {last}"
