"""Let a person move through the Night: keys, clicks, drags and the wheel over what `named_night` paints and names."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from gui.panels.timeline.named_night import NamedNight
from gui.panels.timeline.night_records import NightBar
from gui.panels.timeline.night_view_base import LineKey, is_same
from gui.panels.timeline.row_lines import NightLine
from gui.panels.timeline.time_axis import Camera, following, moved, revealing, zoomed
from gui.widgets.accessible_nodes import KeepsAccessible

ZOOM_STEP = 2.0
_WHEEL_STEP, _WHEEL_UNIT = 1.25, 120
_MOVE_SHARE = 0.1
_BAR_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_LINE_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -1_000_000,
}
_ZOOM_FACTORS = {
    Qt.Key.Key_Plus: 1 / ZOOM_STEP,
    Qt.Key.Key_Equal: 1 / ZOOM_STEP,
    Qt.Key.Key_Minus: ZOOM_STEP,
}
_OPENING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})
_KEYS = frozenset({*_BAR_STEPS, *_LINE_STEPS, *_ZOOM_FACTORS, *_OPENING, Qt.Key.Key_0, Qt.Key.Key_End})


class NightView(KeepsAccessible, NamedNight):
    """The Night that a person moves through.

    Signals:
        bar_selected: (NightBar or None) a bar got the ring, or none has it any more.
        row_selected: (workstream key) the keys act on another row.
        opened: (job id) a bar or a row is to be opened.
        fold_toggled: (group key) a head was pressed.
        menu_requested: (job id, QPoint on the screen).
        recurring_requested: (name) the mark of a due time was pressed.
    """

    bar_selected = Signal(object)
    row_selected = Signal(object)
    opened = Signal(str)
    fold_toggled = Signal(str)
    menu_requested = Signal(str, QPoint)
    recurring_requested = Signal(str)

    _pressed: QPoint | None = None
    _dragged_from: Camera | None = None

    def select_line(self, key: LineKey | None, bar: NightBar | None = None) -> None:
        """Show a line as the current one, with the ring around one of its bars; emits nothing."""
        if (key, bar) == (self._current, self._bar):
            return
        self._current, self._bar = key, bar
        number = self._lines.number_of(key)
        if number is not None:
            self._scroll_to(self._lines.lines[number])
        self.viewport().update()

    def follow(self) -> None:
        """Keep now on the axis."""
        self.set_camera(following(self._camera))

    def zoom(self, factor: float, around: float | None = None) -> None:
        """Show `factor` times as much time, with the moment `around` where it is."""
        self.set_camera(zoomed(self._camera, factor, around=around, night=self._range, now=self._now))

    def shift(self, seconds: float) -> None:
        """Show later hours, or earlier ones."""
        self.set_camera(moved(self._camera, seconds, night=self._range, now=self._now))

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """Take the plain keys before the shortcuts of other panels do, and name what is under the pointer."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~(
                Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
            )
            if event.key() in _KEYS and plain == Qt.KeyboardModifier.NoModifier:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move by attempts and rows, zoom, follow, open."""
        key = Qt.Key(event.key())
        if key in _BAR_STEPS:
            self._step_bar(_BAR_STEPS[key])
        elif key in _LINE_STEPS:
            self._step_line(_LINE_STEPS[key])
        elif key in _ZOOM_FACTORS:
            self.zoom(_ZOOM_FACTORS[key])
        elif key == Qt.Key.Key_0:
            self.set_camera(Camera())
        elif key == Qt.Key.Key_End:
            self.follow()
        elif key in _OPENING:
            self._open_current()
        elif key == Qt.Key.Key_Escape and self._bar is not None:
            self._choose_bar(None)
            self.row_selected.emit(self._current)
        else:
            super().keyPressEvent(event)

    def _current_line(self) -> NightLine | None:
        number = self._lines.number_of(self._current)
        return None if number is None else self._lines.lines[number]

    def _step_line(self, step: int) -> None:
        lines = self._lines.lines
        if not lines:
            return
        number = self._lines.number_of(self._current)
        if number is None:
            following_ = 0 if step > 0 else len(lines) - 1
        else:
            following_ = min(max(0, number + step), len(lines) - 1)
        self._choose_line(lines[following_])

    def _choose_line(self, line: NightLine) -> None:
        """Make a line the current one; its bar is the one at the time of the bar before it."""
        at = self._bar.start if self._bar is not None else None
        self.select_line(line.key)
        if line.row is None:
            self.bar_selected.emit(None)
            return
        bars = line.row.bars
        if at is not None and bars:
            self._choose_bar(min(bars, key=lambda bar: abs(bar.start - at)))
        else:
            self.bar_selected.emit(None)
            self.row_selected.emit(line.key)

    def _step_bar(self, step: int) -> None:
        line = self._current_line()
        if line is None:
            self._step_line(1)
            return
        if line.row is None:
            if line.is_folded == (step > 0):
                self.fold_toggled.emit(line.group.key)
            return
        bars = line.row.bars
        if not bars:
            return
        selected = self._bar
        number = (
            None
            if selected is None
            else next((n for n, bar in enumerate(bars) if is_same(bar, selected)), None)
        )
        if number is None:
            number = len(bars) - 1 if step < 0 else self._first_in_view(bars)
        else:
            number = min(max(0, number + step), len(bars) - 1)
        self._choose_bar(bars[number])

    def _first_in_view(self, bars: tuple[NightBar, ...]) -> int:
        shown = self.shown()
        return next((n for n, bar in enumerate(bars) if bar.until(self._now) >= shown.start), len(bars) - 1)

    def _choose_bar(self, bar: NightBar | None) -> None:
        self._bar = bar
        if bar is not None:
            self.set_camera(
                revealing(self._camera, bar.start, bar.until(self._now), night=self._range, now=self._now)
            )
        self.viewport().update()
        self.bar_selected.emit(bar)

    def _open_current(self) -> None:
        line = self._current_line()
        if line is None:
            return
        if line.row is None:
            self.fold_toggled.emit(line.group.key)
            return
        job_id = self._bar.job_id if self._bar is not None else line.row.job_id
        if job_id:
            self.opened.emit(job_id)

    def _scroll_to(self, line: NightLine) -> None:
        bar = self.verticalScrollBar()
        if line.top < bar.value():
            bar.setValue(line.top)
        elif line.top + line.height > bar.value() + bar.pageStep():
            bar.setValue(line.top + line.height - bar.pageStep())

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged_from = event.position().toPoint(), None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Move the axis with the pointer."""
        at = event.position().toPoint()
        if self._pressed is None or self._pressed.x() < self._frame().left:
            return
        distance = at.x() - self._pressed.x()
        if self._dragged_from is None:
            if abs(distance) < QApplication.startDragDistance():
                return
            self._dragged_from = self._camera
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        seconds = -distance * self.axis().seconds_per_pixel
        self.set_camera(moved(self._dragged_from, seconds, night=self._range, now=self._now))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Select what was clicked, unless the axis was dragged."""
        pressed, dragged = self._pressed, self._dragged_from
        self._pressed = self._dragged_from = None
        if event.button() != Qt.MouseButton.LeftButton or pressed is None:
            return
        self.viewport().unsetCursor()
        if dragged is None:
            self._click(event.position().toPoint())

    def _click(self, at: QPoint) -> None:
        line = self.line_at(at)
        if line is None:
            if (mark := self.due_at(at)) is not None:
                self.recurring_requested.emit(mark.recurring)
            return
        bar = self.bar_at(at)
        self.select_line(line.key, bar)
        if line.row is None:
            self.fold_toggled.emit(line.group.key)
        elif bar is not None:
            self._choose_bar(bar)
        else:
            self.bar_selected.emit(None)
            self.row_selected.emit(line.key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open the job of a bar, or what a workstream is at."""
        line = self.line_at(event.position().toPoint())
        if line is not None and line.row is not None and event.button() == Qt.MouseButton.LeftButton:
            bar = self.bar_at(event.position().toPoint())
            job_id = line.row.job_id if bar is None else bar.job_id
            if job_id:
                self.opened.emit(job_id)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom at the pointer with Ctrl, move the axis sideways or with Shift, else scroll the rows."""
        delta, axis = event.angleDelta(), self.axis()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = (delta.y() or delta.x()) / _WHEEL_UNIT
            self.zoom(_WHEEL_STEP**-steps, axis.at(min(max(event.position().x(), axis.left), axis.right)))
        elif delta.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            steps = (delta.x() or delta.y()) / _WHEEL_UNIT
            self.shift(-steps * _MOVE_SHARE * (axis.end - axis.start))
        else:
            super().wheelEvent(event)
            return
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Request the menu of the job under the pointer, or of the current line."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            line, bar = self._current_line(), self._bar
            where = self.viewport().mapToGlobal(self.line_rect(line).center()) if line else event.globalPos()
        else:
            line, bar, where = self.line_at(event.pos()), self.bar_at(event.pos()), event.globalPos()
        if line is None or line.row is None:
            return
        self.select_line(line.key, bar)
        job_id = bar.job_id if bar is not None else line.row.job_id
        if job_id:
            self.menu_requested.emit(job_id, where)
