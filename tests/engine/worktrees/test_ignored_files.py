"""What a project file brings into a new worktree: files that git ignores, copied or linked, and nothing else."""

import os
from pathlib import Path

import pytest

from engine.errors import GitError, WorktreeError
from engine.jobfile.project_file import ProjectFile
from engine.worktrees import ignored_files
from engine.worktrees.ignored_files import bring_ignored_files
from engine.worktrees.tree_git import TreeGit
from state.worktree_records import Worktree
from tests.engine.worktrees.conftest import CallGit


@pytest.fixture
def tree(repo: Path, made: Worktree) -> Path:
    ignore(repo, ".env*\nnode_modules/\n.venv\n*.local.json\n")
    return Path(made.path)


def ignore(repo: Path, text: str) -> None:
    """Let git ignore these in the repository and in its worktrees."""
    (repo / ".git" / "info" / "exclude").write_text(text)


def write(repo: Path, *names: str) -> None:
    for name in names:
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).write_text(f"{name}\n")


def bring(repo: Path, tree: Path, **fields: object) -> None:
    bring_ignored_files(TreeGit(repo), tree, ProjectFile.model_validate(fields))


def files_in(tree: Path) -> set[str]:
    found = {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()}
    return found - {".git", "hello.py", "README.md"}


def test_ignored_files_are_copied_by_name_and_by_pattern(repo: Path, tree: Path) -> None:
    write(repo, ".env", "config/a.local.json", "config/deep/b.local.json", "config/c.json")
    bring(repo, tree, carry=[".env", "config/*.json", "missing"])
    assert files_in(tree) == {".env", "config/a.local.json"}
    (tree / ".env").write_text("mine")
    assert (repo / ".env").read_text() == ".env\n"


def test_what_is_in_a_folder_that_git_ignores_is_brought_by_its_own_name(repo: Path, tree: Path) -> None:
    write(repo, "node_modules/a/x.js", "node_modules/b/y.js", "node_modules/z.js")
    bring(repo, tree, carry=["node_modules/a/x.js", "node_modules/b"], link=["node_modules/z.js"])
    assert files_in(tree) == {f"node_modules/{name}" for name in ("a/x.js", "b/y.js", "z.js")}
    assert (tree / "node_modules" / "z.js").readlink() == repo / "node_modules" / "z.js"


def test_what_git_knows_and_what_it_only_does_not_ignore_is_not_copied(
    repo: Path, tree: Path, call_git: CallGit
) -> None:
    write(repo, "known.txt", "new.txt", ".env.local")
    call_git("add", "known.txt")
    bring(repo, tree, carry=["**", "known.txt", "new.txt"])
    assert files_in(tree) == {".env.local"}


def test_a_whole_folder_is_copied_with_its_links_as_links(repo: Path, tree: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    write(repo, "node_modules/a/index.js", "node_modules/.bin/tool")
    (repo / "node_modules" / "out").symlink_to(tmp_path / "secret")
    bring(repo, tree, carry=["node_modules"])
    assert {"node_modules/a/index.js", "node_modules/.bin/tool"} <= files_in(tree)
    assert (tree / "node_modules" / "out").is_symlink()


def test_a_name_that_leads_out_of_the_repository_by_a_link_is_not_followed(
    repo: Path, tree: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    write(outside, ".env")
    (repo / "linked").symlink_to(outside)
    bring(repo, tree, carry=["linked/.env", "linked/*"])
    assert files_in(tree) == set()
    with pytest.raises(WorktreeError):  # git looks behind no link, so it is no file of the repository
        bring(repo, tree, link=["linked/.env"])
    assert not (tree / "linked").exists()


def test_what_is_in_the_worktree_already_stays_as_it_is(repo: Path, tree: Path) -> None:
    write(repo, ".env", "node_modules/a")
    write(tree, ".env", "node_modules/mine")
    (tree / ".env").write_text("the job's own\n")
    bring(repo, tree, carry=[".env", "node_modules"], link=["node_modules"])
    assert (tree / ".env").read_text() == "the job's own\n"
    assert not (tree / "node_modules").is_symlink()


def test_too_many_or_too_large_files_are_refused_before_any_is_copied(
    repo: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repo, ".env", *(f"node_modules/{number}" for number in range(30)))
    monkeypatch.setattr(ignored_files, "MOST_FILES", 20)
    with pytest.raises(WorktreeError, match=r"names more than 20 files.*among them node_modules.*`link`"):
        bring(repo, tree, carry=[".env", "node_modules"])
    monkeypatch.setattr(ignored_files, "MOST_FILES", 1000)
    monkeypatch.setattr(ignored_files, "MOST_BYTES", 50)
    with pytest.raises(WorktreeError):
        bring(repo, tree, carry=[".env", "node_modules"])
    assert files_in(tree) == set()


def test_a_link_leads_to_the_users_own_folder(repo: Path, tree: Path, call_git: CallGit) -> None:
    write(repo, ".venv/bin/python")
    bring(repo, tree, link=[".venv"])
    assert (tree / ".venv").readlink() == repo / ".venv"
    assert call_git("-C", str(tree), "status", "--porcelain") == ""


def test_where_git_ignores_folders_alone_the_entries_are_links_so_that_no_commit_holds_one(
    repo: Path, tree: Path, call_git: CallGit
) -> None:
    write(repo, "node_modules/a/index.js", "node_modules/b.js")
    bring(repo, tree, link=["node_modules/"])
    assert not (tree / "node_modules").is_symlink()
    assert (tree / "node_modules" / "a").readlink() == repo / "node_modules" / "a"
    assert (tree / "node_modules" / "a" / "index.js").read_text() == "node_modules/a/index.js\n"
    assert call_git("-C", str(tree), "status", "--porcelain") == ""


def test_where_no_link_can_be_made_the_reason_is_given_and_nothing_outside_is_touched(
    repo: Path, tree: Path, tmp_path: Path
) -> None:
    write(repo, "deep/node_modules/a")
    (tree / "deep").write_text("a file\n")
    with pytest.raises(
        WorktreeError, match=r"deep/node_modules could not be linked .*: (Not a directory|File)"
    ):
        bring(repo, tree, link=["deep/node_modules"])
    (tree / "deep").unlink()
    (tmp_path / "outside").mkdir()
    (tree / "deep").symlink_to(tmp_path / "outside")
    with pytest.raises(GitError, match="symbolic link"):
        bring(repo, tree, link=["deep/node_modules"])
    assert not any((tmp_path / "outside").iterdir())


def test_a_link_to_what_git_does_not_ignore_is_refused_with_the_way_out(repo: Path, tree: Path) -> None:
    write(repo, "data/big.bin")
    with pytest.raises(WorktreeError, match=r"names data, which git does not ignore.*Add it to \.gitignore"):
        bring(repo, tree, link=["data"])
    bring(repo, tree, link=["missing"])
    assert not os.path.lexists(tree / "missing")


def test_bringing_them_again_changes_nothing(repo: Path, tree: Path) -> None:
    write(repo, ".env", "node_modules/a")
    for _ in range(2):
        bring(repo, tree, carry=[".env"], link=["node_modules"])
    assert files_in(tree) == {".env", "node_modules/a"}
