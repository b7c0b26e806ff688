"""What is uncommitted in a worktree is committed on its branch, once, by plumbing, and nothing else is."""

import os
import subprocess
from pathlib import Path

import pytest

from engine.errors import WorktreeError
from engine.worktrees.worktree_store import WorkingTrees
from state.worktree_records import Worktree
from tests.engine.worktrees.conftest import CallGit
from tests.helpers.attempts import git_caller

BRANCH = "signalbox/r1/w1"


def test_everything_uncommitted_is_committed_on_the_branch_in_the_users_name(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree = Path(made.path)
    (tree / "hello.py").write_text("edited\n")
    (tree / "new.txt").write_text("new\n")
    (tree / "README.md").unlink()
    finished = trees.finish(made, "Mend it\n\n# not a comment\n")
    assert call_git("rev-parse", BRANCH) == finished.head
    assert call_git("log", "-1", "--format=%an|%cn|%B", BRANCH) == "Ada|Ada|Mend it\n\n# not a comment"
    assert call_git("ls-tree", "-r", "--name-only", BRANCH) == "hello.py\nnew.txt"
    assert git_caller(tree)("status", "--porcelain") == ""
    assert git_caller(tree)("branch", "--show-current") == BRANCH


def test_finishing_again_commits_nothing(call_git: CallGit, trees: WorkingTrees, made: Worktree) -> None:
    assert trees.finish(made, "nothing").head == call_git("rev-parse", "main")
    (Path(made.path) / "new.txt").write_text("new\n")
    first = trees.finish(made, "work").head
    assert trees.finish(made, "work").head == first


def test_without_an_identity_it_is_signalbox(
    call_git: CallGit, trees: WorkingTrees, made: Worktree, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for key in ("user.name", "user.email"):
        call_git("config", "--unset", key)
    call_git("config", "user.useConfigOnly", "true")
    (Path(made.path) / "new.txt").write_text("new\n")
    trees.finish(made, "work")
    assert call_git("log", "-1", "--format=%an <%ae>", BRANCH) == "Signalbox <signalbox@localhost>"


def test_a_large_file_is_left_out_and_named_unless_git_tracks_it(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree = Path(made.path)
    (tree / "hello.py").write_bytes(b"x" * 1_000_001)
    (tree / "core").write_bytes(b"x" * 1_000_001)
    finished = trees.finish(made, "work")
    assert [file.path for file in finished.left_out] == ["core"]
    assert call_git("cat-file", "-s", f"{BRANCH}:hello.py") == "1000001"
    assert git_caller(tree)("status", "--porcelain") == "?? core"


def test_work_that_an_agent_committed_elsewhere_becomes_that_of_the_branch(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree, git = Path(made.path), git_caller(Path(made.path))
    git("switch", "-qc", "feature")
    git("commit", "-q", "--allow-empty", "-m", "on another branch")
    (tree / "new.txt").write_text("new\n")
    finished = trees.finish(made, "the rest")
    assert call_git("log", "--format=%s", "-2", BRANCH) == "the rest\non another branch"
    assert git("branch", "--show-current") == BRANCH
    assert finished.head == call_git("rev-parse", BRANCH)


def test_a_branch_with_work_that_is_not_in_the_tree_is_never_moved(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    git = git_caller(Path(made.path))
    git("commit", "-q", "--allow-empty", "-m", "on the branch")
    tip = git("rev-parse", "HEAD")
    git("switch", "-q", "--detach", "HEAD~1")
    git("commit", "-q", "--allow-empty", "-m", "beside it")
    with pytest.raises(
        WorktreeError, match=rf"Branch {BRANCH} has commits that are not in what is checked out"
    ):
        trees.finish(made, "work")
    assert call_git("rev-parse", BRANCH) == tip


def test_a_merge_that_is_unfinished_is_left_alone_and_named(trees: WorkingTrees, made: Worktree) -> None:
    tree, git = Path(made.path), git_caller(Path(made.path))
    git("switch", "-qc", "other")
    (tree / "hello.py").write_text("theirs\n")
    git("commit", "-qam", "theirs")
    git("switch", "-q", BRANCH)
    (tree / "hello.py").write_text("ours\n")
    git("commit", "-qam", "ours")
    assert subprocess.run(["git", "merge", "other"], cwd=tree, check=False, capture_output=True).returncode
    with pytest.raises(WorktreeError, match=r"a merge is unfinished \(hello.py\)"):
        trees.finish(made, "work")
    kept = trees.archive(made)
    assert "a merge is unfinished" in kept.kept_reason
    assert (tree / "hello.py").exists()


def test_another_tree_at_the_place_is_never_written(
    repo: Path, trees: WorkingTrees, made: Worktree, tmp_path: Path
) -> None:
    place, aside = Path(made.path), tmp_path / "aside"
    place.rename(aside)
    for swap in (
        "link to it",
        "link to the repository",
        "another repository",
        "another worktree",
        "file",
        "nothing",
    ):
        match swap:
            case "link to it":
                place.symlink_to(aside)
            case "link to the repository":
                place.symlink_to(repo)
            case "another repository":
                subprocess.run(["git", "init", "-q", place], check=True)
            case "another worktree":
                git_caller(repo)("worktree", "add", "-q", "-f", "--detach", str(place))
            case "file":
                place.write_text("mine\n")
        for act in (
            trees.snapshot,
            lambda tree: trees.finish(tree, "m"),
            lambda tree: trees.restore(tree, 1),
        ):
            with pytest.raises(WorktreeError, match=r"is not the worktree that was made for workstream w1"):
                act(made)
        if swap != "nothing":
            assert "is not the worktree that was made" in trees.remove(made), swap
            assert "is not the worktree that was made" in trees.archive(made).kept_reason, swap
            assert os.path.lexists(place)
            if place.is_dir() and not place.is_symlink():
                place.rename(tmp_path / swap)
            else:
                place.unlink()
    assert (aside / "hello.py").exists()


def test_a_worktree_whose_own_configuration_names_another_folder_is_never_used(
    call_git: CallGit, trees: WorkingTrees, made: Worktree, tmp_path: Path
) -> None:
    trees.snapshot(made)
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "hello.py").write_text("mine\n")
    call_git("config", "extensions.worktreeConfig", "true")
    git_caller(Path(made.path))("config", "--worktree", "core.worktree", str(victim))
    for act in (trees.snapshot, lambda tree: trees.finish(tree, "m"), lambda tree: trees.restore(tree, 1)):
        with pytest.raises(WorktreeError, match=r"has git work in .*victim instead"):
            act(made)
    assert "has git work in" in trees.archive(made).kept_reason
    assert [path.name for path in victim.iterdir()] == ["hello.py"]
    assert (victim / "hello.py").read_text() == "mine\n"
    assert (Path(made.path) / "hello.py").exists()


def test_what_a_ref_puts_in_the_place_of_a_commit_does_not_count_as_committed(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree, git = Path(made.path), git_caller(Path(made.path))
    (tree / "new.txt").write_text("new\n")
    git("add", "-A")
    stand_in = git("commit-tree", git("write-tree"), "-m", "stand-in")
    call_git("replace", "HEAD", stand_in)
    assert "not committed" in trees.remove(made)
    assert trees.archive(made).kept_reason == ""
    call_git("replace", "-d", "main")
    assert call_git("show", "refs/signalbox/archive/r1/w1:new.txt") == "new"
