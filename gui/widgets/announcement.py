"""Tells screen readers of what appears without the focus: a banner, the entry chosen in a list below a field."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QWidget


def announcement(widget: QWidget, sentence: str, *, urgent: bool) -> list[QAccessibleEvent]:
    """The events that have a sentence read out; an `urgent` one interrupts what is being read, and is an alert, too."""
    spoken = QAccessibleAnnouncementEvent(widget, sentence)
    if not urgent:
        return [spoken]
    spoken.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    return [QAccessibleEvent(widget, QAccessible.Event.Alert), spoken]


def announce(widget: QWidget, sentence: str, *, urgent: bool = False) -> None:
    """Have a sentence read out where a screen reader listens."""
    if QAccessible.isActive():
        for event in announcement(widget, sentence, urgent=urgent):
            QAccessible.updateAccessibility(event)
