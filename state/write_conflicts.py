"""Writes which unmerged branches would conflict; what is rehearsed, and when, is decided elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

from state import queries, rows
from state.change_writer import ChangeWriter
from state.codec import record_to_json
from state.conflict_queries import CONCERNS
from state.lifecycle import UNMERGED
from state.records import Workstream
from state.row_changes import delete_rows, insert_row
from state.shown_names import rival_name
from state.sql_text import Connection, Values, mappings, value
from state.worktree_records import PredictedConflict

ConflictKey = tuple[str, str, str, str]
_IS = "run_id = ? AND ws_id = ? AND other_run_id = ? AND other_ws_id = ?"


class ConflictWriter:
    """Writes predicted conflicts, each with an event when it comes, changes or goes."""

    def __init__(self, writer: ChangeWriter) -> None:
        self._writer = writer
        writer.on_review.append(self._follow_review)

    def record(self, found: Sequence[PredictedConflict], *, gone: Sequence[ConflictKey] = ()) -> None:
        """Enter what was found, and delete what is gone; one of a branch that was merged meanwhile is left out."""
        with self._writer.transaction() as connection:
            for key in gone:
                self._delete(connection, _IS, key)
            for conflict in found:
                if _is_unmerged(connection, conflict):
                    self._enter(connection, replace(conflict, checked_at=self._writer.clock()))

    def _enter(self, connection: Connection, conflict: PredictedConflict) -> None:
        values = record_to_json(conflict)
        values["files_json"] = rows.dump(values.pop("files"))
        delete_rows(connection, "predicted_conflicts", _IS, conflict.key)
        insert_row(connection, "predicted_conflicts", values)
        message = f"{_sides(connection, conflict)} would conflict in {', '.join(conflict.files)}."
        self._writer.record_event(connection, "conflict.predicted", message, conflict=conflict)

    def _follow_review(self, connection: Connection, _was: Workstream, now: Workstream) -> None:
        """Delete the conflicts of a workstream whose branch is no longer to be merged."""
        if now.review not in UNMERGED:
            self._delete(connection, CONCERNS, (now.run_id, now.ws_id))

    def _delete(self, connection: Connection, where: str, which: Values) -> None:
        found = mappings(connection, f"SELECT * FROM predicted_conflicts WHERE {where}", which)
        if not found:
            return
        delete_rows(connection, "predicted_conflicts", where, which)
        for row in found:
            conflict = rows.predicted_conflict(row)
            message = f"{_sides(connection, conflict)} would not conflict any more."
            self._writer.record_event(connection, "conflict.gone", message, level="debug", conflict=conflict)


def _is_unmerged(connection: Connection, conflict: PredictedConflict) -> bool:
    mine = "SELECT review FROM workstreams WHERE run_id = ? AND ws_id = ?"
    return all(value(connection, mine, key) in UNMERGED for key in conflict.workstreams)


def _sides(connection: Connection, conflict: PredictedConflict) -> str:
    names = queries.names_of(connection, conflict.workstreams)
    return f"{names.workstream(conflict.first)} and {rival_name(conflict, conflict.first, names)}"
