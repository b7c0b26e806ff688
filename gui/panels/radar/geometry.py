"""Compute the geometry of the round display: rings, sectors, blips, arcs and labels as plain numbers.

Angles are degrees clockwise from 12 o'clock; points are (x, y) in logical pixels of the widget.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple

from gui.panels.radar.pipeline_records import FileKey, PlacedFile, RadarLane, Ring, Survey, WorkstreamKey
from gui.panels.radar.urgency import state_rank

EDGES = (1.0, 0.79, 0.585, 0.395, 0.215)
"""The outer edge of each ring as a share of the radius; the last is the merged centre."""
ALLEY = 26.0
REPO_GAP = 5.0
MAX_BLIPS_IN_A_CELL = 8
LARGE_FROM = 240.0
"""From this radius on, file names are shown and glyphs are large."""
LABEL_GAP = 12.0
KEPT_RADIUS = 160.0
"""A disc that would become smaller than this takes the room of its labels instead."""
_SIDE_ROOM = 123.0
_SIDE_ROOM_LARGE = 150.0
_END_ROOM = 40.0
_BARE_ROOM = 8.0
_TILE = 48
_PULL = 0.45  # how far a conflict is bent towards the centre
_BADGE = 10.0
_BLIP_ROOM = 7.0
_NAME_HALF = 22.0
_UPRIGHT = 0.5


class Point(NamedTuple):
    """A position in the widget."""

    x: float
    y: float


class Rect(NamedTuple):
    """An upright rectangle."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Rect") -> bool:
        """Whether the two rectangles intersect."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def within(self, width: float, height: float) -> bool:
        """Whether it lies entirely inside an area of this size that starts at the origin."""
        return self.x >= 0 and self.y >= 0 and self.x + self.width <= width and self.y + self.height <= height


@dataclass(frozen=True, slots=True)
class Disc:
    """Centre and radius of the round display."""

    center: Point
    radius: float

    @property
    def large(self) -> bool:
        """Whether there is room for file names."""
        return self.radius >= LARGE_FROM

    def edges(self, ring: Ring) -> tuple[float, float]:
        """Outer and inner radius of a ring."""
        inner = 0.0 if ring is Ring.DONE else self.radius * EDGES[ring + 1]
        return self.radius * EDGES[ring], inner

    def point(self, angle: float, distance: float) -> Point:
        """The position at this angle and distance from the centre."""
        turn = radians(angle)
        return Point(self.center.x + distance * sin(turn), self.center.y - distance * cos(turn))

    def polar(self, x: float, y: float) -> tuple[float, float]:
        """The angle (0 to 360) and distance of a position."""
        dx, dy = x - self.center.x, y - self.center.y
        return degrees(atan2(dx, -dy)) % 360, hypot(dx, dy)

    def blip_distance(self, ring: Ring) -> float:
        """The distance of a blip of this ring from the centre: a third of the ring's depth out from its inner edge."""
        outer, inner = self.edges(ring)
        return outer * 0.86 if ring is Ring.DONE else inner + (outer - inner) / 3


def disc_for(width: float, height: float) -> Disc:
    """The largest disc that leaves room for the labels outside its rim; a small one only has the labels that fit."""
    bare = min(width, height) / 2 - _BARE_ROOM
    radius = min(width / 2 - _SIDE_ROOM, height / 2 - _END_ROOM - LABEL_GAP)
    radius = max(radius, min(KEPT_RADIUS, bare))
    if radius >= LARGE_FROM:
        radius = max(LARGE_FROM, min(width / 2 - _SIDE_ROOM_LARGE, height / 2 - _END_ROOM - LABEL_GAP))
    return Disc(Point(width / 2, height / 2), max(radius, 40.0))


@dataclass(frozen=True, slots=True)
class Sector:
    """The slice of one workstream."""

    key: WorkstreamKey
    start: float
    end: float

    @property
    def middle(self) -> float:
        """The middle angle."""
        return (self.start + self.end) / 2


