"""What an engine reads and writes about forecasts that are kept to be checked."""

from collections.abc import Sequence

from engine.state_store.store_access import StoreAccess
from state import forecast_queries
from state.forecast_records import KeptForecast


class ForecastStore:
    """The first forecast of each job and each run of a home."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self._ledger = access, access.ledger

    def are_missing(self) -> bool:
        """Whether a queued job has none yet."""
        return self._access.read(forecast_queries.lacks_forecasts)

    def keep(self, made: Sequence[KeptForecast]) -> None:
        """Keep these, but none of what one is kept of already."""
        self._ledger.forecasts.keep(made)
