"""A snapshot holds all that lies in a worktree, and restoring it brings back exactly that and loses nothing."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from engine.errors import WorktreeError
from engine.worktrees.worktree_store import WorkingTrees
from state.worktree_records import Worktree
from tests.engine.worktrees.conftest import CallGit
from tests.helpers.attempts import git_caller


def files(tree: Path) -> dict[str, str]:
    return {
        str(path.relative_to(tree)): str(path.readlink()) if path.is_symlink() else path.read_text()
        for path in sorted(tree.rglob("*"))
        if (path.is_symlink() or path.is_file()) and path.name != ".git"
    }


def write(tree: Path, content: dict[str, str | None]) -> None:
    for name, text in content.items():
        file = tree / name
        if text is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)


def test_a_snapshot_is_a_commit_under_a_ref_of_ours_and_changes_nothing_in_the_tree(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree = Path(made.path)
    write(tree, {"hello.py": "edited\n", "new/file.txt": "new\n", "README.md": None})
    git_caller(tree)("add", "hello.py")
    index = (Path(git_caller(tree)("rev-parse", "--absolute-git-dir")) / "index").read_bytes()
    status = git_caller(tree)("status", "--porcelain")
    kept = trees.snapshot(made, job_id="j1", attempt_id=7)
    assert (Path(git_caller(tree)("rev-parse", "--absolute-git-dir")) / "index").read_bytes() == index
    assert git_caller(tree)("status", "--porcelain") == status
    assert kept.number == 1
    assert call_git("rev-parse", "refs/signalbox/r1/w1/1") == kept.commit
    assert call_git("ls-tree", "-r", "--name-only", kept.commit) == "hello.py\nnew/file.txt"
    assert call_git("rev-parse", f"{kept.commit}^") == call_git("rev-parse", "main")
    assert call_git("branch", "--contains", kept.commit) == ""
    assert [(each.number, each.job_id, each.attempt_id) for each in trees.snapshots(made)] == [(1, "j1", 7)]


def test_a_snapshot_repeated_for_the_same_attempt_is_the_same_one(
    trees: WorkingTrees, made: Worktree
) -> None:
    first = trees.snapshot(made, attempt_id=1)
    assert trees.snapshot(made, attempt_id=1).number == first.number
    assert trees.snapshot(made, attempt_id=2).number == 2
    (Path(made.path) / "new.txt").write_text("new\n")
    assert trees.snapshot(made, attempt_id=2).number == 3


def test_what_is_ignored_large_or_a_repository_of_its_own_is_left_out_and_named(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree = Path(made.path)
    write(tree, {".gitignore": "*.log\n", "a.log": "ignored\n", "small.txt": "small\n"})
    (tree / "big.bin").write_bytes(b"x" * 1_000_001)
    os.mkfifo(tree / "pipe")
    subprocess.run(["git", "init", "-q", tree / "inner"], check=True)
    (tree / "inner" / "its.txt").write_text("its\n")
    kept = trees.snapshot(made)
    assert {(each.path, each.size, each.reason) for each in kept.left_out} == {
        ("big.bin", 1_000_001, "larger than 1.0 MB"),
        ("inner", None, "a repository of its own"),
    }
    names = call_git("ls-tree", "-r", "--name-only", kept.commit).splitlines()
    assert names == [".gitignore", "README.md", "hello.py", "small.txt"]
    assert [each.path for each in trees.snapshots(made)[0].left_out] == [each.path for each in kept.left_out]


def test_a_restored_tree_is_exactly_the_snapshot_and_what_was_there_is_a_snapshot_too(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree = Path(made.path)
    write(
        tree, {"hello.py": "first\n", "kept/one.txt": "one\n", "gone.txt": "gone\n", ".gitignore": "*.log\n"}
    )
    (tree / "link").symlink_to("hello.py")
    (tree / "kept" / "one.txt").chmod(0o755)
    kept = trees.snapshot(made)
    before = files(tree)
    git = git_caller(tree)
    git("add", "-A")
    git("commit", "-qm", "by the agent")
    tip = git("rev-parse", "HEAD")
    write(tree, {"hello.py": "second\n", "made/since.txt": "since\n", "gone.txt": None, "a.log": "ignored\n"})
    (tree / "link").unlink()
    (tree / "link").mkdir()
    (tree / "link" / "inside.txt").write_text("inside\n")
    (tree / "kept" / "one.txt").chmod(0o644)
    since = files(tree)
    thrown = trees.restore(made, kept.number)
    assert files(tree) == {**before, "a.log": "ignored\n"}
    assert (tree / "kept" / "one.txt").stat().st_mode & 0o100
    assert not (tree / "made").exists()
    assert git("rev-parse", "HEAD") == kept.head == call_git("rev-parse", "signalbox/r1/w1")
    assert git("branch", "--show-current") == "signalbox/r1/w1"
    assert git("diff", "--cached", "--name-only") == ""
    assert thrown is not None
    assert thrown.number == 2
    assert thrown.head == tip
    assert trees.restore(made, thrown.number) is not None
    assert files(tree) == since
    assert git("rev-parse", "HEAD") == tip


def test_restoring_what_is_there_changes_nothing_and_makes_no_snapshot(
    trees: WorkingTrees, made: Worktree
) -> None:
    write(Path(made.path), {"new.txt": "new\n"})
    kept = trees.snapshot(made)
    assert trees.restore(made, kept.number) is None
    assert len(trees.snapshots(made)) == 1


def test_files_left_out_of_a_snapshot_and_ignored_ones_stay_as_they_are(
    trees: WorkingTrees, made: Worktree
) -> None:
    tree = Path(made.path)
    write(tree, {".gitignore": "*.log\n", "grows.txt": "small\n"})
    git_caller(tree)("add", "-A")
    git_caller(tree)("commit", "-qm", "tracked")
    (tree / "big.bin").write_bytes(b"x" * 1_000_001)
    (tree / "grows.txt").write_bytes(b"y" * 1_000_001)
    kept = trees.snapshot(made)
    assert [each.path for each in kept.left_out] == ["grows.txt", "big.bin"]
    write(tree, {"big.bin": "now small\n", "a.log": "log\n", "new.txt": "new\n"})
    trees.restore(made, kept.number)
    assert (tree / "big.bin").read_text() == "now small\n"
    assert (tree / "grows.txt").read_bytes() == b"y" * 1_000_001
    assert (tree / "a.log").exists()
    assert not (tree / "new.txt").exists()


def test_a_file_of_the_snapshot_that_has_grown_or_is_ignored_since_is_kept_before_it_is_restored(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree = Path(made.path)
    write(tree, {"grows.txt": "small\n", "hides.txt": "seen\n"})
    kept = trees.snapshot(made)
    write(tree, {"hides.txt": "hidden\n", ".gitignore": "hides.txt\n"})
    (tree / "grows.txt").write_bytes(b"y" * 1_000_001)
    thrown = trees.restore(made, kept.number)
    assert (tree / "grows.txt").read_text() == "small\n"
    assert (tree / "hides.txt").read_text() == "seen\n"
    assert thrown is not None
    assert call_git("show", f"{thrown.commit}:hides.txt") == "hidden"
    assert call_git("cat-file", "-s", f"{thrown.commit}:grows.txt") == "1000001"


def test_what_was_only_staged_or_on_the_branch_alone_is_kept_by_the_snapshot(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    tree, git = Path(made.path), git_caller(Path(made.path))
    first = trees.snapshot(made)
    git("commit", "-q", "--allow-empty", "-m", "on the branch alone")
    alone = git("rev-parse", "HEAD")
    git("switch", "-q", "--detach", "HEAD~1")
    write(tree, {"hello.py": "staged\n"})
    git("add", "hello.py")
    write(tree, {"hello.py": "in the tree\n"})
    thrown = trees.restore(made, first.number)
    assert thrown is not None
    assert call_git("show", f"{thrown.commit}:hello.py") == "in the tree"
    assert call_git("show", f"{thrown.commit}^2:hello.py") == "staged"
    call_git("merge-base", "--is-ancestor", alone, thrown.commit)
    assert git("branch", "--show-current") == "signalbox/r1/w1"


def test_a_merge_that_an_agent_left_unfinished_is_over_after_a_restore(
    trees: WorkingTrees, made: Worktree
) -> None:
    tree, git = Path(made.path), git_caller(Path(made.path))
    kept = trees.snapshot(made)
    git("switch", "-qc", "other")
    write(tree, {"hello.py": "theirs\n"})
    git("commit", "-qam", "theirs")
    git("switch", "-q", "signalbox/r1/w1")
    write(tree, {"hello.py": "ours\n"})
    git("commit", "-qam", "ours")
    assert subprocess.run(["git", "merge", "other"], cwd=tree, check=False, capture_output=True).returncode
    thrown = trees.restore(made, kept.number)
    assert thrown is not None
    assert git("status", "--porcelain") == ""
    assert "All conflicts" not in git("status")
    assert "merg" not in git("status").lower()
    assert git("rev-parse", "HEAD") == kept.head


def test_a_lock_that_a_killed_git_left_in_the_worktree_is_no_obstacle(
    trees: WorkingTrees, made: Worktree
) -> None:
    tree = Path(made.path)
    admin = Path(git_caller(tree)("rev-parse", "--absolute-git-dir"))
    kept = trees.snapshot(made)
    for name in ("index.lock", "HEAD.lock"):
        (admin / name).touch()
    write(tree, {"hello.py": "edited\n"})
    trees.restore(made, kept.number)
    assert (tree / "hello.py").read_text().startswith("def")
    (admin / "index.lock").touch()
    write(tree, {"hello.py": "edited\n"})
    trees.finish(made, "work")
    assert not (admin / "index.lock").exists()


def test_a_lock_of_a_git_at_work_in_the_worktree_is_left_alone(trees: WorkingTrees, made: Worktree) -> None:
    tree = Path(made.path)
    lock = Path(git_caller(tree)("rev-parse", "--absolute-git-dir")) / "index.lock"
    kept = trees.snapshot(made)
    write(tree, {"hello.py": "edited\n"})
    with lock.open("w"), pytest.raises(WorktreeError, match=r"index\.lock was left by another git"):
        trees.restore(made, kept.number)
    assert lock.exists()


def test_a_snapshot_that_is_not_there_is_named_with_those_that_are(
    trees: WorkingTrees, made: Worktree
) -> None:
    trees.snapshot(made)
    with pytest.raises(WorktreeError, match="has no snapshot 4; it has 1"):
        trees.restore(made, 4)


def test_names_of_any_kind_are_in_a_snapshot(trees: WorkingTrees, made: Worktree) -> None:
    tree = Path(made.path)
    names = [
        "a\nb.txt",
        'with "quotes".txt',
        "-dash.txt",
        ":(top)magic.txt",
        "*.txt",
        "tab\t.txt",
        "é ü.txt",
        " s ",
    ]
    write(tree, dict.fromkeys(names, "x\n"))
    (tree / os.fsdecode(b"caf\xe9.txt")).write_text("latin\n")
    kept = trees.snapshot(made)
    for name in names:
        (tree / name).unlink()
    (tree / os.fsdecode(b"caf\xe9.txt")).write_text("changed\n")
    trees.restore(made, kept.number)
    assert all((tree / name).read_text() == "x\n" for name in names)
    assert (tree / os.fsdecode(b"caf\xe9.txt")).read_text() == "latin\n"


def test_a_message_that_is_none_of_ours_under_our_refs_is_no_snapshot(
    call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    call_git("update-ref", "refs/signalbox/r1/w1/1", "main")
    facts = json.dumps({"branch": "", "head": 3, "left_out": [{"nonsense": 1}]})
    forged = call_git("commit-tree", "main^{tree}", "-m", "Snapshot 2", "-m", facts)
    call_git("update-ref", "refs/signalbox/r1/w1/2", forged)
    assert trees.snapshots(made) == []
    assert trees.snapshot(made).number == 3
