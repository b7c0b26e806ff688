"""Counted lines and lists of files as the window shows them. Unknown is an empty string, never a zero."""

from collections.abc import Sequence

from gui.translation import tr

MINUS = "\N{MINUS SIGN}"
_NAMED = 3
"""So many files are named where a line has to hold them."""


def files_in_words(files: Sequence[str]) -> str:
    """The first files by name, and how many more there are."""
    names, more = ", ".join(files[:_NAMED]), len(files) - _NAMED
    return tr("{names} and {number:,} more", names=names, number=more) if more > 0 else names


def count(number: int | None) -> str:
    """``12,408``."""
    return "" if number is None else f"{number:,}"


def added(lines: int | None) -> str:
    """``+63``."""
    return "" if lines is None else f"+{lines:,}"


def removed(lines: int | None) -> str:
    """``-21``, with a minus sign, which is as wide as the plus."""
    return "" if lines is None else f"{MINUS}{lines:,}"
