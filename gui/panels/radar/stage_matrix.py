"""The matrix of workstreams by stage: a table view with a glyph and a count in each cell."""

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.radar.pipeline_records import FileKey, RadarLane, Ring, WorkstreamKey
from gui.panels.radar.stage_matrix_model import Cell, CellRole, LaneRole, StageMatrixModel
from gui.theme.paint import dpr_of, hairline
from gui.theme.text_layout import LEFT, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr

_INSET = 12
_GLYPH = 12
_PAD = 8
_ROOMY_FROM = 460
_NARROW, _WIDE = 34, 66
_HEAD_PAD, _WIDE_PAD = 7, 5
"""Beside the title of a stage, and what a wide column has more of it."""
_LEAST_NAME, _GOOD_NAME = 56, 110


class MatrixDelegate(Guarded, QStyledItemDelegate):
    """Paints one cell: the name of a workstream, or the number and state of its files in a stage."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._type = Typesetter(theme, self)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Background, hairline, glyph and text."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        lane: RadarLane = index.data(LaneRole)
        cell: Cell | None = index.data(CellRole)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, self._theme.color("sel"))
            if index.column() == 0:
                painter.fillRect(rect.left(), rect.top(), 3, rect.height(), self._theme.color("focus"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self._theme.color("hover"))
        hairline(
            painter, rect.bottom(), left=rect.left(), right=rect.right(), color=self._theme.color("line")
        )
        if cell is None:
            self._paint_name(painter, rect, lane)
        else:
            self._paint_cell(painter, rect, cell)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _paint_name(self, painter: QPainter, rect: QRect, lane: RadarLane) -> None:
        glyph = self._theme.glyph(lane.state, _GLYPH, dpr_of(painter))
        painter.drawPixmap(rect.left() + _INSET, rect.center().y() - _GLYPH // 2 + 1, glyph)
        room = rect.adjusted(_INSET + _GLYPH + 8, 0, -4, 0)
        self._type.draw(painter, room, text=lane.title, role="small", color=self._theme.color("t1"))

    def _paint_cell(self, painter: QPainter, rect: QRect, cell: Cell) -> None:
        room = rect.adjusted(0, 0, -_PAD, 0)
        if not cell.count:
            self._type.draw(
                painter, room, text="·", role="small", color=self._theme.color("line2"), align=RIGHT
            )
            return
        text = figure(cell.count)
        wide = self._type.draw(
            painter, room, text=text, role="small", color=self._theme.color("t1"), align=RIGHT
        )
        left = room.right() - max(wide, 8) - 7 - 10
        glyph = self._theme.glyph(cell.state, 10, dpr_of(painter))
        painter.drawPixmap(left, rect.center().y() - 4, glyph)


class _Header(Guarded, QHeaderView):
    """Column titles in caption size; the padding of the style sheet would cut them off in narrow columns."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._type = Typesetter(theme, self)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        """The title above its numbers, and the hairline below."""
        color = self._theme.color
        painter.fillRect(rect, color("bg1"))
        hairline(painter, rect.bottom(), left=rect.left(), right=rect.right(), color=color("line"))
        edge = _PAD if rect.width() >= _WIDE else _PAD - _WIDE_PAD
        room = rect.adjusted(0, 0, -edge, -1) if section else rect.adjusted(_INSET, 0, -4, -1)
        align = RIGHT if section else LEFT
        text = self._fitting(section, room.width())
        self._type.draw(painter, room, text=text, role="caption", color=color("t2"), align=align)

    def widths(self, *, short: bool) -> list[int]:
        """The least widths of the columns of the stages in which their titles are whole."""
        texts = (self._words(1 + ring)[1 if short else 0] for ring in Ring)
        needed = [self._type.width(text, "caption") + _HEAD_PAD for text in texts]
        return [width if width < _WIDE else width + _WIDE_PAD for width in needed]

    def _words(self, section: int) -> tuple[str, str]:
        """The title of a column and its short form."""
        role, across = StageMatrixModel.SHORT_TITLE_ROLE, Qt.Orientation.Horizontal
        model = self.model()
        return str(model.headerData(section, across)), str(model.headerData(section, across, role))

    def _fitting(self, section: int, width: int) -> str:
        whole, short = self._words(section)
        return whole if self._type.width(whole, "caption") <= width else short


class StageMatrix(Guarded, QTableView):
    """Shares its selection with the disc.

    Signals:
        workstream_selected: (WorkstreamKey) a name, or a cell without files, was selected.
        file_selected: (FileKey) a cell was selected; clicking it again goes to its next file.
        opened: the details of the selection were requested (double click or Return).
    """

    workstream_selected = Signal(object)
    file_selected = Signal(object)
    opened = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stageMatrix")
        self.setAccessibleName(tr("Workstreams by stage"))
        self._theme = theme
        self._file: FileKey | None = None
        self._following = False
        self._waiting: list[RadarLane] | None = None
        self.table = StageMatrixModel(self)
        self.setModel(self.table)
        self.setItemDelegate(MatrixDelegate(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self._header = _Header(theme, self)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_double_clicked)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        theme.changed.connect(self._on_theme_changed)

    def show_lanes(self, lanes: list[RadarLane]) -> None:
        """Show these lanes and keep the selection; no row moves while the pointer is over them."""
        self._waiting = None
        if self.underMouse() and {lane.key for lane in lanes} == set(self.table.keys()):
            self._waiting = lanes
            lanes = sorted(lanes, key=lambda lane: self.table.row_of(lane.key))
        selected = self._selected_lane()
        self._following = True
        self.table.show_lanes(lanes)
        self._following = False
        if selected is not None:
            self.select(selected, self._file)

    def select(self, workstream: WorkstreamKey | None, file: FileKey | None) -> None:
        """Mark the row of a workstream and the cell of a file."""
        self._file = file
        row = self.table.row_of(workstream)
        self._following = True
        if row < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            column = self._column_of(row, file)
            keep = self.currentIndex()
            target = self.table.index(row, column or (keep.column() if keep.row() == row else 0))
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(target, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(target)
        self._following = False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the stages what their titles need and the names the rest, and keep the selected row in view."""
        super().resizeEvent(event)
        self._share_width()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Put the rows in the order that waited for the pointer to leave."""
        super().leaveEvent(event)
        if self._waiting is not None:
            self.show_lanes(self._waiting)

    def _share_width(self) -> None:
        room = self.viewport().width()
        roomy = room >= _ROOMY_FROM
        least = _WIDE if roomy else _NARROW
        stages = [max(width, least) for width in self._header.widths(short=False)]
        if room - sum(stages) < self._theme.widened(_GOOD_NAME):
            stages = [max(width, _NARROW) for width in self._header.widths(short=True)]
        self.verticalHeader().setDefaultSectionSize(self._theme.grown(28 if roomy else 24))
        self._header.setFixedHeight(self._theme.grown(28))
        self.setColumnWidth(0, max(_LEAST_NAME, room - sum(stages)))
        for column, width in enumerate(stages, start=1):
            self.setColumnWidth(column, width)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Make the pressed cell current; only the click that follows emits a signal."""
        self._following = True
        super().mousePressEvent(event)
        self._following = False

    def _column_of(self, row: int, file: FileKey | None) -> int:
        for column in range(1, 1 + len(Ring)):
            cell: Cell = self.table.index(row, column).data(CellRole)
            if any(one.key == file for one in cell.files):
                return column
        return 0

    def _selected_lane(self) -> WorkstreamKey | None:
        index = self.currentIndex()
        if not index.isValid():
            return None
        lane: RadarLane = index.data(LaneRole)
        return lane.key

    def _emit_selection(self, index: QModelIndex, *, onward: bool) -> None:
        lane: RadarLane = index.data(LaneRole)
        cell: Cell | None = index.data(CellRole)
        if cell is None or not cell.files:
            self.workstream_selected.emit(lane.key)
            return
        keys = [file.key for file in cell.files]
        if self._file not in keys:
            self.file_selected.emit(keys[0])
        elif onward:
            self.file_selected.emit(keys[(keys.index(self._file) + 1) % len(keys)])

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._emit_selection(index, onward=True)

    @Slot(QModelIndex)
    def _on_double_clicked(self, _index: QModelIndex) -> None:
        self.opened.emit()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and not self._following:
            self._emit_selection(index, onward=False)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._share_width()
        self.horizontalHeader().viewport().update()
        self.viewport().update()
