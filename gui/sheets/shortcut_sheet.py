"""The sheet with every shortcut, by menu, and a field that filters it. Carries out nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.guarded import Guarded
from gui.theme.paint import hairline, rounded
from gui.theme.text_layout import CENTER, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.lens import add_lens
from gui.widgets.sheet import Sheet

_HEAD, _ROW, _INSET, _KEY_PAD = 34, 28, 4, 8
_HEIGHT = 440
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Shortcut:
    """What keys do: the title of the action, and the keys, any of which does it."""

    title: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class ShortcutGroup:
    """The shortcuts of one menu, or of one place in the window."""

    title: str
    shortcuts: Sequence[Shortcut]


_Row = str | Shortcut


class ShortcutsModel(Guarded, QAbstractListModel):
    """The heads of the groups and the shortcuts below them that contain every typed word."""

    def __init__(self, groups: Sequence[ShortcutGroup], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups = groups
        self.rows: list[_Row] = []
        self.filter("")

    def filter(self, typed: str) -> None:
        """List the shortcuts whose title, keys or group contain every typed word."""
        words = typed.casefold().split()
        self.beginResetModel()
        self.rows = []
        for group in self._groups:
            kept = [
                one
                for one in group.shortcuts
                if _contains(f"{group.title} {one.title} {' '.join(one.keys)}", words)
            ]
            self.rows += [group.title, *kept] if kept else []
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's name and default
        """The number of rows, heads included."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself, and in words for a screen reader."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.UserRole:
                return row
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return row if isinstance(row, str) else f"{row.title}: {' or '.join(row.keys)}"
            case _:
                return None


class _ShortcutDelegate(Guarded, QStyledItemDelegate):
    """Paints heads, titles, and the keys as caps at the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, Typesetter(theme, self)

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802 - Qt's name
        is_head = isinstance(index.data(Qt.ItemDataRole.UserRole), str)
        return QSize(300, self._theme.grown(_HEAD if is_head else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: _Row = index.data(Qt.ItemDataRole.UserRole)
        theme, rect = self._theme, option.rect
        line = rect.adjusted(_INSET, 0, -_INSET, 0)
        if isinstance(row, str):
            line.setTop(line.top() + 6)
            self._type.draw(painter, line, text=row, role="smallstrong", color=theme.color("t2"))
            return
        end = line.right() + 1
        for keys in reversed(row.keys):
            width = self._type.width(keys, "caption") + 2 * _KEY_PAD
            cap = QRect(end - width, line.top() + 4, width, line.height() - 8)
            rounded(painter, cap, radius=3, edge=theme.color("line2"))
            self._type.draw(painter, cap, text=keys, role="caption", color=theme.color("t2"), align=CENTER)
            end = cap.left() - 6
        room = QRect(line.left(), line.top(), max(0, end - line.left() - 8), line.height())
        self._type.draw(painter, room, text=row.title, role="base", color=theme.color("t1"))
        hairline(painter, rect.bottom(), left=line.left(), right=line.right(), color=theme.color("line"))


class ShortcutSheet(Sheet):
    """Every shortcut of the window, and a field that filters them."""

    def __init__(self, groups: Sequence[ShortcutGroup], theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, width=640, height=880)
        self.setObjectName("shortcutSheet")
        self.heading.setText(tr("Keyboard shortcuts"))
        self.sentence.setText(tr("Plain letters work while a list, a board or the radar has the focus."))
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Filter by name or key"))
        self.field.setAccessibleName(tr("Filter the shortcuts"))
        self.field.setClearButtonEnabled(True)
        self._lens = add_lens(self.field, theme.qicon("search"))
        self.model = ShortcutsModel(groups, self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_ShortcutDelegate(theme, self.view))
        self.view.setAccessibleName(tr("Keyboard shortcuts"))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setMinimumHeight(_HEIGHT)
        self.body.setContentsMargins(16, 12, 16, 0)
        self.body.setSpacing(8)
        self.body.addWidget(self.field)
        self.body.addWidget(self.view, 1)
        close = push_button(tr("Close"))
        close.clicked.connect(self.request_close)
        self.footer.addStretch(1)
        self.footer.addWidget(close)
        self.field.textChanged.connect(self.model.filter)
        theme.changed.connect(self._on_theme_changed)

    def open(self) -> None:
        """Open with every shortcut."""
        self.field.clear()
        super().open()

    def first_focus(self) -> QWidget:
        """The field."""
        return self.field

    @Slot()
    def _on_theme_changed(self) -> None:
        self._lens.setIcon(self.theme.qicon("search"))


def _contains(text: str, words: Sequence[str]) -> bool:
    low = text.casefold()
    return all(word in low for word in words)
