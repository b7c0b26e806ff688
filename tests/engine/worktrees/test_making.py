"""A worktree is made outside of the repository, on a branch of its own, whole or not at all, in any repository."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import GitError, WorktreeError
from engine.system.git import git
from engine.worktrees.tree_git import TreeGit
from engine.worktrees.worktree_store import WorkingTrees
from state.worktree_records import Worktree
from tests.engine.worktrees.conftest import CallGit, record
from tests.helpers import odd_repositories as odd
from tests.helpers.attempts import git_caller

BRANCH = "signalbox/r1/w1"


def test_a_worktree_is_made_on_its_branch_at_the_commit_and_the_users_tree_stays_as_it_is(
    repo: Path, call_git: CallGit, trees: WorkingTrees, planned: Worktree
) -> None:
    (repo / "hello.py").write_text("edited\n")
    index = (repo / ".git" / "index").read_bytes()
    made = trees.make(planned)
    tree = Path(planned.path)
    assert (tree / "hello.py").read_text().startswith("def hello")
    assert git_caller(tree)("branch", "--show-current") == BRANCH
    assert git_caller(tree)("status", "--porcelain") == ""
    assert made.commit == call_git("rev-parse", "HEAD") == call_git("rev-parse", BRANCH)
    assert made.notes == []
    assert call_git("branch", "--show-current") == "main"
    assert (repo / ".git" / "index").read_bytes() == index
    assert (repo / "hello.py").read_text() == "edited\n"


def test_a_worktree_and_the_folders_above_it_are_for_the_user_alone(
    planned: Worktree, trees: WorkingTrees
) -> None:
    before = os.umask(0)
    try:
        trees.make(planned)
    finally:
        os.umask(before)
    tree = Path(planned.path)
    for folder in (tree, tree.parent, tree.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_making_a_worktree_again_changes_nothing_in_it(made: Worktree, trees: WorkingTrees) -> None:
    tree = Path(made.path)
    (tree / "hello.py").write_text("edited\n")
    git_caller(tree)("commit", "-qam", "by the agent")
    (tree / "new.txt").write_text("new\n")
    git_caller(tree)("switch", "-q", "--detach")
    head = git_caller(tree)("rev-parse", "HEAD")
    trees.make(made)
    assert git_caller(tree)("rev-parse", "HEAD") == head
    assert git_caller(tree)("branch", "--show-current") == ""
    assert (tree / "new.txt").exists()


def test_a_worktree_is_made_of_the_pinned_commit_although_the_branch_has_moved(
    repo: Path, call_git: CallGit, trees: WorkingTrees, planned: Worktree
) -> None:
    pinned = trees.pin(repo)
    call_git("commit", "-q", "--allow-empty", "-m", "later")
    assert trees.make(replace(planned, base_commit=pinned)).commit == pinned
    assert call_git("rev-parse", BRANCH) == pinned


@pytest.mark.parametrize(
    "make",
    [
        odd.detached,
        odd.dirty,
        odd.shallow,
        odd.index_locked,
        odd.case_only_rename,
        odd.worktree_inside,
        odd.bare,
    ],
)
def test_a_worktree_is_made_in_repositories_that_are_odd_but_well(
    tmp_path: Path, trees: WorkingTrees, make: Callable[[Path], Path]
) -> None:
    repo = make(tmp_path / "repo")
    tree = record(repo, trees)
    made = trees.make(tree)
    git = git_caller(Path(tree.path))
    assert git("status", "--porcelain") == ""
    assert git("branch", "--show-current") == BRANCH
    assert (Path(tree.path) / "hello.py").exists()
    assert made.commit == git_caller(repo)("rev-parse", "HEAD")
    if make is odd.case_only_rename:
        assert (Path(tree.path) / "notes.txt").exists()
        assert not (Path(tree.path) / "Notes.txt").exists()


def test_no_hook_runs_and_nothing_is_signed(tmp_path: Path, trees: WorkingTrees) -> None:
    for make in (odd.failing_hooks, odd.signing_on):
        tree = record(make(tmp_path / make.__name__), trees, ws_id=make.__name__)
        trees.make(tree)
        (Path(tree.path) / "hello.py").write_text("edited\n")
        trees.snapshot(tree)
        assert trees.finish(tree, "work").head
        assert trees.archive(tree).kept_reason == ""
    assert not (tmp_path / "hook-ran").exists()
    assert not (tmp_path / "signer-ran").exists()


def test_before_the_first_commit_there_is_a_sentence_with_a_way_out(
    tmp_path: Path, trees: WorkingTrees
) -> None:
    repo = odd.unborn(tmp_path / "repo")
    with pytest.raises(WorktreeError, match=r"There is no commit yet. Commit something first"):
        trees.pin(repo)
    with pytest.raises(WorktreeError, match=r"isolation: in_place"):
        trees.make(record(repo, trees))
    with pytest.raises(WorktreeError, match=r"nowhere names no commit"):
        trees.pin(repo, "nowhere")


def test_the_same_files_are_checked_out_as_in_a_sparse_tree_and_it_is_a_note(
    tmp_path: Path, trees: WorkingTrees
) -> None:
    repo = odd.sparse(tmp_path / "repo")
    config = (repo / ".git" / "config").read_bytes()
    tree = record(repo, trees)
    made = trees.make(tree)
    assert (Path(tree.path) / "in" / "file.txt").exists()
    assert not (Path(tree.path) / "out").exists()
    assert any("sparse" in note for note in made.notes)
    assert (repo / ".git" / "config").read_bytes() == config
    (Path(tree.path) / "in" / "file.txt").write_text("two\n")
    trees.finish(tree, "work")
    assert git_caller(repo)("ls-tree", "-r", "--name-only", BRANCH).endswith("out/file.txt")


def test_submodules_are_empty_and_it_is_a_note(tmp_path: Path, trees: WorkingTrees) -> None:
    repo = odd.with_submodule(tmp_path / "repo")
    tree = record(repo, trees)
    made = trees.make(tree)
    assert list((Path(tree.path) / "part").iterdir()) == []
    assert any("Submodules are empty in the worktree (part)" in note for note in made.notes)
    assert trees.finish(tree, "nothing").head == made.commit
    assert trees.archive(tree).kept_reason == ""


@pytest.mark.parametrize("set_up", ["nowhere", "by the repository", "by the user, and missing"])
def test_files_of_a_filter_that_cannot_run_stay_as_they_are_stored_and_it_is_a_note(
    tmp_path: Path, trees: WorkingTrees, monkeypatch: pytest.MonkeyPatch, set_up: str
) -> None:
    repo = odd.lfs_absent(tmp_path / "repo")
    canary = tmp_path / "canary"
    if set_up == "by the repository":
        for part in ("smudge", "clean"):
            git_caller(repo)("config", f"filter.{odd.FILTER}.{part}", f"touch {canary}")
    elif set_up.startswith("by the user"):
        monkeypatch.setenv("HOME", str(tmp_path))
        (tmp_path / ".gitconfig").write_text(
            f'[filter "{odd.FILTER}"]\n\tprocess = no-such-program filter-process\n'
            "\tsmudge = no-such-program smudge -- %f\n\tclean = no-such-program clean -- %f\n\trequired = true\n"
        )
    tree = record(repo, trees)
    made = trees.make(tree)
    assert (Path(tree.path) / "picture.bin").read_text() == odd.POINTER
    assert f"1 file goes through the filter {odd.FILTER}" in made.notes[0]
    (Path(tree.path) / "hello.py").write_text("edited\n")
    kept = trees.snapshot(tree)
    (Path(tree.path) / "picture.bin").write_text("painted\n")
    trees.restore(tree, kept.number)
    assert (Path(tree.path) / "picture.bin").read_text() == odd.POINTER
    assert git_caller(repo)("diff", "--name-only", "HEAD", trees.finish(tree, "m").head) == "hello.py"
    assert trees.archive(tree).kept_reason == ""
    assert not canary.exists()


def test_a_filter_of_the_user_runs(
    tmp_path: Path, trees: WorkingTrees, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = odd.lfs_absent(tmp_path / "repo")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".gitconfig").write_text(
        f'[filter "{odd.FILTER}"]\n\tsmudge = "cat > /dev/null; echo painted"\n\tclean = cat\n'
    )
    tree = record(repo, trees)
    assert trees.make(tree).notes == []
    assert (Path(tree.path) / "picture.bin").read_text() == "painted\n"


@pytest.mark.skipif(shutil.which("git-lfs") is None, reason="Git LFS is not installed")
def test_files_of_git_lfs_that_are_not_here_stay_pointers_and_it_is_a_note(
    repo: Path, call_git: CallGit, trees: WorkingTrees, planned: Worktree, tmp_path: Path
) -> None:
    (repo / ".gitattributes").write_text("*.bin filter=lfs -text\n")
    (repo / "picture.bin").write_text(odd.POINTER)
    call_git("-c", "filter.lfs.process=", "-c", "filter.lfs.clean=cat", "add", "-A")
    call_git("commit", "-qm", "a picture")
    notes = trees.make(planned).notes
    assert (Path(planned.path) / "picture.bin").read_text() == odd.POINTER
    assert any("the filter lfs, whose files are not all in this repository" in note for note in notes)
    assert tmp_path


@pytest.mark.parametrize("taken", [BRANCH, "signalbox", "signalbox/r1", f"{BRANCH}/more"])
def test_a_branch_that_is_taken_is_named_and_nothing_is_left(
    repo: Path, call_git: CallGit, trees: WorkingTrees, planned: Worktree, taken: str
) -> None:
    call_git("branch", taken)
    with pytest.raises(WorktreeError, match=rf"Branch {taken} .*branch template"):
        trees.make(planned)
    assert nothing_is_left(repo, planned)


@pytest.mark.parametrize("taken", ["file", "link to a folder", "link to nothing", "full folder"])
def test_a_place_that_is_taken_is_left_alone_and_no_branch_is_made(
    call_git: CallGit, trees: WorkingTrees, planned: Worktree, tmp_path: Path, taken: str
) -> None:
    place, full = Path(planned.path), tmp_path / "full"
    full.mkdir()
    place.parent.mkdir(parents=True)
    match taken:
        case "file":
            place.write_text("mine\n")
        case "link to a folder":
            place.symlink_to(full)
        case "link to nothing":
            place.symlink_to(tmp_path / "nothing")
        case _:
            place.mkdir()
            (place / "mine.txt").write_text("mine\n")
    before = sorted(str(path) for path in place.parent.rglob("*"))
    with pytest.raises(WorktreeError, match=r"is there already"):
        trees.make(planned)
    lock = str(place.parent / ".w1.lock")
    assert sorted(str(path) for path in place.parent.rglob("*") if str(path) != lock) == before
    assert call_git("branch", "--list", BRANCH) == ""
    assert call_git("worktree", "list").count("\n") == 0


def test_a_place_inside_the_repository_is_refused_unless_it_is_ignored(repo: Path, call_git: CallGit) -> None:
    trees = WorkingTrees(repo / "trees")
    tree = record(repo, trees)
    with pytest.raises(WorktreeError, match=r"is inside the repository .* .gitignore"):
        trees.make(tree)
    (repo / ".git" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "info" / "exclude").write_text("trees/\n")
    trees.make(tree)
    assert call_git("status", "--porcelain") == ""
    with pytest.raises(WorktreeError, match=r"git's own"):
        trees.make(record(repo, WorkingTrees(repo / ".git" / "trees"), ws_id="w2"))


def test_the_repository_of_another_user_is_refused_with_the_command_that_allows_it(
    tmp_path: Path, trees: WorkingTrees
) -> None:
    repo = odd.of_another_user(tmp_path / "repo")
    with pytest.raises(GitError, match=r"belongs to another user, .*safe.directory"):
        trees.make(record(repo, trees))
    with pytest.raises(GitError, match=r"safe\.directory"):
        trees.pin(repo)


def test_a_folder_that_is_no_repository_is_a_sentence(tmp_path: Path, trees: WorkingTrees) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(GitError, match=r"this is not a git repository"):
        trees.make(record(tmp_path / "plain", trees))


def test_a_repository_that_cannot_be_written_is_a_sentence_and_nothing_is_left(
    repo: Path, trees: WorkingTrees, planned: Worktree, tmp_path: Path
) -> None:
    if os.geteuid():
        pytest.skip("only root can mount")
    done = subprocess.run(
        ["mount", "--bind", "-o", "ro", str(repo), str(repo)], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("this system lets nobody mount")
    try:
        with pytest.raises(GitError, match=r"Read-only file system"):
            trees.make(planned)
    finally:
        subprocess.run(["umount", str(repo)], check=True)
    assert nothing_is_left(repo, planned)
    assert tmp_path


def nothing_is_left(repo: Path, tree: Worktree) -> bool:
    """Whether only the lock file beside the place is there."""
    beside = [path.name for path in Path(tree.path).parent.iterdir()]
    return beside == [".w1.lock"] and not any((repo / ".git").glob("worktrees/*"))


def test_a_worktree_that_a_person_has_moved_with_git_stays_theirs(
    tmp_path: Path, call_git: CallGit, trees: WorkingTrees, made: Worktree
) -> None:
    moved = tmp_path / "moved"
    call_git("worktree", "move", made.path, str(moved))
    (moved / "mine.txt").write_text("mine\n")
    git_caller(moved)("add", "mine.txt")
    assert trees.settle([made]) == []
    with pytest.raises(WorktreeError, match=rf"moved .* to {moved}\. Move it back"):
        trees.make(made)
    assert git_caller(moved)("status", "--porcelain") == "A  mine.txt"
    call_git("worktree", "move", str(moved), made.path)
    trees.make(made)
    assert git_caller(Path(made.path))("status", "--porcelain") == "A  mine.txt"


def test_a_worktree_that_a_person_has_moved_without_git_is_not_made_again_over_their_work(
    tmp_path: Path, trees: WorkingTrees, made: Worktree
) -> None:
    moved = tmp_path / "moved"
    Path(made.path).rename(moved)
    (moved / "mine.txt").write_text("mine\n")
    git_caller(moved)("add", "mine.txt")
    assert trees.settle([made]) == []
    with pytest.raises(WorktreeError, match=f"moved it to {moved}"):
        trees.make(made)
    assert str(moved) in trees.archive(made).kept_reason
    assert str(moved) in trees.remove(made)
    moved.rename(made.path)
    trees.make(made)
    assert git_caller(Path(made.path))("status", "--porcelain") == "A  mine.txt"


def test_eight_worktrees_that_begin_at_once_in_one_repository_are_all_made(
    repo: Path, trees: WorkingTrees
) -> None:
    """While git adds one it has half of its records, and every other git in the repository trips over them."""
    planned = [record(repo, trees, ws_id=f"w{number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(trees.make, planned))
    assert len({one.commit for one in made}) == 1
    assert all((Path(one.path) / "hello.py").exists() for one in planned)


def test_making_one_worktree_writes_nothing_into_another(
    trees: WorkingTrees, planned: Worktree, call_git: CallGit, tmp_path: Path
) -> None:
    """Another one may just be moved or deleted: git's own repair would put a file into it, or fail."""
    other = tmp_path / "other"
    call_git("worktree", "add", "--detach", str(other))
    (other / ".git").unlink()
    trees.make(planned)
    assert not (other / ".git").exists()
    assert f"worktree {planned.path}\n" in call_git("worktree", "list", "--porcelain")


def test_git_is_called_again_while_another_one_has_half_a_worktree(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = repo / ".git" / "worktrees" / "half"
    half.mkdir(parents=True)
    (half / "gitdir").write_text("/nowhere/.git\n")
    (half / "commondir").touch()
    monkeypatch.setattr(
        "engine.system.git_failures.time.sleep", lambda _: (half / "commondir").write_text("../..\n")
    )
    git(["worktree", "list"], repo)
    (half / "commondir").write_text("")
    TreeGit(repo).run("worktree", "list")
