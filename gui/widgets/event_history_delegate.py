"""Paint one event of a history on one line: time, glyph and sentence."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.data.event_history_model import StateRole, TimeRole
from gui.guarded import Guarded
from gui.theme.paint import dpr_of
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme


class EventHistoryDelegate(Guarded, QStyledItemDelegate):
    """Paints the rows of a `EventHistoryModel`."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._type = Typesetter(theme, self)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Time, glyph and sentence."""
        rect = option.rect.adjusted(12, 0, -12, 0)
        clock = self._type.draw(
            painter, rect, text=index.data(TimeRole), role="mono", color=self._theme.color("t3")
        )
        state = index.data(StateRole)
        left = rect.left() + clock + 12
        if state:
            glyph = self._theme.glyph(state, 12, dpr_of(painter))
            painter.drawPixmap(left, rect.center().y() - 5, glyph)
        room = rect.adjusted(clock + 34, 0, 0, 0)
        self._type.draw(painter, room, text=index.data(), role="small", color=self._theme.color("t1"))

    def sizeHint(  # noqa: N802 - Qt's name
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One line of 24 pixels."""
        return QSize(100, 24)
