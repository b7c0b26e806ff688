"""The nouns of isolated work as frozen records: worktrees, their snapshots, reviews, merges. Knows no SQLAlchemy.

Times are seconds since the epoch, UTC. A commit is named by its whole id.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

_ODD_IN_REFS = re.compile(r"\.(?=\.|$)|\.(?=lock$)", re.IGNORECASE)


def ref_part(name: str) -> str:
    """An id as a part of the name of a ref, where git allows neither two dots nor some endings; no two become one."""
    return _ODD_IN_REFS.sub("%2e", name)


def snapshot_refs(run_id: str, ws_id: str) -> str:
    """How the refs of the snapshots of a worktree begin."""
    return f"refs/signalbox/{ref_part(run_id)}/{ref_part(ws_id)}/"


class TreeState(StrEnum):
    """Whether a worktree is on disk: to be made, there, archived (its work is kept in a ref), or removed.

    `PRUNED`: it was archived, and its archive was deleted.
    """

    PLANNED = "planned"
    READY = "ready"
    ARCHIVED = "archived"
    REMOVED = "removed"
    PRUNED = "pruned"


@dataclass(frozen=True, kw_only=True, slots=True)
class Worktree:
    """The git worktree in which all jobs of one workstream run.

    `repo` is the real path of the working tree the job file named, `path` that of the worktree. `base` is what was
    requested and `base_commit` the commit it was pinned to; None until then. `target` is the branch the work is for,
    None where nothing says. `head` is the commit that holds all of its finished work; None while more is to come.
    `setup_digest` names the setup that has run in it. `archive_ref` keeps what was in it when it went. `kept_reason`
    is why it could not be removed.
    """

    run_id: str
    ws_id: str
    repo: str
    path: str
    branch: str
    base: str = "HEAD"
    base_commit: str | None = None
    target: str | None = None
    state: TreeState = TreeState.PLANNED
    head: str | None = None
    port_base: int | None = None
    setup_digest: str | None = None
    archive_ref: str | None = None
    kept_reason: str = ""
    size_bytes: int | None = None
    created_at: float = 0.0
    removed_at: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The identity: (run_id, ws_id)."""
        return (self.run_id, self.ws_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class WorktreeSnapshot:
    """The content of a worktree before an attempt, as a commit; `number` counts from 1 within the workstream.

    `left_out` are the paths of files that are too large to be in it.
    """

    run_id: str
    ws_id: str
    number: int
    commit: str
    job_id: str | None = None
    attempt_id: int | None = None
    created_at: float = 0.0
    left_out: Sequence[str] = ()

    @property
    def ref(self) -> str:
        """The ref that keeps its commit."""
        return f"{snapshot_refs(self.run_id, self.ws_id)}{self.number}"


class MergeState(StrEnum):
    """Where an approved workstream stands in its merge queue.

    `BLOCKED`: the target cannot be moved at this moment, because a tree in which it is checked out has changes.
    `CONFLICT` and `RED` go back to their workstream: it cannot be merged, or its check fails on top of the target.
    """

    WAITING = "waiting"
    CHECKING = "checking"
    BLOCKED = "blocked"
    CONFLICT = "conflict"
    RED = "red"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class MergeMethod(StrEnum):
    """How the work of a branch becomes part of its target."""

    MERGE = "merge"
    SQUASH = "squash"
    REBASE = "rebase"


OPEN_MERGES = frozenset({MergeState.WAITING, MergeState.CHECKING, MergeState.BLOCKED})
"""The states of a merge that is still to come."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Merge:
    """One approval in the merge queue of a target branch.

    `head` is the commit to be merged. `result` is the commit the target is moved to, written before it is moved: so an
    engine that finds `result` in the target knows that it was merged. `files` are those in conflict. `position`
    replaces the order of approval where a person has moved it.
    """

    id: int
    run_id: str
    ws_id: str
    repo: str
    target: str
    state: MergeState = MergeState.WAITING
    method: MergeMethod = MergeMethod.MERGE
    priority: int = 0
    position: float | None = None
    held: bool = False
    head: str = ""
    target_before: str | None = None
    result: str | None = None
    reason: str = ""
    files: Sequence[str] = ()
    engine_id: str | None = None
    created_at: float = 0.0
    started_at: float | None = None
    ended_at: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The workstream it is for: (run_id, ws_id)."""
        return (self.run_id, self.ws_id)

    @property
    def is_empty(self) -> bool:
        """Whether it merged nothing, since its target had all of the work already."""
        stayed = self.result is not None and self.result == self.target_before
        return self.state is MergeState.MERGED and stayed


@dataclass(frozen=True, kw_only=True, slots=True)
class PredictedConflict:
    """What merging two unmerged branches, or one branch into its target, conflicts in, as git has rehearsed it.

    Of two workstreams the first is the smaller one, by run and name. The other side is the target branch where
    `other_ws_id` is empty. It is valid for these two commits. `files` are the paths in conflict; `places` is how many
    conflicts their lines have, 0 where there are none to count, as in a binary file.
    """

    run_id: str
    ws_id: str
    other_branch: str
    commit: str
    other_commit: str
    other_run_id: str = ""
    other_ws_id: str = ""
    files: Sequence[str] = ()
    places: int = 0
    checked_at: float = 0.0

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The identity: both workstreams."""
        return (self.run_id, self.ws_id, self.other_run_id, self.other_ws_id)

    @property
    def first(self) -> tuple[str, str]:
        """The workstream, or the first of both."""
        return (self.run_id, self.ws_id)

    @property
    def second(self) -> tuple[str, str] | None:
        """The other workstream; None where the other side is the target branch."""
        return (self.other_run_id, self.other_ws_id) if self.other_ws_id else None

    @property
    def workstreams(self) -> Sequence[tuple[str, str]]:
        """The workstreams it concerns: two, or one where the other side is the target branch."""
        return (self.first,) if self.second is None else (self.first, self.second)

    def rival_of(self, key: tuple[str, str]) -> str:
        """The name of the side that is not this workstream: the other workstream, or the target branch."""
        if self.second is None:
            return self.other_branch
        return self.ws_id if key == self.second else self.other_ws_id


@dataclass(frozen=True, slots=True)
class UnmergedBranch:
    """A worktree whose branch is still to be merged.

    `snapshot` is the number of its newest snapshot, 0 without one; `is_finished` says that no more work is to come;
    `merged` is the last merge of a part of it, `needed` are those of the work that it started from.
    """

    worktree: Worktree
    snapshot: int = 0
    is_finished: bool = False
    merged: Merge | None = None
    needed: Sequence[Merge] = ()


class CommentState(StrEnum):
    """Whether a review comment was sent to the coding tool, and whether a person has settled it."""

    DRAFT = "draft"
    SENT = "sent"
    SETTLED = "settled"


class DiffSide(StrEnum):
    """The side of a diff that a line is on."""

    OLD = "old"
    NEW = "new"


MOST_COMMENT = 20_000
"""Characters of a comment; longer instructions are a file, which a comment can name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewComment:
    """A person's comment on lines of a workstream's diff, or on all of it where it names no path.

    `line` to `last_line` are lines of `commit` on that side; `quoted` is what stands there. `attempt` is the number
    of the attempt that it was sent to.
    """

    id: int
    run_id: str
    ws_id: str
    text: str
    path: str | None = None
    side: DiffSide = DiffSide.NEW
    line: int | None = None
    last_line: int | None = None
    commit: str | None = None
    quoted: str = ""
    state: CommentState = CommentState.DRAFT
    attempt: int | None = None
    created_at: float = 0.0
    sent_at: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewedFile:
    """A file that a person has viewed in a review; the mark is for this content, named by its blob, alone."""

    run_id: str
    ws_id: str
    path: str
    blob: str


class SeenWorkstream(NamedTuple):
    """A workstream, and the commit of its work that a person has looked at; without one it is taken as it is."""

    run_id: str
    ws_id: str
    head: str | None = None

    def __str__(self) -> str:
        return f"{self.run_id}/{self.ws_id}"
