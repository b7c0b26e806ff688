"""The scrolling rows of one file's diff: paints those in view and holds the comment threads."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from engine.review.diff_records import FileColours, FilePatch
from gui.guarded import Guarded
from gui.panels.review.diff_lines import DiffLines, Line
from gui.panels.review.row_painter import CODE, Frame, RowPainter
from gui.panels.review.shown_rows import HUNK_HEAD, ROW, Place, ShownKind
from gui.theme.paint import rounded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.accessible_role import WithAccessibleRole, install_roles
from state.worktree_records import DiffSide

_THREAD_GAP, _THREAD_RIGHT, _THREAD_WIDEST = 8, 20, 720
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class ThreadWidget(Protocol):
    """What the area needs of a comment thread: its place, and a widget whose height follows from its width."""

    place: Place

    @property
    def widget(self) -> QWidget:
        """The widget."""


class DiffArea(WithAccessibleRole, Guarded, QAbstractScrollArea):
    """Shows one file, side by side or unified.

    Signals:
        hunk_changed: another hunk is the current one.
        comment_requested: (Line) a person wants to comment on these lines.
        lines_requested: (int) show more of the unchanged lines above the hunk of this number.
        moved: other rows are in view, or their places changed.
        spoken: (text) the current line in words.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.Document

    hunk_changed = Signal()
    comment_requested = Signal(object)
    lines_requested = Signal(int)
    moved = Signal()
    spoken = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()
        self._theme = theme
        self.lines = DiffLines()
        self.painter = RowPainter(theme)
        self._threads: Sequence[ThreadWidget] = ()
        self._needle = ""
        self._pressed_number = False
        self._jumping = False
        self.hunk = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )  # the overview beside it is one
        self.setAccessibleName(tr("Changed lines"))
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.changed.connect(self._on_theme_changed)

    # --- what is shown ---------------------------------------------------------------------------------------------

    def show_file(self, patch: FilePatch | None, colours: FileColours) -> None:
        """Show a file from its top."""
        self.lines.show_file(patch)
        self.painter.show_file(patch, colours)
        self.hunk = 0
        self._arrange()
        self._jump(0)
        self.horizontalScrollBar().setValue(0)
        self.hunk_changed.emit()

    def show_colours(self, colours: FileColours) -> None:
        """Colour the file in view, once its colours are known."""
        self.painter.show_file(self.lines.patch, colours)
        self.viewport().update()

    def show_threads(self, threads: Sequence[ThreadWidget]) -> None:
        """Show these threads below their lines instead of those before."""
        kept = {id(one) for one in threads}
        for thread in self._threads:
            if id(thread) not in kept:
                thread.widget.hide()
                thread.widget.deleteLater()
        self._threads = threads
        for thread in threads:
            thread.widget.setParent(self.viewport())
        self.lines.place_threads([thread.place for thread in threads])
        self.arrange_again()

    def show_unified(self, unified: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Show the sides beside or below each other."""
        if unified != self.lines.unified:
            self.lines.show_unified(unified=unified)
            self.arrange_again()

    def search(self, needle: str) -> int:
        """Mark a text and return the number of lines that have it."""
        self._needle = needle.casefold()
        self.viewport().update()
        return len(self.lines.found(self._needle)) if needle else 0

    def go_to_found(self, step: int) -> int:
        """Go to the next line (1) with the text, or the one before (-1); return its number from 1, 0 without any."""
        found = self.lines.found(self._needle) if self._needle else []
        if not found:
            return 0
        now = self.lines.current
        after = [row for row in found if (row > now if step > 0 else row < now)]
        row = (after[0] if step > 0 else after[-1]) if after else found[0 if step > 0 else -1]
        self.go_to(row)
        return found.index(row) + 1

    # --- moving ----------------------------------------------------------------------------------------------------

    def go_to_hunk(self, step: int) -> bool:
        """Go to the next hunk (1) or the one before (-1); False if there is none."""
        hunk = self.hunk + step
        row = self.lines.row_of_hunk(hunk)
        if row is None:
            return False
        self.hunk = hunk
        self.lines.select(row)
        self._jump(self.lines.places.top(row))
        self.hunk_changed.emit()
        return True

    def go_to_thread(self, step: int) -> bool:
        """Go to the next thread (1) or the one before (-1); False if there is none."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 3
        tops = [(self.lines.places.top(row), row) for row in self.lines.rows_of_threads()]
        after = [one for one in tops if (one[0] > middle + ROW if step > 0 else one[0] < middle - ROW)]
        if not after:
            return False
        top, row = after[0] if step > 0 else after[-1]
        self._jump(top - self.viewport().height() // 3)
        self.lines.select(max(0, row - 1))
        return True

    def go_to_line(self, place: Place) -> None:
        """Go to a line of a side, if it is shown."""
        row = self.lines.row_of_line(place)
        if row is not None:
            self.lines.side = place[0]
            self.go_to(row)

    def go_to(self, row: int) -> None:
        """Make a row the current one and bring it into view."""
        self.lines.select(row)
        top, height = self.lines.places.top(row), self.viewport().height()
        bar = self.verticalScrollBar()
        if not bar.value() <= top <= bar.value() + height - 2 * ROW:
            bar.setValue(top - height // 3)
        self._on_current_moved()

    def in_view(self) -> tuple[float, float]:
        """The part in view as shares of the whole, from 0 to 1."""
        whole = max(1, self.lines.places.height, self.viewport().height())
        top = self.verticalScrollBar().value()
        return top / whole, min(1.0, (top + self.viewport().height()) / whole)

    def scroll_to(self, share: float) -> None:
        """Bring a share of the whole to the middle."""
        whole = max(self.lines.places.height, self.viewport().height())
        self.verticalScrollBar().setValue(round(share * whole - self.viewport().height() / 2))

    # --- Qt --------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the rows in view."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.color("bg1"))
        if not self.lines.rows:
            return
        frame, rows, places = self._frame(), self.lines.rows, self.lines.places
        above = self.verticalScrollBar().value()
        first, last = places.row_at(above), places.row_at(above + self.viewport().height())
        shown = [(number, places.top(number) - above, rows[number]) for number in range(first, last + 1)]
        self.painter.paint(painter, shown, frame)
        for _number, top, row in shown:
            if row.kind in {ShownKind.HUNK, ShownKind.REST} and (hidden := self.lines.hidden(row)):
                self.painter.paint_unchanged(painter, top, hidden, frame.width)
        if not frame.unified:
            painter.fillRect(frame.middle - 1, 0, 1, self.viewport().height(), self._theme.color("line"))
        if self.hasFocus() and self.lines.current < 0:
            rounded(painter, self.viewport().rect(), radius=3, edge=self._theme.color("focus"), width=2)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show where the focus is."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show where it is no longer."""
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Place the threads and the scroll bars anew."""
        super().resizeEvent(event)
        self.arrange_again()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # noqa: N802 - Qt's name
        """Move the threads with the rows."""
        self._place_threads()
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move the current line; with Shift the range grows; Enter opens unchanged lines."""
        key = Qt.Key(event.key())
        row = self.lines.current_row()
        if key in _MOVES:
            self.lines.move(_MOVES[key], extend=bool(event.modifiers() & _SHIFT))
            self.go_to_current()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row and row.kind is not ShownKind.LINE:
            self.lines_requested.emit(row.hunk)
        elif key == Qt.Key.Key_Space and row and row.kind is ShownKind.HUNK:
            self._toggle(row.hunk)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Make the line under the pointer the current one, or open what the hunk head hides."""
        self._pressed_number = False
        if event.button() != Qt.MouseButton.LeftButton or not self.lines.rows:
            return
        at = event.position().toPoint()
        number = self._row_at(at)
        row = self.lines.rows[number]
        if row.kind is ShownKind.LINE:
            self._press_line(at, number, extend=bool(event.modifiers() & _SHIFT))
        elif row.kind is ShownKind.HUNK and at.x() <= HUNK_HEAD:
            self._toggle(row.hunk)
        elif row.kind is not ShownKind.THREAD and self.lines.hidden(row):
            self.lines_requested.emit(row.hunk)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Select the lines that the pointer is drawn over."""
        if event.buttons() & Qt.MouseButton.LeftButton and self.lines.current >= 0:
            self.lines.extend_to(self._row_at(event.position().toPoint()))
            self._on_current_moved()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Comment on the lines whose numbers were pressed."""
        if self._pressed_number:
            self._pressed_number = False
            self.request_comment()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Comment on a line."""
        if (
            self.lines.rows
            and self.lines.rows[self._row_at(event.position().toPoint())].kind is ShownKind.LINE
        ):
            self.request_comment()

    def request_comment(self) -> None:
        """Ask for a comment on the current lines; without any, on the first changed one in view."""
        line = self.lines.selected_line() or self._first_in_view()
        if line is not None:
            self.comment_requested.emit(line)

    def go_to_current(self) -> None:
        """Bring the current line into view."""
        self.go_to(self.lines.current)

    def arrange_again(self) -> None:
        """Place everything anew and keep the row at the top where it is."""
        above = self.verticalScrollBar().value()
        at = self.lines.anchor(above)
        self._arrange()
        if at is not None:
            self._jump(self.lines.top_of_anchor(at))
        self.moved.emit()

    # --- inside ----------------------------------------------------------------------------------------------------

    def _frame(self) -> Frame:
        lines = self.lines
        return Frame(
            width=self.viewport().width(),
            unified=lines.unified,
            scrolled=self.horizontalScrollBar().value(),
            needle=self._needle,
            current=lines.current,
            selected=lines.selected_rows() if self.hasFocus() or lines.has_range() else (-1, -2),
            side=lines.side,
            hunk=self.hunk,
            closed=lines.closed,
        )

    def _arrange(self) -> None:
        """Lay out rows and threads, and set the scroll bars."""
        self.lines.lay_out([self._thread_height(thread) for thread in self._threads])
        view, frame = self.viewport().size(), self._frame()
        self.verticalScrollBar().setRange(0, max(0, self.lines.places.height - view.height()))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(ROW)
        edge, width = frame.half(DiffSide.NEW)
        room = edge + width - frame.code_left(DiffSide.NEW)
        wide = round(self.lines.longest * self.painter.letter) + 12
        self.horizontalScrollBar().setRange(0, max(0, wide - room))
        self.horizontalScrollBar().setPageStep(max(1, room))
        self.horizontalScrollBar().setSingleStep(2 * ROW)
        self._place_threads()
        self.viewport().update()

    def _thread_box(self, thread: ThreadWidget) -> QRect:
        frame = self._frame()
        edge, width = frame.half(thread.place[0])
        left = edge + CODE
        wide = max(160, min(_THREAD_WIDEST, edge + width - left - _THREAD_RIGHT))
        return QRect(left, 0, wide, thread.widget.heightForWidth(wide))

    def _thread_height(self, thread: ThreadWidget) -> int:
        return self._thread_box(thread).height() + 2 * _THREAD_GAP

    def _place_threads(self) -> None:
        above = self.verticalScrollBar().value()
        shown = dict(self.lines.tops_of_threads())
        for number, thread in enumerate(self._threads):
            top = shown.get(number)
            thread.widget.setVisible(top is not None)
            if top is not None:
                box = self._thread_box(thread)
                box.moveTop(top - above + _THREAD_GAP)
                thread.widget.setGeometry(box)

    def _row_at(self, at: QPoint) -> int:
        return self.lines.places.row_at(at.y() + self.verticalScrollBar().value())

    def _press_line(self, at: QPoint, number: int, *, extend: bool) -> None:
        frame = self._frame()
        side = DiffSide.OLD if not frame.unified and at.x() < frame.middle else DiffSide.NEW
        self.lines.side = side
        edge, _width = frame.half(side)
        self._pressed_number = at.x() < frame.code_left(side) and at.x() >= edge
        (self.lines.extend_to if extend else self.lines.select)(number)
        self._on_current_moved()

    def _first_in_view(self) -> Line | None:
        above = self.verticalScrollBar().value()
        return self.lines.first_line(self.lines.places.row_at(above))

    def _toggle(self, hunk: int) -> None:
        self.lines.toggle(hunk)
        self.arrange_again()

    def _jump(self, y: int) -> None:
        """Scroll without making another hunk the current one."""
        self._jumping = True
        self.verticalScrollBar().setValue(y)
        self._jumping = False

    def _on_current_moved(self) -> None:
        row = self.lines.current_row()
        if row is not None and row.kind is not ShownKind.REST and row.hunk != self.hunk:
            self.hunk = row.hunk
            self.hunk_changed.emit()
        self.viewport().update()
        self.spoken.emit(self.lines.words())

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        if not self._jumping and self.lines.rows:
            row = self.lines.rows[self.lines.places.row_at(value)]
            hunk = min(row.hunk, self.lines.last_hunk)
            if hunk != self.hunk:
                self.hunk = hunk
                self.hunk_changed.emit()
        self.moved.emit()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.painter.restart()
        self._arrange()
