"""Asks the user for what a command on jobs needs besides its jobs, and sends it once it is answered."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Slot

from engine.host.commands import CancelJobs, RetryJobs, SetPriority
from engine.jobfile.priorities import PRIORITIES
from engine.jobfile.tool_registry import tools
from gui.control.action_effects import AskFirst, MakesCommand
from gui.control.command_sender import CommandSender
from gui.data.job_display import name_of_jobs
from gui.data.projection import Projection
from gui.theme.theme import Theme
from gui.translation import tr, tr_count, translatable
from gui.widgets.confirm_sheet import Choice, ConfirmSheet
from gui.window.main_window import MainWindow
from state.command_table import COMMAND_STATES, JobCommand
from state.records import Job

_PRIORITIES = {
    "urgent": translatable("Urgent"),
    "high": translatable("High"),
    "normal": translatable("Normal"),
    "low": translatable("Low"),
}


class JobQuestions(QObject):
    """Shows one question at a time, in `question`; what is answered applies to the jobs it was about."""

    def __init__(
        self,
        window: MainWindow,
        commands: CommandSender,
        *,
        projection: Projection,
        theme: Theme,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window, self._commands = window, commands
        self._projection, self._theme = projection, theme
        self._targets: tuple[str, ...] = ()
        self.question: ConfirmSheet | None = None

    def retry(self, action: str, job_ids: Sequence[str] | None, make: MakesCommand) -> None:
        """Retry jobs at once, save those that ended well: a mistyped key must not pay for a tool twice."""
        jobs = self._commands.targets(action, job_ids)
        ended_well = tuple(
            job.job_id for job in jobs if job.status in COMMAND_STATES[JobCommand.RETRY].by_name
        )
        others = tuple(job.job_id for job in jobs if job.job_id not in ended_well)
        if others or not jobs:
            self._commands.send_for(action, others or job_ids, make)
        if ended_well:
            self._ask_to_run_again(action, ended_well, make)

    def ask_for_priority(self, jobs: Sequence[Job]) -> None:
        """Ask which priority these waiting jobs are to have."""
        named = self._begin(jobs)
        choices = [Choice(f"{number}", tr(_PRIORITIES[word])) for word, number in PRIORITIES.items()]
        sentence = tr("A higher one starts first. Within the same priority the queue stays as it is.")
        self._ask(
            tr("Change the priority of {jobs}", jobs=named), sentence, choices, self._on_priority_selected
        )

    def ask_for_tool(self, jobs: Sequence[Job]) -> None:
        """Ask which tool is to try these jobs again."""
        named = self._begin(jobs)
        choices = [Choice(tool, tool) for tool in sorted(set(tools().coding) - {job.tool for job in jobs})]
        sentence = tr("It gets the failure of the last attempt. A job without a prompt is refused.")
        self._ask(tr("Retry {jobs} with another tool", jobs=named), sentence, choices, self._on_tool_selected)

    def ask_to_cancel(self, jobs: Sequence[Job]) -> None:
        """Ask whether these jobs are to be cancelled."""
        named = self._begin(jobs)
        cancel = tr("Cancel it") if len(self._targets) == 1 else tr("Cancel them")
        choices = [Choice("keep", tr("Keep")), Choice("cancel", cancel, "danger")]
        sentence = tr("A running job is stopped with all processes it started. Retry queues it again.")
        self._ask(tr("Cancel {jobs}?", jobs=named), sentence, choices, self._on_cancel_answered)

    def _ask_to_run_again(self, action: str, job_ids: tuple[str, ...], make: MakesCommand) -> None:
        number = len(job_ids)
        again = tr("Run it again") if number == 1 else tr("Run them again")
        choices = [Choice("keep", tr("Keep")), Choice("run_again", again)]
        job = self._projection.jobs.get(job_ids[0])
        name = job_ids[0] if job is None else self._projection.names.job(job)
        title = tr_count("Run {n} job again?", "Run {n} jobs again?", number)
        sentence = tr("They have ended well. A tool that is paid for costs money again.")
        if number == 1:
            title = tr("Run {name} again?", name=name)
            sentence = tr("It has ended well. A tool that is paid for costs money again.")
        self._ask(title, sentence, choices, partial(self._on_run_again_answered, action, job_ids, make))

    def _begin(self, jobs: Sequence[Job]) -> str:
        """Keep what the question is about, and return its name."""
        self._targets = tuple(job.job_id for job in jobs)
        return name_of_jobs(jobs, self._projection.names)

    def _ask(
        self, title: str, sentence: str, choices: Sequence[Choice], selected: Callable[[str], None]
    ) -> None:
        self.question = ConfirmSheet(
            self._theme, self._window, title=title, sentence=sentence, choices=choices
        )
        self.question.answered.connect(selected)
        self.question.open()

    def _on_run_again_answered(
        self, action: str, job_ids: tuple[str, ...], make: MakesCommand, choice: str
    ) -> None:
        if choice == "run_again":
            self._commands.send_for(action, job_ids, make)

    @Slot(str)
    def _on_priority_selected(self, number: str) -> None:
        self._commands.send_for(AskFirst.PRIORITY, self._targets, partial(SetPriority, priority=int(number)))

    @Slot(str)
    def _on_tool_selected(self, tool: str) -> None:
        self._commands.send_for(AskFirst.RETRY_WITH, self._targets, partial(RetryJobs, tool=tool))

    @Slot(str)
    def _on_cancel_answered(self, choice: str) -> None:
        if choice == "cancel":
            self._commands.send_for(AskFirst.CANCEL, self._targets, CancelJobs)
