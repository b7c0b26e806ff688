"""A merge that is killed at any point is finished or undone by the next engine, and no tree stays half moved."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.merging.merge_steps import finish
from state.worktree_records import MergeState
from tests.engine.merging.conftest import BRANCH, Merging
from tests.helpers.attempts import git_caller
from tests.helpers.fault_points import MERGE_POINTS

_ENGINE = """
import json, os, sys
from pathlib import Path
from tests.engine.merging.conftest import Merging
from engine.merging.merge_steps import finish
root = Path(sys.argv[1])
merging = Merging(root / "repo", root, check="")
step = merging.prepared()
(root / "journal.json").write_text(json.dumps([step.before, step.result]))
finish(merging.order(), merging.means(), before=step.before, result=step.result)
"""


@pytest.fixture
def checked_out(merging: Merging) -> Merging:
    """Main is checked out, with a file of the person's own; the branch changes, adds and deletes files."""
    merging.git("switch", "-q", "main")
    (merging.repo / "notes.txt").write_text("my own\n")
    tree = merging.root / "tree"
    merging.git("worktree", "add", "-q", str(tree), BRANCH)
    for number in range(5):
        (tree / f"new{number}.txt").write_text(f"{number}\n" * 20)
    (tree / "hello.py").write_text("theirs\n")
    (tree / "README.md").unlink()
    git_caller(tree)("add", "-A")
    git_caller(tree)("commit", "-qm", "More")
    merging.git("worktree", "remove", str(tree))
    merging.check = ""
    return merging


def killed_at(merging: Merging, point: str) -> "tuple[str, str] | None":
    """Kill an engine at this point of a merge; what it had written down."""
    environ = {**os.environ, "SIGNALBOX_FAULT": point}
    done = subprocess.run(
        [sys.executable, "-c", _ENGINE, str(merging.root)], env=environ, capture_output=True, check=False
    )
    assert done.returncode == -9, done.stderr.decode()
    journal = merging.root / "journal.json"
    return tuple(json.loads(journal.read_text())) if journal.exists() else None


def state_of(merging: Merging) -> dict[str, Any]:
    return {
        "subjects": merging.subjects(),
        "status": merging.git("status", "--porcelain"),
        "head": merging.git("symbolic-ref", "HEAD"),
        "files": {
            str(path.relative_to(merging.repo)): path.read_text()
            for path in sorted(merging.repo.rglob("*"))
            if path.is_file() and ".git" not in path.parts
        },
        "left": [
            str(path)
            for path in (merging.repo / ".git").rglob("*")
            if "signalbox" in path.name and path.is_file()
        ],
        "locks": list((merging.repo / ".git").rglob("*.lock")),
    }


def repeated(merging: Merging, journal: "tuple[str, str] | None") -> MergeState:
    """What the next engine comes to, by what the killed one had written down."""
    if journal is not None:
        step = finish(merging.order(), merging.means(), before=journal[0], result=journal[1])
        if step.state is not MergeState.WAITING:
            return step.state
    return merging.merged().state


@pytest.mark.parametrize("point", MERGE_POINTS)
def test_a_merge_killed_at_a_named_point_is_done_once(checked_out: Merging, point: str) -> None:
    journal = killed_at(checked_out, point)
    assert repeated(checked_out, journal) is MergeState.MERGED
    found = state_of(checked_out)
    assert found["status"] == "?? notes.txt"
    assert found["subjects"].count("Mend it") == 1
    assert found["left"] == found["locks"] == []
    assert found["files"]["hello.py"] == "theirs\n"
    assert "README.md" not in found["files"]
    assert found["files"]["notes.txt"] == "my own\n"


@pytest.mark.parametrize("point", ["merge_move_noted", "merge_files_moved"])
def test_files_half_moved_go_back_where_the_target_has_moved_to_another_commit(
    checked_out: Merging, point: str
) -> None:
    before = state_of(checked_out)
    journal = killed_at(checked_out, point)
    assert journal is not None
    other = checked_out.git("commit-tree", "-p", "main", "-m", "Other", "main^{tree}")
    checked_out.git("update-ref", "refs/heads/main", other)
    step = finish(checked_out.order(), checked_out.means(), before=journal[0], result=journal[1])
    assert step.state is MergeState.WAITING
    found = state_of(checked_out)
    assert found == {**before, "subjects": ["Other", *before["subjects"]]}
    assert checked_out.merged().state is MergeState.MERGED


@pytest.mark.parametrize("point", ["merge_target_moved", "merge_index_moved"])
def test_a_tree_gets_its_index_although_the_target_has_gone_on_since_the_kill(
    checked_out: Merging, point: str
) -> None:
    journal = killed_at(checked_out, point)
    assert journal is not None
    other = checked_out.git("commit-tree", "-p", "main", "-m", "Other", "main^{tree}")
    checked_out.git("update-ref", "refs/heads/main", other)
    step = finish(checked_out.order(), checked_out.means(), before=journal[0], result=journal[1])
    assert step.state is MergeState.MERGED
    found = state_of(checked_out)
    assert (found["status"], found["left"], found["locks"]) == ("?? notes.txt", [], [])
    assert found["subjects"][:2] == ["Other", "Mend it"]


