"""The head of the table of jobs: titles that sort and move the columns, and the box that marks all rows."""

from PySide6.QtCore import (
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QAccessible,
    QKeyEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from gui.guarded import Guarded
from gui.panels.jobs.job_field import FIELDS, SPECS, JobField
from gui.panels.jobs.jobs_model import JobsModel
from gui.theme.paint import dpr_of, rounded, saved
from gui.theme.text_layout import LEFT, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.accessible_role import WithAccessibleRole, install_roles, report_value

HEAD_HEIGHT = 28
_BOX = 14
_STATES = {
    Qt.CheckState.Unchecked: QStyle.StateFlag.State_Off,
    Qt.CheckState.PartiallyChecked: QStyle.StateFlag.State_NoChange,
    Qt.CheckState.Checked: QStyle.StateFlag.State_On,
}


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
            text=self.shown_title(field, room.width(), role),
            role=role,
            color=theme.color("t1" if is_sorted else "t2"),
            align=RIGHT if SPECS[field].is_right else LEFT,
        )
        if is_sorted:
            x = room.right() + 3 if SPECS[field].is_right else room.left() + used + 3
            self._paint_arrow(painter, x, rect.center().y())
        if self.hasFocus() and field is self._at:
            rounded(painter, rect.adjusted(1, 1, -1, -1), radius=3, edge=theme.color("focus"), width=2)

    def shown_title(self, field: JobField, room: int, role: str = "caption") -> str:
        """The title of a column, its short one, or what fits of it; the tool tip has the whole."""
        title, short = tr(SPECS[field].title), SPECS[field].short
        return self._type.elided(
            title if self._type.width(title, role) <= room else short or title, role, room
        )

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
