"""How much of an account's quota is used, window by window, as its tool reported it last; data and the words for it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.system.formatting import moment


@dataclass(frozen=True, kw_only=True)
class UsageWindow:
    """A stretch of time over which a provider counts.

    `used` is the part that is used, 1.0 for all of it; None where only the end is known. `resets_at` is in epoch
    seconds.
    """

    name: str
    used: float | None = None
    resets_at: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As `JobResult.metadata` holds it."""
        return asdict(self)


def windows_in(metadata: Mapping[str, Any]) -> tuple[UsageWindow, ...]:
    """The windows in the metadata of a result; whatever is none is left out."""
    found = metadata.get("windows")
    return tuple(
        UsageWindow(
            name=str(one["name"]), used=_number(one.get("used")), resets_at=_number(one.get("resets_at"))
        )
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, Mapping) and one.get("name")
    )


def windows_text(windows: Iterable[UsageWindow], now: float) -> str:
    """``5 hours 93 % used until 15:00, 7 days 62 % used``; windows that have ended since are left out."""
    return ", ".join(_text(one, now) for one in windows if one.resets_at is None or one.resets_at > now)


def _text(window: UsageWindow, now: float) -> str:
    used = "" if window.used is None else f" {round(window.used * 100)} % used"
    until = "" if window.resets_at is None else f" until {moment(window.resets_at, now)}"
    return f"{window.name}{used}{until}"


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < 1e12 else None  # noqa: PLR2004 - NaN is in no range
