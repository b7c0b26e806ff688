"""Every way in which an engine stops, and what becomes of its running and its waiting jobs.

See the table "When an engine stops" of specs/lifecycle.md; what the engine stopped is no person's cancel.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.host.engine_service import EngineService
from state.records import AttemptStatus, HoldCause, JobStatus
from tests.helpers.command_line import CommandLine, until
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
Stop = Callable[[CommandLine], None]

# The first attempt shows that it runs and goes on for ever; the next one succeeds.
ONCE = 'echo here; [ -e "$1" ] && exit 0; touch "$1"; exec sleep 600'
# As the first, but it goes on until a second file is there: for engines that are killed, whose jobs are adopted.
UNTIL = 'echo here; touch "$1"; while [ ! -e "$1.go" ]; do sleep 0.05; done'


def pipeline(signalbox: CommandLine, script: str = ONCE, **metadata: object) -> Path:
    """The tests, and a step that waits for them."""
    first = {
        "name": "first", "tool": "tests", "metadata": metadata,
        "command": {"exe": "sh", "args": ["-c", script, "sh", str(mark(signalbox))]},
    }  # fmt: skip
    second = {"name": "second", "tool": "shell", "command": {"exe": "true"}}
    return signalbox.file(
        "p.json", {"title": "A line", "workstreams": [{"id": "line", "steps": [first, second]}]}
    )


def mark(signalbox: CommandLine) -> Path:
    return signalbox.folder / "begun"


def ids(signalbox: CommandLine) -> list[str]:
    return [job["job_id"] for job in signalbox("jobs", "--json").json]


def begun(signalbox: CommandLine) -> None:
    until(lambda: mark(signalbox).exists() or None)


def statuses(signalbox: CommandLine) -> list[JobStatus]:
    return [signalbox.job(job_id).status for job_id in ids(signalbox)]


@contextmanager
def window(signalbox: CommandLine, **env: str) -> "Iterator[subprocess.Popen[bytes]]":
    argv = [sys.executable, "-m", "gui", "--home", str(signalbox.home.root)]
    program = subprocess.Popen(
        argv, cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **env},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield program
    finally:
        program.kill()
        program.wait()


def by_signals(command: str, *numbers: signal.Signals, code: int = 0) -> Stop:
    def stop(signalbox: CommandLine) -> None:
        file = pipeline(signalbox)
        words = (command, file) if command == "run" else (command,)
        if command == "engine":
            signalbox("submit", file)
        with signalbox.process(*words) as host:
            begun(signalbox)
            for number in numbers:
                host.send_signal(number)
            assert host.wait(PATIENCE_S) == code, host.communicate()

    return stop


def twice(signalbox: CommandLine) -> None:
    """The second signal comes while a job that is deaf to SIGTERM is being stopped."""
    signalbox(
        "submit",
        pipeline(signalbox, "trap '' TERM INT; " + ONCE.replace("exec sleep 600", "sleep 600; sleep 600")),
    )
    with signalbox.process("engine") as host:
        begun(signalbox)
        host.send_signal(signal.SIGTERM)
        until(lambda: next(signalbox.home.attempts.glob("*/stop"), None))
        host.send_signal(signal.SIGTERM)
        until(lambda: _ended_by_another(host))
        assert host.returncode == 130, host.communicate()


def _ended_by_another(host: "subprocess.Popen[str]") -> bool | None:
    host.send_signal(signal.SIGTERM)
    try:
        host.wait(0.2)
    except subprocess.TimeoutExpired:
        return None
    return True


def by_window(*numbers: signal.Signals) -> Stop:
    def stop(signalbox: CommandLine) -> None:
        signalbox("submit", pipeline(signalbox))
        with window(signalbox) as program:
            begun(signalbox)
            for number in numbers:
                program.send_signal(number)
            assert program.wait(PATIENCE_S) == 0

    return stop


def through_the_api(signalbox: CommandLine) -> None:
    signalbox("submit", pipeline(signalbox))
    code = (
        "import sys, time, pathlib; from gui.app import ControlRoom; from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([]); room = ControlRoom(sys.argv[1])\n"
        "while not pathlib.Path(sys.argv[2]).exists(): app.processEvents(); time.sleep(0.02)\n"
        "room.close()"
    )
    argv = [sys.executable, "-c", code, str(signalbox.home.root), str(mark(signalbox))]
    subprocess.run(
        argv, check=True, cwd=ROOT, timeout=PATIENCE_S, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    )


def by_service(mode: str) -> Stop:
    def stop(signalbox: CommandLine) -> None:
        signalbox("submit", pipeline(signalbox))
        service = EngineService(signalbox.home)
        until(lambda: (service.step() and mark(signalbox).exists()) or None)
        service.close(mode)

    return stop


STOPS: dict[str, Stop] = {
    "engine, SIGTERM": by_signals("engine", signal.SIGTERM),
    "engine, SIGINT": by_signals("engine", signal.SIGINT),
    "engine, SIGHUP": by_signals("engine", signal.SIGHUP),
    "engine, five SIGTERM at once": by_signals("engine", *[signal.SIGTERM] * 5),
    "engine, a second signal": twice,
    "run, SIGTERM": by_signals("run", signal.SIGTERM, code=130),
    "run, SIGHUP": by_signals("run", signal.SIGHUP, code=130),
    "window, SIGTERM": by_window(signal.SIGTERM),
    "window, SIGHUP": by_window(signal.SIGHUP),
    "ControlRoom.close": through_the_api,
    "EngineService.close": by_service("stop"),
}


@pytest.mark.parametrize("how", STOPS)
def test_what_an_engine_stopped_is_no_persons_cancel_and_goes_on_with_the_next_engine(
    signalbox: CommandLine, how: str
) -> None:
    STOPS[how](signalbox)
    if how != "engine, a second signal":  # its engine did not wait for the end, which the next one records
        assert statuses(signalbox) == [JobStatus.QUEUED, JobStatus.QUEUED]
    signalbox("engine", "--until-idle")
    assert statuses(signalbox) == [JobStatus.COMPLETED, JobStatus.COMPLETED]
    with signalbox.store() as store:
        attempts = store.list_attempts(ids(signalbox)[0])
    assert [one.status for one in attempts] == [AttemptStatus.INTERRUPTED, AttemptStatus.COMPLETED]
    assert attempts[0].failure_class == "stopped"
    assert signalbox.job(ids(signalbox)[0]).interruptions == 0
    signalbox("doctor", "--strict")


LOST: dict[str, tuple[signal.Signals, str]] = {
    "engine, SIGKILL": (signal.SIGKILL, "engine"),
    "run, SIGKILL": (signal.SIGKILL, "run"),
}


@pytest.mark.parametrize("how", LOST)
def test_the_jobs_of_a_killed_engine_go_on_with_their_shims_and_are_adopted(
    signalbox: CommandLine, how: str
) -> None:
    number, command = LOST[how]
    file = pipeline(signalbox, UNTIL)
    if command == "engine":
        signalbox("submit", file)
    with signalbox.process(*((command, file) if command == "run" else (command,))) as host:
        begun(signalbox)
        host.send_signal(number)
        host.wait(PATIENCE_S)
    goes_on_and_is_adopted(signalbox)


def goes_on_and_is_adopted(signalbox: CommandLine) -> None:
    assert statuses(signalbox) == [JobStatus.RUNNING, JobStatus.QUEUED]
    mark(signalbox).with_name("begun.go").touch()
    signalbox("engine", "--until-idle")
    assert statuses(signalbox) == [JobStatus.COMPLETED, JobStatus.COMPLETED]
    assert signalbox.job(ids(signalbox)[0]).attempts == 1
    signalbox("doctor", "--strict")


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server that can be killed")
def test_the_jobs_of_a_window_whose_display_is_gone_go_on_and_are_adopted(
    signalbox: CommandLine,
) -> None:
    signalbox("submit", pipeline(signalbox, UNTIL))
    with (
        display() as (server, name),
        window(signalbox, QT_QPA_PLATFORM="xcb", DISPLAY=name) as program,
    ):
        begun(signalbox)
        server.kill()
        assert program.wait(PATIENCE_S) == 1
    goes_on_and_is_adopted(signalbox)


@contextmanager
def display() -> "Iterator[tuple[subprocess.Popen[bytes], str]]":
    """An X server of its own on a free display."""
    read, write = os.pipe()
    argv = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    with subprocess.Popen(argv, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        try:
            yield server, ":" + os.read(read, 16).decode().strip()
        finally:
            os.close(read)
            server.kill()


def test_ctrl_c_on_run_cancels_its_jobs_as_its_help_says(signalbox: CommandLine) -> None:
    by_signals("run", signal.SIGINT, code=130)(signalbox)
    assert statuses(signalbox) == [JobStatus.CANCELLED, JobStatus.CANCELLED]


@pytest.mark.parametrize(
    ("rule", "status", "cause"),
    [
        ("rerun", JobStatus.QUEUED, None),
        ("hold", JobStatus.HELD, HoldCause.INTERRUPTED),
        ("fail", JobStatus.FAILED, None),
    ],
)
def test_a_stopped_job_follows_its_on_interrupted_rule(
    signalbox: CommandLine, rule: str, status: JobStatus, cause: HoldCause | None
) -> None:
    signalbox("submit", pipeline(signalbox, on_interrupted=rule))
    with signalbox.process("engine") as host:
        begun(signalbox)
        host.send_signal(signal.SIGTERM)
        assert host.wait(PATIENCE_S) == 0
    job = signalbox.job(ids(signalbox)[0])
    assert (job.status, job.hold_cause, job.interruptions) == (status, cause, 0)


def test_any_number_of_orderly_stops_neither_quarantines_a_job_nor_uses_up_its_retries(
    signalbox: CommandLine,
) -> None:
    script = 'echo here; touch "$1"; exec sleep 600'
    signalbox("submit", pipeline(signalbox, script, retry={"limit": 1, "interval_sec": 0.1}))
    for _ in range(4):
        mark(signalbox).unlink(missing_ok=True)
        with signalbox.process("engine") as host:
            begun(signalbox)
            host.send_signal(signal.SIGTERM)
            assert host.wait(PATIENCE_S) == 0
    job = signalbox.job(ids(signalbox)[0])
    assert (job.status, job.quarantined, job.interruptions) == (JobStatus.QUEUED, False, 0)
    assert job.max_attempts - job.attempts == 2, "as many as before the first stop"


def test_a_person_who_cancels_while_the_engine_stops_has_cancelled(signalbox: CommandLine) -> None:
    signalbox("submit", pipeline(signalbox, "trap '' TERM INT; touch \"$1\"; sleep 600; sleep 600"))
    with signalbox.process("engine") as host:
        begun(signalbox)
        host.send_signal(signal.SIGTERM)
        until(lambda: next(signalbox.home.attempts.glob("*/stop"), None))
        signalbox("cancel", ids(signalbox)[0])
        assert host.wait(PATIENCE_S) == 0
    assert statuses(signalbox) == [JobStatus.CANCELLED, JobStatus.QUEUED]
