"""Ask for the note on jobs. Changes nothing itself."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from engine.host.commands import SetNote
from gui.sheets.jobs_sheet import JobsSheet
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from state.job_notes import MOST_NOTE
from state.records import Job

_HEIGHT = 180


class NoteSheet(JobsSheet):
    """Edits the note on one job, or writes one on several; an empty one is removed.

    Where several jobs have different notes, nothing is written before something was typed. What was written and not
    saved is kept for the same jobs.

    Signals:
        written: (SetNote) the note; `answer` reports whether it was kept.
    """

    written = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, name="note", width=560, action=tr("Save note"))
        self._before = ""
        self._differ = self._is_typed = self._is_filling = False
        self._drafts: dict[tuple[str, ...], str] = {}
        self.text = QPlainTextEdit()
        self.text.setObjectName("noteText")
        self.text.setAccessibleName(tr("Note"))
        self.text.setAcceptDrops(False)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(_HEIGHT)
        self._add_fields(self.text)
        self.text.textChanged.connect(self._on_text_changed)

    def show_jobs(self, jobs: Sequence[Job], named: str) -> None:
        """Open the sheet on jobs, and call them so in its title."""
        self._job_ids = tuple(job.job_id for job in jobs)
        notes = [job.note for job in jobs]
        self._differ, self._before = len(set(notes)) > 1, notes[0] if len(set(notes)) == 1 else ""
        self.heading.setText(tr("Note on {named}", named=named))
        self.sentence.setText(_sentence(notes))
        hint = tr("The notes differ") if self._differ else tr("What you want to remember about it")
        self.text.setPlaceholderText(hint)
        draft = self._drafts.get(self._job_ids)
        self._is_filling, self._is_typed = True, draft is not None
        self.text.setPlainText(self._before if draft is None else draft)
        self._is_filling = False
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self._show_problem("")
        self._show_state()
        self.open()

    def first_focus(self) -> QWidget:
        """The text."""
        return self.text

    def _forget_draft(self) -> None:
        self._drafts.pop(self._job_ids, None)

    @Slot()
    def _on_text_changed(self) -> None:
        if not self._is_filling:
            self._is_typed = True
            self._show_state()

    def _show_state(self) -> None:
        text = self.text.toPlainText()
        number = len(text)
        if text == self._before:
            self._drafts.pop(self._job_ids, None)
        else:
            self._drafts[self._job_ids] = text
        has_words = bool(text.strip())
        self.accept_button.setEnabled(
            number <= MOST_NOTE and (has_words or self._is_typed or not self._differ)
        )
        removes = not has_words and (bool(self._before) or (self._differ and self._is_typed))
        several = tr("Remove all notes") if self._differ else tr("Remove note")
        self.accept_button.setText(several if removes else tr("Save note"))
        if number > MOST_NOTE:
            self._show_problem(
                tr("{number:,} characters; {most:,} are the most.", number=number, most=MOST_NOTE)
            )
        else:
            self._hide_problem()

    def _send(self) -> None:
        self.accept_button.setEnabled(False)
        self.written.emit(SetNote(job_ids=self._job_ids, note=self.text.toPlainText()))


def _sentence(notes: Sequence[str]) -> str:
    """On how many jobs it is written, and what becomes of the notes they have."""
    if len(notes) == 1:
        return tr("It is kept with the job and goes along with an export. No tool reads it.")
    if len(set(notes)) == 1:
        return tr_count("It is written on {n} job.", "It is written on all {n} jobs.", len(notes))
    number = sum(map(bool, notes))
    return tr_count(
        "{n} of the {total} jobs has a note. What you type replaces it.",
        "{n} of the {total} jobs have notes, which differ. What you type replaces all of them.",
        number,
        total=len(notes),
    )
