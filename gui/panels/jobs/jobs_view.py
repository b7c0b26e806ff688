"""The table of jobs: marks, moving columns and keys. Carries out nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import groupby

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QTableView,
    QWidget,
)

from gui.guarded import Guarded
from gui.panels.jobs.job_field import ALWAYS, FIELDS, MARK_WIDTH, ColumnLayout, JobField, moved
from gui.panels.jobs.jobs_delegate import JobDelegate, widths_of_names, widths_of_words
from gui.panels.jobs.jobs_head import JobsHead
from gui.panels.jobs.jobs_model import JobsModel
from gui.theme.paint import rounded
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr


class JobsView(Guarded, QTableView):
    """Shows the jobs.

    Signals:
        opened: (job id) Enter or a double click.
        menu_requested: (global position).
        columns_changed: (ColumnLayout) a person moved a column or changed its width.
        pointed: (whether the pointer is over the rows).
        action_requested: (action id) its plain key was pressed.
    """

    opened = Signal(str)
    menu_requested = Signal(QPoint)
    columns_changed = Signal(object)
    pointed = Signal(bool)
    action_requested = Signal(str)

    def __init__(
        self, model: JobsModel, theme: Theme, type_: Typesetter, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._theme, self._type = model, theme, type_
        self.columns = ColumnLayout()
        self.action_of: Callable[[QKeyEvent], str | None] = _no_action
        """Which action a key means for the selected jobs."""
        self._fitting = False
        self._names: Mapping[JobField, int] = {}
        self._measured = 0
        """How many rows there were when the widths of the names were measured."""
        self.setModel(model)
        self.setItemDelegate(JobDelegate(model, theme, type_, parent=self))
        self.head = JobsHead(model, theme, type_, parent=self)
        self.setHorizontalHeader(self.head)
        self.verticalHeader().hide()
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(tr("Jobs"))
        self.head.mark_all_requested.connect(self._on_mark_all_requested)
        self.head.sectionMoved.connect(self._on_section_moved)
        self.head.sectionResized.connect(self._on_section_resized)
        self.head.move_requested.connect(self._on_move_requested)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        for signal in (model.rowsInserted, model.rowsRemoved):
            signal.connect(self._on_selection_changed)
        for signal in (model.rowsInserted, model.modelReset):
            signal.connect(self._on_rows_came)
        self._kept: tuple[str | None, tuple[str, ...]] = (None, ())
        model.modelAboutToBeReset.connect(self._on_model_about_to_be_reset)
        model.modelReset.connect(self._on_model_reset)
        self.doubleClicked.connect(self._on_double_clicked)
        theme.changed.connect(self._on_theme_changed)
        theme.changed.connect(self.viewport().update)

    @property
    def selected_ids(self) -> tuple[str, ...]:
        """The selected jobs, in the order shown."""
        ids = self._jobs.job_ids
        return tuple(job_id for rows in self._selected_blocks() for job_id in ids[rows.start : rows.stop])

    @property
    def selected_count(self) -> int:
        """How many jobs are selected."""
        return sum(len(rows) for rows in self._selected_blocks())

    def _selected_blocks(self) -> list[range]:
        """The selected rows as they lie together: an index for each of thousands would take seconds."""
        blocks = (
            range(block.top(), block.bottom() + 1) for block in self.selectionModel().selection().toList()
        )
        return sorted(set(blocks), key=lambda rows: rows.start)

    def rows_in_view(self) -> range:
        """The rows that are visible, at least in part."""
        count = len(self._jobs.job_ids)
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        return range(first if count else 0, (count if last < 0 else last + 1) if count else 0)

    def show_columns(self, columns: ColumnLayout) -> None:
        """Show these columns, in this order and these rows."""
        self.columns = columns
        self._fitting = True
        for place, field in enumerate(columns.order, start=1):
            self.head.moveSection(self.head.visualIndex(1 + FIELDS.index(field)), place)
        self._fitting = False
        self.verticalHeader().setMinimumSectionSize(columns.row_height)
        self.verticalHeader().setDefaultSectionSize(columns.row_height)
        self._fit()

    def select(self, job_id: str | None) -> None:
        """Make a job the only selected one, and scroll to it."""
        place = self._jobs.place(job_id)
        if place < 0:
            self.clearSelection()
            return
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._jobs.index(place, 1), flags)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the width again."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the rows, and the focus ring inside the current one."""
        super().paintEvent(event)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            rect = self.visualRect(current)
            around = QRect(0, rect.top(), self.viewport().width(), rect.height()).adjusted(1, 0, -1, -1)
            painter = QPainter(self.viewport())
            rounded(painter, around, radius=3, edge=self._theme.color("focus"), width=2)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Mark with Space, open with Enter, clear with Esc."""
        current = self.currentIndex()
        select = QItemSelectionModel.SelectionFlag
        match Qt.Key(event.key()):
            case Qt.Key.Key_Space if current.isValid():
                self.selectionModel().select(current, select.Toggle | select.Rows)
            case Qt.Key.Key_Escape if self.selectionModel().hasSelection():
                self.clearSelection()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if current.isValid():
                self.opened.emit(self._jobs.job_ids[current.row()])
            case _ if (action := self.action_of(event)) is not None:
                self.action_requested.emit(action)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Mark or unmark where the box is pressed, and leave the other rows as they are."""
        index = self.indexAt(event.position().toPoint())
        plain = not event.modifiers() and event.button() is Qt.MouseButton.LeftButton
        if index.isValid() and index.column() == 0 and plain:
            select = QItemSelectionModel.SelectionFlag
            self.selectionModel().select(index, select.Toggle | select.Rows)
            self.selectionModel().setCurrentIndex(index.siblingAtColumn(1), select.NoUpdate)
            return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Request the menu of the selected jobs, at the pointer or at the current row."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        rect = self.visualRect(self.currentIndex())
        self.menu_requested.emit(
            self.viewport().mapToGlobal(rect.bottomLeft()) if by_key else event.globalPos()
        )

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Hold the rows still."""
        super().enterEvent(event)
        self.pointed.emit(True)  # noqa: FBT003 - a signal's value

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Let the rows move again."""
        super().leaveEvent(event)
        self.viewport().update()
        self.pointed.emit(False)  # noqa: FBT003 - a signal's value

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A few rows with every column that is shown at first."""
        return QSize(1100, 320)

    @Slot()
    def _fit(self) -> None:
        """Share the width of the view among the columns."""
        room = self.viewport().width() - MARK_WIDTH
        widths = self.columns.fitted(room, widths_of_words(self._type), self._names)
        self._jobs.columns = frozenset(field for field, width in widths.items() if width)
        self._fitting = True
        self.head.resizeSection(0, MARK_WIDTH)
        for section, field in enumerate(FIELDS, start=1):
            width = widths.get(field, 0)
            self.setColumnHidden(section, not width)
            if width:
                self.head.resizeSection(section, width)
        self._fitting = False

    def _measure_names(self) -> None:
        self._measured = len(self._jobs.job_ids)
        self._names = widths_of_names(self._jobs, self._type)
        self._fit()

    @Slot()
    def _on_rows_came(self) -> None:
        """Measure the names at first and whenever there are twice as many: a filter or a row moves no column."""
        count = len(self._jobs.job_ids)
        if count >= 2 * self._measured and count and (not self._measured or not self._jobs.is_limited):
            self._measure_names()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._measure_names()

    @Slot()
    def _on_mark_all_requested(self) -> None:
        self.selectAll() if self.head.marked is not Qt.CheckState.Checked else self.clearSelection()

    @Slot()
    def _on_selection_changed(self) -> None:
        selected, count = self.selected_count, len(self._jobs.job_ids)
        states = Qt.CheckState
        some = states.Checked if selected == count else states.PartiallyChecked
        self.head.marked = some if selected else states.Unchecked
        self.head.viewport().update()

    @Slot()
    def _on_model_about_to_be_reset(self) -> None:
        current, ids = self.currentIndex(), self._jobs.job_ids
        self._kept = (ids[current.row()] if current.isValid() else None, self.selected_ids)

    @Slot()
    def _on_model_reset(self) -> None:
        """Select again what was selected and still passes."""
        (current, selected), self._kept = self._kept, (None, ())
        select, model = QItemSelectionModel.SelectionFlag, self._jobs
        places = sorted(place for job_id in selected if (place := model.place(job_id)) >= 0)
        found = QItemSelection()
        for _, block in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
            rows = [place for _, place in block]
            found.append(QItemSelectionRange(model.index(rows[0], 0), model.index(rows[-1], len(FIELDS))))
        if (place := model.place(current)) >= 0:
            self.selectionModel().setCurrentIndex(model.index(place, 1), select.NoUpdate)
        self.selectionModel().select(found, select.ClearAndSelect)
        self._on_selection_changed()

    @Slot(int, int, int)
    def _on_section_moved(self, section: int, _before: int, _place: int) -> None:
        if self._fitting or not section:
            return
        order = [self.head.logicalIndex(place) for place in range(1, self.head.count())]
        fields = [FIELDS[one - 1] for one in order if one]
        first = [field for field in FIELDS if field in ALWAYS]
        self._change_columns(order=tuple(dict.fromkeys((*first, *fields))), widths=self.columns.widths)

    @Slot(int, int, int)
    def _on_section_resized(self, section: int, _before: int, width: int) -> None:
        if self._fitting or not section or not width:
            return
        own = {**(self.columns.widths or {}), FIELDS[section - 1]: width}
        self._change_columns(order=self.columns.order, widths=own)

    @Slot(object, int)
    def _on_move_requested(self, field: JobField, steps: int) -> None:
        self._change_columns(order=moved(self.columns.order, field, steps), widths=self.columns.widths)

    def _change_columns(self, *, order: tuple[JobField, ...], widths: Mapping[JobField, int] | None) -> None:
        self.show_columns(replace(self.columns, order=order, widths=widths))
        self.columns_changed.emit(self.columns)

    @Slot()
    def _on_double_clicked(self) -> None:
        self.opened.emit(self._jobs.job_ids[self.currentIndex().row()])


def _no_action(_event: QKeyEvent) -> None:
    return None
