"""One merge in two steps: prepare a commit and have it checked, then move the target to it. Each can be repeated.

Between both the caller writes down the commit, so that after a kill `is_in_target` says whether the target has moved.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import GitError
from engine.git_step.calls import GitCalls, StepError
from engine.merging.candidate import MergeConflict, Sides, is_ancestor, make_candidate
from engine.merging.check_run import CheckOrder, MergeStoppedError, Stop, refuse_full_disk, run_check
from engine.merging.check_tree import (
    check_out,
    check_tree_of,
    clear_ignored,
    common_folder,
    note_prepared,
    prepared_with,
)
from engine.merging.checkouts import Busy, checkout_of, nobody, refuse_changes, refuse_lock
from engine.merging.fast_forward import (
    TargetMovedError,
    complete_unfinished,
    move_target,
    settle_unfinished,
    undo_unfinished,
    was_taken_back,
)
from engine.merging.merge_calls import calls_in
from engine.merging.target_branch import BlockedError, Target, find_target
from engine.system.fault_injection import fault
from engine.system.merged_part import merged_already
from engine.worktrees.tree_filters import tree_filters
from engine.worktrees.tree_git import TreeGit
from state.recordable import recordable
from state.worktree_records import Merge, MergeMethod, MergeState

NO_CHECK = "no check is configured"
_TAKEN_BACK = "It had been merged into {target}, which was moved back since. Approve it to merge it again."
MOVED_MEANWHILE = recordable("The target moved meanwhile, so it is rehearsed again.")


@dataclass(frozen=True, kw_only=True)
class MergeOrder:
    """What to merge: the commit `head` of `branch` into `target`, with this message; `key` names the merge.

    `earlier` is the last merge of the same branch, `needed` are those of the work that it started from at `base`: what
    they have brought is not merged again.
    """

    key: str
    repo: Path
    branch: str
    head: str
    target: str
    method: MergeMethod
    message: str
    earlier: Merge | None = None
    base: str = ""
    needed: Sequence[Merge] = ()


@dataclass(frozen=True, kw_only=True)
class MergeMeans:
    """With what to merge: the folder for trees, one for scratch files, a lock, a way to stop, who is at work where."""

    trees: Path
    scratch: Path
    stop: Stop
    lock: int | None = None
    busy: Busy = nobody


@dataclass(frozen=True, kw_only=True)
class CheckPlan:
    """The check of a project, and what prepares a tree for it, once: `bring` files that git ignores, then the setup.

    `digest` identifies the preparation; another one begins with a clean tree.
    """

    check: CheckOrder
    setup: CheckOrder | None = None
    bring: Callable[[Path], None] | None = None
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class MergeStep:
    """What a step came to.

    `state` is CHECKING where the commit `result` is checked and the target can be moved to it from `before`, WAITING
    where the merge has to be prepared again; `has_moved`: since the target moved during the check. `reason` is a
    sentence; `files` are those in conflict.
    """

    state: MergeState
    reason: str = ""
    files: Sequence[str] = ()
    before: str | None = None
    result: str | None = None
    has_moved: bool = False


PlanOf = Callable[[Path], CheckPlan | None]
"""The plan for a tree; None where the project has no check."""


def prepare(order: MergeOrder, means: MergeMeans, plan_of: PlanOf) -> MergeStep:
    """Rehearse a merge, make its commit and run the check on it.

    Raises:
        MergeStoppedError: the engine stops.
    """
    return described(lambda: _prepared(order, means, plan_of))


def rehearse_alone(order: MergeOrder) -> MergeStep:
    """What would happen now, without the check: nothing is changed."""

    def rehearsed() -> MergeStep:
        git = calls_in(order.repo)
        target = find_target(git, order.target)
        return _refused(git, order, target) or _candidate(git, order, target, nobody)

    return described(rehearsed)


def finish(order: MergeOrder, means: MergeMeans, *, before: str, result: str) -> MergeStep:
    """Move the target from `before` to `result`, which has been checked; done twice it is done once."""

    def moved() -> MergeStep:
        git = calls_in(order.repo, lock=means.lock)
        target = find_target(git, order.target)
        if result == target.commit or is_ancestor(git, result, target.commit):
            if target.commit == result:  # the index of its tree may not have followed it yet
                _move(git, replace(target, commit=before), result, order, means)
            complete_unfinished(git, key=order.key, scratch=means.scratch)
            return _merged(before, result)
        if was_taken_back(git, target, result, key=order.key):
            undo_unfinished(git, key=order.key, scratch=means.scratch)
            return MergeStep(state=MergeState.WITHDRAWN, reason=_TAKEN_BACK.format(target=order.target))
        if target.commit != before:
            undo_unfinished(git, key=order.key, scratch=means.scratch)
            return MergeStep(state=MergeState.WAITING, reason=MOVED_MEANWHILE, has_moved=True)
        _move(git, target, result, order, means)
        fault("merge_moved")
        return _merged(before, result)

    try:
        step = described(moved)
    except TargetMovedError:
        return MergeStep(state=MergeState.WAITING, reason=MOVED_MEANWHILE, has_moved=True)
    if step.state is MergeState.BLOCKED:  # nobody may come back to it: a person can withdraw it now
        with suppress(StepError, GitError, OSError):  # `settle` repeats it
            settle(order.repo, {order.key}, order.target, scratch=means.scratch, lock=means.lock)
    return step


def _move(git: GitCalls, target: Target, result: str, order: MergeOrder, means: MergeMeans) -> None:
    move_target(
        git, target, result, key=order.key, scratch=means.scratch, own=means.trees.resolve(), busy=means.busy
    )


def settle(repo: Path, keys: Collection[str], target: str, *, scratch: Path, lock: int | None) -> None:
    """Finish what killed moves of this target have half done where it moved, and undo it where it did not.

    Raises:
        GitError: the repository is not there.
        StepError: git cannot; a repetition can.
        OSError: a file cannot be written; a repetition can.
    """
    git = calls_in(repo, lock=lock)
    try:
        at = find_target(git, target).commit
    except BlockedError:
        at = ""
    settle_unfinished(git, keys=keys, at=at, scratch=scratch)


def _prepared(order: MergeOrder, means: MergeMeans, plan_of: PlanOf) -> MergeStep:
    git = calls_in(order.repo, lock=means.lock)
    undo_unfinished(git, key=order.key, scratch=means.scratch)
    target = find_target(git, order.target)
    step = _refused(git, order, target) or _candidate(git, order, target, means.busy)
    if step.state is not MergeState.CHECKING or step.result is None:
        return step
    fault("merge_candidate_made")
    red, note = _checked(git, means, target, step.result, repo=order.repo, plan_of=plan_of)
    fault("merge_checked")
    if red:
        return MergeStep(state=MergeState.RED, reason=red, before=target.commit, result=step.result)
    return MergeStep(state=MergeState.CHECKING, reason=note, before=target.commit, result=step.result)


def _refused(git: GitCalls, order: MergeOrder, target: Target) -> MergeStep | None:
    """Why this is not merged as it was approved; None where nothing is in the way."""
    if target.ref == f"refs/heads/{order.branch}":
        reason = (
            f"{order.branch} is the branch of the workstream itself. Name another target, then approve again."
        )
        return MergeStep(state=MergeState.WITHDRAWN, reason=reason)
    if not git.commit_of(order.head):
        reason = f"The repository has no commit {order.head[:9]} any more, which was approved."
        return MergeStep(state=MergeState.WITHDRAWN, reason=reason)
    tip = git.commit_of(f"refs/heads/{order.branch}")
    if tip and tip != order.head:
        reason = f"{order.branch} is at {tip[:9]} and not at {order.head[:9]}, which was approved. Review it again."
        return MergeStep(state=MergeState.WITHDRAWN, reason=reason)
    if is_ancestor(git, order.head, target.commit):
        reason = f"{order.target} had all of it already."
        return MergeStep(state=MergeState.MERGED, reason=reason, before=target.commit, result=target.commit)
    return None


def _candidate(git: GitCalls, order: MergeOrder, target: Target, busy: Busy) -> MergeStep:
    merged = merged_already(
        order.repo, order.earlier, order.base, order.needed, head=order.head, onto=target.commit
    )
    sides = Sides(head=order.head, branch=order.branch, onto=target.commit, target=target.name, merged=merged)
    made = make_candidate(git, sides, order.method, message=order.message)
    if isinstance(made, MergeConflict):
        return MergeStep(
            state=MergeState.CONFLICT, reason=made.reason, files=made.files, before=target.commit
        )
    if made == target.commit:
        reason = f"{order.target} had all of it already."
        return MergeStep(state=MergeState.MERGED, reason=reason, before=made, result=made)
    tree = checkout_of(git, target)
    if tree is not None:
        inner = git.within(tree)
        refuse_lock(inner, tree, target)
        refuse_changes(inner, tree, target, busy=busy, after=made)
    return MergeStep(state=MergeState.CHECKING, before=target.commit, result=made)


def _checked(
    git: GitCalls, means: MergeMeans, target: Target, candidate: str, *, repo: Path, plan_of: PlanOf
) -> tuple[str, str]:
    """Why the check is red, and what is to be said of a green one."""
    common = common_folder(git)
    tree = check_tree_of(means.trees, common, target.ref)
    plan = plan_of(tree)
    if plan is None:
        return "", NO_CHECK
    means.stop.raise_if_requested()
    plan.check.log.unlink(missing_ok=True)
    switches = tree_filters(TreeGit(repo)).switches  # as in the worktrees of workstreams
    inner = check_out(git.with_switches(switches), tree, candidate, common=common)
    fault("merge_tree_ready")
    red = _unprepared(inner, tree, plan, means)
    red = red or run_check(plan.check, tree, stop=means.stop, lock=means.lock)
    refuse_full_disk(red, plan.check, tree)
    return red, ""


def _unprepared(git: GitCalls, tree: Path, plan: CheckPlan, means: MergeMeans) -> str:
    """Prepare the tree where that is still to be done; why it could not be, or empty."""
    done = prepared_with(git)
    if done == plan.digest:
        return ""
    if done:
        clear_ignored(git)
    if plan.bring is not None:
        plan.bring(tree)
    failed = "" if plan.setup is None else run_check(plan.setup, tree, stop=means.stop, lock=means.lock)
    if not failed:
        note_prepared(git, plan.digest)
    return failed


def _merged(before: str, result: str) -> MergeStep:
    return MergeStep(state=MergeState.MERGED, before=before, result=result)


def described(step: Callable[[], MergeStep]) -> MergeStep:
    """What the step came to; whatever git cannot do is a reason to wait."""
    try:
        return step()
    except MergeStoppedError:
        raise
    except (BlockedError, StepError, GitError) as error:
        return MergeStep(state=MergeState.BLOCKED, reason=str(error))
    except OSError as error:
        where = error.filename or "The merge"
        reason = f"{where}: {error.strerror}. It is tried again."
        return MergeStep(state=MergeState.BLOCKED, reason=reason)
