"""Prune the refs that keep snapshots and archives of a home's worktrees: first planned, then deleted and recorded.

Snapshots go with the worktree of work that was merged or discarded long enough ago. An archive goes by itself only
where all of it was merged; any other takes a person.
"""

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import GitError
from engine.maintenance.home_worktrees import CLOSED, HomeWorktree, HomeWorktrees
from engine.system.formatting import plural
from engine.worktrees.ref_pruning import delete_refs, holds_more
from engine.worktrees.tree_git import TreeGit
from engine.worktrees.tree_place import TreePlace, repository_git
from engine.worktrees.tree_snapshots import KeptTree
from state import queries, worktree_queries
from state.locks import KernelLock
from state.records import ReviewState, Workstream
from state.worktree_records import TreeState, Worktree

log = logging.getLogger(__name__)
_GONE = frozenset({TreeState.ARCHIVED, TreeState.REMOVED, TreeState.PRUNED})


@dataclass(frozen=True, kw_only=True)
class PrunableRefs:
    """What goes of the refs of one worktree; `kept_reason` is why its archive stays.

    `forgets` is whether snapshots are recorded, `closes` whether nothing is archived afterwards. Either may be so where
    no ref is left, since a prune was killed or a person deleted them.
    """

    tree: Worktree
    stream: Workstream
    snapshots: tuple[KeptTree, ...] = ()
    archive: KeptTree | None = None
    forgets: bool = False
    closes: bool = False
    kept_reason: str = ""

    @property
    def refs(self) -> list[KeptTree]:
        """What goes."""
        return [*self.snapshots, *([] if self.archive is None else [self.archive])]

    @property
    def is_due(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.refs or self.forgets or self.closes)


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """Which refs go: those of work that was over for so long; of archives all where a person says so."""

    age_s: float
    archives: bool


class WorktreeRefs:
    """The refs of the worktrees of one home; every method may wait for git."""

    def __init__(self, trees: HomeWorktrees) -> None:
        self._trees = trees

    def prunable(
        self,
        *,
        older_than_s: float | None = None,
        archives: bool = False,
        going: Collection[tuple[str, str]] = (),
    ) -> list[PrunableRefs]:
        """What `prune` would do once the worktrees of the workstreams `going` are gone; changes nothing."""
        age = self._trees.retention_s if older_than_s is None else older_than_s
        if age is None:
            return []
        rule = _Rule(age_s=age, archives=archives)
        recorded = self._recorded()
        planned = (
            self._planned(each, rule, is_recorded=each.tree.key in recorded)
            for each in self._trees.known()
            if each.tree.state in _GONE or each.tree.key in going
        )
        return [each for each in planned if each is not None]

    def prune(self, *, older_than_s: float | None = None, archives: bool = False) -> Iterator[PrunableRefs]:
        """Delete what `prunable` names, one worktree after the other."""
        age = self._trees.retention_s if older_than_s is None else older_than_s
        for each in self.prunable(older_than_s=older_than_s, archives=archives):
            if each.is_due:
                yield from self._pruned(each, _Rule(age_s=age or 0.0, archives=archives))
            else:
                yield each

    # --- what goes -------------------------------------------------------------------------------------------------

    def _recorded(self) -> set[tuple[str, str]]:
        with self._trees.reading() as reader:
            return reader.read(worktree_queries.trees_with_snapshots)

    def _planned(self, each: HomeWorktree, rule: _Rule, *, is_recorded: bool) -> PrunableRefs | None:
        tree, found = each.tree, PrunableRefs(tree=each.tree, stream=each.stream)
        is_archived = tree.state is TreeState.ARCHIVED
        if not self._is_over(each.stream, rule) or not (is_recorded or is_archived):
            return None
        if not Path(tree.repo).exists():  # deleted, or on a drive that is not there: a person knows
            return replace(found, closes=True) if is_archived and rule.archives else None
        try:
            refs = self._trees.on_disk.refs(tree)
            found = replace(found, snapshots=tuple(refs.snapshots), forgets=is_recorded)
            if is_archived and self._is_older(tree.removed_at, rule):
                found = self._with_archive(found, refs.archive, rule)
        except GitError as error:
            return replace(found, kept_reason=str(error))
        return found if found.is_due or found.kept_reason else None

    def _with_archive(self, found: PrunableRefs, archive: KeptTree | None, rule: _Rule) -> PrunableRefs:
        reason = "" if archive is None else self._kept_reason(found, archive, rule)
        return replace(found, kept_reason=reason) if reason else replace(found, archive=archive, closes=True)

    def _is_over(self, stream: Workstream, rule: _Rule) -> bool:
        return stream.review in CLOSED and self._is_older(stream.completed_at or stream.created_at, rule)

    def _is_older(self, at: float | None, rule: _Rule) -> bool:
        return self._trees.clock() - (at or 0.0) >= rule.age_s

    def _kept_reason(self, found: PrunableRefs, archive: KeptTree, rule: _Rule) -> str:
        tree = found.tree
        with self._trees.reading() as reader:
            if reader.read(worktree_queries.is_started_from, *tree.key):
                return "a job that comes after it has not ended well yet."
        if rule.archives:
            return ""
        if found.stream.review is ReviewState.DISCARDED:
            return "its work was discarded. --archives deletes it."
        has_more = holds_more(TreeGit(Path(tree.repo)), archive, tree.head)
        return "it has more than was merged. --archives deletes it." if has_more else ""

    # --- deleted ---------------------------------------------------------------------------------------------------

    def _pruned(self, each: PrunableRefs, rule: _Rule) -> Iterator[PrunableRefs]:
        try:
            with TreePlace.of(each.tree).locked() as lock:
                # Whoever needs the worktree again has to wait from here on.
                found = self._as_it_is(each, rule)
                if found is not None:
                    self._delete(found, lock)
                    yield found
        except GitError as error:
            log.info("Refs of workstream %s stay: %s", each.tree.ws_id, error)
            yield PrunableRefs(tree=each.tree, stream=each.stream, kept_reason=str(error))

    def _as_it_is(self, each: PrunableRefs, rule: _Rule) -> PrunableRefs | None:
        run_id, ws_id = each.tree.key
        with self._trees.reading() as reader:
            tree = reader.read(worktree_queries.find_worktree, run_id, ws_id)
            stream = reader.read(queries.find_workstream, ws_id, run_id)
        if tree is None or stream is None or tree.state not in _GONE or Path(tree.path).exists():
            return None
        known = HomeWorktree(tree=tree, stream=stream)
        return self._planned(known, rule, is_recorded=tree.key in self._recorded())

    def _delete(self, found: PrunableRefs, lock: KernelLock) -> None:
        (run_id, ws_id), ledger = found.tree.key, self._trees.ledger
        if found.refs:
            delete_refs(repository_git(found.tree, lock), found.refs)
        values: dict[str, Any] = {
            "event_type": "worktree.pruned",
            "message": _message(found),
            "kept_reason": "",
        }
        if found.closes:
            values |= {"state": TreeState.PRUNED, "archive_ref": None}
        with ledger.transaction():
            ledger.worktrees.forget_snapshots(run_id, ws_id)
            ledger.worktrees.change(run_id, ws_id, **values)


def _message(found: PrunableRefs) -> str:
    stream = f"workstream {found.tree.ws_id}, which was {found.stream.review}"
    parts = [plural(len(found.snapshots), "snapshot")] if found.snapshots else []
    parts += ["the archive"] if found.archive is not None else []
    if not parts:
        return f"No ref keeps anything of {stream}."
    return f"Deleted {' and '.join(parts)} of {stream}."
