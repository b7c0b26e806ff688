"""The strip at the bottom: the heartbeat, what is used up, the size of the database."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.data.projection import EngineFacts, Projection
from gui.data.selection import Selection
from gui.data.state_counts import StateCounts
from gui.theme.theme import Theme
from gui.window.status_bar import BEAT_EVERY_S, DatabaseFacts, StatusBar
from state.codec import record_to_json
from state.costs import CostSource
from state.records import Event, Hold, HoldKind, Job, JobStatus
from state.worktree_records import TreeState, Worktree
from tests.gui.conftest import Clock


@pytest.fixture
def monotonic() -> Clock:
    return Clock(100.0)


@pytest.fixture
def requested() -> list[int]:
    return []


@pytest.fixture
def counters(projection: Projection, selection: Selection) -> StateCounts:
    return StateCounts(projection, selection)


@pytest.fixture
def clocks(clock: Clock, monotonic: Clock) -> tuple[Clock, Clock]:
    return clock, monotonic


@pytest.fixture
def bar(
    counters: StateCounts, theme: Theme, clocks: tuple[Clock, Clock], requested: list[int], qtbot: QtBot
) -> StatusBar:
    def size() -> DatabaseFacts:
        requested.append(1)
        return DatabaseFacts(48_000_000, 212_408)

    clock, monotonic = clocks
    made = StatusBar(counters.projection, counters, theme, database=size, clock=clock, monotonic=monotonic)
    qtbot.addWidget(made)
    made.resize(1600, 26)
    made.show()
    return made


def run_for(bar: StatusBar, monotonic: Clock, seconds: float) -> None:
    monotonic.go_on(seconds)
    bar._on_tick()


def test_it_shows_how_long_ago_the_engine_stepped(
    bar: StatusBar, projection: Projection, monotonic: Clock
) -> None:
    assert bar.heartbeat.text() == "Engine stopped"
    projection.observe_engine(EngineFacts(running=True))
    bar.show_step(changed=True)
    run_for(bar, monotonic, 0.3)
    assert bar.heartbeat.text() == "Engine stepped 0.3 s ago"


class Paints(QObject):
    """Counts the paints of widgets."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__()
        self.of: Counter[QObject] = Counter()
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.of[watched] += event.type() is QEvent.Type.Paint
        return False


def test_the_clock_and_a_beat_paint_nothing_of_the_window_but_themselves(
    bar: StatusBar, projection: Projection, clocks: tuple[Clock, Clock], qtbot: QtBot
) -> None:
    projection.observe_engine(EngineFacts(running=True))
    qtbot.waitExposed(bar)
    bar.repaint()
    QCoreApplication.processEvents()
    paints = Paints(bar, bar.clock_label, bar.heartbeat, bar.trace)
    for one in clocks:
        one.go_on(BEAT_EVERY_S)
    bar.show_step(changed=False)
    bar._on_tick()
    qtbot.waitUntil(lambda: all(paints.of[one] for one in (bar.clock_label, bar.heartbeat, bar.trace)))
    assert paints.of[bar] == 0


