"""Move a branch and the working tree in which it is checked out, whole or not at all, wherever it is killed.

The index of that tree stays locked throughout, so nobody commits what is half moved. The files come first, then the
branch by compare-and-set, then the index; a note in the repository's own folder says what is under way. After a kill
`resume` finishes where the branch has moved or still can, and otherwise takes the files back.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

from engine.git_step.calls import NO_PROGRAMS, GitCalls, StepError
from engine.git_step.half_done import HalfDone
from engine.git_step.index_transaction import IndexTransaction
from engine.git_step.journal import StepJournal, has_journals
from engine.merging.candidate import is_ancestor
from engine.merging.checkouts import (
    Busy,
    checkout_of,
    left_out_if_removed,
    refuse_changes,
    refuse_overwriting,
    refuse_switching,
    working_trees,
)
from engine.merging.target_branch import BlockedError, Target
from engine.merging.tree_files import ChangedMeanwhileError, write_files
from engine.system.fault_injection import fault


class TargetMovedError(Exception):
    """The target is at another commit than the one that was rehearsed."""


_MOST_LOGGED = 1_000
"""So many of the last moves of a branch are looked at."""


def move_target(
    git: GitCalls, target: Target, after: str, *, key: str, scratch: Path, own: Path, busy: Busy
) -> None:
    """Move the branch from the commit of `target` to `after`, with the files of the tree where it is checked out.

    Can be repeated with the same `key` after a kill. In `own` are the trees in which no person works.

    Raises:
        TargetMovedError: the branch is at neither of both commits.
        BlockedError: its tree cannot move at this moment.
        StepError: git fails; files and branch are as before.
    """
    tree = checkout_of(git, target)
    if tree is None:
        if git.commit_of(target.ref) == target.commit:
            # In a tree that was switched to another branch since.
            undo_unfinished(git, key=key, scratch=scratch)
            refuse_switching(git, target, own=own)
        _move_ref(git, target, after, key=key)
    else:
        _Forward(git.within(tree), tree, target, after, key=key, scratch=scratch, busy=busy).run()


def undo_unfinished(git: GitCalls, *, key: str, scratch: Path) -> None:
    """Take the files back that a killed move has written, in whichever tree, where the branch did not move with them.

    Raises:
        StepError: git cannot; a repetition can.
    """
    for tree in working_trees(git):
        with left_out_if_removed(tree):
            inner = git.within(tree)
            journal = StepJournal(inner, key, {})
            if way := journal.facts.get("moving"):
                _take_back(inner, IndexTransaction(inner, journal), way, scratch)
                journal.close()


def complete_unfinished(git: GitCalls, *, key: str, scratch: Path) -> None:
    """Let the tree of a killed move have its index, where the branch has moved, and gone on since.

    Raises:
        StepError: git cannot say which trees there are, or complete it.
    """
    for tree in working_trees(git):
        with left_out_if_removed(tree):
            inner = git.within(tree)
            journal = StepJournal(inner, key, {})
            if way := journal.facts.get("moving"):
                _follow(inner, journal, way, scratch)


def settle_unfinished(git: GitCalls, *, keys: Collection[str], at: str, scratch: Path) -> None:
    """Finish or undo every killed move with one of these keys, in whichever tree; `at` is the commit of the target.

    Raises:
        StepError: git cannot; a repetition can.
    """
    for tree in working_trees(git):
        with left_out_if_removed(tree):
            _settle_in(git.within(tree), keys, at=at, scratch=scratch)


def _settle_in(inner: GitCalls, keys: Collection[str], *, at: str, scratch: Path) -> None:
    if not has_journals(inner):
        return
    for key in keys:
        journal = StepJournal(inner, key, {})
        if way := journal.facts.get("moving"):
            _settle(inner, journal, way, at=at, scratch=scratch)


class _Forward:
    """One move of one working tree."""

    def __init__(
        self, git: GitCalls, tree: Path, target: Target, after: str, *, key: str, scratch: Path, busy: Busy
    ) -> None:
        self._git, self._tree, self._target, self._after = git, tree, target, after
        self._scratch, self._busy = scratch, busy
        self._way = (target.commit, after)
        self._key, self._journal = key, StepJournal(git, key, {})
        self._index = IndexTransaction(git, self._journal)

    def run(self) -> None:
        """Move files, branch and index."""
        at = self._git.commit_of(self._target.ref)
        is_noted = self._journal.facts.get("moving") == [*self._way]
        if at not in self._way:
            raise TargetMovedError
        if at == self._after and (self._index.is_left or not is_noted):
            self._index.finish()  # an earlier engine was killed when the branch had moved
            self._journal.close()
            return
        self._index.take()
        try:
            self._move_files()
            fault("merge_files_moved")
            _move_ref(self._git, self._target, self._after, key=self._key)
        except (StepError, OSError, TargetMovedError):
            self._index.discard()
            self._give_up()
            raise
        except BlockedError:
            self._index.discard()
            raise
        fault("merge_target_moved")
        self._index.finish()
        fault("merge_index_moved")
        self._journal.close()

    def _move_files(self) -> None:
        inner = self._git.with_variables(self._index.env)
        half_done = HalfDone(self._git, self._index.env, self._scratch, self._way)
        if self._journal.facts.get("moving") == [*self._way]:
            ours = half_done.files()
            refuse_overwriting(inner, self._tree, self._target, self._after, but=ours)
            half_done.complete(ours)
        else:
            ours = []
            refuse_changes(inner, self._tree, self._target, busy=self._busy, after=self._after)
        half_done.refuse_missing()
        self._refuse_filters()
        inner.read("read-tree", "-m", "-u", "-n", *self._way)
        self._journal.note(moving=self._way)
        fault("merge_move_noted")
        try:
            write_files(inner, self._way, scratch=self._scratch, written=ours)
        except ChangedMeanwhileError:
            if not ours:
                self._journal.close()
            raise

    def _refuse_filters(self) -> None:
        words = ("diff-tree", "-r", "-z", "--name-only", *NO_PROGRAMS)
        self._git.refuse_foreign_filters_of(
            self._after, self._git.names(*words, *self._way), scratch=self._scratch
        )

    def _give_up(self) -> None:
        if way := self._journal.facts.get("moving"):
            _take_back(self._git, self._index, way, self._scratch)
        self._journal.close()


def _settle(git: GitCalls, journal: StepJournal, way: Sequence[str], *, at: str, scratch: Path) -> None:
    if at and is_ancestor(git, way[1], at):
        _follow(git, journal, way, scratch)
    else:
        _take_back(git, IndexTransaction(git, journal), way, scratch)
        journal.close()


def _follow(git: GitCalls, journal: StepJournal, way: Sequence[str], scratch: Path) -> None:
    """Let a tree follow its branch, which has moved; a person may have removed our lock and gone on there."""
    before, after = way
    index = IndexTransaction(git, journal)
    if index.is_left:
        index.finish()
    elif is_ancestor(git, after, "HEAD"):
        _bring(git, index, (before, after), scratch)
    else:
        _take_back(git, index, way, scratch)
    journal.close()


def was_taken_back(git: GitCalls, target: Target, after: str, *, key: str) -> bool:
    """Whether the branch was moved to `after` under this key, and somebody has moved it on since, as its log says."""
    listed = git.run(
        "log", "--walk-reflogs", "--format=%H %gs", f"--max-count={_MOST_LOGGED}", target.ref, "--"
    )
    later = listed.stdout.decode(errors="replace").splitlines()[1:]
    return f"{after} {_moved_by(after, key)}" in later


def _moved_by(after: str, key: str) -> str:
    return f"signalbox: merged {after[:9]} ({key})"


def _move_ref(git: GitCalls, target: Target, after: str, *, key: str) -> None:
    """Move the branch by compare-and-set; its log says for which merge."""
    words = ("--no-deref", "--create-reflog", "-m", _moved_by(after, key))
    done = git.run("update-ref", *words, target.ref, after, target.commit)
    if not done.returncode:
        return
    at = git.commit_of(target.ref)
    if at == after:
        return
    if at != target.commit:
        raise TargetMovedError
    git.check(done, "update-ref")


def _take_back(git: GitCalls, index: IndexTransaction, way: Sequence[str], scratch: Path) -> None:
    before, after = way
    _bring(git, index, (before, after), scratch, then=(after, before))


def _bring(
    git: GitCalls,
    index: IndexTransaction,
    way: tuple[str, str],
    scratch: Path,
    *,
    then: tuple[str, str] | None = None,
) -> None:
    """Complete the files that are on this way, in the index too, or bring them back the way `then`."""
    index.take()
    try:
        ahead = HalfDone(git, index.env, scratch, way).files()
        HalfDone(git, index.env, scratch, then or way).complete(ahead)
    except (StepError, OSError):
        index.discard()
        raise
    index.finish()