@pytest.mark.parametrize("further", [False, True])
def test_what_was_taken_back_before_its_end_was_recorded_is_not_merged_again_by_itself(
    merging: Merging, *, further: bool
) -> None:
    step = merging.prepared()
    assert step.before is not None
    assert step.result is not None
    way = {"before": step.before, "result": step.result}
    assert finish(merging.order(), merging.means(), **way).state is MergeState.MERGED
    # The engine was killed, and a person came first.
    merging.git("update-ref", "refs/heads/main", step.before)
    if further:
        merging.commit("ours.txt", "ours\n", branch="main")
    again = finish(merging.order(), merging.means(), **way)
    assert again.state is MergeState.WITHDRAWN
    assert "was moved back since. Approve it to merge it again" in again.reason
    assert "work.txt" not in merging.git("ls-tree", "--name-only", "main").split()
    merging.key = "merge-2"
    assert merging.merged().state is MergeState.MERGED


def test_a_target_that_moves_during_the_check_is_rehearsed_again(merging: Merging) -> None:
    step = merging.prepared()
    assert step.before is not None
    assert step.result is not None
    merging.commit("ours.txt", "ours\n", branch="main")
    late = finish(merging.order(), merging.means(), before=step.before, result=step.result)
    assert late.state is MergeState.WAITING
    assert merging.subjects() == ["Write ours.txt", "first"]
    assert merging.merged().state is MergeState.MERGED


def test_what_a_person_has_changed_since_the_kill_is_kept(checked_out: Merging) -> None:
    journal = killed_at(checked_out, "merge_move_noted")
    (checked_out.repo / "hello.py").write_text("my own\n")
    repeated(checked_out, journal)
    assert (checked_out.repo / "hello.py").read_text() == "my own\n"
    assert checked_out.subjects() == ["first"]


@pytest.mark.parametrize("number", range(6))
def test_a_move_killed_while_git_writes_files_is_finished(
    checked_out: Merging, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = checked_out.prepared()
    assert step.before is not None
    assert step.result is not None
    killer = tmp_path / "killer"
    killer.write_text(
        f"#!/bin/bash\ncat\nexec >&-\n[ -e {tmp_path}/count ] || exit 0\necho >> {tmp_path}/count\n"
        f'[ "$(wc -l < {tmp_path}/count)" = "{number + 1}" ] || exit 0\nkill -9 $PPID\n'
    )
    killer.chmod(0o755)
    (tmp_path / "gitconfig").write_text(f'[filter "killer"]\n\tsmudge = {killer}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (checked_out.repo / ".git" / "info" / "attributes").write_text("*.txt filter=killer\n")
    (tmp_path / "count").write_text("")
    first = finish(checked_out.order(), checked_out.means(), before=step.before, result=step.result)
    (tmp_path / "count").unlink()
    again = first
    if first.state is not MergeState.MERGED:
        again = finish(checked_out.order(), checked_out.means(), before=step.before, result=step.result)
    assert again.state is MergeState.MERGED, replace(first, files=())
    assert state_of(checked_out)["status"] == "?? notes.txt"
    assert state_of(checked_out)["locks"] == []


def test_a_file_that_git_ignores_and_that_came_after_the_kill_is_not_overwritten(
    checked_out: Merging,
) -> None:
    (checked_out.repo / ".git" / "info" / "exclude").write_text("*.txt\n")
    journal = killed_at(checked_out, "merge_move_noted")
    (checked_out.repo / "new3.txt").write_text("my own\n")
    repeated(checked_out, journal)
    assert (checked_out.repo / "new3.txt").read_text() == "my own\n"
    assert checked_out.subjects() == ["first"]
    assert not state_of(checked_out)["locks"]
    (checked_out.repo / "new3.txt").unlink()
    assert checked_out.merged().state is MergeState.MERGED


def commits_all(merging: Merging) -> None:
    merging.git("add", "-A")
    merging.git("commit", "-qm", "Mine")


def switches(merging: Merging) -> None:
    merging.git("switch", "-q", "-c", "mine")


@pytest.mark.parametrize("goes_on", [commits_all, switches])
@pytest.mark.parametrize("point", ["merge_files_moved", "merge_target_moved"])
def test_a_person_who_removes_the_lock_after_a_kill_and_goes_on_sees_no_change_that_nobody_made(
    checked_out: Merging, point: str, goes_on: Callable[[Merging], None]
) -> None:
    journal = killed_at(checked_out, point)
    (checked_out.repo / ".git" / "index.lock").unlink()
    goes_on(checked_out)
    repeated(checked_out, journal)
    assert checked_out.git("status", "--porcelain") in {"", "?? notes.txt"}
    assert (checked_out.repo / "notes.txt").read_text() == "my own\n"
    assert checked_out.merged().state is MergeState.MERGED
    assert state_of(checked_out)["locks"] == []
    assert not list((checked_out.repo / ".git" / "signalbox").glob("*"))
