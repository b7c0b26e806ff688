"""What a person saves while the tree of the target moves is not overwritten, and files are written as git would."""

from pathlib import Path

import pytest

from engine.git_step.calls import GitCalls
from engine.merging.merge_steps import finish, settle
from state.worktree_records import MergeState
from tests.engine.merging.conftest import Merging


@pytest.fixture
def checked_out(merging: Merging) -> Merging:
    merging.git("switch", "-q", "main")
    merging.commit("hello.py", "theirs\n")
    return merging


def save_while_it_moves(merging: Merging, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have work.txt saved, which git ignores, when hello.py is written."""
    mine, late = merging.repo / "work.txt", merging.root / "late"
    late.write_text(f"#!/bin/sh\necho mine > {mine}\nexec cat\n")
    late.chmod(0o755)
    (merging.root / "gitconfig").write_text(f'[filter "late"]\n\tsmudge = {late}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(merging.root / "gitconfig"))
    (merging.repo / ".git" / "info" / "attributes").write_text("hello.py filter=late\n")
    (merging.repo / ".git" / "info" / "exclude").write_text("work.txt\n")
    return mine


def test_an_ignored_file_that_is_saved_while_the_tree_moves_is_not_overwritten(
    checked_out: Merging, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (checked_out.repo / "hello.py").read_text()
    mine = save_while_it_moves(checked_out, monkeypatch)
    step = checked_out.prepared()
    assert step.before is not None
    assert step.result is not None
    done = finish(checked_out.order(), checked_out.means(), before=step.before, result=step.result)
    assert done.state is MergeState.BLOCKED
    assert "work.txt already exists" in done.reason
    assert mine.read_text() == "mine\n"
    assert (checked_out.repo / "hello.py").read_text() == before
    assert checked_out.git("status", "--porcelain") == ""
    (checked_out.repo / ".git" / "info" / "attributes").unlink()
    mine.unlink()
    assert checked_out.merged().state is MergeState.MERGED
    assert checked_out.git("status", "--porcelain") == ""


def test_new_attributes_count_for_the_files_that_come_with_them(checked_out: Merging) -> None:
    checked_out.commit(".gitattributes", "* text eol=crlf\n")
    assert checked_out.merged().state is MergeState.MERGED
    for name in ("hello.py", "work.txt"):
        assert (checked_out.repo / name).read_bytes().endswith(b"\r\n")


def test_a_file_outside_of_a_sparse_tree_is_not_written(checked_out: Merging) -> None:
    checked_out.commit("out/new.txt", "new\n")
    checked_out.git("sparse-checkout", "set", "in")
    assert checked_out.merged().state is MergeState.MERGED
    assert not (checked_out.repo / "out").exists()
    assert checked_out.git("status", "--porcelain") == ""


@pytest.fixture
def leaving(merging: Merging, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working tree that somebody removes as soon as it is looked into."""
    tree = merging.root / "leaving"
    within = GitCalls.within

    def removed_before(self: GitCalls, folder: Path) -> GitCalls:
        if folder == tree and tree.exists():
            merging.git("worktree", "remove", "--force", str(tree))
        return within(self, folder)

    merging.git("worktree", "add", "-q", "--detach", str(tree), "main")
    monkeypatch.setattr(GitCalls, "within", removed_before)
    return tree


def test_a_working_tree_that_is_removed_meanwhile_keeps_no_merge_waiting(
    merging: Merging, leaving: Path
) -> None:
    assert merging.merged().state is MergeState.MERGED
    assert not leaving.exists()


def test_a_working_tree_that_is_removed_meanwhile_keeps_nothing_unsettled(
    merging: Merging, leaving: Path
) -> None:
    settle(merging.repo, ["merge-1"], "main", scratch=merging.root / "scratch", lock=None)
    assert not leaving.exists()
