"""Which home the database belongs to, and what follows when it comes into another one."""

from sqlalchemy import Connection, delete, insert, select

from state import queries
from state.ledger_writer import LedgerWriter
from state.recordable import recordable
from state.records import HoldCause, JobHold, JobStatus
from state.tables import owner
from state.write_callbacks import CallbackWriter
from state.write_commands import CommandWriter
from state.write_settings import SettingWriter

COPIED = JobHold(
    HoldCause.COPIED,
    recordable(
        "It was queued in the home that this one is a copy of, and may run there. Release it to run it here, or "
        "cancel it."
    ),
)


class OwnerWriter:
    """Takes the database over for the home it lies in."""

    def __init__(
        self,
        writer: LedgerWriter,
        commands: CommandWriter,
        settings: SettingWriter,
        callbacks: CallbackWriter,
    ) -> None:
        self._writer, self._commands, self._settings = writer, commands, settings
        self._callbacks = callbacks

    def claim(self, home_id: str) -> bool:
        """Record that the database belongs to this home; return whether it belonged to another one.

        Then every queued job is held: the other home may run it. An inbox that the settings name is given up for that
        of this home: two homes would accept the same files. Attempts that run are for an engine to look at.
        """
        with self._writer.transaction() as connection:
            before = connection.execute(select(owner.c.home_id)).scalar()
            if before == home_id:
                return False
            connection.execute(delete(owner))
            connection.execute(insert(owner).values(home_id=home_id))
            if before is not None:
                self._settle_in(connection)
            return before is not None

    def _settle_in(self, connection: Connection) -> None:
        for job in queries.open_jobs(connection):
            if job.status is not JobStatus.QUEUED:
                continue
            self._commands.hold(job.job_id, COPIED)
        self._callbacks.give_up("it belongs to the home that this one is a copy of")
        if "inbox" in queries.all_settings(connection):
            self._settings.change("inbox", None)
        message = recordable("This database comes from another home; what was queued there is held.")
        self._writer.record_event(connection, "engine.moved_in", message, level="warning")