class LayoutRequests(QObject):
    """Counts the requests for a new layout."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.count += event.type() is QEvent.Type.LayoutRequest
        return False


def test_the_age_of_a_step_and_the_time_of_day_change_without_laying_out_the_window(
    bar: StatusBar, projection: Projection, clock: Clock, monotonic: Clock
) -> None:
    projection.observe_engine(EngineFacts(running=True))
    bar.show_step(changed=True)
    run_for(bar, monotonic, 0)
    QCoreApplication.sendPostedEvents()
    requested = LayoutRequests()
    bar.installEventFilter(requested)
    for number in range(1, 40):
        clock.go_on(1.0)
        projection.fold([Event(id=number, at=0.0, event_type="note.added")])
        bar._size_due = False
        run_for(bar, monotonic, 0.1)
        QCoreApplication.sendPostedEvents()
    assert bar.heartbeat.text() == "Engine stepped 3.9 s ago"
    for label in (bar.heartbeat, bar.clock_label):
        assert label.sizeHint().width() <= label.width()
    assert requested.count == 0


def test_it_doubts_after_five_seconds(bar: StatusBar, projection: Projection, monotonic: Clock) -> None:
    projection.observe_engine(EngineFacts(running=True))
    bar.show_step(changed=True)
    run_for(bar, monotonic, 12)
    assert bar.heartbeat.text() == "No step for 12 s"
    assert bar._glyph.isVisible()
    bar.show_step(changed=True)
    assert bar.heartbeat.text() == "Engine stepped 0.0 s ago"
    assert not bar._glyph.isVisible()


def test_a_stopped_engine_is_shown_at_once(bar: StatusBar, projection: Projection) -> None:
    projection.observe_engine(EngineFacts(running=True))
    bar.show_step(changed=True)
    projection.observe_engine(EngineFacts(running=False, problem="a bug"))
    assert bar.heartbeat.text() == "Engine stopped"


def test_a_busy_engine_beats_lower_than_one_that_does_something_now_and_then(bar: StatusBar) -> None:
    bar.show_step(changed=True)
    assert bar.trace.calm == 1.0
    for _ in range(20):
        bar.show_step(changed=True)
    assert bar.trace.calm == 0.4


def test_the_trace_moves_one_notch_a_step_that_changed_something(bar: StatusBar) -> None:
    before = tuple(bar.trace._beats)
    bar.show_step(changed=True)
    bar.show_step(changed=True)
    assert tuple(bar.trace._beats) == (*before[2:], 1.0, 1.0)


def test_an_idle_engine_moves_it_no_more_than_once_in_two_seconds(bar: StatusBar, monotonic: Clock) -> None:
    bar.show_step(changed=False)
    once = tuple(bar.trace._beats)
    for _ in range(4):
        monotonic.go_on(BEAT_EVERY_S / 5)
        bar.show_step(changed=False)
    assert tuple(bar.trace._beats) == once
    monotonic.go_on(BEAT_EVERY_S)
    bar.show_step(changed=False)
    assert tuple(bar.trace._beats) != once


def test_the_dial_shows_the_slots(bar: StatusBar) -> None:
    assert bar.slots_dial.text == "Slots 1/3"
    heard = QAccessible.queryAccessibleInterface(bar.slots_dial)
    assert heard.role() is QAccessible.Role.ProgressBar
    assert (heard.text(QAccessible.Text.Name), heard.text(QAccessible.Text.Value)) == ("Slots 1/3", "33 %")


def test_an_exhausted_quota_is_shown_with_its_reset_time_and_disappears_afterwards(
    bar: StatusBar, projection: Projection, clock: Clock, monotonic: Clock
) -> None:
    until = clock.now + 600
    hold = Hold(kind=HoldKind.ACCOUNT, key="codex", reason="quota", since=clock.now, until=until)
    payload = {"hold": record_to_json(hold)}
    projection.fold([Event(id=11, at=0.0, event_type="hold.placed", payload=payload)])
    back = datetime.fromtimestamp(until).astimezone().strftime("%H:%M")
    assert bar.hold_dials[0].text == f"codex quota used, back at {back}"
    assert bar.hold_dials[0].isVisible()
    clock.go_on(601)
    run_for(bar, monotonic, 1)
    assert not bar.hold_dials[0].isVisible()


def test_an_unknown_cost_is_empty_and_a_known_one_a_sum(bar: StatusBar, projection: Projection) -> None:
    assert bar.cost.text() == ""
    job = Job(job_id="edit", run_id="0347", ws_id="cart", seq=1, status=JobStatus.COMPLETED, cost_usd=4.18)
    for number in (11, 12):
        projection.fold(
            [Event(id=number, at=0.0, event_type="job.completed", payload={"job": record_to_json(job)})]
        )
    assert bar.cost.text() == "Cost $4.18"
    unknown = replace(job, job_id="test", cost_usd=None, cost_source=CostSource.UNKNOWN)
    payload = {"job": record_to_json(unknown)}
    projection.fold([Event(id=13, at=0.0, event_type="job.completed", payload=payload)])
    assert bar.cost.text() == "Cost at least $4.18"


def test_one_event_is_called_one_event(bar: StatusBar) -> None:
    bar._database = lambda: DatabaseFacts(176_000, 1)
    bar._show_database()
    assert bar.database_label.text() == "Database 176 kB, 1 event"


def test_the_database_is_queried_again_only_after_something_happened(
    bar: StatusBar, projection: Projection, monotonic: Clock, requested: list[int]
) -> None:
    assert bar.database_label.text() == "Database 48 MB, 212,408 events"
    seen = len(requested)
    for _ in range(20):
        run_for(bar, monotonic, 1)
    assert len(requested) == seen
    projection.fold([Event(id=11, at=0.0, event_type="note.added")])
    run_for(bar, monotonic, 1)
    assert len(requested) == seen + 1


def test_a_hidden_bar_ticks_not(bar: StatusBar) -> None:
    assert bar._timer.isActive()
    bar.hide()
    assert not bar._timer.isActive()


def worktree_event(number: int, tree: Worktree) -> Event:
    payload = {"worktree": record_to_json(tree)}
    return Event(id=number, at=1.0, event_type="worktree.measured", level="debug", payload=payload)


def test_w7_what_the_worktrees_take_on_the_disk_is_shown_in_all_and_each_in_the_tip(
    bar: StatusBar, projection: Projection, monotonic: Clock
) -> None:
    assert not bar.worktrees_label.isVisible()
    tree = Worktree(run_id="r", ws_id="<b>cart</b>", repo="/r", path="/w", branch="b", state=TreeState.READY)
    other = replace(tree, ws_id="list", size_bytes=2_000_000)
    projection.fold([worktree_event(1001, replace(tree, size_bytes=40_000_000)), worktree_event(1002, other)])
    run_for(bar, monotonic, 1)
    assert bar.worktrees_label.text() == "Worktrees 42 MB"
    assert bar.worktrees_label.toolTip().index("cart") < bar.worktrees_label.toolTip().index("list")
    assert "<b>cart" not in bar.worktrees_label.toolTip()
    for width, command, shown in ((1280, (), True), (1280, ("retry", "cart"), False), (1600, (), True)):
        bar.command_strip.show_words(command)
        bar.resize(width, bar.height())
        run_for(bar, monotonic, 5)
        assert bar.worktrees_label.isVisible() is shown, "a command line that is cut to nothing helps nobody"
    projection.fold(
        [worktree_event(1003, replace(other, state=TreeState.ARCHIVED)), worktree_event(1004, tree)]
    )
    run_for(bar, monotonic, 1)
    assert not bar.worktrees_label.isVisible()
