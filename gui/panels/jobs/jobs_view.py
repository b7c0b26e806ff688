"""The table of jobs with its head: marks, sorting, moving columns and keys. Carries out nothing."""

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
    QAccessible,
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
    QHeaderView,
    QStyle,
    QStyleOptionButton,
    QTableView,
    QWidget,
)

from gui.guarded import Guarded
from gui.panels.jobs.job_field import ALWAYS, FIELDS, MARK_WIDTH, SPECS, ColumnLayout, JobField, moved
from gui.panels.jobs.jobs_delegate import JobDelegate, widths_of_words
from gui.panels.jobs.jobs_model import JobsModel
from gui.theme.paint import dpr_of, rounded, saved
from gui.theme.text_layout import LEFT, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.accessible_role import WithAccessibleRole, install_roles, report_value

HEAD_HEIGHT = 28
_BOX = 14


class JobsHead(WithAccessibleRole, Guarded, QHeaderView):
    """The titles of the columns, and the box that marks all rows.

    Signals:
        mark_all_requested: the box was pressed.
        sort_requested: (JobField) sort by it, turn the order, or sort no more.
        move_requested: (JobField, steps to the right).
    """

    ACCESSIBLE_ROLE = QAccessible.Role.ColumnHeader

    mark_all_requested = Signal()
    sort_requested = Signal(object)
    move_requested = Signal(object, int)

    def __init__(self, model: JobsModel, theme: Theme, type_: Typesetter, *, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        install_roles()
        self._jobs, self._theme, self._type = model, theme, type_
        self.marked = Qt.CheckState.Unchecked
        self._at = JobField.STATE
        self.setFixedHeight(HEAD_HEIGHT)
        self.setMinimumSectionSize(24)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setHighlightSections(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Columns of the jobs; left and right choose one, Enter sorts by it"))
        self.sectionClicked.connect(self._on_section_clicked)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        """Paint the title of one column, or the box."""
        theme = self._theme
        painter.fillRect(rect, theme.color("bg1"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        if section == 0:
            self._paint_box(painter, rect)
            return
        field = FIELDS[section - 1]
        painter.fillRect(rect.right(), rect.top() + 6, 1, rect.height() - 12, theme.color("line"))
        is_sorted = field is self._jobs.sorted_by
        room = rect.adjusted(8, 0, -8 - (14 if is_sorted else 0), 0)
        role = "smallstrong" if is_sorted else "caption"
        used = self._type.draw(
            painter,
            room,
            text=self._title(field, room.width(), role),
            role=role,
            color=theme.color("t1" if is_sorted else "t2"),
            align=RIGHT if SPECS[field].is_right else LEFT,
        )
        if is_sorted:
            x = room.right() + 3 if SPECS[field].is_right else room.left() + used + 3
            self._paint_arrow(painter, x, rect.center().y())
        if self.hasFocus() and field is self._at:
            rounded(painter, rect.adjusted(1, 1, -1, -1), radius=3, edge=theme.color("focus"), width=2)

    def _title(self, field: JobField, room: int, role: str) -> str:
        title = tr(SPECS[field].title)
        return title if self._type.width(title, role) <= room else SPECS[field].short

    def _paint_arrow(self, painter: QPainter, x: int, middle: int) -> None:
        mark = self._theme.icon("chev", "t1", 12, dpr_of(painter))
        with saved(painter):
            painter.translate(x + 6, middle + 1)
            if not self._jobs.descending:
                painter.rotate(180)
            painter.drawPixmap(-6, -6, mark)

    def _paint_box(self, painter: QPainter, rect: QRect) -> None:
        box = QStyleOptionButton()
        box.rect = QRect(0, 0, _BOX, _BOX)
        box.rect.moveCenter(rect.center())
        box.state = QStyle.StateFlag.State_Enabled | _STATES[self.marked]
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, box, painter, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose a column with left and right, sort by it with Enter, move it with Alt."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_requested.emit(self._at, step)
        elif step is not None:
            self._choose(step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.sort_requested.emit(self._at)
        else:
            super().keyPressEvent(event)

    def _choose(self, step: int) -> None:
        sections = [self.logicalIndex(place) for place in range(self.count())]
        shown = [FIELDS[one - 1] for one in sections if one and not self.isSectionHidden(one)]
        at = shown.index(self._at) if self._at in shown else 0
        self._at = shown[min(max(0, at + step), len(shown) - 1)]
        report_value(self)
        self.viewport().update()

    def accessible_value(self) -> str:
        """The column that Enter sorts by."""
        return tr(SPECS[self._at].title)

    @Slot(int)
    def _on_section_clicked(self, section: int) -> None:
        if section == 0:
            self.mark_all_requested.emit()
        else:
            self._at = FIELDS[section - 1]
            self.sort_requested.emit(self._at)


_STATES = {
    Qt.CheckState.Unchecked: QStyle.StateFlag.State_Off,
    Qt.CheckState.PartiallyChecked: QStyle.StateFlag.State_NoChange,
    Qt.CheckState.Checked: QStyle.StateFlag.State_On,
}


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
        self._kept: tuple[str | None, tuple[str, ...]] = (None, ())
        model.modelAboutToBeReset.connect(self._on_model_about_to_be_reset)
        model.modelReset.connect(self._on_model_reset)
        self.doubleClicked.connect(self._on_double_clicked)
        theme.changed.connect(self._fit)
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
        widths = self.columns.fitted(room, widths_of_words(self._type))
        self._jobs.columns = frozenset(field for field, width in widths.items() if width)
        self._fitting = True
        self.head.resizeSection(0, MARK_WIDTH)
        for section, field in enumerate(FIELDS, start=1):
            width = widths.get(field, 0)
            self.setColumnHidden(section, not width)
            if width:
                self.head.resizeSection(section, width)
        self._fitting = False

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
