"""Random histories of eight workstreams that are approved and merged while people and kills interfere, and their judge.

A history is made of its seed. Its engines are processes, which are killed at named points or at any moment; its
repository is a real one, in which a person works on the target, too.
"""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from engine.errors import SignalboxError
from engine.maintenance.home_invariants import breaches
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import ReviewState
from state.worktree_records import MergeState, SeenWorkstream
from tests.helpers.approved_work import ApprovedWork
from tests.helpers.fault_points import MERGE_POINTS, MERGE_QUEUE_POINTS
from tests.helpers.patience import PATIENCE_S
from tests.helpers.small_repository import small_repository

WORKSTREAMS = 8
POINTS = (*MERGE_POINTS, *MERGE_QUEUE_POINTS)
_IN_TREE = ("merge_move_noted", "merge_files_moved", "merge_target_moved", "merge_index_moved")
"""The points that only a merge comes to which moves a working tree."""
_ROUNDS = 5
_CHECK = """#!{python} -IS
import os, sys
names = os.listdir()
broken = any(n.startswith("broken") for n in names) or {{"left.txt", "right.txt"}} <= set(names)
open("printed.tmp", "w").close()
sys.exit(broken)
"""


def is_red(names: set[str]) -> bool:
    """What the check of these histories says of a tree with these files at its top."""
    return any(name.startswith("broken") for name in names) or {"left.txt", "right.txt"} <= names


