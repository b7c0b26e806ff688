"""How the Logs count: what is listed, loaded and stored, in words. Pure functions."""

from dataclasses import dataclass

from engine.streams.entries import SHOWN
from gui.panels.logs.output_client import Counted
from gui.translation import tr, tr_count


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many lines are listed, and loaded; `unloaded` are stored only, None while they are being counted."""

    listed: int
    loaded: int
    unloaded: int | None = 0

    @property
    def whole(self) -> int:
        """How many lines there are, as far as is known."""
        return self.loaded + (self.unloaded or 0)


def counts_sentence(counts: LineCounts) -> str:
    """``5,290 lines``, ``loaded 3,279 of 5,290 lines`` or ``214 of 5,290 lines``; empty without any."""
    if not counts.whole:
        return ""
    if counts.unloaded == 0:
        if counts.listed == counts.loaded:
            return tr_count("{n} line", "{n} lines", counts.loaded)
        return tr_count(
            "{listed:,} of {n} line", "{listed:,} of {n} lines", counts.loaded, listed=counts.listed
        )
    loaded = _loaded(counts)
    if counts.listed == counts.loaded:
        return loaded
    return tr("{listed:,} listed, {loaded}", listed=counts.listed, loaded=loaded)


def _loaded(counts: LineCounts) -> str:
    if counts.unloaded is None:
        return tr("loaded {loaded:,} lines", loaded=counts.loaded)
    return tr_count(
        "loaded {loaded:,} of {n} line", "loaded {loaded:,} of {n} lines", counts.whole, loaded=counts.loaded
    )


def matches_sentence(loaded: int, found: Counted | None, *, is_all: bool) -> str:
    """How many lines of all output match: ``12 matches``, ``5,000 of 81,230 matches``, ``700 matches so far``."""
    if is_all:
        return tr_count("{n} match in all output", "{n} matches in all output", loaded)
    number = loaded if found is None else max(loaded, found.found)
    if found is None or not found.is_whole:
        return tr_count(
            "{n} match in all output so far, still counting",
            "{n} matches in all output so far, still counting",
            number,
        )
    return tr_count(
        "the newest {loaded:,} of {n} match in all output",
        "the newest {loaded:,} of {n} matches in all output",
        number,
        loaded=loaded,
    )


def errors_sentence(loaded: int, *, is_all: bool) -> str:
    """How many errors there are in all output: ``12 errors``, ``7 errors so far``."""
    if is_all:
        return tr_count("{n} error in all output", "{n} errors in all output", loaded)
    return tr_count("{n} error in all output so far", "{n} errors in all output so far", loaded)


def searched_sentence() -> str:
    """What a search of all output looks at."""
    return tr(
        "Searches all output that is stored, of very long lines the first {number:,} characters.",
        number=SHOWN,
    )


def passing_sentence(counts: LineCounts) -> str:
    """How many of the loaded lines pass the filters, for the footer."""
    passing = tr_count(
        "{listed:,} of {n} line passes the filters",
        "{listed:,} of {n} lines pass the filters",
        counts.loaded,
        listed=counts.listed,
    )
    if counts.unloaded == 0:
        return passing
    return f"{passing}, {unloaded_sentence(counts)}"


def unloaded_sentence(counts: LineCounts) -> str:
    """What is stored and not loaded yet; empty if there is nothing."""
    if counts.unloaded is None:
        return tr("older lines are being counted")
    if not counts.unloaded:
        return ""
    return tr_count("{n} older line not loaded yet", "{n} older lines not loaded yet", counts.unloaded)
