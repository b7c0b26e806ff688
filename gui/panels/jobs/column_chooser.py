"""The popup that chooses the columns of the table of jobs, their order, and the height of the rows. Applies at once."""

from dataclasses import replace

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.guarded import Guarded
from gui.panels.jobs.job_field import ALWAYS, ROW_HEIGHTS, SPECS, ColumnLayout, JobField, moved
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel

_WIDTH = 226
_ROW = 26
_FIELD_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class ColumnChooser(Guarded, QFrame):
    """Shows every column with a box; Alt with up and down moves one.

    Signals:
        changed: (ColumnLayout) another choice.
    """

    changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("columnChooser")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Choose the columns"))
        self.setFixedWidth(_WIDTH)
        self._columns = ColumnLayout()
        self._filling = False
        self.rows = _FieldList(self)
        self.heights = QButtonGroup(self)
        self.reset = push_button(tr("Reset"), kind="quiet", small=True)
        self._lay_out(theme)
        self.rows.itemChanged.connect(self._on_item_changed)
        self.rows.model().rowsMoved.connect(self._on_rows_moved)
        self.rows.move_requested.connect(self._on_move_requested)
        self.heights.idClicked.connect(self._on_height_clicked)
        self.reset.clicked.connect(self._on_reset_clicked)

    def open(self, columns: ColumnLayout, *, below: QWidget) -> None:
        """Show the choice under a widget, within the screen."""
        self._show(columns)
        self.adjustSize()
        corner = below.mapToGlobal(QPoint(below.width() - self.width(), below.height() + 2))
        screen = below.screen().availableGeometry()
        x = min(max(screen.left(), corner.x()), screen.right() - self.width())
        y = min(max(screen.top(), corner.y()), screen.bottom() - self.height())
        self.move(x, y)
        self.show()
        self.rows.setFocus(Qt.FocusReason.PopupFocusReason)

    def _show(self, columns: ColumnLayout) -> None:
        self._columns, self._filling = columns, True
        at = self.rows.currentRow()
        self.rows.clear()
        for field in columns.order:
            item = QListWidgetItem(tr(SPECS[field].title))
            item.setData(_FIELD_ROLE, field.value)
            item.setSizeHint(QSize(0, _ROW))
            shown = field not in columns.hidden
            item.setCheckState(Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
            fixed = field in ALWAYS
            flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
            item.setFlags(
                flags if fixed else flags | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsDragEnabled
            )
            if fixed:
                item.setText(tr("{title} (always)", title=tr(SPECS[field].title)))
            self.rows.addItem(item)
        self.rows.setFixedHeight(_ROW * self.rows.count() + 4)
        self.rows.setCurrentRow(max(0, at))
        for height in ROW_HEIGHTS:
            self.heights.button(height).setChecked(height == columns.row_height)
        self._filling = False

    def _lay_out(self, theme: Theme) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(PlainLabel(tr("Rows"), theme=theme, role="small", color="t2"))
        for height in ROW_HEIGHTS:
            button = push_button(str(height), kind="toggle", small=True)
            button.setAccessibleName(tr("Rows {height} pixels high", height=height))
            self.heights.addButton(button, height)
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.rows)
        column.addLayout(foot)

    def _choose(self, columns: ColumnLayout) -> None:
        self._show(columns)
        self.changed.emit(columns)

    def _fields(self) -> list[JobField]:
        return [JobField(self.rows.item(row).data(_FIELD_ROLE)) for row in range(self.rows.count())]

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        if self._filling:
            return
        field = JobField(item.data(_FIELD_ROLE))
        hidden = self._columns.hidden - {field}
        if item.checkState() is not Qt.CheckState.Checked:
            hidden |= {field}
        self._columns = replace(self._columns, hidden=hidden)
        self.changed.emit(self._columns)

    @Slot()
    def _on_rows_moved(self) -> None:
        if not self._filling:
            first = [field for field in self._columns.order if field in ALWAYS]
            order = tuple(dict.fromkeys((*first, *self._fields())))
            self._choose(replace(self._columns, order=order))

    @Slot(int)
    def _on_move_requested(self, step: int) -> None:
        field = self._fields()[self.rows.currentRow()]
        self._choose(replace(self._columns, order=moved(self._columns.order, field, step)))
        self.rows.setCurrentRow(self._columns.order.index(field))

    @Slot(int)
    def _on_height_clicked(self, height: int) -> None:
        self._choose(replace(self._columns, row_height=height))

    @Slot()
    def _on_reset_clicked(self) -> None:
        self._choose(ColumnLayout())


class _FieldList(Guarded, QListWidget):
    """The columns; a drag or Alt with up and down moves one.

    Signals:
        move_requested: (steps down) for the current row.
    """

    move_requested = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Columns"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move the current row with Alt."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_requested.emit(step)
        else:
            super().keyPressEvent(event)
