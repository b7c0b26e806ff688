"""A drop-down of tools that marks those that are not installed, and forbids none of them."""

from collections.abc import Collection

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.choice_box import ChoiceBox

_MISSING_ROLE = Qt.ItemDataRole.UserRole + 1
_AROUND = 32


class ToolChoice(ChoiceBox):
    """Lists tools by name; in the open list, one that is not installed says so."""

    def __init__(self, name: str, theme: Theme, *, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent=parent)
        self._missing: frozenset[str] = frozenset()
        self.setItemDelegate(_MarkedTool(self))

    @property
    def missing_note(self) -> str:
        """What to do before the chosen tool can work; empty if it is installed, as far as that is known."""
        return self._note_on(self.currentText())

    def show_missing(self, missing: Collection[str]) -> None:
        """Mark these tools in the list, and no others."""
        self._missing = frozenset(missing)
        for row in range(self.count()):
            name = self.itemText(row)
            note = self._note_on(name)
            words = tr("{tool}, not found", tool=name) if note else None
            self.setItemData(row, words, _MISSING_ROLE)
            self.setItemData(row, words, Qt.ItemDataRole.AccessibleTextRole)
            self.setItemData(row, note or None, Qt.ItemDataRole.ToolTipRole)
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + _AROUND if self._missing else 0)

    def _note_on(self, tool: str) -> str:
        if tool not in self._missing:
            return ""
        return tr(
            "{tool} was not found. Install it, or give its path in the settings, before the job starts.",
            tool=tool,
        )


class _MarkedTool(Guarded, QStyledItemDelegate):
    """Shows beside the name of a tool that it was not found."""

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Take the marked name where there is one."""
        super().initStyleOption(option, index)
        if words := index.data(_MISSING_ROLE):
            option.text = words