@dataclass
class MergeHistory:
    """One history in a folder of its own; `run` plays it and returns which promises it broke."""

    folder: Path
    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    done: list[str] = field(default_factory=list)

    def run(self) -> list[str]:
        """Play the history, let an engine finish it, and judge."""
        self.chance = random.Random(self.seed)  # noqa: S311 - a history is made again of its seed
        self.home = Home.at(self.folder / "home")
        self.store = JobStateStore(home=self.home)
        try:
            self.work = ApprovedWork(self.store, small_repository(self.folder / "repo"))
            self._set_up()
            self._play()
            return list(self._judged())
        finally:
            self.store.close()

    def _set_up(self) -> None:
        program = self.folder / "check"
        program.write_text(_CHECK.format(python=sys.executable))
        program.chmod(0o755)
        method = self.chance.choice(["merge", "squash", "rebase"])
        project = f"check:\n  exe: {program}\nmerge: {method}\n"
        (self.work.repo / ".signalbox.yaml").write_text(project)
        self.first = POINTS[self.seed % len(POINTS)]
        self.is_checked_out = self.first in _IN_TREE or self.chance.random() < 0.6
        if not self.is_checked_out:
            self.work.git("switch", "-q", "--detach")
        self.done.append(f"{method}, main {'is' if self.is_checked_out else 'is not'} checked out")
        names = [f"w{number}" for number in range(WORKSTREAMS)]
        for number, name in enumerate(names):
            after = [self.chance.choice(names[:number])] if number and self.chance.random() < 0.2 else []
            self.work.add(name, self._files(number), after=after)
        self.left = names

    def _files(self, number: int) -> Mapping[str, str]:
        own = {f"w{number}.txt": f"{number}\n" * 5}
        match self.chance.randrange(6):
            case 0:
                return own | {"hello.py": f"{number}\n"}
            case 1:
                return own | {f"broken{number}.txt": "broken\n"}
            case 2:
                return own | {"left.txt": "left\n"}
            case 3:
                return own | {"right.txt": "right\n"}
        return own

    def _play(self) -> None:
        self._approve(3)
        self._engine([self.first])
        for _ in range(_ROUNDS - 1):
            self._approve(self.chance.randint(1, 3))
            for _ in range(self.chance.randint(0, 2)):
                self._interfere()
            self._engine(self.chance.sample(POINTS, self.chance.randint(0, 1)))
        self._approve(WORKSTREAMS)
        self._tidy()
        self._engine(is_last=True)

    def _approve(self, number: int) -> None:
        for _ in range(min(number, len(self.left))):
            name = self.left.pop(self.chance.randrange(len(self.left)))
            self.work.store.reviews.approve(SeenWorkstream("r1", name))
            self.done.append(f"approve {name}")

    def _interfere(self) -> None:
        act = self.chance.choice([self._commit, self._edit, self._hold, self._move, self._withdraw])
        with suppress(SignalboxError, subprocess.CalledProcessError):  # it does not fit at this moment
            act()
            self.done.append(act.__name__)

    def _commit(self) -> None:
        """A person commits on the target."""
        name = f"mine{self.chance.randrange(10**6)}.txt"
        if self.is_checked_out:
            (self.work.repo / name).write_text("mine\n")
            self.work.git("add", name)
            self.work.git("commit", "-qm", f"Write {name}")
            return
        blob = self.work.git("hash-object", "-w", "README.md")
        entries = self.work.git("ls-tree", "main")
        made = subprocess.run(
            ["git", "mktree"], cwd=self.work.repo, input=f"{entries}\n100644 blob {blob}\t{name}\n",
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        before = self.work.git("rev-parse", "main")
        commit = self.work.git("commit-tree", "-p", before, "-m", f"Write {name}", made)
        self.work.git("update-ref", "refs/heads/main", commit, before)

    def _edit(self) -> None:
        """A person has something uncommitted, or done with it."""
        file = self.work.repo / "README.md"
        if self.work.git("status", "--porcelain", "README.md"):
            self.work.git("checkout", "README.md")
        else:
            file.write_text("mine\n")

    def _hold(self) -> None:
        merge = self.chance.choice([one.merge for one in self.store.merges.queues()] or [None])
        if merge is not None:
            self.store.merges.hold(f"r1/{merge.ws_id}", held=not merge.held)

    def _move(self) -> None:
        queued = [one.merge.ws_id for one in self.store.merges.queues()]
        if queued:
            self.store.merges.move(f"r1/{self.chance.choice(queued)}")

    def _withdraw(self) -> None:
        queued = [one.merge.ws_id for one in self.store.merges.queues()]
        if queued:
            name = self.chance.choice(queued)
            self.store.reviews.withdraw(SeenWorkstream("r1", name))
            self.left.append(name)

    def _tidy(self) -> None:
        with suppress(subprocess.CalledProcessError):  # the index is locked until an engine finishes a move
            self.work.git("checkout", "README.md")
        for one in self.store.merges.queues():
            if one.merge.held:
                self.store.merges.hold(f"r1/{one.merge.ws_id}", held=False)

    def _engine(self, points: Sequence[str] = (), *, is_last: bool = False) -> None:
        log = self.folder / "kills"
        environ = {**os.environ, "SIGNALBOX_FAULT": ",".join(points), "SIGNALBOX_FAULT_LOG": str(log)}
        after_s = None if is_last or points else self.chance.uniform(0.3, 2.5)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.merge_engine", str(self.home.root)], env=environ
        ) as engine:
            try:
                engine.wait(PATIENCE_S if after_s is None else after_s)
            except subprocess.TimeoutExpired:
                engine.send_signal(signal.SIGKILL)
                self.kills["at any moment"] += 1
        self.done.append(f"engine killed at {list(points) or after_s}: {engine.returncode}")
        if log.exists():
            self.kills.update(log.read_text().split())
            log.unlink()

    # --- the judge -------------------------------------------------------------------------------------------------

    def _judged(self) -> Iterator[str]:
        git = self.work.git
        values = git("reflog", "show", "--format=%H", "main").split()
        for newer, older in pairwise(values):
            if git("rev-list", "--max-count=1", older, f"^{newer}"):
                yield f"main lost {older[:9]}"
        for commit in values:
            if is_red(set(git("ls-tree", "--name-only", commit).splitlines())):
                yield f"main was red at {commit[:9]}"
        if git("rev-parse", "main") != values[0]:
            yield "main moved without a trace"
        for number in range(WORKSTREAMS):
            yield from self._judged_workstream(f"w{number}")
        yield from self._judged_tree()
        yield from (f"{one.code}: {one.sentence}" for one in breaches(self.home))

    def _judged_workstream(self, name: str) -> Iterator[str]:
        git, stream = self.work.git, self.work.stream(name)
        if git("rev-parse", f"signalbox/r1/{name}") != self._tip(name):
            yield f"the branch of {name} has moved"
        log = git("log", "--format=%s", "main").splitlines()
        times = max(log.count(f"Merge Work of {name}"), log.count(f"Work of {name}"))
        times = times or sum(1 for subject in log if f"{name}.txt" in subject)
        is_there = f"{name}.txt" in git("ls-tree", "--name-only", "main").split()
        if times > 1:
            yield f"{name} was merged {times} times"
        if is_there is not (stream.review is ReviewState.MERGED):
            yield f"{name} is {stream.review}, and its work is {'' if is_there else 'not '}in main"
        merge = self.work.merge(name)
        if merge.state is MergeState.CHECKING:
            yield f"{name} is still being checked"
        if merge.state is MergeState.WAITING and not self._waits(name):
            yield f"{name} waits for nothing"

    def _waits(self, name: str) -> str:
        return next(one.waits_for for one in self.store.merges.queues() if one.merge.ws_id == name)

    def _tip(self, name: str) -> str:
        tree = self.store.merges.work(self.work.merge(name))
        return "" if tree is None else tree.tree.head or ""

    def _judged_tree(self) -> Iterator[str]:
        known = ("?? .signalbox.yaml", " M README.md", "?? mine")  # the last where the index was locked
        status = subprocess.run(
            ["git", "status", "--porcelain"], cwd=self.work.repo, capture_output=True, text=True, check=True
        ).stdout.splitlines()
        if odd := [line for line in status if not line.startswith(known)]:
            yield f"the tree of the person shows {odd}"
        inner = self.work.repo / ".git"
        left = [
            str(one)
            for one in inner.rglob("*")
            if one.name.endswith(".lock") or one.parent.name == "signalbox"
        ]
        if left := [
            one for one in left if "/refs/" not in one and "/logs/" not in one and "/objects/" not in one
        ]:
            yield f"left in the repository: {left}"
