"""Notices by class, quiet hours, what a click opens, and the state of the tray."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from PySide6.QtWidgets import QApplication, QFormLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.orchestrator.turn import StepReport
from engine.settings import Settings
from gui.control.actions import Actions
from gui.control.notification import Notification, NotificationKind, QuietHours, gathered
from gui.control.preferences import Layout
from gui.control.sounds import Sounds
from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.data.state_counts import StateCounts
from gui.sheets.settings_more import MoreSettings, MoreValues
from gui.theme.theme import Theme
from gui.window.notifications import Notifications
from gui.window.tray import Tray
from state.codec import record_to_json
from state.records import (
    Event,
    GroupStatus,
    Job,
    JobStatus,
    ReviewState,
    Snapshot,
    Workstream,
)

Wait = Callable[[Callable[[], bool]], None]
NOON = datetime(2026, 6, 1, 12, 0).astimezone().timestamp()


class NotedSounds:
    """A player that notes what it should play."""

    def __init__(self) -> None:
        self.played: list[NotificationKind] = []

    def play(self, kind: NotificationKind) -> None:
        self.played.append(kind)


@dataclass
class NotificationSetting:
    notifications: Notifications
    tray: Tray
    projection: Projection
    counters: StateCounts
    layout: Layout
    window: QWidget
    notified: list[Notification]
    requested: list[str]
    player: NotedSounds
    now: float = NOON

    def happens(self, job_id: str, status: JobStatus, **more: object) -> None:
        """A job comes into this state, as an event tells it."""
        job = Job(job_id=job_id, run_id="r", ws_id="w", status=status, **more)  # type: ignore[arg-type]  # fields of a job
        self.projection.fold(
            [
                Event(
                    id=self.projection.cursor + 1, at=self.now, event_type=f"job.{status}", job_id=job_id,
                    payload={"job": record_to_json(job)},
                )
            ]
        )  # fmt: skip

    def titles(self) -> list[str]:
        return [notice.title for notice in self.notified]


@pytest.fixture
def scene(
    qtbot: QtBot, projection: Projection, selection: Selection, theme: Theme, actions: Actions
) -> Iterator[NotificationSetting]:
    window, layout = QWidget(), Layout()
    qtbot.addWidget(window)
    tray = Tray(theme, actions)
    made: NotificationSetting
    counters = StateCounts(projection, selection)
    player = NotedSounds()
    sounds = Sounds(player, layout, monotonic=lambda: made.now)
    notifications = Notifications(
        tray, counters, sounds=sounds, layout=layout, window=window, clock=lambda: made.now
    )
    notifications._timer.setInterval(0)
    made = NotificationSetting(notifications, tray, projection, counters, layout, window, [], [], player)
    notifications.notified.connect(made.notified.append)
    notifications.job_requested.connect(made.requested.append)
    yield made
    notifications.close()


def test_a_failure_and_a_job_that_needs_a_person_are_notified_with_the_reason(
    scene: NotificationSetting, soon: Wait
) -> None:
    scene.happens("bad", JobStatus.FAILED, summary="Tests failed.")
    scene.happens("late", JobStatus.TIMEOUT, summary="It ran longer than 5 s.")
    scene.happens("stuck", JobStatus.FAILED, quarantined=True, summary="Tests failed three times.")
    soon(lambda: len(scene.notified) == 3)
    assert sorted(scene.titles()) == ["w / bad failed", "w / late timed out", "w / stuck needs you"]
    assert {notice.text for notice in scene.notified} >= {"Tests failed.", "Tests failed three times."}


@pytest.mark.parametrize(
    ("switch", "status", "more"),
    [
        ("notify_failed", JobStatus.FAILED, {}),
        ("notify_needs_you", JobStatus.FAILED, {"quarantined": True}),
        ("notify_done", JobStatus.COMPLETED, {}),
    ],
)
def test_each_class_can_be_switched(
    scene: NotificationSetting, soon: Wait, switch: str, status: JobStatus, more: dict[str, object]
) -> None:
    classes = {"notify_failed", "notify_needs_you", "notify_done", "notify_idle"}
    scene.layout.__dict__.update(dict.fromkeys(classes, True) | {switch: False})
    scene.happens("a", status, **more)
    assert not scene.notifications._timer.isActive()
    scene.layout.__dict__.update(dict.fromkeys(classes, False) | {switch: True})
    scene.happens("b", status, **more)
    soon(lambda: [notice.job_id for notice in scene.notified] == ["b"])


def test_what_changed_again_within_the_same_batch_is_not_notified(scene: NotificationSetting) -> None:
    failed = Job(job_id="a", run_id="r", ws_id="w", status=JobStatus.FAILED)
    again = replace(failed, status=JobStatus.QUEUED)
    scene.projection.fold(
        [
            Event(id=scene.projection.cursor + 1 + place, at=NOON, event_type=f"job.{job.status}", job_id="a",
                  payload={"job": record_to_json(job)})
            for place, job in enumerate((failed, again))
        ]
    )  # fmt: skip
    assert not scene.notifications._timer.isActive()


def test_many_at_once_are_one_notification(scene: NotificationSetting, soon: Wait) -> None:
    for number in range(40):
        scene.happens(f"job-{number}", JobStatus.FAILED)
    soon(lambda: scene.notified != [])
    assert scene.titles() == ["40 jobs failed"]
    assert scene.notified[0].text == "w / job-0, w / job-1, w / job-2 and 37 more"
    three = [Notification(kind=NotificationKind.DONE, title=name, job_id=name) for name in "abc"]
    assert gathered(three) == three


def report(*, running: int) -> StepReport:
    return StepReport(next_wake=None, changed=True, running=running, idle=not running)


def test_the_end_of_all_work_is_notified_once_and_only_after_work(
    scene: NotificationSetting, soon: Wait
) -> None:
    scene.notifications.on_stepped(report(running=0))
    assert not scene.notifications._timer.isActive()
    scene.notifications.on_stepped(report(running=2))
    for _ in range(3):
        scene.notifications.on_stepped(report(running=0))
    soon(lambda: scene.titles() == ["All jobs have ended"])


def test_there_are_no_notifications_while_the_window_is_active(
    scene: NotificationSetting, qtbot: QtBot
) -> None:
    scene.window.show()
    scene.window.activateWindow()
    qtbot.waitUntil(scene.window.isActiveWindow)
    scene.happens("bad", JobStatus.FAILED)
    assert not scene.notifications._timer.isActive()


@pytest.mark.parametrize(
    ("hour", "quiet"), [(23, True), (3, True), (7, False), (12, False), (21, False), (22, True)]
)
def test_in_quiet_hours_there_are_no_notifications(
    scene: NotificationSetting, qtbot: QtBot, hour: int, *, quiet: bool
) -> None:
    scene.layout.quiet_from, scene.layout.quiet_until = "22:00", "07:00"
    scene.now = datetime(2026, 6, 1, hour, 0).astimezone().timestamp()
    scene.happens("bad", JobStatus.FAILED)
    qtbot.waitUntil(lambda: not scene.notifications._timer.isActive())
    assert (scene.notified == []) is quiet


@pytest.mark.parametrize(
    ("start", "end"), [("", ""), ("22:00", ""), ("nonsense", "07:00"), ("09:00", "09:00")]
)
def test_empty_hours_are_never_quiet(start: str, end: str) -> None:
    assert not QuietHours.between(start, end).holds(datetime.now().astimezone())


def test_quiet_hours_within_a_day() -> None:
    quiet = QuietHours.between("12:00", "13:30")
    at = [datetime(2026, 6, 1, *clock).astimezone() for clock in ((11, 59), (12, 0), (13, 29), (13, 30))]
    assert [quiet.holds(moment) for moment in at] == [False, True, True, False]


def test_a_click_on_a_notice_opens_its_job(scene: NotificationSetting, soon: Wait, qtbot: QtBot) -> None:
    scene.happens("bad", JobStatus.FAILED)
    soon(lambda: scene.notified != [])
    scene.tray.icon.messageClicked.emit()
    assert scene.requested == ["bad"]
    scene.tray.show_notification(Notification(kind=NotificationKind.IDLE, title="All jobs have ended"))
    with qtbot.waitSignal(scene.notifications.window_requested):
        scene.tray.icon.messageClicked.emit()


def test_the_tray_shows_the_most_urgent_state_and_the_numbers(scene: NotificationSetting) -> None:
    assert scene.tray.icon.toolTip() == "Signalbox: 1 needs you (1 failed), 1 running"
    plain = scene.tray.icon.icon().pixmap(22).toImage()
    projection = scene.projection
    projection.load(Snapshot(cursor=projection.cursor, workstreams=(Workstream(run_id="r", ws_id="w"),)))
    assert scene.tray.icon.icon().pixmap(22).toImage() != plain
    scene.happens("edit", JobStatus.RUNNING)
    assert scene.tray.icon.toolTip() == "Signalbox: 1 running"
    menu = scene.tray.icon.contextMenu()
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Show the window", "Pause: start nothing new", "Resume", "Quit",
    ]  # fmt: skip


def test_where_there_is_no_tray_no_icon_is_shown_and_nothing_breaks(scene: NotificationSetting) -> None:
    scene.layout.tray = True
    scene.notifications.apply_settings()
    assert not scene.tray.icon.isVisible()  # offscreen has none


# --- settings ---------------------------------------------------------------------------------------------------------


def test_the_settings_are_restored_as_saved(theme: Theme, qapp: QApplication) -> None:
    assert qapp is not None
    values = MoreValues(
        notify=frozenset({"done"}), tray=False, quiet_from="22:00", quiet_until="7:30",
    )  # fmt: skip
    more = MoreSettings(theme)
    settings = Settings(
        callback=("/usr/bin/notify-send", "--", "{title}", "two words"),
        keep_awake=False,
        keep_history_days=0,
        free_floor_mb=0,
    )
    for one, home in ((values, settings), (MoreValues(), Settings())):
        more.show(one, home)
        assert more.values() == one
        assert Settings().model_copy(update=more.settings()) == home


def test_a_command_whose_quotes_do_not_match_is_returned_as_one_word(
    theme: Theme, qapp: QApplication
) -> None:
    assert qapp is not None
    more = MoreSettings(theme)
    more.show(MoreValues(), Settings())
    more.callback.setText("tell 'me")
    assert more.settings()["callback"] == ("tell 'me",)


def test_v11_work_that_waits_for_review_is_notified_and_a_click_opens_it(
    scene: NotificationSetting, qtbot: QtBot
) -> None:
    opened: list[object] = []
    scene.notifications.review_requested.connect(opened.append)
    waiting = Workstream(
        run_id="r", ws_id="cart", title="Round once", review=ReviewState.WAITING, status=GroupStatus.REVIEW
    )
    scene.projection.fold(
        [
            Event(
                id=scene.projection.cursor + 1, at=scene.now, event_type="workstream.review", run_id="r",
                ws_id="cart", payload={"workstream": record_to_json(waiting)},
            )
        ]
    )  # fmt: skip
    qtbot.waitUntil(lambda: bool(scene.notified))
    assert [(one.title, one.text) for one in scene.notified] == [("Round once waits for review", "")]
    scene.tray.icon.messageClicked.emit()
    assert opened == [("r", "cart")]


def test_v11_many_notifications_name_workstreams_too() -> None:
    kind = NotificationKind.NEEDS_YOU
    many = [
        Notification(kind=kind, title="", name=f"w{number}", workstream=("r", str(number)))
        for number in range(5)
    ]
    [one] = gathered(many)
    assert (one.title, one.text) == ("5 workstreams need you", "w0, w1, w2 and 2 more")


def test_a_class_has_a_sound_only_where_it_is_switched_on_whether_it_is_shown_or_not(
    scene: NotificationSetting, soon: Wait
) -> None:
    scene.happens("a", JobStatus.FAILED)
    soon(lambda: len(scene.notified) == 1)
    assert scene.player.played == []
    scene.layout.sound_done = True
    scene.happens("b", JobStatus.FAILED)
    scene.happens("c", JobStatus.COMPLETED)
    soon(lambda: scene.player.played == [NotificationKind.DONE])
    assert [notice.job_id for notice in scene.notified] == ["a", "b"], "it is heard and not shown"


def test_what_comes_together_makes_one_sound_the_most_urgent_and_none_follows_within_two_seconds(
    scene: NotificationSetting, soon: Wait
) -> None:
    scene.layout.sound_failed = scene.layout.sound_needs_you = True
    scene.happens("a", JobStatus.FAILED)
    scene.happens("b", JobStatus.FAILED, quarantined=True)
    soon(lambda: len(scene.notified) == 2)
    assert scene.player.played == [NotificationKind.NEEDS_YOU]
    scene.now += 1.9
    scene.happens("c", JobStatus.FAILED)
    soon(lambda: len(scene.notified) == 3)
    assert scene.player.played == [NotificationKind.NEEDS_YOU]
    scene.now += 0.1
    scene.happens("d", JobStatus.FAILED)
    soon(lambda: len(scene.notified) == 4)
    assert scene.player.played == [NotificationKind.NEEDS_YOU, NotificationKind.FAILED]


def test_quiet_hours_are_quiet_for_sounds_too(scene: NotificationSetting) -> None:
    scene.layout.sound_failed = True
    scene.layout.quiet_from, scene.layout.quiet_until = "11:00", "13:00"
    scene.happens("a", JobStatus.FAILED)
    scene.notifications._on_gathered()
    assert scene.player.played == []


def test_the_settings_show_which_classes_have_a_sound_and_let_each_be_heard(
    qtbot: QtBot, theme: Theme
) -> None:
    form, more = QWidget(), MoreSettings(theme)
    qtbot.addWidget(form)
    more.add_to(QFormLayout(form))
    more.show(MoreValues(sound=frozenset({"failed", "done"})), Settings())
    assert more.values().sound == {"failed", "done"}
    assert [more.next_sound() for _ in range(3)] == ["failed", "done", "failed"]
    more.sound["failed"].setChecked(False)
    more.sound["done"].setChecked(False)
    assert [more.next_sound() for _ in range(4)] == ["idle", "needs_you", "failed", "done"]
    assert more.sound_note.isHidden()
    more.show_no_player()
    assert not more.sound_note.isHidden()
    assert "No program here plays sounds" in more.sound_note.text()
