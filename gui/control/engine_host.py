"""The engine's thread: builds the engine, steps it when a step is due, and passes commands to it.

Knows when to step and nothing of what a step does; the engine never sees the window.
"""

import itertools
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from engine.host.commands import EngineCommand
from engine.host.outcome import Outcome
from gui.control.failure import Failure, sentence_of
from gui.translation import tr
from state.database_errors import DatabaseError, SignalboxError

if TYPE_CHECKING:
    from engine.host.launch_reader import ReadFirst
    from engine.orchestrator.turn import StepReport

READING_TIMEOUT_S = 5.0
"""How long the end of the engine waits for what commands need to be read; a huge repository takes minutes."""
HEARTBEAT_S = 2.0
"""The longest pause between two steps: after 5 s the status bar reports that the engine does not step."""
RETRY_S = 5.0
"""How soon to retry building an engine whose database could not be opened."""


class HostedEngine(Protocol):
    """What the host needs of an engine; every call comes from the engine's own thread."""

    def step(self, now: float) -> "StepReport":
        """Record ended attempts and start jobs that may start; never waits for a job."""

    def on_wake(self, wake: Callable[[], None]) -> None:
        """Call `wake`, from any thread, when a step is due early."""

    def read_first(self, command: EngineCommand) -> "Future[ReadFirst] | None":
        """Begin to read on another thread what `carry_out` needs for a command; None if it needs nothing."""

    def carry_out(self, command: EngineCommand, read: "ReadFirst | None" = None) -> Outcome:
        """Carry out a person's command; raises SignalboxError with a sentence for the user."""

    def close(self, mode: str) -> None:
        """Close the engine: ``leave`` the jobs running, ``finish``, ``stop`` or ``cancel`` them."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to a command: its outcome, or the sentence that says why nothing was done.

    `question` is the id `EngineHost.run_command` gave it: whoever waits takes the answer to its own question alone.
    """

    question: int
    command: EngineCommand
    outcome: Outcome = field(default_factory=Outcome)
    error: str = ""


class _Worker(QObject):
    """The part that lives in the engine's thread, where its slots run one after the other."""

    stepped = Signal(object)
    failed = Signal(object)
    answered = Signal(object)
    closed = Signal()
    _woken = Signal()
    _read = Signal(int)

    def __init__(self, factory: Callable[[], HostedEngine], clock: Callable[[], float]) -> None:
        super().__init__()
        self._factory, self._clock = factory, clock
        self._engine: HostedEngine | None = None
        self._timer: QTimer | None = None
        self._due = False
        self._closing = False
        self._reading: dict[int, tuple[EngineCommand, Future[ReadFirst]]] = {}
        """Commands for which something is being read; the engine goes on meanwhile."""
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)
        self._read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def begin(self) -> None:
        """Build the engine here, so that its connection and its locks belong to this thread."""
        if self._engine is not None:
            return
        if self._timer is None:
            self._timer = QTimer(self)
            self._timer.setSingleShot(True)
            self._timer.setTimerType(Qt.TimerType.PreciseTimer)
            self._timer.timeout.connect(self._on_time)
        try:
            engine = self._factory()
            engine.on_wake(self.wake)
        except DatabaseError as error:  # a full disk or a lock, which may pass by itself
            self._fail(error)
            self._timer.start(round(RETRY_S * 1000))
            return
        except Exception as error:  # noqa: BLE001  # the top of a thread: the window reports it and offers a restart
            self._fail(error)
            return
        self._engine = engine
        self._step()

    def wake(self) -> None:
        """Request a step; only signals, so it may be called from any thread, any number of times."""
        if not self._due:
            self._due = True
            self._woken.emit()

    @Slot(int, object)
    def carry_out(self, question: int, command: EngineCommand) -> None:
        """Carry out one command, once what it needs has been read, and step at once so that its effect shows."""
        if self._engine is None:
            error = tr("The engine is not running; start it again first.")
            self.answered.emit(Answer(question=question, command=command, error=error))
            return
        try:
            reading = self._engine.read_first(command)
            if reading is None:
                outcome = self._engine.carry_out(command)
        except Exception as error:  # noqa: BLE001  # as above
            self._refuse(question, command, error)
            return
        if reading is None:
            self._answer(question, command, outcome)
            return
        self._reading[question] = command, reading
        reading.add_done_callback(partial(self._on_reading_done, question))

    def _on_reading_done(self, question: int, _reading: "Future[ReadFirst]") -> None:
        if not self._closing:  # then nobody listens any more; called on any thread
            self._read.emit(question)

    @Slot(int)
    def _on_read(self, question: int) -> None:
        """Carry out a command whose reading has ended, or wait for its end."""
        if question not in self._reading:
            return
        command, reading = self._reading.pop(question)
        if self._engine is None:
            self._answer_stopped(question, command)
            return
        try:
            outcome = self._engine.carry_out(command, reading.result())
        except Exception as error:  # noqa: BLE001  # as above
            self._refuse(question, command, error)
            return
        self._answer(question, command, outcome)

    def _answer(self, question: int, command: EngineCommand, outcome: Outcome) -> None:
        self.answered.emit(Answer(question=question, command=command, outcome=outcome))
        self._step()

    def _answer_stopped(self, question: int, command: EngineCommand) -> None:
        error = tr("The engine has stopped; nothing was changed.")
        self.answered.emit(Answer(question=question, command=command, error=error))

    def _refuse(self, question: int, command: EngineCommand, error: Exception) -> None:
        """Report why nothing was done; what is not a refusal also stops the engine."""
        if isinstance(error, SignalboxError):
            self.answered.emit(Answer(question=question, command=command, error=str(error)))
            return
        self.answered.emit(Answer(question=question, command=command, error=sentence_of(error)))
        self._fail(error)

    @Slot(str)
    def close(self, mode: str) -> None:
        """Close the engine and emit `closed`; runs once."""
        if self._closing:
            return
        self._closing = True
        if self._timer is not None:
            self._timer.stop()
        self._end_readings()
        engine, self._engine = self._engine, None
        try:
            if engine is not None:
                engine.close(mode)
        except Exception as error:  # noqa: BLE001  # the thread must end whatever happens here
            self.failed.emit(Failure.of(error))
        finally:
            self.closed.emit()

    def _end_readings(self) -> None:
        """Carry out before the end what was requested before it, as far as it is read in time."""
        wait([reading for _command, reading in self._reading.values()], READING_TIMEOUT_S)
        for question, (command, reading) in list(self._reading.items()):
            if reading.done():
                self._on_read(question)
            else:
                del self._reading[question]
                self._answer_stopped(question, command)

    @Slot()
    def _on_woken(self) -> None:
        self._step()

    @Slot()
    def _on_time(self) -> None:
        if self._engine is None and not self._closing:
            self.begin()
        else:
            self._step()

    def _step(self) -> None:
        self._due = False
        if self._engine is None or self._timer is None or self._closing:
            return
        now = self._clock()
        try:
            report = self._engine.step(now)
        except Exception as error:  # noqa: BLE001  # as above
            self._fail(error)
            return
        pause = HEARTBEAT_S if report.next_wake is None else min(report.next_wake - now, HEARTBEAT_S)
        self._timer.start(max(0, round(pause * 1000)))
        self.stepped.emit(report)

    def _fail(self, error: Exception) -> None:
        """Release the engine, so that its locks are free for the next one, and report the error."""
        failure = Failure.of(error)
        if self._timer is not None:
            self._timer.stop()
        engine, self._engine = self._engine, None
        if engine is not None:
            try:
                engine.close("leave")
            except Exception as second:  # noqa: BLE001  # reported together with the first error
                details = f"{failure.details}\nand while closing it: {sentence_of(second)}"
                failure = replace(failure, details=details)
        self.failed.emit(failure)


