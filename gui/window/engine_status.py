"""Shows the state of the engine: a word, a glyph and its slots. Decides nothing."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QWidget,
)

from gui.data.projection import Projection
from gui.data.state_counts import StateCounts
from gui.theme.glyph import Glyph
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.label import PlainLabel, plain_tip


class EngineStatus(QWidget):
    """The state of the engine: glyph, word, and how many of its slots are used."""

    def __init__(self, projection: Projection, counters: StateCounts, theme: Theme) -> None:
        super().__init__()
        self._projection, self._counters = projection, counters
        self._view_only = False
        self._glyph = Glyph(theme)
        self._word = PlainLabel("", theme=theme, role="strong")
        self._slots = PlainLabel("", theme=theme, role="small", color="t2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        for widget in (self._glyph, self._word, self._slots):
            row.addWidget(widget)
        projection.reset.connect(self._on_changed)
        projection.folded.connect(self._on_changed)
        counters.changed.connect(self._on_changed)
        self._on_changed()

    @property
    def text(self) -> str:
        """The text shown."""
        return f"{self._word.text()} {self._slots.text()}".strip()

    def full_width(self) -> int:
        """The width with the slots."""
        return 14 + 14 + self._word.sizeHint().width() + self._slots.sizeHint().width()

    @property
    def slots_width(self) -> int:
        """How much narrower it is without the slots."""
        return 7 + self._slots.sizeHint().width()

    def show_slots(self, shown: bool) -> None:  # noqa: FBT001  # a switch, like setVisible
        """Show or hide the slots."""
        self._slots.setVisible(shown)

    def set_view_only(self, view_only: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Show that this window is view-only."""
        self._view_only = view_only
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        state, word = self._state_and_word()
        self._glyph.show_state(state)
        self._word.setText(word)
        self._slots.setText(self._projection.slots_words())
        self.setToolTip(plain_tip(self._projection.engine.problem))
        self.setAccessibleName(self.text)

    def _state_and_word(self) -> tuple[str, str]:
        engine = self._projection.engine
        if self._view_only:
            return "held", tr("View only")
        if engine.stopping:
            return "waiting", tr("Engine stopping")
        if engine.starting:
            return "waiting", tr("Starting the engine…")
        if not engine.running:
            return ("failed", tr("Engine stopped")) if engine.problem else ("queued", tr("No engine"))
        if self._projection.pause() is not None:
            return "held", tr("Paused")
        is_busy = bool(self._projection.running_jobs)
        return ("running", tr("Engine running")) if is_busy else ("queued", tr("Engine idle"))
