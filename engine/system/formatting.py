"""How states and durations are written on a terminal: the colour of a state, the words of a length of time. Pure."""

from collections.abc import Mapping

STYLES: Mapping[str, str] = {
    "running": "bold cyan",
    "completed": "green",
    "failed": "bold red",
    "timeout": "bold red",
    "quarantined": "bold magenta",
    "waiting": "yellow",
    "blocked": "yellow",
    "held": "yellow",
    "queued": "",
    "cancelled": "dim",
    "skipped": "dim",
    "ok": "green",
    "note": "yellow",
    "problem": "bold red",
    "error": "red",
    "warning": "yellow",
    "debug": "dim",
}


def duration(seconds: float | None) -> str:
    """A duration as people say it: 0.4 s, 12 s, 3 min 05 s, 2 h 07 min; empty for None."""
    if seconds is None:
        return ""
    if seconds < 10:  # noqa: PLR2004 - below, tenths still mean something
        return f"{max(seconds, 0):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"