class EngineHost(QObject):
    """Hosts one engine in a thread of its own.

    Signals:
        stepped: (StepReport) the engine made a step.
        changed: a step or a command wrote something; the feed should read.
        failed: (Failure) the engine stopped on an error.
        answered: (Answer) the answer to a command.
        closed: the engine is closed and its thread has nothing left to do.
    """

    stepped = Signal(object)
    changed = Signal()
    failed = Signal(object)
    answered = Signal(object)
    closed = Signal()
    _begin = Signal()
    _command = Signal(int, object)
    _close = Signal(str)

    def __init__(
        self,
        factory: Callable[[], HostedEngine],
        *,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        """Host what `factory` builds; it is called in the engine's thread. `clock` returns epoch seconds."""
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("engine")
        self._worker = _Worker(factory, clock)
        self._worker.moveToThread(self._thread)
        self._running = False
        self._questions = itertools.count(1)
        self._begin.connect(self._worker.begin)
        self._command.connect(self._worker.carry_out)
        self._close.connect(self._worker.close)
        self._worker.stepped.connect(self._on_stepped)
        self._worker.failed.connect(self._on_failed)
        self._worker.answered.connect(self._on_answered)
        self._worker.closed.connect(self._on_closed)
        # Direct, from the engine's thread: `quit` must come after the close slot has run, not race with it.
        self._worker.closed.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)

    @property
    def is_running(self) -> bool:
        """Whether the engine has stepped and has neither failed nor been closed since."""
        return self._running

    def start(self) -> None:
        """Start the thread and build the engine in it; after a failure, build another engine."""
        if not self._thread.isRunning():
            self._thread.start()
        self._begin.emit()

    def run_command(self, command: EngineCommand) -> int:
        """Send a command to the engine and return the id that its answer will carry."""
        question = next(self._questions)
        self._command.emit(question, command)
        return question

    @Slot()
    def wake(self) -> None:
        """Make the engine step soon."""
        self._worker.wake()

    def close(self, mode: str) -> None:
        """Close the engine in this mode; `closed` follows."""
        if self._thread.isRunning():
            self._close.emit(mode)
        else:
            self.closed.emit()

    def wait(self, timeout_s: float = 30.0) -> bool:
        """Wait for the thread to end after `close`; False if it has not ended within the time."""
        return self._thread.wait(round(timeout_s * 1000))

    @Slot(object)
    def _on_stepped(self, report: "StepReport") -> None:
        self._running = True
        self.stepped.emit(report)
        if report.changed:
            self.changed.emit()

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        self.answered.emit(answer)
        if not answer.error:
            self.changed.emit()

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        self._running = False
        self.failed.emit(failure)

    @Slot()
    def _on_closed(self) -> None:
        self._running = False
        self.closed.emit()
