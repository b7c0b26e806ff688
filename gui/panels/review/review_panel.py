"""The Review panel: what waits for a person's decision, what it changed, and the decision."""

import time
from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.control.actions import Actions
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.panels.panel_base import Panel
from gui.theme.theme import Theme
from gui.widgets.empty_state import EmptyState


class ReviewPanel(Panel):
    """Shows the reviews that wait and the diff of the selected one."""

    name = "review"
    title = "Review"
    icon = "review"
    keys = "review"

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
        super().__init__(projection, selection, theme, actions, sources=sources, clock=clock, parent=parent)
        actions.add_keys_to(self, self.keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            EmptyState(
                theme,
                "review",
                "Nothing waits for review.",
                "Finished work comes here with its diff and its evidence.",
            )
        )
