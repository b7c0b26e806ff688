"""What several workstreams have made becomes one commit for another to start from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.worktrees.merged_base import MergeConflictError, merged
from engine.worktrees.tree_git import TreeGit
from tests.engine.worktrees.conftest import CallGit

Branch = Callable[..., str]


@pytest.fixture
def branch(repo: Path, call_git: CallGit) -> Branch:
    def made(name: str, path: str, text: str, *, start: str = "main") -> str:
        call_git("switch", "-qc", name, start)
        (repo / path).write_text(text)
        call_git("add", "-A")
        call_git("commit", "-qm", name)
        head = call_git("rev-parse", "HEAD")
        call_git("switch", "-q", "main")
        return head

    return made


def test_one_commit_has_the_work_of_all_and_the_same_ones_give_it_again(
    repo: Path, call_git: CallGit, branch: Branch
) -> None:
    heads = [branch(name, f"{name}.txt", name) for name in ("a", "b", "c")]
    found = merged(TreeGit(repo), heads, message="All", now=1_000.0)
    assert [call_git("show", f"{found}:{name}.txt") for name in ("a", "b", "c")] == ["a", "b", "c"]
    assert merged(TreeGit(repo), heads, message="All", now=1_000.0) == found
    assert call_git("status", "--porcelain") == ""


def test_what_another_one_has_already_needs_no_merge(repo: Path, branch: Branch) -> None:
    first = branch("a", "a.txt", "a")
    second = branch("b", "b.txt", "b", start="a")
    assert merged(TreeGit(repo), [first, second, first], message="All", now=1_000.0) == second


def test_a_conflict_names_both_and_the_files(repo: Path, branch: Branch) -> None:
    one, other = branch("a", "hello.py", "a\n"), branch("b", "hello.py", "b\n")
    with pytest.raises(MergeConflictError) as caught:
        merged(TreeGit(repo), [one, other], message="All", now=1_000.0)
    assert (caught.value.one, caught.value.other, caught.value.files) == (one, other, ("hello.py",))
