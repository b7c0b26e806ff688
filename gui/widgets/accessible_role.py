"""Gives widgets of our own the role that screen readers know them by; Qt would call each a plain pane."""

from typing import ClassVar, cast

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from gui.widgets.accessible_nodes import KeepsAccessible, install_accessible


class WithAccessibleRole(KeepsAccessible):
    """A widget with a role of its own, and a value where it has one: a sheet is a dialog, a banner an alert."""

    ACCESSIBLE_ROLE: ClassVar[QAccessible.Role]

    def accessible_value(self) -> str:
        """What it shows or what is chosen in it, in words; empty where there is no such thing."""
        return ""


class _WithRole(QAccessibleWidget):
    """Takes the value from the widget, and its name, too, which may change."""

    def __init__(self, about: WithAccessibleRole) -> None:
        super().__init__(cast("QWidget", about), about.ACCESSIBLE_ROLE, "")
        self._about = about

    def text(self, kind: QAccessible.Text) -> str:
        return self._about.accessible_value() if kind is QAccessible.Text.Value else super().text(kind)


def report_value(widget: QWidget) -> None:
    """Report to screen readers that the value of a widget is another one."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.ValueChanged))


def install_roles() -> None:
    """Have Qt ask here for the role of a widget."""
    install_accessible(WithAccessibleRole, _WithRole)
