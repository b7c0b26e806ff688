"""Let a person move through the Night: keys, clicks, drags and the wheel over what `night_view_base` paints."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip

from gui.data.job_display import state_inside
from gui.panels.timeline.bar_layout import EVENT_EVERY, PlacedEvent
from gui.panels.timeline.night_frame import AXIS_HEIGHT, BAND_HEIGHT
from gui.panels.timeline.night_records import NightBar, NotableEvent
from gui.panels.timeline.night_view_base import LineKey, NightViewBase, is_same
from gui.panels.timeline.row_lines import NightLine
from gui.panels.timeline.time_axis import Camera, following, moved, revealing, zoomed
from gui.translation import tr
from gui.widgets.accessible_nodes import KeepsAccessible
from gui.widgets.label import plain_tip

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


class NightView(KeepsAccessible, NightViewBase):
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

    def line_at(self, at: QPoint) -> NightLine | None:
        """The line at a point of the viewport."""
        frame = self._frame()
        return (
            self._lines.at(at.y() - frame.head_height + frame.scrolled)
            if at.y() >= frame.head_height
            else None
        )

    def bar_at(self, at: QPoint) -> NightBar | None:
        """The bar at a point of the viewport; of joined ones the last."""
        line = self.line_at(at)
        frame = self._frame()
        if line is None or line.row is None or not frame.left <= at.x() < frame.right:
            return None
        y = at.y() - self.line_rect(line).top()
        found = next((one for one in self.placed_row(line.row).bars if one.contains(at.x(), y)), None)
        return None if found is None else found.bars[-1]

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

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Name what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self.words_at(event.pos())), self.viewport())
            return True
        return super().viewportEvent(event)

    def words_at(self, at: QPoint) -> str:
        """What is at a point of the viewport, in words."""
        line, bar = self.line_at(at), self.bar_at(at)
        if bar is not None:
            return bar.name(self._now)
        if line is None:
            return self._head_words(at)
        if line.row is None:
            return self.line_words(line)
        placed = self.placed_row(line.row)
        ghost = next((one for one in placed.ghosts if one.left <= at.x() < one.left + one.width), None)
        if ghost is not None:
            return ghost.ghost.description
        wait = next((one for one in placed.waits if one.left <= at.x() < one.right), None)
        if wait is not None:
            return wait.wait.description
        return self.line_words(line)

    # In words, for tool tips and screen readers

    def line_words(self, line: NightLine) -> str:
        """A head or a row in words."""
        if line.row is None:
            group = line.group
            parts = (
                group.title,
                group.detail,
                tr("{done} of {total} done", done=group.done, total=group.total),
                group.outcome,
            )
        else:
            word = state_inside(line.row.state)
            parts = (line.row.name, word, line.row.step, line.row.fact)
        words = ", ".join(part for part in parts if part)
        return tr("{line}, folded", line=words) if line.is_folded else words

    def part_words(self, line: NightLine) -> list[str]:
        """Everything in a row in words: its bars, its waits, what is estimated."""
        row = line.row
        if row is None:
            return []
        names = [bar.name(self._now) for bar in row.bars]
        return [*names, *(wait.description for wait in row.waits), *(one.description for one in row.ghosts)]

    def part_rect(self, line: NightLine, number: int) -> QRect:
        """Where one of these is in the viewport; empty where it is not on the axis."""
        row, rect = line.row, self.line_rect(line)
        if row is None:
            return QRect()
        placed = self.placed_row(row)
        if number < len(row.bars):
            bar = row.bars[number]
            return next((self.bar_rect(line, one) for one in placed.bars if bar in one.bars), QRect())
        number -= len(row.bars)
        if number < len(row.waits):
            spans = [(one.left, one.right) for one in placed.waits if one.wait is row.waits[number]]
        else:
            ghost = row.ghosts[number - len(row.waits)]
            spans = [(one.left, one.left + one.width) for one in placed.ghosts if one.ghost is ghost]
        return QRect(spans[0][0], rect.top(), spans[0][1] - spans[0][0], rect.height()) if spans else QRect()

    def _due_words(self, at: QPoint) -> str:
        mark, axis = self.due_at(at), self.axis()
        if mark is not None:  # and those that are too near for marks of their own
            near = [
                one.sentence for one in self._night.due if 0 <= axis.x(one.at) - axis.x(mark.at) < EVENT_EVERY
            ]
            return tr("{due} Press to see it.", due=" ".join(near))
        return tr(
            "Dashed marks show when recurring runs are due next, as far as no one changes or pauses them."
        )

    def due_at(self, at: QPoint) -> NotableEvent | None:
        """The due time of a recurring run at a point of the viewport."""
        frame = self._frame()
        if not (frame.has_due and frame.due_top <= at.y() < frame.head_height and at.x() >= frame.left):
            return None
        found = (one for one in self._head_painter.placed_due if _is_at(one, at.x()))
        return next((one.event for one in found), None)

    def _head_words(self, at: QPoint) -> str:
        frame = self._frame()
        number = (at.y() - AXIS_HEIGHT) // BAND_HEIGHT
        if at.y() >= AXIS_HEIGHT and number < len(self._night.bands):
            band = self._night.bands[number]
            return ", ".join(part for part in (band.tool, band.account, band.fact) if part)
        if at.y() >= frame.head_height or at.y() < frame.events_top:
            return ""
        if at.y() >= frame.due_top:
            return self._due_words(at)
        near = [one for one in self._head_painter.placed_events if abs(one.x - at.x()) <= EVENT_EVERY // 2]
        return near[0].event.sentence if near else ""


def _is_at(placed: PlacedEvent, x: int) -> bool:
    """Whether an x is on a mark or its words."""
    if abs(placed.x - x) <= EVENT_EVERY // 2:
        return True
    return placed.words_left is not None and placed.words_left <= x <= placed.words_left + placed.words_width
