"""The engine's thread: who runs where, what an error does, and how it ends."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from engine.host.commands import Drain, EngineCommand, Pause, Resume
from engine.host.launch_reader import ReadFirst
from engine.host.outcome import Outcome
from engine.orchestrator.turn import StepReport
from gui.control.engine_host import Answer, EngineHost
from state.database_errors import DatabaseError, SignalboxError
from tests.helpers.patience import PATIENCE_S

Wait = Callable[[Callable[[], bool]], None]


@dataclass
class Machine:
    """An engine that records its calls and their threads."""

    threads: set[object] = field(default_factory=set)
    steps: int = 0
    closed_with: list[str] = field(default_factory=list)
    next_wake: float | None = None
    changed: bool = False
    breaks: Exception | None = None
    wake: Callable[[], None] = lambda: None
    reading: "Future[ReadFirst] | None" = None
    """What a pause has to wait for."""

    def step(self, _now: float) -> StepReport:
        self._note()
        self.steps += 1
        if self.breaks is not None:
            raise self.breaks
        return StepReport(next_wake=self.next_wake, changed=self.changed, running=0, idle=True)

    def on_wake(self, wake: Callable[[], None]) -> None:
        self.wake = wake

    def read_first(self, command: EngineCommand) -> "Future[ReadFirst] | None":
        self._note()
        return self.reading if isinstance(command, Pause) else None

    def carry_out(self, command: EngineCommand, read: ReadFirst | None = None) -> Outcome:
        self._note()
        assert (read is None) == (self.reading is None or not isinstance(command, Pause))
        match command:
            case Pause():
                return Outcome(refused={"x": command.reason})
            case Resume():
                raise SignalboxError("Job x is running; cancel it first.")
            case _:
                raise ZeroDivisionError("a bug")

    def close(self, mode: str) -> None:
        self._note()
        self.closed_with.append(mode)

    def _note(self) -> None:
        self.threads.add(QThread.currentThread())


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def host(machine: Machine, qtbot: QtBot) -> Iterator[EngineHost]:
    assert qtbot is not None
    made = EngineHost(lambda: machine)
    yield made
    made.close("stop")
    assert made.wait(PATIENCE_S)


def test_everything_of_the_engine_runs_in_one_thread_that_is_not_ours(
    host: EngineHost, machine: Machine, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(host.stepped):
        host.start()
    with qtbot.waitSignal(host.answered):
        host.run_command(Pause())
    assert len(machine.threads) == 1
    assert machine.threads != {QThread.currentThread()}


def test_a_command_that_waits_for_a_reading_keeps_no_step_and_no_other_command_waiting(
    host: EngineHost, machine: Machine, qtbot: QtBot, soon: Wait
) -> None:
    machine.reading, machine.next_wake = Future(), 0.0
    answers: list[Answer] = []
    host.answered.connect(answers.append)
    host.start()
    host.run_command(Pause())
    host.run_command(Resume())
    soon(lambda: [type(answer.command) for answer in answers] == [Resume])
    steps = machine.steps
    soon(lambda: machine.steps > steps + 5)
    with qtbot.waitSignal(host.answered):
        machine.reading.set_result(ReadFirst())
    assert [type(answer.command) for answer in answers] == [Resume, Pause]
    assert len(machine.threads) == 1


def answers_while_reading(host: EngineHost, machine: Machine, soon: Wait) -> list[Answer]:
    """The answers to two commands, of which the first waits for a reading and the second has been answered."""
    machine.reading = Future()
    answers: list[Answer] = []
    host.answered.connect(answers.append)
    host.start()
    host.run_command(Pause(reason="lunch"))
    host.run_command(Resume())
    soon(lambda: len(answers) == 1)
    return answers


def test_a_command_that_waits_for_a_reading_is_carried_out_before_the_engine_closes(
    host: EngineHost, machine: Machine, qtbot: QtBot, soon: Wait
) -> None:
    answers = answers_while_reading(host, machine, soon)
    with qtbot.waitSignal(host.closed):
        host.close("leave")
        machine.reading.set_result(ReadFirst())
    assert [dict(answer.outcome.refused) for answer in answers] == [{}, {"x": "lunch"}]


def test_a_reading_that_does_not_end_keeps_the_engine_from_closing_only_for_a_while(
    host: EngineHost, machine: Machine, qtbot: QtBot, soon: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.control.engine_host.READING_TIMEOUT_S", 0.1)
    answers = answers_while_reading(host, machine, soon)
    with qtbot.waitSignal(host.closed):
        host.close("leave")
    assert machine.closed_with == ["leave"]
    assert [type(answer.command) for answer in answers] == [Resume, Pause]
    assert answers[1].error.endswith("nothing was changed.")
    assert host.wait(PATIENCE_S)
    machine.reading.set_result(ReadFirst())
    qtbot.wait(1)
    assert len(answers) == 2, "what is read too late is not carried out"


def test_signals_are_delivered_in_the_window_s_thread(host: EngineHost, qtbot: QtBot) -> None:
    in_window_thread: list[bool] = []
    host.stepped.connect(lambda _report: in_window_thread.append(QThread.currentThread() is host.thread()))
    with qtbot.waitSignal(host.stepped):
        host.start()
    assert in_window_thread
    assert all(in_window_thread)


def test_it_steps_again_when_the_engine_requested(host: EngineHost, machine: Machine, soon: Wait) -> None:
    machine.next_wake = 0.0
    host.start()
    soon(lambda: machine.steps > 20)


def test_a_wake_from_any_thread_brings_a_step(host: EngineHost, machine: Machine, soon: Wait) -> None:
    machine.next_wake = time.time() + 3600
    host.start()
    soon(lambda: machine.steps == 1)
    other = threading.Thread(target=machine.wake)
    other.start()
    other.join()
    soon(lambda: machine.steps == 2)


def test_it_reports_a_change_only_when_there_was_one(
    host: EngineHost, machine: Machine, qtbot: QtBot
) -> None:
    changes: list[str] = []
    host.changed.connect(lambda: changes.append("changed"))
    with qtbot.waitSignal(host.stepped):
        host.start()
    assert changes == []
    machine.changed = True
    with qtbot.waitSignal(host.changed):
        host.wake()


def test_a_command_is_answered_with_its_result(host: EngineHost, qtbot: QtBot) -> None:
    host.start()
    with qtbot.waitSignals([host.answered, host.changed]):
        host.run_command(Pause())


def test_each_answer_carries_the_id_of_its_question(host: EngineHost, soon: Wait) -> None:
    answers: list[Answer] = []
    host.answered.connect(answers.append)
    host.start()
    requested = [host.run_command(command) for command in (Pause(reason="a"), Resume(), Pause(reason="b"))]
    soon(lambda: len(answers) == 3)
    assert [answer.question for answer in answers] == requested
    assert len(set(requested)) == 3
    assert [answer.outcome.refused.get("x") for answer in answers] == ["a", None, "b"]


def test_a_refused_command_is_answered_with_the_sentence_and_the_engine_lives(
    host: EngineHost, machine: Machine, qtbot: QtBot
) -> None:
    host.start()
    with qtbot.waitSignal(host.answered) as answered:
        host.run_command(Resume())
    answer: Answer = answered.args[0]
    assert answer.error == "Job x is running; cancel it first."
    assert machine.closed_with == []
    with qtbot.waitSignal(host.stepped):
        host.wake()


@pytest.mark.parametrize("where", ["step", "command"])
def test_a_bug_stops_the_engine_loudly_and_frees_its_locks(
    host: EngineHost, machine: Machine, qtbot: QtBot, where: str
) -> None:
    with qtbot.waitSignal(host.stepped):
        host.start()
    assert host.is_running
    with qtbot.waitSignal(host.failed) as failed:
        if where == "step":
            machine.breaks = ZeroDivisionError("a bug")
            host.wake()
        else:
            host.run_command(Drain())
    [failure] = failed.args
    assert failure.sentence == "ZeroDivisionError: a bug"
    assert failure.details.startswith("Traceback")
    assert machine.closed_with == ["leave"]
    assert not host.is_running


def test_a_stopped_engine_answers_that_it_is_stopped_and_can_be_started_again(
    host: EngineHost, machine: Machine, qtbot: QtBot
) -> None:
    machine.breaks = ZeroDivisionError("a bug")
    with qtbot.waitSignal(host.failed):
        host.start()
    with qtbot.waitSignal(host.answered) as answered:
        host.run_command(Pause())
    assert "start it again" in answered.args[0].error
    machine.breaks = None
    with qtbot.waitSignal(host.stepped):
        host.start()
    assert host.is_running


def test_an_engine_that_cannot_be_built_is_reported(qtbot: QtBot) -> None:
    def build() -> Machine:
        raise SignalboxError("The home is not writable.")

    host = EngineHost(build)
    with qtbot.waitSignal(host.failed) as failed:
        host.start()
    assert failed.args[0].sentence == "The home is not writable."
    with qtbot.waitSignal(host.closed):
        host.close("stop")
    assert host.wait(PATIENCE_S)


def itself(machine: Machine) -> Machine:
    return machine


def test_x07_an_engine_whose_database_cannot_be_opened_is_built_again_by_itself(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.control.engine_host.RETRY_S", 0.01)
    tries: list[int] = []

    def build() -> Machine:
        tries.append(1)
        if len(tries) < 3:
            raise DatabaseError("The disk is full.")
        return Machine()

    host = EngineHost(build)
    with qtbot.waitSignals([host.failed, host.stepped]):
        host.start()
    assert len(tries) == 3
    host.close("stop")
    assert host.wait(PATIENCE_S)


def test_closing_always_closes_the_engine(qtbot: QtBot) -> None:
    for _ in range(30):
        machine = Machine()
        host = EngineHost(partial(itself, machine))
        with qtbot.waitSignal(host.stepped):
            host.start()
        host.close("finish")
        assert host.wait(PATIENCE_S)
        assert machine.closed_with == ["finish"]


def test_closing_a_host_that_never_started_is_done_at_once(qtbot: QtBot) -> None:
    host = EngineHost(Machine)
    with qtbot.waitSignal(host.closed):
        host.close("stop")
    assert host.wait(1)


def test_sixty_thousand_emits_with_none_and_true_abort_nothing(host: EngineHost, qtbot: QtBot) -> None:
    received = [0]

    def count(_value: object) -> None:
        received[0] += 1

    host.answered.connect(count)
    for number in range(60_000):
        host.answered.emit(None if number % 2 else True)
    assert received == [60_000]
    assert qtbot is not None
