"""Edit the specification of a waiting job as text, checked while it is typed. Changes nothing itself."""

import json
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from engine.errors import JobFileError
from engine.jobfile.job_file_reader import read_source
from engine.jobfile.spec import JobSpec
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel
from gui.widgets.sheet import Sheet

_CHECK_AFTER_MS = 150
_SHOWN_PROBLEMS = 4
_HEIGHT = 380


class EditJobSheet(Sheet):
    """Edits one job.

    Signals:
        edited: (JobSpec) the changed job; `answer` reports whether it was accepted.
    """

    edited = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, width=720)
        self.setObjectName("editSheet")
        self.sentence.setText(
            tr("It is checked like any job file. It keeps its id, its run and its queue position.")
        )
        self._text_before, self._base = "", Path("/")
        self._spec: JobSpec | None = None
        self.text = QPlainTextEdit()
        self.text.setObjectName("jobText")
        self.text.setAccessibleName(tr("The job as JSON"))
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAcceptDrops(False)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(_HEIGHT)
        self.problems = PlainLabel("", theme=theme, role="small", color="failed")
        self.problems.setWordWrap(True)
        self.problems.setObjectName("editProblems")
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.body.addWidget(self.text, 1)
        self.body.addWidget(self.problems)
        self.save_button = push_button(tr("Save"), kind="primary")
        self.save_button.setObjectName("saveEdit")
        cancel = push_button(tr("Cancel"))
        self.footer.addStretch(1)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self.save_button)
        self._check = QTimer(self, singleShot=True)
        self._check.timeout.connect(self._on_check)
        self.text.textChanged.connect(self._on_text_changed)
        cancel.clicked.connect(self._on_cancelled)
        self.save_button.clicked.connect(self._on_save_clicked)

    def show_job(self, spec: JobSpec, name: str) -> None:
        """Open the sheet on a job of this name."""
        self.heading.setText(tr("Edit {name}", name=name))
        self._base = spec.repo_root
        self._text_before = json.dumps(spec.to_json(), indent=2, ensure_ascii=False) + "\n"
        self.text.setPlainText(self._text_before)
        self._on_check()
        self.open()

    def first_focus(self) -> QWidget:
        """The text."""
        return self.text

    def answer(self, error: str) -> None:
        """Close after an accepted change, or show why it was refused."""
        if error:
            self._show_problems(error)
            self.save_button.setEnabled(True)
        else:
            self.dismiss()

    def _show_problems(self, sentence: str) -> None:
        self.problems.setText(sentence)
        self.problems.setVisible(bool(sentence))
        self.place()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.text.setFont(self.theme.font("mono"))

    @Slot()
    def _on_text_changed(self) -> None:
        self.save_button.setEnabled(False)
        self._check.start(_CHECK_AFTER_MS)

    @Slot()
    def _on_check(self) -> None:
        self._check.stop()
        text = self.text.toPlainText()
        self._spec, sentence = _read(text, self._base)
        self.save_button.setEnabled(self._spec is not None and text != self._text_before)
        if sentence != self.problems.text() or self.problems.isHidden() is bool(sentence):
            self._show_problems(sentence)

    @Slot()
    def _on_save_clicked(self) -> None:
        self._on_check()
        if self._spec is not None:
            self.save_button.setEnabled(False)
            self.edited.emit(self._spec)

    @Slot()
    def _on_cancelled(self) -> None:
        self.dismiss()


def _read(text: str, base: Path) -> tuple[JobSpec | None, str]:
    """The job in the text, or its problems."""
    try:
        jobs = read_source(text.encode(errors="surrogatepass"), "job.json", base=base).jobs
    except JobFileError as error:
        found = [each.in_file for each in error.every]
        more = (
            [tr("and {number} more", number=len(found) - _SHOWN_PROBLEMS)]
            if len(found) > _SHOWN_PROBLEMS
            else []
        )
        return None, "\n".join(found[:_SHOWN_PROBLEMS] + more)
    if len(jobs) != 1:
        return None, tr("This is a pipeline; only one job can be edited at a time.")
    return jobs[0], ""
