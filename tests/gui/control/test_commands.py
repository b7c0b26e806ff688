"""Actions as records, and the menus, keys and tool tips made from them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib import resources
from typing import get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QListWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.control.action_effects import NamedEffect
from gui.control.action_table import ACTIONS, JOB_MENU, SUBMENUS, works_everywhere
from gui.control.actions import Actions
from gui.data.selection import Selection
from gui.theme.theme import Theme
from gui.window.menus import MENUS, main_menu
from state.records import HoldCause, JobStatus
from tests.gui.board_records import job


def test_no_two_commands_share_an_id_or_a_key() -> None:
    ids = [command.id for command in ACTIONS]
    keys = [
        (key, "" if works_everywhere(key) else command.place)
        for command in ACTIONS
        for key in (command.shortcut, command.also)
        if key
    ]
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)


def test_every_effect_that_has_a_name_is_that_of_the_one_action_with_this_id() -> None:
    named = [member for kind in get_args(NamedEffect) for member in kind]
    assert Counter(one.effect for one in ACTIONS if isinstance(one.effect, StrEnum)) == Counter(named)
    assert all(one.effect == one.id for one in ACTIONS if isinstance(one.effect, StrEnum))


def test_every_icon_of_a_command_is_drawn() -> None:
    drawn = {file.name for file in (resources.files("resources") / "icons").iterdir()}
    assert {f"{command.icon}.svg" for command in ACTIONS if command.icon} <= drawn


def test_every_command_is_in_a_menu_and_in_none_twice(actions: Actions) -> None:
    entries = [list(commands_in(names)) for _title, names in MENUS]
    assert all(len(set(names)) == len(names) for names in entries)
    assert {name for names in entries for name in names} == {command.id for command in actions}


def commands_in(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name in SUBMENUS:
            yield from commands_in(SUBMENUS[name][1])
        elif name:
            yield name


def test_an_action_on_a_job_is_possible_once_something_is_selected(
    actions: Actions, selection: Selection
) -> None:
    assert not actions.action("cancel").isEnabled()
    selection.select_job("j")
    assert actions.action("cancel").isEnabled()
    selection.clear()
    selection.select_workstream(("r", "w"))
    assert actions.action("cancel").isEnabled()


def test_an_impossible_action_stays_disabled_whatever_is_selected(
    actions: Actions, selection: Selection
) -> None:
    actions.set_possible("resume", possible=False)
    selection.select_job("j")
    assert not actions.action("resume").isEnabled()
    actions.set_possible("resume", possible=True)
    assert actions.action("resume").isEnabled()


def test_an_action_requests_its_command_on_the_selection(actions: Actions, qtbot: QtBot) -> None:
    with qtbot.waitSignal(actions.triggered) as requested:
        actions.action("pause").trigger()
    assert requested.args == ["pause", None]


def test_a_job_menu_acts_on_exactly_the_jobs_it_was_opened_on(
    actions: Actions,
    selection: Selection,
    qtbot: QtBot,
    theme: Theme,
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    selection.select_job("another")
    menu = actions.menu_for_jobs(parent, ["a", "b"])
    entries = {entry.objectName(): entry for entry in menu.actions() if not entry.isSeparator()}
    assert list(entries) == [name for name in JOB_MENU if name not in {"", "show_alarm_line"}]
    with qtbot.waitSignal(actions.triggered) as requested:
        entries["retry"].trigger()
    assert requested.args == ["retry", ("a", "b")]
    inside = {entry.objectName(): entry for entry in menu.findChildren(QAction)}
    with qtbot.waitSignal(actions.triggered) as requested:
        inside["move_top"].trigger()
    assert requested.args == ["move_top", ("a", "b")]
    assert theme.name == "dark"


def test_only_the_menu_of_a_job_that_an_alarm_holds_leads_to_the_line_of_the_alarm(
    actions: Actions, qtbot: QtBot
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    held = job(("r", "w"), "edit", JobStatus.HELD, hold_cause=HoldCause.ALARM, hold_reason="FATAL")
    other = job(("r", "w"), "test", JobStatus.HELD, hold_cause=HoldCause.PERSON, hold_reason="")
    actions.job_of = {one.job_id: one for one in (held, other)}.get

    def has_line(*job_ids: str) -> bool:
        menu = actions.menu_for_jobs(parent, job_ids)
        return any(entry.objectName() == "show_alarm_line" for entry in menu.actions())

    assert has_line(held.job_id, other.job_id)
    assert not has_line(other.job_id)


def test_an_action_can_change_its_title(actions: Actions) -> None:
    actions.set_title("undo", "Undo: hold R&D")
    assert actions.action("undo").text() == "Undo: hold R&&D"
    assert "R&amp;D" in actions.action("undo").toolTip()
    assert "Ctrl+Z" in actions.action("undo").toolTip()


def test_the_tool_tip_shows_the_key(actions: Actions) -> None:
    assert "Ctrl+K" in actions.action("palette").toolTip()
    assert "F8" in actions.action("next_error").toolTip()


def test_one_letter_keys_work_in_a_list_and_not_while_somebody_types(
    actions: Actions,
    selection: Selection,
    qtbot: QtBot,
) -> None:
    selection.select_job("j")
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    field, rows = QLineEdit(), QListWidget()
    column.addWidget(field)
    column.addWidget(rows)
    actions.add_keys_to(rows)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    requested: list[str] = []
    actions.triggered.connect(lambda name, _target: requested.append(name))
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "r")
    assert (requested, field.text()) == ([], "r")
    rows.setFocus()
    qtbot.waitUntil(rows.hasFocus)
    qtbot.keyClick(rows, Qt.Key.Key_R)
    assert requested == ["retry"]


def test_plain_keys_are_distinguished_from_those_that_work_everywhere() -> None:
    assert all(works_everywhere(key) for key in ("Ctrl+K", "F8", "Shift+F8", "Ctrl+Shift+O"))
    assert not any(works_everywhere(key) for key in ("R", "Del", "End", "Shift+H", "Return"))


def test_only_what_cannot_be_undone_is_marked_as_danger() -> None:
    assert [command.id for command in ACTIONS if command.danger] == ["cancel"]


def test_titles_are_readable(actions: Actions, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = main_menu(parent, actions)
    assert [entry.text().replace("&", "") for entry in menu.actions()] == [
        "File",
        "Edit",
        "View",
        "Jobs",
        "Review",
        "Engine",
        "Help",
    ]
    assert all(re.match(r"[A-Z][a-z]", command.title) for command in ACTIONS)
