"""Shows problems as banners: each once, and hidden when it is over. Solves nothing itself."""

import time
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.health_problems import HealthProblemKind
from engine.system.formatting import clock_minute
from gui.control.engine_host import EngineHost
from gui.control.failure import Failure
from gui.data.event_feed import EventFeed
from gui.theme.theme import Theme
from gui.translation import tr, tr_count, tr_recorded, translatable
from gui.widgets.banner import BannerButton, BannerStack
from gui.widgets.confirm_sheet import Choice, ConfirmSheet

if TYPE_CHECKING:
    from engine.orchestrator.turn import StepReport


class ProblemAction(StrEnum):
    """What a button on the banner of a problem does."""

    START_ENGINE = "start_engine"
    SHOW_DETAILS = "show_details"
    SAVE_COPY = "save_copy"
    SHOW_FOLDER = "show_folder"


_START = BannerButton(ProblemAction.START_ENGINE, translatable("Start again"), is_change=True)
_DETAILS = BannerButton(ProblemAction.SHOW_DETAILS, translatable("Details"))
_COPY = BannerButton(ProblemAction.SAVE_COPY, translatable("Save a copy…"))
_FOLDER = BannerButton(ProblemAction.SHOW_FOLDER, translatable("Show folder"))
_BUTTONS = {
    HealthProblemKind.SPACE: (_FOLDER,),
    HealthProblemKind.CLOSED: (_FOLDER,),
    HealthProblemKind.DATABASE: (_FOLDER,),
    HealthProblemKind.GONE: (_COPY, _FOLDER),
}


class ProblemBanners(QObject):
    """Shows the problems of the engine, the database and the window.

    Signals:
        start_requested: start the engine again.
        folder_requested: show the data folder.
        copy_requested: save a copy of the database that is still open.
    """

    start_requested = Signal()
    folder_requested = Signal()
    copy_requested = Signal()

    def __init__(
        self,
        banners: BannerStack,
        *,
        theme: Theme,
        window: QWidget,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._banners, self._theme, self._window = banners, theme, window
        self._failures: dict[str, Failure] = {}
        self._current: frozenset[HealthProblemKind] = frozenset()
        self._takes_over_since = ""
        """Since when the engine in the background has worked, until that of this window makes its first step."""
        self.question: ConfirmSheet | None = None
        banners.action_requested.connect(self._on_action_requested)

    def listen(self, host: EngineHost, feed: EventFeed) -> None:
        """Show failures of the engine and of reading the database."""
        host.failed.connect(self._on_engine_failed)
        host.stepped.connect(self._on_stepped)
        feed.failed.connect(self._on_feed_failed)
        feed.recovered.connect(self._on_feed_recovered)

    def show_view_only(self, reason: str) -> None:
        """Show that nothing can be changed in this window."""
        self._banners.show_banner(
            "view", tr("This window is view-only: {reason}.", reason=reason), state="held", buttons=[_FOLDER]
        )

    def show_settings_problem(self, problem: str) -> None:
        """Show that the window's own settings were not used or not saved."""
        if problem:
            self._banners.show_banner("settings", problem, state="timeout", buttons=[_FOLDER])

    @Slot(str)
    def show_refusal(self, sentence: str) -> None:
        """Show why a command was not carried out."""
        self._banners.show_banner("command", sentence, state="timeout")

    @Slot(str)
    def show_done(self, sentence: str) -> None:
        """Show what was done, if no sheet is open to show it."""
        self._banners.show_banner("done", sentence, state="completed", buttons=[_FOLDER])

    def show_takeover(self, since: str, running: int) -> None:
        """Show that this window takes over from an engine that has worked in the background since a time of day."""
        self._takes_over_since = since
        if running:
            sentence = tr_count(
                "An engine has worked in the background since {since}, {n} job runs; this window takes over.",
                "An engine has worked in the background since {since}, {n} jobs run; this window takes over.",
                running,
                since=since,
            )
        else:
            sentence = tr(
                "An engine has worked in the background since {since}, nothing runs; this window takes over.",
                since=since,
            )
        self._banners.show_banner("takeover", sentence, state="running")

    def _show_taken_over(self) -> None:
        """Say the same as what is over, unless a person has closed it."""
        since, self._takes_over_since = self._takes_over_since, ""
        if since and self._banners.banner("takeover") is not None:
            sentence = tr(
                "An engine worked in the background since {since}; this window has taken over.", since=since
            )
            self._banners.show_banner("takeover", sentence, state="completed")

    def show_bug(self, failure: Failure) -> None:
        """Show that a part of the window failed."""
        self._failures["bug"] = failure
        sentence = tr("A part of the window failed: {sentence}", sentence=failure.sentence)
        self._banners.show_banner("bug", sentence, buttons=[_DETAILS])

    @Slot(object)
    def _on_engine_failed(self, failure: Failure) -> None:
        self._failures["engine"] = failure
        at = clock_minute(time.time())
        self._banners.show_banner(
            "engine",
            tr("The engine stopped on an error at {at}. {sentence}", at=at, sentence=failure.sentence),
            buttons=[_START, _DETAILS],
        )

    @Slot(object)
    def _on_stepped(self, report: "StepReport") -> None:
        self._show_taken_over()
        self._banners.hide_banner("engine")
        now = {problem.kind: problem for problem in report.problems}
        for kind in self._current - now.keys():
            self._banners.hide_banner(f"problem.{kind}")
        for kind, problem in now.items():
            state = "failed" if problem.stops else "timeout"
            self._banners.show_banner(
                f"problem.{kind}", tr_recorded(problem.sentence), state=state, buttons=_BUTTONS.get(kind, ())
            )
        self._current = frozenset(now)

    @Slot(str)
    def _on_feed_failed(self, sentence: str) -> None:
        self._banners.show_banner(
            "database", tr("{sentence} What is shown may be old.", sentence=sentence), buttons=[_FOLDER]
        )

    @Slot()
    def _on_feed_recovered(self) -> None:
        self._banners.hide_banner("database")

    @Slot(str, object)
    def _on_action_requested(self, key: str, action: StrEnum) -> None:
        if not isinstance(action, ProblemAction):
            return
        match action:
            case ProblemAction.START_ENGINE:
                self.start_requested.emit()
            case ProblemAction.SHOW_DETAILS:
                self._show_details(self._failures[key])
            case ProblemAction.SAVE_COPY:
                self.copy_requested.emit()
            case ProblemAction.SHOW_FOLDER:
                self.folder_requested.emit()
            case _:
                assert_never(action)

    def _show_details(self, failure: Failure) -> None:
        self.question = ConfirmSheet(
            self._theme,
            self._window,
            title=tr("What went wrong"),
            sentence=failure.sentence,
            details=failure.details,
            choices=(Choice("close", tr("Close")),),
        )
        self.question.open()
