"""The worktree of a workstream is set up by the project file: once, and again after a reset."""

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from engine.jobfile.project_file import PROJECT_FILE
from engine.worktrees.ports import BLOCK, FIRST
from state.records import AttemptStatus, HoldCause, Job, JobStatus
from tests.helpers.command_line import until
from tests.helpers.isolated_bench import IsolatedWork, agent, shell


@pytest.fixture
def work(tmp_path: Path) -> IsolatedWork:
    return IsolatedWork(tmp_path)


def says(work: IsolatedWork, text: str) -> None:
    (work.repo / PROJECT_FILE).write_text(text)
    (work.repo / ".git" / "info" / "exclude").write_text(".signalbox.yaml\n.env\nnode_modules/\nmade\n")


def counting(work: IsolatedWork, more: str = "true") -> str:
    """A setup that counts how often it ran."""
    notes = work.signalbox.folder / "setups"
    return f"setup: {{exe: sh, args: [-c, 'echo $SIGNALBOX_WORKSTREAM >> {notes}; {more}']}}\n"


def setups(work: IsolatedWork) -> list[str]:
    notes = work.signalbox.folder / "setups"
    return notes.read_text().split() if notes.exists() else []


def test_setup_runs_once_a_worktree_before_its_first_job(work: IsolatedWork) -> None:
    says(work, f"carry: [.env]\nlink: [node_modules]\n{counting(work, 'echo made > made')}")
    (work.repo / ".env").write_text("KEY=1\n")
    (work.repo / "node_modules").mkdir()
    (work.repo / "node_modules" / "a.js").write_text("a\n")
    seen = work.signalbox.folder / "seen"
    look = f"cat .env made node_modules/a.js > {seen}; echo more >> hello.py"
    work.run_pipeline(
        {"id": "api", "steps": [agent(look, name="edit"), shell("cat made", name="check")]},
        {"id": "web", "steps": [agent("cat made; echo x > x.txt", name="edit")]},
    )
    assert seen.read_text() == "KEY=1\nmade\na\n"
    assert sorted(setups(work)) == ["api", "web"]
    tree = work.tree("api")
    assert tree.setup_digest == work.tree("web").setup_digest is not None
    assert work.git("show", "--stat", "--format=", str(tree.head)).count("|") == 1


def test_each_worktree_has_ports_of_its_own_and_every_program_knows_them(work: IsolatedWork) -> None:
    notes = work.signalbox.folder
    says(
        work,
        f"setup: {{exe: sh, args: [-c, 'echo $SIGNALBOX_PORT_BASE > {notes}/$SIGNALBOX_WORKSTREAM.setup']}}\n",
    )
    line = f"echo $SIGNALBOX_PORT_BASE > {notes}/$SIGNALBOX_WORKSTREAM.tool; echo x > x.txt"
    work.run_pipeline(*({"id": name, "steps": [agent(line)]} for name in ("a", "b")))
    ports = {name: work.tree(name).port_base for name in ("a", "b")}
    for name, base in ports.items():
        assert base is not None
        assert (base - FIRST) % BLOCK == 0
        assert (notes / f"{name}.setup").read_text() == (notes / f"{name}.tool").read_text() == f"{base}\n"
    assert ports["a"] != ports["b"]


def test_an_attempt_never_gets_ports_that_others_use_and_says_when_it_has_other_ones(
    work: IsolatedWork,
) -> None:
    seen = work.signalbox.folder / "seen"
    line = f"echo $SIGNALBOX_PORT_BASE >> {seen}; echo more >> hello.py"
    work.run(work.job(line))
    base = work.tree().port_base or 0
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", base + 1))
        server.listen()
        work.run(work.job(line, "two"))
    now = work.tree().port_base
    assert seen.read_text().split() == [str(base), str(now)]
    assert now != base
    with work.signalbox.store() as store:
        (event,) = (one for one in store.list_events(run_id="run") if one.event_type == "worktree.ports")
        assert event.level == "warning"
        assert f"it has those from {now} on now" in event.message
        other = replace(work.tree(), ws_id="other", path="/nowhere", branch="other", port_base=None)
        assert store.trees.take_ports(other, now) is None


def test_a_setup_that_fails_is_the_failure_of_the_job_in_words_and_runs_again_with_a_retry(
    work: IsolatedWork,
) -> None:
    ready = work.signalbox.folder / "ready"
    says(work, counting(work, f"echo no network; test -e {ready}"))
    work.run(work.job("echo more >> hello.py"), code=1)
    with work.signalbox.store() as store:
        (attempt,) = store.list_attempts("one")
    assert (attempt.status, attempt.failure_class) == (AttemptStatus.FAILED, "setup_failed")
    assert attempt.summary is not None
    assert attempt.summary.startswith("Setup failed: sh ended with exit code 1: no network. Its log is ")
    assert work.tree().setup_digest is None
    assert "no network" in work.signalbox("logs", "one").out
    ready.touch()
    work.signalbox("retry", "one")
    work.signalbox("engine", "--until-idle")
    assert work.signalbox.job("one").status is JobStatus.COMPLETED
    assert len(setups(work)) == 2


