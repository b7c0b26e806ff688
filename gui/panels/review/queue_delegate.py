"""Paint the rows of the queue column: section heads, reviews with their evidence, and the lower rows of the rest."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyleOptionViewItem

from engine.system.formatting import age, clock_minute
from gui.data.card import CardButton
from gui.figures import figure
from gui.panels.review.marks import Mark, conflict_mark, draw_mark, mark_lines, mark_width, queue_marks
from gui.panels.review.queue_model import ROW_ROLE, QueueHead, QueueRow
from gui.panels.review.review_records import ReviewItem, ReviewSection, WorkstreamKey
from gui.theme.paint import dpr_of, glyph, hairline, rounded
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import translatable
from gui.widgets.painted_button import (
    PaintedButton,
    PaintsButtons,
    button_from_right,
    draw_button,
    with_reasons,
)

Index = QModelIndex | QPersistentModelIndex
HEAD, LOW = 28, 44
_FIXED, _LINE = 51, 17
_EDGE, _INSET, _GLYPH, _TEXT = 3, 12, 14, 34
_GAP = 11
_RIGHT_INSET = 12
_MARKS = 44
"""Where the marks begin below the top of a row."""
RESTORE = CardButton(command="restore", label=translatable("Restore"))


class QueueDelegate(PaintsButtons):
    """Paints the rows. `now` is the time ages refer to; a `narrow` column leaves the attempts out.

    `hot` is the review whose button is under the pointer.
    """

    def __init__(self, theme: Theme, type_: Typesetter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self.now = 0.0
        self.hot: WorkstreamKey | None = None
        self.narrow = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """The full width, and the height of the kind of row."""
        row: QueueRow = index.data(ROW_ROLE)
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        if isinstance(row, QueueHead):
            return QSize(width, HEAD)
        return QSize(width, self._height(row, width))

    def button(self, item: ReviewItem, rect: QRect) -> PaintedButton | None:
        """The button of a row painted in this rectangle: discarded work can be restored."""
        if not item.can_restore:
            return None
        right = rect.right() - _RIGHT_INSET
        placed = button_from_right(RESTORE, right, rect.center().y() + 1, type_=self._type)
        return with_reasons([placed], self.why_not)[0]

    def mark_at(self, item: ReviewItem, rect: QRect, at: QPoint) -> Mark | None:
        """The mark that is painted there."""
        placed = self._placed_marks(item, rect) if item.evidence is not None else ()
        found = [mark for mark, room in placed if room.contains(at)]
        return found[-1] if found else None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        row: QueueRow = index.data(ROW_ROLE)
        theme, rect = self._theme, option.rect
        if isinstance(row, QueueHead):
            painter.fillRect(rect, theme.color("bg1"))
            self._paint_head(painter, rect, row)
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(rect, theme.color("sel" if selected else "hover" if hovered else "bg1"))
        hairline(painter, rect.bottom(), left=rect.left(), right=rect.right(), color=theme.color("line"))
        edge = theme.color("focus") if selected else theme.state("needsyou").fill
        if selected or row.section is ReviewSection.WAITING:
            painter.fillRect(rect.left(), rect.top(), _EDGE, rect.height(), edge)
        self._paint_item(painter, rect, row, selected=selected)
        if option.state & QStyle.StateFlag.State_HasFocus:
            rounded(painter, rect, radius=3, edge=theme.color("focus"), width=2)

    def _height(self, item: ReviewItem, width: int) -> int:
        if item.evidence is None:
            return self._theme.grown(LOW, 2)
        return self._theme.grown(_FIXED, 2) + self._theme.grown(_LINE) * (
            len(self._lines(item, width)) + (conflict_mark(item.evidence) is not None)
        )

    def _lines(self, item: ReviewItem, width: int) -> list[list[Mark]]:
        if item.evidence is None:
            return []
        marks = queue_marks(item.evidence, narrow=self.narrow)
        room = width - _TEXT - _RIGHT_INSET
        return mark_lines(marks, room, gap=_GAP, type_=self._type, role="caption")

    def _paint_head(self, painter: QPainter, rect: QRect, head: QueueHead) -> None:
        theme, type_ = self._theme, self._type
        line = rect.adjusted(_INSET, 0, -_RIGHT_INSET, 0)
        wide = type_.draw(painter, line, text=head.title, role="smallstrong", color=theme.color("t2"))
        count = line.adjusted(wide + 6, 0, 0, 0)
        type_.draw(painter, count, text=figure(head.count), role="small", color=theme.color("t2"))
        used = wide + 12 + type_.width(figure(head.count), "small")
        if used + type_.width(head.fact, "caption") > line.width():
            return
        type_.draw(painter, line, text=head.fact, role="caption", color=theme.color("t3"), align=RIGHT)

    def _paint_item(self, painter: QPainter, rect: QRect, item: ReviewItem, *, selected: bool) -> None:
        theme, type_ = self._theme, self._type
        waits = item.evidence is not None
        pale = theme.color("t1" if selected and not waits else "t2")
        top, line = rect.top() + (8 if waits else 5), theme.grown(18)
        mark = theme.glyph(item.state, _GLYPH, dpr_of(painter))
        glyph(painter, QRect(rect.left() + _INSET, top, _GLYPH, line), mark)
        room = QRect(rect.left() + _TEXT, top, rect.width() - _TEXT - _RIGHT_INSET, line)
        when = clock_minute(item.since) if item.section is ReviewSection.MERGED else age(item.since, self.now)
        role = "strong" if waits else "base"
        button = self.button(item, rect)
        if button is not None:
            room.setRight(button.rect.left() - 8)
            kind = "secondary" if selected else "quiet"
            draw_button(painter, button, kind=kind, hot=self.hot == item.key, theme=theme, type_=type_)
        below, beside = (
            QRect(room.left(), room.bottom() + 1, room.width(), theme.grown(15)),
            waits or button is not None,
        )
        at, time_width = below if beside else room, type_.width(when, "caption") + 8
        title = room if beside else room.adjusted(0, 0, -time_width, 0)
        type_.draw(painter, title, text=item.title, role=role, color=theme.color("t1"))
        type_.draw(painter, at, text=when, role="caption", color=pale, align=RIGHT)
        text = ", ".join(filter(None, (item.repo, item.tool))) if waits else item.sentence
        names = below.adjusted(0, 0, -time_width, 0) if beside else below
        type_.draw(painter, names, text=text, role="caption", color=pale)
        for fact, at in self._placed_marks(item, rect) if waits else ():
            ink = theme.color("t1" if selected else fact.ink)
            draw_mark(painter, at, fact, ink=ink, theme=theme, type_=type_, role="caption")

    def _placed_marks(self, item: ReviewItem, rect: QRect) -> Iterator[tuple[Mark, QRect]]:
        """The marks of a review, and the room from the beginning of each to the end of its line."""
        lines = self._lines(item, rect.width())
        conflict = None if item.evidence is None else conflict_mark(item.evidence)
        height = self._theme.grown(_LINE)
        top, end = rect.top() + self._theme.grown(_MARKS, 2), rect.left() + rect.width() - _RIGHT_INSET
        for line in [*lines, *([] if conflict is None else [[conflict]])]:
            left = rect.left() + _TEXT
            for mark in line:
                yield mark, QRect(left, top, end - left, height)
                left += mark_width(mark, self._type, "caption") + _GAP
            top += height
