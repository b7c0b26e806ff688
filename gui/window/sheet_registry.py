"""Opens the sheets and file dialogs of the window, and passes on what the user decided."""

from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal, assert_never

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QFileDialog

from engine.host.commands import AddJobs, EditJob, EngineCommand, FollowUpJobs, SetLimit
from engine.host.host_commands import ChangeSetting
from gui.control.action_effects import AskFirst, SheetAction
from gui.control.command_sender import CommandSender
from gui.control.engine_host import Answer
from gui.control.preferences import Preferences
from gui.data.job_display import name_of_jobs
from gui.data.projection import Projection
from gui.data.readers import Readers, tool_paths_of
from gui.data.short_turns import short_turns
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.confirm_sheet import Choice, ConfirmSheet
from gui.window.lazy_sheets import LazySheets
from gui.window.main_window import MainWindow
from state import attempt_queries, queries
from state.database_errors import DatabaseError, SignalboxError
from state.records import Job, Limit, LimitKind

if TYPE_CHECKING:
    from engine.jobfile.spec import JobSpec
    from gui.sheets.edit_job_sheet import EditJobSheet
    from gui.sheets.follow_up_sheet import FollowUpSheet
    from gui.sheets.intake.drop_sheet import DropSheet
    from gui.sheets.limits_sheet import LimitsSheet
    from gui.sheets.new_from_template_sheet import NewFromTemplateSheet
    from gui.sheets.new_job_sheet import NewJobSheet
    from gui.sheets.new_pipeline_sheet import NewPipelineSheet
    from gui.sheets.recurring_sheet import RecurringSheet
    from gui.sheets.settings_sheet import SettingsSheet, SettingsValues
    from gui.sheets.support_sheet import SupportSheet
    from gui.sheets.welcome_sheet import WelcomeSheet
    from gui.window.note_sheets import NoteSheets

_FILES = translatable("Job and pipeline files (*.json *.yaml *.yml);;All files (*)")


