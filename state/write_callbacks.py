"""The user's command at the end of each job: promised with the end, claimed once, and ended with what became of it.

A command that was claimed is never started again: whoever finds that its engine is gone records that nobody knows
whether it finished. So it runs at most once, and one that did not run is shown as failed.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any

from state import queries
from state.callback_queries import OPEN, callbacks_where, first_open
from state.change_writer import ChangeWriter, EndedJob
from state.codec import record_to_json
from state.records import CallbackRun, CallbackStatus
from state.row_changes import insert_row, insert_rows, update_rows
from state.sql_text import Connection, marks, value

MOST_WAITING = 10_000
"""With more commands than this waiting, the command is far too slow for the jobs: later ones fail at once."""


class CallbackWriter:
    """Writes the commands that are promised, run and ended."""

    def __init__(self, writer: ChangeWriter, *, is_history: bool = False) -> None:
        """`is_history`: what is written has happened long ago, and promises nothing."""
        self._writer = writer
        if not is_history:
            writer.on_ended = self._promise

    def _promise(self, connection: Connection, ended: Sequence[EndedJob]) -> None:
        """Promise the command for each of these jobs, if one is set."""
        if not _is_set(queries.all_settings(connection).get("callback")):
            return
        new = [
            {
                "job_id": job.job_id, "run_id": job.run_id, "tool": job.tool, "job_status": job.status,
                "attempt": attempt, "status": CallbackStatus.WAITING, "created_at": self._writer.clock(),
            }
            for job, attempt in ended
        ]  # fmt: skip
        room = max(MOST_WAITING - _waiting(connection), 0)
        insert_rows(connection, "callbacks", new[:room])
        for one in new[room:]:
            made = insert_row(connection, "callbacks", one)
            reason = f"more than {MOST_WAITING:,} commands were waiting already"
            self._end(connection, made, CallbackStatus.FAILED, reason=reason)

    def claim_next(self, engine_id: str) -> CallbackRun | None:
        """Claim the command that has waited longest; None if none waits, or if another one still runs."""
        with self._writer.transaction() as connection:
            first = first_open(connection)
            if first is None or first.status is CallbackStatus.RUNNING:
                return None
            values: dict[str, Any] = {
                "status": CallbackStatus.RUNNING, "engine_id": engine_id, "started_at": self._writer.clock(),
            }  # fmt: skip
            update_rows(connection, "callbacks", values, "id = ?", (first.id,))
            return first

    def end(
        self, callback_id: int, *, exit_code: int | None = None, reason: str = "", output: str = ""
    ) -> bool:
        """Record the end of a command, failed where there is a reason; False if it had ended already."""
        status = CallbackStatus.FAILED if reason else CallbackStatus.COMPLETED
        with self._writer.transaction() as connection:
            return self._end(
                connection, callback_id, status, exit_code=exit_code, reason=reason, output=output
            )

    def give_up(self, reason: str, statuses: Collection[CallbackStatus] = OPEN) -> None:
        """End all open commands as failed."""
        with self._writer.transaction() as connection:
            for status in statuses:
                for one in callbacks_where(connection, status):
                    self._end(connection, one.id, CallbackStatus.FAILED, reason=reason)

    def _end(self, connection: Connection, callback_id: int, status: CallbackStatus, **values: Any) -> bool:
        mine = f"id = ? AND status IN ({marks(OPEN)})"
        ended = {"status": status, "ended_at": self._writer.clock(), **values}
        if not update_rows(connection, "callbacks", ended, mine, (callback_id, *OPEN)):
            return False
        if status is CallbackStatus.FAILED:
            self._record_failure(connection, callback_id)
        return True

    def _record_failure(self, connection: Connection, callback_id: int) -> None:
        failed = callbacks_where(connection, CallbackStatus.FAILED, callback_id=callback_id)[0]
        message = f"The command at the end of {failed.job_id} failed: {failed.reason}."
        self._writer.record_event(
            connection, "job.callback_failed", message, level="warning",
            where={"run_id": failed.run_id, "job_id": failed.job_id}, extra={"callback": record_to_json(failed)},
        )  # fmt: skip


def _waiting(connection: Connection) -> int:
    waits = "SELECT count(*) FROM callbacks WHERE status = ?"
    return int(value(connection, waits, (CallbackStatus.WAITING,)))


def _is_set(text: str | None) -> bool:
    """Whether a stored setting has a value; one that cannot be read has its default, as everywhere."""
    try:
        return bool(json.loads(text or "null"))
    except (ValueError, TypeError, RecursionError):
        return False
