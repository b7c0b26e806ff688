"""The legend below the large disc: explains the glyphs, the tail and the kinds of arcs."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.guarded import Guarded
from gui.panels.radar.arc_painter import arc_pen
from gui.panels.radar.painter import draw_tail
from gui.panels.radar.pipeline_records import ConflictKind
from gui.theme.theme import Theme
from gui.translation import tr, translatable

_STATES = (
    "queued", "blocked", "waiting", "held", "running", "completed", "failed", "timeout", "quarantined", "needsyou",
)  # fmt: skip
_ROW, _MARGIN = 22, 6
_TAIL = translatable("time in this stage: 1, 2, 4, 8, 16, 32 min")
_ARCS = (
    (translatable("both changed the file"), ConflictKind.CHANGED),
    (translatable("both declare the file"), ConflictKind.DECLARED),
)

_LINES = {
    ConflictKind.CHANGED: translatable("red line"),
    ConflictKind.DECLARED: translatable("dashed grey line of the selection"),
}


class RadarLegend(Guarded, QWidget):
    """Small text, wrapped to the available width."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Legend"))
        self.setAccessibleDescription("; ".join(f"{tr(_LINES[kind])}: {tr(word)}" for word, kind in _ARCS))
        self._theme = theme
        self._fit()
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Two lines, given enough width."""
        return QSize(600, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Wrap onto more lines when the width shrinks."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Glyphs with their labels, then tail and arcs."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("line"))
        painter.setFont(self._theme.font("small"))
        for state, at in zip(_STATES, self._places(), strict=False):
            painter.drawPixmap(at - QPointF(0, 6), self._glyph(state))
            self._word(painter, at + QPointF(18, 0), self._theme.state(state).word)
        tail, *arcs = self._places()[len(_STATES) :]
        self._tail(painter, tail)
        for (word, kind), at in zip(_ARCS, arcs, strict=True):
            painter.setPen(arc_pen(self._theme, kind))
            painter.drawLine(at, at + QPointF(34, 0))
            self._word(painter, at + QPointF(42, 0), tr(word))

    def _fit(self) -> None:
        last = self._places()[-1]
        self.setFixedHeight(round(last.y()) + _ROW // 2 + _MARGIN)

    def _places(self) -> list[QPointF]:
        """Where each part begins: the states, then the tail and the arcs, which start a new line."""
        metrics = QFontMetricsF(self._theme.font("small"))
        words = [(self._theme.state(state).word, 18.0) for state in _STATES]
        words += [(tr(_TAIL), 56.0), *((tr(word), 42.0) for word, _ in _ARCS)]
        found: list[QPointF] = []
        x, y = 16.0, float(_MARGIN + _ROW // 2)
        for number, (word, before) in enumerate(words):
            wide = before + metrics.horizontalAdvance(word)
            if x > 16.0 and (x + wide > self.width() - 8 or number == len(_STATES)):  # noqa: PLR2004 - the margin
                x, y = 16.0, y + _ROW
            found.append(QPointF(x, y))
            x += wide + 16
        return found

    def _tail(self, painter: QPainter, at: QPointF) -> None:
        painter.drawPixmap(at - QPointF(0, 6), self._glyph("running"))
        draw_tail(painter, at + QPointF(20, 0), QPointF(5, 0), length=6, color=self._theme.color("running"))
        self._word(painter, at + QPointF(56, 0), tr(_TAIL))

    def _glyph(self, state: str) -> QPixmap:
        return self._theme.glyph(state, 12, self.devicePixelRatioF())

    def _word(self, painter: QPainter, at: QPointF, word: str) -> None:
        wide = QFontMetricsF(painter.font()).horizontalAdvance(word)
        painter.setPen(self._theme.color("t2"))
        box = QRectF(at.x(), at.y() - 10, wide + 2, 20)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, word)
