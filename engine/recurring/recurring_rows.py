"""Recurring runs as lists show them, and running one at once; the same for the command line and the window."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from engine.errors import CommandRefusedError, JobFileError
from engine.recurring.due_file import DueFile, by_hand_id, due_file
from engine.recurring.due_notes import (
    NEED_PERSON,
    DueNote,
    DueResult,
    MissedRun,
    note_of,
    write_note,
)
from engine.recurring.note_lock import notes_lock
from engine.recurring.recurring_folder import find_recurring_runs, recurring_run_named
from engine.recurring.recurring_run import NamedRecurringRun, RecurringRun
from engine.system.fault_injection import fault
from engine.system.formatting import date_minute
from engine.system.phrase import Phrase, phrase
from engine.system.private_files import write_private

log = logging.getLogger(__name__)

_RESULTS = {
    DueResult.QUEUED: phrase("queued"),
    DueResult.LATE: phrase("queued late"),
    DueResult.MISSED: phrase("missed"),
    DueResult.SKIPPED: phrase("skipped"),
    DueResult.WAITS: phrase("waits"),
    DueResult.FAILED: phrase("not queued"),
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
        return self.missed is not None

    @property
    def missed(self) -> MissedRun | None:
        """What a person who sees it as missed has seen; None if it is not."""
        return None if self.run is None or self.note is None else self.note.missed(self.name)

    @property
    def last(self) -> Phrase | None:
        """What came of the last due time, in a few words: ``11-30 22:00 skipped: a-1 was not over``."""
        result, reason = self.last_result, None if self.note is None else self.note.reason
        if result is None or reason is None:
            return result
        return phrase("{result}: {reason}", result=result, reason=reason)

    @property
    def last_result(self) -> Phrase | None:
        """The same without the reason."""
        note = self.note
        if note is None or note.due_at is None or note.result is None:
            return None
        return phrase("{at} {result}", at=date_minute(note.due_at), result=_RESULTS[note.result])


def recurring_rows(home: Path, now: float, *, ahead: int = 1) -> Sequence[RecurringRow]:
    """The recurring runs of a home, by name, each with its next due times: `ahead` of them."""
    return [_row(home, one, now, ahead=ahead) for one in find_recurring_runs(home)]


def next_due_times(run: RecurringRun, now: float, number: int = 3) -> list[float]:
    """The next due times."""
    return list(islice(run.recurrence.due_after(now), number))


def acknowledge(home: Path, seen: Sequence[MissedRun], *, acknowledged: bool = True) -> list[MissedRun]:
    """Dismiss that these due times came to nothing, or show it again; return those that this changed.

    One that was missed since is another one, which nobody has seen: it stays as it is.

    Raises:
        CommandRefusedError: the notes cannot be changed.
    """
    changed = []
    try:
        with notes_lock(home):
            for one in seen:
                note = note_of(home, one.name)
                is_it = note is not None and note.result in NEED_PERSON and note.due_at == one.due_at
                if note is not None and is_it and note.acknowledged != acknowledged:
                    write_note(home, one.name, note=replace(note, acknowledged=acknowledged))
                    changed.append(one)
    except (OSError, TimeoutError) as error:
        raise CommandRefusedError(f"The notes on recurring runs cannot be changed: {error}") from error
    return changed


def queue_now(home: Path, name: str, *, inbox: Path, now: float, seen: MissedRun | None = None) -> str:
    """Put what recurs into the inbox at once, whether it is paused or not, and return the id of its run.

    It makes up for the missed due time that was `seen`, or that there was when this began.

    Raises:
        CommandRefusedError: there is none of this name, its template is gone, or the inbox cannot be written.
        JobFileError: its file or its template is not valid.
    """
    run = valid_run(home, name)
    file = due_file(home, run, name=name, at=now, run_id=by_hand_id(name, now))
    if seen is None and (note := note_of(home, name)) is not None:
        seen = note.missed(name)
    _place_by_hand(home, run, name=name, file=file, inbox=inbox, now=now)
    if seen is not None:
        _made_up_for(home, seen)
    return file.run_id


def make_up_for(home: Path, missed: MissedRun, *, inbox: Path, now: float) -> str | None:
    """Put the run of a missed due time into the inbox and return its id; None if it is not missed any more.

    Its id is made of the due time, so it is queued at most once, whoever else does so and whatever is killed.

    Raises:
        CommandRefusedError, JobFileError: as `queue_now`.
    """
    note, name, due = note_of(home, missed.name), missed.name, missed.due_at
    if note is None or note.missed(name) != missed:
        return None
    run = valid_run(home, name)
    file = due_file(home, run, name=note.name_at(due, name), at=due)
    _place_by_hand(home, run, name=name, file=file, inbox=inbox, now=now)
    fault("recurring_made_up")
    _made_up_for(home, missed)
    return file.run_id


def valid_run(home: Path, name: str) -> RecurringRun:
    """The recurring run of this name.

    Raises:
        CommandRefusedError: there is none of this name.
        JobFileError: its file is not valid.
    """
    found = recurring_run_named(home, name)
    if found.run is None:
        raise found.error or JobFileError("is not valid", file=found.path)
    return found.run


def _made_up_for(home: Path, seen: MissedRun) -> None:
    """Note that what was missed needs nobody any more: only once the file that makes up for it is there."""
    try:
        acknowledge(home, [seen])
    except CommandRefusedError as error:
        log.warning("The recurring run %s is shown as missed until it is dismissed: %s", seen.name, error)


def _place_by_hand(
    home: Path, run: RecurringRun, *, name: str, file: DueFile, inbox: Path, now: float
) -> None:
    target = inbox / file.name
    try:
        _note_and_place(home, run, name=name, file=file, target=target, now=now)
    except OSError as error:
        raise CommandRefusedError(f"{target} cannot be written: {error.strerror}.") from error


def _note_and_place(
    home: Path, run: RecurringRun, *, name: str, file: DueFile, target: Path, now: float
) -> None:
    """Note a run, and then write its file: of one that never comes, a note does no harm."""
    try:
        with notes_lock(home):  # no due time is settled between the two
            recurring_run_named(
                home, name
            )  # its note has gone with it, if it was renamed or removed meanwhile
            note = DueNote.begun(run, now, note_of(home, name))
            write_note(home, name, note=note.with_one_by_hand(file.run_id))
            fault("recurring_by_hand")
            write_private(target, file.text)
    except TimeoutError:
        log.warning("The recurring run %s is queued by hand, which its note does not say", name)
        write_private(target, file.text)


def _row(home: Path, one: NamedRecurringRun, now: float, *, ahead: int) -> RecurringRow:
    note = note_of(home, one.name)
    is_due = one.run is not None and one.run.enabled
    upcoming = tuple(next_due_times(one.run, now, ahead)) if one.run is not None and is_due else ()
    return RecurringRow(
        name=one.name, path=one.path, run=one.run, error=one.error, note=note, upcoming=upcoming
    )
