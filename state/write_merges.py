"""Writes the merge queue: it follows the reviews of workstreams, in the transaction that moves them."""

from dataclasses import replace

from state import rows, worktree_queries
from state.change_writer import ChangeWriter
from state.codec import record_to_json
from state.database_errors import SignalboxError
from state.records import ReviewState, Workstream
from state.row_changes import insert_row, last_id, update_rows
from state.sql_text import Connection, first, marks, value
from state.worktree_records import OPEN_MERGES, Merge, MergeMethod, MergeState


class MergeUnderWayError(SignalboxError):
    """The target branch is being moved at this moment, so the approval cannot be withdrawn any more."""

    def __init__(self, merge: Merge) -> None:
        super().__init__(
            f"{merge.target} is being moved to the work of {merge.ws_id} at this moment; "
            "wait until it is merged. Nothing was changed."
        )


class MergeWriter:
    """Enters approved workstreams into the merge queue of their target, and takes them out again."""

    def __init__(self, writer: ChangeWriter) -> None:
        self._writer = writer
        writer.on_review.append(self._follow_review)

    def enqueue(self, connection: Connection, stream: Workstream) -> Merge:
        """Enter an approved workstream into the merge queue; one that is in it already stays where it is.

        Its `head` is empty where its last changes are not committed yet.
        """
        if (found := self.open_merge(connection, stream.run_id, stream.ws_id)) is not None:
            return found
        tree = worktree_queries.find_worktree(connection, stream.run_id, stream.ws_id)
        repo, target, head = ("", None, None) if tree is None else (tree.repo, tree.target, tree.head)
        made = Merge(
            id=last_id(connection, "merges") + 1,
            run_id=stream.run_id,
            ws_id=stream.ws_id,
            repo=repo,
            target=target or "",
            method=MergeMethod.MERGE,
            priority=_priority_of(connection, stream),
            head=head or "",
            created_at=self._writer.clock(),
        )
        values = {name: value for name, value in record_to_json(made).items() if name != "files"}
        insert_row(connection, "merges", {**values, "files_json": rows.dump(list(made.files))})
        message = f"{stream.title or stream.ws_id} waits to be merged into {made.target}."
        self._writer.record_event(connection, "merge.waiting", message, merge=made)
        return made

    def withdraw(self, connection: Connection, run_id: str, ws_id: str, reason: str) -> Merge | None:
        """Take a workstream out of the merge queue; None where it is not in it.

        Raises:
            MergeUnderWayError: its target is being moved.
        """
        found = self.open_merge(connection, run_id, ws_id)
        if found is None:
            return None
        if found.result is not None:
            raise MergeUnderWayError(found)
        gone = replace(found, state=MergeState.WITHDRAWN, reason=reason, ended_at=self._writer.clock())
        values = {"state": gone.state, "reason": gone.reason, "ended_at": gone.ended_at}
        update_rows(connection, "merges", values, "id = ?", (gone.id,))
        message = f"{ws_id} was taken out of the merge queue of {gone.target}: {reason}"
        self._writer.record_event(connection, "merge.withdrawn", message, merge=gone)
        return gone

    @staticmethod
    def open_merge(connection: Connection, run_id: str, ws_id: str) -> Merge | None:
        """The merge of a workstream that is still to come."""
        query = f"SELECT * FROM merges WHERE run_id = ? AND ws_id = ? AND state IN ({marks(OPEN_MERGES)})"
        row = first(connection, query, (run_id, ws_id, *OPEN_MERGES))
        return None if row is None else rows.merge(row)

    def _follow_review(self, connection: Connection, was: Workstream, now: Workstream) -> None:
        if now.review is ReviewState.APPROVED:
            self.enqueue(connection, now)
        elif was.review is ReviewState.APPROVED and now.review is not ReviewState.MERGED:
            self.withdraw(connection, now.run_id, now.ws_id, _WHY_WITHDRAWN[now.review])


def _priority_of(connection: Connection, stream: Workstream) -> int:
    """That of its most urgent job."""
    most = "SELECT max(priority) FROM jobs WHERE run_id = ? AND ws_id = ?"
    return value(connection, most, (stream.run_id, stream.ws_id)) or 0


_WHY_WITHDRAWN = {
    ReviewState.WAITING: "it waits for review again.",
    ReviewState.WORKING: "one of its jobs was queued again.",
    ReviewState.DISCARDED: "it was discarded.",
}
