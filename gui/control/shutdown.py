"""Close the window while jobs may still run: ask for one of the modes, and carry it out."""

import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.host.host_commands import StartAgain, StopStarting
from gui.control.closing_question import (
    BACKGROUND,
    CANCEL,
    FINISH,
    KEEP_OPEN,
    STOP,
    ClosingQuestion,
    closing_question,
    next_recurring,
    open_work,
)
from gui.control.engine_host import EngineHost
from gui.data.projection import EngineFacts, Projection, ProjectionChanges
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.banner import BannerButton, BannerStack
from gui.widgets.confirm_sheet import ConfirmSheet

if TYPE_CHECKING:
    from engine.orchestrator.turn import StepReport

_TIMEOUT_MS = 8000
_SHOW_PROGRESS_AFTER_MS = 200
"""An end that takes no longer than this needs no banner."""
_KEY = "closing"


class ClosingAction(StrEnum):
    """What a button on the banner of a closing window does."""

    STOP_NOW = "stop_now"
    KEEP_OPEN = "keep_open"


_STOP_NOW = BannerButton(ClosingAction.STOP_NOW, translatable("Cancel them now"))
_KEEP_OPEN = BannerButton(ClosingAction.KEEP_OPEN, translatable("Keep open"))


_STOPPING = translatable("Stopping the running jobs. The window closes when their processes have ended.")
_CANCELLING = translatable("Cancelling the running jobs. The window closes when their processes have ended.")


class Shutdown(QObject):
    """Decides nothing itself: a person picks the mode, and may change it until the engine is closed.

    Signals:
        done: nothing is left to wait for; the window may close.
    """

    done = Signal()

    def __init__(
        self,
        host: EngineHost,
        projection: Projection,
        *,
        theme: Theme,
        banners: BannerStack,
        detach: Callable[[], int],
        other_engines: Callable[[], Sequence[str]],
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        """`detach` starts an engine that outlives the window and returns its process id.

        `other_engines` are those of this home that work beside the one of this window: they queue what recurs.
        """
        super().__init__(parent)
        self._host, self._projection, self._theme = host, projection, theme
        self._banners, self._detach, self._clock = banners, detach, clock
        self._other_engines = other_engines
        self._mode = ""
        self._successor: int | None = None
        self.question: ConfirmSheet | None = None
        self._timeout = QTimer(self)
        self._timeout.setSingleShot(True)
        self._timeout.setInterval(_TIMEOUT_MS)
        self._timeout.timeout.connect(self._on_timeout)
        self._ending = ""
        self._late = QTimer(self, singleShot=True, interval=_SHOW_PROGRESS_AFTER_MS)
        self._late.timeout.connect(self._on_late)
        host.stepped.connect(self._on_stepped)
        host.closed.connect(self._on_closed)
        projection.folded.connect(self._on_folded)
        banners.action_requested.connect(self._on_action_requested)

    @property
    def mode(self) -> str:
        """The mode in progress; empty while there is none."""
        return self._mode

    def ask(self, window: QWidget) -> None:
        """Close at once if no answer would change anything, else ask for the mode."""
        if not self._host.is_running:
            self.close(BACKGROUND)
            return
        now = self._clock()
        work = open_work(self._projection.jobs, self._projection.explainer(now).wait)
        recurring = next_recurring(self._projection.recurring, now)
        question = closing_question(work, "" if recurring and self._other_engines() else recurring)
        if question is None:
            self.close(STOP)
        elif self.question is None and not self._mode:
            self._ask(window, question)

    @Slot(str)
    def close(self, mode: str) -> None:
        """Close in one of the modes: ``stop`` is for signals and logouts, after which jobs are queued again."""
        self._mode = mode
        match mode:
            case "background" if self._host.is_running:
                self._host.run_command(StopStarting())
                self._successor = self._detach()
                self._timeout.start()
                self._show_progress(
                    tr("A background engine takes over; then this window closes."), [_KEEP_OPEN]
                )
            case "finish":
                self._host.run_command(StopStarting())
                self._show_progress(
                    tr("No new jobs start. The window closes when the running jobs have finished."),
                    [_STOP_NOW, _KEEP_OPEN],
                )
            case "stop" | "cancel":
                if self._host.is_running:
                    self._projection.observe_engine(EngineFacts(running=True, stopping=True))
                    self._ending = tr(_STOPPING if mode == STOP else _CANCELLING)
                    self._banners.hide_banner(_KEY)  # its buttons change nothing any more
                    self._late.start()
                self._host.close(mode)  # an engine that is just starting may have started jobs already
            case _:
                self._host.close("leave")

    def _ask(self, window: QWidget, question: ClosingQuestion) -> None:
        self.question = ConfirmSheet(
            self._theme,
            window,
            title=question.title,
            sentence=question.sentence,
            choices=question.choices,
        )
        self.question.answered.connect(self._on_answered)
        self.question.closed.connect(self._on_question_closed)
        self.question.open()

    def _show_progress(self, sentence: str, buttons: Sequence[BannerButton] = ()) -> None:
        self._banners.show_banner(_KEY, sentence, state="waiting", buttons=buttons)

    @Slot(str)
    def _on_answered(self, choice: str) -> None:
        if choice != KEEP_OPEN:
            self.close(choice)

    @Slot()
    def _on_question_closed(self) -> None:
        self.question = None

    @Slot(object)
    def _on_stepped(self, report: "StepReport") -> None:
        if self._mode == FINISH and report.running == 0:
            self._host.close("finish")

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if self._successor is None:
            return
        started = (event for event in changes.events if event.event_type == "engine.started")
        if any(event.payload.get("engine", {}).get("pid") == self._successor for event in started):
            self._successor = None
            self._timeout.stop()
            self._host.close("leave")

    @Slot()
    def _on_timeout(self) -> None:
        self._stay()
        self._banners.show_banner(
            _KEY,
            tr(
                "The background engine did not start, so this window stays open. Its log is in the data folder."
            ),
        )

    @Slot(str, object)
    def _on_action_requested(self, _key: str, action: StrEnum) -> None:
        if not isinstance(action, ClosingAction):
            return
        match action:
            case ClosingAction.STOP_NOW:
                self.close(CANCEL)
            case ClosingAction.KEEP_OPEN:
                self._stay()
                self._banners.hide_banner(_KEY)
            case _:
                assert_never(action)

    def _stay(self) -> None:
        self._mode, self._successor = "", None
        self._timeout.stop()
        self._host.run_command(StartAgain())

    @Slot()
    def _on_late(self) -> None:
        self._show_progress(self._ending)

    @Slot()
    def _on_closed(self) -> None:
        self._late.stop()
        self._banners.hide_banner(_KEY)
        self.done.emit()
