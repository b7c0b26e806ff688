"""The table of attempts, painted, as high as its rows up to a few."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from gui.data.attempts_model import (
    ATTEMPT_ROLE,
    DIFFERENCE_ROLE,
    HEADERS,
    STATE_ROLE,
    AttemptColumn,
    AttemptsModel,
)
from gui.guarded import Guarded
from gui.theme.paint import dpr_of
from gui.theme.text_layout import LEFT, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.label import plain_tip
from gui.widgets.tool_tile import TILE_WIDTH, draw_tool_tile

_ROW = 28
_DIFFERENCE = 16
"""The height of the line that says what an attempt did differently."""
_MOST_ROWS = 6
_Index = QModelIndex | QPersistentModelIndex
_NUMBERS = frozenset({AttemptColumn.NUMBER, AttemptColumn.TOOK, AttemptColumn.EXIT, AttemptColumn.COST})
_SAMPLES = {
    AttemptColumn.NUMBER: "99",
    AttemptColumn.TOOL: "gemini",
    AttemptColumn.START: "00:00:00",
    AttemptColumn.TOOK: "59 m 59 s",
    AttemptColumn.EXIT: "-99",
    AttemptColumn.COST: "$99.99",
}
_COST_AROUND = 24
_NARROW = 560  # below this width, exit code and start are hidden in favour of the result,
_NARROWER = 420  # and below this, the tool's name (its tile stays), and the cost if there is none


def _inset(rect: QRect, column: AttemptColumn) -> QRect:
    """The rectangle of a cell's text; the last column keeps the panel's margin."""
    return rect.adjusted(8, 0, -12 if column is AttemptColumn.COST else -8, 0)


class AttemptDelegate(Guarded, QStyledItemDelegate):
    """Paints one cell; glyph, tile and numbers are aligned with their headers."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._type = Typesetter(theme, self)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint background, content and a hairline below."""
        rect, theme = option.rect, self._theme
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.color("sel"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
        match AttemptColumn(index.column()):
            case AttemptColumn.GLYPH:
                glyph = theme.glyph(index.data(STATE_ROLE), 14, dpr_of(painter))
                painter.drawPixmap(rect.left() + 12, rect.top() + (_ROW - 14) // 2, glyph)
            case AttemptColumn.TOOL:
                draw_tool_tile(painter, theme, rect.left() + 8, rect.top() + _ROW / 2, index.data())
                if rect.width() >= TILE_WIDTH + 40:
                    self._write(painter, rect.adjusted(8 + TILE_WIDTH + 6, 0, -4, 0), index)
            case AttemptColumn.RESULT:
                self._write(painter, _inset(rect, AttemptColumn.RESULT), index)
                self._write_difference(painter, _inset(rect, AttemptColumn.RESULT), index)
            case _:
                self._write(painter, _inset(rect, AttemptColumn(index.column())), index)
        if selected and index.column() == AttemptColumn.RESULT and option.widget.hasFocus():
            view = option.widget
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(QRect(1, rect.top() + 1, view.width() - 2, rect.height() - 2))

    def helpEvent(  # noqa: N802 - Qt's name
        self, event: QHelpEvent, view: QAbstractItemView, _option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Say the whole result, which may not fit."""
        is_result = index.isValid() and index.column() == AttemptColumn.RESULT
        text = index.data(Qt.ItemDataRole.AccessibleTextRole) if is_result else ""
        QToolTip.showText(event.globalPos(), plain_tip(text), view)
        return True

    def _write(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        column = AttemptColumn(index.column())
        self._type.draw(
            painter,
            QRect(rect.left(), rect.top(), rect.width(), _ROW),
            text=index.data() or "",
            role="mono" if column is AttemptColumn.START else "small",
            color=self._theme.color("t1"),
            align=RIGHT if column in _NUMBERS else LEFT,
        )

    def _write_difference(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        below = QRect(rect.left(), rect.top() + _ROW - 5, rect.width(), _DIFFERENCE)
        text, color = index.data(DIFFERENCE_ROLE), self._theme.color("t2")
        self._type.draw(painter, below, text=text, role="caption", color=color, align=LEFT)


class _Header(Guarded, QHeaderView):
    """The names of the columns, aligned like their cells."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._type = Typesetter(theme, self)
        self.setFixedHeight(_ROW)
        self.setMinimumSectionSize(20)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        """Paint one name and the hairline below it."""
        column = AttemptColumn(section)
        align = RIGHT if column in _NUMBERS else LEFT
        color = self._theme.color("t2")
        text = "" if column is AttemptColumn.TOOL and rect.width() < TILE_WIDTH + 40 else tr(HEADERS[section])
        self._type.draw(painter, _inset(rect, column), text=text, role="caption+", color=color, align=align)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._theme.color("line"))


class AttemptsView(Guarded, QTableView):
    """The attempts; the arrow keys select one.

    Signals:
        selected: (attempt id) another attempt is current.
    """

    selected = Signal(object)

    def __init__(self, model: AttemptsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._type = Typesetter(theme, self)
        self.setModel(model)
        self.setItemDelegate(AttemptDelegate(theme, self))
        self.setAccessibleName(tr("Attempts"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = _Header(theme, self)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(AttemptColumn.RESULT, QHeaderView.ResizeMode.Stretch)
        self._on_theme_changed()
        theme.changed.connect(self._on_theme_changed)
        model.rowsInserted.connect(self._on_rows_changed)
        model.modelReset.connect(self._on_rows_changed)
        model.dataChanged.connect(self._on_data_changed)
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)

    def select(self, attempt_id: int | None) -> None:
        """Make an attempt current; the last one if None."""
        model = self.model()
        ids = [model.index(row, 0).data(ATTEMPT_ROLE).id for row in range(model.rowCount())]
        if ids:
            row = ids.index(attempt_id) if attempt_id in ids else len(ids) - 1
            self.selectRow(row)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The header and all rows, up to a few."""
        rows = min(self.model().rowCount(), _MOST_ROWS)
        return QSize(400, _ROW + sum(map(self.rowHeight, range(rows))))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """No row is cut off."""
        return QSize(200, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Hide the least important columns when narrow."""
        super().resizeEvent(event)
        self._set_columns()

    def _set_rows(self) -> None:
        """A row is higher where it says what its attempt did differently."""
        model = self.model()
        for row in range(model.rowCount()):
            height = _ROW + (_DIFFERENCE if model.index(row, 0).data(DIFFERENCE_ROLE) else 0)
            if self.rowHeight(row) != height:
                self.setRowHeight(row, height)

    def _set_columns(self) -> None:
        for column, sample in _SAMPLES.items():
            role = "mono" if column is AttemptColumn.START else "small"
            self.setColumnWidth(column, self._type.width(sample, role) + 20)
        self.setColumnWidth(AttemptColumn.GLYPH, 34)
        narrow, narrower = self.width() < _NARROW, self.width() < _NARROWER
        tile = TILE_WIDTH + 16
        name = self._type.width(_SAMPLES[AttemptColumn.TOOL], "small")
        self.setColumnWidth(AttemptColumn.TOOL, tile if narrower else tile + 6 + name)
        self.setColumnHidden(AttemptColumn.EXIT, narrow)
        self.setColumnHidden(AttemptColumn.START, narrow)
        model = self.model()
        costs = [str(model.index(row, AttemptColumn.COST).data() or "") for row in range(model.rowCount())]
        widest = max((self._type.width(cost, "small") + _COST_AROUND for cost in costs), default=0)
        self.setColumnWidth(AttemptColumn.COST, max(self.columnWidth(AttemptColumn.COST), widest))
        self.setColumnHidden(AttemptColumn.COST, narrow and not any(costs))

    @Slot(QModelIndex, QModelIndex)
    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        """A cost is known only when its attempt has ended; the tick of a duration changes no width."""
        if first.column() <= AttemptColumn.COST <= last.column():
            self._set_rows()
            self._set_columns()
            self.updateGeometry()

    @Slot()
    def _on_rows_changed(self) -> None:
        self._set_rows()
        self._set_columns()
        self.updateGeometry()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.selected.emit(current.data(ATTEMPT_ROLE).id)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._set_columns()
        self.viewport().update()
