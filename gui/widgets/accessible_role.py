"""Gives widgets of our own the role that screen readers know them by; Qt would call each a plain pane."""

from functools import cache
from typing import ClassVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


class WithAccessibleRole:
    """A widget with a role of its own, and a value where it has one: a sheet is a dialog, a banner an alert."""

    ACCESSIBLE_ROLE: ClassVar[QAccessible.Role]
    accessible: QAccessibleInterface | None = None
    """Kept here: Qt knows it by its address."""

    def accessible_value(self) -> str:
        """What it shows or what is chosen in it, in words; empty where there is no such thing."""
        return ""


class _WithRole(QAccessibleWidget):
    """Takes the value from the widget, and its name, too, which may change."""

    def __init__(self, widget: QWidget, about: WithAccessibleRole) -> None:
        super().__init__(widget, about.ACCESSIBLE_ROLE, "")
        self._about = about

    def text(self, kind: QAccessible.Text) -> str:
        return self._about.accessible_value() if kind is QAccessible.Text.Value else super().text(kind)


def report_value(widget: QWidget) -> None:
    """Report to screen readers that the value of a widget is another one."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.ValueChanged))


def _made(_kind: str, about: QObject | None) -> QAccessibleInterface | None:
    if not (isinstance(about, WithAccessibleRole) and isinstance(about, QWidget)):
        return None
    if about.accessible is None:
        about.accessible = _WithRole(about, about)
    return about.accessible


@cache
def install_roles() -> None:
    """Have Qt ask here for the role of a widget; once in a process."""
    QAccessible.installFactory(_made)
