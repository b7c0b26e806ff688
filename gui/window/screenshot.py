"""Saves a picture of the window once it shows everything. Opens nothing and changes nothing in the home."""

import errno
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.translation import tr
from gui.window import panel_registry
from gui.window.lazy_panels import LazyPanels

_LOOK_MS = 100
_CALM_CHECKS = 3
"""How many checks in a row must find no reading: the result of one panel may make another one read."""
_MAX_CHECKS = 200


class Screenshot(QObject):
    """Waits until no panel reads any more, at most 20 s; then takes the picture.

    Signals:
        ready: the window shows everything, or the 20 s are over.
    """

    ready = Signal()

    def __init__(self, panels: LazyPanels, parent: QObject) -> None:
        super().__init__(parent)
        self._panels = panels
        self._calm = self._checks = 0
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._on_timeout)

    def wait(self, then: Callable[[], None]) -> None:
        """Call `then` once when the window is ready; may be called again after its content changed."""
        self._calm = self._checks = 0
        self.ready.connect(then, Qt.ConnectionType.SingleShotConnection)
        self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        self._checks += 1
        self._calm = self._calm + 1 if panel_registry.are_settled(self._panels) else 0
        if self._calm >= _CALM_CHECKS or self._checks >= _MAX_CHECKS:
            self._timer.stop()
            self.ready.emit()


def save_picture(window: QWidget, file: Path) -> None:
    """Save the window as a PNG.

    Raises:
        OSError: the file cannot be written.
    """
    if not window.grab().save(str(file), "PNG"):
        raise OSError(
            errno.EIO,
            tr("The picture cannot be written; check that its folder exists and is writable"),
            str(file),
        )
