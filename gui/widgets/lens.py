"""The icon at the left of a field in which something is searched."""

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QLineEdit


def add_lens(field: QLineEdit, icon: QIcon) -> QAction:
    """Put an icon at the left of a field, and return the action that shows it.

    It is made in Python: Python may lose hold of one that Qt has made while it is still shown.
    """
    lens = QAction(field)
    lens.setIcon(icon)
    field.addAction(lens, QLineEdit.ActionPosition.LeadingPosition)
    return lens
