"""The limits and stop signs in the window: what they are now, changed live."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from gui.sheets.limits_sheet import LimitsSheet
from state.records import Hold, HoldKind, Limit, LimitKind
from tests.gui.window_parts import WindowParts, make_window_parts


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


class Asked(list[tuple[str, object]]):
    """What the sheet asked for."""


@pytest.fixture
def sheet(parts: WindowParts) -> LimitsSheet:
    return LimitsSheet(parts.projection, parts.theme, parts.window, clock=parts.clock)


@pytest.fixture
def asked(sheet: LimitsSheet) -> Asked:
    found = Asked()
    sheet.asked.connect(lambda command, arguments: found.append((command, arguments)))
    return found


def number(sheet: LimitsSheet, name: str) -> QSpinBox:
    found = sheet.findChild(QSpinBox, name)
    assert isinstance(found, QSpinBox)
    return found


def button(sheet: LimitsSheet, name: str) -> QPushButton:
    found = sheet.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def type_number(qtbot: QtBot, box: QSpinBox, value: int) -> None:
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, str(value))
    qtbot.keyClick(box, Qt.Key.Key_Return)


def test_a_changed_number_is_asked_for_at_once(
    parts: WindowParts, sheet: LimitsSheet, asked: Asked, qtbot: QtBot
) -> None:
    parts.ledger.set_limit(Limit(kind=LimitKind.TOOL, key="aider", value=2))
    parts.follow()
    sheet.show_limits({})
    assert number(sheet, "limit.global.").value() == 3
    type_number(qtbot, number(sheet, "limit.global."), 7)
    type_number(qtbot, number(sheet, "limit.tool.aider"), 0)
    assert asked == [
        ("set_limit", Limit(kind=LimitKind.GLOBAL, key="", value=7)),
        ("remove_limit", (LimitKind.TOOL, "aider")),
    ]


def test_the_numbers_can_be_read(parts: WindowParts, sheet: LimitsSheet) -> None:
    parts.ledger.set_hold(Hold(kind=HoldKind.GROUP, key="day", reason="", since=1.0))
    parts.follow()
    sheet.show_limits({})
    for box in sheet.findChildren(QSpinBox):
        assert box.lineEdit().width() > box.fontMetrics().horizontalAdvance(box.text()) + 8, box.objectName()


def test_what_changes_elsewhere_is_shown_while_it_is_open(parts: WindowParts, sheet: LimitsSheet) -> None:
    sheet.show_limits({})
    parts.ledger.set_limit(Limit(kind=LimitKind.GROUP, key="night", value=4))
    parts.follow()
    assert number(sheet, "limit.group.night").value() == 4
    parts.ledger.set_hold(Hold(kind=HoldKind.GROUP, key="day", reason="", since=1.0))
    parts.follow()
    assert button(sheet, "stop.group.day").text() == "Resume"
    assert number(sheet, "limit.group.day").text() == "no limit"


def test_a_limit_and_a_stop_sign_are_added_by_kind_and_name(
    parts: WindowParts, sheet: LimitsSheet, asked: Asked, qtbot: QtBot
) -> None:
    assert parts.window.isVisible()
    sheet.show_limits({})
    assert not sheet.add_button.isEnabled()
    sheet.kind.setCurrentIndex(sheet.kind.findData(LimitKind.GROUP))
    sheet.key.setEditText("night")
    sheet.number.setValue(2)
    qtbot.mouseClick(sheet.add_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(sheet.stop_button, Qt.MouseButton.LeftButton)
    assert asked == [
        ("set_limit", Limit(kind=LimitKind.GROUP, key="night", value=2)),
        ("set_hold", Hold(kind=HoldKind.GROUP, key="night", reason="", since=0.0)),
    ]


def test_what_is_stopped_is_resumed_and_the_other_way_round(
    parts: WindowParts, sheet: LimitsSheet, asked: Asked, qtbot: QtBot
) -> None:
    parts.ledger.set_hold(Hold(kind=HoldKind.TOOL, key="aider", reason="broken", since=1.0))
    parts.follow()
    sheet.show_limits({})
    qtbot.mouseClick(button(sheet, "stop.tool.aider"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(sheet, "stop.global."), Qt.MouseButton.LeftButton)
    assert asked == [("lift_hold", (HoldKind.TOOL, "aider")), ("pause", None)]


def test_a_ladder_is_written_as_the_tools_in_order(
    parts: WindowParts, sheet: LimitsSheet, asked: Asked, qtbot: QtBot
) -> None:
    assert parts.window.isVisible()
    sheet.show_limits({"aider": ["codex"]})
    field = sheet.ladders["aider"]
    assert field.text() == "codex"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked == []
    field.setText("codex, claude")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked == [("change_setting", ("ladders", {"aider": ["codex", "claude"]}))]
    field.clear()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked[1:] == [("change_setting", ("ladders", None))]
