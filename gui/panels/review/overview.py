"""The overview at the right edge of a diff: what is removed and added, where comments are, and the part in view."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from gui.guarded import Guarded
from gui.panels.review.diff_area import DiffArea
from gui.theme.paint import rounded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.accessible_role import WithAccessibleRole, install_roles

WIDTH = 12
_HALF = 4
_RING = 6.0
_MIN_FRAME = 14.0
_MIN_MARK = 2


class DiffOverview(WithAccessibleRole, Guarded, QWidget):
    """The whole file scaled to the height of the view; a press goes there."""

    ACCESSIBLE_ROLE = QAccessible.Role.ScrollBar

    def __init__(self, area: DiffArea, theme: Theme) -> None:
        super().__init__()
        install_roles()
        self._area, self._theme = area, theme
        self._marks: QPixmap | None = None
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(tr("Scroll: click, or Up and Down by a page, Home and End"))
        self.setAccessibleName(tr("Overview of the changes"))
        area.moved.connect(self.update)
        theme.changed.connect(self.restart)

    @Slot()
    def restart(self) -> None:
        """Look at the rows anew."""
        self._marks = None
        self.update()

    def accessible_value(self) -> str:
        """How far down the view is."""
        return f"{self._area.in_view()[1] * 100:.0f} %"

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The fixed width."""
        return QSize(WIDTH, 100)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Scale the marks anew."""
        super().resizeEvent(event)
        self._marks = None

    def spans(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Where lines are removed and where they are added: first and last pixel, neighbours joined."""
        removed: list[tuple[int, int]] = []
        added: list[tuple[int, int]] = []
        places = self._area.lines.places
        scale = self.height() / max(places.height, self._area.viewport().height(), 1)
        for number, row in enumerate(self._area.lines.rows):
            if row.is_changed:
                top, bottom = round(places.top(number) * scale), round(places.top(number + 1) * scale)
                for line, spans in ((row.left, removed), (row.right, added)):
                    if line is not None:
                        _join(spans, top, max(bottom, top + _MIN_MARK))
        return removed, added

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the marks, the comments and the frame."""
        if self._marks is None:
            self._marks = self._painted()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._marks)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_rings(painter)
        first, last = self._area.in_view()
        if last - first < 1:
            top = first * self.height()
            frame = QRectF(0.5, top + 0.5, WIDTH - 1.5, max(_MIN_FRAME, (last - first) * self.height()) - 1)
            painter.setPen(QPen(self._theme.color("ctl"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 2, 2)
        if self.hasFocus():
            rounded(painter, self.rect(), radius=2, edge=self._theme.color("focus"), width=2)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll by a page with the arrows, to the ends with Home and End."""
        first, last = self._area.in_view()
        middle, page = (first + last) / 2, last - first
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self._area.scroll_to(max(0.0, middle - page))
            case Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self._area.scroll_to(min(1.0, middle + page))
            case Qt.Key.Key_Home:
                self._area.scroll_to(0.0)
            case Qt.Key.Key_End:
                self._area.scroll_to(1.0)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the pointer."""
        self._area.scroll_to(event.position().y() / max(1, self.height()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag the view."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._area.scroll_to(event.position().y() / max(1, self.height()))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll the lines."""
        QApplication.sendEvent(self._area.viewport(), event)

    def _painted(self) -> QPixmap:
        dpr = self.devicePixelRatioF()
        canvas = QPixmap(round(WIDTH * dpr), max(1, round(self.height() * dpr)))
        canvas.setDevicePixelRatio(dpr)
        canvas.fill(self._theme.color("bg1"))
        painter = QPainter(canvas)
        painter.fillRect(0, 0, 1, self.height(), self._theme.color("line"))
        removed, added = self.spans()
        for spans, left, token in ((removed, 2, "delt"), (added, 2 + _HALF, "addt")):
            for top, bottom in spans:
                painter.fillRect(left, top, _HALF, bottom - top, self._theme.color(token))
        painter.end()
        return canvas

    def _paint_rings(self, painter: QPainter) -> None:
        lines = self._area.lines
        scale = self.height() / max(lines.places.height, self._area.viewport().height(), 1)
        painter.setPen(QPen(self._theme.color("t1"), 1.5))
        painter.setBrush(self._theme.color("bg1"))
        for row in lines.rows_of_threads():
            middle = QPointF(WIDTH / 2, lines.places.top(row) * scale)
            painter.drawEllipse(middle, _RING / 2, _RING / 2)


def _join(spans: list[tuple[int, int]], top: int, bottom: int) -> None:
    if spans and top <= spans[-1][1]:
        spans[-1] = (spans[-1][0], max(spans[-1][1], bottom))
    else:
        spans.append((top, bottom))
