"""A real control room in tests: opened on a home and given files as a user gives them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gui.app import ControlRoom
from gui.data.card import Card
from gui.panels.board.board_panel import BoardPanel
from tests.helpers.patience import PATIENCE_MS


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    qtbot.waitUntil(holds, timeout=PATIENCE_MS)


def job_file(folder: Path, job_id: str, code: str = "print('hello')", **metadata: object) -> Path:
    """A job file that runs a line of Python; its workstream has the name of the job."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{job_id}.json"
    fields = {
        "job_id": job_id,
        "workstream_id": job_id,
        "tool": "shell",
        "command": {"exe": sys.executable, "args": ["-c", code]},
        "paths": {"repo_root": str(folder)},
        "metadata": {"writes": False, **metadata},
    }
    file.write_text(json.dumps(fields), encoding="utf-8")
    return file


def waits_for(file: Path) -> str:
    """Code of a job that goes on until a file is there."""
    lines = (
        "import pathlib, time",
        f"pathlib.Path({str(_sign_of_start(file))!r}).touch()",
        f"while not pathlib.Path({str(file)!r}).exists(): time.sleep(0.02)",
    )
    return "\n".join(lines)


def started(file: Path) -> bool:
    """Whether the job that `waits_for` this file is under way."""
    return _sign_of_start(file).exists()


def _sign_of_start(file: Path) -> Path:
    return file.with_name(f"{file.name}.awaited")


def drop(room: ControlRoom, *files: Path) -> None:
    """Let go of files over the middle of the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(room.window, QDragEnterEvent(QPoint(300, 300), *how))
    QApplication.sendEvent(room.window, QDropEvent(QPointF(300, 300), *how))


def press_add(room: ControlRoom, qtbot: QtBot) -> None:
    """Press the button of the drop sheet once it can be pressed, and see the sheet close."""
    button = room.window.findChild(QPushButton, "commitButton")
    assert isinstance(button, QPushButton)
    until(qtbot, lambda: button.isEnabled() and not room.sheets.drop._reader.is_busy)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: not room.sheets.drop.is_open)


def card(room: ControlRoom, ws_id: str) -> Card | None:
    """The card of a workstream on the board."""
    panel = room.panels["workstreams"]
    assert isinstance(panel, BoardPanel)
    return next((one for one in panel.model.cards() if one.ws_id == ws_id), None)


def column(room: ControlRoom, ws_id: str) -> str:
    """The word over the column a card lies in; empty where there is no such card."""
    found = card(room, ws_id)
    return "" if found is None else found.column.name.lower()
