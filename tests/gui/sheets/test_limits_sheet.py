"""The limits and holds in the window: what they are now, changed live."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from engine.host.commands import EngineCommand, LiftHold, Pause, RemoveLimit, SetHold, SetLimit
from engine.host.host_commands import ChangeSetting
from engine.jobfile.tool_registry import user_folder
from gui.sheets.limits_sheet import LimitsSheet
from state.records import Hold, HoldKind, Limit, LimitKind
from tests.gui.window_parts import WindowParts, make_window_parts


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


class Requests(list[EngineCommand]):
    """What the sheet requested."""


@pytest.fixture
def sheet(parts: WindowParts) -> LimitsSheet:
    return LimitsSheet(parts.projection, parts.theme, parts.window, clock=parts.clock)


@pytest.fixture
def requests(sheet: LimitsSheet) -> Requests:
    found = Requests()
    sheet.requested.connect(found.append)
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


def test_a_changed_number_is_requested_at_once(
    parts: WindowParts, sheet: LimitsSheet, requests: Requests, qtbot: QtBot
) -> None:
    parts.ledger.limits.set(Limit(kind=LimitKind.TOOL, key="aider", value=2))
    parts.follow()
    sheet.show_limits({})
    assert number(sheet, "limit.global.").value() == 3
    type_number(qtbot, number(sheet, "limit.global."), 7)
    type_number(qtbot, number(sheet, "limit.tool.aider"), 0)
    assert requests == [
        SetLimit(limit=Limit(kind=LimitKind.GLOBAL, key="", value=7)),
        RemoveLimit(limit_kind=LimitKind.TOOL, key="aider"),
    ]


def test_the_numbers_can_be_read(parts: WindowParts, sheet: LimitsSheet) -> None:
    parts.ledger.holds.set(Hold(kind=HoldKind.GROUP, key="day", reason="", since=1.0))
    parts.follow()
    sheet.show_limits({})
    for box in sheet.findChildren(QSpinBox):
        assert box.lineEdit().width() > box.fontMetrics().horizontalAdvance(box.text()) + 8, box.objectName()


def test_what_changes_elsewhere_is_shown_while_it_is_open(parts: WindowParts, sheet: LimitsSheet) -> None:
    sheet.show_limits({})
    parts.ledger.limits.set(Limit(kind=LimitKind.GROUP, key="night", value=4))
    parts.follow()
    assert number(sheet, "limit.group.night").value() == 4
    parts.ledger.holds.set(Hold(kind=HoldKind.GROUP, key="day", reason="", since=1.0))
    parts.follow()
    assert button(sheet, "stop.group.day").text() == "Resume"
    assert number(sheet, "limit.group.day").text() == "no limit"


def test_a_limit_and_a_hold_are_added_by_kind_and_name(
    parts: WindowParts, sheet: LimitsSheet, requests: Requests, qtbot: QtBot
) -> None:
    assert parts.window.isVisible()
    sheet.show_limits({})
    assert not sheet.add_button.isEnabled()
    sheet.kind.setCurrentIndex(sheet.kind.findData(LimitKind.GROUP))
    sheet.key.setEditText("night")
    sheet.number.setValue(2)
    qtbot.mouseClick(sheet.add_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(sheet.hold_button, Qt.MouseButton.LeftButton)
    assert requests == [
        SetLimit(limit=Limit(kind=LimitKind.GROUP, key="night", value=2)),
        SetHold(hold=Hold(kind=HoldKind.GROUP, key="night", reason="", since=0.0)),
    ]


@pytest.mark.usefixtures("in_german")
def test_what_a_limit_counts_is_named_in_the_language_of_the_window(
    parts: WindowParts, sheet: LimitsSheet
) -> None:
    parts.ledger.limits.set(Limit(kind=LimitKind.ACCOUNT, key="work", value=2))
    parts.follow()
    sheet.show_limits({})
    assert [sheet.kind.itemText(row) for row in range(sheet.kind.count())] == ["Tool", "Konto", "Gruppe"]
    assert "Konto work" in [label.text() for label in sheet.findChildren(QLabel)]


def test_a_held_tool_can_be_resumed_and_a_running_one_held(
    parts: WindowParts, sheet: LimitsSheet, requests: Requests, qtbot: QtBot
) -> None:
    parts.ledger.holds.set(Hold(kind=HoldKind.TOOL, key="aider", reason="broken", since=1.0))
    parts.follow()
    sheet.show_limits({})
    qtbot.mouseClick(button(sheet, "stop.tool.aider"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(button(sheet, "stop.global."), Qt.MouseButton.LeftButton)
    assert requests == [LiftHold(hold_kind=HoldKind.TOOL, key="aider"), Pause()]


def test_a_ladder_is_written_as_the_tools_in_order(
    parts: WindowParts, sheet: LimitsSheet, requests: Requests, qtbot: QtBot
) -> None:
    assert parts.window.isVisible()
    sheet.show_limits({"aider": ["codex"]})
    field = sheet.ladders["aider"]
    assert field.text() == "codex"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert requests == []
    field.setText("codex, claude")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert requests == [ChangeSetting(key="ladders", value={"aider": ["codex", "claude"]})]
    field.clear()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert requests[1:] == [ChangeSetting(key="ladders", value=None)]


def test_a_tool_of_the_users_own_has_a_limit_and_a_ladder(sheet: LimitsSheet, requests: Requests) -> None:
    user_folder().mkdir(parents=True)
    (user_folder() / "mine.yaml").write_text("exe: mine\n")
    sheet.show_limits({"claude": ["mine"]})
    assert sheet.ladders["claude"].text() == "mine"
    assert "mine" in [sheet.key.itemText(index) for index in range(sheet.key.count())]
    sheet.ladders["mine"].setText("codex")
    sheet.ladders["mine"].editingFinished.emit()
    assert requests == [ChangeSetting(key="ladders", value={"claude": ["mine"], "mine": ["codex"]})]
