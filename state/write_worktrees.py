"""Writes worktrees and their snapshots: entered with the jobs of a workstream, changed as they are made and go."""

from dataclasses import replace
from typing import Any

from state import rows, worktree_queries
from state.change_writer import ChangeWriter
from state.codec import record_to_json
from state.database_errors import NoSuchRowError
from state.records import ReviewState, Workstream
from state.row_changes import delete_rows, insert_row, update_rows
from state.sql_text import Connection
from state.worktree_records import Worktree, WorktreeSnapshot

_MINE = "run_id = ? AND ws_id = ?"


class WorktreeWriter:
    """Writes the worktrees of workstreams; what happens on disk is done elsewhere, before or after."""

    def __init__(self, writer: ChangeWriter) -> None:
        self._writer = writer
        writer.on_review.append(self._follow_review)

    def enter(self, worktree: Worktree) -> Worktree:
        """Add the worktree of a workstream that exists; one that is there already stays as it is."""
        with self._writer.transaction() as connection:
            found = worktree_queries.find_worktree(connection, *worktree.key)
            if found is None:
                found = replace(worktree, created_at=worktree.created_at or self._writer.clock())
                insert_row(connection, "worktrees", record_to_json(found))
            return found

    def change(
        self,
        run_id: str,
        ws_id: str,
        *,
        event_type: str = "",
        message: str = "",
        level: str = "info",
        **values: Any,
    ) -> Worktree:
        """Change columns of a worktree, and report it where an event is named.

        Raises:
            NoSuchRowError: the workstream has none.
        """
        with self._writer.transaction() as connection:
            changed = replace(self.worktree(connection, run_id, ws_id), **values)
            update_rows(connection, "worktrees", values, _MINE, (run_id, ws_id))
            if event_type:
                self._writer.record_event(connection, event_type, message, level=level, worktree=changed)
            return changed

    def _follow_review(self, connection: Connection, was: Workstream, now: Workstream) -> None:
        """What was all of the work of a workstream no longer is once more of it is to come."""
        tree = worktree_queries.find_worktree(connection, now.run_id, now.ws_id)
        if tree is None or tree.head is None or now.review is not ReviewState.WORKING:
            return
        message = f"More work is to come in workstream {was.title or was.ws_id}."
        self.change(*tree.key, event_type="worktree.reopened", message=message, level="debug", head=None)

    def add_snapshot(self, snapshot: WorktreeSnapshot) -> WorktreeSnapshot:
        """Record a snapshot whose commit is kept by its ref."""
        with self._writer.transaction() as connection:
            made = replace(snapshot, created_at=snapshot.created_at or self._writer.clock())
            values = {name: value for name, value in record_to_json(made).items() if name != "left_out"}
            left_out = rows.dump(list(made.left_out))
            insert_row(connection, "tree_snapshots", {**values, "left_out_json": left_out})
            return made

    def forget_snapshots(self, run_id: str, ws_id: str) -> None:
        """Delete the records of snapshots whose refs are gone."""
        with self._writer.transaction() as connection:
            delete_rows(connection, "tree_snapshots", _MINE, (run_id, ws_id))

    @staticmethod
    def worktree(connection: Connection, run_id: str, ws_id: str) -> Worktree:
        """The worktree of a workstream; raises NoSuchRowError."""
        if (found := worktree_queries.find_worktree(connection, run_id, ws_id)) is None:
            raise NoSuchRowError(f"Workstream {ws_id} of run {run_id} has no worktree.")
        return found
