"""How the Logs count: what is listed, loaded and stored, in words. Pure functions."""

from dataclasses import dataclass

from engine.system.formatting import plural


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
        listed = "" if counts.listed == counts.loaded else f"{counts.listed:,} of "
        return f"{listed}{plural(counts.loaded, 'line')}"
    whole = f" of {plural(counts.whole, 'line')}" if counts.unloaded else " lines"
    loaded = f"loaded {counts.loaded:,}{whole}"
    return loaded if counts.listed == counts.loaded else f"{counts.listed:,} listed, {loaded}"


def passing_sentence(counts: LineCounts) -> str:
    """How many of the loaded lines pass the filters, for the footer."""
    passing = f"{counts.listed:,} of {plural(counts.loaded, 'line')} pass the filters"
    if counts.unloaded == 0:
        return passing
    return f"{passing}, {unloaded_sentence(counts)}"


def unloaded_sentence(counts: LineCounts) -> str:
    """What is stored and not loaded yet; empty if there is nothing."""
    if counts.unloaded is None:
        return "older lines are being counted"
    return f"{plural(counts.unloaded, 'older line')} not loaded yet" if counts.unloaded else ""
