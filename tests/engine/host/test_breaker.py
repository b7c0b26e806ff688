"""X21, X22: a tool that cannot be started does not storm, and a silent one does no harm to others; real processes."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.host.commands import AddJobs, LiftHold, RetryJobs
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system.home import Home
from state.records import AttemptStatus, HoldKind, JobStatus, Limit, LimitKind
from tests.helpers.command_line import until


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineService]:
    made = EngineService(Home.at(tmp_path / "home"))
    made.store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1))
    yield made
    made.close("stop")


def add(engine: EngineService, folder: Path, *jobs: dict[str, Any]) -> None:
    specs = [job_from_mapping(job, base=folder) for job in jobs]
    items = [Accepted(spec=spec, digest=spec.digest()) for spec in specs]
    engine.carry_out(AddJobs(jobs=items, run_id="r1"))


def command(job_id: str, *argv: str, **metadata: object) -> dict[str, Any]:
    exe, *args = argv
    return {"job_id": job_id, "tool": "shell", "command": {"exe": exe, "args": args}, "metadata": metadata}


def states(engine: EngineService) -> dict[str, str]:
    return {job.job_id: job.status.value for job in engine.store.list_jobs("r1")}


def run_until(engine: EngineService, holds: Callable[[], bool]) -> None:
    def look() -> bool | None:
        engine.step()
        return holds() or None

    until(look)


def missing(folder: Path) -> str:
    return str(folder / "gone")


def not_executable(folder: Path) -> str:
    file = folder / "plain"
    file.write_text("#!/bin/sh\n")
    file.chmod(0o600)
    return str(file)


def a_folder(folder: Path) -> str:
    (folder / "folder").mkdir(exist_ok=True)
    return str(folder / "folder")


@pytest.mark.parametrize("program", [missing, not_executable, a_folder])
def test_x21_what_cannot_be_started_is_tried_five_times_and_then_stopped(
    engine: EngineService, tmp_path: Path, program: Callable[[Path], str]
) -> None:
    exe = program(tmp_path)
    add(engine, tmp_path, *(command(f"j{n}", exe, retry={"limit": 9}) for n in range(12)))
    run_until(engine, lambda: bool(engine.store.queue_control.holds()))
    for _ in range(20):
        engine.step()
    assert sorted(states(engine).values()) == ["failed"] * 5 + ["queued"] * 7
    attempts = [one for n in range(12) for one in engine.store.list_attempts(f"j{n}")]
    assert [one.status for one in attempts] == [AttemptStatus.SPAWN_FAILED] * 5
    (hold,) = engine.store.queue_control.holds()
    assert (hold.kind, hold.key) == (HoldKind.TOOL, "shell")
    assert Path(exe).name in hold.reason
    assert engine.step().idle


def test_x21_once_repaired_and_resumed_the_rest_runs(engine: EngineService, tmp_path: Path) -> None:
    exe = tmp_path / "later"
    add(engine, tmp_path, *(command(f"j{n}", str(exe)) for n in range(7)))
    run_until(engine, lambda: bool(engine.store.queue_control.holds()))
    exe.symlink_to("/bin/true")
    engine.carry_out(LiftHold(hold_kind=HoldKind.TOOL, key="shell"))
    run_until(
        engine, lambda: "queued" not in states(engine).values() and "running" not in states(engine).values()
    )
    assert sorted(states(engine).values()) == ["completed"] * 2 + ["failed"] * 5
    assert engine.store.queue_control.holds() == []
    engine.carry_out(RetryJobs(job_ids=[name for name, state in states(engine).items() if state == "failed"]))
    run_until(engine, lambda: set(states(engine).values()) == {"completed"})


def test_x21_a_shell_that_does_not_find_its_program_counts_too(engine: EngineService, tmp_path: Path) -> None:
    add(engine, tmp_path, *(command(f"j{n}", "/bin/sh", "-c", "exit 127") for n in range(7)))
    run_until(engine, lambda: bool(engine.store.queue_control.holds()))
    assert sorted(states(engine).values()) == ["failed"] * 5 + ["queued"] * 2


def test_x21_a_tool_that_starts_and_fails_at_once_is_no_broken_tool(
    engine: EngineService, tmp_path: Path
) -> None:
    add(engine, tmp_path, *(command(f"j{n}", "/bin/false") for n in range(7)))
    run_until(engine, lambda: set(states(engine).values()) == {"failed"})
    assert engine.store.queue_control.holds() == []


def test_x22_a_silent_tool_is_stopped_and_the_others_run(engine: EngineService, tmp_path: Path) -> None:
    engine.store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=2))
    listen = "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\n"
    listen += "c = socket.create_connection(s.getsockname())\nc.recv(1)"
    add(
        engine,
        tmp_path,
        command("silent", sys.executable, "-c", listen, silence_timeout_seconds=1),
        *(command(f"j{n}", "/bin/true") for n in range(4)),
    )
    run_until(engine, lambda: not {"queued", "running"} & set(states(engine).values()))
    statuses = states(engine)
    assert statuses.pop("silent") == JobStatus.TIMEOUT
    assert set(statuses.values()) == {"completed"}
    (attempt,) = engine.store.list_attempts("silent")
    assert attempt.failure_class == "stalled"
