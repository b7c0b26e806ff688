"""Sheets over a real window: in the smallest one nothing overlaps, and no floating dock lies over them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from gui.app import ControlRoom
from gui.widgets.page_scroll import PageScroll
from gui.window.main_window import SMALLEST


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[ControlRoom]:
    made = ControlRoom(tmp_path / "home", engine=False)
    made.theme.reduce_motion = True
    qtbot.waitExposed(made.window)
    yield made
    made.close("leave")


@pytest.mark.parametrize("command", ["settings", "limits"])
def test_in_the_smallest_window_a_sheet_scrolls_and_its_buttons_stay_below_the_page(
    room: ControlRoom, command: str
) -> None:
    room.window.resize(SMALLEST)
    room.actions.run(command)
    sheet = room.sheets.settings if command == "settings" else room.sheets.limits
    page = sheet.findChild(PageScroll)
    assert isinstance(page, PageScroll)
    assert sheet.geometry().bottom() < room.window.height()
    assert page.geometry().bottom() < sheet.footer.geometry().top()
    assert page.verticalScrollBar().maximum() > 0 or page.widget().height() <= page.height()


def test_a_floating_dock_makes_way_for_a_sheet_and_comes_back(room: ControlRoom, qtbot: QtBot) -> None:
    dock = room.window.docks["details"]
    room.actions.run("panel_details")
    dock.setFloating(True)
    dock.move(room.window.mapToGlobal(QPoint(300, 120)))
    qtbot.waitUntil(dock.isVisible)
    room.actions.run("settings")
    assert not dock.isVisible()
    room.sheets.settings.dismiss()
    assert dock.isVisible()
    assert dock.isFloating()


def test_a_floating_dock_beside_a_sheet_stays(room: ControlRoom, qtbot: QtBot) -> None:
    dock = room.window.docks["details"]
    room.actions.run("panel_details")
    dock.setFloating(True)
    dock.move(room.window.mapToGlobal(QPoint(room.window.width() + 40, 0)))
    qtbot.waitUntil(dock.isVisible)
    room.actions.run("settings")
    assert dock.isVisible()
    room.sheets.settings.dismiss()
