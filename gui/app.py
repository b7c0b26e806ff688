"""The composition root of the window: builds the parts, connects them, and takes them down in order. No rules."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from engine.adapters import ADAPTERS
from engine.home import Home, default_home
from engine.service import Engine, detach
from gui import panel_set
from gui.actions import Actions
from gui.closing import Closing
from gui.counters import Counters
from gui.demo_maker import DemoMaker
from gui.desktop import Desktop
from gui.dispatch import Dispatch
from gui.engine_commands import EngineCommands
from gui.engine_host import Answer, EngineHost, StepReport
from gui.event_feed import EventFeed
from gui.header import Header
from gui.main_window import MainWindow
from gui.models.projection import EngineFacts, Projection
from gui.palette import CommandPalette, Finder
from gui.preferences import Preferences, decoded, encoded
from gui.question import Question, Verb
from gui.selection import Selection
from gui.settings_sheet import Settings, SettingsSheet
from gui.sources import Sources
from gui.status_bar import DatabaseFacts, StatusBar
from gui.theme import Theme
from gui.tool_probes import ToolProbes
from gui.troubles import Troubles
from gui.widgets.drop_sheet import DropSheet
from gui.widgets.job_details import JobDetails
from state.database import Database
from state.errors import DatabaseError, SignalboxError
from state.queries import Reader

_FILES = "Job and pipeline files (*.json *.yaml *.yml);;All files (*)"
_CLOSE_PATIENCE_S = 60.0


class ControlRoom(QObject):
    """The window of one home with everything behind it.

    Args:
        home: the folder of all state; the default home where None.
        demo: say so in the title, and run the demo once the engine has stepped.
        engine: False only watches what other processes do.

    Signals:
        ended: the window is gone and nothing of it runs any more.
    """

    ended = Signal()

    def __init__(self, home: Path | str | None = None, *, demo: bool = False, engine: bool = True) -> None:
        super().__init__()
        app = QApplication.instance()
        self._app = app if isinstance(app, QApplication) else QApplication(sys.argv[:1])
        default = default_home().with_name("signalbox-demo") if demo else None
        self.home = Home.at(home if home is not None else default)
        self._ended = False
        self._demo_due = demo
        self._build_state()
        self._build_window(demo=demo)
        self._build_sheets()
        self._connect()
        self._start(engine=engine)

    def add_files(self, paths: Sequence[Path]) -> None:
        """Look at files and folders, as if they were dropped, and bring the window to the front."""
        if self.window.isMinimized():
            self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()
        if paths:
            self.drop_sheet.add(paths)

    def close(self, mode: str = "stop") -> None:
        """Close now without asking: ``stop`` the running jobs, ``finish`` them, or ``leave`` them running."""
        if self._ended:
            return
        self.host.close(mode)
        self._finish()

    @Slot()
    def close_at_logout(self) -> None:
        """The session ends: stop everything, as after SIGTERM."""
        self.close("stop")

    # --- building -------------------------------------------------------------------------------------------------

    def _build_state(self) -> None:
        self.preferences = Preferences(self.home.root / "window.json")
        self.theme = Theme(self.preferences.layout.theme, self)
        self.theme.reduce_motion = self.preferences.layout.reduce_motion
        self.theme.apply(self._app)
        self._database = Database(self.home.database, backups=self.home.backups)
        self.reader = Reader(self._database)
        self.sources = Sources(self.reader, self.home)
        self.projection = Projection(self)
        self.selection = Selection(self)
        self.actions = Actions(self.selection, self.theme, self)
        self.counters = Counters(self.projection, self.selection, self)
        self.feed = EventFeed(self.reader, self.home.database, parent=self)
        home = self.home
        self.host = EngineHost(lambda: Engine(home, kind="window"), parent=self)

    def _build_window(self, *, demo: bool) -> None:
        header = Header(
            self.projection, self.selection, theme=self.theme, actions=self.actions, counters=self.counters
        )
        status_bar = StatusBar(self.projection, self.counters, self.theme, database=self._database_facts)
        self.window = MainWindow(header, status_bar, theme=self.theme, actions=self.actions)
        self.window.setWindowTitle("Signalbox - Demo" if demo else "Signalbox")
        self.window.setWindowIcon(QIcon(self.theme.logo(64)))
        finder = Finder(self.projection, self.actions)
        self.window.palette_popup = CommandPalette(finder, self.theme, self.window)
        layout = self.preferences.layout
        self.panels = panel_set.build(
            self.projection, self.selection, self.theme, self.actions, sources=self.sources
        )
        for name, panel in self.panels.items():
            self.window.put_panel(name, panel)
        self.window.restore(decoded(layout.geometry), decoded(layout.docks))

    def _build_sheets(self) -> None:
        window = self.window
        self.drop_sheet = DropSheet(self.projection, self.theme, sources=self.sources, parent=window)
        self.probes = ToolProbes(ADAPTERS, self)
        self.settings_sheet = SettingsSheet(self.theme, window, probes=self.probes, home=self.home.root)
        self.demo_maker = DemoMaker(self.home.root / "demo", self)
        self.commands = EngineCommands(self.host, self.projection, self.selection, self)
        self.desktop = Desktop(self.projection, self.sources, self.preferences, self)
        self.dispatch = Dispatch(
            window,
            self.commands,
            desktop=self.desktop,
            projection=self.projection,
            selection=self.selection,
            theme=self.theme,
            parent=self,
        )
        self.troubles = Troubles(
            window.banners, self.projection, theme=self.theme, window=window, parent=self
        )
        self.closing = Closing(
            self.host,
            self.projection,
            theme=self.theme,
            banners=window.banners,
            detach=self._detach,
            parent=self,
        )

    def _connect(self) -> None:
        self.feed.restarted.connect(self.projection.load)
        self.feed.arrived.connect(self.projection.fold)
        self.host.changed.connect(self.feed.hint)
        self.host.stepped.connect(self._on_stepped)
        self.host.failed.connect(self._on_engine_failed)
        self.troubles.listen(self.host, self.feed)
        self.actions.triggered.connect(self.dispatch.carry_out)
        self.dispatch.wanted.connect(self._on_wanted)
        self.dispatch.details_wanted.connect(self._on_details_wanted)
        for source in (self.commands.refused, self.desktop.refused, self.demo_maker.failed):
            source.connect(self.troubles.tell_refused)
        self.commands.committed.connect(self._on_committed)
        self.demo_maker.made.connect(self.commands.commit)
        self.drop_sheet.committed.connect(self.commands.commit)
        self.settings_sheet.accepted.connect(self._on_settings_accepted)
        self.settings_sheet.home_asked.connect(self._on_folder_asked)
        self.troubles.start_asked.connect(self.host.start)
        self.troubles.folder_asked.connect(self._on_folder_asked)
        self.troubles.resume_asked.connect(self.actions.action("resume").trigger)
        self.window.files_dropped.connect(self.add_files)
        self.window.close_asked.connect(self._on_close_asked)
        self.window.escaped.connect(self.selection.clear)
        if self.window.palette_popup is not None:
            self.window.palette_popup.chosen.connect(self.dispatch.take)
        self.closing.done.connect(self._on_closing_done)

    def _start(self, *, engine: bool) -> None:
        self.troubles.tell_settings(self.preferences.problem)
        self.window.show()
        self.feed.start()
        why = self._database.view_only_because
        if why is not None or not engine:
            self.window.header.engine_sign.set_view_only(True)
            self.troubles.tell_view_only(why or "it was opened without an engine")
        else:
            self.host.start()

    def _finish(self) -> None:
        if self._ended:
            return
        self._ended = True
        self.host.wait(_CLOSE_PATIENCE_S)
        self.feed.stop()
        self.drop_sheet.stop_reading()
        self.demo_maker.wait()
        self.probes.wait()
        self._remember()
        self.window.close_now()
        self.reader.close()
        self._database.close()
        self.ended.emit()

    def _remember(self) -> None:
        layout = self.preferences.layout
        layout.theme = self.theme.wanted
        layout.reduce_motion = self.theme.reduce_motion
        layout.geometry = encoded(bytes(self.window.saveGeometry().data()))
        layout.docks = encoded(self.window.dock_area.saved())
        self.preferences.save()

    def _detach(self) -> int:
        return detach(self.home)

    def _database_facts(self) -> DatabaseFacts | None:
        try:
            size = self.reader.size()
        except DatabaseError:
            return None
        return DatabaseFacts(size.bytes, size.events)

    # --- what comes in ------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_stepped(self, report: StepReport) -> None:
        self.window.status_bar.tell_step(report.changed)
        self.projection.observe_engine(EngineFacts(running=True, stopping=bool(self.closing.way)))
        if self._demo_due:
            self._demo_due = False
            self.demo_maker.make()

    @Slot(str)
    def _on_engine_failed(self, told: str) -> None:
        self.projection.observe_engine(EngineFacts(running=False, problem=told.partition("\n")[0]))

    @Slot(object)
    def _on_committed(self, answer: Answer) -> None:
        self.drop_sheet.answer(SignalboxError(answer.error) if answer.error else answer.result)
        if answer.error and not self.drop_sheet.is_open:
            self.troubles.tell_refused(answer.error)

    @Slot(str)
    def _on_wanted(self, command: str) -> None:
        match command:
            case "add_jobs":
                self._choose_files(QFileDialog.FileMode.ExistingFiles, "Add jobs")
            case "open_files":
                self._choose_files(QFileDialog.FileMode.Directory, "Add a folder of jobs")
            case "settings":
                self._show_settings()
            case "start_engine":
                self.host.start()
            case "try_demo":
                self.demo_maker.make()
            case "show_home":
                self._on_folder_asked()
            case "about":
                self._show_about()
            case "quit":
                self.window.close()

    @Slot(object, str)
    def _on_details_wanted(self, job_ids: Sequence[str], part: str) -> None:
        job = self.projection.jobs.get(job_ids[0]) if job_ids else None
        if job is not None and job.job_id != self.selection.job_id:
            self.selection.choose_job(job.job_id, (job.run_id, job.ws_id))
        self.window.dock_area.open_details()
        details = self.panels["details"]
        if isinstance(details, JobDetails):
            match part:
                case "output":
                    details.show_output()
                case "changes":
                    details.show_changes()

    @Slot()
    def _on_folder_asked(self) -> None:
        self.desktop.show_folder(self.home.root)

    @Slot(object)
    def _on_settings_accepted(self, wanted: Settings) -> None:
        had = self._settings()
        self.theme.choose(wanted.theme)
        self.theme.reduce_motion = wanted.reduce_motion
        self.preferences.layout.editor = wanted.editor
        self.preferences.layout.terminal = wanted.terminal
        changes = {
            "max_running": wanted.max_running,
            "tool_paths": dict(wanted.tool_paths),
            "inbox": str(wanted.inbox),
        }
        before = {"max_running": had.max_running, "tool_paths": dict(had.tool_paths), "inbox": str(had.inbox)}
        for key, value in changes.items():
            if value != before[key]:
                self.host.run_command("change_setting", (key, value))
        self._remember()
        self.troubles.tell_settings(self.preferences.problem)

    @Slot()
    def _on_close_asked(self) -> None:
        self.closing.ask(self.window)

    @Slot()
    def _on_closing_done(self) -> None:
        self._finish()

    def _choose_files(self, mode: QFileDialog.FileMode, title: str) -> None:
        dialog = QFileDialog(self.window, title, self.preferences.layout.last_folder, _FILES)
        dialog.setObjectName("openDialog")
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(self._on_files_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def _on_files_chosen(self, names: list[str]) -> None:
        paths = [Path(name) for name in names]
        if paths:
            self.preferences.layout.last_folder = str(paths[0].parent)
            self.add_files(paths)

    def _settings(self) -> Settings:
        layout = self.preferences.layout
        return Settings(
            max_running=self.projection.slots() or 1,
            inbox=Path(self.reader.setting("inbox", str(self.home.inbox))),
            tool_paths=self.reader.setting("tool_paths", {}),
            theme=self.theme.wanted,
            reduce_motion=self.theme.reduce_motion,
            editor=layout.editor,
            terminal=layout.terminal,
        )

    def _show_settings(self) -> None:
        try:
            self.settings_sheet.show_settings(self._settings())
        except DatabaseError as error:
            self.troubles.tell_refused(f"The settings cannot be read just now: {error}")

    def _show_about(self) -> None:
        about = Question(
            self.theme,
            self.window,
            title="Signalbox",
            sentence="A control room for AI-coding jobs: a queue that loses nothing and a window that never lies.",
            verbs=(Verb("close", "Close"),),
        )
        about.open()


def panel(room: ControlRoom, name: str) -> QWidget:
    """A panel of the room by its object name, for tools and tests."""
    return room.panels[name]
