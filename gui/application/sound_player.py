"""Plays short sounds with a program of the system, or has the system beep where there is none. Decides nothing."""

import shutil
from collections.abc import Callable
from importlib import resources

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from gui.control.notification import NotificationKind

_PLAYERS = (("paplay",), ("pw-play",), ("aplay", "-q"), ("afplay",))
"""Programs that play a WAV file and end: of PulseAudio, PipeWire, ALSA and macOS."""
_LONGEST_MS = 5000
"""A player that takes longer waits for a device that does not answer."""
_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")
"""On Linux the player dies with us even if we are killed."""


def player_command(which: Callable[[str], str | None] = shutil.which) -> tuple[str, ...]:
    """The words that play the file named after them; empty where no player is found."""
    found = next((player for player in _PLAYERS if which(player[0])), ())
    return (*_WITH_US, *found) if found and which(_WITH_US[0]) else found


class SystemSoundPlayer(QObject):
    """Plays one sound at a time; a player that cannot, as without a sound server, is not used again.

    Signals:
        beeped: no program could play the sound, so the system has beeped, which not every one can.
    """

    beeped = Signal()

    def __init__(self, command: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._process = QProcess(self)
        self._process.setStandardOutputFile(QProcess.nullDevice())
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.errorOccurred.connect(self._on_failed)
        self._process.finished.connect(self._on_finished)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(_LONGEST_MS)
        self._limit.timeout.connect(self._process.kill)

    @property
    def is_playing(self) -> bool:
        """Whether a player is at work."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def play(self, kind: NotificationKind) -> None:
        """Begin to play the sound of a kind; ignored while another is played."""
        if self.is_playing:
            return
        if not self._command:
            self._beep()
            return
        file = resources.files("resources") / "sounds" / f"{kind}.wav"
        program, *words = self._command
        self._process.start(program, [*words, str(file)])
        self._limit.start()

    def stop(self) -> None:
        """End what is played; for the end of the program."""
        self._limit.stop()
        self._process.blockSignals(True)  # noqa: FBT003  # Qt's own signature
        if self.is_playing:
            self._process.kill()
            self._process.waitForFinished(_LONGEST_MS)

    @Slot()
    def _on_failed(self) -> None:
        """Beep instead, now and from now on."""
        self._limit.stop()
        if self._command:
            self._command = ()
            self._beep()

    def _beep(self) -> None:
        QApplication.beep()
        self.beeped.emit()

    @Slot(int)
    def _on_finished(self, code: int) -> None:
        self._limit.stop()
        if code:
            self._on_failed()
