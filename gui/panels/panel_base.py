"""What every panel shares: its sources, title and fact, what it remembers, and that it costs nothing while hidden."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QToolButton, QWidget

from engine.system.plain_text import escape_invisible
from gui.control.action_table import KeyPlace
from gui.control.actions import Actions
from gui.control.background_tasks import BackgroundTasks
from gui.data.filter_captions import filter_fact, hidden_sentence
from gui.data.panel_filter import ALL_PARTS, FilterPart, PanelFilter
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import set_lit
from gui.widgets.painted_button import ExplainsButtons


@dataclass(frozen=True, kw_only=True)
class PanelContext:
    """What all panels of a window share: the facts, what is selected in them, the look, and what can be done."""

    projection: Projection
    selection: Selection
    theme: Theme
    actions: Actions
    sources: Readers
    clock: Callable[[], float] = time.time


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
    takes_keys: ClassVar[bool] = False
    """Whether its lists carry out the plain keys themselves, on everything that is selected in them."""
    follows: ClassVar[frozenset[FilterPart]] = ALL_PARTS
    """The parts of the filter of all panels that limit this one."""

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(self.name)
        self.setAccessibleName(tr(self.title))
        self._projection, self._selection = context.projection, context.selection
        self._theme, self._actions = context.theme, context.actions
        self._sources, self._clock = context.sources, context.clock
        self._funnel: QToolButton | None = None
        self._limited_to = PanelFilter()
        self._selection.changed.connect(self._on_filter_maybe_changed)
        self._actions.observing_changed.connect(self._on_observing_changed)

    @property
    def is_settled(self) -> bool:
        """Whether everything requested is shown."""
        return True

    def fact(self) -> str:
        """The one fact in the title bar, if there is one."""
        return ""

    def title_fact(self) -> str:
        """What the title bar shows: while a filter is on, what limits this panel, else its fact."""
        limits = escape_invisible(filter_fact(self._selection.filter, self.follows, self._projection.runs))
        if self.followed_filter():
            return limits
        return ", ".join(fact for fact in (self.fact(), limits) if fact)

    def followed_filter(self) -> PanelFilter:
        """The filter of all panels, as far as it limits this one."""
        return self._selection.filter.only(self.follows)

    def hidden_by_filter(self, what: str) -> str:
        """The line to show when the filter hides everything; `what` is the counted noun, such as ``86 files``."""
        line = hidden_sentence(what, self.followed_filter(), self._projection.runs)
        return escape_invisible(line)

    def light_funnel(self) -> None:
        """Light the filter button, if the panel has one, while something limits the panel."""
        if self._funnel is not None:
            set_lit(self._funnel, self._theme, "filter", on=self.is_limited())

    def is_limited(self) -> bool:
        """Whether the panel shows less than everything."""
        return bool(self.followed_filter())

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

    def select_all(self) -> None:
        """Select everything that passes the filter, where several rows can be selected."""

    def catch_up(self) -> None:
        """Show what has limited the panels and what has been switched off since before this one was made."""
        self._on_filter_maybe_changed()
        if self._actions.observes:
            self._on_observing_changed()

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

    @Slot()
    def _on_filter_maybe_changed(self) -> None:
        if self._selection.filter != self._limited_to:
            self._limited_to = self._selection.filter
            self.light_funnel()
            self.fact_changed.emit()

    @Slot()
    def _on_observing_changed(self) -> None:
        for widget in self.findChildren(QWidget):
            if isinstance(widget, ExplainsButtons):
                widget.explain_buttons(self._actions.why_not)

    def _on_shown(self) -> None:
        """Show what is true now and start the timers."""

    def _on_hidden(self) -> None:
        """Stop the timers; what happens from now on is shown later."""
