"""A worktree operation killed at any point is completed by its repetition, and loses nothing that anybody wrote."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.engine.git_step.steps_to_interrupt import unreliable_git
from tests.engine.worktrees.operation import OPERATIONS, do, tree_of, trees_of
from tests.helpers.attempts import git_caller
from tests.helpers.patience import PATIENCE_S
from tests.helpers.small_repository import small_repository

ROOT = Path(__file__).resolve().parents[3]
INTERRUPTIONS = {
    "the engine is killed after a call": 'real "$@"; code=$?; kill -9 $PPID; exit $code',
    "the engine is killed and git goes on": "kill -9 $PPID",
    "git is killed before its work": "kill -9 $$",
}
CHANGING = {"worktree", "update-ref", "symbolic-ref", "-u", "commit-tree"}
"""The words of the calls that change more than a copy of the index; `make soak` interrupts those of `SLOW`, too."""
SLOW = (
    {"update-index", "read-tree", "write-tree", "rev-parse"}
    if os.environ.get("SIGNALBOX_SOAK")
    else set[str]()
)
LONG = {"archive", "remove", "restore archived"}
"""Made of the others, with many calls: `make test` interrupts them between their own steps alone, see `FAULTS`."""
SHOWN = [(name, kind) for name in OPERATIONS if SLOW or name not in LONG for kind in INTERRUPTIONS]
FAULTS = {
    "make": ["tree_moved"],
    "restore": ["index_linked"],
    "finish": ["index_linked"],
    "archive": ["tree_aside", "tree_proved", "tree_deleted"],
    "remove": ["tree_aside", "tree_proved", "tree_deleted"],
    "restore archived": ["tree_moved", "index_linked"],
}


def prepared(root: Path, name: str) -> Path:
    """A repository, and the worktree as it is before the operation."""
    repo = small_repository(root / "repo")
    if name == "make":
        return root
    trees, tree = trees_of(root), tree_of(root)
    trees.make(tree)
    work(Path(tree.path), "one")
    match name:
        case "restore":
            trees.snapshot(tree)
            git_caller(Path(tree.path))("add", "-A")
            git_caller(Path(tree.path))("commit", "-qm", "by the agent")
            work(Path(tree.path), "two")
        case "remove":
            trees.finish(tree, "work")
        case "restore archived":
            trees.archive(tree)
    assert repo.exists()
    return root


def work(tree: Path, text: str) -> None:
    (tree / "hello.py").write_text(f"{text}\n")
    (tree / f"{text}.txt").write_text(f"{text}\n")
    (tree / "README.md").unlink(missing_ok=True)


def state_of(root: Path) -> dict[str, Any]:
    """Everything an operation could have changed, without the ids of commits and the numbers of snapshots."""
    git, tree = git_caller(root / "repo"), Path(tree_of(root).path)
    is_there = (tree / ".git").is_file()
    admin = root / "repo" / ".git" / "worktrees"
    return {
        "files": {
            str(path.relative_to(tree)): path.read_bytes()
            for path in sorted(tree.rglob("*"))
            if path.is_file() and path.name != ".git"
        },
        "status": git_caller(tree)("status", "--porcelain") if is_there else "",
        "branches": git("log", "--branches", "--format=%s|%T|%D"),
        "checked out": git_caller(tree)("symbolic-ref", "HEAD") if is_there else "",
        "archived": git("for-each-ref", "--format=%(tree)", "refs/signalbox/archive/"),
        "trees": git("worktree", "list", "--porcelain").count("worktree "),
        "known": len(list(admin.iterdir())) if admin.exists() else 0,
        "beside": sorted(path.name for path in tree.parent.iterdir()),
        "ours": sorted(path.name for path in admin.rglob("signalbox-[ig]*")),
        "locks": sorted(path.name for path in (root / "repo" / ".git").rglob("*.lock")),
        "of the user": git("status", "--porcelain"),
    }


def kept_trees(root: Path) -> set[str]:
    """The git trees of all snapshots."""
    return set(git_caller(root / "repo")("for-each-ref", "--format=%(tree)", "refs/signalbox/r1/").split())


def run(
    root: Path, name: str, *, git: Path | None = None, fault: str = "", mutant: str = ""
) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join(filter(None, [str(git.parent) if git else "", os.environ["PATH"]]))
    return subprocess.run(
        [sys.executable, str(ROOT / "tests" / "engine" / "worktrees" / "operation.py"), str(root), name],
        env={
            "PATH": path,
            "HOME": str(root),
            "PYTHONPATH": str(ROOT),
            "SIGNALBOX_FAULT": fault,
            "SIGNALBOX_MUTANT": mutant,
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def calls_of(root: Path, name: str) -> Sequence[str]:
    """The calls of git that the operation makes when nothing interrupts it."""
    counting = unreliable_git(root / "git", ":", at=0)
    done = run(root, name, git=counting)
    assert done.returncode == 0, done.stderr
    return (root / "git" / "count").read_text().splitlines()


@pytest.mark.parametrize(("name", "kind"), SHOWN, ids=[f"{name}: {kind}" for name, kind in SHOWN])
def test_an_operation_killed_at_any_call_of_git_is_completed_by_its_repetition(
    tmp_path: Path, name: str, kind: str
) -> None:
    interruption = INTERRUPTIONS[kind]
    calls = calls_of(prepared(tmp_path / "model", name), name)
    assert len(calls) > 5, "the calls of git were not counted"
    expected, kept = state_of(tmp_path / "model"), kept_trees(tmp_path / "model")
    assert expected["ours"] == expected["locks"] == []
    for number, call in enumerate(calls, start=1):
        if not (CHANGING | SLOW) & set(call.split()):
            continue
        root = prepared(tmp_path / str(number), name)
        first = run(root, name, git=unreliable_git(root / "git", interruption, at=number))
        do(root, name)
        assert state_of(root) == expected, (call, first.stderr)
        assert kept <= kept_trees(root), call


@pytest.mark.parametrize(("name", "fault"), [(name, fault) for name in FAULTS for fault in FAULTS[name]])
def test_an_operation_killed_between_two_moves_of_files_is_completed_by_its_repetition(
    tmp_path: Path, name: str, fault: str
) -> None:
    prepared(tmp_path / "model", name)
    do(tmp_path / "model", name)
    root = prepared(tmp_path / "killed", name)
    assert run(root, name, fault=fault).returncode == -9
    do(root, name)
    assert state_of(root) == state_of(tmp_path / "model")


@pytest.mark.parametrize("fault", FAULTS["archive"])
def test_a_tree_whose_archive_was_killed_is_whole_or_wholly_gone_when_the_next_engine_starts(
    tmp_path: Path, fault: str
) -> None:
    root = prepared(tmp_path, "archive")
    before = state_of(root)
    assert run(root, "archive", fault=fault).returncode == -9
    assert trees_of(root).settle([tree_of(root)]) == []
    after = state_of(root)
    assert after["beside"] == ([".w1.lock", "w1"] if fault == "tree_aside" else [".w1.lock"])
    assert after["files"] == (before["files"] if fault == "tree_aside" else {})
    trees_of(root).archive(tree_of(root))
    trees_of(root).restore_archived(tree_of(root))
    assert state_of(root)["files"] == before["files"]


@pytest.mark.parametrize("number", [1, 2])
def test_a_worktree_killed_while_git_fills_it_is_undone_by_the_next_engine_or_made_by_the_repetition(
    tmp_path: Path, number: int
) -> None:
    root = prepared(tmp_path, "make")
    repo = root / "repo"
    killer = root / "killer"
    killer.write_text(  # the filter, git that checks out, git worktree, and the engine
        f'#!/bin/bash\ncat\necho >> {root}/count\n[ "$(wc -l < {root}/count)" = {number} ] || exit 0\n'
        'parent=$PPID\nall=\nfor each in 1 2 3; do all="$parent $all"; parent=$(ps -o ppid= -p $parent); done\n'
        "kill -9 $all\n"
    )
    killer.chmod(0o755)
    (root / ".gitconfig").write_text(f'[filter "killer"]\n\tsmudge = {killer}\n')
    (repo / ".git" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "info" / "attributes").write_text("* filter=killer\n")
    assert run(root, "make").returncode == -9
    assert "initializing" in git_caller(repo)("worktree", "list", "--porcelain")
    assert trees_of(root).settle([tree_of(root)]) == []
    assert git_caller(repo)("worktree", "list", "--porcelain").count("worktree ") == 1
    assert state_of(root)["beside"] == [".w1.lock"]
    (root / "count").unlink()
    assert run(root, "make").returncode == -9
    (repo / ".git" / "info" / "attributes").unlink()
    do(root, "make")
    assert state_of(root)["status"] == ""
    assert state_of(root)["known"] == 1
    assert state_of(root)["beside"] == [".w1.lock", "w1"]


def test_an_engine_that_undoes_nothing_is_noticed(tmp_path: Path) -> None:
    root = prepared(tmp_path, "make")
    half = trees_of(root).place("r1", "w1").parent / ".w1.making" / "half"
    half.mkdir(parents=True)
    run(root, "make", mutant="no_tree_undo")
    assert half.exists()
    do(root, "make")
    assert not half.exists()
    assert state_of(root)["beside"] == [".w1.lock", "w1"]


def test_an_engine_that_restores_without_keeping_what_was_there_is_noticed(tmp_path: Path) -> None:
    do(prepared(tmp_path / "model", "restore"), "restore")
    root = prepared(tmp_path / "mutant", "restore")
    assert run(root, "restore", mutant="no_kept_tree").returncode == 0
    assert not kept_trees(tmp_path / "model") <= kept_trees(root)
