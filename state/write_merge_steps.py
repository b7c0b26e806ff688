"""Carries merges through their queue: claimed by one engine, noted before the target moves, ended, held, moved.

A merge is claimed in the transaction that chooses it. The commit it comes to is noted before the target is moved, so
whoever finds that its engine is gone can tell from the target itself whether it was merged. `write_merges` enters
workstreams into the queues and takes them out again.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Update, update

from state import merge_queries, queries, rows
from state.database_errors import NoSuchRowError, SignalboxError
from state.ledger_writer import LedgerWriter
from state.lifecycle import STATUS_OF_REVIEW
from state.records import ReviewState, Workstream
from state.tables import merges, worktrees
from state.worktree_records import Merge, MergeMethod, MergeState, TreeState

Choose = Callable[[Connection, Sequence[Merge]], Sequence[Merge]]
"""Which of the open merges an engine begins, or takes over from one that is gone."""

_RETURNED = frozenset({MergeState.CONFLICT, MergeState.RED, MergeState.WITHDRAWN})
"""The ends that send a workstream back to its review."""


class MergeRefusedError(SignalboxError):
    """The merge cannot be changed as it is now; nothing was changed."""


class MergeStepWriter:
    """Writes how far the merges of the queues have come."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer

    def claim(self, engine_id: str, choose: Choose) -> list[Merge]:
        """Claim what `choose` names of the open merges, in one immediate transaction."""
        with self._writer.transaction() as connection:
            chosen = choose(connection, merge_queries.open_merges(connection))
            return [self._begin(connection, merge, engine_id) for merge in chosen]

    def note(
        self, merge: Merge, engine_id: str, *, before: str, result: str, method: MergeMethod
    ) -> Merge | None:
        """Note the commit that the target is about to be moved to; None where that is not wanted any more."""
        with self._writer.transaction() as connection:
            found = self._mine(connection, merge, engine_id)
            stream = queries.find_workstream(connection, merge.ws_id, merge.run_id)
            if found is None or found.held or stream is None or stream.review is not ReviewState.APPROVED:
                return None
            return self._change(connection, found, target_before=before, result=result, method=method)

    def end(
        self, merge: Merge, engine_id: str, state: MergeState, *, reason: str = "", **values: Any
    ) -> Merge | None:
        """Record what became of a merge of this engine, with what follows for its review; None if it is no longer its.

        One that is `WAITING` or `BLOCKED` afterwards is tried again.
        """
        with self._writer.transaction() as connection:
            found = self._mine(connection, merge, engine_id)
            if found is None:
                return None
            if state in {MergeState.WAITING, MergeState.BLOCKED}:
                return self._put_back(connection, found, state, reason)
            now = self._writer.clock()
            ended = self._change(connection, found, state=state, reason=reason, ended_at=now, **values)
            self._follow_end(connection, ended)
            return ended

    def set_held(self, merge_id: int, *, held: bool) -> Merge:
        """Hold a merge, or let it go on.

        Raises:
            SignalboxError: there is no such merge any more, or its target is being moved.
        """
        with self._writer.transaction() as connection:
            merge = self._open(connection, merge_id)
            if merge.held is held:
                return merge
            self._refuse_under_way(merge)
            changed = self._change(connection, merge, held=held)
            self._report(connection, changed, "held" if held else "released")
            return changed

    def move(self, merge_id: int, *, priority: int | None = None, position: float | None = None) -> Merge:
        """Give a merge another priority, or another position in its queue.

        Raises:
            SignalboxError: there is no such merge any more.
        """
        with self._writer.transaction() as connection:
            merge = self._open(connection, merge_id)
            values = {"priority": merge.priority if priority is None else priority, "position": position}
            changed = self._change(connection, merge, **values)
            self._report(connection, changed, "moved")
            return changed

    def _begin(self, connection: Connection, merge: Merge, engine_id: str) -> Merge:
        committed = merge_queries.committed_of(connection, [merge.key]).get(merge.key)
        head = merge.head or ("" if committed is None else committed[1])
        values = {"state": MergeState.CHECKING, "engine_id": engine_id, "head": head, "reason": ""}
        begun = self._change(connection, merge, started_at=self._writer.clock(), **values)
        self._report(connection, begun, MergeState.CHECKING, level="debug")
        return begun

    def _mine(self, connection: Connection, merge: Merge, engine_id: str) -> Merge | None:
        found = merge_queries.find_merge(connection, merge.id)
        is_mine = found is not None and (found.state, found.engine_id) == (MergeState.CHECKING, engine_id)
        return found if is_mine else None

    def _put_back(self, connection: Connection, merge: Merge, state: MergeState, reason: str) -> Merge:
        values: dict[str, Any] = {"result": None, "target_before": None, "engine_id": None}
        changed = self._change(connection, merge, state=state, reason=reason, **values)
        self._report(connection, changed, state, level="info" if state is MergeState.BLOCKED else "debug")
        return changed

    def _follow_end(self, connection: Connection, merge: Merge) -> None:
        stream = queries.find_workstream(connection, merge.ws_id, merge.run_id)
        self._report(connection, merge, merge.state, level=_LEVELS.get(merge.state, "info"))
        if stream is None or stream.review is not ReviewState.APPROVED:
            return
        if merge.state is MergeState.MERGED:
            self._move_review(connection, stream, ReviewState.MERGED)
        elif merge.state in _RETURNED:
            self._move_review(connection, stream, ReviewState.WAITING)
            if merge.state is MergeState.WITHDRAWN:
                connection.execute(_head_of(merge).values(head=None))

    def _move_review(self, connection: Connection, stream: Workstream, review: ReviewState) -> None:
        since = self._writer.clock() if review is ReviewState.WAITING else None
        changed = replace(stream, review=review, waits_since=since)
        self._writer.write_workstream(connection, changed, STATUS_OF_REVIEW[review])
        self._writer.follow(connection, stream.run_id, stream.ws_id)

    def _open(self, connection: Connection, merge_id: int) -> Merge:
        open_merges = merge_queries.open_merges(connection)
        found = next((merge for merge in open_merges if merge.id == merge_id), None)
        if found is None:
            raise NoSuchRowError(
                f"There is no merge {merge_id} in a queue any more; `signalbox merge list` lists them."
            )
        return found

    @staticmethod
    def _refuse_under_way(merge: Merge) -> None:
        if merge.result is not None:
            raise MergeRefusedError(
                f"{merge.target} is being moved to the work of {merge.ws_id} at this moment. Nothing was changed."
            )

    @staticmethod
    def _change(connection: Connection, merge: Merge, **values: Any) -> Merge:
        stored = {name: value for name, value in values.items() if name != "files"}
        if "files" in values:
            stored["files_json"] = rows.dump(list(values["files"]))
        connection.execute(update(merges).where(merges.c.id == merge.id).values(**stored))
        return replace(merge, **values)

    def _report(self, connection: Connection, merge: Merge, what: str, *, level: str = "info") -> None:
        words = _EMPTY if merge.is_empty else _MESSAGES[what]
        message = words.format(ws=merge.ws_id, target=merge.target) + _reason(merge, what)
        self._writer.record_event(connection, f"merge.{what}", message, level=level, merge=merge)


