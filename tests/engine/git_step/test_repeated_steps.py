"""A git step interrupted after any of its calls of git leaves nothing half done, or its repetition completes it."""

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.git_step.calls import GitCalls
from engine.git_step.index_transaction import IndexTransaction
from engine.git_step.journal import StepJournal
from engine.types import JobResult
from tests.helpers.attempts import Attempts, git_caller

PATCH = """--- a/hello.py
+++ b/hello.py
@@ -1,2 +1,2 @@
 def hello():
-    return "hello"
+    return "hello, world"
--- a/README.md
+++ b/README.md
@@ -1 +1 @@
-# demo
+# Demo
"""
MOST_CALLS = 40
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
        f'#!/bin/bash\nreal() {{ {real} "$@"; }}\necho "$*" >> {count}\n'
        f'if [ "$(wc -l < {count})" = {at} ]; then {interruption}; fi\nexec {real} "$@"\n'
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


def side(repo: Path) -> None:
    git = git_caller(repo)
    git("switch", "-qc", "side")
    (repo / "hello.py").write_text("theirs\n")
    git("commit", "-qam", "theirs")
    git("switch", "-q", "main")


def conflict(repo: Path) -> None:
    side(repo)
    (repo / "hello.py").write_text("ours\n")
    git_caller(repo)("commit", "-qam", "ours")


def second_commit(repo: Path) -> None:
    git_caller(repo)("commit", "-q", "--allow-empty", "-m", "second")


def tree(repo: Path) -> None:
    git_caller(repo)("worktree", "add", "-q", "../tree", "-b", "treed")


CASES = {
    "branch": Case({"action": "branch", "name": "mend"}),
    "branch elsewhere": Case({"action": "branch", "name": "mend", "start": "HEAD~1"}, prepare=second_commit),
    "branch without switching": Case({"action": "branch", "name": "mend", "switch": False}),
    "apply": Case({"action": "apply", "patch": PATCH}),
    "apply three-way": Case({"action": "apply", "patch": PATCH, "three_way": True}),
    "commit": Case({"action": "commit", "message": "# no comment\nMend it\n"}, prepare=edit),
    "commit of one file": Case(
        {"action": "commit", "message": "Mend it", "files": ["hello.py"]}, prepare=edit
    ),
    "empty commit": Case({"action": "commit", "message": "Mend it", "allow_empty": True}),
    "diff": Case({"action": "diff"}, prepare=edit),
    "worktree": Case({"action": "worktree", "path": "../tree", "branch": "side"}),
    "worktree removed": Case({"action": "worktree", "operation": "remove", "path": "../tree"}, prepare=tree),
    "merge": Case({"action": "merge", "branch": "side"}, prepare=side),
    "merge commit": Case({"action": "merge", "branch": "side", "fast_forward": "never"}, prepare=side),
    "merge with a conflict": Case({"action": "merge", "branch": "side"}, prepare=conflict, succeeds=False),
}


