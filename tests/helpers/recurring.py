"""Recurring runs for tests of what shows them."""

from pathlib import Path

from engine.recurring.due_notes import DueNote, DueResult, LateCause, write_note
from engine.recurring.recurring_rows import RecurringRow
from engine.recurring.recurring_run import RecurringRun


def note_missed(home: Path, name: str, *, at: float) -> DueNote:
    """Note that a recurring run was missed while the machine was asleep."""
    note = missed_note(at)
    write_note(home, name, note=note)
    return note


def missed_note(at: float, result: DueResult = DueResult.MISSED) -> DueNote:
    """The note on a recurring run that was missed."""
    cause = LateCause.ASLEEP if result is DueResult.MISSED else None
    problem = "" if result is DueResult.MISSED else "There is no template gone."
    return DueNote(
        settled_until=at, every="every hour", due_at=at, result=result, cause=cause, problem=problem
    )


def recurring_row(
    name: str, note: DueNote | None = None, *, upcoming: tuple[float, ...] = (), **fields: object
) -> RecurringRow:
    """A recurring run as lists show it."""
    given = {"template": "nightly-tests", "repo": "/srv/shop", "every": "every night 22:00", **fields}
    run = RecurringRun.model_validate(given)
    path = Path("/home/schedules") / f"{name}.yaml"
    return RecurringRow(name=name, path=path, run=run, error=None, note=note, upcoming=upcoming)
