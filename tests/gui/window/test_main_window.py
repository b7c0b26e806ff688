"""The shell: docks and their shares, drops anywhere, keys, and what is remembered."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.state_store.job_state_store import JobStateStore
from gui.control.actions import Actions
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.data.state_counts import StateCounts
from gui.panels.panel_base import Panel, PanelContext
from gui.theme.theme import Theme
from gui.widgets.sheet import Sheet
from gui.window.command_palette import CommandPalette
from gui.window.drop_target import DropTarget, local_paths
from gui.window.header import Header
from gui.window.main_window import MainWindow
from gui.window.palette_finder import PaletteFinder
from gui.window.screen_fit import SMALLEST
from gui.window.status_bar import StatusBar
from state.database_reader import DatabaseReader
from tests.helpers.patience import PATIENCE_MS

Wait = Callable[[Callable[[], bool]], None]
COPY = Qt.DropAction.CopyAction
NO_KEY = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(projection: Projection, theme: Theme, actions: Actions, qtbot: QtBot) -> Iterator[MainWindow]:
    counters = StateCounts(projection, actions.selection)
    header = Header(projection, actions.selection, theme=theme, actions=actions, counters=counters)
    made = MainWindow(header, StatusBar(projection, counters, theme), theme=theme, actions=actions)
    made.palette_popup = CommandPalette(PaletteFinder(projection, actions), theme, made)
    qtbot.addWidget(made, before_close_func=MainWindow.close_now)
    made.restore(b"", b"")
    made.resize(1600, 1000)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    made.close_now()


def dragged(*names: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(name) if "://" in name else QUrl.fromLocalFile(name) for name in names])
    return mime


def enter(widget: QWidget, mime: QMimeData) -> bool:
    event = QDragEnterEvent(QPoint(5, 5), COPY, mime, LEFT, NO_KEY)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def drop(widget: QWidget, mime: QMimeData) -> bool:
    event = QDropEvent(QPointF(5, 5), COPY, mime, LEFT, NO_KEY)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_the_docks_share_it_40_to_60_and_52_to_48(window: MainWindow) -> None:
    docks = window.docks
    width = docks["dashboard"].width() + docks["radar"].width()
    height = docks["dashboard"].height() + docks["logs"].height()
    assert docks["dashboard"].width() / width == pytest.approx(0.40, abs=0.01)
    assert docks["dashboard"].height() / height == pytest.approx(0.52, abs=0.01)
    assert docks["radar"].height() / height == pytest.approx(0.52, abs=0.01)
    assert not docks["details"].isVisible()


def test_a_panel_takes_the_place_of_the_one_before_at_once(window: MainWindow) -> None:
    dock = window.docks["logs"]
    before = dock.panel
    assert before is not None
    assert before.isVisible()
    dock.hold(QWidget())
    assert not before.isVisible()


def _is_as_wide_as(window: MainWindow, width: int) -> bool:
    return window.dock_area.width() == width


def test_the_shares_stay_as_the_window_grows_and_shrinks(window: MainWindow, qtbot: QtBot) -> None:
    for size in ((1920, 1080), (1024, 680), (1600, 1000)):
        window.resize(*size)
        qtbot.waitUntil(partial(_is_as_wide_as, window, size[0]))
    share = window.docks["dashboard"].width() / (
        window.docks["dashboard"].width() + window.docks["radar"].width()
    )
    assert share == pytest.approx(0.40, abs=0.02)


def test_it_cannot_be_made_smaller_than_its_parts_need(window: MainWindow) -> None:
    assert (SMALLEST.width(), SMALLEST.height()) == (1024, 680)
    window.resize(300, 300)
    assert window.size() == SMALLEST


def test_header_title_bars_and_status_bar_have_the_heights_of_the_pictures(window: MainWindow) -> None:
    assert window.header.height() == 48
    assert window.status_bar.height() == 26
    for name in ("dashboard", "radar", "logs", "workstreams"):
        dock = window.docks[name]
        assert dock._title.height() == 32
        body = dock.widget()
        assert body is not None
        assert body.geometry().top() >= dock._title.geometry().bottom()


def test_layout_and_size_come_back(window: MainWindow, qtbot: QtBot) -> None:
    window.docks["logs"].close()
    window.docks["radar"].setFloating(True)
    geometry, docks = bytes(window.saveGeometry().data()), window.dock_area.saved()
    window.dock_area.reset()
    assert window.docks["logs"].isVisible()
    assert not window.docks["radar"].isFloating()
    window.restore(geometry, docks)
    qtbot.waitUntil(lambda: not window.docks["logs"].isVisible())
    assert window.docks["radar"].isFloating()


def test_a_layout_that_is_restored_right_after_a_reset_keeps_its_widths(
    window: MainWindow, qtbot: QtBot
) -> None:
    area, dashboard = window.dock_area, window.docks["dashboard"]
    area.resizeDocks([dashboard, window.docks["radar"]], [10_000, 1], Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: dashboard.width() > area.width() * 2 // 3, timeout=PATIENCE_MS)
    wide, docks = dashboard.width(), area.saved()
    area.reset()
    qtbot.waitUntil(lambda: dashboard.width() < wide, timeout=PATIENCE_MS)
    assert area.restore(docks)
    area._narrow()  # as it comes soon after a reset
    QApplication.processEvents()  # the docks are laid out
    assert dashboard.width() == wide


def test_a_floating_dock_of_a_restored_layout_is_shown_after_the_window_so_that_it_stays_above(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.docks["radar"].setFloating(True)
    geometry, docks = bytes(window.saveGeometry().data()), window.dock_area.saved()
    window.dock_area.reset()
    window.hide()
    window.restore(geometry, docks)
    assert not window.docks["radar"].isVisible()
    window.show()
    qtbot.waitUntil(window.docks["radar"].isVisible, timeout=PATIENCE_MS)
    assert window.docks["radar"].isFloating()
    assert window.docks["logs"].isVisible()


def test_the_first_window_is_no_larger_than_the_screen(window: MainWindow) -> None:
    window.restore(b"", b"")
    room = window.screen().availableSize().expandedTo(window.minimumSize())
    assert window.width() <= room.width()
    assert window.height() <= room.height()


def test_a_layout_that_is_none_of_ours_changes_nothing(window: MainWindow) -> None:
    assert not window.dock_area.restore(b"torn")
    assert all(window.docks[name].isVisible() for name in ("dashboard", "radar", "logs", "workstreams"))


def test_float_and_close_are_on_every_title_bar(window: MainWindow, qtbot: QtBot) -> None:
    dock = window.docks["logs"]
    qtbot.mouseClick(dock._title.float_button, LEFT)
    assert dock.isFloating()
    qtbot.mouseClick(dock._title.float_button, LEFT)
    assert not dock.isFloating()
    qtbot.mouseClick(dock._title.close_button, LEFT)
    assert not dock.isVisible()


class Probe(Panel):
    """A panel with a fact and a tool."""

    name, title, icon = "logs", "Logs", "logs"

    def __init__(self, projection: Projection, actions: Actions, theme: Theme, sources: Readers) -> None:
        super().__init__(
            PanelContext(
                projection=projection,
                selection=actions.selection,
                theme=theme,
                actions=actions,
                sources=sources,
            )
        )
        self.field, self.list, self.text = QLineEdit(), QListWidget(), "12,408 lines"
        column = QVBoxLayout(self)
        for widget in (self.field, self.list):
            column.addWidget(widget)
        self.field.textChanged.connect(self.fact_changed)
        self.tool = QLabel("tool")

    def fact(self) -> str:
        return self.text

    def tools(self) -> list[QWidget]:
        return [self.tool]


@pytest.fixture
def new_probe(projection: Projection, actions: Actions, theme: Theme) -> Iterator[Callable[[], Probe]]:
    store = JobStateStore()
    reader = DatabaseReader(store.database)
    yield lambda: Probe(projection, actions, theme, Readers(reader, store.home))
    reader.close()
    store.close()


@pytest.fixture
def probe(new_probe: Callable[[], Probe]) -> Probe:
    return new_probe()


def test_a_panel_s_fact_and_tools_stand_in_its_title_bar(window: MainWindow, probe: Probe) -> None:
    panel = probe
    window.put_panel("logs", panel)
    bar = window.docks["logs"]._title
    assert (bar.fact(), panel.tool.parentWidget()) == ("12,408 lines", bar)
    panel.text = "9 lines"
    panel.field.setText("x")
    assert bar.fact() == "9 lines"


def test_the_active_dock_has_a_line_on_top_and_only_it(
    window: MainWindow, theme: Theme, qtbot: QtBot, probe: Probe
) -> None:
    panel = probe
    window.put_panel("logs", panel)
    panel.list.setFocus()
    qtbot.waitUntil(panel.list.hasFocus)
    lined = [
        name
        for name in ("dashboard", "radar", "logs", "workstreams")
        if window.docks[name]._title.grab().toImage().pixelColor(20, 0).name() == theme.color("focus").name()
    ]
    assert lined == ["logs"]


def test_details_that_a_click_opens_leave_the_keyboard_where_it_is(
    window: MainWindow, qtbot: QtBot, probe: Probe
) -> None:
    window.put_panel("workstreams", probe)
    probe.list.setFocus()
    qtbot.waitUntil(probe.list.hasFocus)
    window.dock_area.open_details(focus=False)
    qtbot.waitUntil(window.docks["details"].isVisible)
    assert probe.list.hasFocus()


def test_f6_cycles_through_the_docks_and_skips_closed_ones(
    window: MainWindow, new_probe: Callable[[], Probe]
) -> None:
    panels = {name: new_probe() for name in ("dashboard", "radar", "logs", "workstreams")}
    for name, panel in panels.items():
        window.put_panel(name, panel)
    window.docks["radar"].close()
    visited = []
    for _ in range(4):
        window.dock_area.focus_next(1)
        active = window.dock_area.active()
        visited.append(active.objectName() if active else None)
    assert visited == ["dashboardDock", "logsDock", "workstreamsDock", "dashboardDock"]
    window.dock_area.focus_next(-1)
    active = window.dock_area.active()
    assert active is window.docks["workstreams"]


def test_files_can_be_dropped_anywhere(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, probe: Probe
) -> None:
    panel = probe
    window.put_panel("logs", panel)
    file = str(tmp_path / "a.json")
    for target in (window, window.header, window.status_bar, panel, panel.field, panel.list.viewport()):
        assert enter(target, dragged(file)), target
        with qtbot.waitSignal(window.files_dropped) as dropped:
            assert drop(target, dragged(file))
        assert dropped.args == [[Path(file)]]


def test_while_files_hover_a_frame_and_a_sentence_show_it(window: MainWindow, tmp_path: Path) -> None:
    frame = window.findChild(DropTarget)
    assert isinstance(frame, DropTarget)
    enter(window, dragged(*(str(tmp_path / f"{number}.json") for number in range(6))))
    assert frame.isVisible()
    assert frame.geometry() == window.rect()
    assert window.header.drop_label.text() == "Drop to look at 6 files"
    assert not window.header.palette_field.isVisible()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not frame.isVisible()
    assert window.header.palette_field.isVisible()


def test_urls_are_read_when_the_drag_enters(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    enter(window, dragged(str(tmp_path / "a.json")))
    with qtbot.waitSignal(window.files_dropped) as dropped:
        drop(window, QMimeData())  # its source has quit, so nothing can be read any more
    assert dropped.args == [[tmp_path / "a.json"]]


def test_a_drop_handed_in_without_a_drag_before_it_is_read_all_the_same(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    mime = dragged(str(tmp_path / "a.json"))
    with qtbot.waitSignal(window.files_dropped) as dropped:
        window.dropEvent(QDropEvent(QPointF(5, 5), COPY, mime, LEFT, NO_KEY))
    assert dropped.args == [[tmp_path / "a.json"]]


@pytest.mark.parametrize("name", ["https://example.org/a.json", "ftp://example.org/a.json"])
def test_files_on_another_machine_are_rejected(window: MainWindow, qtbot: QtBot, name: str) -> None:
    assert not enter(window, dragged(name))
    with qtbot.assertNotEmitted(window.files_dropped):
        drop(window, dragged(name))


def test_dropped_text_is_rejected(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setText("/etc/passwd")
    assert not enter(window, mime)


def test_the_same_file_twice_is_one_and_a_flood_is_capped() -> None:
    assert local_paths(dragged("/a", "/b", "/a")) == [Path("/a"), Path("/b")]
    assert len(local_paths(dragged(*(f"/{number}" for number in range(20_000))))) == 10_000


def test_ctrl_k_opens_the_palette_and_escape_closes_it_before_anything_else(
    window: MainWindow, actions: Actions, qtbot: QtBot
) -> None:
    requested: list[str] = []
    actions.triggered.connect(lambda name, _target: requested.append(name))
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert requested == ["palette"]
    window.open_palette()
    palette = window.palette_popup
    assert palette is not None
    qtbot.waitUntil(palette.field.hasFocus)
    with qtbot.assertNotEmitted(window.escaped):
        qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    with qtbot.waitSignal(window.escaped):
        qtbot.keyClick(window, Qt.Key.Key_Escape)


def test_no_key_acts_behind_an_open_sheet_but_those_of_text_size_shortcuts_and_quit(
    window: MainWindow, theme: Theme, actions: Actions, qtbot: QtBot
) -> None:
    requested: list[str] = []
    actions.triggered.connect(lambda name, _target: requested.append(name))
    sheet, field, control = Sheet(theme, window), QLineEdit(), Qt.KeyboardModifier.ControlModifier
    sheet.body.addWidget(field)
    sheet.open()
    for focused in (sheet, field):
        focused.setFocus()
        qtbot.waitUntil(focused.hasFocus)
        for key in (Qt.Key.Key_P, Qt.Key.Key_D, Qt.Key.Key_Z, Qt.Key.Key_1, Qt.Key.Key_K, Qt.Key.Key_0):
            qtbot.keyClick(focused, key, control)
        qtbot.keyClick(focused, Qt.Key.Key_F1)
    qtbot.keyClick(sheet, Qt.Key.Key_Q, control)
    assert requested == ["text_usual", "shortcuts", "text_usual", "shortcuts", "quit"]
    sheet.dismiss()
    qtbot.keyClick(window, Qt.Key.Key_P, control)
    assert requested[-1] == "pause"


def test_every_key_of_the_window_works_whichever_dock_has_the_focus(
    window: MainWindow, actions: Actions, qtbot: QtBot, probe: Probe
) -> None:
    panel = probe
    window.put_panel("logs", panel)
    panel.field.setFocus()
    qtbot.waitUntil(panel.field.hasFocus)
    requested: list[str] = []
    actions.triggered.connect(lambda name, _target: requested.append(name))
    for key in range(Qt.Key.Key_1.value, Qt.Key.Key_6.value):
        qtbot.keyClick(panel.field, Qt.Key(key), Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(panel.field, Qt.Key.Key_F6)
    qtbot.keyClick(panel.field, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert requested == [
        "panel_dashboard", "panel_radar", "panel_logs", "panel_workstreams", "panel_details",
        "next_region", "previous_error",
    ]  # fmt: skip
    assert panel.field.text() == ""


def test_closing_asks_first(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.close_requested):
        assert not window.close()
    assert window.isVisible()
    window.close_now()
    assert not window.isVisible()


def test_a_theme_change_repaints_everything_without_a_widget_s_own_style_sheet(
    window: MainWindow, theme: Theme, qtbot: QtBot
) -> None:
    qtbot.waitUntil(window.header.updatesEnabled)  # it is painted in a turn of its own
    dark = window.grab().toImage().pixelColor(3, 30).name()
    with qtbot.waitSignal(theme.changed):
        theme.set_preference("light")
    light = window.grab().toImage().pixelColor(3, 30).name()
    assert (dark, light) != (light, dark)
    assert light in {theme.color("bg1").name(), theme.color("field").name(), theme.color("line").name()}
    assert not any(one.styleSheet() for one in window.findChildren(QWidget))


@pytest.mark.parametrize("width", [1280, 1024])
def test_nothing_of_the_shell_is_cut_in_large_text(
    window: MainWindow, theme: Theme, qtbot: QtBot, width: int
) -> None:
    window.resize(width, 800)
    theme.set_text_size(150)
    header, bar = window.header, window.status_bar
    qtbot.waitUntil(lambda: header.settings_button.geometry().right() <= header.width())
    qtbot.waitUntil(lambda: bar.clock_label.geometry().right() <= bar.width())
    line = QFontMetrics(theme.font("strong")).height()
    for dock in window.docks.values():
        if dock.isVisible():
            assert dock._title.height() >= line
    for part in (*header.counters, header.pause_button, header.add_button, header.palette_field):
        assert part.width() >= part.sizeHint().width() or part is header.palette_field
        assert header.rect().contains(part.geometry())
        assert part.height() >= line or part is header.palette_field
    for label in (bar.heartbeat, bar.clock_label, bar.database_label):
        assert label.width() >= label.fontMetrics().horizontalAdvance(label.text())
        assert bar.rect().contains(label.geometry())


def test_no_label_in_the_shell_reads_markup(window: MainWindow) -> None:
    for label in window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText or not label.text(), label.text()


def _shown(window: MainWindow) -> set[str]:
    return {name for name, dock in window.docks.items() if dock.isVisible()}


FOUR = {"dashboard", "radar", "logs", "workstreams"}


def test_the_review_opens_over_the_whole_window_and_leaves_the_others_as_they_were(
    window: MainWindow,
) -> None:
    assert _shown(window) == FOUR
    before = window.docks["radar"].geometry()
    window.dock_area.open("review")
    assert _shown(window) == {"review"}
    window.docks["review"].close()
    assert _shown(window) == FOUR
    assert window.docks["radar"].geometry() == before


def test_the_night_opens_over_the_whole_window_and_is_closed_until_then(window: MainWindow) -> None:
    window.dock_area.open("night")
    assert _shown(window) == {"night"}
    assert window.dock_area.leave_filled()
    assert _shown(window) == FOUR


def test_another_panel_that_is_opened_comes_back_with_the_layout_around_it(window: MainWindow) -> None:
    window.dock_area.open("review")
    window.docks["logs"].focus()
    assert _shown(window) == FOUR


def test_any_panel_takes_the_whole_window_and_gives_it_back_with_one_key(
    window: MainWindow, actions: Actions, qtbot: QtBot
) -> None:
    actions.action("fill_window").triggered.connect(window.dock_area.fill_with_active)
    field = QLineEdit()
    window.put_panel("logs", field)
    window.docks["logs"].focus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_F11)
    assert _shown(window) == {"logs"}
    QTest.keyClick(field, Qt.Key.Key_F11)
    assert _shown(window) == FOUR


def test_a_double_click_on_a_title_fills_the_window_and_another_restores_the_others(
    window: MainWindow, qtbot: QtBot
) -> None:
    area, logs = window.dock_area, window.docks["logs"]
    title = logs._title
    qtbot.mouseDClick(title.words, LEFT)
    assert _shown(window) == {"logs"}
    assert not logs.isFloating()
    assert "Double-click" in title.toolTip()
    assert "F11" in title.toolTip()
    qtbot.mouseDClick(title.words, LEFT)
    assert _shown(window) == FOUR
    logs.setFloating(True)
    qtbot.mouseDClick(title.words, LEFT)
    assert _shown(window) == {"logs"}
    assert not logs.isFloating()
    qtbot.mouseDClick(title.words, LEFT)
    assert _shown(window) == FOUR
    assert logs.isFloating(), "it floats again, as before"
    logs.setFloating(False)
    details = window.docks["details"]
    area.open_details()
    qtbot.mouseDClick(details._title.words, LEFT)
    assert details.width() > area.width() - 20
    qtbot.mouseDClick(details._title.words, LEFT)
    assert details.width() < area.width() - 200
    area.inspector.dock_or_slide()
    qtbot.mouseDClick(details._title.words, LEFT)
    assert _shown(window) == {"details"}
    qtbot.mouseDClick(details._title.words, LEFT)
    assert _shown(window) == FOUR | {"details"}


def test_floating_details_make_room_for_a_review_and_close_with_escape(window: MainWindow) -> None:
    area, details = window.dock_area, window.docks["details"]
    window.resize(1280, 800)
    area.open_details()
    details.float_requested.emit()
    assert details.isFloating()
    area.open("review")
    assert _shown(window) == {"review"}
    area.leave_filled()
    assert details.isVisible()
    QTest.keyClick(details, Qt.Key.Key_Escape)
    assert not details.isVisible()


def test_details_over_the_panels_make_room_for_a_review_and_close_with_escape_from_anywhere(
    window: MainWindow, probe: Probe, qtbot: QtBot
) -> None:
    area = window.dock_area
    window.resize(1280, 800)
    window.put_panel("logs", probe)
    probe.field.setFocus()
    qtbot.waitUntil(probe.field.hasFocus, timeout=PATIENCE_MS)
    area.open_details()
    area.open("review")
    assert _shown(window) == {"review"}
    area.leave_filled()
    assert area.inspector.is_over
    qtbot.waitUntil(probe.field.isVisible, timeout=PATIENCE_MS)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert _shown(window) == FOUR
    qtbot.waitUntil(probe.field.hasFocus, timeout=PATIENCE_MS)


def test_what_is_remembered_of_the_layout_is_the_one_around_the_whole_window(window: MainWindow) -> None:
    before = window.dock_area.saved()
    window.dock_area.open("review")
    assert window.dock_area.saved() == before


@pytest.mark.parametrize("key", [Qt.Key.Key_F11, Qt.Key.Key_Escape])
def test_a_key_leads_from_the_review_back_to_where_one_was(
    window: MainWindow, actions: Actions, probe: Probe, qtbot: QtBot, key: Qt.Key
) -> None:
    actions.action("fill_window").triggered.connect(window.dock_area.fill_with_active)
    window.put_panel("logs", probe)
    probe.field.setFocus()
    qtbot.waitUntil(probe.field.hasFocus)
    window.dock_area.open("review")
    QTest.keyClick(window, key)
    assert _shown(window) == FOUR
    qtbot.waitUntil(probe.field.hasFocus)


def test_the_whole_window_is_given_whatever_has_the_focus(
    window: MainWindow, actions: Actions, probe: Probe, qtbot: QtBot
) -> None:
    actions.action("fill_window").triggered.connect(window.dock_area.fill_with_active)
    window.put_panel("logs", probe)
    probe.field.setFocus()
    qtbot.waitUntil(probe.field.hasFocus)
    window.header.menu_button.setFocus()
    QTest.keyClick(window.header.menu_button, Qt.Key.Key_F11)
    assert _shown(window) == {"logs"}


def test_a_review_that_is_taken_out_of_the_window_floats_over_the_others(window: MainWindow) -> None:
    window.dock_area.open("review")
    window.docks["review"].setFloating(True)
    assert _shown(window) == FOUR | {"review"}
    assert window.docks["review"].isFloating()


def test_a_review_that_was_docked_beside_the_others_stays_there(window: MainWindow) -> None:
    window.dock_area.open("review")
    window.docks["review"].setFloating(True)
    window.docks["review"].setFloating(False)
    assert _shown(window) == FOUR | {"review"}
    window.dock_area.open("review")
    assert _shown(window) == FOUR | {"review"}


def test_a_layout_of_the_first_version_comes_back_without_its_narrow_review(window: MainWindow) -> None:
    area = window.dock_area
    area.docks["review"].show()
    first = bytes(area.saveState(1).data())
    area.docks["review"].hide()
    area.docks["radar"].hide()
    assert area.restore(first)
    assert area.docks["radar"].isVisible()
    assert not area.docks["review"].isVisible()
    area.docks["review"].show()
    assert area.restore(area.saved())
    assert area.docks["review"].isVisible()


def test_where_every_panel_is_closed_the_window_says_how_to_open_them(window: MainWindow) -> None:
    area = window.dock_area
    assert not area.all_closed.isVisible()
    for dock in window.docks.values():
        dock.close()
    assert area.all_closed.isVisible()
    area.all_closed.button.click()
    assert not area.all_closed.isVisible()
    assert window.docks["dashboard"].isVisible()
