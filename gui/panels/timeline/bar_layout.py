"""Where everything of a row is on the time axis: bars, joined bars, words of waits. Pure, without Qt.

Every function takes the axis, and `measure`, the width of a text in pixels.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gui.figures import figure
from gui.panels.timeline.night_records import BarKind, Ghost, NightBar, NightRow, NightWait, NotableEvent
from gui.panels.timeline.time_axis import TimeAxis

Measure = Callable[[str], int]

ROW_HEIGHT, HEAD_HEIGHT = 40, 28
BAR_HEIGHT, FOOT = 22, 5
LEAST_WIDTH, JOIN_UNDER = 4, 3
GLYPH_FROM = 20
GLYPH_SIZE, GLYPH_GAP, PADDING = 12, 4, 4
WORDS_AROUND = 8
EVENT_EVERY = 14
_MOST_LANES = 3


@dataclass(frozen=True, slots=True)
class PlacedBar:
    """One bar, or several of one state that would be too narrow one by one; `top` is within the row."""

    bars: tuple[NightBar, ...]
    left: int
    width: int
    top: int
    height: int
    text: str = ""
    has_glyph: bool = False

    @property
    def state(self) -> str:
        """The state whose colours it has."""
        return self.bars[0].state

    @property
    def right(self) -> int:
        """The first pixel after it."""
        return self.left + self.width

    def contains(self, x: float, y: float) -> bool:
        """Whether a point of the row is in it, with a little room around a narrow one."""
        around = max(0, (8 - self.width) // 2)
        return self.left - around <= x < self.right + around and self.top <= y < self.top + self.height


@dataclass(frozen=True, slots=True)
class PlacedWait:
    """A dotted line; `words_left` is where its words begin, None where they do not fit."""

    wait: NightWait
    left: int
    right: int
    words_left: int | None = None
    words_width: int = 0


@dataclass(frozen=True, slots=True)
class PlacedGhost:
    """A dashed bar with as much of its label as fits."""

    ghost: Ghost
    left: int
    width: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """Everything of one row that is on the axis, from left to right."""

    bars: tuple[PlacedBar, ...] = ()
    waits: tuple[PlacedWait, ...] = ()
    ghosts: tuple[PlacedGhost, ...] = ()


def place_row(
    row: NightRow, axis: TimeAxis, measure: Measure, *, now: float, has_labels: bool = True
) -> PlacedRow:
    """Place everything of a row."""
    bars = place_bars(row.bars, axis, measure, now=now, has_labels=has_labels)
    waits = [
        place_wait(wait, axis, measure, now=now)
        for wait in row.waits
        if axis.shows(wait.start, wait.until(now))
    ]
    ghosts = [place_ghost(one, axis, measure) for one in row.ghosts if axis.shows(one.start, one.end)]
    return PlacedRow(tuple(bars), tuple(_apart(waits, bars)), tuple(ghosts))


def place_bars(
    bars: Iterable[NightBar], axis: TimeAxis, measure: Measure, *, now: float, has_labels: bool = True
) -> list[PlacedBar]:
    """Place bars; neighbours of one state that are too narrow one by one are joined, with their count."""
    visible = sorted(
        (bar for bar in bars if axis.shows(bar.start, bar.until(now))), key=lambda bar: bar.start
    )
    lanes = _lanes(visible, now)
    count = min(_MOST_LANES, max(lanes, default=0) + 1)
    height = BAR_HEIGHT if count == 1 else (ROW_HEIGHT - 6) // count - 2
    found: list[PlacedBar] = []
    for lane in range(count):
        top = (ROW_HEIGHT - BAR_HEIGHT) // 2 if count == 1 else 3 + lane * (height + 2)
        mine = [bar for bar, of in zip(visible, lanes, strict=True) if min(of, count - 1) == lane]
        found += _place_lane(mine, axis, measure, now=now, top=top, height=height, has_labels=has_labels)
    return sorted(found, key=lambda placed: placed.left)


def _lanes(bars: Sequence[NightBar], now: float) -> list[int]:
    """The lane of each bar, so that none covers another; nearly always there is one."""
    ends: list[float] = []
    found = []
    for bar in bars:
        lane = next((n for n, end in enumerate(ends) if end <= bar.start + 0.5), len(ends))
        ends[lane : lane + 1] = [bar.until(now)]
        found.append(lane)
    return found


def _place_lane(
    bars: Sequence[NightBar],
    axis: TimeAxis,
    measure: Measure,
    *,
    now: float,
    top: int,
    height: int,
    has_labels: bool,
) -> list[PlacedBar]:
    found: list[PlacedBar] = []
    for group in _joined(bars, axis, now):
        left, right = _edges(group[0].start, group[-1].until(now), axis)
        if (
            found and found[-1].right >= left
        ):  # after what is at least four pixels wide comes one pixel of ground
            left = found[-1].right + 1
        width = max(LEAST_WIDTH, right - left)
        shown = min(left + width, round(axis.right)) - max(left, round(axis.left))
        room = shown if height == BAR_HEIGHT and has_labels else 0
        text, has_glyph = _label(group, room, measure)
        has_glyph = has_glyph or (height == BAR_HEIGHT and shown >= GLYPH_FROM)
        found.append(PlacedBar(tuple(group), left, width, top, height, text, has_glyph))
    return found


def _edges(start: float, end: float, axis: TimeAxis) -> tuple[int, int]:
    """The edges in whole pixels, a little outside of the axis where a stretch goes on there."""
    left = max(axis.left - 8, axis.x(start))
    right = min(axis.right + 8, axis.x(end))
    return round(left), round(right)


def _joined(bars: Sequence[NightBar], axis: TimeAxis, now: float) -> list[list[NightBar]]:
    """The bars in groups: neighbours of one state, each under three pixels wide, with less than that between them."""
    found: list[list[NightBar]] = []
    shortest = JOIN_UNDER * axis.seconds_per_pixel
    for bar in bars:
        last = found[-1][-1] if found else None
        if (
            last is not None
            and last.state == bar.state
            and last.kind is bar.kind is BarKind.ATTEMPT
            and last.until(now) - last.start < shortest
            and bar.until(now) - bar.start < shortest
            and bar.start - last.until(now) < shortest
        ):
            found[-1].append(bar)
        else:
            found.append([bar])
    return found


def _label(group: Sequence[NightBar], width: int, measure: Measure) -> tuple[str, bool]:
    """The longest label that fits, and whether there is room for the glyph before it."""
    inside = width - 2 * PADDING
    beside = inside - GLYPH_SIZE - GLYPH_GAP
    if len(group) > 1:
        count = figure(len(group))
        if measure(count) <= beside and width >= GLYPH_FROM:
            return count, True
        return (count, False) if measure(count) <= inside else ("", width >= GLYPH_FROM)
    if width < GLYPH_FROM:
        return "", False
    bar = group[0]
    full = f"{bar.label} {bar.letters}".strip()
    fitting = (text for text in (full, bar.letters or bar.label) if text and measure(text) <= beside)
    return next(fitting, ""), True


def place_wait(wait: NightWait, axis: TimeAxis, measure: Measure, *, now: float) -> PlacedWait:
    """Place a wait; its words are in the middle of the longer side of now, and dropped where they do not fit."""
    until = wait.until(now)
    left, right = round(max(axis.left, axis.x(wait.start))), round(min(axis.right, axis.x(until)))
    middle = min(max(round(axis.x(now)), left), right)
    low, high = (left, middle) if middle - left >= right - middle else (middle, right)
    width = measure(wait.words)
    if not wait.words or width + 2 * WORDS_AROUND > high - low - 2 * WORDS_AROUND:
        return PlacedWait(wait, left, right)
    return PlacedWait(wait, left, right, (low + high - width) // 2, width)


def _apart(waits: Sequence[PlacedWait], bars: Sequence[PlacedBar]) -> list[PlacedWait]:
    """The waits that are visible beside bars, which are drawn over them."""
    covered = [(bar.left - 2, bar.right + 2) for bar in bars]
    return [
        wait
        for wait in waits
        if wait.right - wait.left > LEAST_WIDTH
        and not any(left <= wait.left and wait.right <= right for left, right in covered)
    ]


def place_ghost(ghost: Ghost, axis: TimeAxis, measure: Measure) -> PlacedGhost:
    """Place an estimate with as much of its label as fits."""
    left, right = _edges(ghost.start, ghost.end, axis)
    width = max(LEAST_WIDTH, right - left)
    full = f"{ghost.label} {ghost.letters}".strip()
    room = min(left + width, round(axis.right)) - left - 2 * PADDING
    shown = (text for text in (full, ghost.label) if text and measure(text) <= room)
    return PlacedGhost(ghost, left, width, next(shown, ""))


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """An event worth knowing with its glyph around `x`; its words begin at `words_left`, None where they do not fit."""

    event: NotableEvent
    x: int
    words_left: int | None = None
    words_width: int = 0


def place_events(
    events: Iterable[NotableEvent], axis: TimeAxis, measure: Measure, *, now: float
) -> list[PlacedEvent]:
    """Place the events: one in 14 pixels, the more urgent one; words up to the next, else before it, else none.

    No words cross the line of now.
    """
    kept: list[NotableEvent] = []
    for event in sorted(events, key=lambda one: one.at):
        if not axis.start <= event.at <= axis.end:
            continue
        if kept and axis.x(event.at) - axis.x(kept[-1].at) < EVENT_EVERY:
            if event.rank > kept[-1].rank:
                kept[-1] = event
            continue
        kept.append(event)
    places = [round(axis.x(event.at)) for event in kept]
    found: list[PlacedEvent] = []
    taken = round(axis.left)
    for number, (event, x) in enumerate(zip(kept, places, strict=True)):
        following = places[number + 1] - EVENT_EVERY // 2 if number + 1 < len(places) else round(axis.right)
        if event.at < now:
            following = min(following, round(axis.x(now)))
        width, half = measure(event.words), GLYPH_SIZE // 2 + GLYPH_GAP
        if x + half + width + WORDS_AROUND <= following:
            placed = PlacedEvent(event, x, x + half, width)
        elif x - half - width >= taken + WORDS_AROUND:
            placed = PlacedEvent(event, x, x - half - width, width)
        else:
            placed = PlacedEvent(event, x)
        taken = max(x + half, (placed.words_left or 0) + placed.words_width)
        found.append(placed)
    return found


@dataclass(frozen=True, slots=True)
class NightColumns:
    """The widths beside the axis, and what a narrow panel leaves out; a width of 0 is a column that gave way."""

    left: int
    right: int
    has_steps: bool = True
    has_labels: bool = True


_ROOMY, _WIDE, _MIDDLE, _NARROW = 1800, 1400, 1200, 1060


def columns_for(width: int) -> NightColumns:
    """The columns of a panel: the right one gives way first, then the step, then labels and the wide names."""
    if width >= _ROOMY:
        return NightColumns(280, 280)
    if width >= _WIDE:
        return NightColumns(236, 206)
    if width >= _MIDDLE:
        return NightColumns(236, 0)
    if width >= _NARROW:
        return NightColumns(236, 0, has_steps=False)
    return NightColumns(160, 0, has_steps=False, has_labels=False)
