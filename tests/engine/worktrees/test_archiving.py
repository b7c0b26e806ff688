"""A worktree goes only when nothing in it is lost and nobody works in it; what is archived comes back whole."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import WorktreeError
from engine.worktrees.worktree_store import WorkingTrees
from state.worktree_records import Worktree
from tests.engine.worktrees.conftest import CallGit, record
from tests.engine.worktrees.test_snapshots_of_trees import files, write
from tests.helpers import odd_repositories as odd
from tests.helpers.attempts import git_caller

BRANCH = "signalbox/r1/w1"
REF = "refs/signalbox/archive/r1/w1"


def known(call_git: CallGit) -> int:
    return call_git("worktree", "list", "--porcelain").count("worktree ")


def test_an_archived_worktree_is_gone_with_its_branch_and_comes_back_with_its_uncommitted_work(
    repo: Path, call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree, git = Path(made.path), git_caller(Path(made.path))
    write(tree, {"hello.py": "committed\n"})
    git("commit", "-qam", "by the agent")
    head = git("rev-parse", "HEAD")
    write(tree, {"hello.py": "uncommitted\n", "new/file.txt": "new\n", "README.md": None})
    before = files(tree)
    gone = trees.archive(made)
    assert gone.ref == REF
    assert gone.kept_reason == ""
    assert not tree.exists()
    assert known(call_git) == 1
    assert call_git("branch", "--list", "signalbox/*") == ""
    assert call_git("show", f"{REF}:hello.py") == "uncommitted"
    assert call_git("rev-parse", f"{REF}^") == head
    trees.restore_archived(made)
    assert files(tree) == before
    assert git("rev-parse", "HEAD") == call_git("rev-parse", BRANCH) == head
    assert git("branch", "--show-current") == BRANCH
    assert git("diff", "--cached", "--name-only") == ""
    assert git("status", "--porcelain") == "D README.md\n M hello.py\n?? new/"
    assert git_caller(repo)("status", "--porcelain") == ""


def test_what_was_archived_before_is_kept_by_the_next_archive(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    write(Path(made.path), {"first.txt": "first\n"})
    trees.archive(made)
    first = call_git("rev-parse", REF)
    trees.restore_archived(made)
    (Path(made.path) / "first.txt").unlink()
    write(Path(made.path), {"second.txt": "second\n"})
    trees.archive(made)
    call_git("merge-base", "--is-ancestor", first, REF)
    assert call_git("ls-tree", "-r", "--name-only", REF) == "README.md\nhello.py\nsecond.txt"
    trees.restore_archived(made)
    assert not (Path(made.path) / "first.txt").exists()


def test_archiving_again_changes_nothing(call_git: CallGit, trees: WorkingTrees, made: Worktree) -> None:
    write(Path(made.path), {"new.txt": "new\n"})
    assert trees.archive(made).ref == REF
    commit = call_git("rev-parse", REF)
    assert trees.archive(made).ref == REF
    assert call_git("rev-parse", REF) == commit


def test_a_clean_worktree_is_removed_and_its_branch_stays(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    write(Path(made.path), {".gitignore": "*.log\n", "a.log": "ignored\n"})
    head = trees.finish(made, "work").head
    assert trees.remove(made) == ""
    assert not Path(made.path).exists()
    assert call_git("rev-parse", BRANCH) == head
    assert known(call_git) == 1
    assert trees.remove(made) == ""


def test_a_worktree_with_uncommitted_work_is_not_removed_before_it_is_archived(
    trees: WorkingTrees, made: Worktree
) -> None:
    write(Path(made.path), {"new.txt": "new\n"})
    assert trees.remove(made) == "it has work that is not committed. Archive it."
    assert (Path(made.path) / "new.txt").exists()


def test_a_commit_that_no_branch_names_keeps_the_worktree_until_it_is_archived(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    git = git_caller(Path(made.path))
    git("switch", "-q", "--detach")
    git("commit", "-q", "--allow-empty", "-m", "on no branch")
    commit = git("rev-parse", "HEAD")
    assert "not committed" in trees.remove(made)
    assert trees.archive(made).kept_reason == ""
    call_git("merge-base", "--is-ancestor", commit, REF)


def test_what_is_staged_alone_keeps_the_worktree_until_it_is_archived(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree = Path(made.path)
    before = (tree / "hello.py").read_text()
    write(tree, {"hello.py": "staged\n"})
    git_caller(tree)("add", "hello.py")
    write(tree, {"hello.py": before})
    assert "not committed" in trees.remove(made)
    assert trees.archive(made).kept_reason == ""
    assert call_git("show", f"{REF}^2:hello.py") == "staged"


@pytest.mark.parametrize("place", ["folder", "file"])
def test_a_living_process_in_the_worktree_keeps_it_and_is_named(
    trees: WorkingTrees, made: Worktree, place: str
) -> None:
    tree = Path(made.path)
    words = [sys.executable, "-c", "import sys; print('ready', flush=True); sys.stdin.read()"]
    with (tree / "hello.py").open() as opened:
        process = subprocess.Popen(
            words,
            cwd=tree if place == "folder" else "/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=() if place == "folder" else (opened.fileno(),),
        )
    try:
        assert process.stdout.readline() == b"ready\n"
        for reason in (trees.remove(made), trees.archive(made).kept_reason):
            assert f"(process {process.pid}) is at work in it" in reason
        assert (tree / "hello.py").exists()
    finally:
        process.communicate(b"")
    assert trees.archive(made).kept_reason == ""


def test_a_worktree_that_somebody_has_locked_is_kept_with_their_reason(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    call_git("worktree", "lock", "--reason", "mine", made.path)
    assert trees.remove(made) == "it is locked by git worktree lock (mine). Unlock it, then retry."
    assert "locked" in trees.archive(made).kept_reason
    call_git("worktree", "unlock", made.path)
    assert trees.remove(made) == ""


def test_a_file_that_is_too_large_for_the_archive_keeps_the_worktree(
    trees: WorkingTrees, made: Worktree
) -> None:
    big = Path(made.path) / "big.bin"
    big.write_bytes(b"x" * 1_000_001)
    reason = "big.bin cannot be archived: it is larger than 1.0 MB. Move or delete it, then retry."
    assert trees.remove(made) == trees.archive(made).kept_reason == reason
    big.unlink()
    assert trees.archive(made).kept_reason == ""


def test_a_repository_inside_keeps_the_worktree(trees: WorkingTrees, made: Worktree) -> None:
    subprocess.run(["git", "init", "-q", Path(made.path) / "inner"], check=True)
    assert "inner cannot be archived: it is a repository of its own" in trees.archive(made).kept_reason


def test_a_submodule_that_is_checked_out_in_it_keeps_the_worktree(
    tmp_path: Path, trees: WorkingTrees
) -> None:
    tree = record(odd.with_submodule(tmp_path / "repo"), trees)
    trees.make(tree)
    git_caller(Path(tree.path))("-c", "protocol.file.allow=always", "submodule", "update", "-q", "--init")
    assert "the submodule part is checked out in it" in trees.archive(tree).kept_reason
    assert (Path(tree.path) / "part" / "part.txt").exists()


def test_folders_that_are_closed_to_their_owner_are_deleted_too(trees: WorkingTrees, made: Worktree) -> None:
    closed = Path(made.path) / "cache" / "closed"
    write(Path(made.path), {".gitignore": "cache/\n", "cache/closed/file.txt": "x\n"})
    closed.chmod(0o500)
    trees.finish(made, "work")
    assert trees.remove(made) == ""
    assert not Path(made.path).exists()


def test_what_a_link_in_the_worktree_leads_to_is_never_deleted(
    trees: WorkingTrees, made: Worktree, tmp_path: Path
) -> None:
    write(tmp_path, {"shared/library.txt": "shared\n"})
    (Path(made.path) / "library").symlink_to(tmp_path / "shared")
    assert trees.archive(made).kept_reason == ""
    assert (tmp_path / "shared" / "library.txt").exists()


def test_a_branch_that_is_checked_out_elsewhere_or_has_moved_stays(
    repo: Path, call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    git_caller(Path(made.path))("switch", "-q", "--detach")
    call_git("switch", "-q", BRANCH)
    assert trees.archive(made).kept_reason == ""
    assert call_git("branch", "--show-current") == BRANCH
    second = record(repo, trees, ws_id="w2")
    trees.make(second)
    git_caller(Path(second.path))("switch", "-q", "--detach")
    call_git("switch", "-q", second.branch)
    call_git("commit", "-q", "--allow-empty", "-m", "by a person")
    call_git("switch", "-q", "main")
    trees.archive(second)
    assert call_git("log", "-1", "--format=%s", "refs/signalbox/archive/r1/w2^2") == "by a person"


def test_nothing_archived_is_a_sentence(trees: WorkingTrees, planned: Worktree) -> None:
    with pytest.raises(WorktreeError, match=r"Nothing is archived of workstream w1"):
        trees.restore_archived(planned)


def test_an_archive_comes_back_although_the_record_names_another_base(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    write(Path(made.path), {"new.txt": "new\n"})
    head = trees.finish(made, "work").head
    trees.archive(made)
    assert trees.restore_archived(replace(made, base_commit=call_git("rev-parse", "main"))).commit == head
    assert (Path(made.path) / "new.txt").exists()


def test_the_disk_use_of_a_worktree_counts_each_file_once_and_follows_no_link(
    trees: WorkingTrees, made: Worktree
) -> None:
    tree = Path(made.path)
    before = trees.disk_use(made)
    (tree / "big.bin").write_bytes(b"x" * 100_000)
    (tree / "again.bin").hardlink_to(tree / "big.bin")
    (tree / "link").symlink_to("/")
    after = trees.disk_use(made)
    assert before is not None
    assert after is not None
    assert 100_000 <= after - before < 120_000
    assert trees.disk_use(replace(made, path=f"{made.path}/nothing")) is None
