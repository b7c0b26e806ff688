"""The list of facets: a click shows only that facet, Ctrl+click hides it, and clicking again releases it."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QWidget,
)

from gui.guarded import Guarded
from gui.panels.logs.delegate import draw_tick
from gui.panels.logs.facets import Facet, FacetModel, FacetRole
from gui.theme.paint import dpr_of
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.tool_tile import TILE_WIDTH, draw_tool_tile

WIDTH = 232
_ROW, _HEAD = 26, 34
_INSET = 12


class FacetDelegate(Guarded, QStyledItemDelegate):
    """Paints a heading or a facet."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._type = Typesetter(theme, self)

    def sizeHint(  # noqa: N802 - Qt's name
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Headings have extra space above."""
        facet: Facet = index.data(FacetRole)
        return QSize(WIDTH, _HEAD if facet.kind is None else _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint mark, word, errors and count."""
        facet: Facet = index.data(FacetRole)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        color = self._theme.color
        if facet.kind is None:
            room = rect.adjusted(_INSET, 8, -_INSET, 0)
            self._type.draw(painter, room, text=facet.word, role="small+", color=color("t2"))
            return
        if facet.sign > 0:
            painter.fillRect(rect, color("sel"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, color("hover"))
        left = self._paint_mark(painter, rect, facet, option)
        count = rect.adjusted(0, 0, -_INSET, 0)
        wide = self._type.draw(
            painter, count, text=facet.number, role="small", color=color("t3"), align=RIGHT
        )
        right = rect.right() - _INSET - max(wide, 36) - 8
        if facet.errors:
            room = QRect(left, rect.top(), right - left, rect.height())
            taken = self._type.draw(
                painter,
                room,
                text=tr("{errors:,} err", errors=facet.errors),
                role="caption",
                color=color("failed"),
                align=RIGHT,
            )
            right -= taken + 6
        room = QRect(left, rect.top(), max(20, right - left), rect.height())
        ink = color("t3" if facet.sign < 0 else "t1")
        wide = self._type.draw(painter, room, text=facet.word, role="small", color=ink)
        if facet.sign < 0:
            painter.setPen(QPen(ink, 1))
            painter.drawLine(left, rect.center().y() + 1, left + wide, rect.center().y() + 1)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _paint_mark(self, painter: QPainter, rect: QRect, facet: Facet, option: QStyleOptionViewItem) -> int:
        """Paint the mark of a level, tool or workstream; return the left edge of the word."""
        left = rect.left() + _INSET
        if facet.level is not None:
            box = QStyleOptionButton()
            box.rect = QRect(left, rect.center().y() - 6, 14, 14)
            on = QStyle.StateFlag.State_Off if facet.sign < 0 else QStyle.StateFlag.State_On
            box.state = QStyle.StateFlag.State_Enabled | on
            style = option.widget.style()
            style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, box, painter, option.widget)
            draw_tick(painter, self._theme, facet.level, QPointF(left + 28, rect.center().y() + 1))
            return left + 42
        if facet.kind == "tool":
            draw_tool_tile(painter, self._theme, left, rect.center().y() + 1, facet.value)
            return left + TILE_WIDTH + 10
        if facet.state:
            glyph = self._theme.glyph(facet.state, 12, dpr_of(painter))
            painter.drawPixmap(left, rect.center().y() - 5, glyph)
        return left + 20


class FacetsView(Guarded, QListView):
    """The list of everything the lines can be filtered by.

    Signals:
        chip_requested: (Chip) show or hide this; the same chip again removes the filter.
    """

    chip_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logFacets")
        self.setAccessibleName(tr("Filter by level, workstream and tool"))
        self.facets = FacetModel(self)
        self._theme = theme
        self.setModel(self.facets)
        self.setItemDelegate(FacetDelegate(theme, self))
        self.setFixedWidth(WIDTH)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._on_theme_changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Space and Return act like a click."""
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return} and self.currentIndex().isValid():
            self._on_clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Repaint when the pointer leaves."""
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()
        return super().viewportEvent(event)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        facet: Facet | None = index.data(FacetRole)
        if facet is None or facet.kind is None:
            return
        ctrl = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier)
        self.chip_requested.emit(facet.chip(hide=ctrl))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.viewport().update()
