"""The tabs of the details: changes, output, job file, events, environment. Each reads only when it is in view."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from engine.runners import layout
from engine.system.formatting import clock_second
from gui.control.background_tasks import BackgroundTasks
from gui.data.event_history_model import EventHistoryModel
from gui.data.readers import Readers
from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.details.attempt_changes import AttemptChanges, DiffRequest, read_changes
from gui.panels.details.diff_view import DiffView
from gui.panels.details.facts import environment, folder_of, reads_only, redacted_job_file
from gui.panels.details.output_view import OutputView
from gui.theme.theme import Theme
from gui.translation import tr, tr_count, translatable
from gui.widgets.event_history_delegate import EventHistoryDelegate
from gui.widgets.key_values import KeyValues
from gui.widgets.label import PlainLabel
from gui.widgets.sheet import Hairline
from state import event_queries, statistics
from state.records import Attempt, AttemptStatus, Job

NAMES = (
    translatable("Changes"),
    translatable("Output"),
    translatable("Job file"),
    translatable("Events"),
    translatable("Environment"),
)
"""The tabs by which the code knows them; each is translated where it is shown."""
_AROUND_TAB = 18
"""The padding of a tab in the style sheet."""
_LARGEST_INVOCATION = 64 * 1024


class JobTabs(Guarded, QWidget):
    """The changes and output of one attempt, and the file, events and environment of its job."""

    def __init__(self, theme: Theme, *, sources: Readers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources = sources
        self._attempt: Attempt | None = None
        self._spec: Mapping[str, Any] = {}
        self._compared: tuple[int, AttemptStatus] | None = None
        self._path: str | None = None
        self._chosen: str | None = None
        """The tab that was last chosen by hand; a failed job opens at its output all the same."""
        self._counts: dict[str, int] = {}
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.bar.setAccessibleName(tr("Parts of the job"))
        self.diff = DiffView(theme)
        self.output = OutputView(theme, sources=sources)
        self.file = _text_view(tr("Job file"))
        self.events = EventHistoryModel(self)
        self.errors = PlainLabel(theme=theme, role="small", color="t2")
        self.environment = KeyValues(theme)
        self._theme = theme
        self._pages = QStackedWidget()
        pages = (self.diff, self.output, self.file, self._events_page(), self._environment_page())
        for name, page in zip(NAMES, pages, strict=True):
            self.bar.addTab(tr(name))
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(Hairline(theme))
        column.addWidget(self._pages, 1)
        self.setMinimumHeight(220)
        self._reader = BackgroundTasks(self)
        self.bar.currentChanged.connect(self._on_tab_changed)
        self.bar.tabBarClicked.connect(self._on_tab_clicked)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def turn_to(self, name: str) -> None:
        """Show a tab."""
        self.bar.setCurrentIndex(NAMES.index(name))

    def open_for(self, *, failed: bool) -> None:
        """Show the tab for another job: the output of a failed one, else the tab that was last chosen.

        As long as none was chosen, these are the changes, or the output where git cannot say what changed.
        """
        unknown = self._attempt is not None and "changes_unknown" in self._attempt.result.get("metadata", {})
        self.turn_to("Output" if failed else self._chosen or ("Output" if unknown else "Changes"))

    def show_nothing(self) -> None:
        """Show no job."""
        self._attempt, self._spec, self._compared = None, {}, None
        self._reader.forget()
        self.output.show_attempt(None)
        self.diff.show_message("")

    def show_job(self, job: Job, spec: Mapping[str, Any]) -> None:
        """Show another job; its attempts and events follow."""
        self._attempt, self._spec, self._compared, self._path = None, spec, None, None
        self._reader.forget()
        self.file.setPlainText(
            redacted_job_file(spec) if spec else tr("{job_id} has no job file.", job_id=job.job_id)
        )
        self.events.show_events(())
        self._count("Changes", 0)

    def show_attempt(self, attempt: Attempt | None) -> None:
        """Show the changes and the output of this attempt."""
        self._attempt = attempt
        self.output.show_attempt(attempt)
        changed = () if attempt is None else attempt.result.get("metadata", {}).get("changed_files", ())
        self._count("Changes", len(changed))
        self._show_current()

    def show_events(self, job: Job) -> None:
        """Show the events of a job, and how often its failures occurred elsewhere."""
        events = self._sources.reader.read(event_queries.events_of_job, job.job_id)
        self.events.show_events(events)
        self._count("Events", len(events))
        seen = [
            error
            for error in self._sources.reader.read(statistics.error_counts)
            if error.last_job_id == job.job_id and error.count > 1
        ]
        sentences = [
            tr_count(
                "Seen {n} time, last at {at}: {text}",
                "Seen {n} times, last at {at}: {text}",
                one.count,
                at=clock_second(one.last_at),
                text=one.text,
            )
            for one in seen
        ]
        self.errors.setText("\n".join(sentences))
        self.errors.setVisible(bool(sentences))

    def show_path(self, path: str) -> None:
        """Show this file once the changes are read."""
        self._path = path
        self.diff.show_path(path)

    def _events_page(self) -> QWidget:
        page = QWidget()
        self.events_view = QListView()
        self.events_view.setModel(self.events)
        self.events_view.setItemDelegate(EventHistoryDelegate(self._theme, self.events_view))
        self.events_view.setAccessibleName(tr("Events of the job"))
        self.events_view.setFrameShape(QFrame.Shape.NoFrame)
        self.events_view.setUniformItemSizes(True)
        self.errors.setWordWrap(True)
        self.errors.setContentsMargins(12, 8, 12, 8)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.events_view, 1)
        column.addWidget(self.errors)
        return page

    def _environment_page(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.environment)
        column.addStretch(1)
        page = QScrollArea()
        page.setWidgetResizable(True)
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setWidget(inside)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the numbers out where the names alone fit."""
        super().resizeEvent(event)
        self._name_tabs()

    def _count(self, name: str, number: int) -> None:
        if self._counts.get(name, 0) != number:
            self._counts[name] = number
            self._name_tabs()

    def _name_tabs(self) -> None:
        """The names of the tabs, with their numbers if there is room; the tool tips always have them."""
        full = [
            f"{tr(name)} {figure(self._counts[name])}" if self._counts.get(name) else tr(name)
            for name in NAMES
        ]
        widths = map(self.bar.fontMetrics().horizontalAdvance, full)
        fits = sum(width + _AROUND_TAB for width in widths) <= self.width()
        for index, (name, text) in enumerate(zip(NAMES, full, strict=True)):
            self.bar.setTabToolTip(index, text)
            if self.bar.tabText(index) != (shown := text if fits else tr(name)):
                self.bar.setTabText(index, shown)

    def _show_current(self) -> None:
        match NAMES[self.bar.currentIndex()]:
            case "Changes":
                self._read_changes()
            case "Environment":
                self.environment.show_facts(environment(self._spec, self._passed()))
            case _:
                pass

    def _read_changes(self) -> None:
        attempt = self._attempt
        if attempt is None:
            self.diff.show_message(tr("Nothing has changed yet; the job has not started."))
            return
        if self._compared == (attempt.id, attempt.status):
            return
        if reads_only(self._spec):
            self.diff.show_message(tr("This job only reads; it changes no files."))
            return
        if self._compared is None or self._compared[0] != attempt.id:
            self.diff.show_message(tr("Reading the changes…"))
        self._compared = (attempt.id, attempt.status)
        folder = self._sources.home.attempts / attempt.folder_name
        running = attempt.status is AttemptStatus.RUNNING
        metadata = attempt.result.get("metadata", {})
        repo = folder_of(self._spec)
        request = DiffRequest(folder=folder, running=running, metadata=metadata, repo=repo)
        self._reader.run_latest(lambda: read_changes(request), self._on_changes_read)

    def _passed(self) -> Sequence[str]:
        """The names of the variables the attempt got, as recorded in its folder."""
        if self._attempt is None:
            return ()
        folder = self._sources.home.attempts / self._attempt.folder_name
        try:
            with (folder / layout.INVOCATION).open("rb") as file:
                invocation = json.loads(file.read(_LARGEST_INVOCATION))
        except (OSError, ValueError):
            return ()
        return [str(name) for name in invocation.get("env_names", ())] if isinstance(invocation, dict) else ()

    @Slot(int)
    def _on_tab_clicked(self, index: int) -> None:
        if index >= 0:
            self._chosen = NAMES[index]

    @Slot(int)
    def _on_tab_changed(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        if (
            NAMES[index] == "Changes"
            and self._attempt is not None
            and self._attempt.status is AttemptStatus.RUNNING
        ):
            self._compared = None  # a running attempt may have changed more since
        self._show_current()

    def _on_changes_read(self, changes: AttemptChanges) -> None:
        self.diff.show_changes(changes)
        self._count("Changes", len(changes.files))
        if self._path is not None:
            self.diff.show_path(self._path)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.file.setFont(self._theme.font("mono"))
        self.bar.setFont(self._theme.font("small"))


def _text_view(name: str) -> QPlainTextEdit:
    view = QPlainTextEdit()
    view.setReadOnly(True)
    view.setAccessibleName(name)
    view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setProperty("flat", True)  # noqa: FBT003 - Qt's own signature
    return view
