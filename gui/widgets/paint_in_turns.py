"""Shares the first paint of large parts out over several turns of the window's thread."""

from functools import partial

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from gui.data.short_turns import short_turns


def paint_in_turns(*widgets: QWidget) -> None:
    """Paint each of these widgets in a turn of its own, in this order; their parents show their ground until then.

    For parts that appear: what one of them showed before would be painted over.
    """
    for widget in widgets:
        if widget.updatesEnabled():
            widget.setUpdatesEnabled(False)
            short_turns().soon(partial(_paint, widget))


def _paint(widget: QWidget) -> None:
    if isValid(widget):
        widget.setUpdatesEnabled(True)
