"""Starts a window and ends once it is interactive: ``python -m tests.benchmarks.starts signalbox HOME`` or ``bare``.

Interactive means: painted, filled with what the database holds, and the event loop has answered since.
"""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget


class FirstPaint(QObject):
    """Ends the process in the turn after the first paint: how a program ends is not what is measured."""

    def watch(self, window: QWidget) -> None:
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, _end)
        return False


def _end() -> None:
    os._exit(0)


def main() -> None:
    """Open one of them."""
    app = QApplication(sys.argv[:1])
    first = FirstPaint()
    window: QWidget
    if sys.argv[1] == "bare":
        window = QMainWindow()
        window.setCentralWidget(QLabel("Ready"))
        first.watch(window)
        window.show()
    else:
        from gui.app import ControlRoom  # noqa: PLC0415 - the bare window must not wait for it

        room = ControlRoom(Path(sys.argv[2]))
        assert room.projection.cursor == room.feed.cursor
        first.watch(room.window)
        room.window.update()
    app.exec()


if __name__ == "__main__":
    main()
