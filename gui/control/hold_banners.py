"""Shows the holds in force as banners: a pause, a drained engine, a held tool, account or group."""

import time
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.scheduling.schedule import in_force
from engine.scheduling.wait_phrases import hold_phrase
from gui.data.projection import Projection
from gui.translation import tr_phrase, translatable
from gui.widgets.banner import BannerButton, BannerStack
from state.records import DAY_BUDGET, Hold, HoldKind, JobStatus

_LONGEST_WAIT_S = 3600.0


class HoldAction(StrEnum):
    """What a button on the banner of a hold does."""

    LIFT = "lift"
    RAISE = "raise"


_RESUME = BannerButton(HoldAction.LIFT, translatable("Resume"), is_change=True)
_RAISE = BannerButton(HoldAction.RAISE, translatable("Raise…"))


class HoldBanners(QObject):
    """Shows one banner per hold in force, and hides it when the hold ends.

    Signals:
        lift_requested: (HoldKind, key) lift this hold; `HoldKind.ENGINE` is the pause of everything.
        raise_requested: (setting) show this budget, which is used up.
    """

    lift_requested = Signal(object, str)
    raise_requested = Signal(str)

    def __init__(
        self,
        banners: BannerStack,
        projection: Projection,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._banners, self._projection, self._clock = banners, projection, clock
        self._shown: dict[str, tuple[HoldKind, str]] = {}
        self._until = QTimer(self, singleShot=True)
        self._until.timeout.connect(self._on_changed)
        projection.reset.connect(self._on_changed)
        projection.folded.connect(self._on_changed)
        banners.action_requested.connect(self._on_action_requested)

    @Slot()
    def _on_changed(self) -> None:
        now = self._clock()
        holds = in_force(self._projection.holds.values(), self._projection.jobs.values(), now)
        keys = {_key(kind, key): (kind, key) for kind, key in holds}
        for ended in self._shown.keys() - keys.keys():
            self._banners.hide_banner(ended)
        self._shown = keys
        running = self._running() if holds else 0
        for target, hold in holds.items():
            state = "held" if hold.until is None else "waiting"
            sentence = tr_phrase(hold_phrase(hold, now, running))
            self._banners.show_banner(_key(*target), sentence, state=state, buttons=[_button(hold)])
        ends = [hold.until for hold in holds.values() if hold.until is not None]
        if ends:
            self._until.start(round(min(max(min(ends) - now, 0.05), _LONGEST_WAIT_S) * 1000))

    def _running(self) -> int:
        return sum(job.status is JobStatus.RUNNING for job in self._projection.jobs.values())

    @Slot(str, object)
    def _on_action_requested(self, key: str, action: StrEnum) -> None:
        if not isinstance(action, HoldAction) or key not in self._shown:
            return
        kind, target = self._shown[key]
        if action is HoldAction.RAISE:
            self.raise_requested.emit("budget_day_usd" if target == DAY_BUDGET else "budget_run_usd")
        else:
            self.lift_requested.emit(kind, target)


def _button(hold: Hold) -> BannerButton:
    return _RAISE if hold.kind is HoldKind.BUDGET else _RESUME


def _key(kind: HoldKind, key: str) -> str:
    return "pause" if kind is HoldKind.ENGINE else f"hold.{kind}.{key}"
