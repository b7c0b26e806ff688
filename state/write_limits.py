"""Writes limits: how many jobs run at once in all, of a tool, of an account, of a group."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from state import rows
from state.change_writer import columns
from state.ledger_writer import LedgerWriter
from state.records import Limit, LimitKind
from state.tables import limits


class LimitWriter:
    """Sets and removes limits of running jobs."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer

    def set(self, limit: Limit) -> Limit:
        """Set how many jobs of a kind run at once."""
        statement = upsert(limits).values(**columns(limit, "kind", "key", "value"))
        statement = statement.on_conflict_do_update(
            index_elements=["kind", "key"], set_={"value": limit.value}
        )
        of_what = f" for {limit.kind} {limit.key}" if limit.kind is not LimitKind.GLOBAL else ""
        with self._writer.transaction() as connection:
            connection.execute(statement)
            message = f"At most {limit.value} jobs run at once{of_what}."
            self._writer.record_event(connection, "limit.set", message, limit=limit)
        return limit

    def remove(self, kind: LimitKind, key: str) -> bool:
        """Remove a limit; False if there was none."""
        with self._writer.transaction() as connection:
            mine = (limits.c.kind == kind) & (limits.c.key == key)
            row = connection.execute(select(limits).where(mine)).mappings().first()
            if row is None:
                return False
            connection.execute(delete(limits).where(mine))
            message = f"{kind} {key} has no limit any more."
            self._writer.record_event(connection, "limit.removed", message, limit=rows.limit(row))
            return True
