"""The composition root of the window: builds the parts, connects them, and closes them in order. No rules."""

import gui.unread_sources  # noqa: F401  # isort: skip
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, QProcess, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from engine.host.background_engine import background_engine
from engine.host.host_commands import SaveCopy
from engine.system.formatting import moment
from engine.system.home import Home, default_home
from gui.application.at_exit import close_at_exit
from gui.application.gc_scheduler import GcScheduler
from gui.application.sound_player import SystemSoundPlayer, player_command
from gui.control.account_watch import AccountWatch
from gui.control.action_effects import OBSERVING, MaintenanceAction, RoomAction, SheetAction
from gui.control.actions import Actions
from gui.control.command_sender import CommandSender
from gui.control.demo_task import DemoTask
from gui.control.desktop_actions import DesktopActions
from gui.control.engine_host import EngineHost
from gui.control.failure import Failure
from gui.control.hold_banners import HoldBanners
from gui.control.layout_saver import LayoutSaver
from gui.control.maintenance_tasks import MaintenanceTasks
from gui.control.notification import NotificationKind
from gui.control.older_reading import OlderReading
from gui.control.preferences import Preferences
from gui.control.presence import Presence
from gui.control.problem_banners import ProblemBanners
from gui.control.recurring_watch import RecurringWatch
from gui.control.refusal_watch import RefusalWatch
from gui.control.shutdown import Shutdown
from gui.control.snapshot_reading import SnapshotReading
from gui.control.sounds import Sounds
from gui.control.undo import UndoStack
from gui.data.event_feed import EventFeed
from gui.data.projection import EngineFacts, Projection
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.data.state_counts import StateCounts
from gui.loading import LOADING
from gui.panels.panel_base import PanelContext
from gui.theme.theme import Theme
from gui.translation import SYSTEM, tr, use_language
from gui.window import panel_registry
from gui.window.command_palette import CommandPalette
from gui.window.command_router import CommandRouter
from gui.window.header import Header
from gui.window.main_window import MainWindow
from gui.window.maintenance_actions import MaintenanceActions
from gui.window.named_layouts import NamedLayouts
from gui.window.navigation import Navigation
from gui.window.notifications import Notifications
from gui.window.observe_switch import ObserveSwitch
from gui.window.palette_finder import PaletteFinder
from gui.window.sheet_registry import SheetRegistry
from gui.window.status_bar import DatabaseFacts, StatusBar
from gui.window.tray import Tray
from gui.window.unread_marks import UnreadMarks
from gui.window.window_memory import WindowMemory
from state import statistics
from state.database import Database
from state.database_errors import DatabaseError
from state.database_reader import DatabaseReader
from state.records import JobStatus

if TYPE_CHECKING:
    from engine.host.engine_service import EngineService
    from engine.orchestrator.turn import StepReport

_CLOSE_PATIENCE_S = 60.0


