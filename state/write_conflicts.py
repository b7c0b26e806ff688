"""Writes which unmerged branches would conflict; what is rehearsed, and when, is decided elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select

from state import queries, rows
from state.codec import record_to_json
from state.conflict_queries import concerns
from state.ledger_writer import LedgerWriter
from state.lifecycle import UNMERGED
from state.records import Workstream
from state.shown_names import rival_name
from state.tables import predicted_conflicts as conflicts
from state.tables import workstreams
from state.worktree_records import PredictedConflict

ConflictKey = tuple[str, str, str, str]


class ConflictWriter:
    """Writes predicted conflicts, each with an event when it comes, changes or goes."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer
        writer.on_review.append(self._follow_review)

    def record(self, found: Sequence[PredictedConflict], *, gone: Sequence[ConflictKey] = ()) -> None:
        """Enter what was found, and delete what is gone; one of a branch that was merged meanwhile is left out."""
        with self._writer.transaction() as connection:
            for key in gone:
                self._delete(connection, _is(key))
            for conflict in found:
                if _is_unmerged(connection, conflict):
                    self._enter(connection, replace(conflict, checked_at=self._writer.clock()))

    def _enter(self, connection: Connection, conflict: PredictedConflict) -> None:
        values = record_to_json(conflict)
        values["files_json"] = rows.dump(values.pop("files"))
        connection.execute(delete(conflicts).where(_is(conflict.key)))
        connection.execute(insert(conflicts).values(**values))
        message = f"{_sides(connection, conflict)} would conflict in {', '.join(conflict.files)}."
        self._writer.record_event(connection, "conflict.predicted", message, conflict=conflict)

    def _follow_review(self, connection: Connection, _was: Workstream, now: Workstream) -> None:
        """Delete the conflicts of a workstream whose branch is no longer to be merged."""
        if now.review not in UNMERGED:
            self._delete(connection, concerns(now.run_id, now.ws_id))

    def _delete(self, connection: Connection, which: ColumnElement[bool]) -> None:
        found = connection.execute(select(conflicts).where(which)).mappings().all()
        if not found:
            return
        connection.execute(delete(conflicts).where(which))
        for row in found:
            conflict = rows.predicted_conflict(row)
            message = f"{_sides(connection, conflict)} would not conflict any more."
            self._writer.record_event(connection, "conflict.gone", message, level="debug", conflict=conflict)


def _is(key: ConflictKey) -> ColumnElement[bool]:
    run_id, ws_id, other_run_id, other_ws_id = key
    first = (conflicts.c.run_id == run_id) & (conflicts.c.ws_id == ws_id)
    return first & (conflicts.c.other_run_id == other_run_id) & (conflicts.c.other_ws_id == other_ws_id)


def _is_unmerged(connection: Connection, conflict: PredictedConflict) -> bool:
    keys = [
        (workstreams.c.run_id == run_id) & (workstreams.c.ws_id == ws_id)
        for run_id, ws_id in conflict.workstreams
    ]
    found = connection.execute(select(workstreams.c.review).where(or_(*keys))).scalars()
    return sum(review in UNMERGED for review in found) == len(keys)


def _sides(connection: Connection, conflict: PredictedConflict) -> str:
    names = queries.names_of(connection, conflict.workstreams)
    return f"{names.workstream(conflict.first)} and {rival_name(conflict, conflict.first, names)}"
