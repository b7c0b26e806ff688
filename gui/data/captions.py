"""Counted lines as the window shows them. Unknown is an empty string, never a zero."""

MINUS = "\N{MINUS SIGN}"


def count(number: int | None) -> str:
    """``12,408``."""
    return "" if number is None else f"{number:,}"


def added(lines: int | None) -> str:
    """``+63``."""
    return "" if lines is None else f"+{lines:,}"


def removed(lines: int | None) -> str:
    """``-21``, with a minus sign, which is as wide as the plus."""
    return "" if lines is None else f"{MINUS}{lines:,}"
