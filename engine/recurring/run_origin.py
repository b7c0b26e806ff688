"""What a run says of the recurring run that queued it. Reads nothing but the run."""

from engine.system.phrase import Phrase, phrase
from state.records import Run


def origin_phrase(run: Run) -> Phrase | None:
    """``Started by hand, of the recurring run nightly``; None for a run that no recurring run has queued."""
    found = run.recurring
    if found is None:
        return None
    if found.by_hand:
        return phrase("Started by hand, of the recurring run {name}", name=found.name)
    return phrase("Queued at its due time, of the recurring run {name}", name=found.name)
