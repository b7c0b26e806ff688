"""Runs what waits outside Python (git, a disk, a database, another process) beside the GUI thread.

Loops of Python do not belong here: the interpreter lock would make the window wait for them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class _Task:
    work: Callable[[], Any]
    then: Callable[[Any], None]
    failed: Callable[[Exception], None] | None


class BackgroundTasks(QObject):
    """The background work of one owner, in threads that never outlive it: the owner calls `stop` or `wait` at its end.

    Results are delivered in the thread this object lives in, so `then` may touch widgets; `work` must not.
    """

    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None, *, threads: int = 1) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._open: set[_Task] = set()
        self._ended.connect(self._on_ended)

    @property
    def is_busy(self) -> bool:
        """Whether a result is still to be delivered."""
        return bool(self._open)

    def run_in_background(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], None],
        *,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call `work` on a pool thread after what was requested before, then `then` with what it returned.

        An exception goes to `failed`; without one it is raised in the GUI thread, where the program reports it.
        """
        task = _Task(work, then, failed)
        self._open.add(task)
        self._pool.start(_Runnable(task, self))

    def run_latest(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Run this in the place of everything requested before: nothing of that is delivered any more."""
        self.forget()
        self.run_in_background(work, then)

    def forget(self) -> None:
        """Start nothing that still waits, and deliver nothing of what runs."""
        self._open.clear()
        self._pool.clear()

    def stop(self) -> None:
        """Forget, and return once no thread is at work."""
        self.forget()
        self._pool.waitForDone()

    def wait(self) -> None:
        """Return once everything requested was carried out; its results are not delivered."""
        self._pool.waitForDone()
        self._open.clear()

    @Slot(object, object, object)
    def _on_ended(self, task: _Task, result: Any, error: Exception | None) -> None:
        if task not in self._open:
            return
        self._open.remove(task)
        if error is None:
            task.then(result)
        elif task.failed is not None:
            task.failed(error)
        else:
            raise error


class _Runnable(QRunnable):
    def __init__(self, task: _Task, owner: BackgroundTasks) -> None:
        super().__init__()
        self._task, self._owner = task, owner

    def run(self) -> None:
        result, error = None, None
        try:
            result = self._task.work()
        except Exception as raised:  # noqa: BLE001 - the top of a thread; it is raised again in the GUI thread
            error = raised
        self._owner._ended.emit(self._task, result, error)  # noqa: SLF001 - the other half of one thing
