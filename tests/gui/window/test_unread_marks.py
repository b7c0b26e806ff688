"""The marks of what came into a dock while nobody saw it."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLineEdit, QTabBar
from pytestqt.qtbot import QtBot

from gui.control.actions import Actions
from gui.data.projection import Projection
from gui.theme.theme import Theme
from gui.window.dock_area import DockArea
from gui.window.unread_marks import UnreadMarks
from state.codec import record_to_json
from state.records import Event, GroupStatus, Job, JobStatus, Snapshot, Workstream
from state.worktree_records import PredictedConflict

Wait = Callable[[Callable[[], bool]], None]
AT = 1_780_000_000.0


@pytest.fixture
def area(qtbot: QtBot, theme: Theme) -> DockArea:
    made = DockArea(theme)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def marks(area: DockArea, projection: Projection, actions: Actions) -> UnreadMarks:
    return UnreadMarks(area.docks, projection, actions, area)


def happens(projection: Projection, event_type: str, *, level: str = "info", **records: object) -> None:
    projection.fold(
        [
            Event(
                id=projection.cursor + 1,
                at=AT,
                event_type=event_type,
                level=level,
                run_id="r",
                ws_id="w",
                job_id="a" if "job" in records else None,
                payload={name: record_to_json(record) for name, record in records.items()},
            )
        ]
    )


def job(status: JobStatus) -> Job:
    return Job(job_id="a", run_id="r", ws_id="w", status=status)


def test_what_comes_into_a_closed_dock_is_counted_in_its_title_until_it_is_seen(
    area: DockArea, marks: UnreadMarks, projection: Projection
) -> None:
    for name in ("logs", "workstreams"):
        area.docks[name].hide()
    happens(projection, "job.failed", level="error", job=job(JobStatus.FAILED))
    happens(projection, "job.failed", level="error", job=job(JobStatus.FAILED))
    assert [marks.count(name) for name in ("logs", "workstreams", "radar", "review")] == [2, 1, 0, 0]
    title = area.docks["logs"]._title
    assert (title.unread.text(), title.unread.toolTip(), title.unread.accessibleName()) == (
        "● 2",
        "2 new errors",
        "2 new errors",
    )
    area.open("logs")
    area.docks["logs"].setFocus()
    marks._on_time_passed()
    assert (marks.count("logs"), marks.count("workstreams")) == (0, 1)
    assert title.unread.isHidden()
    assert area.docks["logs"].windowTitle() == "Logs"


def test_what_comes_into_a_dock_on_show_is_not_marked(
    area: DockArea, marks: UnreadMarks, projection: Projection, soon: Wait
) -> None:
    soon(area.isActiveWindow)
    happens(projection, "job.failed", level="error", job=job(JobStatus.FAILED))
    assert [marks.count(name) for name in area.docks] == [0] * len(area.docks)


def test_the_tab_of_a_dock_behind_another_says_what_is_new(
    area: DockArea, marks: UnreadMarks, projection: Projection, soon: Wait
) -> None:
    soon(area.isActiveWindow)
    area.tabifyDockWidget(area.docks["radar"], area.docks["logs"])
    area.docks["radar"].raise_()
    soon(lambda: not area.docks["logs"].is_on_top)
    happens(projection, "merge.failed", level="error")
    tabs = [bar.tabText(index) for bar in area.findChildren(QTabBar) for index in range(bar.count())]
    assert "● Logs: 1 new error" in tabs
    area.docks["logs"].raise_()
    soon(lambda: area.docks["logs"].is_on_top)
    marks._on_time_passed()
    assert marks.count("logs") == 0


def test_focus_in_a_dock_clears_its_mark_at_once(
    area: DockArea, marks: UnreadMarks, projection: Projection, soon: Wait
) -> None:
    field = QLineEdit()
    area.docks["logs"].hold(field)
    area.docks["logs"].hide()
    happens(projection, "merge.failed", level="error")
    assert marks.count("logs") == 1
    area.docks["logs"].focus()
    soon(lambda: marks.count("logs") == 0)


def test_a_conflict_marks_the_radar_and_a_review_the_review_and_the_board(
    area: DockArea, marks: UnreadMarks, projection: Projection
) -> None:
    for dock in area.docks.values():
        dock.hide()
    conflict = PredictedConflict(
        run_id="r", ws_id="w", other_branch="main", commit="1", other_commit="2", files=("a.py",)
    )
    stream = Workstream(run_id="r", ws_id="w", status=GroupStatus.REVIEW)
    happens(projection, "conflict.predicted", conflict=conflict)
    happens(projection, "workstream.review", workstream=stream)
    counts = {name: marks.count(name) for name in area.docks if marks.count(name)}
    assert counts == {"radar": 1, "review": 1, "workstreams": 1}
    projection.load(Snapshot(cursor=9))
    assert not any(marks.count(name) for name in area.docks)


def test_a_job_that_was_queued_again_meanwhile_is_no_news(
    area: DockArea, marks: UnreadMarks, projection: Projection
) -> None:
    area.docks["workstreams"].hide()
    happens(projection, "job.failed", job=job(JobStatus.QUEUED))
    assert marks.count("workstreams") == 0


def test_the_view_menu_says_what_is_new_in_a_panel(
    area: DockArea, marks: UnreadMarks, projection: Projection, actions: Actions
) -> None:
    area.docks["logs"].hide()
    happens(projection, "job.failed", level="error", job=job(JobStatus.FAILED))
    assert actions.action("panel_logs").text() == "Logs: 1 new error"
    assert "(Ctrl+3)" in actions.action("panel_logs").toolTip()
    area.docks["logs"].focus()
    marks._on_dock_activated()
    marks._on_reset()
    assert actions.action("panel_logs").text() == "Logs"


def test_nothing_ticks_while_a_mark_waits_to_be_seen(
    area: DockArea, marks: UnreadMarks, projection: Projection, soon: Wait
) -> None:
    area.docks["logs"].hide()
    happens(projection, "merge.failed", level="error")
    assert marks.count("logs") == 1
    assert not marks._timer.isActive()
    area.docks["logs"].show()
    soon(marks._timer.isActive)
    marks._timer.setInterval(0)
    marks._on_seen_changed()
    soon(lambda: marks.count("logs") == 0)
    assert not marks._timer.isActive()
