"""Ask for the words with which a job is sent back to its coding tool. Changes nothing itself."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from engine.host.commands import FollowUpJobs
from engine.scheduling.follow_up import MOST_WORDS
from gui.sheets.jobs_sheet import JobsSheet
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.label import PlainLabel
from state.records import Job, JobStatus

_HEIGHT = 160
_ENDED_WELL = frozenset({JobStatus.COMPLETED, JobStatus.SKIPPED})


class FollowUpSheet(JobsSheet):
    """Sends jobs back with a person's words; what was written and not sent is kept for the same jobs.

    Signals:
        sent: (FollowUpJobs) the words; `answer` reports whether they were taken.
    """

    sent = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, name="followUp", width=560, action=tr("Send back"))
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
        self._add_fields(self.text, self.fresh, self.session)
        self.text.textChanged.connect(self._on_text_changed)
        self.fresh.toggled.connect(self._on_fresh_toggled)

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

    def _forget_draft(self) -> None:
        self._drafts.pop(self._job_ids, None)

    @Slot()
    def _on_text_changed(self) -> None:
        text = self.text.toPlainText()
        if text:
            self._drafts[self._job_ids] = text
        else:
            self._drafts.pop(self._job_ids, None)
        self.accept_button.setEnabled(bool(text.strip()))
        if len(text) > MOST_WORDS:
            self.accept_button.setEnabled(False)
            self._show_problem(
                tr(
                    "{number:,} characters; {most_words:,} are the most.",
                    number=len(text),
                    most_words=MOST_WORDS,
                )
            )
        else:
            self._hide_problem()

    @Slot()
    def _on_fresh_toggled(self) -> None:
        self.session.setText(self._sessions[self.fresh.isChecked()])
        self.place()

    def _send(self) -> None:
        self.accept_button.setEnabled(False)
        words, fresh = self.text.toPlainText(), self.fresh.isChecked()
        self.sent.emit(FollowUpJobs(job_ids=self._job_ids, words=words, fresh=fresh))
