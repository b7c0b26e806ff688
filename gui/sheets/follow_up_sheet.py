"""Ask for the words with which a job is sent back to its coding tool. Changes nothing itself."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from engine.host.commands import FollowUpJobs
from engine.scheduling.follow_up import MOST_WORDS
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel
from gui.widgets.sheet import Sheet
from state.records import Job, JobStatus

_HEIGHT = 160
_ENDED_WELL = frozenset({JobStatus.COMPLETED, JobStatus.SKIPPED})


class FollowUpSheet(Sheet):
    """Sends jobs back with a person's words; what was written and not sent is kept for the same jobs.

    Signals:
        sent: (FollowUpJobs) the words; `answer` reports whether they were taken.
    """

    sent = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, width=560)
        self.setObjectName("followUpSheet")
        self._job_ids: tuple[str, ...] = ()
        self._drafts: dict[tuple[str, ...], str] = {}
        self._sessions = ("", "")
        self.text = QPlainTextEdit()
        self.text.setObjectName("followUpText")
        self.text.setAccessibleName(tr("What to do next"))
        self.text.setPlaceholderText(tr("What to do next"))
        self.text.setAcceptDrops(False)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(_HEIGHT)
        self.fresh = QCheckBox(tr("Begin a new session"))
        self.fresh.setObjectName("followUpFresh")
        self.session = PlainLabel("", theme=theme, role="small", color="t2")
        self.session.setObjectName("followUpSession")
        self.session.setWordWrap(True)
        self.problem = PlainLabel("", theme=theme, role="small", color="failed")
        self.problem.setObjectName("followUpProblem")
        self.problem.setWordWrap(True)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        for widget in (self.text, self.fresh, self.session, self.problem):
            self.body.addWidget(widget)
        self.send_button = push_button(tr("Send back"), kind="primary")
        self.send_button.setObjectName("sendFollowUp")
        self.send_button.setToolTip("Ctrl+Return")
        cancel = push_button(tr("Cancel"))
        self.footer.addStretch(1)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self.send_button)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_send)
        self.text.textChanged.connect(self._on_text_changed)
        self.fresh.toggled.connect(self._on_fresh_toggled)
        cancel.clicked.connect(self._on_cancelled)
        self.send_button.clicked.connect(self._on_send)

    def show_jobs(self, jobs: Sequence[Job], named: str, *, session: str, fresh_session: str) -> None:
        """Open the sheet on jobs, and call them so in its title.

        The sentences say which session they go on in, and which in a new one.
        """
        self._job_ids = tuple(job.job_id for job in jobs)
        one = len(jobs) == 1
        self.heading.setText(tr("Send back {named}", named=named))
        ended_well = all(job.status in _ENDED_WELL for job in jobs)
        self.sentence.setText(
            tr("It has ended well; a tool that is paid for costs money again.") if one and ended_well else ""
        )
        self.sentence.setVisible(one and ended_well)
        self._sessions = (session, fresh_session)
        self.fresh.setChecked(False)
        self.fresh.setVisible(session != fresh_session)
        self.text.setPlainText(self._drafts.get(self._job_ids, ""))
        self._show_problem("")
        self._on_fresh_toggled()
        self._on_text_changed()
        self.open()

    def first_focus(self) -> QWidget:
        """The text."""
        return self.text

    def answer(self, refusal: str) -> None:
        """Close once the words were taken, or show why they were refused."""
        if refusal:
            self._show_problem(refusal)
            self.send_button.setEnabled(True)
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
        if text:
            self._drafts[self._job_ids] = text
        else:
            self._drafts.pop(self._job_ids, None)
        self.send_button.setEnabled(bool(text.strip()))
        if len(text) > MOST_WORDS:
            self.send_button.setEnabled(False)
            self._show_problem(
                tr(
                    "{number:,} characters; {most_words:,} are the most.",
                    number=len(text),
                    most_words=MOST_WORDS,
                )
            )
        elif not self.problem.isHidden():
            self._show_problem("")

    @Slot()
    def _on_fresh_toggled(self) -> None:
        self.session.setText(self._sessions[self.fresh.isChecked()])
        self.place()

    @Slot()
    def _on_send(self) -> None:
        if self.send_button.isEnabled():
            self.send_button.setEnabled(False)
            words, fresh = self.text.toPlainText(), self.fresh.isChecked()
            self.sent.emit(FollowUpJobs(job_ids=self._job_ids, words=words, fresh=fresh))

    @Slot()
    def _on_cancelled(self) -> None:
        self.dismiss()
