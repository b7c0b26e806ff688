"""The git steps to interrupt, a git that is interrupted at any of its calls, and all that a step could change."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.types import JobResult
from tests.helpers.attempts import Attempts, git_caller
from tests.helpers.small_repository import PATCH_OF_HELLO, commit_ours, commit_theirs, small_repository

PATCH = f"""{PATCH_OF_HELLO}--- a/README.md
+++ b/README.md
@@ -1 +1 @@
-# demo
+# Demo
"""
CONFLICTING_PATCH = """diff --git a/hello.py b/hello.py
index d58c8784eb3c72274fe15fbbbd42e66211747492..950b81b7eee953d050aa05a641f8e056c85dd1bd 100644
--- a/hello.py
+++ b/hello.py
@@ -1,2 +1 @@
-def hello():
-    return "hello"
+theirs
"""
MOST_CALLS = 40
_first_note: dict[tuple[str, str], int] = {}
"""After which call of a step there is a note, as found by an earlier test; a step makes the same calls each time."""
CHANGING = {
    *("branch", "switch", "add", "update-index", "commit", "apply", "worktree", "merge"),
    *("commit-tree", "checkout-index", "symbolic-ref"),
}

INTERRUPTIONS = {
    "the step is killed after a call": 'real "$@"; code=$?; kill -9 $PPID; exit $code',
    "git is killed after its work": 'real "$@"; kill -9 $$',
    "git is killed before its work": "kill -9 $$",
    "the disk is full": 'echo "fatal: write error: No space left on device" >&2; exit 128',
}


def unreliable_git(folder: Path, interruption: str, *, at: int) -> Path:
    """A git that is interrupted at this call of it, and works again afterwards."""
    folder.mkdir(exist_ok=True)
    count = folder / "count"
    count.write_text("")
    program = folder / "git"
    real = shutil.which("git")
    program.write_text(
        f'#!/bin/sh\nreal() {{ {real} "$@"; }}\nprintf "%s\\n" "$*" >> "{count}"\n'
        f'calls=0; while read -r _; do calls=$((calls + 1)); done < "{count}"\n'
        f'if [ "$calls" = {at} ]; then {interruption}; fi\nexec {real} "$@"\n'
    )
    program.chmod(0o755)
    return program


@dataclass
class Case:
    """A step, what precedes it, and whether it ends well when nothing interrupts it."""

    step: dict[str, Any]
    prepare: Callable[[Path], None] | None = None
    succeeds: bool = True


def edit(repo: Path) -> None:
    (repo / "hello.py").write_text("mended\n")
    (repo / "new.txt").write_text("new\n")


def conflict(repo: Path) -> None:
    commit_theirs(repo)
    commit_ours(repo)


def second_commit(repo: Path) -> None:
    git_caller(repo)("commit", "-q", "--allow-empty", "-m", "second")


def tree(repo: Path) -> None:
    git_caller(repo)("worktree", "add", "-q", "../tree", "-b", "treed")


CASES = {
    "branch": Case({"action": "branch", "name": "mend"}),
    "branch elsewhere": Case({"action": "branch", "name": "mend", "start": "HEAD~1"}, prepare=second_commit),
    "branch with other files": Case(
        {"action": "branch", "name": "mend", "start": "side"}, prepare=commit_theirs
    ),
    "branch without switching": Case({"action": "branch", "name": "mend", "switch": False}),
    "apply": Case({"action": "apply", "patch": PATCH}),
    "apply three-way": Case({"action": "apply", "patch": PATCH, "three_way": True}),
    "apply with a conflict": Case(
        {"action": "apply", "patch": CONFLICTING_PATCH, "three_way": True},
        prepare=commit_ours,
        succeeds=False,
    ),
    "commit": Case({"action": "commit", "message": "# no comment\nMend it\n"}, prepare=edit),
    "commit of one file": Case(
        {"action": "commit", "message": "Mend it", "files": ["hello.py"]}, prepare=edit
    ),
    "empty commit": Case({"action": "commit", "message": "Mend it", "allow_empty": True}),
    "diff": Case({"action": "diff"}, prepare=edit),
    "worktree": Case({"action": "worktree", "path": "../tree", "branch": "side"}),
    "worktree removed": Case({"action": "worktree", "operation": "remove", "path": "../tree"}, prepare=tree),
    "merge": Case({"action": "merge", "branch": "side"}, prepare=commit_theirs),
    "merge commit": Case(
        {"action": "merge", "branch": "side", "fast_forward": "never"}, prepare=commit_theirs
    ),
    "merge with a conflict": Case({"action": "merge", "branch": "side"}, prepare=conflict, succeeds=False),
}


def state_of(repo: Path) -> dict[str, Any]:
    """Everything a step could have changed, without times and ids of commits."""
    git = git_caller(repo)
    trees = sorted(path.name for path in repo.parent.iterdir() if path.name not in {"git", "attempts"})
    return {
        "log": git("log", "--topo-order", "--format=%s|%T|%D"),
        # Those of several branches come in the order of their times, which differ by how fast they were made.
        "commits": sorted(git("log", "--all", "--format=%s|%T|%D").splitlines()),
        "head": git("symbolic-ref", "HEAD"),
        "branches": git("branch", "--format=%(refname) %(tree)"),
        "trees": git("worktree", "list", "--porcelain").count("worktree "),
        "status": git("status", "--porcelain"),
        "files": {
            str(path.relative_to(repo.parent)): path.read_bytes()
            for path in sorted(repo.parent.rglob("*"))
            if path.is_file() and not {".git", "git", "attempts"} & set(path.relative_to(repo.parent).parts)
        },
        "beside": trees,
        "ours": sorted(path.name for path in (repo / ".git").rglob("*signalbox*")),
        "locks": sorted(path.name for path in (repo / ".git").rglob("*.lock")),
    }


def fresh(root: Path, case: Case) -> Path:
    repo = small_repository(root / "repo")
    if case.prepare is not None:
        case.prepare(repo)
    return repo


def killed_with_a_note(tmp_path: Path, case: Case, *, holding: str = "") -> tuple[Path, Path]:
    """Kill the step after the first of its calls that leaves a note with this text; returns its folder and the note."""
    known = (json.dumps(case.step), holding)
    for number in range(_first_note.get(known, 1), MOST_CALLS):
        root = tmp_path / str(number)
        repo = fresh(root, case)
        kill = INTERRUPTIONS["the step is killed after a call"]
        run(root, case, unreliable_git(root / "git", kill, at=number))
        for note in (repo / ".git" / "signalbox").glob("*.json"):
            if holding in note.read_text():
                _first_note[known] = number
                return root, note
    pytest.fail("no kill left a note")


def run(root: Path, case: Case, git: Path | None = None) -> JobResult:
    job = {
        "tool": "git",
        "job_id": "step",
        "git": case.step,
        "paths": {"repo_root": str(root / "repo")},
    }
    attempts = Attempts(root / "attempts" / os.urandom(4).hex())
    return attempts.run(job, tool_paths={} if git is None else {"git": str(git)})


def interrupted_everywhere(
    tmp_path: Path, case: Case, interruption: str, *, only_changing: bool, leaves_no_lock: bool = False
) -> None:
    """Interrupt the step at each of its calls in turn; its repetition must come to the same end."""
    fresh(tmp_path / "model", case)
    counting = unreliable_git(tmp_path / "model" / "git", interruption, at=0)
    assert run(tmp_path / "model", case, counting).success is case.succeeds
    calls = (tmp_path / "model" / "git" / "count").read_text().splitlines()
    assert len(calls) > 2, "the calls of git were not counted"
    expected = state_of(tmp_path / "model" / "repo")
    assert expected["ours"] == expected["locks"] == []
    for number, call in enumerate(calls, start=1):
        if only_changing and not CHANGING & set(call.split()) and number < len(calls):
            continue
        root = tmp_path / str(number)
        repo = fresh(root, case)
        first = run(root, case, unreliable_git(root / "git", interruption, at=number))
        assert not leaves_no_lock or state_of(repo)["locks"] == [], (call, first.metadata)
        again = first if first.success else run(root, case)
        assert again.success is case.succeeds, (call, first.metadata, again.metadata)
        assert state_of(repo) == expected, (call, first.metadata, again.metadata)
