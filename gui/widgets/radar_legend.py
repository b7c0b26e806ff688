"""The legend under the large disc: what each glyph, the tail and the two kinds of arcs mean."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.theme import Theme

_STATES = (
    "queued", "blocked", "waiting", "held", "running", "completed", "failed", "timeout", "quarantined", "needsyou",
)  # fmt: skip
_HEIGHT = 56


class RadarLegend(QWidget):
    """Two lines of small print."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Legend")
        self._theme = theme
        self.setFixedHeight(_HEIGHT)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Two lines high."""
        return QSize(600, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Glyphs with their words, then tail and arcs."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("line"))
        painter.setFont(self._theme.font("small"))
        self._states(painter, 17)
        self._lines(painter, 39)

    def _states(self, painter: QPainter, y: float) -> None:
        x = 16.0
        for state in _STATES:
            glyph = self._theme.glyph(state, 12, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(x, y - 6), glyph)
            x = self._word(painter, x + 18, y, self._theme.state(state).word) + 16

    def _lines(self, painter: QPainter, y: float) -> None:
        color = self._theme.state("running").fg
        painter.drawPixmap(QPointF(16, y - 6), self._theme.glyph("running", 12, self.devicePixelRatioF()))
        painter.setPen(Qt.PenStyle.NoPen)
        for number in range(6):
            faded = self._theme.color("running")
            faded.setAlphaF(1 - 0.12 * number)
            painter.setBrush(faded)
            painter.drawEllipse(QPointF(36 + 5 * number, y), 1.4, 1.4)
        painter.setPen(QPen(color, 1))
        x = self._word(painter, 72, y, "time in this stage: 1, 2, 4, 8, 16, 32 min") + 20
        for word, dashed in (("two workstreams changed the file", False), ("will collide if both run", True)):
            pen = QPen(self._theme.color("failed.fill"), 1.6)
            if dashed:
                pen.setDashPattern([5 / 1.6, 3 / 1.6])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, y), QPointF(x + 34, y))
            x = self._word(painter, x + 42, y, word) + 20

    def _word(self, painter: QPainter, x: float, y: float, word: str) -> float:
        wide = QFontMetricsF(painter.font()).horizontalAdvance(word)
        painter.setPen(self._theme.color("t2"))
        painter.drawText(QRectF(x, y - 10, wide + 2, 20), Qt.AlignmentFlag.AlignVCenter, word)
        return x + wide
