"""Paint the cells of a line, and the shapes of the levels wherever they are shown."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.streams.entries import Level
from gui.guarded import Guarded
from gui.panels.logs.table_model import LogColumn, LogTableModel
from gui.panels.logs.text_match import TextMatcher, TextPattern
from gui.theme.paint import saved
from gui.theme.theme import Theme

_INK = {
    Level.OUTPUT: "t1",
    Level.DEBUG: "lvl_debug",
    Level.EVENT: "t3",
    Level.INFO: "running",
    Level.WARNING: "timeout",
    Level.ERROR: "failed",
}
_SELECTED = QStyle.StateFlag.State_Selected.value
_ERROR = int(Level.ERROR)


def draw_tick(painter: QPainter, theme: Theme, level: Level, center: QPointF, *, size: float = 8.0) -> None:
    """Draw the shape of a level: x for error, triangle for warning, dash for info, dot for event, none for output."""
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color, half = theme.color(_INK[level]), size / 2
        x, y = center.x(), center.y()
        match level:
            case Level.ERROR:
                painter.setPen(QPen(color, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
                arm = half - 1
                painter.drawLine(QPointF(x - arm, y - arm), QPointF(x + arm, y + arm))
                painter.drawLine(QPointF(x - arm, y + arm), QPointF(x + arm, y - arm))
            case Level.WARNING:
                path = QPainterPath(QPointF(x, y - half + 0.5))
                path.lineTo(x + half, y + half - 1)
                path.lineTo(x - half, y + half - 1)
                path.closeSubpath()
                painter.fillPath(path, color)
            case Level.INFO:
                painter.fillRect(QRectF(x - half + 0.5, y - 1, size - 1, 2), color)
            case Level.EVENT | Level.DEBUG:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color)
                radius = 1.8 if level is Level.EVENT else 1.2
                painter.drawEllipse(center, radius, radius)
            case _:
                pass


_MARK_WIDTH = 3


class LogDelegate(Guarded, QStyledItemDelegate):
    """Paints the cells of a line and highlights the texts in `marked`."""

    def __init__(self, model: LogTableModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._theme = model, theme
        self._marked: tuple[TextMatcher, ...] = ()
        self.precise = False
        self._font = QFont()
        self._metrics = QFontMetricsF(self._font)
        self._cell = 7.0
        self._colors: dict[str, QColor] = {}
        self._inks: list[QColor] = []
        self._sel = self._error_ground = QColor()
        self.load_theme()

    def mark(self, patterns: Sequence[TextPattern]) -> None:
        """Highlight these in every row."""
        self._marked = tuple(TextMatcher(pattern) for pattern in patterns)

    def load_theme(self) -> None:
        """Load fonts and colours from the theme."""
        self._font = self._theme.font("mono")
        self._metrics = QFontMetricsF(self._font)
        self._cell = self._metrics.horizontalAdvance("0")
        names = {*_INK.values(), "t1", "t2", "t3", "sel", "match", "failed.tint"}
        self._colors = {name: self._theme.color(name) for name in names}
        self._inks = [self._colors[_INK[level]] for level in Level]
        self._sel, self._error_ground = self._colors["sel"], self._colors["failed.tint"]

    @property
    def cell(self) -> float:
        """The width of one character."""
        return self._cell

    def width_of(self, text: str) -> float:
        """The painted width of a text."""
        return len(text) * self._cell if text.isascii() else self._metrics.horizontalAdvance(text)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint background and text of one cell."""
        rect: QRect = option.rect
        columns = [(LogColumn(index.column()), rect.left(), rect.width())]
        selected = bool(option.state.value & _SELECTED)
        self.paint_row(painter, index.row(), columns, top=rect.top(), height=rect.height(), selected=selected)

    def paint_row(
        self,
        painter: QPainter,
        row: int,
        columns: Sequence[tuple[LogColumn, int, int]],
        *,
        top: int,
        height: int,
        selected: bool,
    ) -> None:
        """Paint background and text of a row; `columns` are (column, left edge, width)."""
        if row >= self._model.rowCount():
            return
        serial = self._model.serial(row)
        level = self._model.store.level_number(serial)
        if selected or level == _ERROR:
            left, right = columns[0][1], columns[-1][1] + columns[-1][2]
            ground = self._sel if selected else self._error_ground
            painter.fillRect(left, top, right - left, height, ground)
        if self._model.marks.has(serial):
            painter.fillRect(columns[0][1], top, _MARK_WIDTH, height, self._colors["t1"])
        painter.setFont(self._font)
        for column, left, width in columns:
            if column is LogColumn.TEXT:
                room = QRectF(left, top, width - 8, height)
                self._paint_text(painter, room, self._model.text_at(row), self._inks[level])
            elif column is not LogColumn.LEVEL:
                self._paint_side(painter, QRectF(left, top, width, height), serial, column)
            elif level:
                draw_tick(painter, self._theme, Level(level), QPointF(left + width / 2, top + height / 2))

    def _paint_side(self, painter: QPainter, rect: QRectF, serial: int, column: LogColumn) -> None:
        """Paint number, time or source."""
        painter.setPen(self._colors["t2" if column is LogColumn.SOURCE else "t3"])
        text = self._model.cell(serial, column, precise=self.precise)
        if column is LogColumn.NUMBER:
            painter.drawText(rect.adjusted(0, 0, -12, 0), _RIGHT, text)
        else:
            room = rect.adjusted(12 if column is LogColumn.TIME else 0, 0, -6, 0)
            painter.drawText(room, _LEFT, self._fitted(text, room.width()))

    def _fitted(self, text: str, width: float) -> str:
        most = int(width / self._cell)
        if text.isascii():  # all characters have the same width
            return text if len(text) <= most else text[: max(0, most - 1)] + "…"
        return self._metrics.elidedText(text[: most * 2], Qt.TextElideMode.ElideRight, width)

    def _paint_text(self, painter: QPainter, room: QRectF, text: str, ink: QColor) -> None:
        shown = self._fitted(text, room.width())
        for matcher in self._marked:
            for position, length in matcher.spans(shown):
                self._mark(painter, room, shown, position, length)
        painter.setPen(ink)
        painter.drawText(room, _LEFT, shown)

    def _mark(self, painter: QPainter, room: QRectF, text: str, position: int, length: int) -> None:
        if text.isascii():
            left, wide = position * self._cell, length * self._cell
        else:
            left = self._metrics.horizontalAdvance(text[:position])
            wide = self._metrics.horizontalAdvance(text[position : position + length])
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colors["match"])
            painter.drawRoundedRect(QRectF(room.left() + left, room.top() + 2, wide, room.height() - 4), 2, 2)


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
