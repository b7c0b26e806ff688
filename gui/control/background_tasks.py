"""Runs work that waits outside Python (for git, a disk, a database, another process) in the background.

Long Python loops do not belong here: the interpreter lock would make the window wait for them.
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
    """Runs the background work of one owner, who calls `stop` or `wait` at its end, so that no thread outlives it.

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
        """Whether a result is still outstanding."""
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
        """Run this instead of everything requested before, whose results are dropped."""
        self.forget()
        self.run_in_background(work, then)

    def forget(self) -> None:
        """Drop the work that has not started, and the results of the work that runs."""
        self._open.clear()
        self._pool.clear()

    def stop(self) -> None:
        """Drop everything, and return once no thread works."""
        self.forget()
        self._pool.waitForDone()

    def wait(self) -> None:
        """Return once all requested work is done; its results are not delivered."""
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
        except Exception as raised:  # noqa: BLE001 - the top of a thread; raised again in the GUI thread
            error = raised
        self._owner._ended.emit(self._task, result, error)  # noqa: SLF001 - the two classes are one unit
