"""Paint the rows of the queue column: section heads, reviews with their evidence, and the lower rows of the rest."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.system.formatting import age, clock_minute
from gui.guarded import Guarded
from gui.panels.review.marks import Mark, conflict_mark, draw_mark, mark_lines, mark_width, queue_marks
from gui.panels.review.queue_model import ROW_ROLE, QueueHead, QueueRow
from gui.panels.review.review_records import ReviewItem, ReviewSection
from gui.theme.paint import dpr_of, glyph, hairline, rounded
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme

Index = QModelIndex | QPersistentModelIndex
HEAD, LOW = 28, 44
_FIXED, _LINE = 51, 17
_EDGE, _INSET, _GLYPH, _TEXT = 3, 12, 14, 34
_GAP = 11
_RIGHT_INSET = 12


class QueueDelegate(Guarded, QStyledItemDelegate):
    """Paints the rows. `now` is the time ages refer to; a `narrow` column leaves the attempts out."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self.now = 0.0
        self.narrow = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """The full width, and the height of the kind of row."""
        row: QueueRow = index.data(ROW_ROLE)
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        if isinstance(row, QueueHead):
            return QSize(width, HEAD)
        return QSize(width, self._height(row, width))

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
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            rounded(painter, rect, radius=3, edge=theme.color("focus"), width=2)

    def _height(self, item: ReviewItem, width: int) -> int:
        if item.evidence is None:
            return LOW
        return _FIXED + _LINE * (len(self._lines(item, width)) + (conflict_mark(item.evidence) is not None))

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
        type_.draw(painter, count, text=f"{head.count:,}", role="small", color=theme.color("t2"))
        type_.draw(painter, line, text=head.fact, role="caption", color=theme.color("t3"), align=RIGHT)

    def _paint_item(self, painter: QPainter, rect: QRect, item: ReviewItem, *, selected: bool) -> None:
        theme, type_ = self._theme, self._type
        waits = item.evidence is not None
        pale = theme.color("t1" if selected and not waits else "t2")
        top = rect.top() + (8 if waits else 5)
        mark = theme.glyph(item.state, _GLYPH, dpr_of(painter))
        glyph(painter, QRect(rect.left() + _INSET, top, _GLYPH, 18), mark)
        room = QRect(rect.left() + _TEXT, top, rect.width() - _TEXT - _RIGHT_INSET, 18)
        when = clock_minute(item.since) if item.section is ReviewSection.MERGED else age(item.since, self.now)
        role = "strong" if waits else "base"
        title = room if waits else room.adjusted(0, 0, -type_.width(when, "caption") - 8, 0)
        type_.draw(painter, title, text=item.title, role=role, color=theme.color("t1"))
        below = QRect(room.left(), room.bottom() + 1, room.width(), 15)
        at = below if waits else room
        type_.draw(painter, at, text=when, role="caption", color=pale, align=RIGHT)
        text = ", ".join(filter(None, (item.ws_id, item.repo, item.tool))) if waits else item.sentence
        names = below.adjusted(0, 0, -type_.width(when, "caption") - 8, 0) if waits else below
        type_.draw(painter, names, text=text, role="caption", color=pale)
        self._paint_marks(painter, rect, item, top=below.bottom() + 3, selected=selected)

    def _paint_marks(
        self, painter: QPainter, rect: QRect, item: ReviewItem, *, top: int, selected: bool
    ) -> None:
        if item.evidence is None:
            return
        lines = self._lines(item, rect.width())
        conflict = conflict_mark(item.evidence)
        if conflict is not None:
            lines.append([conflict])
        for line in lines:
            left = rect.left() + _TEXT
            for mark in line:
                room = QRect(left, top, rect.right() - _RIGHT_INSET - left, _LINE)
                ink = self._theme.color("t1" if selected else mark.ink)
                draw_mark(painter, room, mark, ink=ink, theme=self._theme, type_=self._type, role="caption")
                left += mark_width(mark, self._type, "caption") + _GAP
            top += _LINE