def sectors(lanes: Sequence[RadarLane]) -> list[Sector]:
    """One slice for each lane, sized by its number of files, with a gap between repositories."""
    if not lanes:
        return []
    gaps = sum(before.repo != after.repo for before, after in pairwise(lanes))
    gap = min(REPO_GAP, 60.0 / gaps) if gaps else 0.0
    shares = [max(3, len(lane.files)) for lane in lanes]
    turn = (360.0 - ALLEY - gap * gaps) / sum(shares)
    found, at, repo = [], ALLEY / 2, lanes[0].repo
    for lane, share in zip(lanes, shares, strict=True):
        if lane.repo != repo:
            at, repo = at + gap, lane.repo
        found.append(Sector(lane.key, at, at + share * turn))
        at += share * turn
    return found


@dataclass(frozen=True, slots=True)
class Blip:
    """One glyph on the disc: a file, or several files if the cell is crowded, the most urgent first."""

    at: Point
    angle: float
    ring: Ring
    sector: int
    files: Sequence[PlacedFile]

    @property
    def state(self) -> str:
        """The state its glyph shows."""
        return self.files[0].place.state

    @property
    def key(self) -> FileKey:
        """The file it shows, or the first of several."""
        return self.files[0].key

    @property
    def since(self) -> float | None:
        """When the first of its files entered this stage."""
        return min((file.place.since for file in self.files if file.place.since is not None), default=None)


def blips(disc: Disc, pipeline: Survey, slices: Sequence[Sector]) -> list[Blip]:
    """Every blip outside the merged centre, sector by sector and ring by ring, spread evenly over each sector."""
    found = []
    for number, (lane, sector) in enumerate(zip(pipeline.lanes, slices, strict=True)):
        for ring in (Ring.QUEUED, Ring.EDITING, Ring.TESTING, Ring.REVIEW):
            distance = disc.blip_distance(ring)
            length = radians(sector.end - sector.start) * distance
            for files, angle in _spread(lane.cell(ring), sector, most=int(length / _BLIP_ROOM)):
                found.append(Blip(disc.point(angle, distance), angle, ring, number, files))
    return found


def _spread(
    files: Sequence[PlacedFile], sector: Sector, *, most: int
) -> list[tuple[Sequence[PlacedFile], float]]:
    """One group for each file; in a crowded cell one for each state, or only one where it has no room for those.

    A cell is crowded with more than eight files, and with more than the `most` glyphs it has room for.
    """
    groups: list[list[PlacedFile]] = [[file] for file in files]
    if len(files) > max(1, min(MAX_BLIPS_IN_A_CELL, most)):
        ranked = sorted(files, key=lambda file: state_rank(file.place.state))
        groups = [list(group) for _, group in groupby(ranked, key=lambda file: file.place.state)]
        if len(groups) > max(1, most):
            groups = [ranked]
    step = (sector.end - sector.start) / max(1, len(groups))
    return [(group, sector.start + (number + 0.5) * step) for number, group in enumerate(groups)]


def merged_dots(disc: Disc, pipeline: Survey, slices: Sequence[Sector]) -> list[tuple[Point, PlacedFile]]:
    """The merged files on the rim of the centre, each at an angle of its own sector."""
    found = []
    for lane, sector in zip(pipeline.lanes, slices, strict=True):
        files = lane.cell(Ring.DONE)
        step = (sector.end - sector.start) / max(1, len(files))
        for number, file in enumerate(files):
            angle = sector.start + (number + 0.5) * step
            found.append((disc.point(angle, disc.blip_distance(Ring.DONE)), file))
    return found


@dataclass(frozen=True, slots=True)
class Arc:
    """A conflict: a line between two blips, bent towards the centre by its control point, with a badge halfway."""

    start: Point
    control: Point
    end: Point
    badge: Point


