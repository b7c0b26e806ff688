"""The table of runs with a plain, sortable header."""

import re
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.dashboard.dashboard_heights import RUN_HEIGHT
from gui.panels.dashboard.run_delegate import INSET, RunDelegate
from gui.panels.dashboard.runs_model import RUN_ROLE, Field, RunRow, RunsSorted, shown_cost
from gui.theme.paint import dpr_of, rounded, saved
from gui.theme.text_layout import LEFT, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.accessible_role import WithAccessibleRole, install_roles, report_value

HEADER_HEIGHT = 26
_WIDEST = {Field.DONE: "888/888", Field.ELAPSED: "88 h 88 m", Field.COST: "$888.88"}
_EIGHTS = re.compile(r"\d")
_AROUND = 12
_BAR_MAX, _BAR_MIN = 178, 60
_BAR_SHARE, _BAR_SHARE_WIDE = 0.42, 0.24
_GOOD_NAME = 196
"""The width of most names with their glyph: the bar is no wider than what they leave."""


class RunsHeader(WithAccessibleRole, Guarded, QHeaderView):
    """Column titles on the background of the panel; the sorted column has a mark."""

    ACCESSIBLE_ROLE = QAccessible.Role.ColumnHeader

    def __init__(self, theme: Theme, type_: Typesetter, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        install_roles()
        self._theme, self._type = theme, type_
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(theme.grown(HEADER_HEIGHT))
        self.setMinimumSectionSize(40)
        self.setSortIndicatorShown(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setAccessibleName(tr("Columns of the runs; left and right choose one, Enter sorts by it"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._at = Field.RUN

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        """Paint the title of one column."""
        theme, field = self._theme, Field(section)
        painter.fillRect(rect, theme.color("bg1"))
        title = self.model().headerData(section, Qt.Orientation.Horizontal)
        first = field is Field.RUN
        trailing = INSET if field is Field.COST else 4
        room = rect.adjusted(INSET if first else 0, 0, -trailing, 0)
        role, color = ("strong", theme.color("t2")) if first else ("small", theme.color("t3"))
        used = self._type.draw(
            painter, room, text=title, role=role, color=color, align=LEFT if first else RIGHT
        )
        default = first and self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        if section == self.sortIndicatorSection() and not default:
            self._paint_mark(painter, room, used, at_left=not first)

        if self.hasFocus() and field is self._at:
            rounded(painter, rect.adjusted(1, 1, -1, -1), radius=3, edge=theme.color("focus"), width=2)

    def accessible_value(self) -> str:
        """The column that Enter sorts by."""
        return str(self.model().headerData(self._at, Qt.Orientation.Horizontal) or tr("progress"))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose a column with left and right, sort by it with Enter, once more the other way round."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._choose(step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
            is_up = self.sortIndicatorSection() == self._at and self.sortIndicatorOrder() is up
            self.setSortIndicator(self._at, down if is_up else up)
        else:
            super().keyPressEvent(event)

    def _choose(self, step: int) -> None:
        shown = [field for field in Field if not self.isSectionHidden(field)]
        at = shown.index(self._at) if self._at in shown else 0
        self._at = shown[min(max(0, at + step), len(shown) - 1)]
        report_value(self)
        self.viewport().update()

    def _paint_mark(self, painter: QPainter, room: QRect, used: int, *, at_left: bool) -> None:
        mark = self._theme.icon("chev", "t2", 12, dpr_of(painter))
        x = room.right() - used - 14 if at_left else room.left() + used + 3
        with saved(painter):
            painter.translate(x + 6, room.center().y() + 1)
            if self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder:
                painter.rotate(180)
            painter.drawPixmap(-6, -6, mark)


class RunsView(Guarded, QTableView):
    """Shows the runs and lets the user select one.

    Signals:
        run_selected: (run id, or None when the selection was cleared).
    """

    run_selected = Signal(object)

    def __init__(
        self,
        model: RunsSorted,
        theme: Theme,
        type_: Typesetter,
        *,
        parent: QWidget | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._clock, self._theme, self._type = clock, theme, type_
        self._delegate = RunDelegate(theme, type_, self)
        self._showing_selection = False
        self._longest, self._dearest = _WIDEST[Field.DONE], _WIDEST[Field.COST]
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(RunsHeader(theme, type_, self))
        self.verticalHeader().hide()  # if shown, removing rows from a long table takes seconds
        self.fit_rows()
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Runs"))
        self.setSortingEnabled(True)
        self.sortByColumn(Field.RUN, Qt.SortOrder.DescendingOrder)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        for signal in (model.dataChanged, model.rowsInserted, model.modelReset):
            signal.connect(self._on_rows_changed)

    def show_selected(self, run_id: str | None) -> None:
        """Select the row of a run without emitting `run_selected`."""
        self._showing_selection = True
        found = next((row for row in range(self.model().rowCount()) if self._run(row).run_id == run_id), None)
        if found is None:
            self.clearSelection()
        elif not self.selectionModel().isRowSelected(found, QModelIndex()):
            self.selectRow(found)
        self._showing_selection = False

    def fit_rows(self) -> None:
        """Make rows and head as high as the text needs."""
        height, rows = self._theme.grown(RUN_HEIGHT), self.verticalHeader()
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)
        self.horizontalHeader().setFixedHeight(self._theme.grown(HEADER_HEIGHT))

    def show_from(self, row: int) -> None:
        """Scroll so that this row is the first one, and whole, as far as there are rows below."""
        self.updateGeometries()  # otherwise the scroll bar still has its old range
        self.verticalScrollBar().setValue(max(0, row) * self._theme.grown(RUN_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the width: the bar shrinks first, then the elapsed time goes, then the names shrink."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        head, rest = self.horizontalHeader(), self.viewport().width()
        needed = {
            field: self._width(text) + _AROUND + (INSET if field is Field.COST else 0)
            for field, text in {**_WIDEST, Field.DONE: self._longest, Field.COST: self._dearest}.items()
        }
        is_narrow = rest - sum(needed.values()) < _GOOD_NAME + _BAR_MIN
        head.setSectionHidden(Field.ELAPSED, is_narrow)
        if is_narrow:
            del needed[Field.ELAPSED]
        for field, width in needed.items():
            head.resizeSection(field, width)
        rest -= sum(needed.values())
        widest = max(_BAR_MAX, int(rest * _BAR_SHARE_WIDE))
        bar = min(widest, max(_BAR_MIN, min(int(rest * _BAR_SHARE) - INSET, rest - _GOOD_NAME)))
        head.resizeSection(Field.PROGRESS, bar)
        head.resizeSection(Field.RUN, max(60, rest - bar))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the rows, and the focus ring around the current one."""
        self._delegate.now = self._clock()
        super().paintEvent(event)
        current = self.currentIndex()
        painter = QPainter(self.viewport())
        if self.hasFocus() and current.isValid():
            rect = self.visualRect(current.siblingAtColumn(0))
            around = QRect(0, rect.top(), self.viewport().width(), rect.height())
            rounded(painter, around, radius=3, edge=self._theme.color("focus"), width=2)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Clear the selection on Esc, so that all runs are shown again."""
        if event.key() == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Clear the selection when the selected run is clicked again."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.selectionModel().isSelected(index):
            self.clearSelection()
            return
        super().mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Remove the highlight of the hovered row."""
        super().leaveEvent(event)
        self.viewport().update()

    def _run(self, row: int) -> RunRow:
        found: RunRow = self.model().index(row, 0).data(RUN_ROLE)
        return found

    def _width(self, text: str) -> int:
        return self._type.width(text, "small")

    @Slot()
    def _on_rows_changed(self) -> None:
        """Widen the columns of numbers for large runs, and for costs that are known in part."""
        runs = [self._run(row) for row in range(self.model().rowCount())]
        most = max((run.total for run in runs), default=0)
        dearest = max([_WIDEST[Field.COST], *map(shown_cost, runs)], key=self._width)
        longest = max(_WIDEST[Field.DONE], _EIGHTS.sub("8", f"{figure(most)}/{figure(most)}"), key=len)
        if (longest, dearest) != (self._longest, self._dearest):
            self._longest, self._dearest = longest, dearest
            self._share_width()

    @Slot()
    def _on_selection_changed(self) -> None:
        if self._showing_selection:
            return
        rows = self.selectionModel().selectedRows()
        self.run_selected.emit(self._run(rows[0].row()).run_id if rows else None)
