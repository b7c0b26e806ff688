"""The drop sheet: the dropped files, what they would run, and one button to add them. Adds nothing itself."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QFrame, QTableView, QVBoxLayout, QWidget

from engine.host.commands import AddJobs
from engine.settings import Settings
from engine.trust.policy import LaunchPreview
from gui.data.projection import Projection
from gui.data.readers import Readers
from gui.data.short_turns import short_turns
from gui.guarded import Guarded
from gui.sheets.intake.dropped_file_delegate import (
    ONE_LINE,
    TWO_LINES,
    DroppedFileDelegate,
    DroppedFileHeader,
)
from gui.sheets.intake.dropped_files import DroppedFile, TrustChecker
from gui.sheets.intake.dropped_files_model import DroppedFilesModel
from gui.sheets.intake.dropped_files_reader import DroppedFilesReader, ReadingProgress
from gui.sheets.intake.trust_card import TrustCard
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.buttons import push_button
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.label import PlainLabel
from gui.widgets.paint_in_turns import paint_in_turns
from gui.widgets.sheet_with_banner import SheetWithBanner
from state.database_errors import DatabaseError
from state.lifecycle import FINAL

_SHOW_PROGRESS_AFTER_MS = 1000
_PATIENCE_MS = 5000
_MOST_RUNS = 30
_CARD_MARGIN = 16


class DropSheet(SheetWithBanner):
    """Shows the files dropped on the window and waits for a person's decision.

    Signals:
        committed: (AddJobs) add these jobs; the sheet stays open until `answer` reports the outcome.
    """

    committed = Signal(object)

    def __init__(
        self,
        projection: Projection,
        theme: Theme,
        *,
        sources: Readers,
        parent: QWidget,
        card: TrustCard | None = None,
    ) -> None:
        """An empty sheet; with the `card` that `make_card` made in an earlier turn it takes half as long."""
        super().__init__(theme, parent)
        self.setObjectName("dropSheet")
        self._projection, self._sources = projection, sources
        self.model = DroppedFilesModel(projection, sources, self)
        self._reader = DroppedFilesReader(self)
        self._progress = ReadingProgress(done=True)
        self._waiting = False
        self._later: list[Path] = []
        self.patience_ms = _PATIENCE_MS
        self._late = QTimer(self, singleShot=True, interval=_SHOW_PROGRESS_AFTER_MS)
        self._patience = QTimer(self, singleShot=True)
        self._preview_due = QTimer(self, singleShot=True, interval=0)
        self._build_body(card or make_card(theme, self))
        self._build_footer()
        self.model.counted.connect(self._on_counted)
        self._reader.files_read.connect(self._on_files_read)
        self._reader.progressed.connect(self._on_progressed)
        self._late.timeout.connect(self._on_late)
        self._patience.timeout.connect(self._on_patience)
        self._preview_due.timeout.connect(self._on_preview_time)

    def add(self, paths: Sequence[Path]) -> None:
        """Add these files and folders to the list, and open the sheet."""
        if self._waiting:
            self._later += paths
            return
        if not self.is_open:
            self._reset()
        self._progress = ReadingProgress()
        self._reader.read(paths, self._checker())
        self._late.start()
        if self.isHidden():
            self.cover()
            short_turns().soon(self._open_covered)  # its turn has done enough with the drop
        self._show_counts()

    def _open_covered(self) -> None:
        if self.is_open:
            paint_in_turns(self.header, self.list)
            self.open()
            self._show_counts()

    def answer(self, error: str) -> None:
        """Close after the jobs were added, or show why they were not; nothing is lost then."""
        if not self._waiting:
            return
        self._set_waiting(waiting=False)
        later, self._later = self._later, []
        if error:
            self.show_banner(error)
            self.open()
            self.commit_button.setFocus()
        else:
            self.dismiss()
        if later:
            self.add(later)

    def request_close(self) -> None:
        """Close, unless the engine's answer is still outstanding."""
        if not self._waiting:
            self.dismiss()

    def dismiss(self) -> None:
        """Close the sheet; the files stay where they are."""
        self._reader.forget()
        self._late.stop()
        self._preview_due.stop()
        self._show_previews(-1)
        super().dismiss()

    def first_focus(self) -> QWidget:
        """The list, so that arrows and Space work at once."""
        return self.list

    def stop_reading(self) -> None:
        """Wait until no thread reads any more; for the end of the program."""
        self._reader.stop()
        self.trust_card.stop_reading()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """List the current runs."""
        super().showEvent(event)
        if not event.spontaneous():
            self._offer_runs()

    def _build_body(self, trust_card: TrustCard) -> None:
        self.header = DroppedFileHeader(self.theme, self)
        self.list = _Rows(self.model, self.theme, self)
        self.list.setAccessibleName(tr("Dropped files"))
        self.trust_card = trust_card
        self.trust_card.decided.connect(self._on_decided)
        self.trust_card.resized.connect(self._on_card_resized)
        self.list.selectionModel().currentRowChanged.connect(self._on_row_changed)
        card = QVBoxLayout()
        card.setContentsMargins(_CARD_MARGIN, 8, _CARD_MARGIN, 12)
        card.addWidget(self.trust_card)
        self._card_frame = QWidget(self)
        self._card_frame.setLayout(card)
        self._card_frame.hide()
        self.body.addWidget(self.header)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._card_frame)

    def _build_footer(self) -> None:
        self.hold_box = QCheckBox(tr("Hold all, start nothing yet"))
        self.hold_box.toggled.connect(self._on_hold_toggled)
        self.run_box = ChoiceBox(tr("Run"), self.theme)
        self.run_box.setMaximumWidth(220)
        self.cancel_button = push_button(tr("Cancel"))
        self.commit_button = push_button(tr("Add"), kind="primary")
        self.commit_button.setObjectName("commitButton")
        self.commit_button.setEnabled(False)  # until there is something to add
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.commit_button.clicked.connect(self._on_commit_clicked)
        self.footer.addWidget(self.hold_box)
        self.footer.addSpacing(4)
        self.footer.addWidget(PlainLabel(tr("Run"), theme=self.theme, role="small", color="t2"))
        self.footer.addWidget(self.run_box)
        self.footer.addStretch(1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.commit_button)

    def _reset(self) -> None:
        self._reader.forget()
        self.model.clear()
        self.hold_box.setChecked(False)
        self.hide_banner()

    def _offer_runs(self) -> None:
        self.run_box.clear()
        self.run_box.addItem(tr("New run"), None)
        open_runs = {job.run_id for job in self._projection.jobs.values() if job.status not in FINAL}
        runs = sorted(
            (run for run_id, run in self._projection.runs.items() if run_id in open_runs),
            key=lambda run: -run.created_at,
        )
        names = self._projection.names
        for run in runs[:_MOST_RUNS]:
            self.run_box.addItem(tr("Add to {run}", run=names.distinct_run(run.run_id)), run.run_id)

    def _commitment(self) -> AddJobs:
        run_id = self.run_box.currentData()
        jobs = self.model.selected(run_id)
        return AddJobs(
            jobs=jobs,
            shown=self.model.shown(jobs),
            trusted=self.model.trusted(),
            held=self.hold_box.isChecked(),
            run_id=run_id,
            title=self.model.run_title,
        )

    def _checker(self) -> Callable[[], TrustChecker]:
        """What makes the previews of jobs as the settings are now."""
        try:
            settings = self._sources.settings()
        except DatabaseError:
            settings = Settings()
        home = self._sources.home.root
        return partial(
            TrustChecker,
            settings.tool_paths,
            defaults=settings.tools,
            isolation=settings.isolation,
            home=home,
        )

    def _show_previews(self, number: int) -> None:
        """Show the trust card of this row if it needs one."""
        if previews := self._previews(number):
            self._card_frame.show()
            self.trust_card.show_previews(previews, self.model.row(number).file.path.name)
        else:
            self.trust_card.clear()
            self._card_frame.hide()
            self._on_card_resized()

    def _previews(self, number: int) -> Sequence[LaunchPreview]:
        return self.model.previews(number) if 0 <= number < self.model.rowCount() else ()

    def _show_card(self) -> None:
        """Show the trust card that was filled while it was hidden."""
        if self.is_open and self.trust_card.previews:
            paint_in_turns(self._card_frame)
            self._card_frame.show()
            self.trust_card.fit()

    def _show_counts(self) -> None:
        files, jobs = self.model.rowCount(), self.model.job_count
        counted = tr_count(
            "{files}, {n} job to add",
            "{files}, {n} jobs to add",
            jobs,
            files=tr_count("{n} file", "{n} files", files),
        )
        self.heading.setText(counted if files or self._progress.done else tr("Reading…"))
        self.sentence.setText(self._sentence())
        self.commit_button.setText(
            tr("Adding…") if self._waiting else tr_count("Add {n} job", "Add {n} jobs", jobs)
        )
        is_seen = not self.isHidden()
        ready = jobs > 0 and is_seen and not self._waiting and not self._reader.is_busy
        self.commit_button.setEnabled(ready)
        self.run_box.setItemText(0, tr("As the files say") if self.model.names_runs else tr("New run"))
        self.list.updateGeometry()
        if is_seen:
            self.place()

    def _sentence(self) -> str:
        progress = self._progress
        if not progress.done:
            if self._late.isActive() or not progress.found:  # they are still being looked for
                return tr("Nothing starts before you press Add.")
            return tr(
                "Read {read:,} of {found:,} files. Nothing starts before you press Add.",
                read=progress.read,
                found=progress.found,
            )
        broken, known = self.model.problem_count, self.model.known_count
        sentences = [progress.note] if progress.note else []
        if broken:
            sentences.append(
                tr_count(
                    "One file has an error and stays where it is.",
                    "{n} files have errors and stay where they are.",
                    broken,
                )
            )
        if known:
            sentences.append(
                tr_count(
                    "One file was added before and is not ticked.",
                    "{n} files were added before and are not ticked.",
                    known,
                )
            )
        return " ".join([*sentences, tr("Nothing starts before you press Add.")])

    def _set_waiting(self, *, waiting: bool) -> None:
        self._waiting = waiting
        if waiting:
            self.setFocus()  # or each disabled widget makes Qt look for the next one
        for widget in (self.list, self.hold_box, self.run_box, self.cancel_button):
            widget.setEnabled(not waiting)
        if waiting:
            self.hide_banner()
            self._patience.start(self.patience_ms)
        else:
            self._patience.stop()
            self.hide_banner()
            self.cancel_button.setText(tr("Cancel"))
        self._show_counts()

    @Slot(object)
    def _on_files_read(self, files: tuple[DroppedFile, ...]) -> None:
        first = self.model.rowCount() == 0
        self.model.append(files)
        if first and self.model.rowCount():
            self._preview_due.start()  # in a turn of its own: the card takes as long as the rows
            self.list.setCurrentIndex(self.model.index(0))

    @Slot(object)
    def _on_progressed(self, progress: ReadingProgress) -> None:
        self._progress = progress
        if progress.done:
            self._late.stop()
        self._show_counts()

    @Slot(QModelIndex, QModelIndex)
    def _on_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._preview_due.isActive():
            self._show_previews(current.row())

    @Slot()
    def _on_preview_time(self) -> None:
        short_turns().soon(self._fill_card)

    def _fill_card(self) -> None:
        """Fill the first trust card while it is hidden, and show it in another turn: each takes half a frame."""
        number = self.list.currentIndex().row()
        if not self.is_open:
            return
        if previews := self._previews(number):
            self.trust_card.fill(previews, self.model.row(number).file.path.name)
            short_turns().soon(self._show_card)
        else:
            self._show_previews(number)

    @Slot()
    def _on_card_resized(self) -> None:
        layout = self._card_frame.layout()
        if layout is not None:
            layout.activate()
        if self.is_open:
            self.place()

    @Slot(str)
    def _on_decided(self, word: str) -> None:
        number = self.list.currentIndex().row()
        if number >= 0:
            self.model.decide(number, word)
            self.list.setFocus()
            self._show_previews(number)
            self._show_counts()

    @Slot()
    def _on_late(self) -> None:
        self._show_counts()

    @Slot()
    def _on_patience(self) -> None:
        """Say that the engine is busy, and allow closing the sheet."""
        self.show_banner(
            tr("The engine has not answered yet. These jobs are added as soon as it does."), "waiting"
        )
        self.cancel_button.setText(tr("Close"))
        self.cancel_button.setEnabled(True)

    @Slot()
    def _on_counted(self) -> None:
        self._show_counts()

    @Slot(bool)
    def _on_hold_toggled(self, held: bool) -> None:  # noqa: FBT001 - Qt's own signature
        self.model.set_held(held)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.dismiss()

    @Slot()
    def _on_commit_clicked(self) -> None:
        commitment = self._commitment()
        if commitment.jobs:
            self._set_waiting(waiting=True)
            self.committed.emit(commitment)


