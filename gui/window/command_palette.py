"""The command palette: a search field with the matching entries below it. Carries out nothing."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.guarded import Guarded
from gui.theme.paint import saved
from gui.theme.slide import DISTANCE, Slide
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.announcement import announce
from gui.widgets.label import PlainLabel
from gui.window.palette_finder import PaletteEntry, PaletteFinder

WIDTH = 560
_ROW = 32
_SHOWN_ROWS = 10


class _Results(Guarded, QAbstractListModel):
    """The matching entries, one per row."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[PaletteEntry] = []

    def show(self, entries: list[PaletteEntry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:  # noqa: N802
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.title
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return entry.detail
            case Qt.ItemDataRole.UserRole:
                return entry
            case _:
                return None


class _Row(Guarded, QStyledItemDelegate):
    """Draws icon or glyph, title, and at the end the shortcut or the workstream."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(  # noqa: N802  # Qt's name
        self,
        _option: QStyleOptionViewItem,
        _index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        return QSize(200, self._theme.grown(_ROW))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry: PaletteEntry = index.data(Qt.ItemDataRole.UserRole)
        theme, rect = self._theme, option.rect
        dpr = option.widget.devicePixelRatioF() if option.widget else 1.0
        with saved(painter):
            if option.state & QStyle.StateFlag.State_Selected:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("sel"))
                painter.drawRoundedRect(rect.adjusted(4, 1, -4, -1), 4, 4)
            drawing = (
                theme.glyph(entry.state, 16, dpr)
                if entry.state
                else theme.icon(entry.icon or "chevr", "t2", 16, dpr)
            )
            painter.drawPixmap(rect.left() + 14, rect.top() + (rect.height() - 16) // 2, drawing)
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("t2"))
            most = rect.width() // 2
            detail = painter.fontMetrics().elidedText(entry.detail, Qt.TextElideMode.ElideLeft, most)
            width = painter.fontMetrics().horizontalAdvance(detail)
            end = QRect(rect.right() - 14 - width, rect.top(), width + 2, rect.height())
            painter.drawText(end, Qt.AlignmentFlag.AlignVCenter, detail)
            painter.setFont(theme.font("mono" if entry.kind == "file" else "base"))
            painter.setPen(theme.color("t1"))
            room = QRect(rect.left() + 40, rect.top(), end.left() - rect.left() - 52, rect.height())
            title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)


class CommandPalette(Guarded, QFrame):
    """The popup under the header.

    Signals:
        selected: (PaletteEntry) an entry was selected with Enter or a click.
    """

    selected = Signal(object)

    def __init__(self, finder: PaletteFinder, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("commandPalette")
        self._finder, self._theme, self._window = finder, theme, parent
        self._before: QWidget | None = None
        self.field = QLineEdit()
        self.field.setObjectName("paletteField")
        self.field.setPlaceholderText(tr("Find a job, file or command"))
        self.field.setAccessibleName(tr("Find a job, file or command"))
        self.field.setAcceptDrops(False)
        self.list = QListView()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(tr("Found"))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.nothing = PlainLabel(tr("Nothing matches."), theme=theme, role="small", color="t2")
        self.nothing.setContentsMargins(10, 0, 10, 0)
        self._results = _Results(self)
        self.list.setModel(self._results)
        self.list.setItemDelegate(_Row(theme, self.list))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        self._slide = Slide(self, theme)
        self.field.textChanged.connect(self._on_text_changed)
        self.field.installEventFilter(self)
        self.list.clicked.connect(self._on_clicked)
        self.hide()

    @property
    def entries(self) -> list[PaletteEntry]:
        """The entries found, best first."""
        return self._results.entries

    def open(self, top: int) -> None:
        """Show it empty below `top` px, with the focus in its field."""
        window = self._window
        self._before = QApplication.focusWidget() or window.window().focusWidget()
        width = min(WIDTH, window.width() - 24)
        self.resize(width, self.height())
        at = QPoint((window.width() - width) // 2, top + 6)
        self.field.clear()
        self._on_text_changed("")
        self.move(at)
        self.show()
        self.raise_()
        self.activateWindow()  # a floating panel may have the keyboard, and its letters are commands
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self._slide.begin(QPoint(0, -DISTANCE))

    def dismiss(self) -> None:
        """Hide it and restore the focus."""
        if not self.isVisible():
            return
        self._slide.stop()
        before, self._before = self._before, None  # hiding takes the focus away, as clicking elsewhere does
        self.hide()
        if before is not None:
            before.activateWindow()
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Move in the list with the arrow keys while the field has the focus, and close when it loses it."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._handle_key(Qt.Key(event.key()))
        if watched is self.field and event.type() == QEvent.Type.FocusOut:
            self._before = None
            self.dismiss()
        return super().eventFilter(watched, event)

    def _handle_key(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Down:
                self._move(1)
            case Qt.Key.Key_Up:
                self._move(-1)
            case Qt.Key.Key_PageDown:
                self._move(_SHOWN_ROWS)
            case Qt.Key.Key_PageUp:
                self._move(-_SHOWN_ROWS)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._select(self.list.currentIndex())
            case Qt.Key.Key_Escape:
                self.dismiss()
            case _:
                return False
        return True

    def _move(self, by: int) -> None:
        rows = self._results.rowCount()
        if rows:
            row = min(max(self.list.currentIndex().row() + by, 0), rows - 1)
            self.list.setCurrentIndex(self._results.index(row))
            entry = self._results.entries[row]
            announce(self.list, ", ".join(filter(None, (entry.title, entry.detail))))

    def _select(self, index: QModelIndex) -> None:
        if index.isValid():
            entry = self._results.entries[index.row()]
            self.dismiss()
            self.selected.emit(entry)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._results.show(self._finder.find(text))
        self.list.setCurrentIndex(self._results.index(0))
        rows = self._results.rowCount()
        self.list.setVisible(rows > 0)
        self.nothing.setVisible(rows == 0)
        self.resize(self.width(), 8 * 2 + 6 + 32 + _ROW * min(max(rows, 1), _SHOWN_ROWS))

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._select(index)
