"""The Dashboard as a user sees it: real window, offscreen, charts from a real database."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QThreadPool
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from engine.intake.refusals import Refusal
from engine.recurring.due_notes import DueResult
from engine.scheduling.buckets import Bucket
from engine.state_store.job_state_store import JobStateStore
from engine.types import JobResult
from gui.control.actions import Actions
from gui.control.presence import Presence
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.data.state_counts import StateCounts
from gui.panels.dashboard.attention_model import NEED_ROLE
from gui.panels.dashboard.away_summary import AwaySummary
from gui.panels.dashboard.dashboard_heights import RUN_HEIGHT
from gui.panels.dashboard.dashboard_panel import DashboardPanel
from gui.panels.dashboard.missed_needs import missed_needs
from gui.panels.dashboard.run_delegate import INSET
from gui.panels.dashboard.runs_model import RUN_ROLE, Field, shown_cost
from gui.panels.panel_base import PanelContext
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from state.costs import CostSource
from state.database_reader import DatabaseReader
from state.records import JobStatus, Run, Snapshot, Workstream
from tests.gui.board_records import NOW, event_of, projected
from tests.gui.conftest import Clock
from tests.helpers.patience import PATIENCE_MS, at_most
from tests.helpers.recurring import missed_note, recurring_row

Panel = Callable[..., DashboardPanel]
Requests = list[tuple[str, tuple[str, ...] | None]]


@pytest.fixture
def projection() -> Projection:
    return projected()


@pytest.fixture
def store() -> Iterator[JobStateStore]:
    made = JobStateStore(clock=Clock(NOW))
    yield made
    made.close()


@pytest.fixture
def sources(store: JobStateStore) -> Iterator[Readers]:
    reader = DatabaseReader(store.database)
    yield Readers(reader, store.home)
    reader.close()


@pytest.fixture
def now() -> Clock:
    return Clock(NOW)


@pytest.fixture
def requests(actions: Actions) -> Requests:
    found: Requests = []
    actions.triggered.connect(lambda command, ids: found.append((command, ids)))
    return found


@pytest.fixture
def panel(  # noqa: PLR0917 - fixtures
    qtbot: QtBot,
    projection: Projection,
    selection: Selection,
    theme: Theme,
    actions: Actions,
    sources: Readers,
    now: Clock,
) -> Iterator[Panel]:
    made: list[DashboardPanel] = []

    def make(width: int = 620, height: int = 440) -> DashboardPanel:
        shown = DashboardPanel(
            PanelContext(
                projection=projection,
                selection=selection,
                theme=theme,
                actions=actions,
                sources=sources,
                clock=now,
            )
        )
        qtbot.addWidget(shown)
        made.append(shown)
        shown.resize(width, height)
        shown.show()
        QCoreApplication.processEvents()
        return shown

    yield make
    for shown in made:
        shown.close()
        shown.stop_reading()


def titles(panel: DashboardPanel) -> list[str]:
    model = panel.needs_model
    return [model.index(row).data(NEED_ROLE).title for row in range(model.rowCount())]


def runs(panel: DashboardPanel) -> list[str]:
    model = panel.runs_view.model()
    return [model.index(row, 0).data(RUN_ROLE).run_id for row in range(model.rowCount())]


def click_run(qtbot: QtBot, panel: DashboardPanel, row: int) -> None:
    rect = panel.runs_view.visualRect(panel.runs_view.model().index(row, 0))
    qtbot.mouseClick(panel.runs_view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())


def test_it_shows_what_needs_a_person_and_the_runs(panel: Panel) -> None:
    shown = panel()
    assert titles(shown) == ["stripe-webhooks is quarantined", "1 job file waits for your trust"]
    assert runs(shown) == ["0347", "0346"]


def test_the_button_of_a_need_requests_its_command_and_selects_its_workstream(
    panel: Panel, requests: Requests, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel()
    view = shown.needs_view
    rect = view.visualRect(shown.needs_model.index(0))
    at = QPoint(rect.right() - 30, rect.center().y())
    assert view.need_at(at)[1] is not None
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert requests == [("show_details", ("stripe-webhooks-test",))]
    assert selection.workstream == ("0347", "stripe-webhooks")


def test_the_row_of_a_need_opens_its_job_beside_what_has_the_focus_and_presses_no_button(
    panel: Panel, actions: Actions, requests: Requests, selection: Selection, qtbot: QtBot
) -> None:
    opened: list[tuple[str, ...]] = []
    actions.opened.connect(opened.append)
    shown = panel()
    rect = shown.needs_view.visualRect(shown.needs_model.index(0))
    at = QPoint(rect.left() + 60, rect.center().y())
    qtbot.mouseClick(shown.needs_view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert selection.workstream == ("0347", "stripe-webhooks")
    assert opened == [("stripe-webhooks-test",)]
    assert requests == []


def test_enter_on_a_need_presses_its_button_though_it_shows_the_details_elsewhere(
    panel: Panel, actions: Actions, requests: Requests, qtbot: QtBot
) -> None:
    shown = panel()
    actions.add_keys_to(shown.needs_view)
    shown.needs_view.setFocus()
    shown.window().activateWindow()
    qtbot.waitUntil(shown.needs_view.hasFocus)
    shown.needs_view.setCurrentIndex(shown.needs_model.index(1))
    qtbot.keyClick(shown.needs_view, Qt.Key.Key_Return)
    assert requests == [("show_details", ("from-inbox-edit",))]


def test_a_failure_that_arrives_is_shown_at_once(panel: Panel, projection: Projection, qtbot: QtBot) -> None:
    shown = panel()
    failed = replace(projection.jobs["recovery-test"], status=JobStatus.FAILED, completed_at=NOW)
    projection.fold([event_of(failed, id=11)])
    qtbot.waitUntil(lambda: "recovery failed" in titles(shown))


def test_a_file_refused_from_the_inbox_is_a_need_with_its_reason_that_is_opened_or_dismissed(
    panel: Panel, projection: Projection, requests: Requests, qtbot: QtBot
) -> None:
    shown = panel()
    projection.observe_refusals([Refusal(name="bad.json", reason="bad.json: tool: is missing", at=NOW - 60)])
    qtbot.waitUntil(lambda: "bad.json was refused" in titles(shown))
    need, row = shown.needs_model.needs[-1], len(titles(shown)) - 1
    assert need.reason == "in the inbox: tool: is missing"
    assert shown.needs.count.text() == "2, 1 refused file"
    view = shown.needs_view
    rect = view.visualRect(shown.needs_model.index(row))
    for button in (view._delegate.second(need, rect), view._delegate.button(need, rect)):
        assert button is not None
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=button.rect.center())
    assert requests == [("dismiss_refused", ("bad.json",)), ("open_refused", ("bad.json",))]
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPoint(60, 12))
    assert requests[2:] == [("open_refused", ("bad.json",))], (
        "the row shows what is wrong, as every other does"
    )
    projection.observe_refusals([])
    qtbot.waitUntil(lambda: "bad.json was refused" not in titles(shown))


def test_a_missed_recurring_run_is_a_need_with_its_reason_that_is_run_now_or_dismissed(
    panel: Panel, projection: Projection, requests: Requests, qtbot: QtBot
) -> None:
    shown = panel()
    failed = recurring_row("broken", missed_note(NOW - 30, DueResult.FAILED))
    projection.observe_recurring([failed, recurring_row("nightly", missed_note(NOW - 60))])
    qtbot.waitUntil(lambda: "nightly was missed" in titles(shown))
    need, row = shown.needs_model.needs[-2], len(titles(shown)) - 2
    assert need.reason.startswith("while the machine was asleep, due ")
    assert shown.needs_model.needs[-1].title == "broken could not be queued"
    assert shown.needs.count.text() == "2, 2 missed recurring runs"
    view = shown.needs_view
    rect = view.visualRect(shown.needs_model.index(row))
    for button in (view._delegate.second(need, rect), view._delegate.button(need, rect)):
        assert button is not None
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=button.rect.center())
    assert requests == [("dismiss_missed", ("nightly",)), ("run_missed", ("nightly",))]
    projection.observe_recurring([])
    qtbot.waitUntil(lambda: "nightly was missed" not in titles(shown))


def test_runs_that_were_missed_for_one_reason_are_one_need() -> None:
    rows = [recurring_row(name, missed_note(NOW)) for name in ("a", "b", "c", "d")]
    (need,) = missed_needs(rows)
    assert need.title == "4 recurring runs were missed"
    assert need.reason.startswith("a, b, c and 1 more: while the machine was asleep, due ")
    assert need.job_ids == ("a", "b", "c", "d")


def test_a_refused_file_is_shown_though_there_is_no_run_yet(panel: Panel, projection: Projection) -> None:
    projection.load(Snapshot(cursor=20))
    projection.observe_refusals([Refusal(name=name, reason="it is empty", at=NOW) for name in ("a", "b")])
    shown = panel()
    assert titles(shown) == ["2 files were refused"]
    assert shown.needs_view.isVisible()


def test_it_says_when_nothing_needs_a_person(panel: Panel, projection: Projection) -> None:
    calm = [job for job in projection.jobs.values() if job.ws_id == "cart-totals"]
    streams = [stream for stream in projection.workstreams.values() if stream.ws_id == "cart-totals"]
    snapshot = Snapshot(cursor=20, runs=tuple(projection.runs.values()), workstreams=streams, jobs=calm)
    projection.load(snapshot)
    shown = panel()
    assert titles(shown) == []
    assert not shown.needs_view.isVisible()


def test_a_click_on_a_run_selects_it_for_all_panels_and_a_second_clears_the_selection(
    panel: Panel, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel()
    click_run(qtbot, shown, 1)
    assert selection.run_id == "0346"
    click_run(qtbot, shown, 1)
    assert selection.run_id is None


def test_a_run_selected_elsewhere_is_marked_and_stays_so_when_its_figures_change(
    panel: Panel, projection: Projection, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel()
    selection.select_run("0347")
    failed = replace(projection.jobs["cart-totals-edit"], status=JobStatus.FAILED, completed_at=NOW)
    projection.fold([event_of(failed, id=11)])
    qtbot.waitUntil(lambda: "cart-totals failed" in titles(shown))
    rows = shown.runs_view.selectionModel().selectedRows()
    assert [index.data(RUN_ROLE).run_id for index in rows] == ["0347"]
    assert selection.run_id == "0347"


def test_a_click_on_a_column_title_sorts_and_the_order_is_remembered(panel: Panel, qtbot: QtBot) -> None:
    shown = panel()
    head = shown.runs_view.horizontalHeader()
    at = QPoint(head.sectionViewportPosition(Field.ELAPSED) + 30, 10)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert shown.state() == {"sort": "elapsed", "ascending": True, "looked_at": NOW}
    assert runs(shown) == ["0346", "0347"]
    qtbot.keyClick(head, Qt.Key.Key_Right)
    for _ in range(3):
        qtbot.keyClick(head, Qt.Key.Key_Right)
    qtbot.keyClick(head, Qt.Key.Key_Left)
    assert QAccessible.queryAccessibleInterface(head).text(QAccessible.Text.Value) == "elapsed"
    qtbot.keyClick(head, Qt.Key.Key_Return)
    assert not shown.state()["ascending"], "Enter turns the order as a click does"
    qtbot.keyClick(head, Qt.Key.Key_Return)
    other = panel()
    other.restore(shown.state())
    assert runs(other) == ["0346", "0347"]
    other.restore({"sort": "weather", "ascending": "yes"})
    assert other.state() == shown.state()


def test_in_a_narrow_table_the_elapsed_time_makes_room_for_the_names(panel: Panel) -> None:
    view = panel().runs_view
    head = view.horizontalHeader()
    for width, is_narrow in ((300, True), (1900, False)):
        view.resize(width, 200)
        assert head.isSectionHidden(Field.ELAPSED) is is_narrow
        assert sum(head.sectionSize(field) for field in Field) == view.viewport().width()
    assert head.sectionSize(Field.PROGRESS) > 300, "a bar far from its name is hard to follow"
    tip = view.model().index(0, Field.RUN).data(Qt.ItemDataRole.ToolTipRole)
    assert "Night: checkout v2" in tip
    assert tip.endswith("1 hour"), "which a narrow table hides"


def test_no_thread_outlives_the_widgets(panel: Panel) -> None:
    shown = panel()
    shown._trends.request(NOW)
    shown.stop_reading()
    assert [pool.activeThreadCount() for pool in shown.findChildren(QThreadPool)] == [0, 0]


def test_the_charts_show_the_figures_of_the_database(
    panel: Panel, store: JobStateStore, qtbot: QtBot
) -> None:
    job = {"job_id": "a", "run_id": "r", "workstream_id": "w", "tool": "claude"}
    store.update_job_result(job, JobResult(success=True, exit_code=0))
    shown = panel()
    assert shown.charts.isVisible()
    summary = "Jobs that ended in the last 4.5 hours: 1 completed, 0 failed"
    qtbot.waitUntil(lambda: shown.charts.throughput.accessibleName() == summary, timeout=PATIENCE_MS)
    assert shown.charts.is_filled
    assert shown.charts.success.accessibleName() == "First-time success, last 8 days: claude 100 %"
    assert shown.charts.cost.accessibleName() == "No tool has reported a cost in the last 12 hours."


def test_an_ended_job_is_in_the_charts_within_a_second_or_so(
    panel: Panel, projection: Projection, store: JobStateStore, qtbot: QtBot
) -> None:
    shown = panel()
    store.update_job_result({"job_id": "a", "tool": "aider"}, JobResult(success=False, exit_code=1))
    failed = replace(projection.jobs["recovery-test"], status=JobStatus.FAILED, completed_at=NOW)
    projection.fold([event_of(failed, id=11)])
    summary = "Jobs that ended in the last 4.5 hours: 0 completed, 1 failed"
    qtbot.waitUntil(
        lambda: shown.charts.throughput.accessibleName() == summary, timeout=int(1000 * at_most(3))
    )


def test_without_runs_it_offers_the_demo(
    panel: Panel, projection: Projection, requests: Requests, qtbot: QtBot
) -> None:
    projection.load(Snapshot(cursor=0))
    shown = panel()
    assert not shown.runs_view.isVisible()
    button = shown.findChild(type(shown.empty)).button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert requests == [("try_demo", None)]


def test_a_hidden_dashboard_does_no_work(panel: Panel, projection: Projection, qtbot: QtBot) -> None:
    shown = panel()
    shown.hide()
    failed = replace(projection.jobs["recovery-test"], status=JobStatus.FAILED, completed_at=NOW)
    projection.fold([event_of(failed, id=11)])
    assert "recovery failed" not in titles(shown)
    shown.show()
    qtbot.waitUntil(lambda: "recovery failed" in titles(shown))


def test_the_age_of_a_new_need_grows_by_the_second(
    panel: Panel, projection: Projection, now: Clock, qtbot: QtBot
) -> None:
    projection.load(Snapshot(cursor=10, runs=[], workstreams=[], jobs=[]))
    shown = panel()
    shown._on_tick()  # nothing is young here, so the next tick is far away
    assert shown._tick.remainingTime() > 1000 or now() % 60 > 58
    rested = projected()
    records: list[Run | Workstream] = [rested.runs["0347"], *rested.workstreams.values()]
    for number, record in enumerate(records, 11):
        projection.fold([event_of(record, id=number)])
    failed = replace(rested.jobs["recovery-test"], status=JobStatus.FAILED, completed_at=NOW)
    projection.fold([event_of(failed, id=99)])
    qtbot.waitUntil(lambda: "recovery failed" in titles(shown))
    now.go_on(7)
    qtbot.waitUntil(lambda: shown.needs.oldest.text() == "oldest 7 s")


def test_the_list_of_runs_ends_with_a_whole_row_at_every_height_and_after_another_text_size(
    panel: Panel, projection: Projection, theme: Theme
) -> None:
    more = [Run(run_id=f"more-{number}", created_at=NOW) for number in range(12)]
    projection.fold([event_of(run, id=projection.cursor + 1 + at) for at, run in enumerate(more)])
    shown = panel(620, 440)
    for height in range(360, 620, 7):
        shown.resize(620, height)
        QCoreApplication.processEvents()
        assert shown.runs_view.viewport().height() % RUN_HEIGHT == 0
        assert shown.runs_view.viewport().height() >= 5 * RUN_HEIGHT
    best, bar = shown.charts.best_height, shown.runs_view.verticalScrollBar()
    theme.set_text_size(150)
    assert shown.charts.best_height > best, "their titles are higher"
    shown.runs_view.show_from(2)
    assert bar.value() == 2 * theme.grown(RUN_HEIGHT)
    theme.set_text_size(100)
    QCoreApplication.processEvents()
    assert shown.charts.best_height == best
    assert bar.value() == 2 * RUN_HEIGHT, "no run is cut"


def press_key(shown: DashboardPanel, key: Qt.Key, qtbot: QtBot) -> None:
    qtbot.keyClick(shown.needs_view, key)


def test_the_right_arrow_lists_the_workstreams_of_a_need_and_the_left_one_hides_them(
    panel: Panel, projection: Projection, qtbot: QtBot
) -> None:
    for name in ("recovery-test", "cart-totals-edit"):
        failed = replace(
            projection.jobs[name],
            status=JobStatus.FAILED,
            completed_at=NOW - 9999,
            summary="No module named x.",
        )
        projection.fold([event_of(failed, id=projection.cursor + 1)])
    shown = panel(620, 600)
    assert titles(shown)[0] == "2 jobs failed the same way"
    shown.needs_view.setFocus()
    shown.needs_view.setCurrentIndex(shown.needs_model.index(0))
    press_key(shown, Qt.Key.Key_Right, qtbot)
    assert titles(shown)[:3] == ["2 jobs failed the same way", "recovery", "cart-totals"]
    assert shown.needs_view.currentIndex().row() == 0
    press_key(shown, Qt.Key.Key_Down, qtbot)
    press_key(shown, Qt.Key.Key_Left, qtbot)  # from a workstream to the need it belongs to
    assert shown.needs_view.currentIndex().row() == 0
    press_key(shown, Qt.Key.Key_Left, qtbot)
    assert titles(shown)[1] == "stripe-webhooks is quarantined"


def test_the_verb_of_a_need_is_for_all_its_jobs(
    panel: Panel, projection: Projection, requests: Requests, qtbot: QtBot
) -> None:
    for name in ("recovery-test", "cart-totals-edit"):
        failed = replace(
            projection.jobs[name], status=JobStatus.FAILED, completed_at=NOW - 9999, summary="No."
        )
        projection.fold([event_of(failed, id=projection.cursor + 1)])
    shown = panel()
    shown.needs_view.setFocus()
    shown.needs_view.setCurrentIndex(shown.needs_model.index(0))
    press_key(shown, Qt.Key.Key_Return, qtbot)
    assert requests == [("retry", ("recovery-test", "cart-totals-edit"))]


def test_a_filter_by_state_limits_needs_and_runs_and_the_panel_says_so(
    panel: Panel, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel()
    assert not shown.title_fact()
    with qtbot.waitSignal(shown.fact_changed):
        selection.filter_by_state({"quarantined"})
    qtbot.waitUntil(lambda: titles(shown) == ["stripe-webhooks is quarantined"])
    assert runs(shown) == ["0347"]
    assert shown.title_fact() == "filtered: quarantined"
    assert shown.needs.count.text() == "1 of 2"
    selection.filter_by_state({"running"})
    qtbot.waitUntil(lambda: shown.needs.calm.isVisible() and not titles(shown))
    assert shown.needs.calm.text() == "2 hidden by running"
    qtbot.mouseClick(shown.needs.clear_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: runs(shown) == ["0347", "0346"])
    assert not shown.title_fact()
    selection.filter_by_state({"skipped"})
    assert shown.empty.line == "2 runs hidden by skipped"
    qtbot.mouseClick(shown.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: runs(shown) == ["0347", "0346"])


def test_a_selected_run_limits_the_needs_as_it_does_the_counters(
    panel: Panel, projection: Projection, selection: Selection, qtbot: QtBot
) -> None:
    shown = panel()
    counters = StateCounts(projection, selection)
    for run_id, number in (("0347", "2"), ("0346", ""), (None, "2")):
        selection.select_run(run_id)
        qtbot.waitUntil(lambda: shown.needs.count.text() == number)  # noqa: B023 - called at once
        assert counters.number(Bucket.NEEDS_YOU) == int(number or 0)
        assert len(runs(shown)) == 2


def summarise(shown: DashboardPanel) -> None:
    """Let the card say something."""
    shown.away_card._on_read(AwaySummary(since=NOW - 9999, until=NOW, done=2))


def test_the_summary_of_the_time_away_stands_on_top_and_goes_at_the_first_verb(
    panel: Panel, requests: Requests, qtbot: QtBot
) -> None:
    shown = panel(620, 400)
    charts = shown.charts.height()
    summarise(shown)
    assert shown.away_card.geometry().top() == 0
    qtbot.waitUntil(lambda: shown.needs.y() == shown.away_card.height())
    assert shown.charts.height() < charts, "the charts yield, not the runs"
    press_key(shown, Qt.Key.Key_Down, qtbot)
    shown._actions.run("show_log")
    assert not shown.away_card.isHidden(), "looking is no verb"
    shown._actions.run("retry", ["stripe-webhooks-test"])
    assert shown.away_card.isHidden()
    summarise(shown)
    shown.needs_view.setFocus()
    shown.needs_view.setCurrentIndex(shown.needs_model.index(0))
    press_key(shown, Qt.Key.Key_Return, qtbot)
    assert shown.away_card.isHidden()
    assert [request for request, _ in requests] == ["show_log", "retry", "show_details"]


def test_a_verb_under_the_pointer_closes_the_summary_once_the_pointer_has_left(
    panel: Panel, qtbot: QtBot
) -> None:
    shown = panel(620, 400)
    summarise(shown)
    qtbot.waitUntil(lambda: shown.needs.y() == shown.away_card.height())
    view = shown.needs_view
    view.viewport().setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as Qt does where the pointer enters
    rect = view.visualRect(shown.needs_model.index(0))
    qtbot.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.right() - 30, rect.center().y())
    )
    assert not shown.away_card.isHidden()
    view.viewport().setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    QCoreApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert shown.away_card.isHidden()


def test_the_link_of_the_summary_shows_the_night(panel: Panel, requests: Requests, qtbot: QtBot) -> None:
    shown = panel()
    summarise(shown)
    qtbot.mouseClick(shown.away_card.night_button, Qt.MouseButton.LeftButton)
    assert requests == [("panel_night", None)]
    assert not shown.away_card.isHidden()


def test_the_dashboard_follows_the_presence_of_the_user(
    panel: Panel, store: JobStateStore, now: Clock, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "last_input"
    file.write_text(str(NOW - 7200))
    store.update_job_result({"job_id": "a", "tool": "aider"}, JobResult(success=True, exit_code=0))
    now.go_on(60)
    shown, presence = panel(), Presence(file, clock=now)
    shown.follow(presence)
    presence.start()
    qtbot.waitUntil(lambda: not shown.away_card.isHidden(), timeout=PATIENCE_MS)
    presence.stop()
    assert shown.away_card.summary is not None
    assert (shown.away_card.summary.since, shown.away_card.summary.until) == (NOW - 7200, NOW + 60)
    assert not shown.away_card.is_following


def test_charts_that_appear_are_filled_immediately_and_show_no_empty_axes(panel: Panel, qtbot: QtBot) -> None:
    shown = panel(620, 260)
    assert not shown.charts.throughput.plot.isVisibleTo(shown.charts)
    assert not shown.charts.is_filled
    shown.resize(620, 440)
    qtbot.waitUntil(lambda: shown.charts.is_filled)


def test_the_done_column_fits_large_runs(panel: Panel) -> None:
    shown = panel()
    view = shown.runs_view
    head = view.horizontalHeader()
    small = head.sectionSize(Field.DONE)
    run = shown.runs_model.rows()[0]
    shown.runs_model.show([replace(run, done=1_024, total=2_000)])
    assert head.sectionSize(Field.DONE) > small
    shown.runs_model.show([replace(run, done=3, total=20)])
    assert head.sectionSize(Field.DONE) == small


@pytest.mark.parametrize(("cost", "source"), [(None, CostSource.UNKNOWN), (8.88, CostSource.UNKNOWN)])
def test_no_cost_is_cut_off(panel: Panel, cost: float | None, source: CostSource) -> None:
    shown = panel()
    run = replace(shown.runs_model.rows()[0], cost=cost, cost_source=source)
    shown.runs_model.show([run])
    view, text = shown.runs_view, shown_cost(run)
    room = view.horizontalHeader().sectionSize(Field.COST) - INSET
    assert Typesetter(shown._theme, shown).elided(text, "small", room) == text


def test_the_charts_are_hidden_when_there_is_little_room(panel: Panel) -> None:
    shown = panel()
    shown.resize(620, 260)
    assert not shown.charts.isVisible()
    shown.resize(620, 440)
    assert shown.charts.isVisible()


def test_both_themes_paint_without_a_warning(panel: Panel, theme: Theme) -> None:
    shown = panel()
    dark = shown.grab().toImage().pixelColor(300, 430)
    theme.set_preference("light")
    assert shown.grab().toImage().pixelColor(300, 430) != dark
    theme.set_preference("dark")
