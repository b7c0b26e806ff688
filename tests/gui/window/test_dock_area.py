"""The area of the docks keeps its layout whole, whatever arrives while Qt changes it."""

import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot

from gui.theme.theme import Theme
from gui.window.dock_area import DockArea
from tests.helpers.patience import PATIENCE_S

_FILLED_TWICE = """
from PySide6.QtWidgets import QApplication
from gui.theme.theme import Theme
from gui.window.dock_area import DockArea

app = QApplication([])
area = DockArea(Theme("dark"))
area.resize(1280, 800)
area.show()
area.docks["logs"].{leave}()
saved = area.saved()
area.reset()
area.fill_or_restore("logs")
area.open_details()
area.inspector.fill(on=True)
assert area.leave_filled()  # only the details go back: the logs still fill the area
assert area.restore(saved)
assert area.docks["logs"].isFloating() is {floats}
assert area.docks["radar"].isVisible()
print("restored")
"""
_SEEDS = 20


def test_a_size_that_arrives_while_a_layout_is_restored_moves_no_dock_that_is_in_none(qtbot: QtBot) -> None:
    area = DockArea(Theme("dark"))
    qtbot.addWidget(area)
    area.show()
    area.open("review")
    area.inspector.dock_or_slide()  # shown, and in no layout until the next one is complete
    area.fill_or_restore("dashboard")  # its first size has not arrived before: a warning of Qt fails the test
    assert not area.docks["dashboard"].isHidden()
    assert area.docks["review"].isHidden()


@pytest.mark.parametrize(("leave", "floats"), [("float_requested.emit", True), ("close", False)])
def test_a_layout_without_the_dock_that_fills_the_area_is_restored(leave: str, floats: bool) -> None:  # noqa: FBT001
    script = _FILLED_TWICE.format(leave=leave, floats=floats)
    done = _run("-c", script)
    assert done.stdout.strip() == "restored", (done.returncode, done.stderr)


def test_docks_that_are_moved_at_random_survive_every_layout_that_is_restored() -> None:
    done = _run("-m", "tests.helpers.dock_moves", *map(str, range(_SEEDS)))
    assert done.returncode == 0, done.stderr


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: Qt would end this one."""
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
