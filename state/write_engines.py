"""Which engines started and stopped."""

from sqlalchemy import insert, select, update

from state.change_writer import columns
from state.ledger_writer import LedgerWriter
from state.records import Engine
from state.tables import engines, events

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

    def lost(self, engine: Engine, *, before: float) -> bool:
        """Record, once, that an engine ended without recording it: when something last happened before this time."""
        mine = (engines.c.engine_id == engine.engine_id) & engines.c.stopped_at.is_(None)
        last = select(events.c.at).where(events.c.at < before).order_by(events.c.id.desc()).limit(1)
        with self._writer.transaction() as connection:
            at = max(engine.started_at, connection.execute(last).scalar() or 0.0)
            if not connection.execute(update(engines).where(mine).values(stopped_at=at)).rowcount:
                return False
            message = f"The engine of process {engine.pid} was killed, or ended with the computer."
            extra = {"engine_id": engine.engine_id, "since": at}
            self._writer.record_event(connection, "engine.lost", message, level="warning", extra=extra)
            return True

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
