"""The worktrees of a home, on disk and as recorded together: archived, restored, pruned, or kept with the reason."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from engine.errors import CommandRefusedError, GitError
from engine.maintenance.worktree_teardown import tear_down
from engine.settings import Settings
from engine.system.clock import wall
from engine.system.formatting import plural
from engine.system.formatting import size as size_text
from engine.system.home import Home
from engine.worktrees.tree_snapshots import KeptTree
from engine.worktrees.worktree_store import WorkingTrees
from state import queries, worktree_queries
from state.database import Database
from state.database_reader import DatabaseReader
from state.ledger import Ledger
from state.records import JobStatus, ReviewState, Workstream
from state.worktree_records import TreeState, Worktree, WorktreeSnapshot

log = logging.getLogger(__name__)

_LEAST_CHANGE = 1_000_000
"""Fewer bytes more or less on the disk, or two percent, are not worth an event."""
_DAY_S = 24 * 3600.0
CLOSED = frozenset({ReviewState.MERGED, ReviewState.DISCARDED})
"""The reviews of workstreams that nothing more is expected of."""
_REASONS = {
    ReviewState.NONE: "its workstream is not reviewed.",
    ReviewState.WORKING: "its workstream is not complete.",
    ReviewState.WAITING: "its workstream waits for review.",
    ReviewState.APPROVED: "its workstream is not merged yet.",
}


@dataclass(frozen=True, kw_only=True)
class HomeWorktree:
    """A worktree with its workstream; `kept_reason` is why pruning leaves it, empty where it would go."""

    tree: Worktree
    stream: Workstream
    kept_reason: str = ""


class HomeWorktrees:
    """What a person or the engine does with the worktrees of one home; every method may wait for git or the disk."""

    def __init__(
        self, home: Home, database: Database, settings: Settings, *, clock: Callable[[], float] = wall
    ) -> None:
        self.ledger = Ledger(database, clock=clock)
        self.clock, self._database, self._settings = clock, database, settings
        self._home = home
        root = settings.worktrees_root(home)
        self.on_disk = WorkingTrees(root, clock=clock, snapshot_file_mb=settings.snapshot_file_mb)

    def known(self, states: Sequence[TreeState] = tuple(TreeState)) -> list[HomeWorktree]:
        """Every worktree in one of these states with its workstream, oldest first."""
        with self.reading() as reader, reader.connection() as connection:
            found = worktree_queries.worktrees_in(connection, states)
            streams = {
                stream.key: stream
                for run_id in dict.fromkeys(tree.run_id for tree in found)
                for stream in queries.workstreams_of(connection, run_id)
            }
        return [HomeWorktree(tree=tree, stream=streams[tree.key]) for tree in found if tree.key in streams]

    def archive(self, tree: Worktree) -> Worktree:
        """Archive a worktree and record that, or why it was kept.

        Raises:
            CommandRefusedError: a job runs in it.
            GitError: git cannot; nothing was lost.
        """
        self._refuse_running(tree, "archived")
        if tree.state is TreeState.READY and not self.on_disk.obstacle(tree):
            self._tear_down(tree)
        gone = self.on_disk.archive(tree)
        if gone.kept_reason:
            return self._keep(tree, gone.kept_reason)
        state = TreeState.ARCHIVED if gone.ref else TreeState.REMOVED
        if tree.state is state or (tree.state is TreeState.PRUNED and not gone.ref):
            return tree
        return self.ledger.worktrees.change(
            *tree.key,
            event_type=f"worktree.{state}",
            message=f"The worktree of workstream {tree.ws_id} was {state}.",
            state=state,
            archive_ref=gone.ref or None,
            removed_at=self.clock(),
            kept_reason="",
            size_bytes=None,
        )

    def restore(self, tree: Worktree) -> tuple[Worktree, Sequence[str]]:
        """Bring an archived worktree back; returns it with what a person should know of it.

        Raises:
            CommandRefusedError: it is not archived.
            GitError: git cannot; nothing was lost.
        """
        if tree.state is not TreeState.ARCHIVED:
            raise CommandRefusedError(
                f"The worktree of workstream {tree.ws_id} is {tree.state}, not archived."
            )
        made = self.on_disk.restore_archived(tree)
        changed = self.ledger.worktrees.change(
            *tree.key,
            event_type="worktree.made",
            message=" ".join((f"The worktree of workstream {tree.ws_id} was restored.", *made.notes)),
            state=TreeState.READY,
            removed_at=None,
            kept_reason="",
            setup_digest=None,
        )
        return changed, made.notes

    def restore_snapshot(self, tree: Worktree, number: int) -> KeptTree | None:
        """Bring a worktree back to a snapshot; returns that of what was there before, None where that was the same.

        Raises:
            CommandRefusedError: a job runs in it, its workstream is complete, or it is not there.
            GitError: git cannot; nothing was lost.
        """
        self._refuse_running(tree, "restored")
        with self.reading() as reader:
            stream = reader.read(queries.find_workstream, tree.ws_id, tree.run_id)
        if tree.state is not TreeState.READY:
            raise CommandRefusedError(
                f"The worktree of workstream {tree.ws_id} is {tree.state}. If it is archived, restore it first."
            )
        if stream is not None and stream.review not in {ReviewState.NONE, ReviewState.WORKING}:
            raise CommandRefusedError(
                f"The work of workstream {tree.ws_id} is complete ({stream.review}). Send it back to go on with it."
            )
        before = self.on_disk.restore(tree, number)
        if before is not None:
            self.ledger.worktrees.add_snapshot(_recorded(tree, before))
            self.ledger.worktrees.change(*tree.key, setup_digest=None)
        return before

    def prunable(self, *, older_than_s: float | None = None) -> list[HomeWorktree]:
        """Every worktree that is there, and why pruning leaves it; those without a reason would go."""
        age = self.retention_s if older_than_s is None else older_than_s
        return [
            HomeWorktree(tree=each.tree, stream=each.stream, kept_reason=self._reason(each, age))
            for each in self.known((TreeState.READY,))
        ]

    def prune(self, *, older_than_s: float | None = None) -> Iterator[HomeWorktree]:
        """Archive every worktree that `prunable` gives no reason for, one after the other."""
        for each in self.prunable(older_than_s=older_than_s):
            if each.kept_reason:
                yield each
                continue
            try:
                tree = self.archive(each.tree)
            except (GitError, CommandRefusedError) as error:
                tree = self._keep(each.tree, str(error))
            yield HomeWorktree(tree=tree, stream=each.stream, kept_reason=tree.kept_reason)

    def settle(self) -> None:
        """Undo or complete what a killed engine has left of making or removing worktrees."""
        for problem in self.on_disk.settle(each.tree for each in self.known()):
            log.warning("Whether a worktree was left half done is not known: %s", problem)

    def preserve_discarded(self) -> None:
        """Keep the work of discarded workstreams under refs, whatever then happens to their worktrees."""
        for each in self.known((TreeState.READY,)):
            if each.stream.review is ReviewState.DISCARDED and each.tree.archive_ref is None:
                try:
                    ref = self.on_disk.preserve(each.tree)
                except GitError as error:
                    self._keep(each.tree, str(error))
                else:
                    message = (
                        f"The work of workstream {each.tree.ws_id}, which was discarded, is kept as {ref}."
                    )
                    event = {"event_type": "worktree.preserved", "message": message}
                    self.ledger.worktrees.change(*each.tree.key, **event, archive_ref=ref)

    def measure(self) -> None:
        """Record what each worktree takes on its disk, where that has changed much, and which are gone."""
        for each in self.known((TreeState.READY,)):
            if self.on_disk.is_missing(each.tree):
                self._record_missing(each.tree)
                continue
            size, before = self.on_disk.disk_use(each.tree), each.tree.size_bytes
            if size is not None and (before is None or abs(size - before) > max(_LEAST_CHANGE, before // 50)):
                message = f"The worktree of workstream {each.tree.ws_id} takes {size_text(size)}."
                event = {"event_type": "worktree.measured", "message": message, "level": "debug"}
                self.ledger.worktrees.change(*each.tree.key, **event, size_bytes=size)

    def _record_missing(self, tree: Worktree) -> None:
        found = f"Its commits are on branch {tree.branch}, and the next attempt makes it again."
        with suppress(GitError):
            found = self.on_disk.why_moved(tree) or found
        message = (
            f"The worktree of workstream {tree.ws_id} is not at {tree.path} any more: somebody has deleted or moved "
            f"it. {found}"
        )
        event = {"event_type": "worktree.removed", "message": message, "level": "warning"}
        self.ledger.worktrees.change(
            *tree.key, **event, state=TreeState.REMOVED, removed_at=self.clock(), size_bytes=None
        )

    def _tear_down(self, tree: Worktree) -> None:
        if problem := tear_down(tree, self._home, self._settings):
            self.ledger.worktrees.change(
                *tree.key,
                event_type="worktree.teardown",
                message=f"The worktree of workstream {tree.ws_id} goes all the same: {problem}",
                level="warning",
                kept_reason="",
            )

    @property
    def retention_s(self) -> float | None:
        """How long worktrees and refs of work that is over are kept; None for ever."""
        return self._settings.worktree_retention_days * _DAY_S or None

    def _reason(self, each: HomeWorktree, age: float | None) -> str:
        if reason := _REASONS.get(each.stream.review, ""):
            return reason
        if age is None:
            return "the settings keep worktrees forever."
        ended = each.stream.completed_at or each.stream.created_at
        if self.clock() - ended < age:
            return f"it was {each.stream.review} less than {plural(round(age / _DAY_S), 'day')} ago."
        return self.on_disk.obstacle(each.tree)

    def _keep(self, tree: Worktree, reason: str) -> Worktree:
        if tree.kept_reason == reason:
            return tree
        return self.ledger.worktrees.change(
            *tree.key,
            event_type="worktree.kept",
            message=f"The worktree of workstream {tree.ws_id} was kept: {reason}",
            level="warning",
            kept_reason=reason,
        )

    def _refuse_running(self, tree: Worktree, participle: str) -> None:
        with self.reading() as reader:
            jobs = reader.read(queries.jobs_of_workstream, *tree.key)
        running = [job for job in jobs if job.status is JobStatus.RUNNING]
        if running:
            raise CommandRefusedError(
                f"Job {running[0].job_id} runs in the worktree of workstream {tree.ws_id}, so it cannot be "
                f"{participle}. Wait for it, or cancel it first."
            )

    def reading(self) -> "_Reading":
        """A reader for as long as a ``with`` block lasts."""
        return _Reading(self._database)


class _Reading:
    """A reader for as long as a ``with`` block lasts."""

    def __init__(self, database: Database) -> None:
        self._reader = DatabaseReader(database, busy_ms=5_000)

    def __enter__(self) -> DatabaseReader:
        return self._reader

    def __exit__(self, *_error: object) -> None:
        self._reader.close()


def _recorded(tree: Worktree, kept: KeptTree) -> WorktreeSnapshot:
    return WorktreeSnapshot(
        run_id=tree.run_id,
        ws_id=tree.ws_id,
        number=kept.number,
        commit=kept.commit,
        created_at=kept.created_at,
        left_out=[file.path for file in kept.left_out],
    )