class SheetRegistry(LazySheets):
    """Opens what an action or a command needs, and sends what the user decides there.

    Signals:
        refused: (sentence) something was not done, and its own sheet is not open to say so.
        remembered: the window's own settings changed and are to be saved.
        home_requested: show the data folder.
        demo_requested: try the demo.
        sound_requested: (kind) let the sound of these notifications be heard.
        copy_selected: (Path) save a copy of the database there.
        recurring_changed: the recurring runs were changed.
        performed: (words) a sheet has done something; the words after ``signalbox`` do the same.
    """

    refused = Signal(str)
    remembered = Signal()
    home_requested = Signal()
    demo_requested = Signal()
    sound_requested = Signal(str)
    copy_selected = Signal(object)
    recurring_changed = Signal()
    performed = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        commands: CommandSender,
        *,
        projection: Projection,
        theme: Theme,
        sources: Readers,
        preferences: Preferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(window, commands, projection=projection, theme=theme, sources=sources, parent=parent)
        self._preferences = preferences
        self._edit_question: int | None = None
        self._follow_up_question: int | None = None
        self._commit_error = ""
        self._has_no_player = False
        self.wiring = {
            "drop": self._wire_drop,
            "new_job": self._wire_form,
            "new_pipeline": self._wire_form,
            "new_from_template": self._wire_form,
            "recurring": self._wire_recurring,
            "edit": self._wire_edit,
            "follow_up_sheet": self._wire_follow_up,
            "notes": self._wire_notes,
            "limits": self._wire_limits,
            "support": self._wire_support,
            "settings": self._wire_settings,
            "welcome": self._wire_welcome,
        }

    def _wire_drop(self, sheet: "DropSheet") -> None:
        sheet.committed.connect(self._on_jobs_committed)

    def _wire_form(self, sheet: "NewJobSheet | NewPipelineSheet | NewFromTemplateSheet") -> None:
        sheet.written.connect(self._on_job_written)
        self.probes.located.connect(sheet.show_tools)

    def _wire_recurring(self, sheet: "RecurringSheet") -> None:
        self.probes.located.connect(sheet.form.show_tools)
        sheet.performed.connect(self.performed)
        sheet.performed.connect(self.recurring_changed)
        sheet.requested.connect(self._on_recurring_requested)

    def _wire_edit(self, sheet: "EditJobSheet") -> None:
        sheet.edited.connect(self._on_job_edited)

    def _wire_follow_up(self, sheet: "FollowUpSheet") -> None:
        sheet.sent.connect(self._on_follow_up_sent)

    def _wire_notes(self, sheets: "NoteSheets") -> None:
        sheets.refused.connect(self.refused)

    def _wire_limits(self, sheet: "LimitsSheet") -> None:
        sheet.requested.connect(self._commands.send)

    def _wire_support(self, sheet: "SupportSheet") -> None:
        sheet.performed.connect(self.performed)

    def _wire_settings(self, sheet: "SettingsSheet") -> None:
        self.tool_usage.read.connect(sheet.coding_tools.show_usage)
        sheet.limits_requested.connect(self._show_limits)
        sheet.accepted.connect(self._on_settings_accepted)
        sheet.levels.refused.connect(self.refused)
        sheet.home_requested.connect(self.home_requested)
        sheet.sound_requested.connect(self.sound_requested)
        if self._has_no_player:
            sheet.more.show_no_player()

    def _wire_welcome(self, sheet: "WelcomeSheet") -> None:
        sheet.template_selected.connect(self._on_template_selected)
        sheet.remembered.connect(self._on_welcome_remembered)
        sheet.demo_requested.connect(self.demo_requested)

    def answer_questions(
        self, *, edit: SignalInstance, follow_up: SignalInstance, writing: SignalInstance
    ) -> None:
        """Open the sheet that asks for what a command needs besides its jobs, whenever one of these is emitted."""
        edit.connect(self.edit_job)
        follow_up.connect(self.follow_up)
        writing.connect(self._on_writing_requested)

    @Slot(object, object)
    def _on_writing_requested(self, question: AskFirst, job_ids: Sequence[str]) -> None:
        self.notes.ask(question, job_ids)

    @Slot()
    def show_no_player(self) -> None:
        """Say beside the sounds that no program was found that plays one."""
        self._has_no_player = True
        if self.is_made("settings"):
            self.settings.more.show_no_player()

    @Slot(object)
    @Slot(object, object)
    def compare_attempts(self, job: Job, shown: int | None = None) -> None:
        """Compare the attempt of this id and the one before it, or else the last two attempts of a job."""
        self.comparison.show_job(job, shown)

    @Slot(str)
    def open_recurring(self, name: str) -> None:
        """Open a recurring run."""
        self.recurring.open_at(name)

    def open(self, action: SheetAction) -> None:
        """Open the sheet of an action."""
        match action:
            case SheetAction.ADD_JOBS:
                self._choose_files(QFileDialog.FileMode.ExistingFiles, tr("Add jobs"))
            case SheetAction.OPEN_FILES:
                self._choose_files(QFileDialog.FileMode.Directory, tr("Add a folder of jobs"))
            case SheetAction.NEW_JOB | SheetAction.NEW_PIPELINE | SheetAction.NEW_FROM_TEMPLATE:
                self._form_of(action).open()
                self._locate_tools()
            case SheetAction.RECURRING_RUNS:
                self.recurring.open()
                self._locate_tools()
            case SheetAction.SETTINGS:
                self._show_settings()
            case SheetAction.LIMITS:
                self._show_limits()
            case _:
                self._open_help(action)

    def _open_help(
        self,
        action: Literal[
            SheetAction.SHORTCUTS,
            SheetAction.JOB_FILE_HELP,
            SheetAction.SUPPORT_BUNDLE,
            SheetAction.WELCOME,
            SheetAction.ABOUT,
        ],
    ) -> None:
        match action:
            case SheetAction.SHORTCUTS:
                self.shortcuts.open()
            case SheetAction.JOB_FILE_HELP:
                from gui.sheets.help_sheet import JOB_FILE

                self.help.show_page(JOB_FILE)
            case SheetAction.SUPPORT_BUNDLE:
                self.support.open()
            case SheetAction.WELCOME:
                self.show_welcome()
            case SheetAction.ABOUT:
                self._show_about()
            case _:
                assert_never(action)

    def welcome_newcomer(self) -> None:
        """Show the welcome if nothing ever ran in this home and nobody has closed it for good."""
        if self._preferences.layout.welcome and not self._projection.runs:
            self.show_welcome()

    def show_welcome(self) -> None:
        """Show the welcome, and look for the tools in the background."""
        try:
            paths = tool_paths_of(self._sources.stored_settings())
        except DatabaseError as error:
            self.refused.emit(tr("The settings cannot be read right now: {error}", error=error))
            return
        self.welcome.at_start.setChecked(self._preferences.layout.welcome)
        self.welcome.open()
        self.probes.probe(paths)

    def _form_of(self, action: SheetAction) -> "NewJobSheet | NewPipelineSheet | NewFromTemplateSheet":
        match action:
            case SheetAction.NEW_JOB:
                return self.new_job
            case SheetAction.NEW_PIPELINE:
                return self.new_pipeline
            case _:
                return self.new_from_template

    def _locate_tools(self) -> None:
        """Look in the background which tools are installed, for the choices of tools in the forms."""
        with suppress(DatabaseError):  # then none is marked, and what cannot be read is reported elsewhere
            self.probes.locate(tool_paths_of(self._sources.stored_settings()))

    @Slot(str, str)
    def _on_template_selected(self, name: str, folder: str) -> None:
        self.new_from_template.open_at(name, folder)
        self._locate_tools()

    @Slot()
    def _on_welcome_remembered(self) -> None:
        self._preferences.layout.welcome = self.welcome.at_start.isChecked()
        self.remembered.emit()

    @Slot(object)
    def show_check_log(self, key: tuple[str, str] | None) -> None:
        """Show what the check of a workstream's merge has printed."""
        if key is not None:
            self.check_log.show_check(key)

    @Slot(object)
    def _on_jobs_committed(self, command: AddJobs) -> None:
        self._commands.send(command, self._on_commit_answered)

    def _on_commit_answered(self, answer: Answer) -> None:
        self._commit_error = answer.error
        short_turns().soon(self._show_commit)  # closing the sheet has the whole window painted

    def _show_commit(self) -> None:
        error, shown = self._commit_error, self.drop.is_open
        self.drop.answer(error)
        if error and not shown:
            self.refused.emit(error)

    @Slot(object)
    def _on_recurring_requested(self, command: EngineCommand) -> None:
        self._commands.send(command, self._on_recurring_answered)

    def _on_recurring_answered(self, answer: Answer) -> None:
        self.recurring.answer(answer)
        if answer.error and not self.recurring.is_open:
            self.refused.emit(answer.error)

    @Slot(str)
    def edit_job(self, job_id: str) -> None:
        """Open a waiting job for editing."""
        from engine.state_store.job_control import stored_spec

        try:
            spec = stored_spec(job_id, self._sources.reader.read(queries.job_spec, job_id))
        except DatabaseError as error:
            self.refused.emit(tr("{job} cannot be read right now: {error}", job=job_id, error=error))
            return
        except SignalboxError as error:
            self.refused.emit(str(error))
            return
        self._edit_question = None
        job = self._projection.jobs.get(job_id)
        self.edit.show_job(spec, job_id if job is None else self._projection.names.job(job))

    @Slot(object)
    def follow_up(self, job_ids: Sequence[str]) -> None:
        """Ask for the words that start another attempt of these jobs."""
        jobs = [self._projection.jobs[job_id] for job_id in job_ids if job_id in self._projection.jobs]
        try:
            session, fresh = self._sessions_of(jobs)
            named = name_of_jobs(jobs, self._projection.names)
            self._follow_up_question = None
            self.follow_up_sheet.show_jobs(jobs, named, session=session, fresh_session=fresh)
        except DatabaseError as error:
            self.refused.emit(tr("The sessions cannot be read right now: {error}", error=error))
        except SignalboxError as error:
            self.refused.emit(str(error))

    def _sessions_of(self, jobs: Sequence[Job]) -> tuple[str, str]:
        """Which session the words would be heard in, and which if a person wants a new one."""
        if len(jobs) != 1:
            many = tr("Each job goes on in its own session, where its tool can.")
            return many, tr("Each job begins a new session. It hears the task and all your words.")
        from engine.scheduling.follow_up import refuse_wordless
        from engine.state_store.job_control import stored_spec
        from engine.state_store.next_session import session_after_follow_up

        job, read = jobs[0], self._sources.reader.read
        spec = stored_spec(job.job_id, read(queries.job_spec, job.job_id))
        refuse_wordless(spec, job.tool)
        earlier, tools = read(attempt_queries.attempts_of, job.job_id), self._sources.settings().tools
        resumed, fresh = (
            session_after_follow_up(job, spec, earlier, tools, fresh=fresh) for fresh in (False, True)
        )
        return resumed, fresh

    @Slot(object)
    def _on_follow_up_sent(self, command: FollowUpJobs) -> None:
        self._follow_up_question = self._commands.send(command, self._on_follow_up_answered)

    def _on_follow_up_answered(self, answer: Answer) -> None:
        refusal = answer.error or " ".join(answer.outcome.refused.values())
        if self.follow_up_sheet.is_open and answer.question == self._follow_up_question:
            self.follow_up_sheet.answer(refusal)
        elif refusal:
            self.refused.emit(refusal)

    @Slot(object)
    def _on_job_edited(self, spec: "JobSpec") -> None:
        self._edit_question = self._commands.send(EditJob(spec=spec), self._on_edit_answered)

    def _on_edit_answered(self, answer: Answer) -> None:
        """Show the answer in the sheet, unless another job has been opened in it meanwhile."""
        if self.edit.is_open and answer.question == self._edit_question:
            self.edit.answer(answer.error)
        elif answer.error:
            self.refused.emit(answer.error)

    @Slot(str)
    def raise_budget(self, key: str) -> None:
        """Open the settings at the field of a budget."""
        self._show_settings()
        self.settings.show_field(key)

    @Slot()
    def _show_limits(self) -> None:
        try:
            ladders = self._sources.settings().ladders
        except DatabaseError as error:
            self.refused.emit(tr("The limits cannot be read right now: {error}", error=error))
            return
        self.settings.dismiss()
        self.limits.show_limits(ladders)

    @Slot(object)
    def _on_job_written(self, file: Path) -> None:
        self.drop.add([file])

    @Slot(list)
    def _on_files_selected(self, names: Sequence[str]) -> None:
        paths = [Path(name) for name in names]
        if paths:
            self._preferences.layout.last_folder = str(paths[0].parent)
            self.drop.add(paths)

    @Slot(object, object)
    def _on_settings_accepted(self, shown: "SettingsValues", values: "SettingsValues") -> None:
        """Change what the person has changed, and nothing that somebody else changed while the sheet was open."""
        from gui.window.window_settings import take_over

        take_over(values, self._preferences.layout, theme=self._theme)
        changes = values.home.changes_since(shown.home).items()
        commands: list[EngineCommand] = [ChangeSetting(key=key, value=value) for key, value in changes]
        if values.max_running != shown.max_running:
            limit = Limit(kind=LimitKind.GLOBAL, key="", value=values.max_running)
            commands.append(SetLimit(limit=limit))
        self.remembered.emit()
        self._commands.send_all(commands, self._on_settings_answered)

    def _on_settings_answered(self, answers: Sequence[Answer]) -> None:
        refusal = "\n".join(dict.fromkeys(answer.error for answer in answers if answer.error))
        if not self.settings.answer(refusal) and refusal:
            self.refused.emit(refusal)

    @Slot()
    def choose_copy(self) -> None:
        """Ask where to save a copy of the database."""
        dialog = QFileDialog(
            self._window, tr("Save a copy of the database"), self._preferences.layout.last_folder
        )
        dialog.setObjectName("copyDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("signalbox-copy.db")
        dialog.fileSelected.connect(self._on_copy_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_copy_selected(self, name: str) -> None:
        self.copy_selected.emit(Path(name))

    def _choose_files(self, mode: QFileDialog.FileMode, title: str) -> None:
        dialog = QFileDialog(self._window, title, self._preferences.layout.last_folder, tr(_FILES))
        dialog.setObjectName("openDialog")
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(self._on_files_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_settings(self) -> None:
        try:
            from gui.window.window_settings import settings_values

            home, slots = self._sources.settings(), self._projection.slots() or 1
            values = settings_values(self._preferences.layout, self._theme, home=home, max_running=slots)
            self.settings.show_settings(values)
            self.tool_usage.request()
        except DatabaseError as error:
            self.refused.emit(tr("The settings cannot be read right now: {error}", error=error))

    def _show_about(self) -> None:
        about = ConfirmSheet(
            self._theme,
            self._window,
            title=tr("Signalbox {version}", version=version("signalbox")),
            sentence=tr(
                "A control room for AI-coding jobs: a queue that loses nothing and a window that never lies."
            ),
            choices=(Choice("close", tr("Close")),),
        )
        about.open()
