"""Paint the cells of the table of runs."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from engine.system.formatting import short_duration
from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.dashboard.dashboard_heights import RUN_HEIGHT
from gui.panels.dashboard.runs_model import RUN_ROLE, Field, RunRow, shown_cost
from gui.theme.paint import dpr_of, glyph, hairline
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.widgets.state_bar import draw_bar

Index = QModelIndex | QPersistentModelIndex
INSET = 12
_BAR = 10
_GAP = 6


class RunDelegate(Guarded, QStyledItemDelegate):
    """Paints glyph and names, the composite bar, and the numbers. Elapsed time counts up to `now`."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self.now = 0.0

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        """The fixed row height."""
        return QSize(option.rect.width(), self._theme.grown(RUN_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell on the background of its row."""
        row: RunRow = index.data(RUN_ROLE)
        theme, rect = self._theme, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(rect, theme.color("sel" if selected else "hover" if hovered else "bg1"))
        hairline(painter, rect.bottom(), left=rect.left(), right=rect.right(), color=theme.color("line"))
        match Field(index.column()):
            case Field.RUN:
                self._paint_names(painter, rect, row, selected=selected)
            case Field.PROGRESS:
                top = rect.top() + (rect.height() - _BAR) // 2
                draw_bar(painter, QRect(rect.left(), top, rect.width() - 12, _BAR), row.segments, theme=theme)
            case Field.DONE:
                self._paint_number(painter, rect, f"{figure(row.done)}/{figure(row.total)}")
            case Field.ELAPSED:
                self._paint_number(painter, rect, short_duration(row.elapsed(self.now)))
            case Field.COST:
                self._paint_number(painter, rect.adjusted(0, 0, -(INSET - 4), 0), shown_cost(row))

    def _paint_names(self, painter: QPainter, rect: QRect, row: RunRow, *, selected: bool) -> None:
        theme, type_ = self._theme, self._type
        mark = theme.glyph(row.state, 14, dpr_of(painter))
        glyph(painter, QRect(rect.left() + INSET, rect.top(), 14, rect.height()), mark)
        left = rect.left() + INSET + 14 + 10
        room = QRect(left, rect.top(), max(0, rect.right() - left - 8), rect.height())
        used = type_.draw(painter, room, text=row.title, role="name", color=theme.color("t1"))
        known = row.apart if row.apart != row.repo else ""
        detail = " · ".join(part for part in (row.repo, known) if part)
        rest = room.adjusted(used + _GAP, 0, 0, 0)
        if rest.width() > type_.width("mmm", "small"):
            color = theme.color("t2" if selected else "t3")
            type_.draw(painter, rest, text=detail, role="small", color=color)

    def _paint_number(self, painter: QPainter, rect: QRect, text: str) -> None:
        room = rect.adjusted(0, 0, -4, 0)
        color = self._theme.color("t2")
        self._type.draw(painter, room, text=text, role="small", color=color, align=RIGHT)
