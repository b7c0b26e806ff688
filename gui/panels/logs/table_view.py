"""The list of lines: a table view that follows the end until the user scrolls up, and copies lines."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QAbstractSlider, QHeaderView, QTableView, QWidget

from gui.guarded import Guarded
from gui.panels.logs.copied_lines import copied_lines, copied_text
from gui.panels.logs.delegate import LogDelegate
from gui.panels.logs.table_model import LogColumn, LogTableModel
from gui.panels.logs.text_match import TextPattern
from gui.theme.theme import Theme
from gui.translation import tr

ROW, ROW_FULL = 19, 20
_MAX_COPIED = 50_000
_SOURCE_CHARS, _SOURCE_CHARS_FULL = 14, 16
_SOURCE_CHARS_MOST, _SOURCE_SHARE = 40, 0.2
"""The sources get what the longest of them needs, up to this length and this part of the width."""
_TIME_CHARS, _TIME_CHARS_FULL = len("01-31 02:47"), len("02:47:18.042")


class LogTableView(Guarded, QTableView):
    """Shows a `LogTableModel`.

    Signals:
        following_changed: it started or stopped following the end, or began anew.
        top_reached: the first row is in view; older lines may be loaded.
        line_opened: (serial as object) a line was double-clicked, or Return was pressed on it.
        view_changed: other rows are in view.
    """

    following_changed = Signal()
    top_reached = Signal()
    line_opened = Signal(object)
    view_changed = Signal()

    def __init__(self, model: LogTableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logTable")
        self.setAccessibleName(tr("Log lines"))
        self._lines, self._theme = model, theme
        self._following = True
        self._is_live = False
        self._stopped_at = 0
        """The serial number of the first line that came since it stopped following."""
        self._own_scroll = False
        self._longest = 0
        """The length of the longest source when the width was shared."""
        self.job_name: Callable[[str], str] = str
        """What a job is called where its lines are copied."""
        self.setModel(model)
        self.lines_delegate = LogDelegate(model, theme, self)
        self.setItemDelegate(self.lines_delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # the minimap scrolls
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(4)
        rows = self.verticalHeader()
        rows.hide()  # if shown, removing a hundred thousand rows would take seconds
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(theme.grown(ROW))
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().actionTriggered.connect(self._on_scroll_action)
        model.appended.connect(self._on_appended)
        model.older_inserted.connect(self._on_older_inserted)
        model.rowsAboutToBeRemoved.connect(self._on_rows_about_to_be_removed)
        model.modelReset.connect(self._on_reset)
        self.doubleClicked.connect(self._on_double_clicked)
        theme.changed.connect(self._on_theme_changed)

    @property
    def following(self) -> bool:
        """Whether the view scrolls to new lines."""
        return self._following

    @property
    def below(self) -> int:
        """The number of rows that came since it stopped following; stored ones that are loaded did not come."""
        if self._following or not self._is_live:
            return 0
        return self._lines.rows_since(self._stopped_at)

    def set_live(self, *, live: bool) -> None:
        """Say whether new lines come now, or stored ones are being loaded."""
        if live and not self._is_live:
            self._stopped_at = self._lines.store.end
        if live != self._is_live:
            self._is_live = live
            self.following_changed.emit()

    def follow(self, on: bool) -> None:  # noqa: FBT001 - a switch, like setEnabled
        """Follow the end, or stop following."""
        if on:
            self._to_end()
        if on != self._following:
            self._stopped_at = self._lines.store.end
            self._following = on
            self._keep_view()
            self.following_changed.emit()

    def rows_in_view(self) -> tuple[int, int]:
        """The first and last row in view; (0, -1) if there are no rows."""
        first = self.verticalScrollBar().value()
        return first, min(first + self.rows_that_fit(), self._lines.rowCount()) - 1

    def rows_that_fit(self) -> int:
        """How many rows the list has room for, at least one."""
        return max(1, self.viewport().height() // self.verticalHeader().defaultSectionSize())

    def go_to(self, row: int) -> None:
        """Select a row and scroll it into view with some context."""
        if not 0 <= row < self._lines.rowCount():
            return
        self.follow(on=False)
        flags = QItemSelectionModel.SelectionFlag
        index = self._lines.index(row, LogColumn.TEXT)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        first, last = self.rows_in_view()
        if not first <= row <= last:
            self._scroll(row - (last - first) // 3)
            self._keep_view()

    def scroll_to(self, row: int) -> None:
        """Scroll a row to the top of the view; scrolling to the end follows it."""
        bar = self.verticalScrollBar()
        self.follow(on=row >= bar.maximum())
        if not self._following:
            self._scroll(row)
            self._keep_view()

    def cut_off(self, row: int) -> bool:
        """Whether the text of a row does not fit its column."""
        text = self._lines.text_at(row)
        room = self.columnWidth(LogColumn.TEXT) - 8
        return self.lines_delegate.width_of(text) > room

    def current_row(self) -> int:
        """The current row; the last one in view if there is none."""
        index = self.currentIndex()
        return index.row() if index.isValid() else self.rows_in_view()[1]

    def selected_serials(self) -> list[int]:
        """The serial numbers of the selected lines in order, limited to what one copy may hold."""
        found: list[int] = []
        selection = self.selectionModel().selection()
        parts = sorted({(selection.at(n).top(), selection.at(n).bottom()) for n in range(selection.count())})
        for top, bottom in parts:
            for row in range(top, min(bottom, top + _MAX_COPIED - len(found) - 1) + 1):
                found += self._lines.serials_at(row)
        return found[:_MAX_COPIED]

    def copy(self, *, text_only: bool = False) -> None:
        """Copy the selected lines as plain text, each with its time, level and job."""
        serials, store = self.selected_serials(), self._lines.store
        if serials:
            copied = copied_text(store, serials) if text_only else copied_lines(store, serials, self.job_name)
            QGuiApplication.clipboard().setText(copied)

    def mark(self, patterns: Sequence[TextPattern]) -> None:
        """Highlight what is looked for."""
        self.lines_delegate.mark(patterns)
        self.viewport().update()

    def set_full(self, full: bool) -> None:  # noqa: FBT001 - a switch, like setEnabled
        """Switch to the full form, with line numbers and milliseconds, or back."""
        delegate = self.lines_delegate
        delegate.precise = full
        cell = delegate.cell
        self.setColumnHidden(LogColumn.NUMBER, not full)
        self.verticalHeader().setDefaultSectionSize(self._theme.grown(ROW_FULL if full else ROW))
        self.setColumnWidth(LogColumn.NUMBER, round(9 * cell) + 12)
        self.setColumnWidth(LogColumn.TIME, round((_TIME_CHARS_FULL if full else _TIME_CHARS) * cell) + 20)
        self.setColumnWidth(LogColumn.LEVEL, 16)
        self.setColumnWidth(LogColumn.SOURCE, round(self._source_chars(full=full) * cell) + 12)
        taken = sum(self.columnWidth(column) for column in LogColumn if column is not LogColumn.TEXT)
        hidden = 0 if full else self.columnWidth(LogColumn.NUMBER)
        self.setColumnWidth(LogColumn.TEXT, max(80, self.viewport().width() - taken + hidden))

    def _source_chars(self, *, full: bool) -> int:
        """How many characters of a source there is room for."""
        self._longest = self._lines.store.sources.longest
        room = int(self.viewport().width() * _SOURCE_SHARE / self.lines_delegate.cell)
        least = _SOURCE_CHARS_FULL if full else _SOURCE_CHARS
        return max(least, min(self._longest + 1, room, _SOURCE_CHARS_MOST))

    def _fit_sources(self) -> None:
        """Share the width again once a longer source has come."""
        if self._lines.store.sources.longest != self._longest:
            self.set_full(self.lines_delegate.precise)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint whole rows in one pass: painting a full window cell by cell takes longer than a frame."""
        top_row, last = self.rows_in_view()
        height, dirty = self.verticalHeader().defaultSectionSize(), event.rect()
        above = self.rowViewportPosition(top_row)  # a part of a row at the end, where the last row is whole
        first = top_row + max(0, (dirty.top() - above) // height)
        last = min(last + 1, top_row + (dirty.bottom() - above) // height, self._lines.rowCount() - 1)
        columns = [
            (column, self.columnViewportPosition(column), self.columnWidth(column))
            for column in LogColumn
            if not self.isColumnHidden(column)
        ]
        painter = QPainter(self.viewport())
        top = self.rowViewportPosition(first)
        selection = self.selectionModel().selection()
        spans = [range(selection.at(n).top(), selection.at(n).bottom() + 1) for n in range(selection.count())]
        for row in range(first, last + 1):
            selected = any(row in span for span in spans)
            self.lines_delegate.paint_row(painter, row, columns, top=top, height=height, selected=selected)
            top += height

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the text column the remaining width, and stay at the end."""
        super().resizeEvent(event)
        self.set_full(self.lines_delegate.precise)
        if self._following:
            self._to_end()
        self.view_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Stop following on scrolling up; at the first row, emit `top_reached`."""
        if event.angleDelta().y() > 0:
            self.follow(on=False)
            if self.verticalScrollBar().value() == 0:
                self.top_reached.emit()
        super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Begin at the last line in view; Qt would go to the very first, and open it below."""
        row = self.current_row()
        if not self.currentIndex().isValid() and row >= 0:
            blocker = QSignalBlocker(self.selectionModel())  # nobody has gone to that line yet
            index = self._lines.index(row, LogColumn.TEXT)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            blocker.unblock()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Handle Copy, End and Home; moving up stops following; Esc leaves the line."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        match event.key():
            case Qt.Key.Key_Escape if self.currentIndex().isValid():
                self.clearSelection()
                self.setCurrentIndex(QModelIndex())
            case Qt.Key.Key_End if not event.modifiers():
                self.follow(on=True)
            case Qt.Key.Key_Home if not event.modifiers():
                self.follow(on=False)
                self._scroll(0)
                self._keep_view()
                self.top_reached.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.currentIndex().isValid():
                self.line_opened.emit(self._lines.serial(self.currentIndex().row()))
            case Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self.follow(on=False)
                if self.verticalScrollBar().value() == 0:
                    self.top_reached.emit()
                super().keyPressEvent(event)
            case _:
                super().keyPressEvent(event)

    def _scroll(self, row: int) -> None:
        self._own_scroll = True
        self.executeDelayedItemsLayout()
        self.updateGeometries()  # otherwise the scroll bar still has its old range
        self.verticalScrollBar().setValue(max(0, row))
        self._own_scroll = False

    def _to_end(self) -> None:
        self._own_scroll = True
        self.scrollToBottom()
        self._own_scroll = False

    def _keep_view(self) -> None:
        """Have the lines in view kept while somebody reads them."""
        row, last = self.rows_in_view()
        is_read = not self._following and last >= row
        self._lines.keep_from(self._lines.serial(row) if is_read else None)

    @Slot(object)
    def _on_appended(self, _rows: int) -> None:
        self._fit_sources()
        if self._following:
            self._to_end()

    @Slot(object)
    def _on_older_inserted(self, rows: int) -> None:
        """Keep the rows in view when older ones are inserted."""
        self._fit_sources()
        if self._following:
            self._to_end()
        else:
            self._scroll(self.verticalScrollBar().value() + rows)

    @Slot(QModelIndex, int, int)
    def _on_rows_about_to_be_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Keep the rows in view when the oldest are removed."""
        if first == 0 and not self._following:
            self._scroll(self.verticalScrollBar().value() - (last + 1))

    @Slot()
    def _on_reset(self) -> None:
        self._fit_sources()
        if self._following:
            self._to_end()
        self._keep_view()
        self.following_changed.emit()
        self.view_changed.emit()

    @Slot(int)
    def _on_scroll_action(self, action: int) -> None:
        if action == QAbstractSlider.SliderAction.SliderMove.value:
            self.follow(on=self.verticalScrollBar().sliderPosition() == self.verticalScrollBar().maximum())

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        """Follow again when the user scrolls to the end; stop following elsewhere."""
        bar = self.verticalScrollBar()
        if not self._own_scroll:
            at_end = value >= bar.maximum()
            if at_end != self._following:
                self.follow(on=at_end)
            if value == 0 and bar.maximum() > 0:
                self.top_reached.emit()
            self._keep_view()
        self.view_changed.emit()

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.line_opened.emit(self._lines.serial(index.row()))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.lines_delegate.load_theme()
        self.set_full(self.lines_delegate.precise)
        self.viewport().update()