_LEVELS = {MergeState.CONFLICT: "warning", MergeState.RED: "warning"}
_EMPTY = "{ws} had nothing to merge."
_MESSAGES = {
    "held": "The merge of {ws} into {target} is held.",
    "released": "The merge of {ws} into {target} was released.",
    "moved": "The merge of {ws} into {target} has another place in its queue.",
    MergeState.WAITING: "{ws} waits to be merged into {target} again.",
    MergeState.CHECKING: "The merge of {ws} into {target} is checked.",
    MergeState.BLOCKED: "{ws} cannot be merged into {target} yet.",
    MergeState.CONFLICT: "{ws} cannot be merged into {target}.",
    MergeState.RED: "{ws} was not merged into {target}.",
    MergeState.MERGED: "{ws} was merged into {target}.",
    MergeState.WITHDRAWN: "{ws} was taken out of the merge queue of {target}.",
}


def _head_of(merge: Merge) -> Update:
    """What is recorded as the work of a workstream; while its worktree is there, an engine finds out what it is."""
    mine = (worktrees.c.run_id == merge.run_id) & (worktrees.c.ws_id == merge.ws_id)
    return update(worktrees).where(mine & (worktrees.c.state == TreeState.READY))


def _reason(merge: Merge, what: str) -> str:
    """The reason, where the event is about it."""
    return f" {merge.reason}" if merge.reason and what == merge.state else ""
