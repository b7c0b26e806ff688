"""What becomes of isolated work when somebody deletes or moves what it stands on, and what a person has checked out."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from engine.maintenance.home_worktrees import HomeWorktrees
from engine.settings import Settings
from state.database import Database
from state.records import JobStatus
from state.worktree_records import TreeState
from tests.helpers.isolated_bench import IsolatedWork, agent, shell
from tests.helpers.logs import LogWatch


@pytest.fixture
def work(tmp_path: Path) -> IsolatedWork:
    return IsolatedWork(tmp_path)


@pytest.mark.parametrize("is_writer", [True, False], ids=["a writer", "one that only reads"])
def test_a_job_whose_repository_has_gone_since_does_not_run_in_what_is_left_of_it(
    work: IsolatedWork, expect_log: LogWatch, *, is_writer: bool
) -> None:
    # An engine that is done at once has not looked yet.
    expect_log.allow("Whether a worktree was left half done is not known: .*not a git repository")
    last = agent("true") if is_writer else shell("touch ran.txt", metadata={"writes": False})
    steps = [agent("touch ran.txt", name="edit"), {**last, "name": "last"}]
    pipeline = {"title": "t", "run_id": "run", "repo": str(work.repo)}
    stream = {"id": "main", "steps": steps if is_writer else [steps[1], steps[0]]}
    file = work.signalbox.file("p.json", {**pipeline, "workstreams": [stream]})
    work.signalbox("submit", file)
    (work.repo / ".git").rename(work.repo.parent / "moved.git")
    work.signalbox("engine", "--until-idle")
    assert not (work.repo / "ran.txt").exists()
    with work.signalbox.store() as store:
        first = store.list_jobs("run")[0]
    assert first.status is JobStatus.FAILED
    assert "not a git repository" in str(first.summary)


def test_a_worktree_that_somebody_has_deleted_is_made_again_with_the_work_of_the_steps_before(
    work: IsolatedWork,
) -> None:
    work.run(
        work.job("echo one > one.txt; git add -A; git commit -qm one; echo loose > loose.txt"),
        work.job("exit 1", "two", metadata={"depends_on": ["one"]}),
        code=1,
    )
    shutil.rmtree(work.tree().path)
    work.run(work.job("cat one.txt loose.txt > three.txt", "three"))
    assert (Path(work.tree().path) / "three.txt").read_text() == "one\nloose\n"
    assert (Path(work.tree().path) / "loose.txt").read_text() == "loose\n"
    with work.signalbox.store() as store:
        events = store.list_events(run_id="run")
    (made,) = (one for one in events if "Somebody had deleted or moved" in one.message)
    assert made.level == "warning"


def test_what_was_committed_in_a_worktree_that_is_gone_before_its_end_is_still_reviewed(
    work: IsolatedWork,
) -> None:
    work.run(work.job('echo one > one.txt; git add -A; git commit -qm one; rm -rf "$PWD"'))
    assert work.content(work.tree().head, "one.txt") == "one"
    assert (work.tree().state, work.tree().kept_reason) == (TreeState.READY, "")
    work.signalbox("review", "approve", "run/main")


def test_why_work_cannot_be_committed_is_said_to_who_approves_it(work: IsolatedWork) -> None:
    """A person has checked out its branch while its own tree had left it."""
    user = f"git -C {work.repo} checkout -q signalbox/run/main"
    work.run(work.job(f"git checkout -q --detach; echo one > one.txt; {user}"))
    assert work.status() == "## signalbox/run/main\n"
    assert "Switch to another branch there" in work.signalbox("review", "approve", "run/main", code=2).err
    work.git("checkout", "-q", "main")
    work.signalbox("engine", "--until-idle")
    assert work.content(work.tree().head, "one.txt") == "one"


def test_work_that_is_discarded_a_second_time_is_archived_as_it_is_then(work: IsolatedWork) -> None:
    work.run(work.job("echo one > one.txt"))
    work.signalbox("review", "discard", "run/main")
    work.signalbox("worktrees", "archive", "run/main")
    work.run(work.job("cat one.txt > two.txt", "two"))
    work.signalbox("review", "discard", "run/main")
    with closing(Database(work.signalbox.home.database)) as database:
        HomeWorktrees(work.signalbox.home, database, Settings()).preserve_discarded()
    assert work.content(work.tree().archive_ref, "two.txt") == "one"


def test_where_the_branch_with_the_work_is_gone_no_job_begins_anew_without_it(work: IsolatedWork) -> None:
    work.run(work.job("echo one > one.txt"))
    head = str(work.tree().head)
    work.git("worktree", "remove", work.tree().path)
    work.git("branch", "-D", "signalbox/run/main")
    assert "is gone. Make it again where the work is" in work.run(work.job("ls > two.txt", "two"), code=1)
    work.git("branch", "signalbox/run/main", head)
    work.signalbox("retry", "two")
    work.signalbox("engine", "--until-idle")
    assert "one.txt" in work.content(work.tree().head, "two.txt")
