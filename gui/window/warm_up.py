"""What the window needs soon after its first paint, made beforehand in turns with nothing else to do."""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from gui.guarded import Guarded

_PAUSE_MS = 10


class WarmUp(Guarded, QObject):
    """Does one task per turn of the event loop, beginning after the first paint of a window.

    Each task stays far below a frame; they are run in their order, each once.
    """

    def __init__(
        self, window: QWidget, tasks: Iterable[Callable[[], object]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._tasks = deque(tasks)
        self._timer = QTimer(self, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._on_timeout)
        window.installEventFilter(self)

    @property
    def left(self) -> int:
        """How many tasks are still to be done."""
        return len(self._tasks)

    def stop(self) -> None:
        """Do no more of them."""
        self._window.removeEventFilter(self)
        self._timer.stop()
        self._tasks.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Begin after the first paint."""
        if event.type() is QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._timer.start()
        return super().eventFilter(watched, event)

    @Slot()
    def _on_timeout(self) -> None:
        if self._tasks:
            self._tasks.popleft()()
        else:
            self._timer.stop()
