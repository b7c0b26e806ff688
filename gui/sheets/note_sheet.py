"""Ask for the note on jobs. Changes nothing itself."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from engine.host.commands import SetNote
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel
from gui.widgets.sheet import Sheet
from state.job_notes import MOST_NOTE
from state.records import Job

_HEIGHT = 180


class NoteSheet(Sheet):
    """Edits the note on one job, or replaces those on several; an empty one is removed.

    What was written and not saved is kept for the same jobs.

    Signals:
        written: (SetNote) the note; `answer` reports whether it was kept.
    """

    written = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, width=560)
        self.setObjectName("noteSheet")
        self._job_ids: tuple[str, ...] = ()
        self._before = ""
        self._drafts: dict[tuple[str, ...], str] = {}
        self.text = QPlainTextEdit()
        self.text.setObjectName("noteText")
        self.text.setAccessibleName(tr("Note"))
        self.text.setPlaceholderText(tr("What you want to remember about it"))
        self.text.setAcceptDrops(False)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(_HEIGHT)
        self.problem = PlainLabel("", theme=theme, role="small", color="failed")
        self.problem.setObjectName("noteProblem")
        self.problem.setWordWrap(True)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.body.addWidget(self.text)
        self.body.addWidget(self.problem)
        self.save_button = push_button(tr("Save note"), kind="primary")
        self.save_button.setObjectName("saveNote")
        self.save_button.setToolTip("Ctrl+Return")
        cancel = push_button(tr("Cancel"))
        self.footer.addStretch(1)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self.save_button)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_save)
        self.text.textChanged.connect(self._on_text_changed)
        cancel.clicked.connect(self.request_close)
        self.save_button.clicked.connect(self._on_save)

    def show_jobs(self, jobs: Sequence[Job], named: str) -> None:
        """Open the sheet on jobs, and call them so in its title."""
        self._job_ids = tuple(job.job_id for job in jobs)
        notes = {job.note for job in jobs}
        self._before = notes.pop() if len(notes) == 1 else ""
        self.heading.setText(tr("Note on {named}", named=named))
        sentence = tr("It is kept with the job and goes along with an export. No tool reads it.")
        if notes:
            sentence = tr("They have different notes; this one replaces all of them.")
        self.sentence.setText(sentence)
        self.text.setPlainText(self._drafts.get(self._job_ids, self._before))
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self._show_problem("")
        self._on_text_changed()
        self.open()

    def first_focus(self) -> QWidget:
        """The text."""
        return self.text

    def answer(self, refusal: str) -> None:
        """Close once the note was kept, or show why it was refused."""
        if refusal:
            self._show_problem(refusal)
            self.save_button.setEnabled(True)
        else:
            self._drafts.pop(self._job_ids, None)
            self.dismiss()

    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.place()

    @Slot()
    def _on_text_changed(self) -> None:
        text = self.text.toPlainText()
        number = len(text)
        if text == self._before:
            self._drafts.pop(self._job_ids, None)
        else:
            self._drafts[self._job_ids] = text
        self.save_button.setEnabled(number <= MOST_NOTE)
        removes = bool(self._before) and not text.strip()
        self.save_button.setText(tr("Remove note") if removes else tr("Save note"))
        if number > MOST_NOTE:
            self._show_problem(
                tr("{number:,} characters; {most:,} are the most.", number=number, most=MOST_NOTE)
            )
        elif not self.problem.isHidden():
            self._show_problem("")

    @Slot()
    def _on_save(self) -> None:
        if self.save_button.isEnabled():
            self.save_button.setEnabled(False)
            self.written.emit(SetNote(job_ids=self._job_ids, note=self.text.toPlainText()))
