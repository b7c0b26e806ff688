"""Working trees inside a repository are not its work, and a place or branch that is taken is left alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.git_step.conftest import RunStep

CallGit = Callable[..., str]


def test_a18_a_working_tree_inside_is_not_committed_and_the_rest_is(
    repo: Path, call_git: CallGit, run_step: RunStep
) -> None:
    assert run_step("worktree", path="inside/tree", branch="side").success
    (repo / "inside" / "tree" / "hello.py").write_text("edited in the tree\n")
    (repo / "hello.py").write_text("edited\n")
    (repo / "inside" / "own.txt").write_text("own\n")
    result = run_step("commit", message="m")
    assert (
        "Left out, since they are repositories or working trees of their own: inside/tree"
        in (result.metadata["summary"])
    )
    assert call_git("ls-tree", "-r", "--name-only", "HEAD") == "README.md\nhello.py\ninside/own.txt"
    assert call_git("status", "--porcelain") == "?? inside/tree/"


def test_a18_a_commit_in_a_working_tree_inside_is_nothing_to_commit(repo: Path, run_step: RunStep) -> None:
    assert run_step("worktree", path="tree", branch="side").success
    (repo / "tree" / "hello.py").write_text("edited in the tree\n")
    assert run_step("commit", message="m", root=repo / "tree").success
    result = run_step("commit", message="m")
    assert result.metadata["failure_class"] == "no_change"
    assert run_step("diff").metadata["summary"] == "Nothing differs."


@pytest.mark.parametrize("path", ["tree", "tree/", "tree/hello.py", "./tree"])
def test_a18_a_working_tree_inside_that_is_named_is_refused(repo: Path, run_step: RunStep, path: str) -> None:
    assert run_step("worktree", path="tree", branch="side").success
    (repo / "tree" / "hello.py").write_text("edited in the tree\n")
    assert "Commit it there" in run_step("commit", message="m", files=[path]).metadata["summary"]


def test_a18_an_empty_folder_is_taken_as_the_place_of_a_working_tree(
    repo: Path, call_git: CallGit, run_step: RunStep
) -> None:
    (repo.parent / "tree").mkdir()
    assert run_step("worktree", path="../tree", branch="side").success
    assert (repo.parent / "tree" / "hello.py").exists()
    assert call_git("-C", "../tree", "status", "--porcelain") == ""


@pytest.mark.parametrize("taken", ["file", "link to a folder", "link to nothing", "full folder"])
def test_a18_a_place_that_is_taken_is_left_alone_and_no_branch_is_made(
    repo: Path, call_git: CallGit, run_step: RunStep, taken: str
) -> None:
    place, full = repo.parent / "tree", repo.parent / "full"
    full.mkdir()
    (full / "x").write_text("x")
    match taken:
        case "file":
            place.write_text("mine")
        case "link to a folder":
            place.symlink_to(full)
        case "link to nothing":
            place.symlink_to("nothing")
        case _:
            place = full
    result = run_step("worktree", path=str(place), branch="side")
    assert "Choose another path" in result.metadata["summary"], result.metadata["summary"]
    assert call_git("branch", "--list", "side") == ""
    assert (full / "x").read_text() == "x"
    assert place.is_symlink() == ("link" in taken)


def test_a18_a_branch_of_that_name_that_is_not_ours_is_left_alone(
    repo: Path, call_git: CallGit, run_step: RunStep
) -> None:
    call_git("branch", "side")
    call_git("commit", "-q", "--allow-empty", "-m", "second")
    before = call_git("for-each-ref")
    assert (
        "Branch side already exists"
        in run_step("worktree", path="../tree", branch="side").metadata["summary"]
    )
    assert "at another commit" in run_step("branch", name="side").metadata["summary"]
    assert call_git("for-each-ref") == before
    assert not (repo.parent / "tree").exists()


@pytest.mark.parametrize("name", ["side/below", "main/below"])
def test_a18_a_branch_whose_name_git_cannot_store_leaves_no_working_tree(
    repo: Path, call_git: CallGit, run_step: RunStep, name: str
) -> None:
    call_git("branch", "side")
    assert not run_step("worktree", path="../tree", branch=name).success
    assert not (repo.parent / "tree").exists()
    assert call_git("worktree", "list", "--porcelain").count("worktree ") == 1
    assert run_step("worktree", path="../tree", branch="free").success
