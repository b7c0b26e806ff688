"""Paint the rows of the files column."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionButton, QStyleOptionViewItem

from gui.data.captions import added, removed
from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.review.marks import draw_tick, draw_warning
from gui.panels.review.side_model import SIDE_ROLE
from gui.panels.review.side_rows import (
    SideAction,
    SideCaption,
    SideComment,
    SideFile,
    SideFolded,
    SideHead,
    SideRow,
    SideText,
)
from gui.theme.paint import dpr_of, glyph, hairline, rounded
from gui.theme.text_layout import CENTER, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from state.worktree_records import CommentState

Index = QModelIndex | QPersistentModelIndex
_INSET, _BOX, _LETTER, _NAME = 12, 13, 33, 48
_ADDED, _REMOVED, _COMMENT = 50, 13, 88
"""Where the counts end, from the right."""
_COUNT_WIDTH = 44
_HEIGHTS: dict[type, int] = {
    SideHead: 30, SideCaption: 24, SideFile: 26, SideFolded: 30, SideText: 22, SideComment: 45, SideAction: 28,
}  # fmt: skip
_DETAILED = 40


class SideDelegate(Guarded, QStyledItemDelegate):
    """Paints the rows of a `SideModel`."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """The full width, and the height of the kind of row."""
        row: SideRow = index.data(SIDE_ROLE)
        height = _DETAILED if isinstance(row, SideText) and row.detail else _HEIGHTS[type(row)]
        view = option.widget
        return QSize(view.viewport().width() if isinstance(view, QListView) else 200, height)

    def box(self, rect: QRect) -> QRect:
        """The viewed box of a file painted in this rectangle."""
        return QRect(rect.left() + _INSET, rect.top() + (rect.height() - _BOX) // 2, _BOX, _BOX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        row: SideRow = index.data(SIDE_ROLE)
        rect, theme = option.rect, self._theme
        can_select = isinstance(row, SideFile | SideFolded | SideComment | SideAction)
        selected = bool(option.state & QStyle.StateFlag.State_Selected) and can_select
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver) and can_select
        painter.fillRect(rect, theme.color("sel" if selected else "hover" if hovered else "bg1"))
        if selected or (isinstance(row, SideComment) and row.is_open):
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.color("focus"))
        self._paint_row(painter, rect, row, option=option, selected=selected)
        if option.state & QStyle.StateFlag.State_HasFocus:
            rounded(painter, rect, radius=3, edge=theme.color("focus"), width=2)

    def _paint_row(
        self, painter: QPainter, rect: QRect, row: SideRow, *, option: QStyleOptionViewItem, selected: bool
    ) -> None:
        match row:
            case SideHead():
                self._paint_head(painter, rect, row, first=rect.top() <= 0)
            case SideCaption():
                self._paint_caption(painter, rect, row)
            case SideFile():
                self._paint_file(painter, rect, row, option=option, selected=selected)
            case SideFolded():
                self._paint_folded(painter, rect, row)
            case SideText():
                self._paint_text(painter, rect, row)
            case SideComment():
                self._paint_comment(painter, rect, row)
            case SideAction(text=text):
                line = rect.adjusted(_INSET, 0, -_INSET, 0)
                self._type.draw(painter, line, text=text, role="small", color=self._theme.color("accent"))

    def _paint_head(self, painter: QPainter, rect: QRect, row: SideHead, *, first: bool) -> None:
        theme, type_ = self._theme, self._type
        if not first:
            hairline(painter, rect.top(), left=rect.left(), right=rect.right(), color=theme.color("line"))
        line = rect.adjusted(_INSET, 0, -_INSET, 0)
        wide = type_.draw(painter, line, text=row.title, role="smallstrong", color=theme.color("t2"))
        count = line.adjusted(wide + 6, 0, 0, 0)
        type_.draw(painter, count, text=row.count, role="small", color=theme.color("t2"))
        type_.draw(painter, line, text=row.fact, role="small", color=theme.color("t2"), align=RIGHT)

    def _paint_caption(self, painter: QPainter, rect: QRect, row: SideCaption) -> None:
        line = rect.adjusted(_INSET, 0, -_INSET, 0)
        if row.warns:
            draw_warning(painter, QRect(line.left(), line.top(), 14, line.height()), self._theme)
            line.setLeft(line.left() + 20)
            self._type.draw(painter, line, text=row.text, role="small", color=self._theme.color("t2"))
        else:
            self._type.draw(painter, line, text=row.text, role="mono", color=self._theme.color("t3"))

    def _paint_file(
        self, painter: QPainter, rect: QRect, row: SideFile, *, option: QStyleOptionViewItem, selected: bool
    ) -> None:
        theme, type_ = self._theme, self._type
        self._paint_box(painter, self.box(rect), option, viewed=row.viewed)
        letter = QRect(rect.left() + _LETTER, rect.top(), 12, rect.height())
        type_.draw(painter, letter, text=row.file.letter, role="mono", color=theme.color("t2"), align=CENTER)
        end = self._paint_counts(painter, rect, row.file.added, row.file.removed, pale=False)
        if row.comments:
            end = self._paint_comments(painter, rect, row.comments)
        name = QRect(rect.left() + _NAME, rect.top(), end - rect.left() - _NAME - 6, rect.height())
        role = "monobold" if selected else "mono"
        type_.draw(painter, name, text=row.name, role=role, color=theme.color("t1"))

    def _paint_box(
        self, painter: QPainter, box: QRect, option: QStyleOptionViewItem, *, viewed: bool
    ) -> None:
        button = QStyleOptionButton()
        button.rect = box
        on = QStyle.StateFlag.State_On if viewed else QStyle.StateFlag.State_Off
        button.state = QStyle.StateFlag.State_Enabled | on
        if option.widget is not None:
            option.widget.style().drawPrimitive(
                QStyle.PrimitiveElement.PE_IndicatorCheckBox, button, painter, option.widget
            )

    def _paint_counts(self, painter: QPainter, rect: QRect, plus: int, minus: int, *, pale: bool) -> int:
        """Paint the counts at the right, none for a zero, and return where they begin."""
        right = rect.right() + 1
        for number, text, token, end in (
            (plus, added(plus), "addt", _ADDED),
            (minus, removed(minus), "delt", _REMOVED),
        ):
            if number:
                room = QRect(right - end - _COUNT_WIDTH, rect.top(), _COUNT_WIDTH, rect.height())
                ink = self._theme.color("t3" if pale else token)
                self._type.draw(painter, room, text=text, role="mono", color=ink, align=RIGHT)
        return right - _COMMENT

    def _paint_comments(self, painter: QPainter, rect: QRect, count: int) -> int:
        left = rect.right() + 1 - _COMMENT - 28
        icon = self._theme.icon("note", "t2", 13, dpr_of(painter))
        glyph(painter, QRect(left, rect.top(), 13, rect.height()), icon)
        room = QRect(left + 16, rect.top(), 14, rect.height())
        self._type.draw(painter, room, text=figure(count), role="caption", color=self._theme.color("t2"))
        return left

    def _paint_folded(self, painter: QPainter, rect: QRect, row: SideFolded) -> None:
        theme, type_ = self._theme, self._type
        icon = theme.icon("chev" if row.is_open else "chevr", "t2", 13, dpr_of(painter))
        glyph(painter, QRect(rect.left() + _INSET, rect.top(), _BOX, rect.height()), icon)
        plus, minus = sum(file.added for file in row.files), sum(file.removed for file in row.files)
        end = self._paint_counts(painter, rect, plus, minus, pale=True)
        generated = tr("generated")
        wide = type_.width(generated, "caption")
        word = QRect(end - wide - 4, rect.top(), wide + 1, rect.height())
        type_.draw(painter, word, text=generated, role="caption", color=theme.color("t3"))
        name = QRect(
            rect.left() + _LETTER, rect.top(), word.left() - rect.left() - _LETTER - 6, rect.height()
        )
        type_.draw(painter, name, text=row.name, role="mono", color=theme.color("t2"))

    def _paint_text(self, painter: QPainter, rect: QRect, row: SideText) -> None:
        line = QRect(rect.left() + _INSET, rect.top(), rect.width() - 2 * _INSET, 20)
        ink = "t1" if row.detail else "t2"
        self._type.draw(painter, line, text=row.text, role="mono", color=self._theme.color(ink))
        if row.detail:
            line.translate(0, 17)
            self._type.draw(painter, line, text=row.detail, role="caption", color=self._theme.color("t2"))

    def _paint_comment(self, painter: QPainter, rect: QRect, row: SideComment) -> None:
        theme, type_ = self._theme, self._type
        line = QRect(rect.left() + _INSET, rect.top() + 3, rect.width() - 2 * _INSET, 20)
        wide = type_.width(row.note, "caption")
        title = line.adjusted(0, 0, -wide - 8, 0)
        type_.draw(painter, title, text=row.title, role="mono", color=theme.color("t2"))
        if row.state is CommentState.SETTLED:
            draw_tick(painter, QRect(line.right() - 13, line.top(), 14, line.height()), theme)
        else:
            type_.draw(painter, line, text=row.note, role="caption", color=theme.color("t2"), align=RIGHT)
        line.translate(0, 18)
        type_.draw(painter, line, text=row.text, role="small", color=theme.color("t1"))
