"""Paint one thing that needs a person: yellow edge, glyph, title, reason, age and button."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.system.formatting import age
from gui.guarded import Guarded
from gui.panels.dashboard.attention_model import NEED_ROLE, AttentionItem
from gui.theme.paint import dpr_of, glyph, hairline, rounded
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.widgets.painted_button import PaintedButton, button_from_right, draw_button

Index = QModelIndex | QPersistentModelIndex
ROW, MORE_ROW = 44, 28
_EDGE = 3
_INSET = 12
_AGE_GAP = 10


class AttentionDelegate(Guarded, QStyledItemDelegate):
    """Paints the rows; the row that counts the rest is lower. `hot` is the row whose button is under the pointer."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self.now = 0.0
        self.hot = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """The full width, and the height of the kind of row."""
        need: AttentionItem = index.data(NEED_ROLE)
        return QSize(option.rect.width(), ROW if need.button else MORE_ROW)

    def button(self, need: AttentionItem, rect: QRect) -> PaintedButton | None:
        """The button of a need painted in this rectangle."""
        if need.button is None:
            return None
        return button_from_right(need.button, rect.right() + 1 - _INSET, rect.center().y(), type_=self._type)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        need: AttentionItem = index.data(NEED_ROLE)
        theme, rect = self._theme, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(rect, theme.color("sel" if selected else "hover" if hovered else "bg1"))
        hairline(painter, rect.bottom(), left=rect.left(), right=rect.right(), color=theme.color("line"))
        if need.button is None:
            line = rect.adjusted(_INSET + 28, 0, -_INSET, 0)
            self._type.draw(painter, line, text=need.title, role="small", color=theme.color("accent"))
        else:
            self._paint_need(painter, rect, need, index.row())
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            rounded(painter, rect, radius=3, edge=theme.color("focus"), width=2)

    def _paint_need(self, painter: QPainter, rect: QRect, need: AttentionItem, row: int) -> None:
        theme, type_ = self._theme, self._type
        painter.fillRect(rect.left(), rect.top(), _EDGE, rect.height() - 1, theme.state("needsyou").fill)
        mark = theme.glyph(need.state, 16, dpr_of(painter))
        glyph(painter, QRect(rect.left() + _INSET, rect.top(), 16, rect.height()), mark)
        button = self.button(need, rect)
        right = rect.right() - _INSET
        if button is not None:
            kind = "primary" if row == 0 else "secondary"
            draw_button(painter, button, kind=kind, hot=self.hot == row, theme=theme, type_=type_)
            right = button.rect.left() - _AGE_GAP
        age_text = age(need.since, self.now)
        width = type_.width(age_text, "small")
        box = QRect(right - width, rect.top(), width + 1, rect.height())
        type_.draw(painter, box, text=age_text, role="small", color=theme.color("t2"), align=RIGHT)
        left = rect.left() + _INSET + 16 + 12
        height = type_.height("strong") + type_.height("small")
        top = rect.top() + (rect.height() - height) // 2
        room = QRect(left, top, max(0, right - width - 12 - left), type_.height("strong"))
        type_.draw(painter, room, text=need.title, role="strong", color=theme.color("t1"))
        below = QRect(left, room.bottom() + 1, room.width(), type_.height("small"))
        type_.draw(painter, below, text=need.reason, role="small", color=theme.color("t2"))
