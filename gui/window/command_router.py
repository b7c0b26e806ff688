"""Routes every triggered command: to the engine, to the desktop, to a panel, or to the window itself."""

from collections.abc import Sequence
from typing import assert_never

from PySide6.QtCore import QObject, Signal, Slot

from engine.host.commands import ReleaseJobs, RetryJobs
from engine.host.host_commands import DismissMissedRuns, DismissRefusals, RunRecurringRuns
from engine.host.review_commands import RestoreWorkstreams, SeenWorkstream
from engine.trust.waiting import waits_for_trust
from gui.control.action_effects import (
    AskFirst,
    DesktopAction,
    Effect,
    LogAction,
    MaintenanceAction,
    MissedRunAction,
    RefusalAction,
    ReviewAction,
    RoomAction,
    SendCommand,
    SendForJobs,
    SetTheme,
    SheetAction,
    ShowJobs,
    ShowPanel,
    TextSize,
    WindowAction,
    WorkAction,
)
from gui.control.action_lines import LineWhen, shown_words, when_shown
from gui.control.action_table import ACTIONS_BY_ID
from gui.control.command_sender import CommandSender
from gui.control.desktop_actions import DesktopActions
from gui.control.undo import UndoStack
from gui.data.job_actions import fitting, is_held_by_alarm
from gui.data.projection import Projection
from gui.data.selection import Selection
from gui.theme.theme import Theme
from gui.translation import tr
from gui.window.job_questions import JobQuestions
from gui.window.main_window import MainWindow
from gui.window.palette_finder import PaletteEntry
from state.command_table import JobCommand
from state.records import Job, ReviewState


