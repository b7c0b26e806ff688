"""What the window needs soon after its first paint, made beforehand in short turns."""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from gui.data.short_turns import short_turns
from gui.guarded import Guarded


class WarmUp(Guarded, QObject):
    """Does one task per short turn, beginning after the first paint of a window.

    Each task stays far below a frame; they are run in their order, each once.
    """

    def __init__(
        self, window: QWidget, tasks: Iterable[Callable[[], object]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Begin after the first paint."""
        if event.type() is QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            short_turns().soon(self._do_next)
        return super().eventFilter(watched, event)

    def _do_next(self) -> None:
        try:
            if self._tasks:
                self._tasks.popleft()()
        finally:
            if self._tasks:
                short_turns().soon(self._do_next)