def test_setup_runs_again_after_a_reset(work: IsolatedWork) -> None:
    says(work, counting(work))
    work.run(work.job("echo more >> hello.py; exit 1"), code=1)
    assert len(setups(work)) == 1
    work.signalbox("snapshot", "restore", "main", "1")
    work.signalbox("retry", "one")
    work.signalbox("engine", "--until-idle")
    assert len(setups(work)) == 2


def test_a_job_cannot_change_what_sets_up_its_worktree(work: IsolatedWork) -> None:
    says(work, counting(work))
    work.git("add", "-f", PROJECT_FILE)
    work.git("commit", "-qm", "project")
    mine = work.signalbox.folder / "mine"
    evil = f"setup: {{exe: touch, args: [{mine}]}}"
    steps = [agent(f"echo '{evil}' > .signalbox.yaml", name="edit"), agent("echo x > x.txt", name="again")]
    work.run_pipeline({"id": "api", "steps": steps})
    assert setups(work) == ["api"]
    assert not mine.exists()


def test_a_file_that_cannot_be_brought_fails_the_job_before_its_tool_starts(work: IsolatedWork) -> None:
    (work.repo / "data").mkdir()
    (work.repo / "data" / "x").write_text("x")
    says(work, "link: [data]\n")
    work.run(work.job("echo more >> hello.py"), code=1)
    with work.signalbox.store() as store:
        (attempt,) = store.list_attempts("one")
    assert "names data, which git does not ignore" in str(attempt.summary)


def test_a_job_in_place_is_set_up_by_nobody(work: IsolatedWork) -> None:
    says(work, f"{counting(work)}isolation: in_place\n")
    work.run(work.job("echo more >> hello.py"))
    assert setups(work) == []


# --- trust ------------------------------------------------------------------------------------------------------


def put_into_inbox(work: IsolatedWork, job_id: str = "one") -> None:
    """Put a job into the inbox and let an engine take it in and run what may run."""
    work.signalbox.home.inbox.mkdir(parents=True, exist_ok=True)
    job = work.job("echo more >> hello.py", job_id, run=job_id)
    (work.signalbox.home.inbox / f"{job_id}.json").write_text(json.dumps(job))
    with work.signalbox.process("engine"):
        work.signalbox.await_job(job_id, lambda one: one.status in {JobStatus.HELD, JobStatus.COMPLETED})


def run_on(work: IsolatedWork, job_id: str = "one") -> JobStatus:
    work.signalbox("engine", "--until-idle")
    return work.signalbox.job(job_id).status


def test_a_job_of_the_inbox_is_held_until_its_setup_was_reviewed_and_again_once_it_changed(
    work: IsolatedWork,
) -> None:
    says(work, counting(work))
    put_into_inbox(work)
    held = work.signalbox.job("one")
    assert (held.status, held.hold_cause) == (JobStatus.HELD, HoldCause.TRUST)
    assert "has the project file set up its worktree" in str(held.hold_reason)
    assert "Setup" in work.signalbox("trust", "show", "one").out
    work.signalbox("trust", "grant", "one", "--whatever-the-repository-holds")
    assert run_on(work) is JobStatus.COMPLETED
    put_into_inbox(work, "two")
    assert work.signalbox.job("two").status is JobStatus.COMPLETED
    says(work, counting(work, "echo changed"))
    put_into_inbox(work, "three")
    assert work.signalbox.job("three").hold_cause is HoldCause.TRUST
    assert len(setups(work)) == 2


def test_what_a_person_lets_run_is_what_lies_in_the_worktree(work: IsolatedWork) -> None:
    script = work.repo / "edit.sh"
    script.write_text("echo more >> hello.py\n")
    work.git("add", "-A")
    work.git("commit", "-qm", "script")
    command = {"exe": "/bin/sh", "args": ["edit.sh"]}
    steps = [
        {**agent("echo 'echo evil >> hello.py' > edit.sh"), "name": "change"},
        {"tool": "shell", "name": "run", "command": command},
    ]
    pipeline = {
        "title": "t",
        "run_id": "run",
        "repo": str(work.repo),
        "workstreams": [{"id": "api", "steps": steps}],
    }
    file = work.signalbox.file("p.json", pipeline)
    work.signalbox("trust", "grant", file)
    work.signalbox.home.inbox.mkdir(parents=True, exist_ok=True)
    (work.signalbox.home.inbox / "p.json").write_text(json.dumps(pipeline))
    with work.signalbox.process("engine"):
        held = until(lambda: next((one for one in jobs_of(work) if one.hold_cause is HoldCause.TRUST), None))
    assert held.step_name == "run"
    assert "edit.sh has changed" in str(held.hold_reason)
    assert not (work.repo / "edit.sh").read_text().startswith("echo 'evil")
    work.signalbox("release", held.job_id)
    assert run_on(work, held.job_id) is JobStatus.COMPLETED
    assert work.content(work.tree("api").head).endswith("evil")


def jobs_of(work: IsolatedWork) -> list[Job]:
    with work.signalbox.store() as store:
        return list(store.list_jobs("run")) if store.get_run("run") is not None else []
