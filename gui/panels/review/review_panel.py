"""The Review panel: what waits for a person's decision, what it changed, and the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.review.diff_records import FileChange
from engine.system.formatting import short_duration
from gui.data.panel_filter import FilterPart
from gui.data.projection import ProjectionChanges
from gui.panels.panel_base import Panel, PanelContext
from gui.panels.review.check_watch import CheckWatch, WatchedCheck
from gui.panels.review.decisions import Decisions
from gui.panels.review.evidence_menu import SECTIONS, open_evidence
from gui.panels.review.merge_model import FAILED
from gui.panels.review.order_proposal import merge_proposal
from gui.panels.review.review_actions import ReviewActions
from gui.panels.review.review_records import MergeLine, ReviewQueue, ReviewSection, WorkstreamKey
from gui.panels.review.review_source import NoCommands, ReviewCommands, ReviewSource
from gui.panels.review.review_view import ReviewView, nothing_waits
from gui.panels.review.reviewing import Reviewing
from gui.panels.review.side_rows import SideComment, file_order
from gui.panels.review.stored_reviews import StoredReviews
from gui.panels.review.title_tools import FilterField, KeyHints
from gui.translation import tr, tr_count, translatable
from state.records import GroupStatus
from state.worktree_records import MergeState

_COALESCE_MS, _MINUTE_MS = 60, 60_000


class ReviewPanel(Panel):
    """Shows the reviews that wait and the diff of the selected one."""

    name = "review"
    title = translatable("Review")
    icon = "review"
    follows = frozenset({FilterPart.RUN})
    keys = "review"

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._fact = ""
        self._stale, self._conflicts = True, 0
        self._queue = ReviewQueue()
        self._checks = CheckWatch(self)
        self._checks.changed.connect(self._show_merges)
        stored = StoredReviews(
            self._projection, self._selection, self._sources, clock=self._clock, parent=self
        )
        stored.changed.connect(self._mark_stale)
        self.source: ReviewSource = stored
        self.view = ReviewView(self._theme, self._clock)
        self.reviewing = Reviewing(self.view, self._theme, self)
        self.filter = FilterField(self._theme)
        self.hints = KeyHints(self._theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.decisions = Decisions(self.view, self.reviewing, NoCommands(), self._theme, self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_COALESCE_MS)
        self._soon.timeout.connect(self._on_due)
        self._ages = QTimer(self)
        self._ages.setInterval(_MINUTE_MS)
        self._ages.timeout.connect(self._on_due)
        self._actions.add_keys_to(self, self.keys)
        self._moves = ReviewActions(self, self._actions)
        self._connect()

    @property
    def is_settled(self) -> bool:
        """Whether every change is shown and nothing is being read."""
        work = self.reviewing.work
        return not (self._stale or self.reviewing.loader.is_busy or (work is not None and work.reading))

    def fact(self) -> str:
        """How many wait, and how long the oldest has."""
        return self._fact

    def tools(self) -> list[QWidget]:
        """The keys, and the filter of the queue."""
        return [self.hints, self.filter]

    def state(self) -> dict[str, Any]:
        """The state to remember: the form of the diff, and what was being written."""
        reviewing = self.reviewing
        return {"unified": reviewing.unified, "drafts": reviewing.drafts.to_json()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a remembered state; invalid entries are ignored."""
        self.reviewing.drafts.restore(state.get("drafts"))
        self.reviewing.show_unified(state.get("unified") is True)

    def use(self, source: ReviewSource, commands: ReviewCommands) -> None:
        """Show what this source knows, and give the decisions to these commands."""
        self.source = source
        self.decisions.use(commands)
        self._mark_stale()

    def focus_find(self) -> None:
        """Focus the search in the file."""
        search = self.view.diff.head.search
        search.show()
        search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        search.selectAll()

    def stop_reading(self) -> None:
        """End the helper process."""
        super().stop_reading()
        self.reviewing.loader.close()

    def review(self, key: WorkstreamKey) -> None:
        """Look at the work of a workstream."""
        self.view.queue.select(key)

    def _on_shown(self) -> None:
        self._refresh()
        self._ages.start()

    def _on_hidden(self) -> None:
        self._ages.stop()
        self._checks.watch(())
        self._soon.stop()
        self._stale = True
        if self.window().isHidden():  # a closed window keeps no process
            self.reviewing.loader.close()

    def _connect(self) -> None:
        view, reviewing = self.view, self.reviewing
        self._projection.reset.connect(self._mark_stale)
        self._selection.changed.connect(self._mark_stale)
        self._projection.folded.connect(self._on_folded)
        self.filter.textChanged.connect(self._on_filter_changed)
        self.filter.left.connect(view.focus_work)
        view.shaped.connect(self._on_shaped)
        view.empty.action_requested.connect(self._selection.clear_filter)
        view.queue.selected.connect(self._on_review_selected)
        view.queue.restore_requested.connect(self._on_restore_requested)
        view.queue.mark_pressed.connect(self._on_mark_pressed)
        view.files.file_selected.connect(reviewing.show_file)
        view.files.viewed_changed.connect(self._on_viewed_changed)
        view.files.fold_requested.connect(reviewing.toggle_folded)
        view.files.comment_selected.connect(self._on_comment_selected)
        view.files.comment_requested.connect(self.decisions.comment_in_general)
        view.head.whole_chosen.connect(self._on_whole_chosen)
        view.head.unified_chosen.connect(reviewing.show_unified)
        view.head.attempt_chosen.connect(self._on_attempt_chosen)
        view.head.step_requested.connect(view.queue.step)
        view.evidence.opened.connect(self._on_evidence_opened)
        view.diff.head.viewed_changed.connect(self._on_viewed_pressed)
        view.diff.head.next_requested.connect(self._on_next_file)
        view.diff.head.file_selected.connect(self._on_file_chosen)
        view.diff.output_requested.connect(self._on_output_requested)
        view.bar.queue_requested.connect(self.toggle_merges)
        view.merges.closed.connect(self.toggle_merges)
        view.merges.verb_requested.connect(self._on_verb_requested)

    def _refresh(self) -> None:
        self._stale = False
        with self.view.focus_kept():
            self._show_queue()
        self._show_fact()

    def _show_queue(self) -> None:
        self._queue = queue = self.source.queue()
        view = self.view
        view.queue.show_queue(queue)
        waiting = view.reviews.items(ReviewSection.WAITING)
        if view.queue.key is None and waiting:
            view.queue.select(waiting[0].key)
        key = view.queue.key
        work = None if key is None else self.source.work(key)
        self.reviewing.show(work)
        self._show_empty()
        view.show_work(any_review=bool(queue.items), any_work=work is not None)
        self._show_hints()
        self._show_merges()
        self.decisions.show()

    def _show_empty(self) -> None:
        """Say that nothing waits, or how much waits in the runs that the filter hides."""
        streams = self._projection.workstreams.values()
        waiting = sum(stream.status is GroupStatus.REVIEW for stream in streams)
        if waiting and self.followed_filter():
            self.view.empty.show_message(
                self.hidden_by_filter(tr_count("{n} review", "{n} reviews", waiting)), action=tr("Clear")
            )
        else:
            self.view.empty.show_message(*nothing_waits())

    @Slot()
    def _show_merges(self) -> None:
        view = self.view
        conflicts = sum(line.state in FAILED for line in self._queue.merges)
        if conflicts > self._conflicts:
            view.open_merges(shown=True)
        self._conflicts = conflicts
        queue = self._watched(self._queue)
        work = self.reviewing.work
        sentence = work.queue_sentence if work is not None else ""
        narrow = "" if view.has_queue else sentence
        view.merges.show_queue(queue, narrow, proposal=merge_proposal(self._projection))
        shown = sentence if view.is_full or (view.merges_open and view.has_queue) else ""
        view.bar.show_queue(len(queue.merges), shown, is_open=view.merges_open)
        self._show_place()

    def _check_logs(self, running: Sequence[MergeLine]) -> list[Path]:
        if not running:
            return []
        from engine.host.merge_run import check_log  # noqa: PLC0415 - it loads every adapter

        return [check_log(self._sources.home, line.merge_id) for line in running]

    def _watched(self, queue: ReviewQueue) -> ReviewQueue:
        """The queue with how far the checks are that run; watched as long as the strip shows them."""
        shown = queue.merges if self.isVisible() and self.view.merges_open else ()
        running = [line for line in shown if line.state is MergeState.CHECKING and line.repo]
        logs = self._check_logs(running)
        self._checks.watch(
            [
                WatchedCheck(line.merge_id, log, Path(line.repo))
                for line, log in zip(running, logs, strict=True)
            ]
        )
        return replace(queue, merges=[self._with_progress(line) for line in queue.merges])

    def _with_progress(self, line: MergeLine) -> MergeLine:
        if line.state is not MergeState.CHECKING:
            return line
        progress = self._checks.progress(line.merge_id)
        return replace(line, command=progress.command, last_line=progress.last_line)

    def _show_place(self) -> None:
        """Say which review this is, where the queue has no column."""
        view = self.view
        keys = [item.key for item in view.reviews.items(ReviewSection.WAITING)]
        place = tr("{number} to review", number=len(keys)) if keys else ""
        if view.queue.key in keys:
            place = tr("review {number} of {total}", number=keys.index(view.queue.key) + 1, total=len(keys))
        view.head.show_place("" if view.has_queue else place)

    def _show_fact(self) -> None:
        waiting = [item for item in self._queue.items if item.section is ReviewSection.WAITING]
        since = min((item.since for item in waiting if item.since is not None), default=None)
        fact = tr_count("{n} waits", "{n} wait", len(waiting)) if waiting else ""
        if since is not None:
            fact = tr("{waiting}, oldest {age}", waiting=fact, age=short_duration(self._clock() - since))
        if fact != self._fact:
            self._fact = fact
            self.fact_changed.emit()

    @Slot()
    def _mark_stale(self) -> None:
        self._stale = True
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if changes.events:
            self._mark_stale()

    @Slot()
    def _on_due(self) -> None:
        if self.isVisible():
            self._refresh()

    @Slot(str)
    def _on_filter_changed(self, text: str) -> None:
        self.view.reviews.set_filter(text)
        self.view.queue.keep_selected()

    def _show_hints(self) -> None:
        """Show the keys where there is room for them, and work that they act on."""
        self.hints.setVisible(self.view.is_full and self.view.has_work)

    @Slot()
    def _on_shaped(self) -> None:
        self._show_hints()
        self.reviewing.show_form()
        self._show_merges()

    @Slot(object)
    def _on_review_selected(self, _key: WorkstreamKey) -> None:
        if self.isVisible() and not self._stale:
            self._refresh()

    @Slot(object)
    def _on_restore_requested(self, key: WorkstreamKey) -> None:
        self.view.queue.select(key)
        self._refresh()
        self.decisions.restore()

    @Slot(object, str)
    def _on_mark_pressed(self, key: WorkstreamKey, name: str) -> None:
        self.view.queue.select(key)
        self._refresh()
        self._on_evidence_opened(name)

    @Slot(object, bool)
    def _on_viewed_changed(self, file: FileChange, viewed: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.decisions.set_viewed(file, viewed=viewed)

    @Slot(bool)
    def _on_viewed_pressed(self, viewed: bool) -> None:  # noqa: FBT001 - as above
        if self.reviewing.file is not None:
            self.decisions.set_viewed(self.reviewing.file, viewed=viewed)

    @Slot(object)
    def _on_comment_selected(self, row: SideComment) -> None:
        if row.path is None:
            self.decisions.comment_in_general()
        else:
            self.reviewing.go_to(row.path, row.place)

    @Slot(bool)
    def _on_whole_chosen(self, whole: bool) -> None:  # noqa: FBT001 - as above
        self.reviewing.compare(whole=whole)

    @Slot(int)
    def _on_attempt_chosen(self, attempt: int) -> None:
        self.reviewing.compare(attempt=attempt)

    @Slot()
    def _on_next_file(self) -> None:
        self.reviewing.step_file(1)

    @Slot(int)
    def _on_file_chosen(self, number: int) -> None:
        self.reviewing.show_file(file_order(self.reviewing.files)[number].path)

    @Slot(str)
    def _on_evidence_opened(self, name: str) -> None:
        work = self.reviewing.work
        if work is None or (self.view.is_full and self.view.files.show_section(SECTIONS.get(name, ""))):
            return
        if name == "check":
            self._actions.run("show_check_log", self._jobs())
        elif not open_evidence(self, name, work, self.reviewing.files) and name in {"tests", "cost"}:
            self._actions.run("show_details", self._jobs())

    @Slot()
    def _on_output_requested(self) -> None:
        self._actions.run("show_log", self._jobs())

    def _jobs(self) -> tuple[str, ...]:
        work = self.reviewing.work
        return () if work is None else tuple(job.job_id for job in self._projection.jobs_of(work.key))

    @Slot()
    def toggle_merges(self) -> None:
        """Show the merge queue, or hide it."""
        self.view.open_merges(shown=not self.view.merges_open)
        self._show_merges()
        if self.view.merges_open:
            self.view.merges.focus_rows()

    @Slot(str, object)
    def _on_verb_requested(self, verb: str, line: MergeLine) -> None:
        match verb:
            case "compare" | "send_back":
                self.view.queue.select(line.key)
                if verb == "send_back":
                    self.decisions.send_back()
            case "log":
                jobs = tuple(job.job_id for job in self._projection.jobs_of(line.key))
                self._actions.run("show_check_log", jobs)
            case _:
                self.decisions.carry_out(verb, line)
