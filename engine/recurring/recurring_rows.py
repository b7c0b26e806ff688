"""Recurring runs as lists show them, and running one at once; the same for the command line and the window."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from engine.errors import CommandRefusedError, JobFileError
from engine.recurring.due_file import by_hand_id, due_file
from engine.recurring.due_notes import LOCK_FILE, LOCK_S, NEED_PERSON, DueNote, DueResult, note_of, write_note
from engine.recurring.recurring_folder import find_recurring_runs, recurring_run_named
from engine.recurring.recurring_run import NamedRecurringRun, RecurringRun
from engine.system.fault_injection import fault
from engine.system.formatting import date_minute
from engine.system.private_files import write_private
from state.locks import KernelLock

log = logging.getLogger(__name__)

_RESULTS = {
    DueResult.QUEUED: "queued",
    DueResult.LATE: "queued late",
    DueResult.MISSED: "missed",
    DueResult.SKIPPED: "skipped",
    DueResult.WAITS: "waits",
    DueResult.FAILED: "not queued",
}


@dataclass(frozen=True, kw_only=True)
class RecurringRow:
    """One recurring run: what recurs, when it is due next, and what came of the last due time."""

    name: str
    path: Path
    run: RecurringRun | None
    error: JobFileError | None
    note: DueNote | None
    upcoming: tuple[float, ...] = ()
    """The next due times, as many as were requested; none while it is paused."""

    @property
    def next_due(self) -> float | None:
        """When it is due next; None while it is paused."""
        return self.upcoming[0] if self.upcoming else None

    @property
    def is_missed(self) -> bool:
        """Whether its last due time came to nothing and needs a person."""
        return self.run is not None and self.note is not None and self.note.needs_person

    @property
    def last(self) -> str:
        """What came of the last due time, in a few words: ``11-30 22:00 skipped: a-1 was not over``."""
        detail = "" if self.note is None else self.note.detail
        return f"{self.last_result}: {detail}" if self.last_result and detail else self.last_result

    @property
    def last_result(self) -> str:
        """The same without the reason."""
        note = self.note
        if note is None or note.due_at is None or note.result is None:
            return ""
        return f"{date_minute(note.due_at)} {_RESULTS[note.result]}"


def recurring_rows(home: Path, now: float, *, ahead: int = 1) -> Sequence[RecurringRow]:
    """The recurring runs of a home, by name, each with its next due times: `ahead` of them."""
    return [_row(home, one, now, ahead=ahead) for one in find_recurring_runs(home)]


def next_due_times(run: RecurringRun, now: float, number: int = 3) -> list[float]:
    """The next due times."""
    return list(islice(run.recurrence.due_after(now), number))


def acknowledge(home: Path, names: Sequence[str], *, acknowledged: bool = True) -> list[str]:
    """Dismiss that the last due times of these came to nothing, or show it again; return the names that this changed.

    Raises:
        CommandRefusedError: the notes cannot be changed.
    """
    changed = []
    try:
        with KernelLock.take(home / LOCK_FILE, timeout_s=LOCK_S):
            for name in names:
                note = note_of(home, name)
                if note is not None and note.result in NEED_PERSON and note.acknowledged != acknowledged:
                    write_note(home, name, note=replace(note, acknowledged=acknowledged))
                    changed.append(name)
    except (OSError, TimeoutError) as error:
        raise CommandRefusedError(f"The notes on recurring runs cannot be changed: {error}") from error
    return changed


def queue_now(home: Path, name: str, *, inbox: Path, now: float) -> str:
    """Put what recurs into the inbox at once, whether it is paused or not, and return the id of its run.

    Raises:
        CommandRefusedError: there is none of this name, its template is gone, or the inbox cannot be written.
        JobFileError: its file or its template is not valid.
    """
    found = recurring_run_named(home, name)
    if found.run is None:
        raise found.error or JobFileError("is not valid", file=found.path)
    file = due_file(home, found.run, name=name, at=now, run_id=by_hand_id(name, now))
    target = inbox / file.name
    try:
        _note_by_hand(home, found.run, name=name, run_id=file.run_id, now=now)
        fault("recurring_by_hand")
        write_private(target, file.text)
    except OSError as error:
        raise CommandRefusedError(f"{target} cannot be written: {error.strerror}.") from error
    _made_up_for(home, name)
    return file.run_id


def _made_up_for(home: Path, name: str) -> None:
    """Note that what was missed needs nobody any more: only once the file that makes up for it is there."""
    try:
        acknowledge(home, [name])
    except CommandRefusedError as error:
        log.warning("The recurring run %s is shown as missed until it is dismissed: %s", name, error)


def _note_by_hand(home: Path, run: RecurringRun, *, name: str, run_id: str, now: float) -> None:
    """Note a run before its file is written: of one that never comes, a note does no harm."""
    try:
        with KernelLock.take(home / LOCK_FILE, timeout_s=LOCK_S):
            note = DueNote.begun(run, now, note_of(home, name))
            write_note(home, name, note=note.with_one_by_hand(run_id))
    except TimeoutError:
        log.warning("The recurring run %s is queued by hand, which its note does not say", name)


def _row(home: Path, one: NamedRecurringRun, now: float, *, ahead: int) -> RecurringRow:
    note = note_of(home, one.name)
    is_due = one.run is not None and one.run.enabled
    upcoming = tuple(next_due_times(one.run, now, ahead)) if one.run is not None and is_due else ()
    return RecurringRow(
        name=one.name, path=one.path, run=one.run, error=one.error, note=note, upcoming=upcoming
    )
