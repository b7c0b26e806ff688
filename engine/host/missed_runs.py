"""What a person does about recurring runs that were missed: dismiss them, show them again, or queue them at once."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import CommandRefusedError
from engine.host.outcome import Outcome
from engine.recurring.due_notes import MissedRun, note_of
from engine.recurring.recurring_folder import find_recurring_runs
from engine.recurring.recurring_rows import acknowledge, make_up_for
from engine.state_store.job_state_store import JobStateStore

_NONE_LEFT = "None of these recurring runs is missed any more."
_NOT_SHOWN_AGAIN = (
    "None of these recurring runs can be shown as missed again: each is shown already, or was due since."
)


def settle_missed(
    store: JobStateStore, home: Path, missed: Sequence[MissedRun], *, acknowledged: bool
) -> Outcome:
    """Dismiss that recurring runs were missed, or show it again.

    Raises:
        CommandRefusedError: there is nothing of that to do, or it cannot be noted.
    """
    settled = acknowledge(home, missed, acknowledged=acknowledged)
    if not settled:
        raise CommandRefusedError(
            _no_longer_here(home, missed) or (_NONE_LEFT if acknowledged else _NOT_SHOWN_AGAIN)
        )
    participle = "dismissed" if acknowledged else "shown again"
    text = (
        f"{', '.join(one.name for one in settled)}: {participle}. The last due time of each came to nothing."
    )
    store.record_event("recurring.settled", {"text": text, "level": "info"})
    return Outcome(missed_runs=settled)


def run_missed(
    store: JobStateStore, home: Path, missed: Sequence[MissedRun], *, inbox: Path, now: float
) -> None:
    """Queue the missed runs, each once: those that are not missed any more were made up for, or dismissed.

    Raises:
        CommandRefusedError: none of them is missed any more.
        CommandRefusedError, JobFileError: one cannot be queued; those before it are.
    """
    queued = 0
    for one in missed:
        run_id = make_up_for(home, one, inbox=inbox, now=now)
        if run_id is not None:
            queued += 1
            text = f"{one.name} is queued by hand as {run_id}."
            store.record_event("recurring.queued", {"text": text, "name": one.name, "queued": run_id})
    if not queued:
        raise CommandRefusedError(_no_longer_here(home, missed) or _NONE_LEFT)


def _no_longer_here(home: Path, missed: Sequence[MissedRun]) -> str:
    """The first of them that was renamed or removed meanwhile, as a sentence; empty if all are there."""
    names = [one.name for one in find_recurring_runs(home)]
    gone = next((one.name for one in missed if one.name not in names), None)
    if gone is None:
        return ""
    for name in names:
        note = note_of(home, name)
        if note is not None and any(former.name == gone for former in note.former):
            return f"Nothing was changed: the recurring run {gone} is called {name} now."
    return f"Nothing was changed: there is no recurring run {gone} any more."
