"""The overview at the right edge: shows matches, errors and the part in view, and scrolls the lines."""

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from gui.guarded import Guarded
from gui.panels.logs.table_model import LogTableModel
from gui.panels.logs.table_view import LogTableView
from gui.theme.paint import rounded
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.accessible_role import WithAccessibleRole, install_roles

WIDTH = 17
_MATCH_WIDTH = 10
_MIN_FRAME = 14
_MARK = 2


class LogMinimap(WithAccessibleRole, Guarded, QWidget):
    """All rows scaled to the height of the list: matches yellow, errors red, a frame around the part in view."""

    ACCESSIBLE_ROLE = QAccessible.Role.ScrollBar

    def __init__(self, model: LogTableModel, table: LogTableView, theme: Theme) -> None:
        super().__init__()
        install_roles()
        self.setObjectName("logMinimap")
        self.setAccessibleName(tr("Overview of matches and errors"))
        self._model, self._table, self._theme = model, table, theme
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(tr("Scroll: click, or Up and Down by a page, Home and End"))
        model.filtered.connect(self._on_filtered)
        table.view_changed.connect(self.update)
        theme.changed.connect(self.update)

    def accessible_value(self) -> str:
        """How far down the view is."""
        return f"{(self._table.rows_in_view()[1] + 1) / max(1, self._model.rowCount()) * 100:.0f} %"

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The fixed width."""
        return QSize(WIDTH, 100)

    def marks(self, serials: Sequence[int]) -> list[int]:
        """The y positions of these lines; at most one lookup per pixel row, regardless of the number of lines."""
        rows, height = self._model.rowCount(), self.height()
        if not rows or not serials or height <= 0:
            return []
        if len(serials) <= height:
            heights = {self._height_of(self._model.row_of(serial)) for serial in serials}
            return sorted(heights)
        found = []
        for y in range(0, height, _MARK):
            first, last = y * rows // height, min((y + _MARK) * rows // height, rows - 1)
            low, high = self._model.serial(first), self._model.serial(last)
            index = bisect_left(serials, low)
            if index < len(serials) and serials[index] <= high:
                found.append(y)
        return found

    def frame(self) -> QRectF:
        """The frame around the part in view; empty while all lines are."""
        rows = self._model.rowCount()
        first, last = self._table.rows_in_view()
        if last - first + 1 >= rows:
            return QRectF()
        top = first / rows * self.height()
        high = max(_MIN_FRAME, (last - first + 1) / rows * self.height())
        top = min(top, self.height() - high)
        return QRectF(1.5, max(0.0, top) + 0.5, self.width() - 3, min(high, self.height()) - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the marks, then the frame."""
        painter = QPainter(self)
        color = self._theme.color
        painter.fillRect(self.rect(), color("bg1"))
        painter.fillRect(0, 0, 1, self.height(), color("line"))
        yellow = color("needsyou.fill")
        for y in self.marks(self._model.matches):
            painter.fillRect(self.width() - _MATCH_WIDTH - 3, y, _MATCH_WIDTH, _MARK, yellow)
        red = color("failed.fill")
        for y in self.marks(self._model.errors):
            painter.fillRect(1, y, self.width() - 1, _MARK, red)
        frame = self.frame()
        if not frame.isEmpty():
            ground = QColor(color("t2"))
            ground.setAlphaF(0.14)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color("t3"), 1))
            painter.setBrush(ground)
            painter.drawRoundedRect(frame, 2, 2)
        if self.hasFocus():
            rounded(painter, self.rect(), radius=2, edge=color("focus"), width=2)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll by a page with the arrows, to the ends with Home and End."""
        first, last = self._table.rows_in_view()
        page = max(1, last - first)
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self._table.scroll_to(max(0, first - page))
            case Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self._table.scroll_to(first + page)
            case Qt.Key.Key_Home:
                self._table.scroll_to(0)
            case Qt.Key.Key_End:
                self._table.scroll_to(self._model.rowCount())
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll to the pointer."""
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag the frame."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll the lines."""
        QApplication.sendEvent(self._table.viewport(), event)

    def _go(self, event: QMouseEvent) -> None:
        first, last = self._table.rows_in_view()
        middle = event.position().y() / max(1, self.height()) * self._model.rowCount()
        self._table.scroll_to(round(middle - (last - first) / 2))

    def _height_of(self, row: int) -> int:
        """The y position of a row; where fewer rows are shown than the list has room for, beside the row itself."""
        rows = max(self._model.rowCount(), self._table.rows_that_fit())
        return min(row * self.height() // rows, self.height() - _MARK)

    @Slot()
    def _on_filtered(self) -> None:
        """Repaint, and say the numbers of the marks."""
        matches, errors = len(self._model.matches), len(self._model.errors)
        self.setAccessibleDescription(
            f"{tr_count('{n} match', '{n} matches', matches)}, {tr_count('{n} error', '{n} errors', errors)}"
        )
        self.update()
