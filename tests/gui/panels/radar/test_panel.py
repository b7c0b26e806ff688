"""The Pipeline Radar as a user sees it: three views of one selection."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from math import hypot
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from engine.system.home import Home
from gui.control.actions import Actions
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.panels.panel_base import PanelContext
from gui.panels.radar.arc_painter import ArcPainter
from gui.panels.radar.centre_text import fitted_centre
from gui.panels.radar.file_facts import facts_of_file, facts_of_lane
from gui.panels.radar.geometry import Point
from gui.panels.radar.lane_marks import lane_marks
from gui.panels.radar.layers import RadarLayers
from gui.panels.radar.motion import Motion
from gui.panels.radar.panel_shape import PanelShape
from gui.panels.radar.pipeline_map import FileIndex, survey
from gui.panels.radar.pipeline_records import Ring, WorkstreamKey
from gui.panels.radar.radar_panel import RadarPanel
from gui.panels.radar.radar_scene import DrawnArc
from gui.panels.radar.stage_matrix import StageMatrix
from gui.panels.radar.stage_matrix_model import CellRole, LaneRole, StageMatrixModel
from gui.panels.radar.state_menu import CrowdMenu
from gui.theme.theme import Theme
from state.codec import record_to_json
from state.database import Database
from state.database_reader import DatabaseReader
from state.records import Event, JobStatus, Snapshot, WorkstreamFile
from state.worktree_records import Merge, MergeState
from tests.gui.panels.radar.radar_records import NOW, SHOP, crowd, file, job, night, predicted, projection

LEXER = ("night", "recovery", "src/parser/lexer.py")
Panel = Callable[..., RadarPanel]


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Readers]:
    home = Home.at(tmp_path / "home")
    database = Database(home.database)
    reader = DatabaseReader(database)
    yield Readers(reader, home)
    reader.close()
    database.close()


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme, selection: Selection, actions: Actions, sources: Readers) -> Panel:
    def make(snapshot: Snapshot | None = None, *, width: int = 955, height: int = 443) -> RadarPanel:
        made = RadarPanel(
            PanelContext(
                projection=projection(snapshot),
                selection=selection,
                theme=theme,
                actions=actions,
                sources=sources,
                clock=lambda: NOW,
            )
        )
        qtbot.addWidget(made)
        made.resize(width, height)
        made.show()
        QCoreApplication.sendPostedEvents()  # lays out
        made.grab()
        return made

    return make


def test_the_title_counts_files_and_workstreams_and_the_button_conflicts(panel: Panel) -> None:
    shown = panel()
    assert shown.fact() == "36 files in 11 workstreams, 2 repositories"
    assert shown.tools()[0].text() == "1 conflict"  # type: ignore[attr-defined]  # the first tool is a button
    assert shown.tools()[0].toolTip() == "1 conflict, 1 shared file; press to select the next one"
    calm = panel(replace(night(), worktrees=()))
    assert calm.tools()[0].text() == "2 shared files"  # type: ignore[attr-defined]


def test_an_empty_radar_explains_how_files_get_there(panel: Panel) -> None:
    shown = panel(Snapshot(cursor=0))
    assert shown.fact() == ""
    assert not shown.matrix.isVisible()
    assert shown._empty.isVisible()


def test_a_filter_that_hides_every_file_says_how_many_and_one_click_clears_it(
    panel: Panel, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel()
    selection.filter_by_state({"skipped"})
    assert shown._empty.isVisible()
    assert shown._empty.line == "36 files hidden by skipped"
    assert shown.title_fact() == "filtered: skipped"
    assert shown._filter_button.property("lit") is True
    qtbot.mouseClick(shown._empty.button, Qt.MouseButton.LeftButton)
    assert not selection.filter
    assert shown.title_fact() == shown.fact() == "36 files in 11 workstreams, 2 repositories"
    assert (shown.matrix.isVisible(), shown._filter_button.property("lit")) == (True, False)
    selection.select_run("no such run")
    assert shown._empty.line == "36 files hidden by no such run"


def test_a_click_on_a_blip_selects_the_file_everywhere(
    panel: Panel, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel()
    blip = next(one for one in shown.disc.blips() if one.key == LEXER)
    qtbot.mouseClick(shown.disc, Qt.MouseButton.LeftButton, pos=QPoint(round(blip.at.x), round(blip.at.y)))
    assert (selection.workstream, selection.path) == (("night", "recovery"), "src/parser/lexer.py")
    assert shown.disc.current() == blip
    index = shown.matrix.currentIndex()
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "recovery, Testing: 3 files, running"
    assert shown.inspector._title.text() == "src/parser/lexer.py"
    assert shown.disc.accessibleDescription().startswith("lexer.py, recovery, Testing, running, 1 minute")


def test_a_cell_of_the_matrix_selects_its_files_one_after_the_other(
    panel: Panel, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel()
    row = shown.matrix.table.row_of(("night", "recovery"))
    centre = shown.matrix.visualRect(shown.matrix.table.index(row, 1 + Ring.TESTING)).center()
    paths = []
    for _ in range(4):
        qtbot.mouseClick(shown.matrix.viewport(), Qt.MouseButton.LeftButton, pos=centre)
        paths.append(selection.path)
    assert paths == [
        "src/parser/errors.py",
        "src/parser/lexer.py",
        "src/parser/sync.py",
        "src/parser/errors.py",
    ]


def test_the_arrow_keys_walk_the_disc_and_return_shows_the_details(
    panel: Panel, selection: Selection, actions: Actions, qtbot: QtBot
) -> None:
    shown = panel()
    commands: list[tuple[str, object]] = []
    actions.triggered.connect(lambda command, ids: commands.append((command, ids)))
    seen = set()
    for _ in range(40):
        qtbot.keyClick(shown.disc, Qt.Key.Key_Right)
        assert selection.workstream is not None
        seen.add(selection.workstream[1])
    assert len(seen) == 10  # every workstream with a file outside of the centre
    selection.select_file(*LEXER)
    qtbot.keyClick(shown.disc, Qt.Key.Key_Return)
    assert commands == [("show_details", ("recovery-test",))]


def test_a_selection_made_elsewhere_is_marked_here(panel: Panel, selection: Selection) -> None:
    shown = panel()
    selection.select_workstream(("night", "ui-a11y"))
    assert shown.matrix.currentIndex().data() == "ui-a11y"
    assert shown.inspector._stage.text().startswith("Review")


def test_the_label_of_a_workstream_selects_it(panel: Panel, selection: Selection, qtbot: QtBot) -> None:
    shown = panel()
    ground = drawn(shown).ground
    assert ground is not None
    rect, lane = next(pair for pair in ground.labels if pair[1].title == "locale-de")
    qtbot.mouseClick(shown.disc, Qt.MouseButton.LeftButton, pos=QPoint(round(rect.x) + 30, round(rect.y) + 8))
    assert selection.workstream == lane.key


def test_hovering_a_conflict_names_both_sides_and_a_click_selects_it(
    panel: Panel, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel()
    top = drawn(shown).top
    assert top is not None
    badge = next(one for one in top.arcs if one.conflict.path.endswith("totals.py")).line.badge
    point = QPoint(round(badge.x), round(badge.y))
    nothing = Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(point),
        nothing,
        nothing,
        Qt.KeyboardModifier.NoModifier,
    )
    QCoreApplication.sendEvent(shown.disc, moved)
    assert shown.disc._hover is not None
    assert isinstance(shown.disc._hover.item, DrawnArc)
    qtbot.mouseClick(shown.disc, Qt.MouseButton.LeftButton, pos=point)
    assert selection.path == "shop/cart/totals.py"


def test_below_420_px_of_room_the_disc_gives_way_to_the_matrix(panel: Panel) -> None:
    narrow, wide = panel(width=300 + 419), panel(width=300 + 420)
    assert not narrow.disc.isVisible()
    assert narrow.matrix.width() > 700
    assert wide.disc.isVisible()


def test_the_switch_of_the_disc_says_when_the_panel_is_too_narrow(panel: Panel) -> None:
    shown = panel(width=700)
    switch = shown.tools()[1]
    assert not switch.isEnabled()
    assert switch.toolTip() == "The round display needs a wider panel"
    shown.resize(760, 443)
    assert switch.isEnabled()
    assert shown.disc.isVisible(), "the column beside it makes room in a window of 1280 px"


def test_the_disc_can_be_hidden_and_that_is_remembered(panel: Panel) -> None:
    shown, other = panel(), panel()
    shown.tools()[1].click()  # type: ignore[attr-defined]  # the second tool is a button
    assert not shown.disc.isVisible()
    other.restore(shown.state())
    assert not other.disc.isVisible()
    other.restore({"disc": "nonsense", "unknown": 1})
    assert not other.disc.isVisible()


def test_what_happened_while_hidden_is_there_when_shown(panel: Panel, qtbot: QtBot) -> None:
    shown = panel()
    shown.hide()
    done = replace(job("recovery", 2, JobStatus.COMPLETED), attempts=2)
    event = Event(id=11, at=NOW, event_type="job.completed", payload={"job": record_to_json(done)})
    shown._projection.fold([event])
    assert shown.survey().find(LEXER).place.ring is Ring.TESTING
    shown.show()
    qtbot.waitUntil(lambda: shown.survey().find(LEXER).place.ring is Ring.REVIEW)


def test_a_new_file_shows_up_by_itself(panel: Panel, qtbot: QtBot) -> None:
    shown = panel()
    new = WorkstreamFile(run_id="night", ws_id="recovery", path="src/parser/new.py", touched=True)
    shown._projection.fold(
        [Event(id=11, at=NOW, event_type="job.completed", payload={"files": [record_to_json(new)]})]
    )
    qtbot.waitUntil(lambda: not shown._stale)
    assert shown.fact().startswith("37 files")


def test_a_filter_by_state_keeps_what_is_shown_in_that_state(panel: Panel, selection: Selection) -> None:
    shown = panel()
    selection.filter_by_state({"quarantined"})
    assert [lane.title for lane in shown.survey().lanes] == ["stripe-webhooks"]
    selection.filter_by_state(())
    assert len(shown.survey().lanes) == 11


def test_the_inspector_shows_stage_change_conflict_and_what_comes_next() -> None:
    shown = night()
    pipeline = survey(projection(shown), FileIndex(shown.files), ["night"], now=NOW)
    lexer = pipeline.find(LEXER)
    assert lexer is not None
    facts = facts_of_file(pipeline, lexer, now=NOW + 120)
    assert facts.stage == "Testing for 3 m, recovery step 2 of 3"
    assert (facts.changed, facts.added, facts.removed) == ("codex", 41, 12)
    assert facts.conflict == "lexer-split also declares this file"
    assert facts.follows == "Next step: review with aider."
    blocked = pipeline.find(("night", "lexer-split", "src/parser/lexer.py"))
    assert blocked is not None
    facts = facts_of_file(pipeline, blocked, now=NOW)
    assert facts.conflict == "recovery has changed it too"
    assert facts.follows == "Waits for recovery / test to finish."
    lane = pipeline.lane(("night", "cart-totals"))
    assert lane is not None
    assert facts_of_lane(pipeline, lane, now=NOW).changed == "2 queued, 2 editing, 1 testing"
    one_stage = replace(lane, files=[file for file in lane.files if file.place.ring is Ring.QUEUED])
    assert facts_of_lane(pipeline, one_stage, now=NOW).changed == "2 files"


def test_the_inspector_names_both_sides_and_the_file_of_a_predicted_conflict() -> None:
    shown = replace(night(), conflicts=(predicted(), predicted("recovery", target="main")))
    pipeline = survey(projection(shown), FileIndex(shown.files), ["night"], now=NOW)
    totals = pipeline.find(("night", "cart-totals", "shop/cart/totals.py"))
    lane = pipeline.lane(("night", "price-rules"))
    recovery = pipeline.lane(("night", "recovery"))
    assert totals is not None
    assert lane is not None
    assert recovery is not None
    facts = facts_of_file(pipeline, totals, now=NOW)
    assert (facts.conflict, facts.is_real) == (
        "cart-totals and price-rules both changed totals.py",
        True,
    )
    facts = facts_of_lane(pipeline, lane, now=NOW)
    assert (facts.conflict, facts.is_real) == (
        "price-rules and cart-totals both changed totals.py",
        True,
    )
    facts = facts_of_lane(pipeline, recovery, now=NOW)
    assert facts.conflict == "recovery and main both changed totals.py; Shares files with lexer-split"


def colours(image: QImage) -> set[int]:
    return set(memoryview(image.constBits()).cast("I"))


@pytest.mark.parametrize("width", [955, 1400])
def test_red_is_what_both_changed_and_grey_what_the_selection_only_declares(
    panel: Panel, theme: Theme, width: int
) -> None:
    shown = panel(width=width, height=700)
    disc = shown.disc

    def arcs_of(selected: WorkstreamKey | None) -> set[int]:
        image = QImage(disc.size(), QImage.Format.Format_RGB32)
        image.fill(theme.color("bg0"))
        painter = QPainter(image)
        arcs = ArcPainter(theme)
        drawn = arcs.declared(painter, disc._scene, selected, None)
        arcs.badges(painter, disc._scene, drawn)
        if selected is None:
            arcs.badges(painter, disc._scene, arcs.real(painter, disc._scene))
        painter.end()
        return colours(image)

    red, grey = theme.color("failed.fill").rgb(), theme.color("ctl").rgb()
    assert red in arcs_of(None)
    assert grey not in arcs_of(None)
    assert grey in arcs_of(("night", "recovery"))
    assert grey not in arcs_of(("night", "cart-totals"))


def test_a_workstream_that_conflicts_with_its_target_or_whose_check_fails_has_a_mark(
    panel: Panel, selection: Selection, qtbot: QtBot
) -> None:
    red = Merge(id=1, run_id="night", ws_id="ui-a11y", repo=SHOP, target="main", state=MergeState.RED)
    shown = panel(replace(night(), conflicts=(predicted("recovery", target="main"),), merges=(red,)))
    assert {mark.key[1]: mark.words for mark in lane_marks(shown.survey())} == {
        "recovery": "conflicts with main in totals.py",
        "ui-a11y": "its check fails",
    }
    top = drawn(shown).top
    assert top is not None
    at = next(one.at for one in top.marks if one.mark.key[1] == "ui-a11y")
    qtbot.mouseClick(shown.disc, Qt.MouseButton.LeftButton, pos=QPoint(round(at.x), round(at.y)))
    assert selection.workstream == ("night", "ui-a11y")


def test_the_line_at_the_top_says_what_is_stuck_and_a_press_selects_it(
    panel: Panel, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel()
    assert (
        shown.stuck.text()
        == "3 files of fuzz-corpus timed out, have been in Testing for 1 m, 2 more are stuck"
    )
    qtbot.mouseClick(shown.stuck, Qt.MouseButton.LeftButton)
    assert selection.workstream == ("night", "fuzz-corpus")
    qtbot.keyClick(shown.stuck, Qt.Key.Key_Space)
    assert selection.workstream == ("night", "stripe-webhooks")
    selection.filter_by_state({"running"})
    assert (shown.stuck.text(), shown.stuck.isEnabled()) == ("Nothing is stuck", False)


def test_the_rows_of_the_matrix_are_in_the_order_of_urgency_and_the_selected_one_is_in_view(
    panel: Panel, selection: Selection
) -> None:
    shown = panel(width=720, height=240)
    matrix = shown.matrix
    names = [matrix.table.index(row, 0).data() for row in range(matrix.table.rowCount())]
    assert names == [
        "stripe-webhooks",
        "fuzz-corpus",
        "ui-a11y",
        "cart-totals",
        "price-rules",
        "recovery",
        "lexer-split",
        "checkout-copy",
        "locale-de",
        "search-index",
        "unicode-idents",
    ]
    shown.resize(1272, 690)
    QCoreApplication.sendPostedEvents()  # the layout
    last = matrix.visualRect(matrix.table.index(len(names) - 1, 0))
    assert matrix.viewport().rect().contains(last), "without a selection no row has to make room"
    shown.resize(720, 240)
    selection.select_workstream(("night", "search-index"))
    seen = matrix.viewport().rect()
    assert seen.contains(matrix.visualRect(matrix.currentIndex()).center())
    shown.resize(720, 200)
    assert matrix.viewport().rect().contains(matrix.visualRect(matrix.currentIndex()).center())


@pytest.mark.parametrize("width", [300, 320, 372, 520])
def test_no_head_of_the_matrix_is_cut_off(theme: Theme, qtbot: QtBot, width: int) -> None:
    matrix = StageMatrix(theme)
    qtbot.addWidget(matrix)
    shown = night()
    matrix.show_lanes(list(survey(projection(shown), FileIndex(shown.files), ["night"], now=NOW).lanes))
    matrix.resize(width, 120)  # with a scroll bar
    matrix.show()
    QCoreApplication.sendPostedEvents()
    header = matrix._header
    assert sum(header.sectionSize(column) for column in range(6)) <= matrix.viewport().width()
    for column in range(1, 6):
        room = header.sectionSize(column) - 3
        assert header._type.width(header._fitting(column, room), "caption") <= room
    assert matrix.table.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) == "Queued"


def test_everything_on_the_disc_is_a_child_with_a_name_for_screen_readers(
    panel: Panel, selection: Selection
) -> None:
    shown = panel(replace(night(), conflicts=(predicted("recovery", target="main"),)))
    drawn(shown)
    tree = QAccessible.queryAccessibleInterface(shown.disc)
    assert tree.role() is QAccessible.Role.List
    children = [tree.child(number) for number in range(tree.childCount())]
    names = [child.text(QAccessible.Text.Name) for child in children]
    assert "recovery, parser, 3 files, running" in names
    assert "lexer.py, recovery, Testing, running, 1 minute, shared with lexer-split" in names
    assert "shop/cart/totals.py, both changed it: cart-totals and price-rules" in names
    assert "recovery, conflicts with main in totals.py" in names
    selection.select_file(*LEXER)
    lexer = next(
        child for child, name in zip(children, names, strict=True) if name.startswith("lexer.py, recovery")
    )
    assert lexer.state().selected
    assert lexer.parent().childAt(*lexer.rect().center().toTuple()) is not None
    at = shown.disc.mapToGlobal(QPoint(round(shown.disc.current().at.x), round(shown.disc.current().at.y)))
    assert lexer.rect().contains(at)
    assert tree.indexOfChild(lexer) == names.index(lexer.text(QAccessible.Text.Name))


def test_rows_and_lines_grow_with_the_text(panel: Panel, theme: Theme) -> None:
    shown = panel()
    rows, line = shown.matrix.verticalHeader().defaultSectionSize(), shown.stuck.height()
    theme.set_text_size(150)
    assert shown.matrix.verticalHeader().defaultSectionSize() > rows
    assert shown.stuck.height() > line
    assert PanelShape(760, 300).has_room_for_disc
    assert not PanelShape(760, 300, theme.text_scale).has_room_for_disc


@pytest.mark.parametrize(("radius", "words"), [(100.0, 2), (45.0, 2), (28.0, 2), (24.0, 1)])
def test_the_number_and_the_word_in_the_centre_stay_in_it_and_apart(
    theme: Theme, radius: float, words: int
) -> None:
    theme.set_text_size(150)
    lines = fitted_centre("128", "done", radius=radius, fonts=(theme.font("numeral"), theme.font("caption")))
    assert len(lines) == words
    assert all(hypot(line.box.right(), max(-line.box.top(), line.box.bottom())) <= radius for line in lines)
    assert all(upper.box.bottom() < lower.box.top() for upper, lower in pairwise(lines))


def test_no_row_moves_under_the_pointer(panel: Panel) -> None:
    shown = panel()
    matrix = shown.matrix
    lanes = [matrix.table.index(row, 0).data(LaneRole) for row in range(matrix.table.rowCount())]
    matrix.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    matrix.show_lanes(lanes[::-1])
    assert matrix.table.keys() == [lane.key for lane in lanes]
    matrix.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    QCoreApplication.sendEvent(matrix, QEvent(QEvent.Type.Leave))
    assert matrix.table.keys() == [lane.key for lane in lanes[::-1]]


def test_the_files_behind_one_glyph_are_listed_and_one_of_them_is_selected(
    panel: Panel, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel(crowd(3, 12))
    blip = shown.disc.blips()[0]
    assert len(blip.files) == 12
    at = QPoint(round(blip.at.x), round(blip.at.y))
    qtbot.mouseClick(shown.disc, Qt.MouseButton.LeftButton, pos=at)
    assert shown.matrix.currentIndex().data(CellRole).count == 12
    qtbot.mouseDClick(shown.disc, Qt.MouseButton.LeftButton, pos=at)
    menu = shown.findChild(CrowdMenu)
    assert menu is not None
    menu.actions()[4].trigger()
    assert selection.path == blip.files[3].file.path
    menu.close()
    qtbot.waitUntil(lambda: shown.findChild(CrowdMenu) is None)
    qtbot.keyClick(shown.disc, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    listed = shown.findChild(CrowdMenu)
    assert listed is not None
    listed.close()


def test_the_projection_follows_conflicts_that_come_and_go(panel: Panel, qtbot: QtBot) -> None:
    shown = panel()
    button = shown.tools()[0]
    assert isinstance(button, QAbstractButton)

    def fold(number: int, event_type: str, text: str) -> None:
        payload = {"conflict": record_to_json(predicted("recovery", target="main"))}
        event = Event(id=number, at=NOW, event_type=event_type, message="", payload=payload)
        shown._projection.fold([event])
        qtbot.waitUntil(lambda: button.text() == text)

    fold(11, "conflict.predicted", "2 conflicts")
    fold(12, "conflict.gone", "1 conflict")
    known = shown._projection.conflicts.values()
    assert not [one for one in known if ("night", "recovery") in one.workstreams]


def test_the_list_and_the_legend_say_which_conflicts_are_real(panel: Panel) -> None:
    shown = panel(replace(night(), conflicts=(predicted(),)), width=1400, height=800)
    assert shown.conflicts.accessibleDescription() == (
        "would conflict: cart-totals and price-rules; only declared: recovery and lexer-split"
    )
    assert shown._legend.accessibleDescription() == (
        "red line: both changed the file; dashed grey line of the selection: both declare the file"
    )


def test_the_history_of_a_file_is_that_of_the_jobs_which_cover_it(
    panel: Panel, sources: Readers, selection: Selection
) -> None:
    shown = panel(height=800)
    selection.select_file(*LEXER)
    assert shown.inspector.history.rowCount() == 0
    with Database(sources.home.database).write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO events (at, event_type, level, run_id, ws_id, job_id, message, payload_json) VALUES "
            "(1, 'job.completed', 'info', 'night', 'recovery', 'recovery-edit', 'edit done', '{}'),"
            "(2, 'job.running', 'info', 'night', 'recovery', 'recovery-test', 'tests run', '{}'),"
            "(3, 'job.running', 'info', 'night', 'price-rules', 'price-rules-edit', 'other', '{}')"
        )
    selection.select_workstream(("night", "ui-a11y"))
    selection.select_file(*LEXER)
    history = shown.inspector.history
    assert [history.index(row).data() for row in range(history.rowCount())] == ["edit done", "tests run"]


def test_the_matrix_passes_the_model_tester(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    shown = night()
    lanes = survey(projection(shown), FileIndex(shown.files), ["night"], now=NOW).lanes
    model = StageMatrixModel()
    qtmodeltester.check(model)
    model.show_lanes(lanes)
    with qtbot.waitSignal(model.dataChanged):
        model.show_lanes(lanes)
    model.show_lanes(lanes[:3])
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [one.title for one in lanes[:3]]


def test_markup_in_file_names_is_shown_literally(panel: Panel) -> None:
    bomb = "<table>" * 16 + ".py"
    full = night()
    started = time.thread_time()
    shown = panel(replace(full, files=(*full.files, file("recovery", bomb))), width=1592, height=885)
    shown._selection.select_file("night", "recovery", bomb)
    shown.grab()
    assert shown.inspector._title.text() == bomb
    assert shown.inspector._title.textFormat() is Qt.TextFormat.PlainText
    assert time.thread_time() - started < 3


def test_a_blip_travels_once_and_comes_to_rest() -> None:
    motion, key = Motion(), LEXER
    motion.begin({key: (Point(0, 0), "running")}, {key: (Point(100, 0), "running")}, at=10.0, still=False)
    way = [motion.place(key, Point(100, 0), 10 + t).x for t in (0, 0.05, 0.11, 0.22)]
    assert way[0] == 0
    assert way == sorted(way)
    assert way[-1] == 100
    assert motion.active(10.5)
    assert not motion.active(10.7)
    assert motion.place(key, Point(100, 0), 11).x == 100


def test_more_than_twelve_changes_at_once_jump_and_reduced_motion_only_outlines() -> None:
    many = {("r", "w", str(n)): (Point(n, 0), "running") for n in range(13)}
    moved = {key: (Point(9, 9), "running") for key in many}
    motion = Motion()
    motion.begin(many, moved, at=0, still=False)
    assert not motion.active(0)
    motion.begin({LEXER: (Point(0, 0), "queued")}, {LEXER: (Point(5, 5), "running")}, at=0, still=True)
    assert motion.place(LEXER, Point(5, 5), 0.01) == Point(5, 5)
    assert motion.pulse(LEXER, 1.5) is not None
    assert not motion.active(2.1)


def drawn(shown: RadarPanel) -> RadarLayers:
    """The cached layers of the disc, fully up to date."""
    shown.disc.grab()
    shown.disc.grab()  # a crowd is drawn in two turns
    return shown.disc._layers


def test_moving_blips_are_redrawn_and_the_ground_below_is_reused(panel: Panel) -> None:
    shown = panel(width=1592, height=885)
    ground, top = drawn(shown).ground, drawn(shown).top
    shown.disc._layers.mark()
    assert drawn(shown).ground is ground
    assert drawn(shown).top is not top
    shown.disc.select(("night", "locale-de"), None)
    assert drawn(shown).ground is not ground


def test_ground_and_blips_of_two_thousand_files_are_not_drawn_in_the_same_turn(panel: Panel) -> None:
    shown = panel(crowd(250, 8), width=1592, height=885)
    assert sum(len(blip.files) for blip in shown.disc.blips()) == 2000
    ground, top = drawn(shown).ground, drawn(shown).top
    assert not shown.disc._layers.is_stale
    shown.disc.select(shown.disc.blips()[0].files[0].key[:2], None)
    shown.disc.grab()
    layers = shown.disc._layers
    assert (layers.ground is ground, layers.top is top, layers.is_stale) == (False, True, True)
    shown.disc.grab()
    assert (layers.top is top, layers.is_stale) == (False, False)
