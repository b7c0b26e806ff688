"""The worktrees of isolated workstreams as they are recorded; what happens on disk is done elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.state_store.store_access import StoreAccess
from state import queries, worktree_queries
from state.records import JobStatus, ReviewState
from state.worktree_records import TreeState, Worktree, WorktreeSnapshot

COMPLETE = frozenset({ReviewState.WAITING, ReviewState.APPROVED})
"""The reviews of workstreams whose work is complete and not merged yet."""


class TreeStore:
    """Reads and writes the records of worktrees; for any thread."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self._ledger = access, access.ledger

    def change_stamp(self) -> int:
        """A number that differs once what `to_finish` returns may have changed."""
        return self._access.change_stamp("worktrees", "workstreams")

    def find(self, run_id: str, ws_id: str) -> Worktree | None:
        """The worktree of a workstream; None where it works in place."""
        if not self._access.kept(worktree_queries.are_any, ("worktrees",)):
            return None
        return self._access.read(worktree_queries.find_worktree, run_id, ws_id)

    def ports_taken(self, *, but: Worktree) -> set[int]:
        """The first ports of the other worktrees there are."""
        return self._access.read(worktree_queries.ports_taken, *but.key)

    def take_ports(self, tree: Worktree, base: int | None) -> Worktree | None:
        """Let a worktree have the ports from this one on, and report it where it had others; None if they are taken."""
        with self._ledger.transaction() as connection:
            if base in worktree_queries.ports_taken(connection, *tree.key):
                return None
            if tree.port_base is None:
                return self.change(tree, port_base=base)
            now = "none are free" if base is None else f"it has those from {base} on now"
            message = (
                f"The ports of workstream {tree.ws_id} from {tree.port_base} on are in use by others: {now}."
            )
            event = {"event_type": "worktree.ports", "message": message, "level": "warning"}
            return self.change(tree, **event, port_base=base)

    def is_in_use(self, tree: Worktree, *, but: str | None) -> bool:
        """Whether a job of its workstream runs, other than the one named."""
        jobs = self._access.read(queries.jobs_of_workstream, *tree.key)
        return any(job.status is JobStatus.RUNNING and job.job_id != but for job in jobs)

    def to_finish(self) -> list[Worktree]:
        """Those whose work is complete and not yet known as one commit."""
        return self._access.read(worktree_queries.worktrees_to_finish)

    def is_complete(self, tree: Worktree) -> bool:
        """Whether all jobs of its workstream have ended well, and nobody has decided against the result."""
        stream = self._access.read(queries.find_workstream, tree.ws_id, tree.run_id)
        return stream is not None and stream.review in COMPLETE

    def job_fields(self, tree: Worktree, field: str) -> list[Any]:
        """What the files of the workstream's jobs say of a field of `metadata`; nothing of those that say nothing."""
        mine = [job.job_id for job in self._access.read(queries.jobs_of_workstream, *tree.key)]
        stored: Iterable[Mapping[str, Any]] = self._access.read(queries.job_specs, mine).values()
        given = ((spec.get("metadata") or {}).get(field) for spec in stored)
        return [value for value in given if value is not None]

    def pin(self, tree: Worktree, commit: str) -> str:
        """Pin a worktree and all of its run that wait for the same to a commit, or to what one of them has already."""
        with self._ledger.transaction() as connection:
            others = worktree_queries.worktrees_of(connection, [tree.run_id])
            same = [one for one in others if (one.repo, one.base) == (tree.repo, tree.base)]
            pinned = next((one.base_commit for one in same if one.base_commit is not None), commit)
            for one in same:
                if one.base_commit is None:
                    self._ledger.worktrees.change(*one.key, base_commit=pinned)
            return pinned

    def change(self, tree: Worktree, *, event_type: str = "", **values: Any) -> Worktree:
        """Change columns of a worktree, and report it where an event is named, with its `message` and `level`."""
        return self._ledger.worktrees.change(*tree.key, event_type=event_type, **values)

    def made(self, tree: Worktree, notes: Sequence[str]) -> Worktree:
        """Record that a worktree is there, with what a person should know of it."""
        name = f"The worktree of workstream {tree.ws_id} was made on branch {tree.branch}."
        return self.change(
            tree,
            event_type="worktree.made",
            message=" ".join((name, *notes)),
            level="warning" if notes else "info",
            state=TreeState.READY,
            setup_digest=None,
            removed_at=None,
            kept_reason="",
        )

    def finish(self, tree: Worktree, head: str, message: str, *, level: str = "info") -> bool:
        """Record the commit that holds all of a workstream's work, unless its work goes on."""
        with self._ledger.transaction():
            if not self.is_complete(tree):
                return False
            event = {"event_type": "worktree.finished", "message": message, "level": level}
            # what is archived of it, if anything is, was other work
            self.change(tree, **event, head=head, kept_reason="", archive_ref=None)
            return True

    def add_snapshots(self, tree: Worktree, kept: Sequence[WorktreeSnapshot]) -> None:
        """Record those of these snapshots that are not known yet."""
        with self._ledger.transaction() as connection:
            known = {one.number for one in worktree_queries.snapshots_of(connection, *tree.key)}
            for snapshot in kept:
                if snapshot.number not in known:
                    self._ledger.worktrees.add_snapshot(snapshot)
