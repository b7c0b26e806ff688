"""Keeps the first forecast of each job and each run, so that it can be compared with what happened."""

from collections.abc import Sequence

from sqlalchemy.dialects.sqlite import insert

from state.codec import record_to_json
from state.forecast_records import KeptForecast
from state.ledger_writer import LedgerWriter
from state.queries import known_run_ids
from state.tables import forecasts

_NEW = insert(forecasts).on_conflict_do_nothing()


class ForecastWriter:
    """Writes forecasts, once each; no event reports them, since nothing of the work has changed."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer

    def keep(self, made: Sequence[KeptForecast]) -> None:
        """Keep these, but none of what one is kept of already, or of a run that was pruned meanwhile."""
        if not made:
            return
        with self._writer.transaction() as connection:
            known = known_run_ids(connection, sorted({one.run_id for one in made}))
            rows = [record_to_json(one) for one in made if one.run_id in known]
            if rows:
                connection.execute(_NEW, rows)
