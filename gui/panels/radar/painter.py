"""Draw the parts of the round display: ground, labels, blips, tails and arcs."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, radians, sin
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from engine.system.formatting import plural
from gui.panels.radar.geometry import (
    ALLEY,
    EDGES,
    Arc,
    Blip,
    Disc,
    LabelPlacer,
    Point,
    Rect,
    Sector,
    arc,
    merged_dots,
    name_label,
    rim_label,
    rim_room,
)
from gui.panels.radar.pipeline_records import (
    Conflict,
    ConflictKind,
    FileKey,
    RadarLane,
    Ring,
    Survey,
    WorkstreamKey,
)
from gui.panels.radar.pipeline_words import TAIL_MINUTES, tail_length
from gui.theme.theme import Theme

_TURN = 16  # Qt counts sixteenths of a degree
_TAIL_STEP = 3  # tails within this many degrees share a pixmap
_MIN_RADIUS_FOR_CAPTION = 26.0
_MAX_NAMES = 300
_MAX_LABELS = 80
_NAME_PX = 10 / 11.5  # file names are slightly smaller than other monospaced text
_URGENCY = ("needsyou", "quarantined", "failed", "timeout", "running", "waiting", "blocked", "queued")


@dataclass(frozen=True)
class Scene:
    """Everything needed to draw one picture of the disc."""

    disc: Disc
    width: float
    height: float
    survey: Survey
    slices: Sequence[Sector]
    blips: Sequence[Blip]
    now: float

    @property
    def glyph(self) -> int:
        """The size of a blip's glyph."""
        return 15 if self.disc.large else 12

    def places(self) -> dict[FileKey, Point]:
        """Where each file is drawn."""
        found = {file.key: blip.at for blip in self.blips for file in blip.files}
        found |= {file.key: at for at, file in merged_dots(self.disc, self.survey, self.slices)}
        return found


@dataclass(frozen=True)
class DrawnArc:
    """A conflict and the arc drawn for it."""

    conflict: Conflict
    line: Arc


