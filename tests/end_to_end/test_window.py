"""The whole house through its window: real files, real processes, a real engine, and other processes beside it."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal, Slot
from pytestqt.qtbot import QtBot

from engine.state_store.job_state_store import JobStateStore
from gui.app import ControlRoom
from gui.application.single_instance import SingleInstance
from state.records import Attempt, JobStatus
from tests.helpers.command_line import CommandLine
from tests.helpers.control_room import (
    card,
    column,
    drop,
    job_file,
    press_add,
    started,
    until,
    waits_for,
)
from tests.helpers.marked_processes import marked
from tests.helpers.patience import PATIENCE_MS, PATIENCE_S

OpenRoom = Callable[[], ControlRoom]
ROOT = Path(__file__).resolve().parents[2]


def status(room: ControlRoom, job_id: str) -> str:
    job = room.projection.jobs.get(job_id)
    return "" if job is None else job.status.value


def attempts(signalbox: CommandLine, job_id: str) -> list[Attempt]:
    with closing(JobStateStore(home=signalbox.home)) as store:
        return store.list_attempts(job_id)


def engines(signalbox: CommandLine) -> list[str]:
    with closing(JobStateStore(home=signalbox.home)) as store:
        return [engine.engine_id for engine in store.open_engines()]


def reap(*pids: int) -> None:
    """Wait for these children, and for the shims they took over, which a program that ends would leave to init."""
    left = set(pids)
    while left:
        left.discard(os.waitpid(-1, 0)[0])
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


@contextmanager
def program(signalbox: CommandLine, *words: str | Path) -> "Iterator[subprocess.Popen[bytes]]":
    """The window as a program of its own."""
    argv = [sys.executable, "-m", "gui", "--home", str(signalbox.home.root), *map(str, words)]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(argv, cwd=ROOT, env=env, stderr=subprocess.DEVNULL) as started:
        try:
            yield started
        finally:
            started.kill()


def test_a_file_dropped_on_the_window_ends_as_a_card_in_done(
    open_room: OpenRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    room = open_room()
    drop(room, job_file(tmp_path / "work", "greet"))
    press_add(room, qtbot)
    until(qtbot, lambda: column(room, "greet") == "done")
    found = card(room, "greet")
    assert found is not None
    assert found.state == "completed"


def test_a_job_of_the_command_line_shows_up_in_an_open_window_and_finishes(
    open_room: OpenRoom, signalbox: CommandLine, qtbot: QtBot, tmp_path: Path
) -> None:
    room = open_room()
    until(qtbot, lambda: room.host.is_running)
    with signalbox.process("submit", "--trust", job_file(tmp_path / "work", "elsewhere")) as submit:
        out, err = submit.communicate(timeout=PATIENCE_S)
    assert (submit.returncode, out.split()) == (0, ["elsewhere"]), err
    until(qtbot, lambda: column(room, "elsewhere") == "done")


def test_a_job_that_the_command_line_runs_itself_is_watched_in_an_open_window(
    open_room: OpenRoom, signalbox: CommandLine, qtbot: QtBot, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    room = open_room()
    until(qtbot, lambda: room.host.is_running)
    with signalbox.process("run", "--trust", job_file(tmp_path / "work", "watched", waits_for(go))) as run:
        until(qtbot, lambda: column(room, "watched") == "running")
        go.touch()
        until(qtbot, lambda: column(room, "watched") == "done")
        out, err = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 0, out + err


def test_an_engine_alongside_an_open_window_shares_the_queue_and_nothing_runs_twice(
    open_room: OpenRoom, signalbox: CommandLine, qtbot: QtBot, tmp_path: Path
) -> None:
    room = open_room()
    until(qtbot, lambda: room.host.is_running)
    ledger, folder = tmp_path / "ledger", tmp_path / "work"
    note = (
        f"import os; os.write(os.open({str(ledger)!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT), b'{{0}}\\n')"
    )
    files = [job_file(folder, f"job-{n}", note.format(f"job-{n}")) for n in range(16)]
    with signalbox.process("engine") as beside:
        until(qtbot, lambda: len(engines(signalbox)) == 2)
        drop(room, *files[1:])
        press_add(room, qtbot)
        until(qtbot, lambda: all(status(room, f"job-{n}") == "completed" for n in range(1, 16)))
        room.host.close("leave")
        until(qtbot, lambda: len(engines(signalbox)) == 1)
        with signalbox.process("submit", "--trust", files[0]) as submit:
            assert submit.wait(timeout=PATIENCE_S) == 0
        signalbox.await_job("job-0", lambda job: job.status is JobStatus.COMPLETED)
        beside.send_signal(signal.SIGTERM)
        assert beside.wait(timeout=PATIENCE_S) == 0
    assert Counter(ledger.read_text().split()) == Counter(f"job-{n}" for n in range(16))
    assert {len(attempts(signalbox, f"job-{n}")) for n in range(16)} == {1}


def test_the_queue_continues_behind_a_closed_window_and_leaves_no_process(
    open_room: OpenRoom, signalbox: CommandLine, qtbot: QtBot, tmp_path: Path
) -> None:
    go, folder = tmp_path / "go", tmp_path / "work"
    room = open_room()
    drop(
        room,
        job_file(folder, "first", waits_for(go)),
        job_file(folder, "second", depends_on=["first"]),
    )
    press_add(room, qtbot)
    until(qtbot, lambda: column(room, "first") == "running")
    room.window.close()
    question = room.shutdown.question
    assert question is not None
    with qtbot.waitSignal(room.ended, timeout=PATIENCE_MS):
        qtbot.mouseClick(question.buttons["background"], Qt.MouseButton.LeftButton)
        successor = room.shutdown._successor
    assert successor is not None
    assert signalbox.job("first").status is JobStatus.RUNNING
    go.touch()
    reap(successor)
    assert list(marked(signalbox.home)) == []
    again = open_room()
    assert [column(again, ws_id) for ws_id in ("first", "second")] == ["done", "done"]
    assert [len(attempts(signalbox, job_id)) for job_id in ("first", "second")] == [1, 1]


def test_what_runs_when_the_window_is_killed_is_taken_over_by_the_next_window(
    open_room: OpenRoom, signalbox: CommandLine, qtbot: QtBot, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    with program(signalbox) as killed:
        with signalbox.process(
            "submit", "--trust", job_file(tmp_path / "work", "long", waits_for(go))
        ) as submit:
            assert submit.wait(timeout=PATIENCE_S) == 0
        signalbox.await_job("long", lambda _job: started(go))
        killed.kill()
        killed.wait(timeout=PATIENCE_S)
    assert len(list(marked(signalbox.home))) >= 1
    room = open_room()
    until(qtbot, lambda: column(room, "long") == "running")
    go.touch()
    until(qtbot, lambda: column(room, "long") == "done")
    assert len(attempts(signalbox, "long")) == 1


def test_a_second_start_hands_its_files_to_the_first_window(
    open_room: OpenRoom, signalbox: CommandLine, qtbot: QtBot, tmp_path: Path
) -> None:
    room = open_room()
    one = SingleInstance(signalbox.home.root)
    assert one.claim()
    one.called.connect(room.add_files)
    file = job_file(tmp_path / "work", "handed")
    with program(signalbox, file) as second:
        until(qtbot, lambda: room.sheets.drop.is_open)
        assert second.wait(timeout=PATIENCE_S) == 0
    one.release()
    press_add(room, qtbot)
    until(qtbot, lambda: column(room, "handed") == "done")


class Emitter(QObject):
    """Says nothing and everything."""

    reported = Signal(object)


class Listener(QObject):
    """Counts what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: Counter[object] = Counter()

    @Slot(object)
    def _on_reported(self, what: object) -> None:
        self.heard[what] += 1

    def listen(self, emitter: Emitter) -> None:
        emitter.reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)


@pytest.mark.parametrize("value", [None, True])
def test_this_pyside_keeps_its_references_to_none_and_true(value: object, qtbot: QtBot) -> None:
    emitter, listener = Emitter(), Listener()
    listener.listen(emitter)
    for _ in range(60):
        for _ in range(1_000):
            emitter.reported.emit(value)
        qtbot.wait(0)
    until(qtbot, lambda: listener.heard[value] == 60_000)