class ControlRoom(QObject):
    """The window of one home with everything behind it.

    Args:
        home: the folder of all state; the default home where None.
        demo: say so in the title, and run the demo once the engine has stepped.
        engine: False makes the window view-only.
        remember: False leaves the remembered layout and theme unchanged.

    Signals:
        ended: the window is closed and nothing of it runs any more.
    """

    ended = Signal()

    def __init__(
        self,
        home: Path | str | None = None,
        *,
        demo: bool = False,
        engine: bool = True,
        remember: bool = True,
    ) -> None:
        super().__init__()
        app = QApplication.instance()
        self._app = app if isinstance(app, QApplication) else QApplication(sys.argv[:1])
        self.home = Home.at(home or (_demo_home() if demo else None))
        self._ended, self._remembers = False, remember
        close_at_exit(self)
        self.restore_from: Path | None = None
        """The backup to restore once the window has ended."""
        self._is_demo = self._demo_due = demo
        self._build_state()
        self._build_window(demo=demo)
        self._build_services()
        self._build_ways_of_acting()
        self._connect()
        self._start(engine=engine)

    @Slot(object)
    def add_files(self, paths: Sequence[Path]) -> None:
        """Show files and folders in the drop sheet, and bring the window to the front."""
        if self.window.isMinimized():
            self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()
        if paths and self.actions.observes:
            self.problem_banners.show_refusal(tr(OBSERVING))
        elif paths:
            self.sheets.drop.add(paths)

    def close(self, mode: str = "stop") -> None:
        """Close now without asking: ``stop``, ``finish`` or ``cancel`` the running jobs, or ``leave`` them running.

        Stopped jobs are queued again or held, by their rule for interruptions; cancelled ones stay cancelled.
        """
        if self._ended:
            return
        self.host.close(mode)
        self._finish()

    @Slot()
    def close_at_logout(self) -> None:
        """Stop everything at the end of the session, as after SIGTERM."""
        self.close("stop")

    # --- building -------------------------------------------------------------------------------------------------

    def _build_state(self) -> None:
        use_language(SYSTEM)  # for what may be wrong with the settings themselves
        self.preferences = Preferences(self.home.root / "window.json")
        use_language(self.preferences.layout.language)
        self.theme = Theme(self.preferences.layout.theme, self)
        self.theme.reduce_motion = self.preferences.layout.reduce_motion
        self.theme.set_text_size(self.preferences.layout.text_size)
        self.theme.apply(self._app)
        self._database = Database(self.home.database, backups=self.home.backups)
        self.reader = DatabaseReader(self._database)
        self.sources = Readers(self.reader, self.home)
        self.projection = Projection(self)
        self.account_watch = AccountWatch(self.projection, self.sources, self)
        self.refusal_watch = RefusalWatch(self.projection, self.sources, self)
        self.recurring_watch = RecurringWatch(self.projection, self.sources, self)
        self.selection = Selection(self)
        self.older_reading = OlderReading(self.projection, self.selection, reader=self.reader, parent=self)
        self.actions = Actions(self.selection, self.theme, self)
        self.counters = StateCounts(self.projection, self.selection, self)
        self.snapshots = SnapshotReading(self.reader, self)
        self.feed = EventFeed(self.reader, self.home.database, snapshots=self.snapshots, parent=self)
        self.host = EngineHost(partial(_engine_of, self.home), parent=self)

    def _build_window(self, *, demo: bool) -> None:
        theme, projection = self.theme, self.projection
        header = Header(projection, self.selection, theme=theme, actions=self.actions, counters=self.counters)
        status_bar = StatusBar(projection, self.counters, theme, database=self._database_facts)
        self.window = MainWindow(header, status_bar, theme=theme, actions=self.actions)
        self.window.setWindowTitle(tr("Signalbox - Demo") if demo else "Signalbox")
        self.window.setWindowIcon(QIcon(theme.logo(64)))
        finder = PaletteFinder(projection, self.actions)
        self.window.palette_popup = CommandPalette(finder, theme, self.window)
        context = PanelContext(
            projection=projection,
            selection=self.selection,
            theme=theme,
            actions=self.actions,
            sources=self.sources,
        )
        self.panels = panel_registry.build(context, self.window)
        status_bar.command_strip.home = None if self.home.root == default_home() else self.home.root
        self.memory = WindowMemory(self.window, self.panels, theme=theme, layout=self.preferences.layout)
        self.memory.restore()
        UnreadMarks(self.window.docks, projection, self.actions, self.window)

    def _build_services(self) -> None:
        window, projection, theme = self.window, self.projection, self.theme
        self.commands = CommandSender(self.host, projection, self.selection, self)
        self.desktop = DesktopActions(projection, self.sources, self.preferences, self)
        self.demo_task = DemoTask(self.home, self)
        self.observe_switch = ObserveSwitch(window, self.commands, self.actions, self)
        self.named_layouts = NamedLayouts(window, self.preferences.layout, theme, parent=self)
        self.undo = UndoStack(self.commands, self.actions, projection, self)
        self.problem_banners = ProblemBanners(window.banners, theme=theme, window=window, parent=self)
        self.hold_banners = HoldBanners(window.banners, projection, self)
        self.sound_player = SystemSoundPlayer(player_command(), self)
        self.sounds = Sounds(self.sound_player, self.preferences.layout)
        self.notifications = Notifications(
            Tray(theme, self.actions, self),
            StateCounts(projection, Selection(self), self),  # of all runs, whichever is selected
            sounds=self.sounds,
            layout=self.preferences.layout,
            window=window,
            parent=self,
        )
        self.presence = Presence(self.home.root / "last_input" if self._remembers else None, parent=self)
        self.saver = LayoutSaver(self.preferences, self.memory.collect, self)
        self._collector = GcScheduler(self)
        self.shutdown = Shutdown(
            self.host,
            projection,
            theme=theme,
            banners=window.banners,
            detach=self._detach,
            other_engines=self._other_engines,
            parent=self,
        )

    def _build_ways_of_acting(self) -> None:
        window, projection, theme = self.window, self.projection, self.theme
        self.navigation = Navigation(
            window, self.panels, projection=projection, selection=self.selection, parent=self
        )
        self.sheets = SheetRegistry(
            window,
            self.commands,
            projection=projection,
            theme=theme,
            sources=self.sources,
            preferences=self.preferences,
            parent=self,
        )
        self.maintenance = MaintenanceActions(
            window,
            MaintenanceTasks(self.home, self),
            projection=projection,
            selection=self.selection,
            theme=theme,
            layout=self.preferences.layout,
            parent=self,
        )
        self.router = CommandRouter(
            window,
            self.commands,
            desktop=self.desktop,
            projection=projection,
            selection=self.selection,
            theme=theme,
            undo=self.undo,
            parent=self,
        )

    def _connect(self) -> None:
        self._connect_engine()
        self._connect_router()
        self._connect_panels()
        self._connect_sheets()
        self._connect_banners()
        self._connect_window()
        self._connect_command_strip_and_sounds()
        self._connect_recurring_runs()
        self._follow_layout()

    def _connect_engine(self) -> None:
        self.feed.restarted.connect(self.projection.load)
        self.feed.arrived.connect(self.projection.fold)
        self.feed.written.connect(self._on_written)
        self.host.changed.connect(self.feed.hint)
        self.host.stepped.connect(self._on_stepped)
        self.host.stepped.connect(self.notifications.on_stepped)
        self.host.failed.connect(self._on_engine_failed)
        self.problem_banners.listen(self.host, self.feed)
        self.shutdown.done.connect(self._on_shutdown_done)

    def _connect_router(self) -> None:
        self.actions.job_of = lambda job_id: self.projection.jobs.get(job_id)  # noqa: PLW0108 - the dict is replaced
        self.actions.triggered.connect(self.router.carry_out)
        self.actions.opened.connect(self.navigation.show_clicked)
        self.router.requested.connect(self._on_action_requested)
        self.router.look_changed.connect(self._on_remembered)
        self.router.details_requested.connect(self.navigation.show_details)
        self.router.log_requested.connect(self.navigation.show_log)
        self.router.alarm_line_requested.connect(self.navigation.show_alarm_line)
        self.router.review_requested.connect(self.navigation.show_review)
        self.router.check_log_requested.connect(self.sheets.show_check_log)
        self.router.comparison_requested.connect(self.sheets.compare_attempts)
        self.router.files_requested.connect(self.add_files)
        self.sheets.answer_questions(
            edit=self.router.edit_requested,
            follow_up=self.router.follow_up_requested,
            writing=self.router.writing_requested,
        )

    def _connect_panels(self) -> None:
        panel_registry.on_job_trusted(self.panels, self.commands.send)
        panel_registry.on_reviewed(self.panels, self.commands)
        panel_registry.on_comparison(self.panels, self.sheets.compare_attempts)
        panel_registry.follow_presence(self.panels, self.presence)

    def _connect_sheets(self) -> None:
        self.sheets.remembered.connect(self._on_remembered)
        self.sheets.home_requested.connect(self._on_folder_requested)
        self.actions.observing_changed.connect(self._on_observing_changed)
        self.sheets.demo_requested.connect(self._try_demo)
        self.sheets.copy_selected.connect(self._on_copy_selected)
        self.demo_task.made.connect(self.commands.send)
        self.maintenance.restore_requested.connect(self._on_restore_requested)

    def _connect_banners(self) -> None:
        problem_banners = self.problem_banners
        for source in (self.commands, self.desktop, self.sheets, self.maintenance):
            source.refused.connect(problem_banners.show_refusal)
        self.demo_task.failed.connect(problem_banners.show_refusal)
        self.maintenance.finished.connect(problem_banners.show_done)
        problem_banners.start_requested.connect(self._on_start_requested)
        problem_banners.folder_requested.connect(self._on_folder_requested)
        problem_banners.copy_requested.connect(self.sheets.choose_copy)
        self.hold_banners.lift_requested.connect(self.commands.lift)
        self.hold_banners.raise_requested.connect(self.sheets.raise_budget)

    def _connect_window(self) -> None:
        window = self.window
        self.notifications.job_requested.connect(self.navigation.show_notified_job)
        self.notifications.review_requested.connect(self.navigation.show_notified_review)
        for source in (self.notifications, self.navigation):
            source.window_requested.connect(self._on_window_requested)
        self.named_layouts.changed.connect(self._on_remembered)
        window.files_dropped.connect(self.add_files)
        window.close_requested.connect(self._on_close_requested)
        window.escaped.connect(self.selection.escape)
        if window.palette_popup is not None:
            window.palette_popup.selected.connect(self.router.take)

    def _connect_recurring_runs(self) -> None:
        self.router.recurring_requested.connect(self.sheets.open_recurring)
        self.sheets.recurring_changed.connect(self.recurring_watch.read_soon)

    def _connect_command_strip_and_sounds(self) -> None:
        strip = self.window.status_bar.command_strip
        self.commands.done.connect(strip.show_done)
        self.router.showed.connect(strip.show_words)
        for tasks in (self.maintenance.tasks, self.sheets):
            tasks.performed.connect(strip.show_words)
        self.sheets.sound_requested.connect(self._on_sound_requested)
        self.sound_player.beeped.connect(self.sheets.show_no_player)

    def _follow_layout(self) -> None:
        """Save the layout when it changes: also what panels remember, once the focus has moved on."""
        if self._remembers:
            for signal in (self.theme.changed, self.window.arranged, self._app.focusChanged):
                signal.connect(self.saver.save_soon)
            self.saver.failed.connect(self.problem_banners.show_settings_problem)

    def _start(self, *, engine: bool) -> None:
        self._collector.start()
        self.problem_banners.show_settings_problem(self.preferences.problem)
        why = self._database.view_only_because
        if why is None and engine:
            self.projection.observe_engine(EngineFacts(starting=True))
            self._show_background_engine()
        self.window.show()
        self.feed.start()
        self.presence.start()
        self._collector.keep()
        if why is not None or not engine:
            self.window.header.engine_status.set_view_only(True)
            self.actions.set_possible("observe", False)  # noqa: FBT003  # nothing can be sent in any case
            self.problem_banners.show_view_only(why or tr("it was opened without an engine"))
        else:
            self.host.start()

    # --- the end ----------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        """Close all parts in the order of their dependencies; runs once."""
        if self._ended:
            return
        self._ended = True
        self.host.wait(_CLOSE_PATIENCE_S)
        self.feed.stop()
        self.snapshots.stop()
        self.account_watch.stop()
        self.refusal_watch.stop()
        self.recurring_watch.stop()
        self.older_reading.stop()
        self.sheets.stop()
        self.demo_task.wait()
        self.maintenance.tasks.wait()
        self.notifications.close()
        self.sound_player.stop()
        self.presence.stop()
        self.saver.stop()
        self._on_remembered()
        self.window.close_now()  # before the waits for helper processes and threads
        panel_registry.stop(self.panels)
        # Signals of ended threads may still be in the event queue, and the window will be deleted by then.
        for source in (self.host, self.sheets, self.commands):
            source.blockSignals(True)  # noqa: FBT003  # Qt's own signature
        self.window.deleteLater()  # with every timer of a panel
        # Who collects this room may be another thread, and would leave the watched file to this one's event loop.
        self.feed.deleteLater()
        self.reader.close()
        self._database.close()
        self._collector.stop()
        self.ended.emit()

    def _other_engines(self) -> list[str]:
        return self.maintenance.tasks.other_engines()

    def _detach(self) -> int:
        from engine.host.engine_service import detach  # noqa: PLC0415 - as below

        return detach(self.home)

    def _database_facts(self) -> DatabaseFacts | None:
        try:
            size = self.reader.read(statistics.size)
        except DatabaseError:
            return None
        return DatabaseFacts(size.bytes, size.events)

    # --- incoming signals ------------------------------------------------------------------------------------------

    @Slot()
    def _on_written(self) -> None:
        """Let an engine at rest look at what another process may have written; one with running jobs looks itself."""
        if not self.projection.running_jobs:
            self.host.wake()

    @Slot(object)
    def _on_stepped(self, report: "StepReport") -> None:
        self.window.status_bar.show_step(report.changed)
        self.projection.observe_engine(EngineFacts(running=True, stopping=bool(self.shutdown.mode)))
        if self._demo_due:
            self._demo_due = False
            self.demo_task.make()

    def _show_background_engine(self) -> None:
        """Say that an engine was left in the background, which ends once the one of this window works."""
        try:
            found = background_engine(self.home, self.reader)
            running = self.reader.read(statistics.counts).get(JobStatus.RUNNING, 0)
        except DatabaseError:
            return  # the feed reports it
        if found is not None:
            self.problem_banners.show_takeover(moment(found.started_at, time.time()), running)

    @Slot()
    def _on_start_requested(self) -> None:
        if not self.host.is_running:
            self.projection.observe_engine(EngineFacts(starting=True))
        self.host.start()

    @Slot(object)
    def _on_engine_failed(self, failure: Failure) -> None:
        self.projection.observe_engine(EngineFacts(running=False, problem=failure.sentence))

    @Slot(object)
    def _on_action_requested(self, action: RoomAction | MaintenanceAction | SheetAction) -> None:
        match action:
            case MaintenanceAction():
                self.maintenance.open(action)
            case SheetAction():
                self.sheets.open(action)
            case RoomAction.START_ENGINE:
                self._on_start_requested()
            case RoomAction.LAYOUTS | RoomAction.OBSERVE:
                is_layouts = action is RoomAction.LAYOUTS
                (self.named_layouts.open if is_layouts else self.observe_switch.toggle)()
            case RoomAction.TRY_DEMO:
                self._try_demo()
            case RoomAction.SHOW_HOME:
                self._on_folder_requested()
            case RoomAction.FIND:
                self.navigation.find()
            case RoomAction.QUIT:
                self.window.close()
            case RoomAction.SELECT_ALL:
                self.navigation.select_all()
            case _:
                assert_never(action)

    @Slot()
    def _on_observing_changed(self) -> None:
        for sheets in (self.sheets, self.maintenance):
            sheets.set_observing(self.actions.observes)

    @Slot()
    def _on_window_requested(self) -> None:
        self.add_files(())

    def _try_demo(self) -> None:
        """Another demo in the demo's home; from the user's own home, the demo's window: recordings play its tools."""
        if self._is_demo:
            self.demo_task.make()
        else:
            QProcess.startDetached(sys.executable, ["-m", "gui", "--demo"])

    @Slot()
    def _on_folder_requested(self) -> None:
        self.desktop.show_folder(self.home.root)

    @Slot(str)
    def _on_sound_requested(self, kind: str) -> None:
        self.sounds.test(NotificationKind(kind))

    @Slot(object)
    def _on_restore_requested(self, backup: Path) -> None:
        self.restore_from = backup
        self.shutdown.close("stop")

    @Slot(object)
    def _on_copy_selected(self, file: Path) -> None:
        self.commands.send(SaveCopy(target=file))

    @Slot()
    def _on_remembered(self) -> None:
        if not self._remembers:
            return
        self.memory.collect()
        self.preferences.save()
        self.notifications.apply_settings()
        self.problem_banners.show_settings_problem(self.preferences.problem)

    @Slot()
    def _on_close_requested(self) -> None:
        self.shutdown.ask(self.window)

    @Slot()
    def _on_shutdown_done(self) -> None:
        self._finish()


def _engine_of(home: Home) -> "EngineService":
    """The engine of a window; called in the engine's thread, which loads its modules while the window is painted."""
    with LOADING:
        from engine.host.engine_service import (  # noqa: PLC0415 - takes half of the start
            REST_POLL_S,
            EngineService,
        )

    return EngineService(home, kind="window", rest_poll_s=REST_POLL_S)


def _demo_home() -> Path:
    from engine.host.demo import demo_home  # noqa: PLC0415 - few windows show the demo

    return demo_home()
