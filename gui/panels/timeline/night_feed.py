"""Keep the Night current while it is visible: reads the past, follows forecasts, makes rows again a few at a time."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.control.forecasts import Forecasts
from gui.data.cards_model import CardsModel
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers
from gui.panels.timeline.night_builder import NightBuilder, estimates_of
from gui.panels.timeline.night_history import IndexedPast, NightHistory
from gui.panels.timeline.time_axis import MINUTE_S, NIGHT_S, NightRange, night_range

_COALESCE_MS, _READ_MS, _MORE_MS = 80, 400, 15
_BUDGET_S = 0.006
_WAITS_EVERY_S = 5.0
"""How often the waits of open workstreams are made again, at most while the queue changes."""


class NightFeed(QObject):
    """The cards, the builder and the history of one panel.

    `needed` is the stretch of time that is shown, which decides how much of the past is read.

    Signals:
        ready: every row is up to date; show them.
        last_start_found: (float or None) when the last attempt before a moment began.
    """

    ready = Signal()
    last_start_found = Signal(object)

    def __init__(
        self,
        projection: Projection,
        sources: Readers,
        needed: Callable[[], NightRange],
        *,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock, self._needed = clock, needed
        self.cards = CardsModel(projection, self, clock=clock)
        self.builder = NightBuilder(projection, self.cards)
        self._history = NightHistory(sources.reader, self)
        self._forecasts: Forecasts | None = None
        self._is_live = False
        self._read_due = self._shows_due = True
        self._waits_at = 0.0
        self._coalescing = self._timer(_COALESCE_MS, self._on_due)
        self._reading = self._timer(_READ_MS, self._on_read_due)
        self._working = self._timer(_MORE_MS, self._on_due)
        projection.reset.connect(self._on_reset)
        projection.folded.connect(self._on_folded)
        self._history.read.connect(self._on_past_read)
        self._history.last_start_found.connect(self.last_start_found)

    @property
    def is_settled(self) -> bool:
        """Whether everything that happened is read and shown."""
        return not (self._history.busy or self._read_due or self._shows_due or not self.builder.is_done)

    def follow_forecasts(self, forecasts: Forecasts) -> None:
        """Use what may happen, from now on; forecasts are requested while the feed is live."""
        self._forecasts = forecasts
        forecasts.changed.connect(self._on_forecast_changed)
        if self._is_live:
            forecasts.start()

    def start(self) -> None:
        """Catch up, and follow what happens."""
        self._is_live = True
        self.cards.set_live(live=True)
        self.builder.touch_all()
        self._read_due = self._shows_due = True
        self._on_read_due()
        self._on_due()
        if self._forecasts is not None:
            self._forecasts.start()

    def stop(self) -> None:
        """Follow no longer: nobody sees it."""
        self._is_live = False
        for timer in (self._coalescing, self._reading, self._working):
            timer.stop()
        self.cards.set_live(live=False)
        if self._forecasts is not None:
            self._forecasts.stop()

    def close(self) -> None:
        """The same, and wait for the end of the process that forecasts."""
        self.stop()
        if self._forecasts is not None:
            self._forecasts.close()

    def night_range(self) -> NightRange:
        """The stretch of time of the whole night."""
        now = self._clock()
        return night_range(self.builder.first_start(now - NIGHT_S), now, self.builder.estimates.last)

    def show_soon(self) -> None:
        """Emit `ready` before long."""
        self._shows_due = True
        if self._is_live and not self._coalescing.isActive():
            self._coalescing.start()

    def read_if_needed(self) -> None:
        """Read more of the past if what is shown reaches farther back than what was read."""
        if self._needed_since() < self.builder.past.past.since:
            self._read_soon()

    def refresh_waits(self) -> None:
        """Make the waits again that time alone may have ended."""
        if self._clock() - self._waits_at >= MINUTE_S / 2:
            self._touch_waits()
            self.show_soon()

    def find_last_start(self, before: float) -> None:
        """Find when the last attempt before a moment began."""
        self._history.find_last_start(before)

    def _timer(self, interval: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval)
        timer.timeout.connect(slot)
        return timer

    def _read_soon(self) -> None:
        self._read_due = True
        if self._is_live and not self._reading.isActive():
            self._reading.start()

    def _needed_since(self) -> float:
        """From when on the past is needed: a little more than is shown, so that small moves read nothing."""
        known, now, shown = self.builder.past.past.since, self._clock(), self._needed()
        needed = min(now - NIGHT_S - MINUTE_S, shown.start)
        if known <= needed:
            return known
        return needed - (shown.end - shown.start if shown.start < now - NIGHT_S else 0.0)

    def _touch_waits(self) -> None:
        self._waits_at = self._clock()
        self.builder.touch_open()

    @Slot()
    def _on_read_due(self) -> None:
        if self._history.busy:
            self._reading.start()
            return
        self._read_due = False
        self._history.request(self._needed_since())

    @Slot()
    def _on_due(self) -> None:
        """Make some rows again, and show all of them once none is left to make."""
        if not self._is_live:
            return
        self.builder.work(self._clock(), _BUDGET_S)
        if not self.builder.is_done:
            self._working.start()
            return
        self._shows_due = False
        self.ready.emit()

    @Slot()
    def _on_reset(self) -> None:
        self._history.forget()
        self.builder.touch_all()
        self._read_soon()
        self.show_soon()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        self.builder.touch(changes.workstreams)
        if changes.events:
            self._read_soon()
        if changes.queue and self._clock() - self._waits_at >= _WAITS_EVERY_S:
            self._touch_waits()
        self.show_soon()

    @Slot(object)
    def _on_past_read(self, past: IndexedPast) -> None:
        self.builder.put_past(past)
        self.show_soon()

    @Slot()
    def _on_forecast_changed(self) -> None:
        if self._forecasts is not None:
            self.builder.put_estimates(estimates_of(self._forecasts.latest))
            self.show_soon()
