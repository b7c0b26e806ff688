"""Holds on everything, a group, an account or a tool; a job is held by `write_commands`."""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from state import hold_queries, rows
from state.change_writer import columns
from state.job_select import JOB_COLUMNS, jobs_selected
from state.ledger_writer import LedgerWriter
from state.recordable import recordable
from state.records import Hold, HoldCause, HoldKind, JobStatus
from state.tables import holds, jobs


class HoldWriter:
    """Sets and lifts holds."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer

    def set(self, hold: Hold) -> Hold:
        """Set a hold, or change the one of the same kind and key."""
        values = columns(hold, "kind", "key", "reason", "since", "until", "cause")
        changed = {name: value for name, value in values.items() if name not in {"kind", "key"}}
        statement = upsert(holds).values(**values)
        with self._writer.transaction() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["kind", "key"], set_=changed))
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
            mine = (holds.c.kind == kind) & (holds.c.key == key)
            row = connection.execute(select(holds).where(mine)).mappings().first()
            if row is None:
                return False
            connection.execute(delete(holds).where(mine))
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
        match kind:
            case HoldKind.ACCOUNT:
                whose = jobs.c.account == key
            case HoldKind.TOOL:
                whose = jobs.c.account.is_(None) & (jobs.c.tool == key)
            case _:
                return
        waiting = (jobs.c.status == JobStatus.QUEUED) & (jobs.c.waits_for == "quota") & whose
        for job in jobs_selected(connection, select(*JOB_COLUMNS).where(waiting)):
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
