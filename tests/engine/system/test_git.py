"""Which working tree a folder lies in, found without asking git and as git itself finds it; what changed in one."""

import os
import subprocess
from pathlib import Path

import pytest

from engine.jobfile.job_file_reader import job_from_mapping
from engine.system import snapshots
from engine.system.git import CEILINGS, git, git_program, work_tree_root
from tests.helpers.racy_change import change_without_a_trace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder two below a repository."""
    subprocess.run([git_program() or "git", "init", "-q", str(tmp_path)], check=True)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    return deep


def as_git_finds_it(folder: Path) -> Path | None:
    words = [git_program() or "git", "rev-parse", "--show-toplevel"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    return Path(done.stdout.strip()) if done.returncode == 0 else None


@pytest.mark.parametrize(
    ("ceiling", "is_found"),
    [("", True), ("..", True), (".", False), ("a", False), ("a/b", True), ("a/bc", True)],
    ids=["none", "above the repository", "the repository", "between", "the folder itself", "another folder"],
)
def test_no_repository_is_searched_at_or_above_a_ceiling(
    folder: Path, monkeypatch: pytest.MonkeyPatch, ceiling: str, *, is_found: bool
) -> None:
    root = folder.parents[1]
    monkeypatch.setenv(CEILINGS, os.path.normpath(root / ceiling) if ceiling else "")
    assert work_tree_root(folder) == (root if is_found else None)
    assert work_tree_root(folder) == as_git_finds_it(folder)


def test_a_job_below_a_ceiling_protects_its_own_folder_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_from_mapping({"tool": "aider", "prompt": "mend it", "files": ["a.py"]}, base=folder)
    assert job.tree == str(folder.parents[1])
    monkeypatch.setenv(CEILINGS, str(folder.parent))
    assert job.tree == str(folder)


def test_a_change_of_the_same_size_in_the_second_of_the_commit_is_in_the_snapshot(tmp_path: Path) -> None:
    root = tmp_path / "repo"
    root.mkdir()
    (root / "a.txt").write_text("one\n", encoding="utf-8")
    git(["init", "-q"], root)
    git(["add", "-A"], root)
    before = snapshots.take(root, tmp_path / "objects")
    change_without_a_trace(root / "a.txt", "two\n")
    after = snapshots.take(root, tmp_path / "objects")
    assert [file.path for file in snapshots.changes(root, tmp_path / "objects", before, after)] == ["a.txt"]
