"""The refs of snapshots and archives go once their work is over for long enough, and nothing else does."""

from pathlib import Path

import pytest
from sqlalchemy import update

from engine.maintenance.home_worktrees import HomeWorktrees
from engine.maintenance.worktree_refs import WorktreeRefs
from engine.settings import Settings
from state.ledger import Ledger
from state.tables import worktrees
from state.worktree_records import TreeState, WorktreeSnapshot
from tests.engine.cli.test_worktree_commands import Isolated
from tests.helpers.attempts import git_caller

_DAY_S = 24 * 3600.0


class WithRefs(Isolated):
    """Both worktrees have a snapshot; `cart` has a file that is not committed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (self.folder() / "new.txt").write_text("new\n")
        with self.signalbox.store() as store:
            ledger = Ledger(store.database)
            for ws in ("cart", "list"):
                kept = self.on_disk.snapshot(self.record(ws))
                snapshot = WorktreeSnapshot(run_id="r", ws_id=ws, number=kept.number, commit=kept.commit)
                ledger.worktrees.add_snapshot(snapshot)

    def refs(self) -> list[str]:
        listed = git_caller(self.repo)("for-each-ref", "--format=%(refname:lstrip=2)", "refs/signalbox")
        return listed.split()

    def prune(
        self, *, archives: bool = False, days: int | None = None, retention_days: int = 14
    ) -> list[tuple[list[str], str]]:
        """Prune as an engine does; for each worktree which refs went, and why its archive stayed."""
        age = None if days is None else days * _DAY_S
        with self.signalbox.store() as store:
            settings = Settings(worktree_retention_days=retention_days)
            trees = HomeWorktrees(self.signalbox.home, store.database, settings)
            list(trees.prune(older_than_s=age))
            found = list(WorktreeRefs(trees).prune(older_than_s=age, archives=archives))
        return [
            ([kept.ref.removeprefix("refs/signalbox/") for kept in each.refs], each.kept_reason)
            for each in found
        ]

    def archived(self, days_ago: float) -> None:
        """Let all archives be this old."""
        with self.signalbox.store() as store, Ledger(store.database).transaction() as connection:
            older = worktrees.c.removed_at - days_ago * _DAY_S
            connection.execute(update(worktrees).values(removed_at=older))

    def finished(self, ws: str) -> None:
        """Have all that is uncommitted committed, as at the end of its jobs."""
        head = self.on_disk.finish(self.record(ws), "The work").head
        with self.signalbox.store() as store:
            Ledger(store.database).worktrees.change("r", ws, head=head)


@pytest.fixture
def isolated(tmp_path: Path) -> WithRefs:
    return WithRefs(tmp_path)


def test_w9_snapshots_go_with_the_worktree_of_work_that_is_over_and_first_they_are_listed(
    isolated: WithRefs,
) -> None:
    isolated.set_review("cart", "discarded", days_ago=20)
    isolated.set_review("list", "merged", days_ago=2)
    shown = isolated.signalbox("worktrees", "prune").out
    assert "r/cart  1 snapshot  would be deleted" in shown
    assert "r/list  1 snapshot" not in shown
    assert isolated.refs() == ["r/cart/1", "r/list/1"]
    found = isolated.signalbox("worktrees", "prune", "--yes", "--json").json["refs"]
    assert [[each["ref"] for each in one["refs"]] for one in found] == [["refs/signalbox/r/cart/1"]]
    assert isolated.refs() == ["archive/r/cart", "r/list/1"]
    assert "Deleted 1 snapshot of workstream cart, which was discarded." in isolated.events()
    assert "were pruned" in isolated.signalbox("diff", "r/cart", "--attempt", "1", code=2).err
    assert isolated.prune() == []


def test_w9_no_ref_goes_of_work_that_is_not_over_while_its_worktree_is_there_or_where_all_is_kept(
    isolated: WithRefs,
) -> None:
    isolated.set_review("cart", "discarded", days_ago=1000)
    git_caller(isolated.repo)("worktree", "lock", str(isolated.folder()))
    assert isolated.prune(archives=True) == []
    git_caller(isolated.repo)("worktree", "unlock", str(isolated.folder()))
    isolated.signalbox("worktrees", "archive", "cart")
    isolated.archived(days_ago=1000)
    assert isolated.prune(archives=True, retention_days=0) == []
    for review in ("none", "working", "waiting", "approved"):
        isolated.set_review("cart", review, days_ago=1000)
        assert isolated.prune(archives=True, days=1) == []
    assert isolated.refs() == ["archive/r/cart", "r/cart/1", "r/list/1"]


def test_w9_the_archive_of_discarded_work_goes_only_when_a_person_says_so_and_is_then_not_restored(
    isolated: WithRefs,
) -> None:
    isolated.set_review("cart", "discarded", days_ago=1000)
    isolated.prune()
    assert isolated.refs() == ["archive/r/cart", "r/list/1"]
    assert isolated.prune(archives=True) == []  # it was archived only now
    isolated.archived(days_ago=20)
    assert isolated.prune() == [([], "its work was discarded. --archives deletes it.")]
    with isolated.signalbox.store() as store, Ledger(store.database).transaction() as connection:
        connection.exec_driver_sql("INSERT INTO job_dependencies VALUES ('edit-list', 'edit-cart', 0)")
    assert isolated.prune(archives=True) == [([], "a job that comes after it has not ended well yet.")]
    with isolated.signalbox.store() as store, Ledger(store.database).transaction() as connection:
        connection.exec_driver_sql("DELETE FROM job_dependencies")
    isolated.signalbox("worktrees", "prune", "--archives", "--yes")
    assert isolated.refs() == ["r/list/1"]
    isolated.signalbox("worktrees", "archive", "r/cart")
    assert isolated.tree().state is TreeState.PRUNED
    assert "its archive was pruned" in isolated.signalbox("review", "restore", "r/cart", code=2).err
    assert "pruned, not archived" in isolated.signalbox("worktrees", "restore", "r/cart", code=2).err


def test_w9_an_archive_goes_by_itself_where_all_of_it_was_merged(isolated: WithRefs) -> None:
    isolated.finished("cart")
    (isolated.folder("list") / "late.txt").write_text("late\n")
    for ws in ("cart", "list"):
        isolated.set_review(ws, "merged", days_ago=1000)
    isolated.prune()
    isolated.archived(days_ago=20)
    more = "it has more than was merged. --archives deletes it."
    assert isolated.prune() == [(["archive/r/cart"], ""), ([], more)]
    assert isolated.refs() == ["archive/r/list"]
    assert isolated.tree().state is TreeState.PRUNED


def test_w9_a_prune_that_was_killed_after_the_refs_were_deleted_is_recorded_by_the_next(
    isolated: WithRefs,
) -> None:
    isolated.set_review("cart", "discarded", days_ago=1000)
    isolated.signalbox("worktrees", "archive", "cart")
    isolated.archived(days_ago=20)
    for ref in ("r/cart/1", "archive/r/cart"):
        git_caller(isolated.repo)("update-ref", "-d", f"refs/signalbox/{ref}")
    assert isolated.prune() == [([], "")]
    assert isolated.tree().state is TreeState.PRUNED
    assert isolated.prune() == []
