"""The latest forecast for the panels that show the future: requested from a helper process while one is open."""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.scheduling.forecast_types import NO_FORECAST, AccountEstimate, Forecast, JobEstimate, RunEstimate
from gui.control.line_process import LineProcess
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers
from state.codec import record_from_json
from state.forecast_records import ForecastError, ForecastErrors

_SOON_MS = 200
_PAUSE_MS = 5_000
_AGAIN_MS = 60_000
"""Time alone changes a forecast, too: a job that runs longer than others did ends later than was expected."""
_SHARE = 20
"""A forecast of a long queue takes seconds of a core: for each, twenty without."""
_MOST_CRASHES = 3


class Forecasts(QObject):
    """Follows the queue from `start` to `stop`: one request at a time, at most one in five seconds, fewer if slow.

    Signals:
        changed(): `latest` is another one.
    """

    changed = Signal()

    def __init__(
        self,
        projection: Projection,
        sources: Readers,
        *,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.latest: Forecast = NO_FORECAST
        """The last forecast that arrived; `NO_FORECAST` before the first one."""
        self._projection, self._sources, self._clock = projection, sources, clock
        self._helper = LineProcess("gui.control.forecast_server", self)
        self._helper.answered.connect(self._on_answered)
        self._helper.ended.connect(self._on_ended)
        self._due = QTimer(self, singleShot=True)
        self._due.timeout.connect(self._on_due)
        self._parts: dict[str, JobEstimate] = {}
        self._is_started = self._is_waiting = False
        self._crashes = 0
        self._pause_ms = _PAUSE_MS
        self.failures = 0
        """How often in a row the database could not be read."""
        projection.folded.connect(self._on_folded)
        projection.reset.connect(self._on_reset)

    @property
    def is_following(self) -> bool:
        """Whether forecasts are requested."""
        return self._is_started

    def start(self) -> None:
        """Follow the queue: something that shows it is visible."""
        if not self._is_started:
            self._is_started = True
            self._request_in(_SOON_MS)

    def stop(self) -> None:
        """Follow no longer, and have the helper process end."""
        self._is_started = self._is_waiting = False
        self._due.stop()
        self._helper.leave()

    def close(self) -> None:
        """The same, and wait for the end of the helper process."""
        self.stop()
        self._helper.close()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if changes.queue or changes.jobs:
            self._request_in(_SOON_MS if self.latest is NO_FORECAST else self._pause_ms)

    @Slot()
    def _on_reset(self) -> None:
        self._request_in(_SOON_MS)

    def _request_in(self, ms: int) -> None:
        """Request a forecast then, unless one is to be requested sooner."""
        if self._is_started and not (self._due.isActive() and self._due.remainingTime() <= ms):
            self._due.start(ms)

    @Slot()
    def _on_due(self) -> None:
        if self._is_waiting:
            self._due.start(_PAUSE_MS)
            return
        self._is_waiting = True
        self._parts = {}
        self._helper.send(
            {
                "database": str(self._sources.home.database),
                "accounts": {tool: list(names) for tool, names in self._projection.accounts.items()},
                "engine_running": self._projection.engine.is_expected,
                "now": self._clock(),
            }
        )
        self._due.start(max(_AGAIN_MS, self._pause_ms))

    @Slot(object)
    def _on_answered(self, answer: dict[str, Any]) -> None:
        if "jobs" in answer:
            found = (record_from_json(JobEstimate, one) for one in answer["jobs"])
            self._parts.update((one.job_id, one) for one in found)
            return
        self._is_waiting = False
        self._crashes = 0
        self._pause_ms = _PAUSE_MS
        self.failures = self.failures + 1 if "failed" in answer else 0
        if self.failures:
            self._request_in(_PAUSE_MS)
            return
        self._pause_ms = max(_PAUSE_MS, round(_SHARE * 1000 * answer["took_s"]))
        runs = (record_from_json(RunEstimate, one) for one in answer["runs"])
        self.latest = Forecast(
            made_at=answer["made_at"],
            reaches_to=answer["reaches_to"],
            jobs=self._parts,
            runs={run.run_id: run for run in runs},
            accounts=tuple(record_from_json(AccountEstimate, one) for one in answer["accounts"]),
            errors=ForecastErrors(
                **{name: record_from_json(ForecastError, one) for name, one in answer["errors"].items()}
            ),
        )
        self.changed.emit()

    @Slot()
    def _on_ended(self) -> None:
        self._is_waiting = False
        self._crashes += 1
        if self._crashes < _MOST_CRASHES:
            self._request_in(_PAUSE_MS)
        else:
            self._due.stop()
