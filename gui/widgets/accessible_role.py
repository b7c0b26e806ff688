"""Gives widgets of our own the role that screen readers know them by; Qt would call each a plain pane."""

from functools import cache
from typing import ClassVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


class WithAccessibleRole:
    """A widget with a role of its own: a sheet is a dialog, a banner an alert."""

    ACCESSIBLE_ROLE: ClassVar[QAccessible.Role]
    accessible: QAccessibleInterface | None = None
    """Kept here: Qt knows it by its address."""


def _made(_kind: str, about: QObject | None) -> QAccessibleInterface | None:
    if not (isinstance(about, WithAccessibleRole) and isinstance(about, QWidget)):
        return None
    if about.accessible is None:
        about.accessible = QAccessibleWidget(about, about.ACCESSIBLE_ROLE, about.accessibleName())
    return about.accessible


@cache
def install_roles() -> None:
    """Have Qt ask here for the role of a widget; once in a process."""
    QAccessible.installFactory(_made)
