"""What the tests of merges start from: a repository with a branch to merge, and a merge of it to carry out."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from engine.merging.check_run import CheckOrder, Stop
from engine.merging.checkouts import Busy, nobody
from engine.merging.merge_steps import CheckPlan, MergeMeans, MergeOrder, MergeStep, finish, prepare
from state.worktree_records import Merge, MergeMethod, MergeState
from tests.helpers.attempts import git_caller
from tests.helpers.small_repository import small_repository

BRANCH = "signalbox/r/ws"


@dataclass
class Merging:
    """One merge of the branch into main; `check` is a Python program, or None."""

    repo: Path
    root: Path
    check: str | None = None
    method: MergeMethod = MergeMethod.MERGE
    target: str = "main"
    branch: str = BRANCH
    head: str = ""
    earlier: Merge | None = None
    base: str = ""
    needed: Sequence[Merge] = ()
    key: str = "merge-1"
    timeout_s: float = 60.0
    busy: Busy = nobody
    stop: Stop = field(default_factory=Stop)

    def __post_init__(self) -> None:
        self.git: Callable[..., str] = git_caller(self.repo)
        self.log = self.root / "logs" / "1.log"
        (self.root / "scratch").mkdir(exist_ok=True)

    def commit(self, name: str, content: str, *, branch: str = BRANCH, instead_of: str = "") -> str:
        """Commit a file on a branch in a tree of its own, as a tool does, and return the commit."""
        tree = self.root / "tree"
        self.git(
            "worktree", "add", "-q", *self._new(branch), str(tree), *([branch] if self._is(branch) else [])
        )
        if instead_of:
            git_caller(tree)("rm", "-q", instead_of)
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content)
        git = git_caller(tree)
        git("add", "-A")
        git("commit", "-qm", f"Write {name}")
        made = git("rev-parse", "HEAD")
        self.git("worktree", "remove", "--force", str(tree))
        return made

    def order(self) -> MergeOrder:
        return MergeOrder(
            key=self.key,
            repo=self.repo,
            branch=self.branch,
            head=self.head or self.git("rev-parse", f"refs/heads/{self.branch}"),
            target=self.target,
            method=self.method,
            message="Mend it\n\nWorkstream ws of run r.\n",
            earlier=self.earlier,
            base=self.base,
            needed=self.needed,
        )

    def means(self) -> MergeMeans:
        return MergeMeans(
            trees=self.root / "trees", scratch=self.root / "scratch", stop=self.stop, busy=self.busy
        )

    def prepared(self) -> MergeStep:
        return prepare(self.order(), self.means(), lambda _tree: self.plan())

    def merged(self) -> MergeStep:
        """Both steps, as a queue does them that is not interrupted."""
        step = self.prepared()
        if step.state is MergeState.CHECKING and step.before and step.result:
            done = finish(self.order(), self.means(), before=step.before, result=step.result)
            return replace(done, reason=done.reason or step.reason)
        return step

    def subjects(self, name: str = "main") -> Sequence[str]:
        return self.git("log", "--format=%s", name).splitlines()

    def plan(self) -> CheckPlan | None:
        if self.check is None:
            return None
        argv = (sys.executable, "-c", self.check)
        env = {"PATH": "/usr/bin:/bin"}
        return CheckPlan(check=CheckOrder(argv=argv, env=env, timeout_s=self.timeout_s, log=self.log))

    def _is(self, branch: str) -> bool:
        return bool(self.git("for-each-ref", f"refs/heads/{branch}"))

    def _new(self, branch: str) -> Sequence[str]:
        return [] if self._is(branch) else ["-b", branch]


@pytest.fixture
def merging(tmp_path: Path) -> Merging:
    """A branch with one new file, of a repository in which nobody has main checked out."""
    merging = Merging(small_repository(tmp_path / "repo"), tmp_path)
    merging.commit("work.txt", "work\n")
    merging.git("switch", "-q", "--detach")
    return merging


def told(step: MergeStep) -> tuple[Any, str]:
    return step.state, step.reason
