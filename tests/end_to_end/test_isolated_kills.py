"""An engine that is killed while it prepares a worktree, or commits what was made there, makes nothing twice."""

from pathlib import Path

import pytest

from state.records import GroupStatus, JobStatus
from tests.helpers.fault_points import ISOLATION_POINTS
from tests.helpers.isolated_bench import IsolatedWork

_MAKING = [point for point in ISOLATION_POINTS if point not in {"tree_restored", "tree_finished"}]
PROJECT = "carry: [.env]\n"


@pytest.fixture
def work(tmp_path: Path) -> IsolatedWork:
    work = IsolatedWork(tmp_path)
    (work.repo / ".git" / "info" / "exclude").write_text(".env\n.signalbox.yaml\n")
    (work.repo / ".env").write_text("secret\n")
    (work.repo / ".signalbox.yaml").write_text(PROJECT)
    return work


def killed_at(work: IsolatedWork, monkeypatch: pytest.MonkeyPatch, point: str) -> None:
    monkeypatch.setenv("SIGNALBOX_FAULT", point)
    with work.signalbox.process("engine", "--until-idle") as engine:
        engine.wait()
    assert engine.returncode < 0
    monkeypatch.delenv("SIGNALBOX_FAULT")


def finish(work: IsolatedWork) -> None:
    work.signalbox("engine", "--until-idle")


def worktrees(work: IsolatedWork) -> list[str]:
    """The folders git knows, without the user's own tree."""
    listed = work.git("worktree", "list", "--porcelain").splitlines()
    return [line.removeprefix("worktree ") for line in listed if line.startswith("worktree ")][1:]


@pytest.mark.parametrize(
    "point",
    ["after_claim", *_MAKING, "before_spawn", "after_spawn"],
)
def test_w_a_worktree_whose_making_is_interrupted_is_made_once_and_the_tool_runs_once(
    work: IsolatedWork, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    ran = work.signalbox.folder / "ran"
    job = work.job(f"echo x >> {ran}; cat .env > copied.txt; echo more >> hello.py")
    work.signalbox("submit", work.signalbox.file("one.json", job))
    killed_at(work, monkeypatch, point)
    finish(work)
    tree = work.tree()
    assert work.signalbox.job("one").status is JobStatus.COMPLETED
    assert ran.read_text() == "x\n"
    assert worktrees(work) == [tree.path]
    assert work.content(tree.head, "copied.txt") == "secret"
    refs = work.git("for-each-ref", "--format=%(refname)", "refs/signalbox", "refs/heads").split()
    kept = [snapshot.ref for snapshot in work.snapshots()]
    assert sorted(refs) == sorted(["refs/heads/main", "refs/heads/signalbox/run/main", *kept])


@pytest.mark.parametrize("point", ["tree_restored", "tree_kept"])
def test_w_a_restore_that_is_interrupted_is_completed_and_nothing_of_the_failed_attempt_is_lost(
    work: IsolatedWork, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    seen = work.signalbox.folder / "seen"
    seen.write_text("")
    line = f"ls >> {seen}; echo half > half.txt; [ $(grep -c hello.py {seen}) -gt 1 ]"
    work.run(work.job(line), code=1)
    work.signalbox("retry", "one")
    killed_at(work, monkeypatch, point)
    finish(work)
    assert "half.txt" not in seen.read_text()
    assert work.signalbox.job("one").status is JobStatus.COMPLETED
    kept = [
        work.git("ls-tree", "--name-only", "-r", snapshot.commit).split() for snapshot in work.snapshots()
    ]
    assert any("half.txt" in names for names in kept)


@pytest.mark.parametrize("point", ["before_finish", "after_finish", "tree_finished"])
def test_w_what_a_workstream_has_made_is_committed_by_the_next_engine_and_once(
    work: IsolatedWork, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    work.signalbox("submit", work.signalbox.file("one.json", work.job("echo more >> hello.py")))
    killed_at(work, monkeypatch, point)
    finish(work)
    tree = work.tree()
    assert work.stream().status is GroupStatus.REVIEW
    assert work.git("rev-parse", f"{tree.branch}~1").strip() == tree.base_commit
    assert work.git("rev-parse", tree.branch).strip() == tree.head


def test_w_a_retry_that_a_person_asks_for_finds_the_files_as_before(work: IsolatedWork) -> None:
    work.run(work.job("ls; echo half > half.txt; exit 1"), code=1)
    work.signalbox("retry", "one")
    finish(work)
    with work.signalbox.store() as store:
        attempts = store.list_attempts("one")
    assert [str(one.result["stdout"]).split() for one in attempts] == [["README.md", "hello.py"]] * 2
