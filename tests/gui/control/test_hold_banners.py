"""Holds that keep jobs from starting are shown as banners: once, with a way to resume, and hidden when they end."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.control.hold_banners import HoldBanners
from gui.data.projection import Projection
from gui.theme.theme import Theme
from gui.widgets.banner import Banner, BannerStack
from state.codec import record_to_json
from state.records import Event, Hold, HoldCause, HoldKind, Job, JobStatus
from tests.gui.conftest import Clock


class Room:
    def __init__(self, theme: Theme, qtbot: QtBot, projection: Projection, clock: Clock) -> None:
        self.projection, self.clock = projection, clock
        self.banners = BannerStack(theme)
        qtbot.addWidget(self.banners)
        self.hold_banners = HoldBanners(self.banners, projection, clock=clock)

    def set(self, hold: Hold, *, kind: str = "hold.set") -> None:
        event = Event(
            id=self.projection.cursor + 1, at=1.0, event_type=kind, payload={"hold": record_to_json(hold)}
        )
        self.projection.fold([event])

    def banner(self, key: str) -> Banner | None:
        return self.banners.banner(key)

    def banner_text(self, key: str) -> str:
        banner = self.banner(key)
        return "" if banner is None else banner.sentence


def stop(kind: HoldKind, key: str, reason: str = "", **values: Any) -> Hold:
    return Hold(kind=kind, key=key, reason=reason, since=1.0, **values)


def test_a_held_tool_is_shown_with_its_reason_and_can_be_resumed(
    theme: Theme, qtbot: QtBot, projection: Projection, clock: Clock
) -> None:
    room = Room(theme, qtbot, projection, clock)
    room.set(stop(HoldKind.TOOL, "aider", "5 attempts in a row could not start"))
    sentence = room.banner_text("hold.tool.aider")
    assert (
        sentence
        == "aider is on hold (5 attempts in a row could not start); its jobs wait until it is resumed."
    )
    banner = room.banner("hold.tool.aider")
    assert banner is not None
    with qtbot.waitSignal(room.hold_banners.lift_requested) as requested:
        qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)
    assert requested.args == [HoldKind.TOOL, "aider"]
    room.set(stop(HoldKind.TOOL, "aider"), kind="hold.lifted")
    assert room.banner("hold.tool.aider") is None


def test_several_stop_signs_are_several_banners(
    theme: Theme, qtbot: QtBot, projection: Projection, clock: Clock
) -> None:
    room = Room(theme, qtbot, projection, clock)
    room.set(stop(HoldKind.GROUP, "night"))
    room.set(stop(HoldKind.ENGINE, "", "lunch"))
    assert "Group night is on hold" in room.banner_text("hold.group.night")
    assert "(lunch): running jobs continue, nothing new starts" in room.banner_text("pause")


def test_a_drained_engine_says_how_many_still_run(
    theme: Theme, qtbot: QtBot, projection: Projection, clock: Clock
) -> None:
    room = Room(theme, qtbot, projection, clock)
    room.set(stop(HoldKind.ENGINE, "", cause=HoldCause.DRAIN))
    assert "1 still runs, nothing new starts" in room.banner_text("pause")


def test_an_exhausted_quota_is_shown_until_its_reset(
    theme: Theme,
    qtbot: QtBot,
    projection: Projection,
    clock: Clock,
    soon: Callable[[Callable[[], bool]], None],
) -> None:
    room = Room(theme, qtbot, projection, clock)
    room.set(
        stop(HoldKind.ACCOUNT, "work", "usage limit reached", until=clock.now + 0.2, cause=HoldCause.QUOTA)
    )
    shown = room.banner_text("hold.account.work")
    assert "Account work has used its quota; its jobs start again at" in shown
    assert "(usage limit reached)." in shown
    clock.go_on(0.3)
    soon(lambda: room.banner("hold.account.work") is None)


def test_a_dismissed_banner_does_not_come_back_for_the_same_problem(
    theme: Theme, qtbot: QtBot, projection: Projection, clock: Clock
) -> None:
    room = Room(theme, qtbot, projection, clock)
    hold = stop(HoldKind.ENGINE, "", "lunch")
    room.set(hold)
    banner = room.banner("pause")
    assert banner is not None
    qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    room.set(stop(HoldKind.GROUP, "night"))
    assert room.banner("pause") is None
    room.set(hold, kind="hold.lifted")
    room.set(hold)
    assert room.banner("pause") is not None


def test_a_used_up_budget_is_named_and_offers_to_be_raised(
    theme: Theme, qtbot: QtBot, projection: Projection, clock: Clock
) -> None:
    room = Room(theme, qtbot, projection, clock)
    reason = "The day's budget of $20.00 is used up: $20.31 were spent since midnight."
    room.set(stop(HoldKind.BUDGET, "day", reason, cause=HoldCause.BUDGET))
    assert room.banner_text("hold.budget.day") == reason
    banner = room.banner("hold.budget.day")
    assert banner is not None
    assert [button.text() for button in banner.buttons] == ["Raise…"]
    with qtbot.waitSignal(room.hold_banners.raise_requested) as requested:
        qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)
    assert requested.args == ["budget_day_usd"]


def test_the_budget_of_a_run_is_shown_while_one_of_its_jobs_waits_for_it(
    theme: Theme, qtbot: QtBot, projection: Projection, clock: Clock
) -> None:
    room = Room(theme, qtbot, projection, clock)
    room.set(
        stop(HoldKind.BUDGET, "run:night", "The budget of run night is used up.", cause=HoldCause.BUDGET)
    )
    assert room.banner("hold.budget.run:night") is None
    job = Job(job_id="edit", run_id="night", ws_id="cart")
    for status, shown in ((JobStatus.QUEUED, True), (JobStatus.COMPLETED, False)):
        payload = {"job": record_to_json(replace(job, status=status))}
        event = Event(id=projection.cursor + 1, at=1.0, event_type="job.queued", payload=payload)
        projection.fold([event])
        assert (room.banner("hold.budget.run:night") is not None) is shown
