"""What lists and tips say of a run besides its name, in the language of the window. Pure functions."""

from engine.recurring.run_origin import origin_phrase
from engine.system.plain_text import escape_invisible
from gui.translation import tr_phrase
from state.records import Run


def origin_words(run: Run | None) -> str:
    """Which recurring run has queued a run, and whether by hand; empty for any other."""
    words = None if run is None else origin_phrase(run)
    return "" if words is None else escape_invisible(tr_phrase(words))


def run_tip(run: Run | None, name: str) -> str:
    """The name of a run, and below it where it comes from."""
    return "\n".join(filter(None, (name, origin_words(run))))
