"""A git step interrupted after any of its calls of git leaves nothing half done, or its repetition completes it."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.engine.git_step.steps_to_interrupt import (
    CASES,
    INTERRUPTIONS,
    MOST_CALLS,
    Case,
    fresh,
    interrupted_everywhere,
    killed_with_a_note,
    run,
    state_of,
    unreliable_git,
)
from tests.helpers.attempts import git_caller


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
    _, note = killed_with_a_note(tmp_path, CASES["branch"])
    assert set(json.loads(note.read_text())) == {"target"}
