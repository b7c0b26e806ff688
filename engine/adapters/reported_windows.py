"""How much of the quota of its account a tool reported as used, read out of its events; nothing where it did not."""

from collections.abc import Iterable
from typing import Any

from engine.streams.tool_json import ToolObject
from engine.system.usage_windows import UsageWindow

_CLAUDE = {
    "five_hour": "5 hours",
    "seven_day": "7 days",
    "seven_day_opus": "7 days of Opus",
    "seven_day_sonnet": "7 days of Sonnet",
    "overage": "extra usage",
}
_UNITS = ((1440, "day"), (60, "hour"), (1, "minute"))
_ALL = 100.0
_WHOLE = 1.5
"""A larger part than this is meant in percent."""


def of_claude(events: Iterable[ToolObject]) -> dict[str, Any]:
    """The windows of the events on limits, the last of each kind, as `JobResult.metadata` holds them."""
    found: dict[str, UsageWindow] = {}
    for event in events:
        limit = event.part("rate_limit_info") if event.text("type") == "rate_limit_event" else ToolObject({})
        if kind := limit.text("rateLimitType"):
            used = 1.0 if limit.text("status") == "rejected" else _part(limit.money("utilization"))
            name = _CLAUDE.get(kind, kind.replace("_", " "))
            found[name] = UsageWindow(name=name, used=used, resets_at=limit.moment("resetsAt"))
    return _metadata(found.values())


def of_codex(events: Iterable[ToolObject], at: float) -> dict[str, Any]:
    """The windows of the last count of tokens that names them, in the events or in the record of a session.

    `at` is when it was printed, in epoch seconds: some releases say how long a window still lasts.
    """
    limits = ToolObject({})
    for event in events:
        for counted in (event, event.part("payload"), event.part("msg")):
            limits = counted.part("rate_limits") or limits
    each = (limits.part(name) for name in ("primary", "secondary"))
    return _metadata(_of_codex(one, at) for one in each if one)


def _of_codex(limit: ToolObject, at: float) -> UsageWindow:
    left, ends_at = limit.moment("resets_in_seconds"), limit.moment("resets_at")
    minutes, percent = limit.count("window_minutes"), limit.money("used_percent")
    return UsageWindow(
        name=_length(minutes) if minutes else "quota",
        used=None if percent is None else percent / _ALL,
        resets_at=at + left if ends_at is None and left is not None else ends_at,
    )


def _length(minutes: int) -> str:
    """``5 hours`` for 299 minutes, too: some providers count to the last whole minute."""
    for size, unit in _UNITS:
        if minutes % size in {0, size - 1} and minutes + 1 >= size:
            number = round(minutes / size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{minutes} minutes"


def _part(used: float | None) -> float | None:
    return used / _ALL if used is not None and used > _WHOLE else used


def _metadata(windows: Iterable[UsageWindow]) -> dict[str, Any]:
    plain = [one.to_json() for one in windows]
    return {"windows": plain} if plain else {}
