"""Each kind of target is decided, in words, and a tree in which it is checked out moves with it or keeps it waiting."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.merging.merge_steps import finish, rehearse_alone
from state.worktree_records import MergeState
from tests.engine.merging.conftest import BRANCH, Merging, told
from tests.helpers.attempts import git_caller
from tests.helpers.command_line import until
from tests.helpers.patience import PATIENCE_S

BLOCKED = MergeState.BLOCKED


@pytest.fixture
def checked_out(merging: Merging) -> Merging:
    merging.git("switch", "-q", "main")
    return merging


def test_a_clean_tree_of_the_target_moves_forward_with_it(checked_out: Merging) -> None:
    (checked_out.repo / "notes.txt").write_text("my own\n")
    assert checked_out.merged().state is MergeState.MERGED
    assert (checked_out.repo / "work.txt").read_text() == "work\n"
    assert checked_out.git("status", "--porcelain") == "?? notes.txt"
    assert checked_out.git("symbolic-ref", "HEAD") == "refs/heads/main"
    assert not list((checked_out.repo / ".git").rglob("*signalbox*.json"))


def test_a_file_that_becomes_a_folder_and_one_that_goes_move_too(checked_out: Merging) -> None:
    tree = checked_out.root / "tree"
    checked_out.git("worktree", "add", "-q", str(tree), BRANCH)
    (tree / "hello.py").unlink()
    (tree / "hello.py").mkdir()
    (tree / "hello.py" / "in.txt").write_text("in\n")
    (tree / "README.md").unlink()
    git_caller(tree)("add", "-A")
    git_caller(tree)("commit", "-qm", "Turn it")
    assert checked_out.merged().state is MergeState.MERGED
    assert checked_out.git("status", "--porcelain") == ""
    assert (checked_out.repo / "hello.py" / "in.txt").exists()


def test_a_dirty_tree_of_the_target_keeps_it_waiting_and_is_not_touched(checked_out: Merging) -> None:
    (checked_out.repo / "README.md").write_text("my own\n")
    step = checked_out.merged()
    assert told(step) == (
        BLOCKED,
        f"main is checked out in {checked_out.repo}, which has changes in README.md. Commit or stash them there.",
    )
    assert (checked_out.repo / "README.md").read_text() == "my own\n"
    assert checked_out.subjects() == ["first"]
    checked_out.git("checkout", "README.md")
    assert checked_out.merged().state is MergeState.MERGED


@pytest.mark.parametrize("exclude", ["", "*\n"])
@pytest.mark.parametrize("name", ["work.txt", "folder/work.txt", "folder"])
def test_a_file_git_does_not_know_is_never_overwritten(checked_out: Merging, name: str, exclude: str) -> None:
    checked_out.commit("folder/work.txt", "work\n")
    (checked_out.repo / ".git" / "info" / "exclude").write_text(exclude)
    mine = checked_out.repo / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine\n")
    step = checked_out.merged()
    assert step.state is BLOCKED
    assert step.reason.endswith(f"where the merge would overwrite {name}. Move or commit it.")
    assert mine.read_text() == "mine\n"


def test_a_folder_of_ignored_files_where_a_file_comes_is_never_overwritten(checked_out: Merging) -> None:
    checked_out.commit("build", "a file\n")
    (checked_out.repo / ".git" / "info" / "exclude").write_text("build/\n")
    (checked_out.repo / "build").mkdir()
    (checked_out.repo / "build" / "mine").write_text("mine\n")
    assert checked_out.merged().state is BLOCKED
    assert (checked_out.repo / "build" / "mine").exists()


def of_a_pipe(mine: Path) -> None:
    os.mkfifo(mine)


def of_a_closed_place(mine: Path) -> None:
    (mine / ".git").mkdir(parents=True)


@pytest.mark.parametrize("make", [of_a_pipe, of_a_closed_place])
def test_what_git_cannot_know_in_a_folder_where_a_file_comes_is_never_removed(
    checked_out: Merging, make: Callable[[Path], None]
) -> None:
    checked_out.commit("build", "a file\n")
    mine = checked_out.repo / "build" / "mine"
    mine.parent.mkdir()
    make(mine)
    assert checked_out.merged().state is BLOCKED
    assert mine.exists()


def with_submodule(merging: Merging) -> Path:
    """Main has a submodule with a change of the person, which the branch knows."""
    part = merging.repo / "part"
    git_caller(part.parent)("clone", "-q", str(merging.repo), str(part))
    merging.git("-c", "advice.addEmbeddedRepo=false", "add", "part")
    merging.git("commit", "-qm", "Add part")
    merging.git("branch", "-f", BRANCH)
    (part / "hello.py").write_text("mine\n")
    return part


@pytest.mark.parametrize("comes", ["part", "part/new.txt"])
def test_the_work_in_a_submodule_that_becomes_something_else_is_never_removed(
    checked_out: Merging, comes: str
) -> None:
    part = with_submodule(checked_out)
    checked_out.commit(comes, "in its place\n", instead_of="part")
    step = checked_out.merged()
    assert step.state is BLOCKED
    assert step.reason.endswith("where the merge would overwrite part. Move or commit it.")
    assert (part / "hello.py").read_text() == "mine\n"
    part.rename(checked_out.root / "moved")
    part.mkdir()
    assert checked_out.merged().state is MergeState.MERGED
    assert checked_out.git("status", "--porcelain") == ""


def test_a_submodule_at_another_commit_stays_there_and_keeps_nothing_waiting(checked_out: Merging) -> None:
    part = with_submodule(checked_out)
    git_caller(part)("-c", "user.name=Ada", "-c", "user.email=ada@x", "commit", "-qam", "Mine")
    checked_out.commit("more.txt", "more\n")
    assert checked_out.merged().state is MergeState.MERGED
    assert git_caller(part)("log", "-1", "--format=%s") == "Mine"
    assert checked_out.git("status", "--porcelain").split() == ["M", "part"]


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_change_that_git_was_told_to_ignore_is_never_overwritten(checked_out: Merging, flag: str) -> None:
    checked_out.commit("hello.py", "theirs\n")
    (checked_out.repo / "hello.py").write_text("mine\n")
    checked_out.git("update-index", flag, "hello.py")
    step = checked_out.merged()
    assert "hello.py has changes, which git may be set to overlook" in step.reason
    assert (checked_out.repo / "hello.py").read_text() == "mine\n"


def unfinished_merge(merging: Merging) -> None:
    (merging.repo / ".git" / "MERGE_HEAD").write_text(merging.git("rev-parse", "HEAD") + "\n")


def unfinished_rebase(merging: Merging) -> None:
    merging.git("switch", "-q", "--detach")
    (merging.repo / ".git" / "rebase-merge").mkdir()
    (merging.repo / ".git" / "rebase-merge" / "head-name").write_text("refs/heads/main\n")


def deleted(merging: Merging) -> None:
    merging.git("switch", "-q", "--detach")
    merging.git("branch", "-D", "main")


def only_remote(merging: Merging) -> None:
    merging.git("update-ref", "refs/remotes/origin/main", "main")
    deleted(merging)


def unborn(merging: Merging) -> None:
    merging.git("symbolic-ref", "HEAD", "refs/heads/new")
    merging.target = "new"


def no_name(merging: Merging) -> None:
    merging.target = "a..b"


def twice(merging: Merging) -> None:
    merging.git("worktree", "add", "-q", "--force", str(merging.root / "second"), "main")


def worked_on(merging: Merging) -> None:
    merging.busy = lambda _tree: "the job a is at work"


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (unfinished_merge, "where a merge is unfinished. Finish or abort it."),
        (unfinished_rebase, "A rebase of main is unfinished in"),
        (deleted, "There is no branch main here. Make it again"),
        (only_remote, "main exists only as origin/main. Make the branch: git branch main origin/main"),
        (unborn, "The target new has no commit yet. Commit something on it first."),
        (no_name, "'a..b' cannot be the name of a branch."),
        (twice, "Switch all but one to another branch."),
        (worked_on, "where the job a is at work. It goes on when that has ended."),
    ],
)
def test_a_target_that_cannot_move_is_a_sentence_that_says_what_to_do(
    checked_out: Merging, odd: Callable[[Merging], None], words: str
) -> None:
    odd(checked_out)
    refs = checked_out.git("for-each-ref")
    step = checked_out.merged()
    assert step.state is BLOCKED
    assert words in step.reason
    assert checked_out.git("for-each-ref") == refs


def test_the_branch_of_the_workstream_itself_is_no_target(merging: Merging) -> None:
    merging.target = BRANCH
    step = merging.merged()
    assert step.state is MergeState.WITHDRAWN
    assert "is the branch of the workstream itself" in step.reason


def test_a_target_that_stands_for_another_branch_moves_that_one(merging: Merging) -> None:
    merging.git("symbolic-ref", "refs/heads/trunk", "refs/heads/main")
    merging.target = "trunk"
    assert merging.merged().state is MergeState.MERGED
    assert merging.git("symbolic-ref", "refs/heads/trunk") == "refs/heads/main"
    assert merging.subjects()[0] == "Mend it"


def test_a_target_checked_out_in_a_linked_tree_moves_there(merging: Merging) -> None:
    tree = merging.root / "linked"
    merging.git("worktree", "add", "-q", str(tree), "main")
    assert merging.merged().state is MergeState.MERGED
    assert (tree / "work.txt").exists()
    assert git_caller(tree)("status", "--porcelain") == ""


def test_a_repository_that_is_gone_is_a_sentence(merging: Merging, tmp_path: Path) -> None:
    order = merging.order()
    merging.repo.rename(tmp_path / "moved")
    step = rehearse_alone(order)
    assert step.state is BLOCKED
    assert "does not exist any more" in step.reason


def test_a_tree_that_is_just_being_switched_to_the_target_shows_no_change_that_nobody_made(
    merging: Merging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git reads where the branch is, writes the files, and says last that the branch is checked out."""
    ready, go = merging.root / "ready", merging.root / "go"
    slow = merging.root / "slow"
    slow.write_text(f"#!/bin/sh\ntouch {ready}\nwhile [ ! -e {go} ]; do sleep 0.01; done\nexec cat\n")
    slow.chmod(0o755)
    (merging.root / "gitconfig").write_text(f'[filter "slow"]\n\tsmudge = {slow}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(merging.root / "gitconfig"))
    merging.commit("on-main.txt", "main\n", branch="main")
    (merging.repo / ".git" / "info" / "attributes").write_text("on-main.txt filter=slow\n")
    step = merging.prepared()
    switching = subprocess.Popen(["git", "switch", "-q", "main"], cwd=merging.repo)
    until(lambda: ready.exists() or None)
    assert step.before is not None
    assert step.result is not None
    done = finish(merging.order(), merging.means(), before=step.before, result=step.result)
    go.touch()
    assert switching.wait(PATIENCE_S) == 0
    assert done.state is BLOCKED
    assert "may be about to switch to main. It goes on when that has ended." in done.reason
    assert merging.git("status", "--porcelain") == ""
    assert merging.merged().state is MergeState.MERGED
    assert merging.git("status", "--porcelain") == ""


def as_a_file(merging: Merging) -> None:
    (merging.repo / ".git").rename(merging.root / "elsewhere")
    (merging.repo / ".git").write_text(f"gitdir: {merging.root / 'elsewhere'}\n")


def as_a_link(merging: Merging) -> None:
    (merging.repo / ".git").rename(merging.root / "elsewhere")
    (merging.repo / ".git").symlink_to(merging.root / "elsewhere")


def with_a_linked_index(merging: Merging) -> None:
    (merging.repo / ".git" / "index").rename(merging.root / "index")
    (merging.repo / ".git" / "index").symlink_to(merging.root / "index")


@pytest.mark.parametrize("keep", [as_a_file, as_a_link, with_a_linked_index])
def test_a_tree_whose_repository_is_kept_elsewhere_moves_forward_with_its_branch(
    checked_out: Merging, keep: Callable[[Merging], None]
) -> None:
    keep(checked_out)
    assert told(checked_out.merged()) == (MergeState.MERGED, "no check is configured")
    assert (checked_out.repo / "work.txt").exists()
    assert checked_out.git("status", "--porcelain") == ""
    assert (checked_out.repo / ".git" / "index").is_symlink() is (keep is with_a_linked_index)


def test_a_tree_that_nobody_can_find_keeps_its_branch_waiting_in_words(checked_out: Merging) -> None:
    tree = checked_out.root / "linked"
    checked_out.git("worktree", "add", "-q", "--detach", str(tree))
    as_a_file(checked_out)
    checked_out.git("worktree", "repair")
    step = Merging(tree, checked_out.root).merged()
    assert step.state is BLOCKED
    assert step.reason.endswith("whose place git does not know. Switch that to another branch.")
