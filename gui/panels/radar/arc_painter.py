"""Draw conflicts on the round display: arcs between files, their badges, and the marks of workstreams at the rim."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from gui.panels.radar.geometry import Point, arc
from gui.panels.radar.lane_marks import MarkKind, lane_marks
from gui.panels.radar.pipeline_records import Conflict, ConflictKind, FileKey, WorkstreamKey
from gui.panels.radar.radar_scene import DrawnArc, DrawnMark, Scene
from gui.theme.theme import Theme
from gui.translation import tr, translatable

_MOST = 60
_MARK = 8.0
_PLATES = {
    ConflictKind.PREDICTED: translatable("conflict"),
    ConflictKind.CHANGED: translatable("both changed"),
    ConflictKind.DECLARED: translatable("shared"),
}


class ArcPainter:
    """Draws in the colours of a theme: red what is real, thin and grey what is only declared."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def real(self, painter: QPainter, scene: Scene) -> list[DrawnArc]:
        """Draw the arcs of the real conflicts."""
        return self._arcs(painter, scene, (one for one in scene.survey.conflicts if one.is_real))

    def declared(
        self, painter: QPainter, scene: Scene, workstream: WorkstreamKey | None, file: FileKey | None
    ) -> list[DrawnArc]:
        """Draw the arcs of what is only declared by the selected file, or by the selected workstream."""
        if workstream is None and file is None:
            return []
        conflicts = scene.survey.conflicts
        return self._arcs(
            painter, scene, (one for one in conflicts if not one.is_real and one.concerns(workstream, file))
        )

    def badges(self, painter: QPainter, scene: Scene, drawn: Sequence[DrawnArc]) -> None:
        """Draw the badge in the middle of each arc, above the blips."""
        for one in drawn:
            if scene.disc.large:
                self._plate(painter, one.line.badge, one.conflict.kind)
            else:
                self._round_badge(painter, one.line.badge, one.conflict.kind)

    def marks(self, painter: QPainter, scene: Scene) -> list[DrawnMark]:
        """Draw the marks of the workstreams on the rim of the disc, side by side where there are two."""
        sectors = {sector.key: sector for sector in scene.slices}
        taken: dict[WorkstreamKey, int] = {}
        drawn = []
        for mark in lane_marks(scene.survey):
            number = taken[mark.key] = taken.get(mark.key, 0) + 1
            at = scene.disc.point(
                sectors[mark.key].middle, scene.disc.radius - (2 * number - 1) * (_MARK + 1) + _MARK
            )
            drawn.append(DrawnMark(mark, at))
            self._mark(painter, at, mark.kind)
        return drawn

    def _arcs(self, painter: QPainter, scene: Scene, conflicts: Iterable[Conflict]) -> list[DrawnArc]:
        """Draw the first of these, the surest on top."""
        met = list(conflicts)
        places = scene.places if met else {}
        ends = [one for one in met if one.first in places and one.second in places]
        shown = sorted(ends, key=lambda one: one.kind)[:_MOST]
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

    def _plate(self, painter: QPainter, at: Point, kind: ConflictKind) -> None:
        font, word = self._theme.font("caption"), tr(_PLATES[kind])
        painter.setFont(font)
        wide, high = QFontMetricsF(font).horizontalAdvance(word) + 10, 16.0
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

    def _mark(self, painter: QPainter, at: Point, kind: MarkKind) -> None:
        painter.setPen(QPen(self._theme.color("failed.fill"), 1.6))
        painter.setBrush(self._theme.color("failed.tint"))
        painter.drawEllipse(QPointF(*at), _MARK, _MARK)
        dpr = painter.device().devicePixelRatioF()
        if kind is MarkKind.CONFLICT:
            glyph = self._theme.icon("conflict", "failed", 11, dpr)
        else:
            glyph = self._theme.glyph("failed", 9, dpr)
        half = glyph.deviceIndependentSize().width() / 2
        painter.drawPixmap(QPointF(at.x - half, at.y - half), glyph)


def arc_pen(theme: Theme, kind: ConflictKind) -> QPen:
    """The line of a conflict: red and solid where both changed the file, else thin, grey and dashed."""
    if kind is not ConflictKind.DECLARED:
        return QPen(theme.color("failed.fill"), 1.6)
    pen = QPen(theme.color("ctl"), 1)
    pen.setDashPattern([5, 3])
    return pen


def _ink(kind: ConflictKind) -> str:
    return "t3" if kind is ConflictKind.DECLARED else "failed"