class RadarPainter:
    """Draws in the colours of a theme; `forget` drops everything cached in its colours."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._tails: dict[tuple[object, ...], tuple[QPixmap, QPointF]] = {}

    def forget(self) -> None:
        """Drop cached pixmaps; the theme has changed."""
        self._tails.clear()

    def ground(self, painter: QPainter, scene: Scene, selected: WorkstreamKey | None) -> None:
        """Draw the disc with its rings, sectors, ring names and merged centre."""
        disc, color = scene.disc, self._theme.color
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("field"))
        painter.drawEllipse(QPointF(*disc.center), disc.radius, disc.radius)
        for lane, sector in zip(scene.survey.lanes, scene.slices, strict=True):
            if lane.key == selected:
                self._fill(painter, disc, sector, color("selected_ground"))
            elif lane.urgent:
                self._fill(painter, disc, sector, color("needs_ground"))
        painter.setPen(QPen(color("line"), 1))
        inner = disc.radius * EDGES[Ring.MERGED]
        angles = {-ALLEY / 2, ALLEY / 2} if scene.slices else set()
        if len(scene.slices) <= _MAX_LABELS:  # beyond that the spokes would be a grey disc
            angles |= {edge for sector in scene.slices for edge in (sector.start, sector.end)}
        for angle in angles:
            painter.drawLine(QPointF(*disc.point(angle, inner)), QPointF(*disc.point(angle, disc.radius)))
        painter.setPen(QPen(color("line2"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for share in EDGES[:-1]:
            painter.drawEllipse(QPointF(*disc.center), disc.radius * share, disc.radius * share)
        self._ring_names(painter, disc)
        self._centre(painter, scene)

    def rim(
        self, painter: QPainter, scene: Scene, selected: WorkstreamKey | None
    ) -> list[tuple[Rect, RadarLane]]:
        """Draw the workstream names outside the rim, most urgent first; return their rectangles."""
        placer = LabelPlacer(scene.width, scene.height)
        pairs = sorted(
            zip(scene.survey.lanes, scene.slices, strict=True),
            key=lambda pair: (pair[0].key != selected, _rank(pair[0].state), -len(pair[0].files)),
        )
        urgent = [pair for pair in pairs if pair[0].urgent or pair[0].key == selected]
        calm = [pair for pair in pairs if not (pair[0].urgent or pair[0].key == selected)]
        few = [*urgent[:_MAX_LABELS], *calm[:: len(calm) // _MAX_LABELS + 1]]
        drawn: list[tuple[Rect, RadarLane, str, str]] = []
        name, small = (QFontMetricsF(self._theme.font(role)) for role in ("name", "small"))
        high = ceil(name.height() + small.height())
        for lane, sector in few:
            room = rim_room(scene.disc, sector, scene.width) - 20
            title, subtitle = _fitted(name, lane.title, room), _subtitle(lane)
            if small.horizontalAdvance(subtitle) > room:
                subtitle = plural(len(lane.files), "file")
            wide = max(name.horizontalAdvance(title), small.horizontalAdvance(subtitle)) + 20
            rect = placer.put(rim_label(scene.disc, sector, ceil(wide), high))
            if rect is not None:
                drawn.append((rect, lane, title, subtitle))
        self._labels(painter, drawn)
        return [(rect, lane) for rect, lane, _, _ in drawn]

    def arcs(self, painter: QPainter, scene: Scene, *, most: int = 60) -> list[DrawnArc]:
        """Draw the first `most` conflicts: red those that git predicts, thin and grey below them all others."""
        places = scene.places() if scene.survey.conflicts else {}
        ends = [one for one in scene.survey.conflicts if one.first in places and one.second in places]
        shown = sorted(ends, key=lambda one: one.kind)[:most]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        drawn = [
            DrawnArc(one, arc(scene.disc, places[one.first], places[one.second])) for one in reversed(shown)
        ]
        for each in drawn:
            path = QPainterPath(QPointF(*each.line.start))
            path.quadTo(QPointF(*each.line.control), QPointF(*each.line.end))
            painter.setPen(arc_pen(self._theme, each.conflict.kind))
            painter.drawPath(path)
        return drawn

    def badges(self, painter: QPainter, scene: Scene, drawn: Sequence[DrawnArc]) -> None:
        """Draw the badge in the middle of each conflict, above the blips."""
        for one in drawn:
            if scene.disc.large:
                self._plate(painter, one.line.badge, one.conflict.kind)
            else:
                self._round_badge(painter, one.line.badge, one.conflict.kind)

    def blip(self, painter: QPainter, scene: Scene, blip: Blip, at: Point) -> None:
        """Draw a glyph with its tail, and a count if it shows several files."""
        dpr = painter.device().devicePixelRatioF()
        length = tail_length(blip.since, scene.now)
        if length:
            pixmap, offset = self._tail(scene.disc, blip, length, dpr)
            painter.drawPixmap(QPointF(*at) + offset, pixmap)
        glyph = self._theme.glyph(blip.state, scene.glyph, dpr)
        half = scene.glyph / 2
        painter.drawPixmap(QPointF(at.x - half, at.y - half), glyph)
        if len(blip.files) > 1 and blip.roomy:
            self._count(painter, at, half, len(blip.files))

    def names(self, painter: QPainter, scene: Scene, placer: LabelPlacer) -> None:
        """Draw file names beside the blips, most urgent first, while there is room (large disc only)."""
        font = self.name_font()
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(self._theme.color("t2"))
        single = [blip for blip in scene.blips if len(blip.files) == 1]
        for blip in sorted(single, key=lambda one: _rank(one.state))[:_MAX_NAMES]:
            text = _short(blip.files[0].name)
            wide, high = ceil(metrics.horizontalAdvance(text)), ceil(metrics.height())
            rect = placer.put(name_label(scene.disc, blip, scene.glyph, wide, high))
            if rect is not None:
                painter.drawText(QRectF(*rect), Qt.AlignmentFlag.AlignVCenter, text)

    def merged(self, painter: QPainter, scene: Scene) -> None:
        """Draw a dot for each merged file on the rim of the centre."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("completed.fill"))
        for at, _ in merged_dots(scene.disc, scene.survey, scene.slices):
            painter.drawEllipse(QPointF(*at), 2.5, 2.5)

    def ring(self, painter: QPainter, at: Point, radius: float, color: QColor, width: float = 2.0) -> None:
        """Draw a circle around a blip."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, width))
        painter.drawEllipse(QPointF(*at), radius, radius)

    def data_block(
        self, painter: QPainter, scene: Scene, at: Point, lines: Sequence[str], *, leader: bool
    ) -> None:
        """Draw a small plate beside a blip: the name on the first line, facts below."""
        head, body = self.name_font(bold=True), self._theme.font("caption")
        wide = max([_width(head, lines[0]), *(_width(body, line) for line in lines[1:])]) + 16
        step = ceil(QFontMetricsF(body).height())
        high = step * len(lines) + 8
        dx = 22.0 if leader else 12.0
        left = at.x + dx if at.x + dx + wide < scene.width - 4 else at.x - dx - wide
        top = min(max(at.y + 12, 4), scene.height - high - 4)
        box = QRectF(left, top, wide, high)
        painter.setPen(QPen(self._theme.color("focus" if leader else "line2"), 1))
        if leader:
            near = box.left() if left > at.x else box.right()
            side = 1 if left > at.x else -1
            painter.drawLine(QPointF(at.x + side * 9, at.y + 9), QPointF(near, box.center().y()))
        painter.setBrush(self._theme.color("bg3"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        for number, line in enumerate(lines):
            painter.setFont(body if number else head)
            painter.setPen(self._theme.color("t2" if number else "t1"))
            row = QRectF(box.left() + 8, box.top() + 4 + number * step, wide - 8, step)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, line)

    def name_font(self, *, bold: bool = False) -> QFont:
        """The font of file names on the disc."""
        font = self._theme.font("mono")
        font.setPointSizeF(font.pointSizeF() * _NAME_PX)
        font.setBold(bold)
        return font

    def _fill(self, painter: QPainter, disc: Disc, sector: Sector, color: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        box = QRectF(
            disc.center.x - disc.radius, disc.center.y - disc.radius, 2 * disc.radius, 2 * disc.radius
        )
        start = round((90 - sector.start) * _TURN)
        painter.drawPie(box, start, -round((sector.end - sector.start) * _TURN))

    def _ring_names(self, painter: QPainter, disc: Disc) -> None:
        font = self._theme.font("caption")
        if disc.radius < 110:  # noqa: PLR2004 - below this a ring is thinner than its name
            return
        painter.setFont(font)
        painter.setPen(self._theme.color("t2"))
        for ring in (Ring.QUEUED, Ring.EDITING, Ring.TESTING, Ring.REVIEW):
            outer, inner = disc.edges(ring)
            middle = disc.point(0, (outer + inner) / 2)
            box = QRectF(middle.x - 50, middle.y - 9, 100, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, ring.word)

    def _centre(self, painter: QPainter, scene: Scene) -> None:
        disc = scene.disc
        radius = disc.radius * EDGES[Ring.MERGED]
        center = QPointF(*disc.center)
        number = sum(len(lane.cell(Ring.MERGED)) for lane in scene.survey.lanes)
        painter.setPen(QPen(self._theme.color("line2"), 1))
        painter.setBrush(self._theme.color("completed.tint" if number else "bg1"))
        painter.drawEllipse(center, radius, radius)
        caption = radius > _MIN_RADIUS_FOR_CAPTION
        painter.setFont(self._theme.font("numeral"))
        painter.setPen(self._theme.color("t1"))
        rise = 8 if caption else 0
        box = QRectF(center.x() - radius, center.y() - 16 - rise, 2 * radius, 32)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))
        if caption:
            painter.setFont(self._theme.font("caption"))
            painter.setPen(self._theme.color("t2"))
            painter.drawText(box.translated(0, 19), Qt.AlignmentFlag.AlignCenter, "merged")

    def _labels(self, painter: QPainter, placed: Sequence[tuple[Rect, RadarLane, str, str]]) -> None:
        """Draw all glyphs and names, then all subtitles, so that each font is set only once."""
        dpr, middle = painter.device().devicePixelRatioF(), Qt.AlignmentFlag.AlignVCenter
        name = self._theme.font("name")
        high = QFontMetricsF(name).height()
        painter.setFont(name)
        painter.setPen(self._theme.color("t1"))
        for rect, lane, title, _ in placed:
            glyph = self._theme.glyph(lane.state, 14, dpr)
            painter.drawPixmap(QPointF(rect.x, rect.y + (high - 14) / 2), glyph)
            painter.drawText(QRectF(rect.x + 20, rect.y, rect.width - 20, high), middle, title)
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("t3"))
        for rect, _, _, subtitle in placed:
            below = QRectF(rect.x + 20, rect.y + high, rect.width - 20, rect.height - high)
            painter.drawText(below, middle, subtitle)

    def _plate(self, painter: QPainter, at: Point, kind: ConflictKind) -> None:
        font, word = self.name_font(), _PLATES[kind]
        painter.setFont(font)
        wide, high = _width(font, word) + 10, 16.0
        box = QRectF(at.x - wide / 2, at.y - high / 2, wide, high)
        painter.setPen(QPen(arc_pen(self._theme, kind).color(), 1))
        painter.setBrush(self._theme.color("bg1"))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(self._theme.color(_ink(kind)))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)

    def _round_badge(self, painter: QPainter, at: Point, kind: ConflictKind) -> None:
        painter.setPen(QPen(arc_pen(self._theme, kind).color(), 1))
        painter.setBrush(self._theme.color("bg1"))
        painter.drawEllipse(QPointF(*at), 8, 8)
        dpr = painter.device().devicePixelRatioF()
        painter.drawPixmap(QPointF(at.x - 5.5, at.y - 5.5), self._theme.icon("conflict", _ink(kind), 11, dpr))

    def _count(self, painter: QPainter, at: Point, half: float, number: int) -> None:
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.color("t1"))
        box = QRectF(at.x + half + 2, at.y - 9, 60, 18)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, f"{number:,}")

    def _tail(self, disc: Disc, blip: Blip, length: int, dpr: float) -> tuple[QPixmap, QPointF]:
        first, apart, dot = (12.0, 5.0, 1.4) if disc.large else (9.5, 4.2, 1.1)
        to_rim = disc.radius - disc.blip_distance(blip.ring) - first - 2
        apart = max(2.0, min(apart, to_rim / (len(TAIL_MINUTES) - 1)))
        step = round(blip.angle / _TAIL_STEP) * _TAIL_STEP % 360
        key = (blip.state, length, step, first, apart, dpr)
        if key not in self._tails:
            dots = _Dots(length, first, apart, dot)
            self._tails[key] = self._drawn_tail(blip.state, radians(step), dots, dpr)
        return self._tails[key]

    def _drawn_tail(self, state: str, turn: float, dots: "_Dots", dpr: float) -> tuple[QPixmap, QPointF]:
        length, first, apart, dot = dots
        points = [
            QPointF(sin(turn) * (first + n * apart), -cos(turn) * (first + n * apart)) for n in range(length)
        ]
        left, top = min(p.x() for p in points) - dot - 1, min(p.y() for p in points) - dot - 1
        wide = max(p.x() for p in points) + dot + 1 - left
        high = max(p.y() for p in points) + dot + 1 - top
        pixmap = QPixmap(ceil(wide * dpr), ceil(high * dpr))
        pixmap.setDevicePixelRatio(dpr)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        color = self._theme.state(state).fg
        for number, point in enumerate(points):
            faded = QColor(color)
            faded.setAlphaF(1 - 0.12 * number)
            painter.setBrush(faded)
            painter.drawEllipse(point - QPointF(left, top), dot, dot)
        painter.end()
        return pixmap, QPointF(left, top)


class _Dots(NamedTuple):
    """A tail: number of dots, distance of the first, distance between two, and their radius."""

    length: int
    first: float
    apart: float
    radius: float


_PLATES = {
    ConflictKind.PREDICTED: "conflict",
    ConflictKind.CHANGED: "both changed",
    ConflictKind.DECLARED: "declared",
}


def arc_pen(theme: Theme, kind: ConflictKind) -> QPen:
    """The line of a conflict: red where git predicts it, else thin and grey, dashed where it is only declared."""
    if kind is ConflictKind.PREDICTED:
        return QPen(theme.color("failed.fill"), 1.6)
    pen = QPen(theme.color("ctl"), 1)
    if kind is ConflictKind.DECLARED:
        pen.setDashPattern([5, 3])
    return pen


def _ink(kind: ConflictKind) -> str:
    return "failed" if kind is ConflictKind.PREDICTED else "t3"


def _rank(state: str) -> int:
    return _URGENCY.index(state) if state in _URGENCY else len(_URGENCY)


def _width(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


def _fitted(metrics: QFontMetricsF, text: str, width: float) -> str:
    return metrics.elidedText(_short(text), Qt.TextElideMode.ElideRight, max(width, 24))


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _subtitle(lane: RadarLane) -> str:
    counted = plural(len(lane.files), "file")
    return f"{_short(lane.repo_name)}, {counted}" if lane.repo_name else counted
