"""What somebody hears who does not see the window: every panel, sheet and banner has names, values and an order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.app import ControlRoom
from gui.control.action_effects import MaintenanceAction, SheetAction, only_changes
from gui.panels.details.details_panel import DetailsPanel
from gui.widgets.accessible_rows import WithPaintedButtons
from gui.widgets.sheet import Sheet
from gui.window import panel_registry
from tests.gui.panels.timeline.night_scene import NightScene
from tests.gui.window_parts import make_window_parts, write_job
from tests.helpers.accessible_tree import AccessibleNode, faults, nodes
from tests.helpers.clickable import rows_of, unreachable
from tests.helpers.control_room import until

CART = ("0347", "cart-totals")
PANELS = ("dashboard", "radar", "logs", "workstreams", "details", "review", "night", "jobs")
SAYS = {
    "dashboard": ("4 of 15 done", "stripe-webhooks is quarantined. test failed: 2 of 43 tests", "$0.22"),
    "workstreams": ("stripe-webhooks, shop, step 2 of 2: test, shell, quarantined, attempt 3 of 3",),
    "details": ("Failed", "State", "test failed: 2 of 43 tests.; same failure"),
    "jobs": ("Selected", "State: Quarantined"),
}
"""Some of what is only painted in a panel: it has a text, or begins with it."""


REACHED_OTHERWISE = frozenset({"DockTitle", "CommandPalette"})
"""What a double click on a title does, F11 does; the arrows move in the list of the palette from its field."""


@dataclass
class Walk:
    """The window of a night, and everything that was found missing so far."""

    room: ControlRoom
    qtbot: QtBot
    missing: list[str] = field(default_factory=list)
    heard: dict[str, list[AccessibleNode]] = field(default_factory=dict)

    def settle(self) -> None:
        """Wait until every panel shows what it has requested."""
        until(self.qtbot, lambda: panel_registry.are_settled(self.room.panels))

    def look(self, name: str, widget: QWidget) -> None:
        """Note what is missing in a widget."""
        self.heard[name] = list(nodes(widget))
        self.missing += [f"{name}: {fault}" for fault in faults(self.heard[name])]
        self.missing += [f"{name}: {fault}" for fault in unreachable(widget, REACHED_OTHERWISE)]

    def look_at_sheet(self, name: str, show: Callable[[], object]) -> None:
        """Open a sheet from a widget that has the focus, note what is missing, close it with Esc: the focus is back."""
        before = self.room.window.header.menu_button
        before.setFocus()
        show()
        until(self.qtbot, lambda: any(sheet.is_open for sheet in self._sheets()))
        (sheet,) = [one for one in self._sheets() if one.is_open]
        focused = QApplication.focusWidget()
        if focused is None or not (focused is sheet or sheet.isAncestorOf(focused)):
            self.missing.append(f"{name}: does not take the focus")
        if sheet.first_focus() is not sheet and focused is sheet:
            self.missing.append(f"{name}: the focus is not on its first field or button")
        self.look(name, sheet)
        primary = [one for one in sheet.findChildren(QPushButton) if one.property("kind") == "primary"]
        if len([one for one in primary if one.isVisible()]) > 1:
            self.missing.append(f"{name}: several primary buttons")
        QTest.keyClick(focused or sheet, Qt.Key.Key_Escape)
        if sheet.is_open:
            self.missing.append(f"{name}: Esc does not close it")
            sheet.dismiss()
        if QApplication.focusWidget() is not before:
            self.missing.append(f"{name}: the focus does not return")

    def _sheets(self) -> list[Sheet]:
        return self.room.window.findChildren(Sheet)


@pytest.fixture
def walk(qtbot: QtBot, tmp_path: Path) -> Iterator[Walk]:
    parts = make_window_parts(tmp_path, qtbot)
    NightScene(parts).play()
    parts.window.hide()
    parts.close()
    room = ControlRoom(tmp_path / "home", engine=False)
    room.theme.reduce_motion = True
    room.window.resize(1600, 1000)
    qtbot.waitExposed(room.window)
    room.window.activateWindow()
    until(qtbot, lambda: len(room.projection.jobs) > 0)
    yield Walk(room, qtbot)
    room.close("leave")


def test_everything_in_the_window_has_a_name_a_value_and_a_place_in_the_order_of_tab(
    walk: Walk, tmp_path: Path
) -> None:
    _look_at_panels(walk)
    _look_while_observing(walk)
    _look_at_sheets(walk, tmp_path)
    assert not walk.missing, "\n".join(walk.missing)
    for name, texts in SAYS.items():
        spoken = [node.name for node in walk.heard[name]]
        assert [text for text in texts if not any(one.startswith(text) for one in spoken)] == [], spoken
    _tab_through(walk)


def _look_at_panels(walk: Walk) -> None:
    room = walk.room
    walk.settle()
    walk.look("window", room.window)
    room.actions.run("show_details", ["stripe-webhooks-test"])
    for name in PANELS:
        room.actions.run(f"panel_{name}")
        walk.settle()
        walk.look(name, room.window.docks[name])
        room.actions.run("reset_layout")
    room.window.open_palette()
    palette = room.window.palette_popup
    assert palette is not None
    walk.look("palette", palette)
    palette.dismiss()


def _look_while_observing(walk: Walk) -> None:
    """Buttons that change something are painted as not usable, and heard so; those that only show something are not."""
    room = walk.room
    room.observe_switch.toggle()
    found: dict[str, str] = {}
    for name in ("dashboard", "workstreams"):
        walk.look(f"{name}, observing", room.window.docks[name])
        for view in room.window.docks[name].findChildren(WithPaintedButtons):
            for index in rows_of(view):
                found |= {one.button.command: one.reason for one in view.painted_buttons(index)}
    assert "only observes" in found["retry"]
    assert not found["show_log"]
    assert _usable(walk) == {"details": [], "menu": [], "limits": False, "pipeline": False}
    room.add_files([room.home.root / "dropped.json"])
    assert not room.sheets.drop.is_open
    assert "only observes" in room.window.banners.banner("command").sentence
    room.window.banners.hide_banner("command")
    room.observe_switch.toggle()
    usable = _usable(walk)
    assert usable["details"] == ["retry", "skip"]
    assert usable["menu"]
    board = room.window.docks["workstreams"].findChildren(WithPaintedButtons)[0]
    reasons = [one.reason for index in rows_of(board) for one in board.painted_buttons(index)]
    assert reasons
    assert not any(reasons)


def _usable(walk: Walk) -> dict[str, object]:
    """What can be used of what changes something: buttons of the details, entries of a menu, a sheet, an action."""
    room = walk.room
    details = room.panels["details"]
    assert isinstance(details, DetailsPanel)

    def changes(command: str) -> bool:
        return only_changes(room.actions.record(command).effect)

    menu = room.actions.menu_for_jobs(room.window, ["stripe-webhooks-test"])
    entries = [one for one in menu.actions() if one.menu() is None and not one.isSeparator()]
    return {
        "details": [one.objectName() for one in details.head.buttons if one.isEnabled()],
        "menu": [one.objectName() for one in entries if one.isEnabled() and changes(one.objectName())],
        "limits": room.sheets.limits.number.isEnabled(),
        "pipeline": room.actions.action("new_pipeline").isEnabled(),
    }


def _look_at_sheets(walk: Walk, folder: Path) -> None:
    room, sheets = walk.room, walk.room.sheets
    dialogs = {SheetAction.ADD_JOBS, SheetAction.OPEN_FILES}
    for action in sorted(set(SheetAction) - dialogs - {SheetAction.NEW_FROM_TEMPLATE}):
        walk.look_at_sheet(action, partial(sheets.open, action))
    walk.look_at_sheet("template", partial(_open_templates, walk))
    walk.look_at_sheet("edit", lambda: sheets.edit_job("locale-de-edit"))
    walk.look_at_sheet("follow up", lambda: sheets.follow_up(["stripe-webhooks-edit"]))
    walk.look_at_sheet("log of the check", lambda: sheets.show_check_log(CART))
    walk.look_at_sheet("maintenance", lambda: room.maintenance.open(MaintenanceAction.RESTORE))
    walk.look_at_sheet("cancel", lambda: room.actions.run("cancel", ["locale-de-edit"]))
    file = write_job(folder, "dropped.json", job_id="dropped")

    def drop() -> None:
        room.add_files([file])
        until(walk.qtbot, lambda: not sheets.drop._reader.is_busy)

    walk.look_at_sheet("dropped files", drop)


def _open_templates(walk: Walk) -> None:
    sheets = walk.room.sheets
    sheets.open(SheetAction.NEW_FROM_TEMPLATE)
    until(walk.qtbot, lambda: sheets.new_from_template.template.count() > 0)


def _tab_through(walk: Walk) -> None:
    """Tab visits the banners, the header, then each dock from its title on, and comes back to the first banner."""
    window = walk.room.window
    walk.room.problem_banners.show_takeover("02:14:00", 0)
    found = [window.banners.banner(key) for key in ("view", "takeover")]
    banners = [one for one in found if one is not None]
    assert len(banners) == 2
    until(walk.qtbot, lambda: all(one.isVisible() and one.height() > 0 for one in banners))
    banners.sort(key=lambda one: one.y())
    stops = [stop for banner in banners for stop in banner.stops()]
    first = stops[0]
    first.setFocus()
    visited: list[QWidget] = []
    while (now := QApplication.focusWidget()) is not None and now not in visited:
        visited.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is first
    assert visited[: len(stops)] == stops
    at = {one: one.mapTo(window, QPoint()) for one in visited}
    header = [one for one in visited if window.header.isAncestorOf(one)]
    assert header == sorted(header, key=lambda one: at[one].x())
    docks = [name for one in visited for name, dock in window.docks.items() if dock.isAncestorOf(one)]
    assert list(dict.fromkeys(docks)) == ["dashboard", "radar", "logs", "workstreams"]
    assert sum(one != other for one, other in pairwise(docks)) == 3
    QTest.keyClick(first, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is visited[-1]
