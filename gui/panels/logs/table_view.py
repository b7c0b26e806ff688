"""The list of lines: a table that follows the end until somebody scrolls up, and copies text. It paints nothing."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QAbstractSlider, QHeaderView, QTableView, QWidget

from gui.panels.logs.delegate import LogDelegate
from gui.panels.logs.table_model import LogColumn, LogTableModel
from gui.theme.theme import Theme

ROW, ROW_FULL = 19, 20
_MOST_COPIED = 50_000
_SOURCE_CHARS, _SOURCE_CHARS_FULL = 14, 16


class LogTable(QTableView):
    """Shows a `LogTableModel`.

    Signals:
        following_changed: it follows the end now, or no longer.
        top_reached: the first row is in view; older lines may be wanted.
        line_opened: (serial as object) a line was double-clicked or Return pressed on it.
        view_changed: other rows are in view.
    """

    following_changed = Signal()
    top_reached = Signal()
    line_opened = Signal(object)
    view_changed = Signal()

    def __init__(self, model: LogTableModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logTable")
        self.setAccessibleName("Log lines")
        self._lines, self._theme = model, theme
        self._following = True
        self._below = 0
        self._own_scroll = False
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
        rows.hide()  # shown, it would cost seconds with each hundred thousand rows that go
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(ROW)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().actionTriggered.connect(self._on_scroll_asked)
        model.grown.connect(self._on_grown)
        model.older_came.connect(self._on_older_came)
        model.rowsAboutToBeRemoved.connect(self._on_rows_going)
        model.modelReset.connect(self._on_reset)
        self.doubleClicked.connect(self._on_double_clicked)
        theme.changed.connect(self._on_theme_changed)

    @property
    def following(self) -> bool:
        """Whether new lines are scrolled into view."""
        return self._following

    @property
    def below(self) -> int:
        """How many rows have come since it stopped following."""
        return self._below

    def follow(self, on: bool) -> None:  # noqa: FBT001 - a switch, like setEnabled
        """Follow the end, or stay here."""
        if on:
            self._below = 0
            self._to_end()
        if on != self._following:
            self._following = on
            self.following_changed.emit()

    def rows_in_view(self) -> tuple[int, int]:
        """The first and the last row in view; (0, -1) where there is none."""
        first = self.verticalScrollBar().value()
        room = max(1, self.viewport().height() // self.verticalHeader().defaultSectionSize())
        return first, min(first + room, self._lines.rowCount()) - 1

    def go_to(self, row: int) -> None:
        """Select a row and bring it into view with some lines around it."""
        if not 0 <= row < self._lines.rowCount():
            return
        self.follow(on=False)
        flags = QItemSelectionModel.SelectionFlag
        index = self._lines.index(row, LogColumn.TEXT)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        first, last = self.rows_in_view()
        if not first <= row <= last:
            self._scroll(row - (last - first) // 3)

    def scroll_to(self, row: int) -> None:
        """Bring a row to the top of the view; the last one follows the end."""
        bar = self.verticalScrollBar()
        self.follow(on=row >= bar.maximum())
        if not self._following:
            self._scroll(row)

    def cut_off(self, row: int) -> bool:
        """Whether the text of a row is longer than there is room."""
        text = self._lines.store.text(self._lines.serial(row))
        room = self.columnWidth(LogColumn.TEXT) - 8
        return self.lines_delegate.width_of(text) > room

    def current_row(self) -> int:
        """The row the keys are at; the last one in view where none was chosen."""
        index = self.currentIndex()
        return index.row() if index.isValid() else self.rows_in_view()[1]

    def selected_serials(self) -> list[int]:
        """The selected lines in order, as serial numbers, at most as many as are copied at once."""
        found: list[int] = []
        chosen = self.selectionModel().selection()
        parts = sorted({(chosen.at(n).top(), chosen.at(n).bottom()) for n in range(chosen.count())})
        for top, bottom in parts:
            last = min(bottom, top + _MOST_COPIED - len(found) - 1)
            found += [self._lines.serial(row) for row in range(top, last + 1)]
        return found

    def copy(self) -> int:
        """Copy the selected lines as plain text; how many there were."""
        serials = self.selected_serials()
        if serials:
            text = "\n".join(self._lines.plain(serial) for serial in serials)
            QGuiApplication.clipboard().setText(text)
        return len(serials)

    def mark(self, texts: tuple[str, ...]) -> None:
        """Highlight these texts, given in lower case."""
        self.lines_delegate.marked = texts
        self.viewport().update()

    def set_full(self, full: bool) -> None:  # noqa: FBT001 - a switch, like setEnabled
        """The full form has line numbers and milliseconds."""
        delegate = self.lines_delegate
        delegate.precise = full
        cell = delegate.cell
        self.setColumnHidden(LogColumn.NUMBER, not full)
        self.verticalHeader().setDefaultSectionSize(ROW_FULL if full else ROW)
        self.setColumnWidth(LogColumn.NUMBER, round(9 * cell) + 12)
        self.setColumnWidth(LogColumn.TIME, round((12 if full else 8) * cell) + 20)
        self.setColumnWidth(LogColumn.LEVEL, 16)
        self.setColumnWidth(
            LogColumn.SOURCE, round((_SOURCE_CHARS_FULL if full else _SOURCE_CHARS) * cell) + 12
        )
        taken = sum(self.columnWidth(column) for column in LogColumn if column is not LogColumn.TEXT)
        hidden = 0 if full else self.columnWidth(LogColumn.NUMBER)
        self.setColumnWidth(LogColumn.TEXT, max(80, self.viewport().width() - taken + hidden))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint row by row in one go: asked cell by cell, a full window of lines would take longer than a frame."""
        first, last = self.rows_in_view()
        height, dirty = self.verticalHeader().defaultSectionSize(), event.rect()
        first = max(first, first + dirty.top() // height)
        last = min(last + 1, self.rows_in_view()[0] + dirty.bottom() // height, self._lines.rowCount() - 1)
        places = [
            (column, self.columnViewportPosition(column), self.columnWidth(column))
            for column in LogColumn
            if not self.isColumnHidden(column)
        ]
        painter = QPainter(self.viewport())
        top = self.rowViewportPosition(first)
        chosen = self.selectionModel().selection()
        spans = [range(chosen.at(n).top(), chosen.at(n).bottom() + 1) for n in range(chosen.count())]
        for row in range(first, last + 1):
            selected = any(row in span for span in spans)
            self.lines_delegate.paint_row(painter, row, places, top=top, height=height, selected=selected)
            top += height

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the text what is left of the width, and stay at the end."""
        super().resizeEvent(event)
        self.set_full(self.lines_delegate.precise)
        if self._following:
            self._to_end()
        self.view_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Up stops following; at the first line, older ones may be wanted."""
        if event.angleDelta().y() > 0:
            self.follow(on=False)
            if self.verticalScrollBar().value() == 0:
                self.top_reached.emit()
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy, End and Home; moving up stops following."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        match event.key():
            case Qt.Key.Key_End if not event.modifiers():
                self.follow(on=True)
            case Qt.Key.Key_Home if not event.modifiers():
                self.follow(on=False)
                self._scroll(0)
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
        self.updateGeometries()  # else the bar still ends where the rows ended before
        self.verticalScrollBar().setValue(max(0, row))
        self._own_scroll = False

    def _to_end(self) -> None:
        self._own_scroll = True
        self.scrollToBottom()
        self._own_scroll = False

    @Slot(object)
    def _on_grown(self, rows: int) -> None:
        if self._following:
            self._to_end()
        else:
            self._below += rows
            self.following_changed.emit()

    @Slot(object)
    def _on_older_came(self, rows: int) -> None:
        """Rows were put before the first: what was in view stays in view."""
        if self._following:
            self._to_end()
        else:
            self._scroll(self.verticalScrollBar().value() + rows)

    @Slot(QModelIndex, int, int)
    def _on_rows_going(self, _parent: QModelIndex, first: int, last: int) -> None:
        """The oldest rows go: what is in view stays in view."""
        if first == 0 and not self._following:
            self._scroll(self.verticalScrollBar().value() - (last + 1))

    @Slot()
    def _on_reset(self) -> None:
        self._below = 0
        if self._following:
            self._to_end()
        self.following_changed.emit()
        self.view_changed.emit()

    @Slot(int)
    def _on_scroll_asked(self, action: int) -> None:
        if action == QAbstractSlider.SliderAction.SliderMove.value:
            self.follow(on=self.verticalScrollBar().sliderPosition() == self.verticalScrollBar().maximum())

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        """Somebody scrolled: at the end it follows again, elsewhere it does not."""
        bar = self.verticalScrollBar()
        if not self._own_scroll:
            at_end = value >= bar.maximum()
            if at_end != self._following:
                self.follow(on=at_end)
            if value == 0 and bar.maximum() > 0:
                self.top_reached.emit()
        self.view_changed.emit()

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.isValid():
            self.line_opened.emit(self._lines.serial(index.row()))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.lines_delegate.learn()
        self.set_full(self.lines_delegate.precise)
        self.viewport().update()
