"""Which two commits a review compares."""

from dataclasses import replace

import pytest

from engine.errors import GitError
from engine.review.compared_commits import head_of, of_attempt, of_job, since_review, whole_change
from engine.review.declared_scope import declared_scope
from state.records import Job, Workstream
from state.worktree_records import Worktree, WorktreeSnapshot
from tests.engine.review.conftest import TwoCommits

BRANCH = "signalbox/r/cart"


@pytest.fixture
def tree(commits: TwoCommits) -> Worktree:
    """One commit on main, and one more on the branch of a workstream."""
    base = commits.commit({"a": "1\n"})
    commits.git("switch", "-qc", BRANCH)
    commits.commit({"b": "1\n"})
    return Worktree(
        run_id="r", ws_id="cart", repo=str(commits.root), path="", branch=BRANCH, base_commit=base, target="main"
    )  # fmt: skip


def on(commits: TwoCommits, branch: str, name: str) -> str:
    """A commit with a file of this name on a branch."""
    commits.git("switch", "-q", branch)
    made = commits.commit({name: f"{name}\n"})
    commits.git("switch", "-q", BRANCH)
    return made


def test_v7_the_whole_change_starts_where_the_worktree_was_made(tree: Worktree, commits: TwoCommits) -> None:
    on(commits, "main", "elsewhere")
    assert (whole_change(tree).before, whole_change(tree).after) == (tree.base_commit, head_of(tree))
    assert whole_change(replace(tree, head=tree.base_commit)).after == tree.base_commit


def test_v7_it_starts_anew_where_the_branch_has_taken_in_the_target(
    tree: Worktree, commits: TwoCommits
) -> None:
    newer = on(commits, "main", "elsewhere")
    commits.git("merge", "-q", "--no-edit", "main")
    assert whole_change(tree).before == newer


def test_v7_the_work_of_those_before_it_is_not_its_own(tree: Worktree, commits: TwoCommits) -> None:
    before = commits.git("rev-parse", "HEAD")  # not in main
    commits.commit({"mine": "1\n"})
    assert whole_change(replace(tree, base_commit=before)).before == before


@pytest.mark.parametrize("target", ["main", "gone", None])
def test_v7_a_merged_branch_keeps_its_change(tree: Worktree, commits: TwoCommits, target: str | None) -> None:
    commits.git("switch", "-q", "main")
    commits.git("merge", "-q", "--ff-only", BRANCH)
    assert whole_change(replace(tree, target=target)).before == tree.base_commit


def test_v7_a_worktree_without_a_branch_or_a_base_is_told(tree: Worktree) -> None:
    with pytest.raises(GitError, match="r/cart has no commit yet: there is no branch gone"):
        head_of(replace(tree, branch="gone"))
    with pytest.raises(GitError, match="has not been made yet"):
        whole_change(replace(tree, base_commit=None))


def test_v7_an_archived_workstream_is_read_from_its_archive(tree: Worktree, commits: TwoCommits) -> None:
    ref = "refs/signalbox/archive/r/cart"
    commits.git("update-ref", ref, "HEAD")
    commits.git("switch", "-q", "main")
    commits.git("branch", "-qD", BRANCH)
    assert head_of(replace(tree, archive_ref=ref)) == commits.git("rev-parse", ref)


def snapshot(number: int, attempt: int | None, job: str | None = "edit") -> WorktreeSnapshot:
    return WorktreeSnapshot(
        run_id="r", ws_id="cart", number=number, commit=f"c{number}", attempt_id=attempt, job_id=job
    )


def test_v7_an_attempt_is_what_lies_between_its_snapshot_and_the_next() -> None:
    tree = Worktree(run_id="r", ws_id="cart", repo="/", path="", branch=BRANCH)
    # Before the second attempt the first one's work was set aside, and the tree restored.
    snapshots = [
        snapshot(4, 12),
        snapshot(1, 10),
        snapshot(2, None, None),
        snapshot(3, 11),
        snapshot(5, 20, "docs"),
    ]
    told = [of_attempt(tree, snapshots, attempt, head="head") for attempt in (10, 11, 12, 20, 99)]
    assert [each and (each.before, each.after) for each in told] == [
        ("c1", "c2"),
        ("c3", "c4"),
        ("c4", "c5"),
        ("c5", "head"),
        None,
    ]
    jobs = [of_job(tree, snapshots, job, head="head") for job in ("edit", "docs", "none")]
    assert [each and (each.before, each.after) for each in jobs] == [("c1", "c5"), ("c5", "head"), None]


def test_v7_since_the_last_review_starts_at_what_was_sent_back() -> None:
    tree = Worktree(run_id="r", ws_id="cart", repo="/", path="", branch=BRANCH)
    stream = Workstream(run_id="r", ws_id="cart")
    assert since_review(tree, stream, head="head") is None
    found = since_review(tree, replace(stream, reviewed_commit="seen"), head="head")
    assert found is not None
    assert (found.before, found.after) == ("seen", "head")


def test_v7_the_scope_of_a_workstream_is_that_of_its_jobs_below_the_repository() -> None:
    edit = Job(
        job_id="a",
        run_id="r",
        ws_id="w",
        tool="claude",
        tree="/tree",
        scope_root="/tree/web",
        files_scope=("src/**",),
    )
    test = Job(job_id="b", run_id="r", ws_id="w", tool="shell", tree="/tree")
    docs = Job(
        job_id="c",
        run_id="r",
        ws_id="w",
        tool="codex",
        tree="/repo",
        scope_root="/repo",
        files_scope=("docs/*",),
    )
    assert declared_scope([edit, test, docs], ("/tree", "/repo")) == ("web/src/**", "docs/*")
    assert declared_scope([edit, replace(docs, files_scope=(), scope_root=None)], ("/tree", "/repo")) == ()
    assert declared_scope([], ("/tree",)) == ()
