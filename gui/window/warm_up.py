"""What the window needs soon after its first paint, made beforehand in short turns."""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from gui.control.background_tasks import BackgroundTasks
from gui.data.short_turns import short_turns
from gui.guarded import Guarded


class WarmUp(Guarded, QObject):
    """Does one task per short turn, beginning after the first paint of a window and the work it was given before.

    Each task stays far below a frame; they are run in their order, each once.
    """

    def __init__(
        self,
        window: QWidget,
        tasks: Iterable[Callable[[], object]],
        parent: QObject | None = None,
        *,
        before: Callable[[], object] | None = None,
    ) -> None:
        """Call `before` on a background thread, and the tasks once that is done."""
        super().__init__(parent)
        self._before, self._background = before, BackgroundTasks(self)
        self._window = window
        self._tasks = deque(tasks)
        window.installEventFilter(self)

    @property
    def left(self) -> int:
        """How many tasks are still to be done."""
        return len(self._tasks)

    def add(self, tasks: Iterable[Callable[[], object]]) -> None:
        """Do these, too, after the others."""
        self._tasks.extend(tasks)

    def stop(self) -> None:
        """Do no more of them."""
        self._window.removeEventFilter(self)
        self._tasks.clear()
        self._background.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Begin after the first paint."""
        if event.type() is QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._begin()
        return super().eventFilter(watched, event)

    def _begin(self) -> None:
        if self._before is None:
            self._go_on()
        else:
            self._background.run_in_background(self._before, self._on_ready)

    def _on_ready(self, _nothing: object) -> None:
        self._go_on()

    def _go_on(self) -> None:
        if self._tasks:
            short_turns().soon(self._do_next)

    def _do_next(self) -> None:
        try:
            if self._tasks:
                self._tasks.popleft()()
        finally:
            self._go_on()
