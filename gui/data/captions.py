"""Numbers as people read them: durations, ages, money, counts. Unknown is an empty string, never a zero."""

from datetime import datetime

MINUS = "\N{MINUS SIGN}"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def span(seconds: float | None) -> str:
    """A duration in at most two units: ``37 s``, ``14 m``, ``1 h 34 m``, ``3 d 4 h``."""
    if seconds is None:
        return ""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} m"
    if whole < _DAY:
        return _two(whole // _HOUR, "h", whole % _HOUR // _MINUTE, "m")
    return _two(whole // _DAY, "d", whole % _DAY // _HOUR, "h")


def age(since: float | None, now: float) -> str:
    """How long ago that was; empty where it is not known."""
    return "" if since is None else span(now - since)


def money(dollars: float | None) -> str:
    """``$4.18``; what rounds to nothing but is something says so."""
    if dollars is None:
        return ""
    return "<$0.01" if 0 < dollars < 0.005 else f"${dollars:,.2f}"  # noqa: PLR2004 - half a cent


def count(number: int | None) -> str:
    """``12,408``."""
    return "" if number is None else f"{number:,}"


def added(lines: int | None) -> str:
    """``+63``."""
    return "" if lines is None else f"+{lines:,}"


def removed(lines: int | None) -> str:
    """``-21``, with the sign of a minus, which is as wide as the plus."""
    return "" if lines is None else f"{MINUS}{lines:,}"


def plural(number: int, noun: str) -> str:
    """``1 file``, ``6 files``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def same_day(one: float, other: float) -> bool:
    """Whether both moments lie on one local day."""
    return (
        datetime.fromtimestamp(one).astimezone().date() == datetime.fromtimestamp(other).astimezone().date()
    )


def _two(first: int, unit: str, second: int, smaller: str) -> str:
    return f"{first} {unit} {second} {smaller}" if second else f"{first} {unit}"
