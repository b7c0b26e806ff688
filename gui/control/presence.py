"""When the user last touched the window, and since when they are away. Shows nothing."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow
from shiboken6 import isValid

from engine.system.private_files import write_private
from gui.control.background_tasks import BackgroundTasks
from gui.guarded import Guarded
from state.times import is_time

AWAY_AFTER_S = 30 * 60.0
_SAVE_EVERY_MS = 5 * 60 * 1000
_LONGEST = 40
_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.Drop,
    }
)


class Presence(Guarded, QObject):
    """Notes input in any window of the program; the last moment of it is kept in a file of the home.

    It watches the windows of the screen alone, through which all input comes: a filter of the application would run for
    every event of every widget.

    Args:
        file: remembers the moment of the last input, in epoch seconds; None remembers nothing.
        clock: epoch seconds.

    Signals:
        left: (float) no input since this moment, for half an hour or more: it is still so.
        returned: (float) there is input again, at this moment.
    """

    left = Signal(float)
    returned = Signal(float)

    def __init__(
        self,
        file: Path | None = None,
        *,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._file, self._clock = file, clock
        self._last = self._saved = 0.0 if file is None else min(_moment_in(file), clock())
        self._is_away = False
        self._watched: set[QWindow] = set()
        self._tasks = BackgroundTasks(self)
        self._due = QTimer(self, interval=_SAVE_EVERY_MS)
        self._due.timeout.connect(self.look)

    def start(self) -> None:
        """Say since when the user was away if the window was closed for long, and note input from now on."""
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._on_focus_window_changed)
            self._on_focus_window_changed(application.focusWindow())
        before, now = self._last, self._clock()
        if before and now - before >= AWAY_AFTER_S:
            self.left.emit(before)
            self.returned.emit(now)  # the user has just opened the window
        self._last = now
        self._due.start()

    def stop(self) -> None:
        """Note nothing any more, and return once the last input is remembered."""
        self._due.stop()
        self._remember()
        self._tasks.wait()
        for window in filter(isValid, self._watched):
            window.removeEventFilter(self)
        self._watched.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note input, and let it pass."""
        if event.type() in _INPUT:
            self._on_input()
        return super().eventFilter(watched, event)

    @Slot()
    def look(self) -> None:
        """See whether the user is away by now, and remember the last input in the background."""
        now = self._clock()
        if not self._is_away and now - self._last >= AWAY_AFTER_S:
            self._is_away = True
            self.left.emit(self._last)
        self._remember()

    def _remember(self) -> None:
        file, last = self._file, self._last
        if file is not None and last != self._saved:
            self._saved = last
            self._tasks.run_in_background(lambda: _write(file, last), _ignore)

    def _on_input(self) -> None:
        now = self._clock()
        was_away = self._is_away or now - self._last >= AWAY_AFTER_S
        since, announced = self._last, self._is_away
        self._last = now
        if was_away:
            if not announced:
                self.left.emit(since)
            self._is_away = False
            self.returned.emit(now)

    @Slot(QWindow)
    def _on_focus_window_changed(self, window: QWindow | None) -> None:
        """Watch every window of the program that ever had the focus: panels can float in windows of their own."""
        if window is not None and window not in self._watched:
            self._watched = {one for one in self._watched if isValid(one)} | {window}
            window.installEventFilter(self)


def _moment_in(file: Path) -> float:
    """The moment that a file holds; 0 where it holds none, as on the first start."""
    try:
        at = float(file.read_text(encoding="ascii")[:_LONGEST])
    except (OSError, ValueError):
        return 0.0
    return at if is_time(at) else 0.0


def _write(file: Path, at: float) -> None:
    with suppress(OSError):  # a summary too long or too short is no reason for a banner
        write_private(file, f"{at:.3f}\n")


def _ignore(_written: None) -> None:
    """Nothing follows."""
