"""What the repository says of a branch under review: which commits to compare, and how far its target has moved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.errors import GitError
from engine.review.changed_files import changed_files
from engine.review.comment_lines import LineNow, lines_now
from engine.review.compared_commits import whole_change
from engine.review.viewed_marks import ViewedMark, mark_of
from engine.system.git import git
from gui.control.background_tasks import BackgroundTasks
from state.worktree_records import CommentState, Merge, ReviewComment, Worktree


@dataclass(frozen=True)
class BranchFacts:
    """What is known of a branch; `problem` says why nothing is.

    `to_view` are the marks that its files outside the scope must have before it is approved. `lines` says of each
    comment that was sent, by its id, what has become of its lines.
    """

    before: str = ""
    after: str = ""
    commits: int | None = None
    target_ahead: int | None = None
    to_view: frozenset[ViewedMark] = frozenset()
    problem: str = ""
    lines: Mapping[int, LineNow] = field(default_factory=dict)


def read_branch_facts(
    tree: Worktree,
    scope: Sequence[str] = (),
    comments: Sequence[ReviewComment] = (),
    merged: Merge | None = None,
) -> BranchFacts:
    """Ask the repository; errors of git become `problem`."""
    try:
        sides = whole_change(tree, merged)
        commits = _count(sides.repo, f"{sides.before}..{sides.after}")
        target = f"refs/heads/{tree.target}" if tree.target else ""
        ahead = _count(sides.repo, f"{sides.after}..{target}") if target else None
        files = changed_files(sides.repo, sides.before, sides.after, scope=scope) if scope else ()
        lines = lines_now(sides.repo, comments, head=sides.after)
    except (GitError, OSError) as error:
        return BranchFacts(problem=str(error))
    to_view = frozenset(mark_of(file) for file in files if file.is_outside_scope)
    return BranchFacts(sides.before, sides.after, commits, ahead, to_view, lines=lines)


def _count(repo: Path, commits: str) -> int | None:
    words = ["rev-list", "--count", "--end-of-options", commits, "--"]
    found = git(words, repo, accepted=(0, 128)).decode().strip()
    return int(found) if found.isdigit() else None


class _Request(NamedTuple):
    """What facts are about."""

    tree: Worktree
    scope: Sequence[str]
    comments: Sequence[ReviewComment]
    merged: Merge | None


class BranchReader(QObject):
    """Reads the facts of branches in the background, each once until `forget` is called.

    Signals:
        changed: more is known.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = BackgroundTasks(self)
        self._known: dict[tuple[str, str], tuple[_Request, BranchFacts]] = {}
        self._requested: dict[tuple[str, str], _Request] = {}

    def facts(
        self,
        tree: Worktree,
        scope: Sequence[str] = (),
        comments: Sequence[ReviewComment] = (),
        *,
        merged: Merge | None = None,
    ) -> BranchFacts | None:
        """The facts of a branch, whose work declares this scope; None while they are read for the first time.

        `merged` is its last merge.
        """
        request = _Request(tree, tuple(scope), tuple(map(_anchor, filter(_was_sent, comments))), merged)
        if self._requested.get(tree.key) != request:
            self._requested[tree.key] = request
            work: Callable[[], BranchFacts] = partial(read_branch_facts, *request)
            self.tasks.run_in_background(work, partial(self._on_read, request))
        known = self._known.get(tree.key)
        return known[1] if known is not None and known[0][:2] == request[:2] else None

    def forget(self) -> None:
        """Read everything anew when it is needed: a target has moved. What is known stays until then."""
        self._requested.clear()

    def _on_read(self, request: _Request, facts: BranchFacts) -> None:
        key = request.tree.key
        if self._known.get(key) != (request, facts):
            self._known[key] = (request, facts)
            self.changed.emit()


def _was_sent(comment: ReviewComment) -> bool:
    return comment.state is not CommentState.DRAFT


def _anchor(comment: ReviewComment) -> ReviewComment:
    """What the place of a comment depends on, so that nothing is read again when it is settled."""
    return replace(comment, state=CommentState.SENT, text="", quoted="")