def state_of(repo: Path) -> dict[str, Any]:
    """Everything a step could have changed, without times and ids of commits."""
    git = git_caller(repo)
    trees = sorted(path.name for path in repo.parent.iterdir() if path.name not in {"git", "attempts"})
    return {
        "log": git("log", "--all", "--format=%s|%T|%D"),
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
    repo = root / "repo"
    repo.mkdir(parents=True)
    (repo / "hello.py").write_text('def hello():\n    return "hello"\n')
    (repo / "README.md").write_text("# demo\n")
    git = git_caller(repo)
    git("init", "-q", "-b", "main")
    for key, value in {"user.name": "Ada", "user.email": "ada@example.invalid"}.items():
        git("config", key, value)
    git("add", "-A")
    git("commit", "-qm", "first")
    if case.prepare is not None:
        case.prepare(repo)
    return repo


def run(root: Path, case: Case, git: Path | None = None) -> JobResult:
    job = {
        "tool": "git",
        "job_id": "step",
        "git": case.step,
        "paths": {"repo_root": str(root / "repo")},
    }
    attempts = Attempts(root / "attempts" / os.urandom(4).hex())
    return attempts.run(job, tool_paths={} if git is None else {"git": str(git)})


def interrupted_everywhere(tmp_path: Path, case: Case, interruption: str, *, only_changing: bool) -> None:
    fresh(tmp_path / "model", case)
    counting = unreliable_git(tmp_path / "model" / "git", interruption, at=0)
    assert run(tmp_path / "model", case, counting).success is case.succeeds
    calls = (tmp_path / "model" / "git" / "count").read_text().splitlines()
    expected = state_of(tmp_path / "model" / "repo")
    assert expected["ours"] == expected["locks"] == []
    for number, call in enumerate(calls, start=1):
        if only_changing and not CHANGING & set(call.split()) and number < len(calls):
            continue
        root = tmp_path / str(number)
        repo = fresh(root, case)
        first = run(root, case, unreliable_git(root / "git", interruption, at=number))
        again = first if first.success else run(root, case)
        assert again.success is case.succeeds, (call, first.metadata, again.metadata)
        assert state_of(repo) == expected, (call, first.metadata, again.metadata)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a18_a_step_interrupted_at_any_call_that_changes_something_is_completed_by_its_repetition(
    tmp_path: Path, case: Case
) -> None:
    for name, interruption in INTERRUPTIONS.items():
        interrupted_everywhere(tmp_path / name, case, interruption, only_changing=True)


@pytest.mark.soak
@pytest.mark.parametrize("interruption", INTERRUPTIONS.values(), ids=INTERRUPTIONS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a18_a_step_interrupted_at_any_call_of_git_is_completed_by_its_repetition(
    tmp_path: Path, case: Case, interruption: str
) -> None:
    interrupted_everywhere(tmp_path, case, interruption, only_changing=False)


def test_a18_a_killed_step_whose_job_is_not_repeated_is_no_obstacle_for_another(tmp_path: Path) -> None:
    case = CASES["commit"]
    repo = fresh(tmp_path, case)
    git = unreliable_git(tmp_path / "git", INTERRUPTIONS["the step is killed after a call"], at=9)
    assert not run(tmp_path, case, git).success
    other = Case({"action": "commit", "message": "Other", "allow_empty": True})
    assert run(tmp_path, other).success
    assert "Other" in git_caller(repo)("log", "--format=%s")


def test_a18_the_repetition_of_a_commit_does_not_commit_what_came_since(tmp_path: Path) -> None:
    case = CASES["commit"]
    for number in range(1, MOST_CALLS):
        root = tmp_path / str(number)
        repo = fresh(root, case)
        killed = unreliable_git(root / "git", INTERRUPTIONS["the step is killed after a call"], at=number)
        if run(root, case, killed).success:
            break
        if git_caller(repo)("log", "-1", "--format=%s") == "Mend it":
            (repo / "later.txt").write_text("somebody's own\n")
            assert run(root, case).success
            assert git_caller(repo)("status", "--porcelain") == "?? later.txt"
            assert git_caller(repo)("rev-list", "--count", "HEAD") == "2"


def test_a18_no_kill_leaves_a_conflict_behind(tmp_path: Path) -> None:
    case = CASES["merge with a conflict"]
    for number in range(1, MOST_CALLS):
        root = tmp_path / str(number)
        repo = fresh(root, case)
        before = state_of(repo)["files"]
        killed = unreliable_git(root / "git", INTERRUPTIONS["the step is killed after a call"], at=number)
        answered = "conflicts in hello.py" in run(root, case, killed).metadata["summary"]
        assert state_of(repo)["files"] == before
        assert not (repo / ".git" / "MERGE_HEAD").exists()
        if answered:
            return
    pytest.fail("the step never came to its end")


def test_a18_a_merge_of_a_persons_own_is_not_undone_by_a_repetition(tmp_path: Path) -> None:
    case = CASES["merge with a conflict"]
    repo = fresh(tmp_path, case)
    killed = unreliable_git(tmp_path / "git", INTERRUPTIONS["the step is killed after a call"], at=9)
    run(tmp_path, case, killed)
    subprocess.run(["git", "merge", "side"], cwd=repo, capture_output=True, check=False)
    (repo / "hello.py").write_text("resolved by a person\n")
    assert "earlier merge is unfinished" in run(tmp_path, case).metadata["summary"]
    assert (repo / "hello.py").read_text() == "resolved by a person\n"
    assert (repo / ".git" / "MERGE_HEAD").exists()


def test_a18_a_tree_with_work_in_it_is_not_taken_for_a_half_removed_one(tmp_path: Path) -> None:
    case = CASES["worktree removed"]
    repo = fresh(tmp_path, case)
    killed = unreliable_git(tmp_path / "git", INTERRUPTIONS["the step is killed after a call"], at=4)
    run(tmp_path, case, killed)
    work = repo.parent / "tree" / "work.txt"
    work.write_text("mine\n")
    assert "not committed" in run(tmp_path, case).metadata["summary"]
    assert work.read_text() == "mine\n"


def test_a18_the_journal_is_plain_json_in_the_folder_of_the_repository(tmp_path: Path) -> None:
    case = CASES["branch"]
    repo = fresh(tmp_path, case)
    for number in range(1, MOST_CALLS):
        killed = unreliable_git(tmp_path / "git", INTERRUPTIONS["the step is killed after a call"], at=number)
        run(tmp_path, case, killed)
        if notes := list((repo / ".git" / "signalbox").glob("*.json")):
            assert set(json.loads(notes[0].read_text())) == {"target"}
            return
    pytest.fail("no kill left a note")


@pytest.mark.parametrize("name", ["worktree", "worktree removed"])
@pytest.mark.parametrize("named", ["folder", "ours", "no_path"])
def test_a18_a_note_that_names_another_folder_than_one_of_ours_takes_nothing_away(
    tmp_path: Path, name: str, named: str
) -> None:
    case = CASES[name]
    for number in range(1, MOST_CALLS):
        root = tmp_path / str(number)
        repo = fresh(root, case)
        run(
            root,
            case,
            unreliable_git(root / "git", INTERRUPTIONS["the step is killed after a call"], at=number),
        )
        notes = [
            file for file in (repo / ".git" / "signalbox").glob("*.json") if "staging" in file.read_text()
        ]
        if not notes:
            continue
        work = root / "somebody" / ".signalbox-01234567" / "work.txt"
        work.parent.mkdir(parents=True)
        work.write_text("mine\n")
        staging = {
            "folder": str(work.parent.parent / "tree"),
            "ours": str(work.parent / "tree"),
            "no_path": 7,
        }
        notes[0].write_text(json.dumps({**json.loads(notes[0].read_text()), "staging": staging[named]}))
        run(root, case)
        assert work.read_text() == "mine\n"
        return
    pytest.fail("no kill left a note")


@pytest.mark.parametrize(
    "facts", [{"target": "--orphan"}, {"before": "--all"}, {"other": 1}, {"before": None}, [1]]
)
def test_a18_a_note_that_is_not_ours_counts_as_none(tmp_path: Path, facts: object) -> None:
    for name in ("branch", "commit", "merge"):
        case, root = CASES[name], tmp_path / name
        repo = fresh(root, case)
        for number in range(1, MOST_CALLS):
            git = unreliable_git(root / "git", INTERRUPTIONS["the step is killed after a call"], at=number)
            run(root, case, git)
            if notes := list((repo / ".git" / "signalbox").glob("*.json")):
                break
        before = state_of(fresh(root / "again", case))
        shutil.copytree(repo / ".git" / "signalbox", root / "again" / "repo" / ".git" / "signalbox")
        (root / "again" / "repo" / ".git" / "signalbox" / notes[0].name).write_text(json.dumps(facts))
        assert run(root / "again", case).success
        assert state_of(root / "again" / "repo") != before


def test_a18_a_commit_that_the_disk_allows_no_mark_for_leaves_no_lock(tmp_path: Path) -> None:
    """A limit of the size of files is what a full disk is to a process."""
    case = CASES["commit"]
    repo = fresh(tmp_path, case)
    journal = StepJournal(GitCalls(["git"], str(repo)), "step", case.step)
    index = IndexTransaction(GitCalls(["git"], str(repo)), journal)
    index.begin()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            index.lock()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not (repo / ".git" / "index.lock").exists()


def test_a18_a_commit_that_is_cancelled_leaves_no_lock(tmp_path: Path) -> None:
    case = CASES["commit"]
    for number in range(1, MOST_CALLS):
        root = tmp_path / str(number)
        repo = fresh(root, case)
        git = unreliable_git(root / "git", 'kill $PPID; sleep 0.2; real "$@"; exit $?', at=number)
        run(root, case, git)
        calls = (root / "git" / "count").read_text().splitlines()
        assert list((repo / ".git").rglob("*.lock")) == [], calls[-1]
        if len(calls) < number:
            return
