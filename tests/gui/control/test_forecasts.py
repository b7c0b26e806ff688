"""The latest forecast in the window: from a real database, by the real helper process."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from engine.scheduling.forecast_types import NO_FORECAST, NoEstimate
from engine.state_store.job_state_store import JobStateStore
from gui.control.forecasts import Forecasts
from gui.data.projection import EngineFacts, Projection
from gui.data.readers import Readers
from state import snapshot_query
from state.database_reader import DatabaseReader
from tests.helpers.patience import PATIENCE_MS


@pytest.fixture
def store() -> Iterator[JobStateStore]:
    made = JobStateStore()
    yield made
    made.close()


@pytest.fixture
def projection(store: JobStateStore) -> Projection:
    store.create_run("ws", run_id="r")
    store.mark_job_running("job")
    made = Projection()
    reader = DatabaseReader(store.database)
    made.load(reader.read(snapshot_query.snapshot))
    reader.close()
    made.observe_engine(EngineFacts(running=True))
    return made


@pytest.fixture
def forecasts(store: JobStateStore, projection: Projection) -> Iterator[Forecasts]:
    reader = DatabaseReader(store.database)
    made = Forecasts(projection, Readers(reader, store.home), clock=lambda: 1_000.0)
    yield made
    made.close()
    reader.close()


def test_a_forecast_is_requested_only_while_something_shows_it(forecasts: Forecasts, qtbot: QtBot) -> None:
    assert not forecasts.is_following
    with qtbot.waitSignal(forecasts.changed, timeout=PATIENCE_MS):
        forecasts.start()
    estimate = forecasts.latest.jobs["job"]
    assert forecasts.latest.made_at == 1_000.0
    assert (estimate.is_running, estimate.none) == (True, NoEstimate.NO_HISTORY)
    assert forecasts.latest.runs[estimate.run_id].missing == 1


def test_a_missing_database_is_not_created_by_a_forecast(
    forecasts: Forecasts, store: JobStateStore, qtbot: QtBot
) -> None:
    store.home.database.rename(store.home.root / "elsewhere.db")
    with qtbot.assertNotEmitted(forecasts.changed, wait=0):
        forecasts.start()
        qtbot.waitUntil(lambda: forecasts.failures > 0, timeout=PATIENCE_MS)
    assert forecasts.latest is NO_FORECAST
    assert not store.home.database.exists()
