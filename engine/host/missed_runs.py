"""What a person does about recurring runs that were missed: dismiss them, show them again, or queue them at once."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import CommandRefusedError
from engine.host.outcome import Outcome
from engine.recurring.due_notes import MissedRun
from engine.recurring.recurring_rows import acknowledge, queue_now
from engine.state_store.job_state_store import JobStateStore


def settle_missed(
    store: JobStateStore, home: Path, missed: Sequence[MissedRun], *, acknowledged: bool
) -> Outcome:
    """Dismiss that recurring runs were missed, or show it again.

    Raises:
        CommandRefusedError: there is nothing of that to do, or it cannot be noted.
    """
    settled = acknowledge(home, missed, acknowledged=acknowledged)
    if not settled:
        raise CommandRefusedError("None of these recurring runs is missed any more.")
    participle = "dismissed" if acknowledged else "shown again"
    text = (
        f"{', '.join(one.name for one in settled)}: {participle}. The last due time of each came to nothing."
    )
    store.record_event("recurring.settled", {"text": text, "level": "info"})
    return Outcome(missed_runs=settled)


def run_missed(
    store: JobStateStore, home: Path, missed: Sequence[MissedRun], *, inbox: Path, now: float
) -> None:
    """Queue recurring runs besides their due times, which makes up for those that were missed.

    Raises:
        CommandRefusedError, JobFileError: one cannot be queued; those before it are.
    """
    for one in missed:
        run_id = queue_now(home, one.name, inbox=inbox, now=now, seen=one)
        text = f"{one.name} is queued by hand as {run_id}."
        store.record_event("recurring.queued", {"text": text, "name": one.name, "queued": run_id})
