"""A kill while git writes files is completed by the repetition; what a person has done since is kept."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.git_step.conftest import RunStep
from tests.helpers.attempts import git_caller

CallGit = Callable[..., str]
FILES = ("a.txt", "b.txt", "c.txt", "new/one.txt", "new/two.txt")
STEPS: dict[str, dict[str, Any]] = {
    "branch": {"action": "branch", "name": "mend", "start": "other"},
    "merge by fast-forward": {"action": "merge", "branch": "other"},
    "merge commit": {"action": "merge", "branch": "other", "fast_forward": "never"},
    "worktree": {"action": "worktree", "path": "../tree", "branch": "side", "start": "other"},
    "apply three-way": {"action": "apply", "three_way": True},
    "apply": {"action": "apply"},
}


@pytest.fixture
def prepared(repo: Path, call_git: CallGit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A branch with changed, new and deleted files, and a filter of the user that kills the step at one of them."""
    for name in ("a.txt", "b.txt", "c.txt", "gone.txt"):
        (repo / name).write_text(f"{name}\n" * 5)
    call_git("add", "-A")
    call_git("commit", "-qm", "before")
    call_git("switch", "-qc", "other")
    (repo / "new").mkdir()
    for name in FILES:
        (repo / name).write_text(f"{name} is other\n" * 5)
    (repo / "gone.txt").unlink()
    (repo / ".gitattributes").write_text("* -text\n")
    call_git("add", "-A")
    call_git("commit", "-qm", "other")
    (tmp_path / "patch.diff").write_text(call_git("diff", "main", "other") + "\n")
    call_git("switch", "-q", "main")
    killer, count = tmp_path / "killer", tmp_path / "count"
    killer.write_text(
        f"#!/bin/bash\ncat\nexec >&-\n[ -e {count} ] || exit 0\necho >> {count}\n"
        f'[ "$(wc -l < {count})" = "$(head -c 9 {count}.at)" ] || exit 0\n'
        "step=$(ps -o ppid= -p $PPID); kill -9 $step $PPID\n"
    )
    killer.chmod(0o755)
    (tmp_path / "gitconfig").write_text(f'[filter "killer"]\n\tsmudge = {killer}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (repo / ".git" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "info" / "attributes").write_text("*.txt filter=killer\n")
    return tmp_path


def kill_at(root: Path, number: int) -> None:
    (root / "count").write_text("")
    (root / "count.at").write_text(str(number))


def kill_no_more(root: Path) -> None:
    (root / "count").unlink()


def state_of(repo: Path) -> dict[str, Any]:
    git = git_caller(repo)
    top = repo.parent
    return {
        "log": git("log", "--all", "--format=%s|%T|%D"),
        "head": git("symbolic-ref", "HEAD"),
        "status": git("status", "--porcelain"),
        "index": git("ls-files", "--stage"),
        "files": {
            str(path.relative_to(top)): path.read_bytes()
            for folder in (repo, top / "tree")
            for path in folder.rglob("*")
            if path.is_file() and ".git" not in path.relative_to(folder).parts
        },
        "ours": sorted(path.name for path in (repo / ".git").rglob("*signalbox*")),
        "locks": sorted(path.name for path in (repo / ".git").rglob("*.lock")),
    }


def with_patch(step: dict[str, Any], root: Path) -> dict[str, Any]:
    return {**step, "patch": (root / "patch.diff").read_text()} if step["action"] == "apply" else step


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a18_a_step_killed_while_git_writes_any_file_is_completed_by_its_repetition(
    repo: Path, prepared: Path, run_step: RunStep, step: dict[str, Any]
) -> None:
    step = with_patch(step, prepared)
    shutil.copytree(repo, prepared / "original", symlinks=True)

    def again() -> None:
        shutil.rmtree(repo)
        shutil.rmtree(repo.parent / "tree", ignore_errors=True)
        shutil.copytree(prepared / "original", repo, symlinks=True)
        git_caller(repo)("update-index", "-q", "--refresh")

    assert run_step(**step).success
    expected = state_of(repo)
    killed = 0
    for number in range(1, len(FILES) + 1):
        again()
        kill_at(prepared, number)
        first = run_step(**step)
        kill_no_more(prepared)
        if first.success:
            continue
        killed += 1
        second = run_step(**step)
        assert second.success, (number, second.metadata["summary"])
        assert state_of(repo) == expected, number
    assert killed or step["action"] == "apply"


@pytest.mark.parametrize("name", ["branch", "merge by fast-forward", "merge commit"])
def test_a18_a_file_written_in_part_is_completed_and_one_a_person_edits_since_is_kept(
    repo: Path, prepared: Path, run_step: RunStep, name: str
) -> None:
    kill_at(prepared, 3)
    assert not run_step(**STEPS[name]).success
    kill_no_more(prepared)
    (repo / "c.txt").write_text("c.txt is oth")
    (repo / "b.txt").write_text("by a person\n")
    refused = run_step(**STEPS[name])
    assert "files with uncommitted changes would be overwritten" in refused.metadata["summary"]
    assert (repo / "b.txt").read_text() == "by a person\n"
    (repo / "b.txt").write_text("b.txt\n" * 5)
    assert run_step(**STEPS[name]).success
    assert (repo / "c.txt").read_text() == "c.txt is other\n" * 5
    assert git_caller(repo)("status", "--porcelain") == ""
