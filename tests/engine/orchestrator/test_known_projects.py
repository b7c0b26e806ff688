"""Project files are read before a transaction, never in one, and one that cannot be read delays no other repository."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.cli.submit import SubmitOptions, submit_files
from engine.errors import SignalboxError
from engine.jobfile import known_projects, project_file
from engine.jobfile.job_file_reader import read_file
from engine.jobfile.project_file import project_file_of
from engine.orchestrator.orchestrator import Orchestrator
from engine.types import FailureClass
from state.records import JobStatus
from tests.engine.engine_bench import EngineBench, job_of, settle, store_of
from tests.engine.orchestrator.test_project_defaults import RecordingAgent, says, task
from tests.helpers.command_line import CommandLine, until
from tests.helpers.patience import PATIENCE_S
from tests.helpers.small_repository import small_repository


@pytest.fixture
def claude(bench: EngineBench) -> RecordingAgent:
    agent = RecordingAgent()
    bench.more_adapters["claude"] = agent
    return agent


@pytest.fixture
def engine(bench: EngineBench, claude: RecordingAgent) -> Orchestrator:
    del claude
    return bench.engine()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "repo")


@pytest.fixture
def looks(bench: EngineBench, engine: Orchestrator, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each look at a project file, whether somebody else could write to the database at that moment."""
    store_of(engine).settings()
    found: list[bool] = []

    def looked(repo: Path) -> Path:
        with closing(sqlite3.connect(bench.home.database, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
                found.append(True)
            except sqlite3.OperationalError:
                found.append(False)
        return project_file_of(repo)

    monkeypatch.setattr(project_file, "project_file_of", looked)
    return found


def test_no_project_file_is_read_while_others_wait_to_write(
    engine: Orchestrator, claude: RecordingAgent, bench: EngineBench, repo: Path, looks: list[bool]
) -> None:
    says(repo, "limits: {budget_usd: 1}\nreview: none\ntools: {claude: {retry: {limit: 2}}}\n")
    claude.comes_to = [FailureClass.FAILED]
    claude.metadata = {"usage": {"cost_usd": 2.0, "cost_source": "tool"}}
    engine.queue_job(task(repo))
    settle(engine)
    assert job_of(engine, "a").status is JobStatus.HELD
    store_of(engine).queue_control.change_setting("budget_job_usd", 5)
    store_of(engine).job_control.edit("a", task(repo, metadata={"limits": {"budget_usd": 9}}))
    bench.pass_time(3600)
    settle(engine)
    assert job_of(engine, "a").status is JobStatus.COMPLETED
    engine.run_job(task(repo, "b"))
    file = repo / "c.yaml"
    file.write_text("{tool: claude, job_id: c, prompt: x}")
    submit_files(store_of(engine), [read_file(file)], SubmitOptions())
    assert len(looks) > 5
    assert all(looks)


@pytest.fixture
def hung(repo: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Set once the disk of `repo` answers again."""
    answers = threading.Event()

    def looked(folder: Path) -> Path:
        if folder == repo:
            answers.wait()
        return project_file_of(folder)

    monkeypatch.setattr(project_file, "project_file_of", looked)
    yield answers
    answers.set()


def test_a_disk_that_does_not_answer_delays_no_job_elsewhere(
    engine: Orchestrator, repo: Path, tmp_path: Path, hung: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung.set()
    other = small_repository(tmp_path / "other")
    engine.queue_job(task(repo))
    engine.queue_job(task(other, "b"))
    hung.clear()
    settle(engine)
    assert job_of(engine, "b").status is JobStatus.COMPLETED
    assert job_of(engine, "a").status is JobStatus.QUEUED
    monkeypatch.setattr("engine.state_store.acceptance._PATIENCE_S", 0.0)
    with pytest.raises(SignalboxError, match=r"The disk of .*repo does not answer, so nothing was added"):
        engine.queue_job(task(repo, "c"))
    hung.set()
    assert known_projects.read_projects([repo], patience_s=60) == set()
    settle(engine)
    assert job_of(engine, "a").status is JobStatus.COMPLETED


def test_one_thread_reads_one_file_after_the_other(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def readers() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "project-file"]

    monkeypatch.setattr(known_projects, "IDLE_S", 2 * PATIENCE_S)
    known_projects.read_projects([repo], patience_s=60)
    (first,) = readers()
    until(lambda: known_projects._idle or None)
    monkeypatch.setattr(known_projects, "IDLE_S", 0.0)  # for what it waits for next
    known_projects.read_projects([repo], patience_s=60)
    first.join(PATIENCE_S / 4)
    assert not first.is_alive()  # it was the one that read again


@pytest.mark.parametrize(
    ("name", "words"), [("loop", "Too many levels of symbolic"), ("x" * 300, "too long")]
)
def test_a_job_of_a_folder_that_no_path_leads_to_is_held_in_words(
    tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    signalbox, paths = CommandLine(tmp_path), {"repo_root": str(tmp_path / name)}
    shell: dict[str, object] = {"tool": "shell", "command": {"exe": "true"}}
    agent: dict[str, object] = {"tool": "claude", "prompt": "x"}
    for number, job in enumerate((shell, agent)):
        file = signalbox.file(f"{number}.json", {**job, "job_id": f"job{number}", "paths": paths})
        out = signalbox("run", file, code=1).out
        assert f"job{number}: held. " in out
        assert words in out
