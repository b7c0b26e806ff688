"""A merge is rehearsed without touching a file, and becomes commits that a person can read."""

from pathlib import Path

import pytest

from engine.merging.merge_steps import rehearse_alone
from engine.review.compared_commits import whole_change
from state.worktree_records import Merge, MergeMethod, MergeState, Worktree
from tests.engine.merging.conftest import BRANCH, Merging
from tests.helpers.attempts import git_caller
from tests.helpers.small_repository import commit_ours, small_repository


def all_of(repo: Path) -> str:
    git = git_caller(repo)
    return git("for-each-ref") + git("status", "--porcelain", "--ignored") + git("worktree", "list")


@pytest.mark.parametrize("method", MergeMethod)
def test_a_branch_is_merged_by_each_method_with_messages_to_read(
    merging: Merging, method: MergeMethod
) -> None:
    merging.commit("ours.txt", "ours\n", branch="main")
    merging.method = method
    assert merging.merged().state is MergeState.MERGED
    assert merging.git("ls-tree", "--name-only", "main").split() == [
        "README.md",
        "hello.py",
        "ours.txt",
        "work.txt",
    ]
    expected = {
        MergeMethod.MERGE: ["Mend it", "Write ours.txt", "Write work.txt", "first"],
        MergeMethod.SQUASH: ["Mend it", "Write ours.txt", "first"],
        MergeMethod.REBASE: ["Write work.txt", "Write ours.txt", "first"],
    }[method]
    assert sorted(merging.subjects()) == sorted(expected)
    assert merging.subjects()[0] == expected[0]


def merged_before(merging: Merging) -> Merge:
    """Merge the branch, and return what its queue has recorded of that."""
    step = merging.merged()
    assert step.state is MergeState.MERGED
    head = merging.git("rev-parse", BRANCH)
    return Merge(
        id=1, run_id="r", ws_id="ws", repo=str(merging.repo), target="main", state=MergeState.MERGED, head=head,
        result=step.result,
    )  # fmt: skip


@pytest.mark.parametrize("method", MergeMethod)
def test_work_after_a_merge_is_merged_alone_also_where_it_changes_the_same_lines(
    merging: Merging, method: MergeMethod
) -> None:
    merging.method = method
    merging.commit("work.txt", "twice\n")
    merging.commit("ours.txt", "ours\n", branch="main")
    merging.earlier = merged_before(merging)
    merging.commit("ours.txt", "newer\n", branch="main")
    merging.commit("work.txt", "again\n")
    tree = Worktree(
        run_id="r", ws_id="ws", repo=str(merging.repo), path="", branch=BRANCH, target="main",
        base_commit=merging.git("merge-base", "main~2", BRANCH),
    )  # fmt: skip
    assert whole_change(tree, merging.earlier).before == merging.earlier.head
    before = len(merging.subjects())
    assert merging.merged().state is MergeState.MERGED
    assert merging.git("show", "main:work.txt") == "again"
    assert merging.git("show", "main:ours.txt") == "newer"
    assert len(merging.subjects()) - before == {MergeMethod.MERGE: 2}.get(method, 1)
    at = merging.git("rev-parse", "main")
    assert merging.merged().reason == "main had all of it already."
    assert merging.git("rev-parse", "main") == at


@pytest.mark.parametrize("method", MergeMethod)
@pytest.mark.parametrize("is_taken_back", [False, True])
def test_work_that_started_from_merged_work_brings_its_own_alone(
    merging: Merging, method: MergeMethod, *, is_taken_back: bool
) -> None:
    merging.method = method
    merging.commit("ours.txt", "ours\n", branch="main")
    merging.base = merging.git("rev-parse", BRANCH)
    merging.git("branch", "signalbox/r/next", BRANCH)
    merging.needed = [merged_before(merging)]
    change = {"name": "other.txt", "instead_of": "work.txt"} if is_taken_back else {"name": "work.txt"}
    merging.commit(**change, content="newer\n", branch="main")
    merging.branch = "signalbox/r/next"
    merging.commit("more.txt", "more\n", branch=merging.branch)
    before = len(merging.subjects())
    assert merging.merged().state is MergeState.MERGED
    assert merging.git("show", "main:more.txt") == "more"
    assert merging.git("show", f"main:{change['name']}") == "newer"
    assert ("work.txt" in merging.git("ls-tree", "--name-only", "main").split()) is not is_taken_back
    assert len(merging.subjects()) - before == {MergeMethod.MERGE: 2}.get(method, 1)


@pytest.mark.parametrize("method", MergeMethod)
def test_what_a_person_has_taken_back_counts_as_not_merged(merging: Merging, method: MergeMethod) -> None:
    merging.method = method
    at = merging.commit("ours.txt", "ours\n", branch="main")
    merging.earlier = merged_before(merging)
    merging.git("update-ref", "refs/heads/main", at)
    merging.commit("more.txt", "more\n")
    assert merging.merged().state is MergeState.MERGED
    files = merging.git("ls-tree", "--name-only", "main").split()
    assert files == ["README.md", "hello.py", "more.txt", "ours.txt", "work.txt"]


def test_a_conflict_names_the_files_and_changes_nothing(merging: Merging) -> None:
    merging.commit("hello.py", "theirs\n")
    commit_ours_on(merging)
    before = all_of(merging.repo)
    step = merging.merged()
    assert step.state is MergeState.CONFLICT
    assert step.reason == f"{BRANCH} conflicts with main in hello.py."
    assert list(step.files) == ["hello.py"]
    assert all_of(merging.repo) == before


