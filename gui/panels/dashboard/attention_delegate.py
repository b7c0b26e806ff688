"""Paint what needs a person: yellow edge, glyph, title, reason, age and button; its workstreams in lower rows."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from engine.system.formatting import age
from gui.panels.dashboard.attention_items import AttentionItem, AttentionRow
from gui.panels.dashboard.attention_model import NEED_ROLE
from gui.theme.paint import dpr_of, glyph, hairline, rounded, saved
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.painted_button import (
    PaintedButton,
    PaintsButtons,
    button_from_right,
    draw_button,
    with_reasons,
)

Index = QModelIndex | QPersistentModelIndex
ROW, MEMBER_ROW = 44, 28
_EDGE = 3
_INSET = 12
_TEXT = _INSET + 16 + 12
_GAP = 10
_DOT = 5
_CHEVRON = 12
_LEAST_TITLE = 120
"""Below this width of the title, the age gives way: no row may be without a name."""


def row_height(need: AttentionItem, theme: Theme) -> int:
    """The height of a row in the size of the text."""
    return theme.grown(ROW, 2) if need.kind is AttentionRow.NEED else theme.grown(MEMBER_ROW)


class AttentionDelegate(PaintsButtons):
    """Paints the rows. `hot` is the row whose button is under the pointer."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self.now = 0.0
        self.hot = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """The full width, and the height of the kind of row."""
        return QSize(option.rect.width(), row_height(index.data(NEED_ROLE), self._theme))

    def button(self, need: AttentionItem, rect: QRect) -> PaintedButton | None:
        """The button of a need painted in this rectangle."""
        if need.button is None:
            return None
        right, middle = rect.right() + 1 - _INSET, rect.center().y()
        return self._explained(button_from_right(need.button, right, middle, type_=self._type))

    def second(self, need: AttentionItem, rect: QRect) -> PaintedButton | None:
        """The second button, left of the other one."""
        main = self.button(need, rect)
        if need.second is None or main is None:
            return None
        right = main.rect.left() - _GAP
        return self._explained(button_from_right(need.second, right, rect.center().y(), type_=self._type))

    def _explained(self, button: PaintedButton) -> PaintedButton:
        return with_reasons([button], self.why_not)[0]

    def is_on_chevron(self, need: AttentionItem, rect: QRect, at: QPoint) -> bool:
        """Whether a point in the row lies on what opens and closes it: its glyph, or the chevron behind its title."""
        if not need.can_open:
            return False
        title = self._title_room(need, rect)
        end = title.left() + min(title.width(), self._type.width(need.title, "strong"))
        on_glyph = at.x() < rect.left() + _TEXT - 6
        on_chevron = end <= at.x() < end + _CHEVRON + 8 and at.y() < rect.center().y() + 2
        return on_glyph or on_chevron

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        need: AttentionItem = index.data(NEED_ROLE)
        theme, rect = self._theme, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(rect, theme.color("sel" if selected else "hover" if hovered else "bg1"))
        hairline(painter, rect.bottom(), left=rect.left(), right=rect.right(), color=theme.color("line"))
        match need.kind:
            case AttentionRow.NEED:
                self._paint_need(painter, rect, need, index.row())
            case AttentionRow.MEMBER:
                self._paint_member(painter, rect, need, index.row())
            case _:
                line = rect.adjusted(_TEXT, 0, -_INSET, 0)
                self._type.draw(painter, line, text=need.title, role="small", color=theme.color("accent"))
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            rounded(painter, rect, radius=3, edge=theme.color("focus"), width=2)

    def _paint_need(self, painter: QPainter, rect: QRect, need: AttentionItem, row: int) -> None:
        theme, type_ = self._theme, self._type
        edge = theme.color("line2") if need.is_settled else theme.state("needsyou").fill
        painter.fillRect(rect.left(), rect.top(), _EDGE, rect.height() - 1, edge)
        mark = theme.glyph("skipped" if need.is_settled else need.state, 16, dpr_of(painter))
        glyph(painter, QRect(rect.left() + _INSET, rect.top(), 16, rect.height()), mark)
        self._paint_dot(painter, rect, need)
        self._paint_button(painter, rect, need, row, kind="primary" if row == 0 else "secondary")
        self._paint_age(painter, rect, need)
        room = self._title_room(need, rect)
        ink = theme.color("t3" if need.is_settled else "t1")
        used = type_.draw(painter, room, text=need.title, role="strong", color=ink)
        if need.can_open:
            self._paint_chevron(painter, room.left() + used + 4, room.center().y() + 1, down=need.is_open)
        below = QRect(
            room.left(), room.bottom() + 1, self._end_of_text(need, rect) - room.left(), type_.height("small")
        )
        reason = tr("Settled.") if need.is_settled else need.reason
        type_.draw(
            painter, below, text=reason, role="small", color=theme.color("t3" if need.is_settled else "t2")
        )

    def _paint_member(self, painter: QPainter, rect: QRect, need: AttentionItem, row: int) -> None:
        theme, type_ = self._theme, self._type
        edge = theme.color("line2") if need.is_settled else theme.state("needsyou").fill
        painter.fillRect(rect.left(), rect.top(), _EDGE, rect.height() - 1, edge)
        mark = theme.glyph("skipped" if need.is_settled else need.state, 12, dpr_of(painter))
        glyph(painter, QRect(rect.left() + _TEXT, rect.top(), 12, rect.height()), mark)
        self._paint_dot(painter, rect, need)
        self._paint_button(painter, rect, need, row, kind="quiet")
        self._paint_age(painter, rect, need)
        left = rect.left() + _TEXT + 12 + 8
        room = QRect(left, rect.top(), max(0, self._end_of_text(need, rect) - left), rect.height())
        ink = theme.color("t3" if need.is_settled else "t1")
        used = type_.draw(painter, room, text=need.title, role="small+", color=ink)
        rest = room.adjusted(used + _GAP, 0, 0, 0)
        if rest.width() > type_.width("mmmm", "small"):
            type_.draw(painter, rest, text=need.reason, role="small", color=theme.color("t3"))

    def _paint_dot(self, painter: QPainter, rect: QRect, need: AttentionItem) -> None:
        """The mark of what nobody has looked at yet."""
        if need.is_unread:
            box = QRect(rect.left() + _EDGE + 2, rect.center().y() - _DOT // 2, _DOT, _DOT)
            rounded(painter, box, radius=_DOT / 2, ground=self._theme.color("accent"))

    def _paint_button(
        self, painter: QPainter, rect: QRect, need: AttentionItem, row: int, *, kind: str
    ) -> None:
        button = self.button(need, rect)
        if button is not None:
            hot = self.hot == row
            draw_button(painter, button, kind=kind, hot=hot, theme=self._theme, type_=self._type)
        if (second := self.second(need, rect)) is not None:
            draw_button(painter, second, kind="quiet", hot=False, theme=self._theme, type_=self._type)

    def _paint_age(self, painter: QPainter, rect: QRect, need: AttentionItem) -> None:
        """The age, and below it how many workstreams are held up."""
        type_, width = self._type, self._age_width(need, rect)
        if width:
            lines = [line for line in (age(need.since, self.now), _held_up(need)) if line]
            height = type_.height("small")
            top = rect.top() + (rect.height() - len(lines) * height) // 2
            left = self._end_of_row(need, rect) - width
            for number, line in enumerate(lines):
                box = QRect(left, top + number * height, width + 1, height)
                color = self._theme.color("t3" if number or need.is_settled else "t2")
                type_.draw(painter, box, text=line, role="small", color=color, align=RIGHT)

    def _paint_chevron(self, painter: QPainter, left: int, middle: int, *, down: bool) -> None:
        mark = self._theme.icon("chevr", "t2", _CHEVRON, dpr_of(painter))
        with saved(painter):
            painter.translate(left + _CHEVRON // 2, middle)
            painter.rotate(90 if down else 0)
            painter.drawPixmap(-_CHEVRON // 2, -_CHEVRON // 2, mark)

    def _title_room(self, need: AttentionItem, rect: QRect) -> QRect:
        type_ = self._type
        height = type_.height("strong") + type_.height("small")
        top = rect.top() + (rect.height() - height) // 2
        left = rect.left() + _TEXT
        trailing = _CHEVRON + 4 if need.can_open else 0
        width = max(0, self._end_of_text(need, rect) - trailing - left)
        return QRect(left, top, width, type_.height("strong"))

    def _end_of_row(self, need: AttentionItem, rect: QRect) -> int:
        button = self.second(need, rect) or self.button(need, rect)
        return rect.right() - _INSET if button is None else button.rect.left() - _GAP

    def _end_of_text(self, need: AttentionItem, rect: QRect) -> int:
        width = self._age_width(need, rect)
        return self._end_of_row(need, rect) - (width + _INSET if width else 0)

    def _age_width(self, need: AttentionItem, rect: QRect) -> int:
        """The width of the age; 0 where the title needs the room."""
        lines = (age(need.since, self.now), _held_up(need))
        width = max(self._type.width(line, "small") for line in lines)
        room = self._end_of_row(need, rect) - rect.left() - _TEXT
        return width if room - width - _INSET >= _LEAST_TITLE else 0


def _held_up(need: AttentionItem) -> str:
    if not need.holds_up or need.is_settled:
        return ""
    return tr("holds up {number:,}", number=need.holds_up)
