"""Paint the rows of the drop sheet and toggle their ticks; header and rows share the columns measured here."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.guarded import Guarded
from gui.sheets.intake.dropped_files_model import DroppedFileRow, DroppedFilesModel
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.tool_tile import TILE_WIDTH, draw_tool_tile

ONE_LINE, TWO_LINES = 36, 48
"""The height of a row without and with a reason, at the usual text size."""
_HEADER, _TO_REASON, _LINE = 32, 18, 48
_LEFT, _RIGHT, _BOX, _GLYPH = 16, 16, 14, 14
_STATE_LEFT = _LEFT + _BOX + 10
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Columns:
    """The left edges and widths of the columns."""

    state: tuple[int, int]
    file: tuple[int, int]
    workstream: tuple[int, int]
    tool: tuple[int, int]
    when: tuple[int, int]

    @classmethod
    def across(cls, width: int) -> "Columns":
        """Divide the width: the file's name gets most, since it is what the user recognises."""
        room = max(0, width - _STATE_LEFT - _RIGHT)
        shares = (0.165, 0.29, 0.17, 0.13, 0.245)
        edges = [_STATE_LEFT + round(room * sum(shares[:number])) for number in range(len(shares) + 1)]
        spans = [(left, right - left - 8) for left, right in pairwise(edges)]
        return cls(*spans)


class DroppedFileHeader(Guarded, QWidget):
    """The names of the columns."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw each name above its column."""
        painter = QPainter(self)
        painter.setFont(_medium(self._theme.font("caption")))
        painter.setPen(self._theme.color("t2"))
        columns = Columns.across(self.width())
        named = zip(
            (tr("State"), tr("File"), tr("Workstream"), tr("Tool"), tr("When")),
            (columns.state, columns.file, columns.workstream, columns.tool, columns.when),
            strict=True,
        )
        for name, (left, width) in named:
            painter.drawText(QRect(left, 0, width, self.height()), int(_MIDDLE), name)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFixedHeight(self._theme.grown(_HEADER))
        self.update()


class DroppedFileDelegate(Guarded, QStyledItemDelegate):
    """One file per row; a reason is a second line."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint background, checkbox, columns, reason, hairline and focus ring."""
        row: DroppedFileRow = index.data(DroppedFilesModel.RowRole)
        rect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, self._theme.color("sel"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self._theme.color("hover"))
        self._paint_box(painter, option, row)
        # The columns stay below their names whether or not there is a scroll bar.
        self._paint_columns(painter, rect, row, width=option.widget.width(), selected=selected)
        if row.check.reason:
            self._paint_reason(painter, rect, row, selected=selected)
        if index.row() < index.model().rowCount() - 1:  # the footer has its own line
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._theme.color("line"))
        if (
            option.state & QStyle.StateFlag.State_HasFocus
            and option.state & QStyle.StateFlag.State_KeyboardFocusChange
        ):
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -2))

    def editorEvent(  # noqa: N802 - Qt's name
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Tick or untick the file on a click on the checkbox, or Space."""
        match event:
            case QMouseEvent() if event.type() == QEvent.Type.MouseButtonRelease:
                hit = self._hit(option.rect).contains(event.position().toPoint())
                return hit and _toggle(model, index)
            case QMouseEvent() if event.type() == QEvent.Type.MouseButtonDblClick:
                return _toggle(model, index)
            case QKeyEvent() if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space:
                return _toggle(model, index)
            case _:
                return False

    def _paint_box(self, painter: QPainter, option: QStyleOptionViewItem, row: DroppedFileRow) -> None:
        box = QStyleOptionViewItem(option)
        rect = option.rect
        box.rect = QRect(rect.left() + _LEFT, self._middle(rect, row) - _BOX // 2, _BOX, _BOX)
        flags = QStyle.StateFlag.State_On if row.ticked else QStyle.StateFlag.State_Off
        if row.check.can_add:
            flags |= QStyle.StateFlag.State_Enabled
        box.state = flags
        widget = option.widget
        widget.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck, box, painter, widget
        )

    def _paint_columns(
        self, painter: QPainter, rect: QRect, row: DroppedFileRow, *, width: int, selected: bool
    ) -> None:
        theme, columns = self._theme, Columns.across(width)
        middle = self._middle(rect, row)
        glyph = theme.glyph(row.check.state, _GLYPH, painter.device().devicePixelRatioF())
        painter.drawPixmap(QPoint(rect.left() + columns.state[0], middle - _GLYPH // 2), glyph)
        word = theme.color("t1") if selected else theme.state(row.check.state).fg
        main = theme.color("t1" if row.ticked or not row.check.can_add else "t2")
        quiet = theme.color("t2" if selected or row.ticked else "t3")
        tool = _tools_in_words(row.tools)
        for text, room, color in (
            (row.check.word, _behind(columns.state, _GLYPH), word),
            (row.workstream, columns.workstream, main),
            (tool, _behind(columns.tool, TILE_WIDTH), main),
            (row.when, columns.when, quiet),
        ):
            self._write(painter, _line(rect, room, middle), text=text, color=color)
        self._write(painter, _line(rect, columns.file, middle), text=row.name, color=main, role="mono")
        if row.tools:
            draw_tool_tile(painter, theme, rect.left() + columns.tool[0], middle, row.tools[0])

    def _paint_reason(self, painter: QPainter, rect: QRect, row: DroppedFileRow, *, selected: bool) -> None:
        wrong = row.check.state == "failed"
        color = self._theme.color("t1" if wrong and selected else "failed" if wrong else "t2")
        room = (_STATE_LEFT, rect.width() - _STATE_LEFT - _RIGHT)
        self._write(
            painter,
            _line(rect, room, self._middle(rect, row) + self._theme.grown(_TO_REASON)),
            text=row.check.reason,
            color=color,
        )

    def _write(
        self, painter: QPainter, line: QRect, *, text: str, color: QColor, role: str = "small"
    ) -> None:
        font = self._theme.font(role)
        painter.setFont(font)
        painter.setPen(color)
        # The end of a path identifies it, the beginning of a sentence explains most.
        elide = Qt.TextElideMode.ElideMiddle if role == "mono" else Qt.TextElideMode.ElideRight
        painter.drawText(line, int(_MIDDLE), QFontMetrics(font).elidedText(text, elide, line.width()))

    def _middle(self, rect: QRect, row: DroppedFileRow) -> int:
        """The vertical centre of the first line of a row."""
        return rect.top() + self._theme.grown(ONE_LINE) // 2 - (2 if row.check.reason else 0)

    @staticmethod
    def _hit(rect: QRect) -> QRect:
        """Where a click toggles the checkbox: more than 24 px each way."""
        return QRect(rect.left(), rect.top(), _LEFT + _BOX + 8, rect.height())


_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def _tools_in_words(tools: Sequence[str]) -> str:
    if len(tools) > 1:
        return tr_count("{n} tool", "{n} tools", len(tools))
    return next(iter(tools), "")


def _behind(column: tuple[int, int], mark: int) -> tuple[int, int]:
    """The room of a column after a mark of this width."""
    return (column[0] + mark + 6, column[1] - mark - 6)


def _line(rect: QRect, room: tuple[int, int], middle: int) -> QRect:
    return QRect(rect.left() + room[0], middle - _LINE // 2, room[1], _LINE)


def _toggle(model: QAbstractItemModel, index: _Index) -> bool:
    ticked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
    flipped = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
    return model.setData(index, flipped, Qt.ItemDataRole.CheckStateRole)


def _medium(font: QFont) -> QFont:
    font.setWeight(QFont.Weight.Medium)
    return font
