"""Writes limits: how many jobs run at once in all, of a tool, of an account, of a group."""

from state import rows
from state.change_writer import ChangeWriter, columns
from state.records import Limit, LimitKind
from state.row_changes import delete_rows, insert_or_update
from state.sql_text import first


class LimitWriter:
    """Sets and removes limits of running jobs."""

    def __init__(self, writer: ChangeWriter) -> None:
        self._writer = writer

    def set(self, limit: Limit) -> Limit:
        """Set how many jobs of a kind run at once."""
        of_what = f" for {limit.kind} {limit.key}" if limit.kind is not LimitKind.GLOBAL else ""
        with self._writer.transaction() as connection:
            insert_or_update(connection, "limits", columns(limit, "kind", "key", "value"), ("kind", "key"))
            message = f"At most {limit.value} jobs run at once{of_what}."
            self._writer.record_event(connection, "limit.set", message, limit=limit)
        return limit

    def remove(self, kind: LimitKind, key: str) -> bool:
        """Remove a limit; False if there was none."""
        with self._writer.transaction() as connection:
            row = first(connection, "SELECT * FROM limits WHERE kind = ? AND key = ?", (kind, key))
            if row is None:
                return False
            delete_rows(connection, "limits", "kind = ? AND key = ?", (kind, key))
            message = f"{kind} {key} has no limit any more."
            self._writer.record_event(connection, "limit.removed", message, limit=rows.limit(row))
            return True
