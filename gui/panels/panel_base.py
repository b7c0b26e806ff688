"""What every panel shares: its sources, title and fact, what it remembers, and that it costs nothing while hidden."""

import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from gui.control.action_table import KeyPlace
from gui.control.actions import Actions
from gui.control.background_tasks import BackgroundTasks
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.guarded import Guarded
from gui.theme.theme import Theme


class Panel(Guarded, QWidget):
    """A view over the projection that a dock holds.

    Signals:
        fact_changed: `fact` returns a new text.
    """

    fact_changed = Signal()
    name: ClassVar[str]
    """Its object name; the layout and the remembered state know it by this."""
    title: ClassVar[str]
    icon: ClassVar[str]
    keys: ClassVar[KeyPlace] = "jobs"
    """Which plain keys work in its lists."""

    def __init__(
        self,
        projection: Projection,
        selection: Selection,
        theme: Theme,
        actions: Actions,
        *,
        sources: Readers,
        clock: Callable[[], float] = time.time,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(self.name)
        self.setAccessibleName(self.title)
        self._projection, self._selection, self._actions = projection, selection, actions
        self._theme, self._sources, self._clock = theme, sources, clock

    @property
    def is_settled(self) -> bool:
        """Whether everything requested is shown."""
        return True

    def fact(self) -> str:
        """The one fact in the title bar, if there is one."""
        return ""

    def tools(self) -> list[QWidget]:
        """Small widgets for the end of the title bar."""
        return []

    def state(self) -> dict[str, Any]:
        """The state to remember for the next session, as JSON values."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a remembered state; invalid entries are ignored."""

    def focus_find(self) -> None:
        """Focus the search field, or what stands for it."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stop_reading(self) -> None:
        """Wait until nothing is read in the background: no thread may outlive the widgets."""
        self._on_hidden()
        for tasks in self.findChildren(BackgroundTasks):
            tasks.stop()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Catch up with what happened while hidden."""
        super().showEvent(event)
        self._on_shown()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop all timers: a hidden panel costs nothing."""
        super().hideEvent(event)
        self._on_hidden()

    def _on_shown(self) -> None:
        """Show what is true now and start the timers."""

    def _on_hidden(self) -> None:
        """Stop the timers; what happens from now on is shown later."""
