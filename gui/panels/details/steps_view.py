"""The steps of a workstream as a painted list, to select the one whose details are shown."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.guarded import Guarded
from gui.panels.details.steps_model import StepRow, StepsModel
from gui.theme.paint import dpr_of
from gui.theme.text_layout import LEFT, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.tool_tile import TILE_WIDTH, draw_tool_tile

_ROW = 24
_MOST_ROWS = 6
_Index = QModelIndex | QPersistentModelIndex


class StepDelegate(Guarded, QStyledItemDelegate):
    """Paints glyph, name, tool, attempts and cost."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._type = Typesetter(theme, self)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802 - Qt's name
        """One row."""
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one step."""
        row: StepRow = index.data(StepsModel.RowRole)
        rect, theme = option.rect, self._theme
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("sel"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        glyph = theme.glyph(row.state, 12, dpr_of(painter))
        painter.drawPixmap(rect.left() + 13, rect.top() + (_ROW - 12) // 2, glyph)
        tool_left = rect.left() + max(120, rect.width() * 45 // 100)
        name = QRect(rect.left() + 34, rect.top(), tool_left - rect.left() - 42, _ROW)
        self._write(painter, name, row.name, LEFT)
        draw_tool_tile(painter, theme, tool_left, rect.top() + _ROW / 2, row.job.tool)
        tail = QRect(tool_left + TILE_WIDTH + 6, rect.top(), rect.right() - tool_left - TILE_WIDTH - 18, _ROW)
        self._write(painter, tail, row.job.tool, LEFT)
        self._write(painter, tail, row.cost, RIGHT)
        costs = max(64, self._type.width(row.cost, "small") + 12)
        self._write(painter, tail.adjusted(0, 0, -costs, 0), row.attempts, RIGHT)

    def _write(self, painter: QPainter, rect: QRect, text: str, align: Qt.AlignmentFlag) -> None:
        self._type.draw(painter, rect, text=text, role="small", color=self._theme.color("t1"), align=align)


class StepsView(Guarded, QListView):
    """The steps; a click or the arrow keys select one.

    Signals:
        selected: (job id) the user selected another step.
    """

    selected = Signal(str)

    def __init__(self, model: StepsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = model
        self._quiet = False
        self.setModel(model)
        self.setItemDelegate(StepDelegate(theme, self))
        self.setAccessibleName(tr("Steps of the workstream"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        model.modelReset.connect(self._on_reset)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def select(self, job_id: str) -> None:
        """Select a step without emitting `selected`."""
        row = self._steps.row_of(job_id)
        if row is not None:
            self._quiet = True
            self.setCurrentIndex(self._steps.index(row))
            self._quiet = False

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All rows, up to a few."""
        return QSize(300, _ROW * min(max(self._steps.rowCount(), 1), _MOST_ROWS))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """No row is cut off."""
        return QSize(200, self.sizeHint().height())

    @Slot()
    def _on_reset(self) -> None:
        self.updateGeometry()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            self.selected.emit(self._steps.job_at(current.row()).job_id)
