"""Carry out one step of one merge on a thread of its own, by the project file and the settings.

Records nothing of the merge.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from engine.adapters.invocations import plain_environment
from engine.errors import GitError, SignalboxError
from engine.git_step.calls import StepError
from engine.jobfile.project_file import ProjectCommand, ProjectFile, project_of, project_problem
from engine.jobfile.spec import JobSpec
from engine.merging.check_run import CheckOrder, Stop
from engine.merging.check_tree import common_folder, key_of
from engine.merging.merge_calls import calls_in
from engine.merging.merge_message import merge_message
from engine.merging.merge_steps import (
    CheckPlan,
    MergeMeans,
    MergeOrder,
    MergeStep,
    described,
    finish,
    prepare,
    rehearse_alone,
    settle,
)
from engine.merging.target_branch import BlockedError
from engine.runners.removal import remove_tree
from engine.settings import Settings
from engine.state_store.merge_control import MergeWork
from engine.system.home import Home
from engine.system.tool_paths import resolve, search_path
from engine.trust.policy import TrustPolicy
from engine.worktrees.ignored_files import bring_ignored_files
from engine.worktrees.tree_git import TreeGit
from engine.worktrees.tree_setup import setup_digest
from state.locks import KernelLock
from state.recordable import recordable
from state.worktree_records import Merge, MergeMethod, MergeState, Worktree

log = logging.getLogger(__name__)

_LOCK_TRIES, _LOCK_PAUSE_S = 20, 0.1
_ELSEWHERE = recordable("Another engine merges into the same branch at this moment. It is tried again.")


class MergeResult(NamedTuple):
    """What a step came to, the method by which it was done, and whether the project has a check."""

    step: MergeStep
    method: MergeMethod
    is_checked: bool = True


@dataclass(frozen=True, kw_only=True)
class MergeRules:
    """What holds for every merge of a home at this moment.

    `with_ports` is the worktree with ports that nobody uses as a check starts.
    """

    home: Home
    settings: Settings
    busy: Callable[[Path], str]
    with_ports: Callable[[Worktree], Worktree]
    job_title: Callable[[str], str]
    job_spec: Callable[[str], JobSpec]


def check_log(home: Home, merge_id: int) -> Path:
    """The file with what the check of a merge has printed."""
    return home.logs / "merges" / f"{merge_id}.log"


def run_step(work: MergeWork, rules: MergeRules, stop: Stop) -> MergeResult:
    """Prepare the merge, or move the target where its commit is noted.

    Raises:
        MergeStoppedError: the engine stops.
    """
    try:
        method = merge_method(work, rules.settings)
        return MergeResult(described(lambda: _locked(work, rules, stop, method)), method)
    except SignalboxError as error:
        return MergeResult(MergeStep(state=MergeState.BLOCKED, reason=str(error)), work.merge.method)


def rehearsed(work: MergeWork, rules: MergeRules) -> MergeResult:
    """What a merge would come to now, without its check; nothing is changed."""
    try:
        method = merge_method(work, rules.settings)
        is_checked = project_of(Path(work.merge.repo)).check is not None
        return MergeResult(rehearse_alone(_order(work, rules, method)), method, is_checked)
    except SignalboxError as error:
        return MergeResult(MergeStep(state=MergeState.BLOCKED, reason=str(error)), work.merge.method)


def merge_method(work: MergeWork, settings: Settings) -> MergeMethod:
    """How the work becomes part of its target: as the project file says, else as the settings do.

    Raises:
        GitError: the project file is not valid.
    """
    if problem := project_problem(Path(work.merge.repo)):
        raise GitError(problem)
    method = project_of(Path(work.merge.repo)).merge
    return settings.merge_method if method is None else MergeMethod(method)


def _locked(work: MergeWork, rules: MergeRules, stop: Stop, method: MergeMethod) -> MergeStep:
    """One engine works on a target at a time, and none beside a git that a killed engine has left."""
    merge, trees = work.merge, rules.settings.worktrees_root(rules.home)
    with _target_locked(merge, trees) as locked:
        if locked is None:
            return MergeStep(state=MergeState.BLOCKED, reason=_ELSEWHERE)
        lock, scratch = locked
        means = MergeMeans(
            trees=trees,
            scratch=scratch,
            stop=stop,
            lock=lock,
            busy=rules.busy,
        )
        order = _order(work, rules, method)
        if merge.result is not None and merge.target_before is not None:
            return finish(order, means, before=merge.target_before, result=merge.result)
        return prepare(order, means, lambda tree: _plan(work, rules, tree))


def settle_merges(merges: Sequence[Merge], home: Home, trees: Path) -> bool:
    """Finish or undo what killed engines have half moved for these merges; whether nothing of it is left to do."""
    by_target: dict[tuple[str, str], list[Merge]] = {}
    for merge in merges:
        by_target.setdefault((merge.repo, merge.target), []).append(merge)
    done = [_settled(each, home, trees) for each in by_target.values()]
    return all(done)


def _settled(merges: Sequence[Merge], home: Home, trees: Path) -> bool:
    first, keys = merges[0], {_journal_key(home, merge) for merge in merges}
    if not Path(first.repo).is_dir():
        return True
    try:
        with _target_locked(first, trees) as locked:
            if locked is not None:
                settle(Path(first.repo), keys, first.target, scratch=locked[1], lock=locked[0])
            return locked is not None
    except (SignalboxError, StepError, OSError) as error:
        log.warning("What an engine has left of a merge in %s could not be settled: %s", first.repo, error)
        return False


def _journal_key(home: Home, merge: Merge) -> str:
    return f"merge-{home.home_id()}-{merge.id}"


@contextmanager
def _target_locked(merge: Merge, trees: Path) -> Iterator[tuple[int, Path] | None]:
    """The descriptor of the lock on the target of a merge, and a scratch folder; None where another engine has it."""
    key = key_of(common_folder(calls_in(Path(merge.repo))), merge.target)
    trees.mkdir(mode=0o700, parents=True, exist_ok=True)
    # beside the tree of the check, which another home may have, too
    lock = _taken(trees / f".merge-{key}.lock")
    if lock is None:
        yield None
        return
    with lock, _scratch_folder(trees, key) as scratch:
        yield lock.descriptor, scratch


def _taken(file: Path) -> KernelLock | None:
    """The lock; waited for a moment, since settling what was half moved takes no longer."""
    for _ in range(_LOCK_TRIES):
        if (lock := KernelLock.try_take(file)) is not None:
            return lock
        time.sleep(_LOCK_PAUSE_S)
    return None


@contextmanager
def _scratch_folder(trees: Path, key: str) -> Iterator[Path]:
    """A folder for the files of one step; among the working trees, since git makes them as readable as those."""
    folder = trees / ".merge" / f".{key}"
    remove_tree(str(folder))
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        yield folder
    finally:
        remove_tree(str(folder))


def _order(work: MergeWork, rules: MergeRules, method: MergeMethod) -> MergeOrder:
    merge, stream = work.merge, work.stream
    run = f"run {merge.run_id}" + (f" ({work.run_title})" if work.run_title else "")
    message = merge_message(
        method,
        title=stream.title or stream.ws_id,
        workstream=stream.ws_id,
        run=run,
        branch=work.tree.branch,
        jobs=[f"{rules.job_title(job.job_id)} ({job.tool})" for job in work.jobs],
    )
    return MergeOrder(
        key=_journal_key(rules.home, merge),
        repo=Path(merge.repo),
        branch=work.tree.branch,
        head=merge.head or work.tree.head or "",
        target=merge.target,
        method=method,
        message=message,
        earlier=work.earlier,
        base=work.tree.base_commit or "",
        needed=work.needed,
    )


def _plan(work: MergeWork, rules: MergeRules, tree: Path) -> CheckPlan | None:
    """The check of the user's own project file: no job can change it for itself."""
    repo = Path(work.merge.repo)
    project = project_of(repo)
    if project.check is None:
        return None
    if untrusted := _untrusted(work, rules, project):
        raise BlockedError(untrusted)
    work = work._replace(tree=rules.with_ports(work.tree))
    setup = None
    if project.setup is not None:
        setup = replace(_run_of(project.setup, work, rules, tree), what="setup of the tree for the check")
    return CheckPlan(
        check=_run_of(project.check, work, rules, tree),
        setup=setup,
        bring=lambda to: bring_ignored_files(TreeGit(repo), to, project),
        digest=setup_digest(project),
    )


