"""Counts, lists of files and spans of time as the window shows them. Unknown is an empty string, never a zero."""

from collections.abc import Sequence

from engine.system.formatting import clock_minute, clock_second, date_minute
from gui.figures import figure
from gui.translation import tr

MINUS = "\N{MINUS SIGN}"
_NAMED = 3
"""So many files are named where a line has to hold them."""
_A_DAY_S = 86_400.0


def files_in_words(files: Sequence[str]) -> str:
    """The first files by name, and how many more there are."""
    names, more = ", ".join(files[:_NAMED]), len(files) - _NAMED
    return tr("{names} and {number:,} more", names=names, number=more) if more > 0 else names


def count(number: int | None) -> str:
    """``12,408``."""
    return "" if number is None else figure(number)


def added(lines: int | None) -> str:
    """``+63``."""
    return "" if lines is None else f"+{figure(lines)}"


def removed(lines: int | None) -> str:
    """``-21``, with a minus sign, which is as wide as the plus."""
    return "" if lines is None else f"{MINUS}{figure(lines)}"


def time_span(start: float, end: float, *, precise: bool = False) -> str:
    """``23:31 to 07:04``, with dates from a day on; a span that begins and ends at the same time is that time."""
    clock = clock_second if precise else clock_minute
    shown = clock if end - start < _A_DAY_S else date_minute
    first, last = shown(start), shown(end)
    return first if first == last else tr("{start} to {end}", start=first, end=last)