class CommandRouter(QObject):
    """Passes each command to the part that carries it out; what needs more of the window becomes a signal.

    Signals:
        requested: (RoomAction, MaintenanceAction or SheetAction) carry this out.
        edit_requested: (job id) open what a waiting job says.
        follow_up_requested: (job ids) ask for the words that start another attempt of these jobs.
        details_requested: (job ids, part) open the details of these jobs; ``"changes"`` turns to their changes.
        log_requested: (job ids) list what these jobs printed.
        review_requested: (run_id, ws_id) open the review of this workstream.
        check_log_requested: (run_id, ws_id) show what the check of its merge has printed.
        alarm_line_requested: (Job) go to the line of the alarm that holds this job.
        writing_requested: (AskFirst, job ids) ask for the note or the labels of these jobs.
        comparison_requested: (Job) compare two of its attempts.
        recurring_requested: (name) open the sheet of recurring runs with this one selected.
        files_requested: (paths) check these job files, and show what each says.
        showed: (words) something was only shown; the words after ``signalbox`` show it in a terminal.
        look_changed: how the window looks is another choice, and is to be remembered.
    """

    requested = Signal(object)
    details_requested = Signal(object, str)
    edit_requested = Signal(str)
    follow_up_requested = Signal(object)
    log_requested = Signal(object)
    review_requested = Signal(object)
    check_log_requested = Signal(object)
    alarm_line_requested = Signal(object)
    writing_requested = Signal(object, object)
    comparison_requested = Signal(object)
    recurring_requested = Signal(str)
    files_requested = Signal(object)
    showed = Signal(object)
    look_changed = Signal()

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
        self.questions = JobQuestions(window, commands, projection=projection, theme=theme, parent=self)

    @Slot(str, object)
    def carry_out(self, command: str, job_ids: Sequence[str] | None) -> None:
        """Carry out a command, on these jobs or on the selection."""
        self._report_shown(ACTIONS_BY_ID[command].effect, job_ids)
        match ACTIONS_BY_ID[command].effect:
            case SendCommand(command=complete):
                self._commands.send(complete)
            case SendForJobs(make=make) if ACTIONS_BY_ID[command].kind is RetryJobs.kind:
                self.questions.retry(command, job_ids, make)
            case SendForJobs(make=make):
                self._commands.send_for(command, job_ids, make)
            case AskFirst() as question:
                self._ask_first(question, job_ids)
            case ShowJobs() | WorkAction() as part:
                self._show_jobs(part, job_ids)
            case RefusalAction() | MissedRunAction() | DesktopAction() as action:
                self._carry_out_on_files(action, job_ids)
            case SetTheme() | TextSize() | ShowPanel() | LogAction() | ReviewAction() as effect:
                self._show(effect)
            case WindowAction() as action:
                self._carry_out_in_window(action)
            case RoomAction() | MaintenanceAction() | SheetAction() as action:
                self.requested.emit(action)
            case unknown:
                assert_never(unknown)

    def _report_shown(self, effect: Effect, job_ids: Sequence[str] | None) -> None:
        """Report what shows in a terminal what an action shows at once."""
        if when_shown(effect) is not LineWhen.AT_ONCE:
            return
        jobs = self._commands.targets(effect, job_ids) if isinstance(effect, ShowJobs) else []
        ids = tuple(job.job_id for job in jobs)
        if words := shown_words(effect, ids, self._workstream(ids)):
            self.showed.emit(words)

    def _show(self, effect: SetTheme | TextSize | ShowPanel | LogAction | ReviewAction) -> None:
        match effect:
            case SetTheme(preference=preference):
                self._theme.set_preference(preference)
                self.look_changed.emit()
            case TextSize() as size:
                self._change_text_size(size)
            case ShowPanel(name=name):
                self._window.dock_area.open(name)
            case ReviewAction():
                if not self._window.docks["review"].isVisible():
                    self._window.dock_area.open("review")  # the panel handles the action itself
            case LogAction():
                self._window.docks["logs"].show()  # the panel handles the action itself
            case _:
                assert_never(effect)

    def _show_jobs(self, part: ShowJobs | WorkAction, job_ids: Sequence[str] | None) -> None:
        ids = tuple(job.job_id for job in self._commands.targets(part, job_ids))
        match part:
            case ShowJobs.LOG:
                self.log_requested.emit(ids)
            case ShowJobs.DETAILS:
                self.details_requested.emit(ids, "")
            case ShowJobs.DIFF:
                self.details_requested.emit(ids, "changes")
            case ShowJobs.REVIEW:
                self.review_requested.emit(self._workstream(ids))
            case ShowJobs.CHECK_LOG:
                self.check_log_requested.emit(self._workstream(ids))
            case ShowJobs.ALARM_LINE:
                self._show_alarm_line(ids)
            case ShowJobs.COMPARE:
                if job := self._projection.jobs.get(ids[0]) if ids else None:
                    self.comparison_requested.emit(job)
            case WorkAction.RESTORE:
                self._restore(self._workstream(ids))
            case _:
                assert_never(part)

    def _show_alarm_line(self, job_ids: Sequence[str]) -> None:
        jobs = (self._projection.jobs[job_id] for job_id in job_ids)
        if held := next(filter(is_held_by_alarm, jobs), None):
            self.alarm_line_requested.emit(held)
        else:
            self._commands.refused.emit(tr("No alarm holds this job."))

    def _workstream(self, job_ids: Sequence[str] | None) -> tuple[str, str] | None:
        """The workstream of the first of these jobs, or else the selected one."""
        job = self._projection.jobs.get(job_ids[0]) if job_ids else None
        return (job.run_id, job.ws_id) if job else self._selection.workstream

    def _restore(self, key: tuple[str, str] | None) -> None:
        stream = None if key is None else self._projection.workstreams.get(key)
        if stream is not None and stream.review is ReviewState.DISCARDED:
            self._commands.send(RestoreWorkstreams(workstreams=(SeenWorkstream(*stream.key),)))

    def _carry_out_on_files(
        self, action: RefusalAction | MissedRunAction | DesktopAction, job_ids: Sequence[str] | None
    ) -> None:
        if isinstance(action, RefusalAction):
            self._on_refusals(action, job_ids)
        elif isinstance(action, MissedRunAction):
            self._on_missed_runs(action, job_ids)
        else:
            self._carry_out_on_desktop(action, self._commands.targets(action, job_ids))

    def _on_missed_runs(self, action: MissedRunAction, names: Sequence[str] | None) -> None:
        known = (row.missed for row in self._projection.recurring)
        missed = [one for one in known if one is not None and (not names or one.name in names)]
        match action:
            case MissedRunAction.EDIT:
                self.recurring_requested.emit(next(iter(names or ()), missed[0].name if missed else ""))
            case _ if not missed:
                self._commands.refused.emit(
                    tr("There is no recurring run that was missed and not dismissed.")
                )
            case MissedRunAction.RUN:
                self._commands.send(RunRecurringRuns(missed=missed))
            case MissedRunAction.DISMISS:
                self._commands.send(DismissMissedRuns(missed=missed))
            case _:
                assert_never(action)

    def _on_refusals(self, action: RefusalAction, names: Sequence[str] | None) -> None:
        refused = tuple(names or (one.name for one in self._projection.refusals))
        match action:
            case RefusalAction.OPEN if names:
                self._check_rejected(names)
            case RefusalAction.OPEN:
                self._desktop.show_rejected()
            case RefusalAction.DISMISS if refused:
                self._commands.send(DismissRefusals(names=refused))
            case RefusalAction.DISMISS:
                self._commands.refused.emit(tr("The inbox has refused no file that is not dismissed."))
            case _:
                assert_never(action)

    def _check_rejected(self, names: Sequence[str]) -> None:
        """Have files that the inbox has refused checked where a person sees what is wrong with each."""
        folder = self._desktop.rejected()
        if folder is not None:
            self.files_requested.emit([folder / name for name in names])

    def _carry_out_on_desktop(self, action: DesktopAction, jobs: Sequence[Job]) -> None:
        match action:
            case DesktopAction.OPEN_EDITOR:
                self._desktop.open_editor(jobs, self._selection.path)
            case DesktopAction.OPEN_TERMINAL:
                self._desktop.open_terminal(jobs)
            case DesktopAction.COPY_ID:
                self._desktop.copy_ids(jobs)
            case DesktopAction.COPY_COMMAND:
                self._desktop.copy_commands(jobs)
            case _:
                assert_never(action)

    def _carry_out_in_window(self, action: WindowAction) -> None:
        area = self._window.dock_area
        match action:
            case WindowAction.UNDO | WindowAction.REDO:
                (self._undo.undo if action is WindowAction.UNDO else self._undo.redo)()
            case WindowAction.OPEN_PALETTE:
                self._window.open_palette()
            case WindowAction.OPEN_DETAILS | WindowAction.DOCK_DETAILS:
                (area.open_details if action is WindowAction.OPEN_DETAILS else area.inspector.dock_or_slide)()
            case WindowAction.NEXT_REGION:
                area.focus_next(1)
            case WindowAction.PREVIOUS_REGION:
                area.focus_next(-1)
            case WindowAction.FILL:
                area.fill_with_active()
            case WindowAction.RESET_LAYOUT:
                area.reset()
            case WindowAction.COMMAND_STRIP:
                strip = self._window.status_bar.command_strip
                strip.switch(on=not strip.is_on)
                self.look_changed.emit()
            case WindowAction.CLEAR_FILTER:
                self._selection.clear_filter()
            case _:
                assert_never(action)

    def _change_text_size(self, size: TextSize) -> None:
        match size:
            case TextSize.LARGER:
                self._theme.step_text_size(1)
            case TextSize.SMALLER:
                self._theme.step_text_size(-1)
            case TextSize.USUAL:
                self._theme.set_text_size(100)
            case _:
                assert_never(size)
        self.look_changed.emit()

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
            self._commands.send_for(AskFirst.RELEASE, others, ReleaseJobs)
        if untrusted:
            self.details_requested.emit(untrusted[:1], "")

    def _ask_first(self, question: AskFirst, job_ids: Sequence[str] | None) -> None:
        jobs = self._commands.targets(question, job_ids)
        if not jobs:
            self._commands.refuse(question)
            return
        match question:
            case AskFirst.CANCEL:
                self.questions.ask_to_cancel(jobs)
            case AskFirst.RELEASE:
                self._release(jobs)
            case AskFirst.EDIT:
                self.edit_requested.emit(jobs[0].job_id)
            case AskFirst.FOLLOW_UP:
                self._ask_for_words(jobs)
            case AskFirst.PRIORITY:
                self.questions.ask_for_priority(jobs)
            case AskFirst.RETRY_WITH:
                self.questions.ask_for_tool(jobs)
            case AskFirst.NOTE | AskFirst.LABEL:
                self.writing_requested.emit(question, tuple(job.job_id for job in jobs))
            case _:
                assert_never(question)

    def _ask_for_words(self, jobs: Sequence[Job]) -> None:
        if ready := fitting(JobCommand.FOLLOW_UP, jobs):
            self.follow_up_requested.emit(ready)
        else:
            self._commands.refuse(AskFirst.FOLLOW_UP)
