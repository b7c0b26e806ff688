"""Marks docks, their tabs and their entries in the View menu with what came while nobody saw them, until they are seen.

Remembers nothing beyond the window.
"""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gui.control.actions import Actions
from gui.data.projection import Projection, ProjectionChanges
from gui.data.unseen_news import news_in, news_sentence
from gui.window.dock import Dock

SEEN_MS = 3000
"""How long a mark stays on a dock that a person can see."""


class UnreadMarks(QObject):
    """Counts what is new in each dock that is closed, behind another tab, or while no window of the program is active.

    A mark goes a moment after its dock can be seen, and at once when the dock gets the focus. The timer runs only in
    that moment: nothing is awake while a mark waits for a person.
    """

    def __init__(
        self,
        docks: Mapping[str, Dock],
        projection: Projection,
        actions: Actions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._docks, self._projection, self._actions = docks, projection, actions
        self._new: dict[str, set[object]] = {}
        self._seen: frozenset[str] = frozenset()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEEN_MS)
        self._timer.timeout.connect(self._on_time_passed)
        projection.folded.connect(self._on_folded)
        projection.reset.connect(self._on_reset)
        for dock in docks.values():
            dock.activated.connect(self._on_dock_activated)
            dock.visibilityChanged.connect(self._on_seen_changed)
        QGuiApplication.instance().focusWindowChanged.connect(self._on_seen_changed)  # type: ignore[union-attr]

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
        self._on_seen_changed()

    def _is_seen(self, name: str) -> bool:
        dock = self._docks[name]
        is_shown = dock.isVisible() and dock.is_on_top and not dock.window().isMinimized()
        return is_shown and QApplication.activeWindow() is not None

    def _show(self, name: str) -> None:
        count = self.count(name)
        sentence = news_sentence(name, count) if count else ""
        self._docks[name].set_unread(count, sentence)
        action = f"panel_{name}"
        title = self._actions.record(action).title
        self._actions.set_title(action, f"{title}: {sentence}" if count else title)

    def _clear(self, name: str) -> None:
        if self._new.pop(name, None) is not None:
            self._show(name)

    @Slot()
    def _on_seen_changed(self) -> None:
        """Give a person a moment to notice the marks that can be seen now, counted from when the last one could."""
        seen = frozenset(name for name in self._new if self._is_seen(name))
        if not seen:
            self._timer.stop()
        elif not seen <= self._seen:
            self._timer.start()
        self._seen = seen

    @Slot()
    def _on_reset(self) -> None:
        for name in list(self._new):
            self._clear(name)
        self._on_seen_changed()

    @Slot()
    def _on_time_passed(self) -> None:
        for name in [one for one in self._new if self._is_seen(one)]:
            self._clear(name)
        self._on_seen_changed()

    @Slot()
    def _on_dock_activated(self) -> None:
        for name in [one for one in self._new if self._docks[one] is self.sender()]:
            self._clear(name)
        self._on_seen_changed()
