"""The order in which Tab visits the window: as it is read, wherever its docks are and whenever parts were made."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from gui.window.dock import Dock, DockTitle

_SAME_ROW = 16
"""Docks whose upper edges are this near, in pixels, are side by side."""


def next_stop(regions: Sequence[QWidget], now: QWidget, *, forward: bool) -> QWidget | None:
    """Where Tab, or with not `forward` Shift+Tab, goes from `now`; None if that is in no region."""
    candidates = [one for one in _chain(now.window()) if one is now or _takes_tab(one)]
    stops = [stop for region in regions for stop in _stops(region, candidates)]
    if now not in stops:
        return None
    return stops[(stops.index(now) + (1 if forward else -1)) % len(stops)]


def in_reading_order(docks: Sequence[Dock], area: QWidget) -> list[Dock]:
    """The docks that can be seen in their area, row by row; those that float are windows of their own."""
    shown = [
        dock
        for dock in docks
        if dock.isVisible() and not dock.isFloating() and dock.geometry().intersects(area.rect())
    ]
    return sorted(shown, key=lambda dock: (dock.y() // _SAME_ROW, dock.x()))


def _stops(region: QWidget, candidates: Sequence[QWidget]) -> Iterator[QWidget]:
    """The stops of a region: its title bar from left to right, everything else in the order in which it was made."""
    inside = [one for one in candidates if region.isAncestorOf(one)]
    titles = [one for one in inside if _is_in_title(one)]
    yield from sorted(titles, key=lambda one: one.mapTo(region, QPoint()).x())
    yield from (one for one in inside if one not in titles)


def _chain(window: QWidget) -> Iterator[QWidget]:
    """Every widget of a window, in the order of Qt's own chain."""
    one = window.nextInFocusChain()
    while one is not None and one is not window:
        yield one
        one = one.nextInFocusChain()


def _takes_tab(widget: QWidget) -> bool:
    if not (widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None):
        return False  # first, since a flag of Qt costs more than all of these, and most are hidden
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _is_in_title(widget: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, DockTitle | Dock):
        above = above.parentWidget()
    return isinstance(above, DockTitle)
