"""Holds on everything, a group, an account or a tool; a job is held by `write_commands`."""

from state import hold_queries, queries, rows
from state.change_writer import ChangeWriter, columns
from state.recordable import recordable
from state.records import Hold, HoldCause, HoldKind
from state.row_changes import delete_rows, insert_or_update
from state.sql_text import Connection, first


class HoldWriter:
    """Sets and lifts holds."""

    def __init__(self, writer: ChangeWriter) -> None:
        self._writer = writer

    def set(self, hold: Hold) -> Hold:
        """Set a hold, or change the one of the same kind and key."""
        values = columns(hold, "kind", "key", "reason", "since", "until", "cause")
        with self._writer.transaction() as connection:
            insert_or_update(connection, "holds", values, ("kind", "key"))
            self._writer.record_event(connection, "hold.set", _message(hold), level="warning", hold=hold)
        return hold

    def set_unless_longer(self, hold: Hold) -> None:
        """Set a hold, unless the one of the same kind and key lasts longer; a person's has no end."""
        with self._writer.transaction() as connection:
            for one in hold_queries.all_holds(connection):
                if (one.kind, one.key) == (hold.kind, hold.key) and _lasts_longer(one, hold):
                    return
            self.set(hold)

    def lift(self, kind: HoldKind, key: str) -> bool:
        """Lift a hold; False if there was none."""
        with self._writer.transaction() as connection:
            row = first(connection, "SELECT * FROM holds WHERE kind = ? AND key = ?", (kind, key))
            if row is None:
                return False
            delete_rows(connection, "holds", "kind = ? AND key = ?", (kind, key))
            everything = kind is HoldKind.ENGINE
            message = (
                recordable("The engine was resumed.")
                if everything
                else f"The hold on {kind} {key} was lifted."
            )
            message = (
                recordable("The hold of a used-up budget was lifted.") if kind is HoldKind.BUDGET else message
            )
            self._writer.record_event(connection, "hold.lifted", message, hold=rows.hold(row))
            self._end_quota(connection, kind, key)
            return True

    def _end_quota(self, connection: Connection, kind: HoldKind, key: str) -> None:
        """Let jobs start that wait for the quota of this account or tool."""
        if kind not in {HoldKind.ACCOUNT, HoldKind.TOOL}:
            return
        for job in queries.waiting_for_quota(connection, kind, key):
            due = self._writer.change(connection, job, not_before=None, waits_for=None)
            message = f"{job.job_id} no longer waits for the quota of {key}."
            self._writer.record_event(connection, "job.due", message, job=due)


def _lasts_longer(one: Hold, other: Hold) -> bool:
    return one.until is None or (other.until is not None and one.until >= other.until)


def _message(hold: Hold) -> str:
    reason = f": {hold.reason}" if hold.reason else "."
    if hold.kind is HoldKind.BUDGET:
        return hold.reason
    if hold.kind is not HoldKind.ENGINE:
        return f"{hold.kind.capitalize()} {hold.key} is on hold{reason}"
    return f"The engine {'is draining' if hold.cause is HoldCause.DRAIN else 'was paused'}{reason}"
