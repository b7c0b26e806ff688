"""The details of one job: header, steps, attempts and tabs. Follows the selection; reads what events do not carry."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from gui.data.attempts_model import AttemptsModel, has_failed
from gui.data.job_actions import RESTORE_WORK
from gui.data.job_display import focus_of, job_state
from gui.data.projection import ProjectionChanges
from gui.panels.details.attempts_timeline import AttemptsTimeline
from gui.panels.details.attempts_view import AttemptsView
from gui.panels.details.facts import facts_of
from gui.panels.details.isolation_facts import isolation_facts
from gui.panels.details.job_header import JobHeader
from gui.panels.details.note_part import NotePart
from gui.panels.details.steps_model import StepRow, StepsModel
from gui.panels.details.steps_view import StepsView
from gui.panels.details.tabs import JobTabs
from gui.panels.details.trust_part import TrustPart
from gui.panels.panel_base import Panel, PanelContext
from gui.translation import tr, translatable
from gui.widgets.buttons import keep_icon, push_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.fact import Fact
from gui.widgets.section import Section
from gui.widgets.sheet import Hairline
from state import attempt_queries, callback_queries, queries
from state.lifecycle import is_restorable
from state.records import Attempt, CallbackRun, Job, JobStatus

_SECOND_MS = 1000
_EMPTY_ICON = "note"
_RUNNING = JobStatus.RUNNING


class DetailsPanel(Panel):
    """Everything about the selected job, or the job in focus of the selected workstream.

    Signals:
        comparison_requested: (Job, attempt id) compare this attempt with another one.
        job_trusted: (TrustJob) a person has reviewed what the held job would run, and allows it.
    """

    comparison_requested = Signal(object, object)
    job_trusted = Signal(object)
    name = "details"
    title = translatable("Job details")
    icon = "file"
    follows = frozenset()  # a job that was opened stays open

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._job: Job | None = None
        self._spec: Mapping[str, Any] = {}
        self._attempt_id: int | None = None
        self._callback: CallbackRun | None = None
        self._stale, self._is_at_error = True, False
        self.attempts = AttemptsModel(self)
        self.steps = StepsModel(self)
        self.head = JobHeader(self._theme, self._actions)
        self.note_part = NotePart(self._theme, self._actions)
        self.trust_part = TrustPart(self._theme, sources=self._sources)
        self.steps_view = StepsView(self.steps, self._theme)
        self.axis = AttemptsTimeline(self._theme)
        self.attempts_view = AttemptsView(self.attempts, self._theme)
        self.tabs = JobTabs(self._theme, sources=self._sources)
        self.tabs.events.shown = self._projection.shown_sentence
        self._steps_part = Section(tr("Steps"), self._theme, self.steps_view)
        self._attempts_part = Section(
            tr("Attempts"), self._theme, self.axis, self.attempts_view, inset=self.axis
        )
        self.compare_button = push_button(tr("Compare…"), kind="quiet", small=True)
        self.compare_button.setToolTip(tr("Compare this attempt with the one before it"))
        keep_icon(self.compare_button, self._theme, "diff", "t2")
        self._attempts_part.add_tool(self.compare_button)
        self.compare_button.clicked.connect(self._on_compare_clicked)
        self._empty_state = EmptyState(self._theme, _EMPTY_ICON, tr("Select a card, a file or a line."))
        self._lay_out()
        self._tick = QTimer(self, interval=_SECOND_MS)
        self._tick.timeout.connect(self._on_tick)
        self.tabs.output.error_opened.connect(self._on_error_opened)
        self.trust_part.trusted.connect(self.job_trusted)
        self.trust_part.rejected.connect(self._on_rejected)
        self.steps_view.selected.connect(self._on_step_selected)
        self.axis.selected.connect(self._on_attempt_selected)
        self.attempts_view.selected.connect(self._on_attempt_selected)
        self._projection.reset.connect(self._on_reset)
        self._projection.folded.connect(self._on_folded)
        self._selection.changed.connect(self._on_selection_changed)

    @property
    def job(self) -> Job | None:
        """The job whose details are shown."""
        return self._job

    def fact(self) -> str:
        """Workstream and step: ``cart-totals / edit``."""
        if self._job is None:
            return ""
        names, job = self._projection.names, self._job
        stream, step = names.workstream(job.ws_key), names.step(job)
        return f"{stream} / {step}" if step != stream else stream

    @property
    def is_settled(self) -> bool:
        """Whether the output requested is shown."""
        return self.tabs.output.is_settled

    def show_changes(self) -> None:
        """Show the changes of the job."""
        self.tabs.turn_to("Changes")

    def show_failure(self) -> None:
        """Show why the job has failed: its output at the first error. Of a job that has not failed, change nothing."""
        if has_failed(self.attempts.attempts):
            self.tabs.turn_to("Output")
            self.tabs.output.go_to_first_error()
            self.tabs.output.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def state(self) -> dict[str, Any]:
        """Whether long lines of the output are wrapped."""
        return {"wrap": self.tabs.output.wraps}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore what `state` returned."""
        if isinstance(wrap := state.get("wrap"), bool):
            self.tabs.output.set_wrap(on=wrap)

    def event(self, event: QEvent) -> bool:
        """Claim F8 while the focus is in here: it then goes to the errors of this job, not to those of the Logs."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_F8
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the next error with F8, to the previous one with Shift+F8."""
        if event.key() != Qt.Key.Key_F8:
            super().keyPressEvent(event)
            return
        self.tabs.turn_to("Output")
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.tabs.output.go_to_error(-1 if back else 1)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The size in the design."""
        return QSize(480, 640)

    def _on_shown(self) -> None:
        if self._stale:
            self._load()
        self._set_tick()

    def _on_hidden(self) -> None:
        self._tick.stop()

    def _lay_out(self) -> None:
        """From the outside in: a part that has parts is slow to be given another parent."""
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty_state)
        page = QWidget(self)
        page.setMinimumSize(1, 1)  # the width of the actions does not widen the dock
        self._stack.addWidget(page)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.head)  # what can be done stays in view while the rest scrolls
        scroll = self._scroll = QScrollArea(page)
        rows.addWidget(scroll, 1)
        scroll.setAccessibleName(tr("Job details"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        scroll.verticalScrollBar().actionTriggered.connect(self._on_scrolled)
        inside = QWidget(scroll)
        scroll.setWidget(inside)
        column = self._inside = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (
            self.head.below,
            self.note_part,
            self.trust_part,
            Hairline(self._theme, inside),
            self._steps_part,
            self._attempts_part,
        ):
            column.addWidget(part)
        column.addWidget(self.tabs, 1)

    def _selected_job(self) -> Job | None:
        """The selected job, or else the job in focus of the selected workstream."""
        selected = self._selection
        if selected.job_id is not None:
            known = self._projection.jobs.get(selected.job_id)
            return known or self._sources.reader.read(queries.find_job, selected.job_id)
        return (
            focus_of(self._projection.jobs_of(selected.workstream))
            if selected.workstream is not None
            else None
        )

    def _load(self) -> None:
        """Read the job again and show all of it."""
        self._stale = False
        job = self._selected_job()
        other = job is None or self._job is None or job.job_id != self._job.job_id
        before, self._job = self._job, job
        key = None if job is None else (job.run_id, job.ws_id)
        self.trust_part.show_job(job, None if key is None else self._projection.worktrees.get(key))
        if job is None:
            self.attempts.show_attempts((), self._clock())
            self.tabs.show_nothing()
            self._stack.setCurrentIndex(0)
        else:
            if other:
                self._attempt_id = None
                self._spec = self._sources.reader.read(queries.job_spec, job.job_id)
                self.tabs.show_job(job, self._spec)
                self._is_at_error = False
                self._scroll.verticalScrollBar().setValue(0)
            self._show(job)
            if other:
                self.tabs.open_for(failed=has_failed(self.attempts.attempts))
            self._stack.setCurrentIndex(1)
        if before != job:
            self.fact_changed.emit()
        self._set_tick()

    def _show(self, job: Job) -> None:
        now = self._clock()
        self._callback = self._read_callback(job)
        self._show_header(job, now)
        attempts = self._sources.reader.read(attempt_queries.attempts_of, job.job_id)
        known = {attempt.id for attempt in self.attempts.attempts}
        if any(attempt.id not in known for attempt in attempts):
            self._attempt_id = None  # show the new attempt
        self.attempts.show_attempts(attempts, now)
        self.axis.show_attempts(attempts, now)
        self._attempts_part.setVisible(bool(attempts))
        self.compare_button.setVisible(len(attempts) > 1)
        self._attempts_part.show_fact(self.axis.span())
        self.attempts_view.select(self._attempt_id)
        self.tabs.show_attempt(self._attempt(attempts))
        self.tabs.show_events(job)

    def _show_header(self, job: Job, now: float) -> None:
        explainer, names = self._projection.explainer(now), self._projection.names
        siblings = self._projection.jobs_of((job.run_id, job.ws_id))
        streams = self._projection.workstreams_of(job.run_id)
        run_jobs = (one for stream in streams for one in self._projection.jobs_of(stream.key))
        facts = facts_of(
            job,
            self._spec,
            names=names,
            wait=explainer.wait(job),
            followers=[one for one in run_jobs if job.job_id in one.depends_on],
            callback=self._callback,
            isolation=self._isolation(job),
            run=self._projection.runs.get(job.run_id),
            now=now,
        )
        stream = self._projection.workstreams.get((job.run_id, job.ws_id))
        tree = self._projection.worktrees.get((job.run_id, job.ws_id))
        if stream is not None and is_restorable(stream.review, tree):
            facts = replace(facts, actions=(RESTORE_WORK, *facts.actions))
        self.head.show_facts(job.job_id, facts)
        self.note_part.show_job(job)
        self.steps.show_steps(
            [StepRow(one, job_state(one, explainer.wait(one)), names.step(one)) for one in siblings]
        )
        self.steps_view.select(job.job_id)
        self._steps_part.setVisible(len(siblings) > 1)
        position = next((number for number, one in enumerate(siblings, 1) if one.job_id == job.job_id), 0)
        done = sum(one.status is JobStatus.COMPLETED for one in siblings)
        self._steps_part.show_fact(
            tr("step {number} of {total}, {done} done", number=position, total=len(siblings), done=done)
        )

    def _isolation(self, job: Job) -> tuple[Fact, ...]:
        """The facts about the worktree of its workstream."""
        records, key = self._projection, (job.run_id, job.ws_id)
        tree = records.worktrees.get(key)
        if tree is None:
            return ()
        return tuple(isolation_facts(tree, records.workstreams.get(key), records.merges.get(key)))

    def _attempt(self, attempts: Sequence[Attempt]) -> Attempt | None:
        if not attempts:
            return None
        return next((one for one in attempts if one.id == self._attempt_id), attempts[-1])

    def _read_callback(self, job: Job) -> CallbackRun | None:
        """The command promised with the last end of a job."""
        promised = self._sources.reader.read(callback_queries.callbacks_where, job_id=job.job_id)
        return promised[-1] if promised else None

    def _set_tick(self) -> None:
        if (
            self.isVisible()
            and self._job is not None
            and (self._job.status is _RUNNING or self._callback_is_open())
        ):
            self._tick.start()
        else:
            self._tick.stop()

    def _callback_is_open(self) -> bool:
        """Whether the command at the end of the job waits or runs."""
        return self._callback is not None and self._callback.status in callback_queries.OPEN

    def _refresh(self) -> None:
        if self.isVisible():
            self._load()
        else:
            self._stale = True

    @Slot()
    def _on_selection_changed(self) -> None:
        self._refresh()
        if self._selection.path is not None:
            self.tabs.show_path(self._selection.path)

    @Slot()
    def _on_reset(self) -> None:
        self._job = None
        self._refresh()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        job = self._job
        if job is None:
            if self._selected_job() is not None:
                self._refresh()
        elif (
            job.job_id in changes.jobs
            or (job.run_id, job.ws_id) in changes.workstreams
            or any(event.job_id == job.job_id for event in changes.events)
        ):
            self._refresh()
        elif changes.queue and self.isVisible():
            self._show_header(job, self._clock())
        elif changes.queue:
            self._stale = True

    @Slot()
    def _on_error_opened(self) -> None:
        """Scroll to the output: in a low panel the facts, steps and attempts above it would hide why the job failed."""
        self._is_at_error = True
        self._inside.activate()
        self._on_range_changed()

    @Slot()
    def _on_range_changed(self) -> None:
        """Keep the output in view while what wraps above it gets its height, until a person scrolls."""
        if self._is_at_error:
            self._scroll.ensureWidgetVisible(self.tabs.output, 0, 0)

    @Slot()
    def _on_scrolled(self) -> None:
        self._is_at_error = False

    @Slot(str)
    def _on_rejected(self, job_id: str) -> None:
        self._actions.run("cancel", (job_id,))

    @Slot()
    def _on_tick(self) -> None:
        """Update the duration of the running attempt, and what no event reports: the command at the end of the job."""
        now = self._clock()
        if self._job is not None and self._callback_is_open():
            before, self._callback = self._callback, self._read_callback(self._job)
            if self._callback != before:
                self._show_header(self._job, now)
                self._set_tick()
        self.attempts.tick(now)
        self.axis.show_attempts(self.attempts.attempts, now)

    @Slot(str)
    def _on_step_selected(self, job_id: str) -> None:
        if self._job is not None and job_id != self._job.job_id:
            self._selection.select_job(job_id, (self._job.run_id, self._job.ws_id))

    @Slot()
    def _on_compare_clicked(self) -> None:
        shown = self._attempt(self.attempts.attempts)
        if self._job is not None and shown is not None:
            self.comparison_requested.emit(self._job, shown.id)

    @Slot(object)
    def _on_attempt_selected(self, attempt_id: int) -> None:
        if attempt_id == self._attempt_id:
            return
        self._attempt_id = attempt_id
        self.attempts_view.select(attempt_id)
        self.axis.show_current(attempt_id)
        self.tabs.show_attempt(self._attempt(self.attempts.attempts))
