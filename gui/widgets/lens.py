"""The icon at the left of a field in which something is searched."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QToolButton

from gui.translation import tr


def add_lens(field: QLineEdit, icon: QIcon) -> QAction:
    """Put an icon at the left of a field, and return the action that shows it.

    It is made in Python: Python may lose hold of one that Qt has made while it is still shown.
    """
    lens = QAction(field)
    lens.setIcon(icon)
    lens.setText(field.accessibleName() or field.placeholderText())
    field.addAction(lens, QLineEdit.ActionPosition.LeadingPosition)
    return lens


def add_clear_button(field: QLineEdit) -> None:
    """Show a button at the end of a field, while it has text, that empties it, as Esc does; it has a name."""
    before = set(field.findChildren(QToolButton))
    field.setClearButtonEnabled(True)
    for button in set(field.findChildren(QToolButton)) - before:
        button.setAccessibleName(tr("Clear the field"))
        button.setToolTip(tr("Clear the field  (Esc)"))
    escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), field, field.clear)
    escape.setContext(Qt.ShortcutContext.WidgetShortcut)
    escape.setEnabled(bool(field.text()))  # in an empty field Esc belongs to what is around it
    field.textChanged.connect(lambda text: escape.setEnabled(bool(text)))
