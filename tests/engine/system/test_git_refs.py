"""Refs are read from the files of a repository as git would resolve them, without running it."""

import os
from pathlib import Path

import pytest

from engine.system.git_refs import RefFiles
from tests.helpers.attempts import git_caller
from tests.helpers.small_repository import small_repository


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "repo")


def test_branches_tags_and_whole_ids_name_the_commits_that_git_says(repo: Path) -> None:
    git = git_caller(repo)
    git("tag", "v1")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    head, refs = git("rev-parse", "HEAD"), RefFiles.of(repo)
    names = ("HEAD", "main", "v1", "refs/heads/main", "origin/main", "origin", head)
    assert {name: refs.commit(name) for name in names} == dict.fromkeys(names, head)
    assert refs.head_branch() == "main"
    assert refs.has_branch("main")
    assert not refs.has_branch("v1")


def test_packed_refs_and_those_of_a_linked_tree_are_found(repo: Path, tmp_path: Path) -> None:
    git = git_caller(repo)
    git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    git("pack-refs", "--all")
    refs = RefFiles.of(tmp_path / "linked")
    assert refs.head_branch() == "side"
    assert refs.commit("HEAD") == refs.commit("main") == git("rev-parse", "HEAD")


def test_a_detached_head_is_on_no_branch_and_an_unborn_one_on_one_without_a_commit(repo: Path) -> None:
    git = git_caller(repo)
    git("checkout", "-q", "--detach")
    assert RefFiles.of(repo).head_branch() is None
    git("switch", "-q", "--orphan", "new")
    refs = RefFiles.of(repo)
    assert (refs.head_branch(), refs.commit("HEAD"), refs.has_branch("new")) == ("new", None, False)


@pytest.mark.parametrize(
    "name", ["HEAD~1", "main^", "nothing", "../../secret", "/etc/passwd", "refs/../HEAD"]
)
def test_what_only_git_can_resolve_is_not_known(repo: Path, name: str) -> None:
    assert RefFiles.of(repo).commit(name) is None


def test_refs_in_a_circle_and_a_pipe_in_the_place_of_one_end_at_once(repo: Path) -> None:
    heads = repo / ".git" / "refs" / "heads"
    (heads / "one").write_text("ref: refs/heads/two\n")
    (heads / "two").write_text("ref: refs/heads/one\n")
    os.mkfifo(heads / "pipe")
    refs = RefFiles.of(repo)
    assert [refs.commit(name) for name in ("one", "pipe")] == [None, None]
