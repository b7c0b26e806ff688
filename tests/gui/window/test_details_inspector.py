"""The details lie over the right half of a narrow window, are a column of a wide one, or are where they were put."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.theme.theme import Theme
from gui.window.details_inspector import DetailsPlace
from gui.window.dock import Dock
from gui.window.dock_area import DockArea
from tests.helpers.patience import PATIENCE_MS


@pytest.fixture
def area(qtbot: QtBot) -> DockArea:
    theme = Theme("dark")
    made = DockArea(theme)
    qtbot.addWidget(made)
    for name in ("workstreams", "details"):
        made.put(name, _page())
    made.resize(1600, 900)
    made.show()
    return made


def _page() -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(QLineEdit())
    column.addWidget(QPushButton("Retry"))
    return page


def field_of(dock: Dock) -> QLineEdit:
    found = dock.findChild(QLineEdit)
    assert found is not None
    return found


def others(area: DockArea) -> dict[str, QRect]:
    return {name: dock.geometry() for name, dock in area.docks.items() if name != "details"}


@pytest.mark.parametrize(("width", "covers"), [(1024, 508), (1280, 636), (1600, 752)])
def test_up_to_1600_pixels_the_details_lie_over_the_right_half_and_crush_nothing(
    area: DockArea, qtbot: QtBot, width: int, covers: int
) -> None:
    area.resize(width, 700)
    before, details = others(area), area.docks["details"]
    area.open_details()
    assert area.inspector.is_over
    assert others(area) == before
    assert details.width() == covers
    qtbot.waitUntil(lambda: details.geometry().right() == area.contentsRect().right())
    assert details.height() == area.contentsRect().height()
    area.resize(width - 100, 650)
    assert details.geometry().right() == area.contentsRect().right()


def test_they_slide_in_unless_the_user_wants_less_motion(area: DockArea, qtbot: QtBot) -> None:
    details, edge = area.docks["details"], area.contentsRect().right()
    area.open_details()
    assert details.geometry().right() > edge
    qtbot.waitUntil(lambda: details.geometry().right() == edge)
    details.close()
    area.inspector._slide._theme.reduce_motion = True
    area.open_details()
    assert details.geometry().right() == edge


def test_closed_details_give_the_focus_back(area: DockArea) -> None:
    field, details = field_of(area.docks["workstreams"]), area.docks["details"]
    field.setFocus()
    area.open_details()
    assert field_of(details).hasFocus()
    assert area.inspector.dismiss()
    assert not details.isVisible()
    assert field.hasFocus()
    assert not area.inspector.dismiss()


def test_a_panel_under_the_details_that_is_to_have_the_focus_is_uncovered(area: DockArea) -> None:
    area.resize(1280, 800)
    area.open_details()
    area.docks["logs"].focus()
    assert area.docks["details"].isVisible()
    area.docks["workstreams"].focus()
    assert not area.docks["details"].isVisible()
    assert field_of(area.docks["workstreams"]).hasFocus()


def test_the_second_press_of_a_double_click_presses_nothing_in_details_that_came_under_the_pointer(
    area: DockArea, qtbot: QtBot
) -> None:
    field, details = field_of(area.docks["workstreams"]), area.docks["details"]
    field.setFocus()
    button = details.findChild(QPushButton)
    assert button is not None
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    area.inspector._slide._theme.reduce_motion = True
    area.open_details(focus=False)
    assert field.hasFocus()
    centre = details.rect().center()
    target = details.childAt(centre)
    assert target is not None
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=button.mapTo(details, button.rect().center()))
    assert not pressed
    qtbot.waitUntil(lambda: details.childAt(centre) is not target, timeout=PATIENCE_MS)


def test_a_wide_window_has_a_column_for_them_that_holds_its_width(area: DockArea, qtbot: QtBot) -> None:
    area.resize(1900, 900)
    details = area.docks["details"]
    area.open_details()
    assert area.inspector.place is DetailsPlace.DOCKED
    assert not area.inspector.is_over
    assert details.width() == 480
    area.resize(2200, 900)
    qtbot.waitUntil(lambda: 470 <= details.width() <= 490, timeout=PATIENCE_MS)
    for name in ("radar", "workstreams"):
        area.docks[name].close()
    area.reset()
    area.open_details()
    assert details.width() == 480
    details.close()
    area.resize(1280, 800)
    area.open_details()
    assert area.inspector.is_over


def test_a_window_that_becomes_narrow_lets_its_column_of_details_slide_over_the_others(
    area: DockArea,
) -> None:
    area.resize(1900, 900)
    area.open_details()
    area.resize(1280, 800)
    assert area.inspector.is_over
    assert area.docks["details"].isVisible()


def test_what_a_person_chose_is_remembered(area: DockArea, qtbot: QtBot) -> None:
    area.open_details()
    area.inspector.dock_or_slide()
    details = area.docks["details"]
    assert not area.inspector.is_over
    assert details.width() >= 480
    state, layout = area.inspector.state(), area.saved()
    again = DockArea(Theme("dark"))
    qtbot.addWidget(again)
    again.resize(1280, 800)
    again.inspector.restore(state)
    assert again.restore(layout)
    again.show()
    assert again.docks["details"].isVisible()
    assert not again.inspector.is_over
    again.inspector.dock_or_slide()
    assert again.inspector.is_over
    assert again.inspector.state()["place"] == "over"
    again.reset()
    assert again.inspector.state() == {"place": "", "width": 0, "floating": []}


def test_floating_details_go_back_over_the_window_and_float_again_where_they_were(area: DockArea) -> None:
    details = area.docks["details"]
    area.open_details()
    details.float_requested.emit()
    assert details.isFloating()
    details.setGeometry(140, 120, 500, 600)
    details.close()
    area.open_details()
    assert details.isFloating()
    assert details.size().width() == 500
    details.float_requested.emit()
    assert area.inspector.is_over


def test_they_are_made_wider_by_their_left_edge(area: DockArea) -> None:
    area.inspector._slide._theme.reduce_motion = True
    area.open_details()
    details = area.docks["details"]
    grip = details.childAt(2, details.height() // 2)
    assert grip is not None
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=QPoint(2, 300))
    QTest.mouseMove(grip, QPoint(-98, 300))
    assert 840 <= details.width() <= 860
    area.inspector.set_width(9000)
    assert details.width() == area.contentsRect().width() - 240
    area.inspector.set_width(5)
    assert details.width() == 360


def test_the_details_fill_the_window_and_give_it_back(area: DockArea) -> None:
    area.open_details()
    details, width = area.docks["details"], area.docks["details"].width()
    area.fill_with_active()
    assert details.width() == area.contentsRect().width()
    assert area.leave_filled()
    assert details.width() == width


def test_details_that_are_left_alone_leave_no_part_of_the_window_blank(area: DockArea) -> None:
    area.open_details()
    details, width = area.docks["details"], area.docks["details"].width()
    shown = [dock for name, dock in area.docks.items() if name != "details" and dock.isVisible()]
    for dock in shown:
        dock.close()
    assert details.geometry() == area.contentsRect()
    shown[0].show()
    assert details.width() == width
    assert details.geometry().right() == area.contentsRect().right()
    details.hide()
    shown[0].close()
    details.setGeometry(0, 0, 640, 480)
    details.show()
    assert details.geometry() == area.contentsRect()


def test_invalid_remembered_places_are_ignored(area: DockArea) -> None:
    area.inspector.restore({"place": "moon", "width": "wide", "floating": [1, "x"]})
    assert area.inspector.state() == {"place": "", "width": 0, "floating": []}
