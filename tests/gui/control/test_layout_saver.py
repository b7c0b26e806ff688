"""The layout is on disk soon after a change, whatever becomes of the program then."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from gui.control.layout_saver import LayoutSaver
from gui.control.preferences import Preferences
from tests.helpers.patience import PATIENCE_MS

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from gui.app import ControlRoom
room = ControlRoom(Path(sys.argv[1]), engine=False)
QTimer.singleShot(0, lambda: room.theme.set_preference("light"))
room._app.exec()
"""


def test_a_change_is_saved_soon_and_once(tmp_path: Path, qtbot: QtBot) -> None:
    preferences, collected = Preferences(tmp_path / "window.json"), []

    def collect() -> None:
        collected.append(True)
        preferences.layout.theme = "light"

    saver = LayoutSaver(preferences, collect)
    for _ in range(50):
        saver.save_soon()
    qtbot.waitUntil(preferences.file.exists, timeout=PATIENCE_MS)
    saver.stop()
    assert json.loads(preferences.file.read_text())["theme"] == "light"
    assert collected == [True]


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "gone").write_text("a file, not a folder")
    saver = LayoutSaver(Preferences(tmp_path / "new.json"), lambda: None)
    saver._preferences.file = tmp_path / "gone" / "window.json"
    with qtbot.waitSignal(saver.failed, timeout=PATIENCE_MS) as failure:
        saver.save_soon()
    assert "cannot be saved" in failure.args[0]
    saver.stop()


def test_a_theme_selected_before_the_program_was_killed_is_there_at_the_next_start(
    tmp_path: Path, qtbot: QtBot
) -> None:
    home = (
        tmp_path / "home"
    )  # a home is made only in an empty folder, and tests have files of their own there
    file = home / "window.json"
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(home)],
        cwd=Path(__file__).resolve().parents[3],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        qtbot.waitUntil(
            lambda: file.exists() and json.loads(file.read_text())["theme"] == "light",
            timeout=3 * PATIENCE_MS,
        )
    finally:
        program.send_signal(signal.SIGKILL)
        program.wait()
    layout = Preferences(file).layout
    assert (layout.theme, bool(layout.geometry), bool(layout.docks)) == ("light", True, True)
