"""Layouts of the panels that are saved by name."""

import pytest
from pytestqt.qtbot import QtBot

from gui.control.actions import Actions
from gui.control.preferences import Layout
from gui.data.projection import Projection
from gui.data.state_counts import StateCounts
from gui.theme.theme import Theme
from gui.window.header import Header
from gui.window.main_window import MainWindow
from gui.window.named_layouts import NamedLayouts
from gui.window.status_bar import StatusBar


@pytest.fixture
def window(projection: Projection, theme: Theme, actions: Actions, qtbot: QtBot) -> MainWindow:
    counters = StateCounts(projection, actions.selection)
    header = Header(projection, actions.selection, theme=theme, actions=actions, counters=counters)
    made = MainWindow(header, StatusBar(projection, counters, theme), theme=theme, actions=actions)
    made.resize(1280, 800)
    qtbot.addWidget(made, before_close_func=MainWindow.close_now)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(window: MainWindow) -> set[str]:
    return {name for name, dock in window.docks.items() if dock.isVisible()}


def test_a_layout_is_saved_by_name_restored_and_deleted(
    window: MainWindow, theme: Theme, qtbot: QtBot
) -> None:
    layout = Layout()
    layouts = NamedLayouts(window, layout, theme)
    sheet = layouts.sheet
    usual = shown(window)
    window.docks["radar"].close()
    window.docks["logs"].close()
    layouts.open()
    assert sheet.empty.isVisible()
    assert not sheet.save_button.isEnabled()
    assert not sheet.restore_button.isEnabled()
    sheet.name.setText("  Board alone ")
    with qtbot.waitSignal(layouts.changed):
        sheet.save_button.click()
    assert list(layout.layouts) == ["Board alone"]
    assert not sheet.empty.isVisible()
    window.dock_area.reset()
    assert shown(window) == usual
    sheet.restore_button.click()
    assert not sheet.is_open
    assert shown(window) == usual - {"radar", "logs"}
    window.dock_area.reset()
    assert shown(window) == usual, "the first layout can always be had back"
    layouts.open()
    sheet.delete_button.click()
    assert layout.layouts == {}
    assert sheet.list.count() == 0
    assert not sheet.delete_button.isEnabled()