def arc(disc: Disc, start: Point, end: Point) -> Arc:
    """The arc between two blips."""
    middle = Point((start.x + end.x) / 2, (start.y + end.y) / 2)
    bent = Point(
        middle.x + (disc.center.x - middle.x) * _PULL / 2,
        middle.y + (disc.center.y - middle.y) * _PULL / 2,
    )
    badge = _beside_centre(disc, bent, start)
    control = Point(2 * badge.x - middle.x, 2 * badge.y - middle.y)
    return Arc(start, control, end, badge)


def _beside_centre(disc: Disc, at: Point, start: Point) -> Point:
    """The point, or the nearest one from which a badge does not cover the number in the centre."""
    least = disc.radius * EDGES[Ring.DONE] + _BADGE
    dx, dy = at.x - disc.center.x, at.y - disc.center.y
    if (far := hypot(dx, dy)) >= least:
        return at
    if far < 1:  # the line passes through the centre: aside of it
        dx, dy = disc.center.y - start.y, start.x - disc.center.x
        far = hypot(dx, dy) or 1.0
    return Point(disc.center.x + dx / far * least, disc.center.y + dy / far * least)


def ring_name_boxes(disc: Disc, badges: Iterable[Rect] = ()) -> dict[Ring, Rect]:
    """Where the names of the rings stand in the alley; that of a ring is dropped where a badge would cover it."""
    found = {}
    for ring in (Ring.QUEUED, Ring.EDITING, Ring.TESTING, Ring.REVIEW):
        middle = disc.point(0, sum(disc.edges(ring)) / 2)
        found[ring] = Rect(middle.x - _NAME_HALF, middle.y - 7, 2 * _NAME_HALF, 14)
    taken = tuple(badges)
    return {ring: box for ring, box in found.items() if not any(box.overlaps(badge) for badge in taken)}


def badge_box(disc: Disc, at: Point) -> Rect:
    """The room of the badge of a conflict: a plate with a word on a large disc, else round."""
    half = 34.0 if disc.large else _BADGE
    return Rect(at.x - half, at.y - 9, 2 * half, 18)


class LabelPlacer:
    """Places labels greedily: earlier ones keep their position, later ones give way or are dropped.

    Occupied areas are indexed by tile, so the cost grows linearly with the number of labels.
    """

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._tiles: defaultdict[tuple[int, int], list[Rect]] = defaultdict(list)

    def block(self, rect: Rect) -> None:
        """Keep this area free of labels."""
        for tile in _tiles(rect):
            self._tiles[tile].append(rect)

    def put(self, candidates: Iterable[Rect]) -> Rect | None:
        """Take the first candidate that is inside and free; None if there is none."""
        for rect in candidates:
            if rect.within(self._width, self._height) and self._free(rect):
                self.block(rect)
                return rect
        return None

    def _free(self, rect: Rect) -> bool:
        return not any(rect.overlaps(other) for tile in _tiles(rect) for other in self._tiles.get(tile, ()))