def make_card(theme: Theme, parent: QWidget) -> TrustCard:
    """The trust card of a drop sheet, without its sheet."""
    return TrustCard(theme, parent, note=tr("it runs this once, as shown here"))


class _Rows(Guarded, QTableView):
    """The list of files, as high as its first rows need, so that the sheet is no larger than its content.

    A table of one column, since a list view repeats the layout of every row whenever some are added.
    """

    def __init__(self, model: DroppedFilesModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(DroppedFileDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.setMinimumHeight(96)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().hide()
        self._theme = theme
        model.rowsInserted.connect(self._on_rows_inserted)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the row in view whose card is shown."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as the first rows; more rows than a window holds need not be counted."""
        shown = min(self.model().rowCount(), 30)
        return QSize(600, sum(self.rowHeight(row) for row in range(shown)))

    @Slot(QModelIndex, int, int)
    def _on_rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Make rows with a reason two lines high."""
        model = self.model()
        for row in range(first, last + 1):
            if model.index(row, 0).data(DroppedFilesModel.ReasonRole):
                self.setRowHeight(row, self._theme.grown(TWO_LINES, 2))
        self.updateGeometry()

    @Slot()
    def _on_theme_changed(self) -> None:
        """Give each row the height of its lines."""
        self.verticalHeader().setDefaultSectionSize(self._theme.grown(ONE_LINE))
        self._on_rows_inserted(QModelIndex(), 0, self.model().rowCount() - 1)
