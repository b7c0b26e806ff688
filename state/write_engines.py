"""Which engines started and stopped."""

from sqlalchemy import insert, update

from state.ledger_writer import LedgerWriter, columns
from state.records import Engine
from state.tables import engines

_STARTED = ("engine_id", "home_id", "host", "pid", "kind", "started_at")


class EngineWriter:
    """Records that an engine started or stopped."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer

    def started(self, engine: Engine) -> None:
        """Record that an engine started."""
        message = f"An engine started (process {engine.pid})."
        with self._writer.transaction() as connection:
            connection.execute(insert(engines).values(**columns(engine, *_STARTED)))
            self._writer.record_event(connection, "engine.started", message, engine=engine)

    def stopped(self, engine_id: str, why: str) -> None:
        """Record that an engine stopped, once."""
        mine = (engines.c.engine_id == engine_id) & engines.c.stopped_at.is_(None)
        with self._writer.transaction() as connection:
            if connection.execute(
                update(engines).where(mine).values(stopped_at=self._writer.clock())
            ).rowcount:
                extra = {"engine_id": engine_id}
                self._writer.record_event(
                    connection, "engine.stopped", f"The engine stopped{why}.", extra=extra
                )