def commit_ours_on(merging: Merging) -> None:
    merging.git("switch", "-q", "main")
    commit_ours(merging.repo)
    merging.git("switch", "-q", "--detach")


def test_a_dry_run_says_what_would_happen_and_changes_nothing(merging: Merging) -> None:
    before = all_of(merging.repo)
    assert rehearse_alone(merging.order()).state is MergeState.CHECKING
    merging.commit("hello.py", "theirs\n")
    commit_ours_on(merging)
    assert rehearse_alone(merging.order()).state is MergeState.CONFLICT
    merging.git("update-ref", "refs/heads/main", "HEAD~1")
    merging.git("update-ref", f"refs/heads/{BRANCH}", f"{BRANCH}~1")
    merging.git("switch", "-q", "--detach", "main")
    assert all_of(merging.repo) == before


def test_a_rebase_keeps_authors_and_drops_what_the_target_has_already(merging: Merging) -> None:
    merging.method = MergeMethod.REBASE
    first = merging.commit("more.txt", "more\n")
    merging.commit("ours.txt", "ours\n", branch="main")
    tree = merging.root / "other"
    merging.git("worktree", "add", "-q", str(tree), "main")
    git_caller(tree)("cherry-pick", first)
    git_caller(tree)("switch", "-q", BRANCH)
    (tree / "last.txt").write_text("last\n")
    git_caller(tree)("add", "-A")
    git_caller(tree)(
        "commit", "-qm", "Write last.txt\n\nBecause.", "--author", "Bob Bär <bob@example.invalid>"
    )
    merging.git("worktree", "remove", str(tree))
    assert merging.merged().state is MergeState.MERGED
    assert merging.subjects() == [
        "Write last.txt",
        "Write work.txt",
        "Write more.txt",
        "Write ours.txt",
        "first",
    ]
    assert (
        merging.git("log", "-1", "--format=%an <%ae>|%cn|%b", "main")
        == "Bob Bär <bob@example.invalid>|Ada|Because."
    )


def test_a_rebase_keeps_what_a_merge_inside_the_branch_has_resolved(merging: Merging) -> None:
    merging.method = MergeMethod.REBASE
    merging.commit("hello.py", "ours\n", branch="main")
    merging.commit("hello.py", "theirs\n")
    tree = merging.root / "other"
    merging.git("worktree", "add", "-q", str(tree), BRANCH)
    git = git_caller(tree)
    with pytest.raises(Exception, match="merge"):
        git("merge", "-q", "main")
    (tree / "hello.py").write_text("both\n")
    git("commit", "-qam", "Resolve")
    merging.git("worktree", "remove", str(tree))
    step = merging.merged()
    assert step.state in {MergeState.MERGED, MergeState.CONFLICT}
    if step.state is MergeState.MERGED:
        assert merging.git("show", "main:hello.py") == "both"


def test_a_squash_names_everybody_who_wrote_it(merging: Merging) -> None:
    merging.method = MergeMethod.SQUASH
    merging.git("config", "user.name", "Grace")
    merging.commit("more.txt", "more\n")
    assert merging.merged().state is MergeState.MERGED
    body = merging.git("log", "-1", "--format=%an|%b", "main")
    assert body.startswith("Grace|Workstream ws of run r.")
    assert "Co-authored-by: Ada <ada@example.invalid>" in body


@pytest.mark.parametrize("method", MergeMethod)
def test_what_the_target_has_already_is_merged_and_moves_nothing(
    merging: Merging, method: MergeMethod
) -> None:
    merging.method = method
    assert merging.merged().state is MergeState.MERGED
    at = merging.git("rev-parse", "main")
    step = merging.merged()
    assert (step.state, step.reason) == (MergeState.MERGED, "main had all of it already.")
    assert merging.git("rev-parse", "main") == at


def test_a_branch_that_has_moved_since_it_was_approved_is_reviewed_again(merging: Merging) -> None:
    merging.head = merging.git("rev-parse", BRANCH)
    merging.commit("unseen.txt", "unseen\n")
    step = merging.merged()
    assert step.state is MergeState.WITHDRAWN
    assert "which was approved. Review it again." in step.reason
    assert merging.subjects() == ["first"]


def test_branches_without_a_common_commit_are_a_conflict_in_words(merging: Merging, tmp_path: Path) -> None:
    other = small_repository(tmp_path / "elsewhere")
    git_caller(other)("commit", "-q", "--amend", "-m", "another first")
    merging.git("fetch", "-q", str(other), "main:lonely")
    merging.branch = "lonely"
    step = merging.merged()
    assert step.state is MergeState.CONFLICT
    assert step.reason == "lonely and main have no commit in common, so they cannot be merged."


def test_no_program_of_the_repository_is_run(merging: Merging) -> None:
    merging.commit("hello.py", "theirs\n")
    merging.commit(".gitattributes", "hello.py merge=evil filter=evil\n", branch="main")
    merging.commit("ours.txt", "ours\n", branch="main")
    canary = merging.root / "canary"
    merging.git("config", "merge.evil.driver", f"touch {canary}")
    merging.git("config", "filter.evil.smudge", f"touch {canary}")
    for hook in ("reference-transaction", "post-checkout", "post-index-change"):
        file = merging.repo / ".git" / "hooks" / hook
        file.write_text(f"#!/bin/sh\ntouch {canary}\nexit 1\n")
        file.chmod(0o755)
    merging.check = ""
    merging.merged()
    assert not canary.exists()
