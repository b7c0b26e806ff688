"""Whatever lies in a worktree and whatever is done to it since, restoring a snapshot brings back exactly that."""

import os
import shutil
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.worktrees.worktree_store import WorkingTrees
from tests.engine.worktrees.conftest import record
from tests.helpers.attempts import git_caller
from tests.helpers.small_repository import small_repository

NAMES = ("a", "b", "d/a", "d/b", "d/e/a", "hello.py", "a.log", "Ä ö", "d", "d/e")
KINDS = ("file", "program", "link", "empty", "nothing", "tracked", "staged", "committed")
EXAMPLES = 200 if os.environ.get("SIGNALBOX_SOAK") else 2
Changes = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(KINDS), st.integers(0, 3)), max_size=8)


def change(tree: Path, name: str, kind: str, number: int) -> None:
    """Make, replace or remove what has this name, or tell git about everything there is."""
    path, git = tree / name, git_caller(tree)
    match kind:
        case "tracked":
            git("add", "--intent-to-add", "--all")
        case "staged":
            git("add", "--all")
        case "committed":
            git("add", "--all")
            git("commit", "-q", "--allow-empty", "-m", f"{name} {number}")
        case _:
            clear(tree, path)
            if kind != "nothing":
                path.parent.mkdir(parents=True, exist_ok=True)
                make(path, kind, number)


def clear(tree: Path, path: Path) -> None:
    for each in [path, *path.parents]:
        if each == tree:
            break
        if each == path and each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif os.path.lexists(each) and (each == path or not each.is_dir() or each.is_symlink()):
            each.unlink()


def make(path: Path, kind: str, number: int) -> None:
    if kind == "link":
        path.symlink_to(f"target {number}")
        return
    path.write_text("" if kind == "empty" else f"{number}\n" * number)
    path.chmod(0o755 if kind == "program" else 0o644)


def content(tree: Path) -> dict[str, tuple[str, bool]]:
    """Each file that git does not ignore: what is in it, and whether it can be executed."""
    found = {}
    for path in tree.rglob("*"):
        if path.name == ".git" or path.suffix == ".log" or (path.is_dir() and not path.is_symlink()):
            continue
        text = f"-> {path.readlink()}" if path.is_symlink() else path.read_text()
        found[str(path.relative_to(tree))] = text, bool(path.lstat().st_mode & stat.S_IXUSR)
    return found


@given(first=Changes, second=Changes)
@example(first=[], second=[("d/a", "file", 0), ("a", "tracked", 0), ("d", "link", 0)])
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
def test_w5_any_content_is_restored_exactly_and_what_was_there_too(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[tuple[str, str, int]],
    second: list[tuple[str, str, int]],
) -> None:
    root = tmp_path_factory.mktemp("any")
    repo = small_repository(root / "repo")
    trees = WorkingTrees(root / "worktrees")
    planned = record(repo, trees)
    trees.make(planned)
    tree, git = Path(planned.path), git_caller(Path(planned.path))
    (repo / ".git" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "info" / "exclude").write_text("*.log\n")
    for each in first:
        change(tree, *each)
    before, head = content(tree), git("rev-parse", "HEAD")
    kept = trees.snapshot(planned)
    for each in second:
        change(tree, *each)
    since, tip = content(tree), git("rev-parse", "HEAD")
    thrown = trees.restore(planned, kept.number)
    assert content(tree) == before
    assert git("rev-parse", "HEAD") == head
    if thrown is not None:
        trees.restore(planned, thrown.number)
    assert content(tree) == since
    assert git("rev-parse", "HEAD") == tip
    assert trees.archive(planned).kept_reason == ""
    trees.restore_archived(planned)
    assert content(tree) == since
    shutil.rmtree(root)
