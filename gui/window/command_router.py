"""Routes every triggered command: to the engine, to the desktop, to a panel, or to the window itself."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from engine.host.commands import RetryJobs, SetPriority
from engine.jobfile.spec import AGENTS, PRIORITIES
from engine.trust.launch import waits_for_trust
from gui.control.actions import ACTIONS_BY_ID
from gui.control.command_sender import CommandSender
from gui.control.desktop_actions import DesktopActions
from gui.control.undo import UndoStack
from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.theme.theme import Theme
from gui.widgets.confirm_sheet import Choice, ConfirmSheet
from gui.window.main_window import MainWindow
from gui.window.palette_finder import PaletteEntry
from state.records import Job


class CommandRouter(QObject):
    """Passes each command to the part that carries it out; what needs more of the window becomes a signal.

    Signals:
        requested: (action id) add_jobs, open_files, new_job, settings, start_engine, try_demo, show_home, about, quit.
        edit_requested: (job id) open what a waiting job says.
        details_requested: (job ids, part) open the details of these jobs; ``"changes"`` turns to their changes.
        log_requested: (job ids) list what these jobs printed.
    """

    requested = Signal(str)
    details_requested = Signal(object, str)
    edit_requested = Signal(str)
    log_requested = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        commands: CommandSender,
        *,
        desktop: DesktopActions,
        projection: Projection,
        selection: Selection,
        theme: Theme,
        undo: UndoStack,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._commands, self._desktop, self._undo = window, commands, desktop, undo
        self._projection, self._selection, self._theme = projection, selection, theme
        self._targets: tuple[str, ...] = ()
        self.question: ConfirmSheet | None = None

    @Slot(str, object)
    def carry_out(self, command: str, job_ids: Sequence[str] | None) -> None:
        """Carry out a command, on these jobs or on the selection."""
        match command:
            case "cancel":
                self._ask_to_cancel(job_ids)
            case "priority" | "retry_with" | "edit_job" | "release":
                self._ask_for_more(command, job_ids)
            case _ if ACTIONS_BY_ID[command].make is not None:
                self._commands.send_for(command, job_ids)
            case _ if (order := ACTIONS_BY_ID[command].command) is not None:
                self._commands.send(order)
            case "undo" | "redo":
                (self._undo.undo if command == "undo" else self._undo.redo)()
            case "show_log":
                self.log_requested.emit(self._ids(command, job_ids))
            case "show_details" | "show_diff":
                part = "changes" if command == "show_diff" else ""
                self.details_requested.emit(self._ids(command, job_ids), part)
            case "open_editor" | "open_terminal" | "copy_id" | "copy_command":
                self._carry_out_on_desktop(command, self._commands.targets(command, job_ids))
            case "theme_system" | "theme_dark" | "theme_light":
                self._theme.set_preference(command.removeprefix("theme_"))
            case _:
                self._carry_out_in_window(command)

    def _carry_out_on_desktop(self, command: str, jobs: Sequence[Job]) -> None:
        match command:
            case "open_editor":
                self._desktop.open_editor(jobs, self._selection.path)
            case "open_terminal":
                self._desktop.open_terminal(jobs)
            case "copy_id":
                self._desktop.copy_ids(jobs)
            case "copy_command":
                self._desktop.copy_commands(jobs)

    def _carry_out_in_window(self, command: str) -> None:
        area = self._window.dock_area
        match command:
            case "palette":
                self._window.open_palette()
            case "panel_details":
                area.open_details()
            case "panel_dashboard" | "panel_radar" | "panel_logs" | "panel_workstreams":
                self._window.docks[command.removeprefix("panel_")].focus()
            case "next_match" | "previous_match" | "next_error" | "previous_error" | "follow":
                self._window.docks["logs"].show()  # the panel handles the command itself
            case "next_region":
                area.focus_next(1)
            case "previous_region":
                area.focus_next(-1)
            case "reset_layout":
                area.reset()
            case "clear_filter":
                self._selection.filter_by_state(())
            case _:
                self.requested.emit(command)

    @Slot(object)
    def take(self, entry: PaletteEntry) -> None:
        """Go to the selected entry of the command palette."""
        match entry:
            case PaletteEntry(kind="command", target=name):
                self.carry_out(name, None)
            case PaletteEntry(kind="run", target=run_id):
                self._selection.select_run(run_id)
            case PaletteEntry(kind="workstream", target=key):
                self._selection.select_workstream(key)
                self._window.docks["workstreams"].focus()
            case PaletteEntry(kind="file", target=key):
                self._selection.select_file(*key)
                self._window.docks["radar"].focus()
            case PaletteEntry(kind="job", target=job_id):
                job = self._projection.jobs.get(job_id)
                self._selection.select_job(job_id, None if job is None else (job.run_id, job.ws_id))
                self.details_requested.emit((job_id,), "")

    def _release(self, jobs: Sequence[Job]) -> None:
        """Release jobs; one that waits for trust gets it on its own trust card, one at a time."""
        untrusted = tuple(job.job_id for job in jobs if waits_for_trust(job))
        others = tuple(job.job_id for job in jobs if not waits_for_trust(job))
        if others:
            self._commands.send_for("release", others)
        if untrusted:
            self.details_requested.emit(untrusted[:1], "")

    def _ids(self, command: str, job_ids: Sequence[str] | None) -> tuple[str, ...]:
        return tuple(job.job_id for job in self._commands.targets(command, job_ids))

    def _ask_for_more(self, command: str, job_ids: Sequence[str] | None) -> None:
        """Ask for what a command needs besides its jobs."""
        jobs = self._commands.targets(command, job_ids)
        if not jobs:
            self._commands.refuse(command)
            return
        self._targets = tuple(job.job_id for job in jobs)
        named = self._targets[0] if len(jobs) == 1 else f"{len(jobs):,} jobs"
        match command:
            case "release":
                self._release(jobs)
            case "edit_job":
                self.edit_requested.emit(self._targets[0])
            case "priority":
                choices = [Choice(f"{number}", word.capitalize()) for word, number in PRIORITIES.items()]
                sentence = "A higher one starts first. Within the same priority the queue stays as it is."
                self._ask(f"Change the priority of {named}", sentence, choices, self._on_priority_selected)
            case _:
                tools = sorted(AGENTS - {job.tool for job in jobs})
                sentence = "It gets the failure of the last attempt. A job without a prompt is refused."
                choices = [Choice(tool, tool) for tool in tools]
                self._ask(f"Retry {named} with another tool", sentence, choices, self._on_tool_selected)

    def _ask(
        self, title: str, sentence: str, choices: Sequence[Choice], selected: Callable[[str], None]
    ) -> None:
        self.question = ConfirmSheet(
            self._theme, self._window, title=title, sentence=sentence, choices=choices
        )
        self.question.answered.connect(selected)
        self.question.open()

    @Slot(str)
    def _on_priority_selected(self, number: str) -> None:
        self._commands.send_for("priority", self._targets, partial(SetPriority, priority=int(number)))

    @Slot(str)
    def _on_tool_selected(self, tool: str) -> None:
        self._commands.send_for("retry_with", self._targets, partial(RetryJobs, tool=tool))

    def _ask_to_cancel(self, job_ids: Sequence[str] | None) -> None:
        jobs = self._commands.targets("cancel", job_ids)
        if not jobs:
            self._commands.send_for("cancel", job_ids)
            return
        self._targets = tuple(job.job_id for job in jobs)
        named = self._targets[0] if len(jobs) == 1 else f"{len(jobs):,} jobs"
        self.question = ConfirmSheet(
            self._theme,
            self._window,
            title=f"Cancel {named}?",
            sentence="A running job is stopped with all processes it started. Retry queues it again.",
            choices=(
                Choice("keep", "Keep"),
                Choice("cancel", "Cancel it" if len(jobs) == 1 else "Cancel them", "danger"),
            ),
        )
        self.question.answered.connect(self._on_cancel_answered)
        self.question.open()

    @Slot(str)
    def _on_cancel_answered(self, choice: str) -> None:
        if choice == "cancel":
            self._commands.send_for("cancel", self._targets)