def _tiles(rect: Rect) -> Iterator[tuple[int, int]]:
    for column in range(int(rect.x // _TILE), int((rect.x + rect.width) // _TILE) + 1):
        for row in range(int(rect.y // _TILE), int((rect.y + rect.height) // _TILE) + 1):
            yield column, row


def rim_room(disc: Disc, sector: Sector, width: float, *, gap: float = LABEL_GAP) -> float:
    """The maximum width of a sector's label on its side of a widget of this width, so far from the rim."""
    anchor = disc.point(sector.middle, disc.radius + gap)
    return (width - anchor.x if sin(radians(sector.middle)) >= 0 else anchor.x) - 4


def rim_label(
    disc: Disc, sector: Sector, width: float, height: float, *, gap: float = LABEL_GAP
) -> Iterator[Rect]:
    """Candidate positions for a sector's label: outside the rim on its side, or shifted a little; best first."""
    turn = radians(sector.middle)
    anchor = disc.point(sector.middle, disc.radius + gap)
    side = 1 if sin(turn) >= 0 else -1
    x = anchor.x if side > 0 else anchor.x - width
    # At the bottom and the top the block moves away from the rim, or one of its corners would lie inside.
    y = anchor.y - height / 2 - cos(turn) * (height / 2 - gap / 2)
    found = (
        Rect(x + side * aside, y + shift, width, height)
        for aside in (0.0, 16.0, 32.0)
        for shift in (0.0, 8.0, -8.0, 16.0, -16.0, 26.0, -26.0)
    )
    return (rect for rect in found if _outside(disc, rect))


def _outside(disc: Disc, rect: Rect) -> bool:
    dx = max(rect.x - disc.center.x, 0.0, disc.center.x - rect.x - rect.width)
    dy = max(rect.y - disc.center.y, 0.0, disc.center.y - rect.y - rect.height)
    return hypot(dx, dy) >= disc.radius


def name_label(disc: Disc, blip: Blip, glyph: float, width: float, height: float) -> list[Rect]:
    """Candidate positions for a blip's name: towards the centre first, because the tail points outward."""
    gap = glyph / 2 + 3
    y = blip.at.y - height / 2
    right = Rect(blip.at.x + gap, y, width, height)
    left = Rect(blip.at.x - gap - width, y, width, height)
    return [left, right] if blip.at.x > disc.center.x else [right, left]


def count_label(disc: Disc, blip: Blip, glyph: float, width: float, height: float) -> list[Rect]:
    """Candidate positions for the number beside a blip: the side away from the tail first, then further in.

    The other side only counts where the tail is upright, and so not there.
    """
    gap = glyph / 2 + 2
    y = blip.at.y - height / 2
    right = Rect(blip.at.x + gap, y, width, height)
    left = Rect(blip.at.x - gap - width, y, width, height)
    x, y = disc.point(blip.angle, disc.blip_distance(blip.ring) - glyph / 2 - height / 2)
    inward = Rect(x - width / 2, y - height / 2, width, height)
    beside = [left, right] if blip.at.x > disc.center.x else [right, left]
    is_upright = abs(sin(radians(blip.angle))) < _UPRIGHT
    return [beside[0], inward, beside[1]] if is_upright else [beside[0], inward]


def nearest(found: Sequence[Blip], x: float, y: float, reach: float) -> Blip | None:
    """The blip closest to a position, within `reach` pixels."""
    close = [(hypot(blip.at.x - x, blip.at.y - y), number) for number, blip in enumerate(found)]
    distance, number = min(close, default=(reach + 1, -1))
    return found[number] if distance <= reach else None


def sector_at(slices: Sequence[Sector], angle: float) -> Sector | None:
    """The slice at this angle; None in the alley and in gaps."""
    return next((sector for sector in slices if sector.start <= angle < sector.end), None)


def neighbour(found: Sequence[Blip], current: Blip | None, *, across: int = 0, along: int = 0) -> Blip | None:
    """The blip an arrow key leads to: `across` moves sideways (within or between sectors), `along` between rings.

    Left and right walk all blips by angle and stay on the ring if it has a neighbour there; up and down walk the
    rings of one sector, up being outward.
    """
    if not found:
        return None
    if current is None:
        return min(found, key=lambda blip: (blip.angle, -blip.ring))
    if along:
        sector = [blip for blip in found if blip.sector == current.sector]
        step = [blip for blip in sector if (blip.ring - current.ring) * along > 0]
        return min(
            step,
            key=lambda blip: (abs(blip.ring - current.ring), abs(blip.angle - current.angle)),
            default=current,
        )
    same = [blip for blip in found if blip.ring is current.ring and blip.sector == current.sector]
    step = [blip for blip in same if (blip.angle - current.angle) * across > 0]
    if step:
        return min(step, key=lambda blip: abs(blip.angle - current.angle))
    others = sorted({blip.sector for blip in found})
    target = others[(others.index(current.sector) + across) % len(others)]
    there = [blip for blip in found if blip.sector == target]
    closest = min(abs(blip.ring - current.ring) for blip in there)
    ring = [blip for blip in there if abs(blip.ring - current.ring) == closest]
    return ring[0] if across > 0 else ring[-1]
