"""The worktrees of a home by the real command line: listed, archived, restored, pruned, and brought to snapshots."""

import time
from pathlib import Path

import pytest
from sqlalchemy import update

from engine.worktrees.worktree_store import WorkingTrees
from state import worktree_queries
from state.database_reader import DatabaseReader
from state.ledger import Ledger, NewJob
from state.records import Job, Run, Workstream
from state.tables import workstreams
from state.worktree_records import TreeState, Worktree
from tests.helpers.attempts import git_caller
from tests.helpers.command_line import CommandLine
from tests.helpers.small_repository import small_repository

_DAY_S = 24 * 3600.0


class Isolated:
    """A home with the workstreams `cart` and `list`, each with a worktree, and `plain`, which works in place."""

    def __init__(self, folder: Path) -> None:
        self.signalbox = CommandLine(folder)
        self.repo = small_repository(folder / "repo")
        self.on_disk = WorkingTrees(self.signalbox.home.root / "worktrees")
        with self.signalbox.store() as store:
            ledger = Ledger(store.database)
            names = ("cart", "list", "plain")
            ledger.jobs.create_run(Run(run_id="r"), [Workstream(run_id="r", ws_id=ws) for ws in names])
            for ws in names:
                job = Job(job_id=f"edit-{ws}", run_id="r", ws_id=ws, tool="claude")
                spec = {"job_id": job.job_id, "tool": "claude", "prompt": "Edit."}
                ledger.jobs.accept([NewJob(job=job, spec=spec)])
            for ws in names[:2]:
                tree = ledger.worktrees.enter(self.record(ws))
                self.on_disk.make(tree)
                ledger.worktrees.change("r", ws, state=TreeState.READY)

    def record(self, ws: str) -> Worktree:
        place = str(self.on_disk.place("r", ws))
        return Worktree(run_id="r", ws_id=ws, repo=str(self.repo), path=place, branch=f"signalbox/r/{ws}")

    def tree(self, ws: str = "cart") -> Worktree:
        with self.signalbox.store() as store:
            reader = DatabaseReader(store.database)
            try:
                found = reader.read(worktree_queries.find_worktree, "r", ws)
            finally:
                reader.close()
        assert found is not None
        return found

    def folder(self, ws: str = "cart") -> Path:
        return Path(self.record(ws).path)

    def set_review(self, ws: str, review: str, *, days_ago: float = 0.0) -> None:
        with self.signalbox.store() as store, Ledger(store.database).transaction() as connection:
            values = {"review": review, "completed_at": time.time() - days_ago * _DAY_S}
            connection.execute(update(workstreams).where(workstreams.c.ws_id == ws).values(**values))

    def events(self) -> list[str]:
        with self.signalbox.store() as store:
            found = [
                event for event in store.list_events(run_id="r") if event.event_type.startswith("worktree.")
            ]
            return [event.message for event in found]


@pytest.fixture
def isolated(tmp_path: Path) -> Isolated:
    return Isolated(tmp_path)


def test_w_every_worktree_is_listed_with_its_state_and_what_it_takes(isolated: Isolated) -> None:
    (isolated.folder() / "big.bin").write_bytes(b"x" * 300_000)
    found = isolated.signalbox("worktrees", "list", "--json").json
    assert [(each["ws_id"], each["state"], each["review"]) for each in found] == [
        ("cart", "ready", "none"),
        ("list", "ready", "none"),
    ]
    assert found[0]["size_bytes"] > 300_000 > found[1]["size_bytes"]
    shown = isolated.signalbox("worktrees", "list").out
    assert str(isolated.folder()) in shown.replace("\n", "")
    assert "In all " in shown


def test_w_an_archived_worktree_is_gone_and_comes_back_by_its_job_or_its_name(isolated: Isolated) -> None:
    (isolated.folder() / "new.txt").write_text("new\n")
    assert "Archived" in isolated.signalbox("worktrees", "archive", "edit-cart").out
    assert not isolated.folder().exists()
    assert isolated.tree().state is TreeState.ARCHIVED
    assert isolated.tree().archive_ref == "refs/signalbox/archive/r/cart"
    assert isolated.signalbox("worktrees", "archive", "cart", "--json").json["state"] == "archived"
    assert isolated.signalbox("worktrees", "restore", "r/cart", "--json").json["state"] == "ready"
    assert (isolated.folder() / "new.txt").read_text() == "new\n"
    assert isolated.events() == [
        "The worktree of workstream cart was archived.",
        "The worktree of workstream cart was restored.",
    ]


def test_w_a_worktree_that_must_stay_is_kept_with_the_reason_and_the_code_says_so(isolated: Isolated) -> None:
    git_caller(isolated.repo)("worktree", "lock", str(isolated.folder()))
    answer = isolated.signalbox("worktrees", "archive", "cart", code=1)
    assert "was kept: it is locked by git worktree lock" in answer.out
    assert isolated.tree().kept_reason.startswith("it is locked")
    assert isolated.tree().state is TreeState.READY
    assert "(kept: it is locked" in isolated.signalbox("worktrees", "list").out.replace("\n", "")


