"""Marks docks with what came while nobody saw them, until they are seen. Remembers nothing beyond the window."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gui.data.projection import Projection, ProjectionChanges
from gui.data.unseen_news import news_in, news_sentence
from gui.window.dock import Dock

SEEN_MS = 3000
"""How long a mark stays on a dock that a person can see."""


class UnreadMarks(QObject):
    """Counts what is new in each dock that is closed, behind another tab, or while no window of the program is active.

    A mark goes a moment after its dock can be seen, and at once when the dock gets the focus.
    """

    def __init__(
        self, docks: Mapping[str, Dock], projection: Projection, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._docks, self._projection = docks, projection
        self._new: dict[str, set[object]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(SEEN_MS)
        self._timer.timeout.connect(self._on_time_passed)
        projection.folded.connect(self._on_folded)
        projection.reset.connect(self._on_reset)
        for dock in docks.values():
            dock.activated.connect(self._on_dock_activated)

    def count(self, name: str) -> int:
        """How much is new in a dock."""
        return len(self._new.get(name, ()))

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        found: dict[str, set[object]] = {}
        for news in news_in(changes, self._projection):
            found.setdefault(news.panel, set()).add(news.key)
        for name, keys in found.items():
            if not self._is_seen(name):
                self._new.setdefault(name, set()).update(keys)
                self._show(name)
        if self._new and not self._timer.isActive():
            self._timer.start()

    def _is_seen(self, name: str) -> bool:
        dock = self._docks[name]
        is_shown = dock.isVisible() and dock.is_on_top and not dock.window().isMinimized()
        return is_shown and QApplication.activeWindow() is not None

    def _show(self, name: str) -> None:
        count = self.count(name)
        self._docks[name].set_unread(count, news_sentence(name, count) if count else "")

    def _clear(self, name: str) -> None:
        if self._new.pop(name, None) is not None:
            self._show(name)
        if not self._new:
            self._timer.stop()

    @Slot()
    def _on_reset(self) -> None:
        for name in list(self._new):
            self._clear(name)

    @Slot()
    def _on_time_passed(self) -> None:
        for name in [one for one in self._new if self._is_seen(one)]:
            self._clear(name)

    @Slot()
    def _on_dock_activated(self) -> None:
        for name in [one for one in self._new if self._docks[one] is self.sender()]:
            self._clear(name)
