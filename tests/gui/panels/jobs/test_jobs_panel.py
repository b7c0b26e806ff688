"""The table of jobs as a user sees it: a real panel, offscreen."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu
from pytestqt.exceptions import capture_exceptions
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from engine.system.home import Home
from gui.control.actions import Actions
from gui.data.cost_captions import with_certainty
from gui.data.filter_words import keeps
from gui.data.job_display import STATE_WORDS, state_word
from gui.data.panel_filter import PanelFilter
from gui.data.projection import EngineFacts, Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.panels.jobs import jobs_model
from gui.panels.jobs.job_field import FIELDS, FIRST_HIDDEN, SPECS, JobField
from gui.panels.jobs.jobs_delegate import fitting_cost
from gui.panels.jobs.jobs_head import JobsHead
from gui.panels.jobs.jobs_model import JobsModel
from gui.panels.jobs.jobs_panel import JobsPanel
from gui.panels.panel_base import PanelContext
from gui.theme.text_layout import Typesetter, shortened
from gui.theme.theme import Theme
from gui.translation import use_language
from state.costs import CostSource
from state.database import Database
from state.database_reader import DatabaseReader
from state.lifecycle import FINAL
from state.records import Job, JobStatus, Run, Snapshot, Workstream
from tests.gui.board_records import NOW, event_of, night, projected
from tests.helpers.patience import PATIENCE_MS

_TIP = Qt.ItemDataRole.ToolTipRole
Requests = list[tuple[str, tuple[str, ...] | None]]


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Readers]:
    home = Home.at(tmp_path / "home")
    database = Database(home.database)
    reader = DatabaseReader(database)
    yield Readers(reader, home)
    reader.close()
    database.close()


@pytest.fixture
def projection() -> Projection:
    return projected()


@pytest.fixture
def requests(actions: Actions) -> Requests:
    found: Requests = []
    actions.triggered.connect(lambda command, ids: found.append((command, ids)))
    return found


@pytest.fixture
def panel(  # noqa: PLR0917 - fixtures
    qtbot: QtBot,
    theme: Theme,
    selection: Selection,
    actions: Actions,
    sources: Readers,
    projection: Projection,
) -> Iterator[JobsPanel]:
    made = JobsPanel(
        PanelContext(
            projection=projection,
            selection=selection,
            theme=theme,
            actions=actions,
            sources=sources,
            clock=lambda: NOW,
        )
    )
    qtbot.addWidget(made)
    made.resize(1300, 500)
    made.show()
    QCoreApplication.sendPostedEvents()
    yield made
    made.stop_reading()


def ids(panel: JobsPanel) -> list[str]:
    return list(panel.model.job_ids)


def changed(projection: Projection, job_id: str, **fields: object) -> Job:
    made = replace(projection.jobs[job_id], **fields)  # type: ignore[arg-type]  # a test names fields freely
    projection.fold([event_of(made, id=projection.cursor + 1)])
    return made


def test_what_runs_comes_first_then_what_starts_next_then_what_waits_and_what_ended(
    panel: JobsPanel, projection: Projection
) -> None:
    kinds = [kind_of(projection.jobs[job_id], projection) for job_id in ids(panel)]
    assert kinds == sorted(kinds, key=["run", "next", "behind", "held", "ended"].index)
    assert len(kinds) == len(projection.jobs)
    assert {"next", "behind"} <= set(kinds)


def kind_of(job: Job, projection: Projection) -> str:
    if job.status is JobStatus.QUEUED:
        parents = [projection.jobs[job_id].status for job_id in job.depends_on]
        return "next" if set(parents) <= {JobStatus.COMPLETED, JobStatus.SKIPPED} else "behind"
    return {JobStatus.RUNNING: "run", JobStatus.HELD: "held"}.get(job.status, "ended")


def test_no_title_of_a_column_is_blank_in_large_text_and_its_tip_has_it_whole(
    panel: JobsPanel, theme: Theme
) -> None:
    head = panel.findChild(JobsHead)
    assert head is not None
    theme.set_text_size(150)
    titles = {field: head.shown_title(field, SPECS[field].width - 16) for field in FIELDS}
    assert all(len(title) > 1 or title == "#" for title in titles.values()), titles
    assert titles[JobField.SILENT].startswith("Sile")
    tip = panel.model.headerData(1 + FIELDS.index(JobField.SILENT), Qt.Orientation.Horizontal, _TIP)
    assert tip == "Silent for"


def test_the_names_of_workstreams_are_whole_where_there_is_room_and_a_filter_moves_no_column(
    panel: JobsPanel, projection: Projection
) -> None:
    view, type_ = panel.view, panel.view._type
    streams = {
        key: replace(one, title=f"{one.title or one.ws_id} of the shop")
        for key, one in projection.workstreams.items()
    }
    projection.workstreams.update(streams)
    projection.reset.emit()
    view._measured = 0
    panel.resize(1900, 500)
    projection.reset.emit()
    names = [
        panel.model.text(panel.model.job_row(row), JobField.WORKSTREAM) for row in range(len(ids(panel)))
    ]
    width = view.columnWidth(1 + FIELDS.index(JobField.WORKSTREAM))
    assert sum(type_.width(name, "small") + 16 <= width for name in names) >= 0.9 * len(names)
    assert width > SPECS[JobField.WORKSTREAM].width
    before = [view.columnWidth(section) for section in range(1 + len(FIELDS))]
    panel.field.setText("tax")
    assert [view.columnWidth(section) for section in range(1 + len(FIELDS))] == before


def test_the_table_is_shown_anew_every_second_only_while_a_job_runs_or_is_young(
    panel: JobsPanel, projection: Projection, qtbot: QtBot
) -> None:
    panel._on_tick()
    assert panel._tick.interval() == 1000
    for job_id in list(projection.jobs):
        at = {"created_at": NOW - 7200, "completed_at": NOW - 3600}
        changed(projection, job_id, status=JobStatus.CANCELLED, **at)
    qtbot.waitUntil(
        lambda: {panel.model.job_row(row).state for row in range(len(ids(panel)))} == {"cancelled"}
    )
    panel._on_tick()
    assert panel._tick.isSingleShot()
    assert panel._tick.interval() > 1000
    changed(projection, ids(panel)[0], status=JobStatus.RUNNING, started_at=NOW)
    qtbot.waitUntil(lambda: panel._tick.remainingTime() <= 1000, timeout=PATIENCE_MS)


def test_the_model_keeps_the_rules_of_qt(panel: JobsPanel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(panel.model)


@pytest.mark.parametrize("descending", [False, True])
def test_empty_cells_come_last_in_both_directions(panel: JobsPanel, *, descending: bool) -> None:
    panel.model.arrange_by(JobField.COST, descending=descending)
    costs = [panel.model.job_row(row).job.cost_usd for row in range(panel.model.rowCount())]
    filled = [cost for cost in costs if cost is not None]
    assert costs == sorted(filled, reverse=descending) + [None] * (len(costs) - len(filled))
    assert 0 < len(filled) < len(costs)


def test_a_second_press_on_a_title_turns_the_order_and_a_third_ends_it(panel: JobsPanel) -> None:
    before = ids(panel)
    head, section = panel.view.head, 1 + FIELDS.index(JobField.JOB)
    head.sectionClicked.emit(section)
    assert (panel.model.sorted_by, panel.model.descending) == (JobField.JOB, False)
    head.sectionClicked.emit(section)
    assert (panel.model.sorted_by, panel.model.descending) == (JobField.JOB, True)
    head.sectionClicked.emit(section)
    assert panel.model.sorted_by is None
    assert ids(panel) == before


def test_rows_stay_where_they_are_while_the_pointer_is_over_them(
    panel: JobsPanel, projection: Projection, qtbot: QtBot
) -> None:
    first = ids(panel)[0]
    before = ids(panel)
    panel.model.hold_still(still=True)
    changed(projection, first, status=JobStatus.COMPLETED, completed_at=NOW)
    qtbot.waitUntil(lambda: first in panel.model.out_of_order)
    assert ids(panel) == before
    assert panel.sort_again.text() == f"{len(panel.model.out_of_order)} changed, sort again"
    panel.model.hold_still(still=False)
    assert ids(panel) != before
    assert not panel.sort_again.isVisibleTo(panel)


def test_a_job_that_arrives_is_sorted_in_and_the_selection_stays(
    panel: JobsPanel, projection: Projection, qtbot: QtBot
) -> None:
    chosen = ids(panel)[2]
    panel.view.select(chosen)
    panel.model.arrange_by(JobField.JOB)
    panel.model.hold_still(still=False)  # wherever the pointer is
    arrived = replace(projection.jobs[chosen], job_id="aaa", step_name="aaa", seq=9999)
    projection.fold([event_of(arrived, id=projection.cursor + 1)])
    qtbot.waitUntil(lambda: "aaa" in ids(panel))
    assert ids(panel) == sorted(ids(panel), key=lambda one: panel.model.job_row(panel.model.place(one)).title)
    assert panel.view.selected_ids == (chosen,)


def test_the_filter_says_how_many_jobs_it_hides_and_is_cleared_where_nothing_passes(panel: JobsPanel) -> None:
    total = panel.model.rowCount()
    panel.view.scrollToBottom()
    panel.field.setText("stripe")
    assert panel.view.rows_in_view().start == 0
    assert 0 < panel.model.rowCount() < total
    assert panel.fact().startswith(f"{panel.model.rowCount()} of {total}")
    panel.field.setText("nothing is called so")
    assert panel.empty.isVisible()
    panel.empty.action_requested.emit()
    assert panel.model.rowCount() == total


def test_a_filter_of_many_jobs_takes_effect_once_all_were_looked_through_in_short_turns(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    projection = Projection()
    jobs = tuple(
        Job(job_id=f"job-{n}", run_id="r", ws_id="w", seq=n, title=f"Part {n}") for n in range(1_000)
    )
    streams = (Workstream(run_id="r", ws_id="w"),)
    projection.load(Snapshot(cursor=0, runs=(Run(run_id="r"),), workstreams=streams, jobs=jobs))
    model = JobsModel(projection, line_of=lambda _job: "", silence_of=lambda _job: None)
    model.set_live(True)
    model.limit("part 77", PanelFilter())
    assert model.rowCount() == 1_000, "nothing was looked through yet"
    qtbot.waitUntil(lambda: model.rowCount() == 19, timeout=PATIENCE_MS)
    assert all("77" in job_id for job_id in model.job_ids)
    looked_at: list[str] = []

    def counted(words: Sequence[str], text: str, labels: Sequence[str]) -> bool:
        looked_at.append(text)
        return keeps(words, text, labels)

    monkeypatch.setattr(jobs_model, "keeps", counted)
    model.limit("part 778", PanelFilter())
    assert list(model.job_ids) == ["job-778"], "what was looked through is kept"
    assert len(looked_at) == 19, "one more letter looks through the rows that are left"
    model.limit("part 77", PanelFilter())
    assert model.rowCount() == 19
    more = Job(job_id="job-778b", run_id="r", ws_id="w", seq=1_000, title="Part 778b")
    snapshot = Snapshot(cursor=1, runs=(Run(run_id="r"),), workstreams=streams, jobs=(*jobs, more))
    projection.load(snapshot)
    model.limit("part 778", PanelFilter())
    qtbot.waitUntil(lambda: list(model.job_ids) == ["job-778", "job-778b"], timeout=PATIENCE_MS)
    model.limit("engine", PanelFilter())
    assert model.rowCount() == 1_001, "each says that no engine runs"
    projection.observe_engine(EngineFacts(running=True))
    model.limit("no engine", PanelFilter())
    qtbot.waitUntil(lambda: model.rowCount() == 0, timeout=PATIENCE_MS)


def test_esc_clears_the_filter_first_and_belongs_to_the_window_then(panel: JobsPanel, qtbot: QtBot) -> None:
    escaped: list[int] = []
    around = QShortcut(QKeySequence(Qt.Key.Key_Escape), panel, lambda: escaped.append(1))
    around.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    around.setEnabled(False)
    panel.field.setFocus()
    panel.activateWindow()
    qtbot.waitUntil(panel.field.hasFocus, timeout=PATIENCE_MS)
    qtbot.keyClicks(panel.field, "edit")
    hidden = len(ids(panel))
    qtbot.keyClick(panel.field, Qt.Key.Key_Escape)
    assert panel.field.text() == ""
    assert len(ids(panel)) > hidden
    around.setEnabled(True)
    qtbot.keyClick(panel.field, Qt.Key.Key_Escape)
    assert escaped == [1]


def test_the_box_marks_a_row_and_space_marks_the_current_one(panel: JobsPanel, qtbot: QtBot) -> None:
    view, first, third = panel.view, ids(panel)[0], ids(panel)[2]
    for row in (0, 2):
        box = view.visualRect(panel.model.index(row, 0)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert marked(panel) == ({first, third}, Qt.CheckState.PartiallyChecked)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert marked(panel) == ({first}, Qt.CheckState.PartiallyChecked)
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert marked(panel) == (set(ids(panel)), Qt.CheckState.Checked)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert marked(panel) == (set(), Qt.CheckState.Unchecked)


def marked(panel: JobsPanel) -> tuple[set[str], Qt.CheckState]:
    return set(panel.view.selected_ids), panel.view.head.marked


def test_enter_opens_the_details_of_the_current_job(
    panel: JobsPanel, requests: Requests, qtbot: QtBot
) -> None:
    panel.view.select(ids(panel)[1])
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert requests == [("show_details", (ids(panel)[1],))]


def test_a_key_applies_to_those_of_the_selected_jobs_that_take_it(
    panel: JobsPanel, requests: Requests, projection: Projection, qtbot: QtBot
) -> None:
    panel.view.selectAll()
    qtbot.keyClick(panel.view, Qt.Key.Key_R)
    [(command, job_ids)] = requests
    assert command == "retry"
    assert job_ids
    assert {projection.jobs[job_id].status for job_id in job_ids} <= {*FINAL, JobStatus.HELD}
    assert len(job_ids) < len(projection.jobs)


def test_the_menu_applies_to_the_selected_jobs(panel: JobsPanel) -> None:
    panel.view.select(ids(panel)[0])
    panel.view.menu_requested.emit(QPoint(10, 10))
    menu = panel.findChild(QMenu)
    assert menu is not None
    menu.close()


def test_the_columns_are_chosen_moved_and_remembered(panel: JobsPanel, qtbot: QtBot) -> None:
    panel.columns.click()
    chooser = panel.chooser
    row = [chooser.rows.item(one).text() for one in range(chooser.rows.count())].index("Run")
    chooser.rows.item(row).setCheckState(Qt.CheckState.Checked)
    assert JobField.RUN in panel.view.columns.shown
    chooser.rows.setCurrentRow(row)
    qtbot.keyClick(chooser.rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    before = panel.view.columns
    assert before.order.index(JobField.RUN) == FIELDS.index(JobField.RUN) - 1
    chooser.close()
    remembered = panel.state()
    panel.restore({})
    assert panel.view.columns != before
    panel.restore(remembered)
    assert panel.view.columns == before


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_state_and_no_usual_cost_is_cut(panel: JobsPanel, theme: Theme, language: str) -> None:
    use_language(language)
    try:
        theme.changed.emit()  # the columns follow the words as they do a change of the text size
        words = {JobField.STATE: [state_word(state, None) for state in STATE_WORDS]}
        words[JobField.COST] = [with_certainty("$12.34", source) for source in CostSource]
        type_, beside = Typesetter(theme), {JobField.STATE: 14 + 7 + 2 * 8, JobField.COST: 2 * 8}
        for field, texts in words.items():
            room = panel.view.columnWidth(1 + FIELDS.index(field)) - beside[field]
            assert [type_.elided(text, "small", room) for text in texts] == texts
    finally:
        use_language("en")


def test_a_row_is_painted_in_the_colour_of_its_state(panel: JobsPanel, theme: Theme) -> None:
    image = panel.view.viewport().grab().toImage()
    rect = panel.view.visualRect(panel.model.index(0, 1))
    state = panel.model.job_row(0).state
    wanted = theme.state(state).fg.rgb()
    scale = image.devicePixelRatio()
    found = {
        QColor(image.pixel(round(x * scale), round(y * scale))).rgb()
        for x in range(rect.left(), rect.left() + 30)
        for y in range(rect.top(), rect.bottom())
    }
    assert wanted in found


def test_a_cost_without_room_drops_its_words_and_keeps_its_figure(
    panel: JobsPanel, projection: Projection, theme: Theme, qtbot: QtBot
) -> None:
    job = changed(projection, panel.model.job_ids[0], cost_usd=0.12, cost_source=CostSource.ESTIMATED)
    at = panel.model.job_ids.index(job.job_id)
    qtbot.waitUntil(lambda: panel.model.job_row(at).amount == "$0.12")
    row, type_ = panel.model.job_row(at), Typesetter(theme, panel)
    assert fitting_cost(row, SPECS[JobField.COST].width - 16, type_) == "about $0.12"
    assert fitting_cost(row, type_.width("about $0.1", "small"), type_) == "$0.12"
    index = panel.model.index(at, 1 + FIELDS.index(JobField.COST))
    assert panel.model.data(index, Qt.ItemDataRole.ToolTipRole) == "about $0.12"


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("about $0.12", "about $0", r"….*\$0\.12"),
        ("12,345", "12,3", r"1.*…"),
        ("parser-rewrite-12", "parser-rew", r"p.*….*2"),
        ("the last line", "the last", r"the.*…"),
        ("Merged into main, 2 files, about $0.15", "Merged into main, 2 files,", r"Merged .*… about \$0\.15"),
        ("Merged into main, 2 files, <$0.01", "Merged into main, 2", r"Merged .*… <\$0\.01"),
        ("Merged into main, 2 files, about $0.15", "about $0.15 more", r"Merged.*…"),
        ("Merged, $0.15", "Merged, $0.15", r"Merged, \$0\.15"),
    ],
)
def test_no_number_is_cut_in_its_middle(theme: Theme, text: str, room: str, shown: str) -> None:
    metrics = QFontMetrics(theme.font("small"))
    found = shortened(text, metrics, metrics.horizontalAdvance(room))
    assert re.fullmatch(shown, found)
    assert metrics.horizontalAdvance(found) <= metrics.horizontalAdvance(room)


def test_what_is_selected_and_still_passes_stays_selected_while_somebody_types_a_filter(
    panel: JobsPanel,
) -> None:
    panel.view.selectAll()
    before = panel.view.selected_ids
    panel.field.setText("edit")
    assert panel.view.selected_ids == tuple(ids(panel))
    assert 0 < len(ids(panel)) < len(before)
    panel.field.clear()
    assert 0 < len(panel.view.selected_ids) < len(before), "what was hidden is not selected again"


def test_pruning_keeps_the_selection_of_the_jobs_that_are_left(
    panel: JobsPanel, projection: Projection
) -> None:
    panel.view.selectAll()
    snapshot = night()
    projection.load(replace(snapshot, jobs=snapshot.jobs[5:]))
    assert sorted(panel.view.selected_ids) == sorted(projection.jobs)


def test_selecting_elsewhere_after_a_prune_is_no_error_in_a_hidden_table(
    panel: JobsPanel, projection: Projection, selection: Selection
) -> None:
    snapshot = night()
    shown, gone, left = snapshot.jobs[1], snapshot.jobs[0], snapshot.jobs[-1]
    panel.view.select(shown.job_id)
    panel.hide()
    projection.load(replace(snapshot, jobs=snapshot.jobs[5:]))
    with capture_exceptions() as errors:
        for job in (gone, left):
            selection.select_job(job.job_id, (job.run_id, job.ws_id))
    assert not errors
    panel.show()
    assert panel.view.selected_ids == (left.job_id,)


def test_a_tool_tip_shows_markup_and_invisible_characters_as_text(
    panel: JobsPanel, projection: Projection
) -> None:
    job_id = next(job.job_id for job in projection.jobs.values() if job.status in FINAL)
    changed(projection, job_id, summary="<img src='x'>\u202egnp.exe")
    panel.model.sort_again()
    panel.model.set_live(True)
    column = 1 + FIELDS.index(JobField.LINE)
    index = panel.model.index(panel.model.place(job_id), column)
    assert (
        index.data(Qt.ItemDataRole.ToolTipRole) == "<span>&lt;img src=&#x27;x&#x27;&gt;\\u202egnp.exe</span>"
    )
    assert "\u202e" not in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_remembered_state_of_any_shape_is_no_error(panel: JobsPanel) -> None:
    before = panel.state()
    panel.restore({"columns": {"order": [["x"], {}, None], "hidden": [[1], *FIRST_HIDDEN]}, "sorted_by": []})
    assert panel.state() == before


def test_jobs_are_filtered_and_sorted_by_what_is_written_on_them(
    panel: JobsPanel, projection: Projection, qtbot: QtBot
) -> None:
    first, second, third = ids(panel)[:3]
    changed(projection, first, labels=("flaky",), note="Look\nat \x1b[31mit")
    changed(projection, second, labels=("ask-anna", "flaky"))
    changed(projection, third, note="it is flaky, too")
    panel.field.setText("label:flaky")
    qtbot.waitUntil(lambda: set(ids(panel)) == {first, second})
    panel.field.setText("label:ask label:flaky")
    qtbot.waitUntil(lambda: ids(panel) == [second])
    panel.field.setText("flaky")
    qtbot.waitUntil(lambda: set(ids(panel)) == {first, second, third})
    row = panel.model.job_row(panel.model.place(first))
    panel.field.setText("look it")
    qtbot.waitUntil(lambda: ids(panel) == [first])
    assert panel.model.job_row(0) is row, "another letter makes no row anew"
    panel.field.setText("flaky")
    qtbot.waitUntil(lambda: set(ids(panel)) == {first, second, third})
    panel.model.arrange_by(JobField.LABELS)
    assert ids(panel) == [second, first, third], "empty cells come last"
    index = panel.model.index(1, 1 + FIELDS.index(JobField.NOTE))
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Look\nat it"
    name = panel.model.index(1, 1 + FIELDS.index(JobField.JOB))
    assert name.data(Qt.ItemDataRole.ToolTipRole).endswith("Labels: flaky\nNote: Look\nat it")
    assert name.data(Qt.ItemDataRole.AccessibleTextRole).endswith(", flaky")


def test_several_jobs_are_labelled_from_the_bar(
    panel: JobsPanel, actions: Actions, requests: Requests
) -> None:
    panel.view.selectAll()
    (button,) = [one for one in panel.bar.verb_buttons() if one.objectName() == "label"]
    actions.set_observing(True)
    assert not any(one.isEnabled() for one in panel.bar.verb_buttons())
    assert "only observes" in button.toolTip()
    actions.set_observing(False)
    assert "only observes" not in button.toolTip()
    assert button.text().endswith(f" {len(ids(panel))}")
    button.click()
    assert [(command, len(found or ())) for command, found in requests] == [("label", len(ids(panel)))]