def test_w_a_worktree_in_which_a_job_runs_is_neither_archived_nor_restored(isolated: Isolated) -> None:
    with isolated.signalbox.store() as store:
        store.mark_job_running("edit-cart")
    for words in (("worktrees", "archive", "cart"), ("snapshot", "restore", "cart", "1")):
        assert "Job edit-cart runs in the worktree" in isolated.signalbox(*words, code=2).err
    assert isolated.folder().exists()


def test_w_pruning_first_lists_what_would_go_and_why_the_rest_stays_and_then_does_it(
    isolated: Isolated,
) -> None:
    isolated.set_review("cart", "merged", days_ago=20)
    isolated.set_review("list", "discarded", days_ago=2)
    (isolated.folder() / "new.txt").write_text("new\n")
    shown = isolated.signalbox("worktrees", "prune").out.replace("\n", "")
    assert "would be archived" in shown
    assert "kept: it was discarded less than 14 days ago." in shown
    assert "Do it with --yes." in shown
    assert isolated.folder().exists()
    found = isolated.signalbox("worktrees", "prune", "--yes", "--json").json
    assert found["dry_run"] is False
    assert [each["kept_reason"] == "" for each in found["worktrees"]] == [True, False]
    assert not isolated.folder().exists()
    assert isolated.folder("list").exists()
    assert isolated.tree().state is TreeState.ARCHIVED
    found = isolated.signalbox("worktrees", "prune", "--yes", "--older-than", "1d", "--json").json
    assert [each["ws_id"] for each in found["worktrees"]] == ["list"]
    assert not isolated.folder("list").exists()


@pytest.mark.parametrize("review", ["none", "working", "waiting", "approved"])
def test_w_pruning_never_takes_the_worktree_of_work_that_is_not_over(isolated: Isolated, review: str) -> None:
    isolated.set_review("cart", review, days_ago=1000)
    found = isolated.signalbox("worktrees", "prune", "--yes", "--older-than", "1h", "--json").json
    assert all(each["kept_reason"].startswith("its workstream ") for each in found["worktrees"])
    assert isolated.folder().exists()


def test_w_pruning_names_what_keeps_an_old_worktree(isolated: Isolated) -> None:
    isolated.set_review("cart", "merged", days_ago=20)
    git_caller(isolated.repo)("worktree", "lock", str(isolated.folder()))
    assert "it is locked by git worktree lock" in isolated.signalbox("worktrees", "prune").out.replace(
        "\n", " "
    )
    isolated.signalbox("settings", "set", "worktree_retention_days", "0")
    assert "keep worktrees forever" in isolated.signalbox("worktrees", "prune").out.replace("\n", " ")


def test_w_the_snapshots_of_a_worktree_are_listed_and_restored(isolated: Isolated) -> None:
    with isolated.signalbox.store() as store:
        store.mark_job_running("edit-cart")
        attempt = store.list_attempts("edit-cart")[0]
    (isolated.folder() / "core").write_bytes(b"x" * 1_000_001)
    trees = WorkingTrees(isolated.signalbox.home.root / "worktrees", snapshot_file_mb=1)
    trees.snapshot(isolated.record("cart"), job_id="edit-cart", attempt_id=attempt.id)
    assert "core (larger than 1.0 MB)" in isolated.signalbox("snapshot", "list", "cart").out
    found = isolated.signalbox("snapshot", "list", "edit-cart", "--json").json
    assert [(each["number"], each["job_id"]) for each in found] == [(1, "edit-cart")]
    assert found[0]["left_out"] == [{"path": "core", "size": 1_000_001, "reason": "larger than 1.0 MB"}]


def test_w_restoring_a_snapshot_keeps_what_was_there(isolated: Isolated) -> None:
    isolated.on_disk.snapshot(isolated.record("cart"))
    (isolated.folder() / "new.txt").write_text("new\n")
    assert "what was there is snapshot 2" in isolated.signalbox(
        "snapshot", "restore", "cart", "1"
    ).out.replace("\n", " ")
    assert not (isolated.folder() / "new.txt").exists()
    assert "already" in isolated.signalbox("snapshot", "restore", "cart", "1").out
    isolated.signalbox("snapshot", "restore", "cart", "2", "--json")
    assert (isolated.folder() / "new.txt").exists()
    assert "before restoring 1" in isolated.signalbox("snapshot", "list", "cart").out
    assert "has no snapshot 9" in isolated.signalbox("snapshot", "restore", "cart", "9", code=2).err


def test_w_complete_work_is_not_changed_by_a_snapshot(isolated: Isolated) -> None:
    isolated.on_disk.snapshot(isolated.record("cart"))
    isolated.set_review("cart", "waiting")
    assert "Send it back" in isolated.signalbox("snapshot", "restore", "cart", "1", code=2).err


def test_w_a_name_without_a_worktree_is_a_sentence(isolated: Isolated) -> None:
    assert "works in place" in isolated.signalbox("worktrees", "archive", "plain", code=2).err
    assert (
        "There is no job or workstream 'nothing'"
        in isolated.signalbox("snapshot", "list", "nothing", code=2).err
    )
