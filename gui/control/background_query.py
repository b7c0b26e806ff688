"""Answers the latest of a row of questions on a pool thread, for answers that have to wait for git or a disk."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot


class LatestAnswer(QObject):
    """One question at a time; an answer that came too late is dropped, and None is no answer.

    `answer` is called on the pool thread with each question.

    Signals:
        found: (what `answer` returned) the answer to the latest question, in the thread this object lives in.
    """

    found = Signal(object)
    _answered = Signal(object, object)

    def __init__(self, answer: Callable[[Any], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answer = answer
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._turn = 0
        self._answered.connect(self._on_answered)

    def ask(self, question: Any) -> None:
        """Ask; what was asked before is not wanted any more."""
        self.forget()
        self._pool.start(_Asked(self._turn, question, self))

    def forget(self) -> None:
        """Want no answer any more."""
        self._turn += 1
        self._pool.clear()

    def wait(self) -> None:
        """Forget, and wait until nobody is at work on an answer."""
        self.forget()
        self._pool.waitForDone()

    def answer(self, turn: int, question: Any) -> None:
        """Find the answer and tell it; called on the pool thread."""
        self._answered.emit(turn, self._answer(question))

    @Slot(object, object)
    def _on_answered(self, turn: int, answer: Any) -> None:
        if turn == self._turn and answer is not None:
            self.found.emit(answer)


class _Asked(QRunnable):
    def __init__(self, turn: int, question: Any, asker: LatestAnswer) -> None:
        super().__init__()
        self._turn, self._question, self._asker = turn, question, asker

    def run(self) -> None:
        self._asker.answer(self._turn, self._question)