def _untrusted(work: MergeWork, rules: MergeRules, project: ProjectFile) -> str:
    """Why the commands of the project file may not run; empty where a person has approved the work, or granted them."""
    if work.stream.needs_review:
        return ""
    policy = TrustPolicy(rules.home.home_id(), rules.settings.tool_paths, home=rules.home.root)
    for job in work.jobs:
        spec = rules.job_spec(job.job_id)
        is_writer = spec.is_agent and spec.may_write
        why = policy.project_objection(job, spec, project, Path(work.merge.repo)) if is_writer else ""
        if why:
            return (
                f"The check of the project file needs trust: {why}. Review it with `signalbox trust show "
                f"{job.job_id}`, then grant it with `signalbox trust grant {job.job_id}`."
            )
    return ""


def _run_of(command: ProjectCommand, work: MergeWork, rules: MergeRules, tree: Path) -> CheckOrder:
    return CheckOrder(
        argv=(_program(command, rules.settings), *command.args),
        env={**plain_environment(), **_variables(work, tree)},
        timeout_s=command.timeout_seconds,
        log=check_log(rules.home, work.merge.id),
    )


def _program(command: ProjectCommand, settings: Settings) -> str:
    """The program of the check: one of the repository is that of the candidate."""
    if os.sep in command.exe:
        return command.exe
    return str(resolve(command.exe, path=search_path(), tool_paths=settings.tool_paths))


def _variables(work: MergeWork, tree: Path) -> Mapping[str, str]:
    port = {} if work.tree.port_base is None else {"SIGNALBOX_PORT_BASE": str(work.tree.port_base)}
    return {
        "SIGNALBOX_RUN": work.merge.run_id,
        "SIGNALBOX_WORKSTREAM": work.merge.ws_id,
        "SIGNALBOX_WORKTREE": str(tree),
        **port,
    }
