"""The area of the docks keeps its layout whole, whatever arrives while Qt changes it."""

from pytestqt.qtbot import QtBot

from gui.theme.theme import Theme
from gui.window.dock_area import DockArea


def test_a_size_that_arrives_while_a_layout_is_restored_moves_no_dock_that_is_in_none(qtbot: QtBot) -> None:
    area = DockArea(Theme("dark"))
    qtbot.addWidget(area)
    area.show()
    area.open("review")
    area.inspector.dock_or_slide()  # shown, and in no layout until the next one is complete
    area.fill_or_restore("dashboard")  # its first size has not arrived before: a warning of Qt fails the test
    assert not area.docks["dashboard"].isHidden()
    assert area.docks["review"].isHidden()
