"""Draw the parts of the round display: ground, blips with their tails, and the plates of facts beside them."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, cos, radians, sin
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from gui.figures import figure
from gui.panels.radar.centre_text import fitted_centre
from gui.panels.radar.geometry import (
    ALLEY,
    EDGES,
    Blip,
    Disc,
    Point,
    Rect,
    Sector,
    merged_dots,
    ring_name_boxes,
)
from gui.panels.radar.pipeline_records import Ring, WorkstreamKey
from gui.panels.radar.pipeline_words import TAIL_MINUTES, centre_words, tail_length
from gui.panels.radar.radar_scene import Scene
from gui.theme.theme import Theme

_TURN = 16  # Qt counts sixteenths of a degree
_TAIL_STEP = 3  # tails within this many degrees share a pixmap
_MOST_SPOKES = 80
_THINNEST_RING = min(outer - inner for outer, inner in pairwise(EDGES))
_NAME_SHARE = 0.72
"""What the letters of its name may take of the width of a ring."""
_UNCUT = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
_NAME_PX = 10 / 11.5  # file names are slightly smaller than other monospaced text


class RadarPainter:
    """Draws in the colours of a theme; `forget` drops everything cached in its colours."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._tails: dict[tuple[object, ...], tuple[QPixmap, QPointF]] = {}

    def forget(self) -> None:
        """Drop cached pixmaps; the theme has changed."""
        self._tails.clear()

    def ground(self, painter: QPainter, scene: Scene, selected: WorkstreamKey | None) -> None:
        """Draw the disc with its rings, sectors and merged centre."""
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
        inner = disc.radius * EDGES[Ring.DONE]
        angles = {-ALLEY / 2, ALLEY / 2} if scene.slices else set()
        if len(scene.slices) <= _MOST_SPOKES:  # beyond that the spokes would be a grey disc
            angles |= {edge for sector in scene.slices for edge in (sector.start, sector.end)}
        for angle in angles:
            painter.drawLine(QPointF(*disc.point(angle, inner)), QPointF(*disc.point(angle, disc.radius)))
        painter.setPen(QPen(color("line2"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for share in EDGES[:-1]:
            painter.drawEllipse(QPointF(*disc.center), disc.radius * share, disc.radius * share)
        self._centre(painter, scene)

    def blip(self, painter: QPainter, scene: Scene, blip: Blip, at: Point) -> None:
        """Draw a glyph with its tail."""
        dpr = painter.device().devicePixelRatioF()
        length = tail_length(blip.since, scene.now)
        if length:
            pixmap, offset = self._tail(scene.disc, blip, length, dpr)
            painter.drawPixmap(QPointF(*at) + offset, pixmap)
        glyph = self._theme.glyph(blip.state, scene.glyph, dpr)
        half = scene.glyph / 2
        painter.drawPixmap(QPointF(at.x - half, at.y - half), glyph)

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
        head, body = file_name_font(self._theme, bold=True), self._theme.font("caption")
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

    def _fill(self, painter: QPainter, disc: Disc, sector: Sector, color: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        box = QRectF(
            disc.center.x - disc.radius, disc.center.y - disc.radius, 2 * disc.radius, 2 * disc.radius
        )
        start = round((90 - sector.start) * _TURN)
        painter.drawPie(box, start, -round((sector.end - sector.start) * _TURN))

    def ring_names(self, painter: QPainter, disc: Disc, badges: Iterable[Rect]) -> None:
        """Draw the names of the rings that no badge covers."""
        if disc.radius < 110:  # noqa: PLR2004 - below this a ring is thinner than its name
            return
        font = self._theme.font("caption")
        room = _NAME_SHARE * _THINNEST_RING * disc.radius / QFontMetricsF(font).ascent()
        font.setPointSizeF(font.pointSizeF() * min(1.0, room))
        painter.setFont(font)
        painter.setPen(self._theme.color("t2"))
        for ring, box in ring_name_boxes(disc, badges).items():
            painter.drawText(QRectF(*box), int(_UNCUT), ring.word)

    def _centre(self, painter: QPainter, scene: Scene) -> None:
        disc = scene.disc
        radius = disc.radius * EDGES[Ring.DONE]
        center = QPointF(*disc.center)
        number, caption_text = centre_words(scene.survey)
        painter.setPen(QPen(self._theme.color("line2"), 1))
        painter.setBrush(self._theme.color("completed.tint" if number else "bg1"))
        painter.drawEllipse(center, radius, radius)
        fonts = self._theme.font("numeral"), self._theme.font("caption")
        lines = fitted_centre(figure(number), caption_text, radius=radius, fonts=fonts)
        for line, token in zip(lines, ("t1", "t2"), strict=False):
            painter.setFont(line.font)
            painter.setPen(self._theme.color(token))
            painter.drawText(line.box.translated(center), int(_UNCUT), line.text)

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
        start = points[0] - QPointF(left, top)
        step = QPointF(sin(turn) * apart, -cos(turn) * apart)
        draw_tail(painter, start, step, length=length, color=self._theme.state(state).fg, dot=dot)
        painter.end()
        return pixmap, QPointF(left, top)


class _Dots(NamedTuple):
    """A tail: number of dots, distance of the first, distance between two, and their radius."""

    length: int
    first: float
    apart: float
    radius: float


def draw_tail(
    painter: QPainter, start: QPointF, step: QPointF, *, length: int, color: QColor, dot: float = 1.4
) -> None:
    """Draw the dots of a tail, each fainter than the one before."""
    painter.setPen(Qt.PenStyle.NoPen)
    for number in range(length):
        faded = QColor(color)
        faded.setAlphaF(1 - 0.12 * number)
        painter.setBrush(faded)
        painter.drawEllipse(start + step * number, dot, dot)


def file_name_font(theme: Theme, *, bold: bool = False) -> QFont:
    """The font of file names on the disc."""
    font = theme.font("mono")
    font.setPointSizeF(font.pointSizeF() * _NAME_PX)
    font.setBold(bold)
    return font


def _width(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)
