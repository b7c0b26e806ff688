"""Saves the layout soon after a person has changed it, off the window's thread: a crash costs a second of it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.control.background_tasks import BackgroundTasks
from gui.control.preferences import Preferences
from gui.data.short_turns import short_turns

_SOON_MS = 800


class LayoutSaver(QObject):
    """Writes the preferences once something has changed, however often that is at most once in a while.

    Signals:
        failed: (str) the file could not be written, and why.
    """

    failed = Signal(str)

    def __init__(
        self, preferences: Preferences, collect: Callable[[], None], parent: QObject | None = None
    ) -> None:
        """`collect` puts what the window looks like now into the layout of the preferences."""
        super().__init__(parent)
        self._preferences, self._collect = preferences, collect
        self._tasks = BackgroundTasks(self)
        self._saved = ""
        self._is_stopped = False
        self._timer = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._timer.timeout.connect(self._on_timeout)

    @Slot()
    def save_soon(self) -> None:
        """Save within a second; what changes until then is saved with it."""
        if not self._is_stopped and not self._timer.isActive() and self._preferences.is_usable:
            self._timer.start()

    def stop(self) -> None:
        """Save nothing more, and return once nothing is being written."""
        self._is_stopped = True  # a window that closes reports the places of its parts once more
        self._timer.stop()
        self._tasks.wait()

    @Slot()
    def _on_timeout(self) -> None:
        short_turns().soon(self._save)  # what has just changed is often still to be laid out and painted

    def _save(self) -> None:
        if self._is_stopped:
            return
        self._collect()
        text = self._preferences.text()
        if text == self._saved:
            return
        self._saved = text
        self._tasks.run_in_background(lambda: self._preferences.write(text), self._show_end)

    def _show_end(self, problem: str) -> None:
        if problem:
            self._saved = ""
            self.failed.emit(problem)
