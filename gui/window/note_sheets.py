"""Opens the sheets for what a person writes on jobs, and sends what they say. Keeps no notes itself."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from engine.host.commands import LabelJobs, SetNote
from gui.control.action_effects import AskFirst
from gui.control.command_sender import CommandSender
from gui.control.engine_host import Answer
from gui.data.projection import Projection
from gui.sheets.labels_sheet import LabelsSheet
from gui.sheets.note_sheet import NoteSheet
from gui.theme.theme import Theme


class NoteSheets(QObject):
    """The note and the labels of jobs.

    Signals:
        refused: (sentence) nothing was written, and the sheet is not open to say so.
    """

    refused = Signal(str)

    def __init__(
        self, window: QWidget, commands: CommandSender, *, projection: Projection, theme: Theme
    ) -> None:
        super().__init__(window)
        self._projection, self._commands = projection, commands
        self._question: int | None = None
        self.note = NoteSheet(theme, window)
        self.labels = LabelsSheet(theme, window)
        self.note.written.connect(self._on_written)
        self.labels.labelled.connect(self._on_labelled)

    @Slot(object, object)
    def ask(self, question: AskFirst, job_ids: Sequence[str]) -> None:
        """Ask for the note or the labels of these jobs."""
        known = self._projection.jobs
        jobs = [known[job_id] for job_id in job_ids if job_id in known]
        if not jobs:
            return
        self._question = None
        named = self._projection.names.jobs(jobs)
        if question is AskFirst.NOTE:
            self.note.show_jobs(jobs, named)
        else:
            used = {label for job in known.values() for label in job.labels}
            self.labels.show_jobs(jobs, named, used=used)

    @Slot(object)
    def _on_written(self, command: SetNote) -> None:
        self._send(command, self.note.answer)

    @Slot(object)
    def _on_labelled(self, command: LabelJobs) -> None:
        self._send(command, self.labels.answer)

    def _send(self, command: SetNote | LabelJobs, show: Callable[[str], None]) -> None:
        """Send a command; its sheet shows the answer, unless it is closed or asks about others by then."""

        def then(answer: Answer) -> None:
            refusal = answer.error or " ".join(answer.outcome.refused.values())
            sheet = self.note if isinstance(command, SetNote) else self.labels
            if sheet.is_open and answer.question == self._question:
                show(refusal)
            elif refusal:
                self.refused.emit(refusal)

        self._question = self._commands.send(command, then)
