"""The part of the details in which a person reviews what a held job would run: reads it, and passes the answer on."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.host.commands import TrustJob
from engine.system.plain_text import escape_invisible
from engine.trust.policy import LaunchPreview
from engine.trust.waiting import waits_for_trust
from gui.control.background_tasks import BackgroundTasks
from gui.data.readers import Readers
from gui.panels.details.trust_query import preview_of_job
from gui.sheets.intake.trust_card import TrustCard, binding_of
from gui.theme.theme import Theme
from state import queries
from state.records import Job
from state.worktree_records import Worktree


class TrustPart(QWidget):
    """Shows the trust card while a job waits for trust.

    Signals:
        trusted: (TrustJob) a person has reviewed what the held job would run, and allows it.
        rejected: (job id) it is not to run.
    """

    trusted = Signal(object)
    rejected = Signal(str)

    def __init__(self, theme: Theme, *, sources: Readers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources = sources
        self._job: Job | None = None
        self._previews = BackgroundTasks(self)
        self.card = TrustCard(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 12, 12)
        column.addWidget(self.card)
        self.card.decided.connect(self._on_decided)
        self.card.resized.connect(self._on_card_resized)
        self.hide()

    def show_job(self, job: Job | None, tree: Worktree | None) -> None:
        """Show what a job would run if it waits for trust, else nothing; `tree` is the worktree it works in."""
        shown, self._job = self.card.previews, job
        waits = job is not None and waits_for_trust(job)
        if job is not None and waits and shown and shown[0].job_id == job.job_id:
            return
        if shown or not waits:
            self.card.clear()
            self.hide()
        if job is None or not waits:
            self._previews.forget()
            return
        reader = self._sources.reader
        spec, settings = reader.read(queries.job_spec, job.job_id), self._sources.settings()
        home = self._sources.home.root
        self._previews.run_latest(
            lambda: preview_of_job(job, spec, settings=settings, home=home, tree=tree), self._on_preview
        )

    def _on_preview(self, preview: LaunchPreview | None) -> None:
        job = self._job
        if preview is not None and job is not None and job.job_id == preview.job_id and waits_for_trust(job):
            self.show()
            names = self._sources.reader.read(queries.names_of, [(job.run_id, job.ws_id)])
            self.card.show_previews((preview,), escape_invisible(names.job(job)))

    @Slot(str)
    def _on_decided(self, word: str) -> None:
        job = self._job
        if job is None:
            return
        if word == "reject":
            self.rejected.emit(job.job_id)
            return
        preview = self.card.previews[0]
        binding = binding_of(word, preview)
        self.trusted.emit(TrustJob(job_id=job.job_id, digests=preview.digests, binding=binding))

    @Slot()
    def _on_card_resized(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
