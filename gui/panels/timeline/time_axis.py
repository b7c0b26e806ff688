"""The time axis: moments to pixels and back, its words, and how it is zoomed and moved. Pure, without Qt."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from engine.system.formatting import clock_minute

HOUR_S, MINUTE_S = 3600.0, 60.0
NOW_AT = 0.68
"""The share of the axis that lies before now while it follows."""
_PAST_SHARE = 0.1
"""The share of the axis that always lies before now."""
SHORTEST_S, LONGEST_S = 5 * MINUTE_S, 7 * 24 * HOUR_S
NIGHT_S = 12 * HOUR_S
"""How far back a night goes at most."""
_STEPS = (60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800)
_LEAST_APART = 100
_DAY = 86_400


class Zoom(StrEnum):
    """The stretches of time that have a button."""

    NIGHT = "night"
    FOUR_HOURS = "4h"
    HOUR = "1h"
    QUARTER = "15m"


SPANS = {Zoom.FOUR_HOURS: 4 * HOUR_S, Zoom.HOUR: HOUR_S, Zoom.QUARTER: 15 * MINUTE_S}


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """A stretch of time over `width` pixels that begin at `left`; times are epoch seconds."""

    start: float
    end: float
    left: float
    width: float

    @property
    def right(self) -> float:
        """The x at its end."""
        return self.left + self.width

    @property
    def seconds_per_pixel(self) -> float:
        """How long one pixel is."""
        return (self.end - self.start) / max(1.0, self.width)

    def x(self, at: float) -> float:
        """Where a moment is, also beyond the ends."""
        return self.left + (at - self.start) / self.seconds_per_pixel

    def at(self, x: float) -> float:
        """The moment at a pixel."""
        return self.start + (x - self.left) * self.seconds_per_pixel

    def shows(self, start: float, end: float) -> bool:
        """Whether any of a stretch of time is on the axis."""
        return start <= self.end and end >= self.start


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the axis; its words are empty between two that have some."""

    at: float
    words: str = ""


def ticks(axis: TimeAxis) -> list[Tick]:
    """The marks of an axis at full local times, with unnamed ones half way between them."""
    step = next((step for step in _STEPS if step / axis.seconds_per_pixel >= _LEAST_APART), _STEPS[-1])
    offset = _utc_offset(axis.start)
    first = math.floor((axis.start + offset) / step) * step - offset
    found, at = [], float(first)
    while at <= axis.end:
        found += [Tick(at, _words(at, step)), Tick(at + step / 2)]
        at += step
    return [tick for tick in found if axis.start <= tick.at <= axis.end]


def _words(at: float, step: int) -> str:
    if step >= _DAY:
        return datetime.fromtimestamp(at).astimezone().strftime("%a %d")
    return clock_minute(at)


def _utc_offset(at: float) -> float:
    found = datetime.fromtimestamp(at).astimezone().utcoffset()
    return found.total_seconds() if found else 0.0


@dataclass(frozen=True, slots=True)
class NightRange:
    """The stretch of the whole night: from its first start to the last that is expected."""

    start: float
    end: float


def night_range(first: float | None, now: float, last_expected: float | None = None) -> NightRange:
    """The night from its first start, at full half hours, with room for what is to come.

    A night that has just begun is shown in minutes. Without a start it is the hour before now. At least a third lies
    after now, and what is expected never takes more than three fifths.
    """
    begun = now - HOUR_S if first is None else min(max(first, now - NIGHT_S), now)
    unit = next(unit for least, unit in _UNITS if now - begun >= least)
    offset = _utc_offset(now)
    start = math.floor((begun + offset) / unit) * unit - offset
    past = max(now - start, SHORTEST_S * NOW_AT)
    start = now - past
    least = now + past * (1 - NOW_AT) / NOW_AT
    end = min(max(least, last_expected or 0.0), now + past * 1.5)
    return NightRange(start, math.ceil((end + offset) / unit) * unit - offset)


_UNITS = ((2 * HOUR_S, HOUR_S / 2), (HOUR_S / 4, 5 * MINUTE_S), (0.0, MINUTE_S))
"""At what length of a night its ends are at full half hours, at full five minutes or at full minutes."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Which stretch of time is shown: `zoom` is the button that fits, None after free zooming.

    While it `follows`, `start` is not used: now stays where it is on the axis.
    """

    zoom: Zoom | None = Zoom.NIGHT
    span: float = NIGHT_S
    start: float = 0.0
    follows: bool = True

    def shown(self, night: NightRange, now: float) -> NightRange:
        """The stretch of time shown now."""
        if self.zoom is Zoom.NIGHT and self.follows:
            return night
        if self.follows:
            start = now - self.span * NOW_AT
            return NightRange(start, start + self.span)
        return NightRange(self.start, self.start + self.span)


def to_zoom(camera: Camera, zoom: Zoom, *, night: NightRange, now: float) -> Camera:
    """Show the stretch of a button: around now while following, else around the middle of what is shown."""
    if zoom is Zoom.NIGHT:
        return Camera()
    shown, span = camera.shown(night, now), SPANS[zoom]
    if camera.follows:
        return Camera(zoom, span)
    middle = (shown.start + shown.end) / 2
    return Camera(zoom, span, middle - span / 2, follows=False)


def zoomed(camera: Camera, factor: float, *, around: float | None, night: NightRange, now: float) -> Camera:
    """Show `factor` times as much time; the moment `around` stays where it is, None keeps following now."""
    shown = camera.shown(night, now)
    span = min(LONGEST_S, max(SHORTEST_S, (shown.end - shown.start) * factor))
    zoom = next((one for one, length in SPANS.items() if length == span), None)
    if around is None and camera.follows:
        return Camera(zoom, span)
    at = (shown.start + shown.end) / 2 if around is None else around
    share = (at - shown.start) / (shown.end - shown.start)
    return Camera(zoom, span, at - span * share, follows=False)


def moved(camera: Camera, seconds: float, *, night: NightRange, now: float) -> Camera:
    """Show later hours, or earlier ones; it follows no longer."""
    shown = camera.shown(night, now)
    span = shown.end - shown.start
    latest = max(night.end - span, now - span * _PAST_SHARE)
    return replace(camera, start=min(shown.start + seconds, latest), span=span, follows=False)


def revealing(camera: Camera, start: float, end: float, *, night: NightRange, now: float) -> Camera:
    """The camera moved as little as needed to show a stretch of time, its end before its start."""
    shown = camera.shown(night, now)
    if (
        shown.start <= end
        and start <= shown.end
        and (shown.start <= start or end - start > shown.end - shown.start)
    ):
        return camera
    span = shown.end - shown.start
    return replace(camera, start=(start + min(end, start + span)) / 2 - span / 2, span=span, follows=False)


def following(camera: Camera) -> Camera:
    """The same stretch of time, from now on around now."""
    return replace(camera, follows=True)
