"""The Pipeline Radar panel: wires disc, matrix and inspector to one survey and one selection."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from gui.data.age_ticks import is_young
from gui.data.panel_filter import PanelFilter
from gui.data.projection import ProjectionChanges
from gui.data.short_turns import short_turns
from gui.panels.panel_base import Panel, PanelContext
from gui.panels.radar import disc_accessible
from gui.panels.radar.conflict_list import ConflictList
from gui.panels.radar.disc import RadarDisc
from gui.panels.radar.file_facts import conflict_counts, facts_of_file, facts_of_lane, shared_files, summary
from gui.panels.radar.file_history import read_history
from gui.panels.radar.geometry import Blip
from gui.panels.radar.inspector import Inspector
from gui.panels.radar.legend import RadarLegend
from gui.panels.radar.panel_shape import PanelShape
from gui.panels.radar.pipeline_map import FileIndex, only_states, runs_shown, survey
from gui.panels.radar.pipeline_records import FileKey, RadarLane, Survey, WorkstreamKey
from gui.panels.radar.stage_matrix import StageMatrix
from gui.panels.radar.state_menu import CrowdMenu, StateMenu
from gui.panels.radar.stuck_files import UsualSeconds, stuck_files, usual_seconds
from gui.panels.radar.stuck_line import StuckLine
from gui.panels.radar.urgency import by_urgency
from gui.translation import tr, tr_count, translatable
from gui.widgets.buttons import icon_button, keep_icon, push_button
from gui.widgets.empty_state import EmptyState

_DISC_TIP = translatable("Show the round display")
_NO_ROOM_TIP = translatable("The round display needs a wider panel")
_NO_LIMIT = 16_777_215  # Qt's QWIDGETSIZE_MAX
_MAX_ROWS = 20
_COALESCE_MS = 60
_MINUTE_MS = 60_000
_SECOND_MS = 1_000


class RadarPanel(Panel):
    """Shows where every file of the selected runs is."""

    name = "radar"
    title = translatable("Pipeline Radar")
    icon = "radar"

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        disc_accessible.install()
        self._index = FileIndex()
        self._survey = Survey()
        self._usual: UsualSeconds | None = None
        self._fact = ""
        self._shown_for = PanelFilter()
        self._stale = True
        self._disc_enabled = True
        self.stuck = StuckLine(self._theme)
        self.disc = RadarDisc(self._theme)
        self.matrix = StageMatrix(self._theme)
        self.inspector = Inspector(self._theme)
        self.inspector.history.shown = self._projection.shown_sentence
        self.conflicts = ConflictList(self._theme)
        self._legend = RadarLegend(self._theme)
        self._empty = EmptyState(self._theme, self.icon, "")
        self._conflict_button = push_button("", kind="quiet", small=True)
        self._disc_button = icon_button(self._theme, "radar", tr(_DISC_TIP))
        self._filter_button = self._funnel = icon_button(self._theme, "filter", tr("Show only some states"))
        self._coalescing = self._timer(_COALESCE_MS, self._on_due, single=True)
        self._ages = self._timer(_MINUTE_MS, self._on_due, single=False)
        self._lay_out()
        self._connect()

    def fact(self) -> str:
        """The number of files and workstreams."""
        return self._fact

    @property
    def is_settled(self) -> bool:
        """Whether every change is shown."""
        return not self._stale

    def tools(self) -> list[QWidget]:
        """The buttons of the title bar: conflicts, disc, filter."""
        return [self._conflict_button, self._disc_button, self._filter_button]

    def state(self) -> dict[str, Any]:
        """The state to remember for the next session."""
        return {"disc": self._disc_enabled}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a remembered state; unknown entries are ignored."""
        if isinstance(state.get("disc"), bool):
            self._disc_button.setChecked(state["disc"])

    def survey(self) -> Survey:
        """The survey shown now."""
        return self._survey

    def focus_find(self) -> None:
        """Focus the disc, or the matrix if the disc is hidden: this panel has no search field."""
        (self.disc if self._disc_side.isVisible() else self.matrix).setFocus(
            Qt.FocusReason.ShortcutFocusReason
        )

    def _on_shown(self) -> None:
        if self._stale:
            self._refresh()
        self._ages.start()

    def _on_hidden(self) -> None:
        self._ages.stop()
        self._coalescing.stop()
        self._stale = True

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Switch between the docked and the full form."""
        super().resizeEvent(event)
        self._shape()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Show the commands for the current step of the selected file or workstream."""
        job_id = self._selected_job()
        if job_id is not None:
            menu = self._actions.menu_for_jobs(self, (job_id,))
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    def _lay_out(self) -> None:
        self._disc_side, side, shown = QWidget(), QWidget(), QWidget()
        left = QVBoxLayout(self._disc_side)
        right = self._column = QVBoxLayout(side)
        whole = QVBoxLayout(shown)
        row = QHBoxLayout()
        for layout in (left, right, whole, row):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        whole.addWidget(self.stuck)
        whole.addLayout(row, 1)
        left.addWidget(self.disc, 1)
        left.addWidget(self._legend)
        right.addWidget(self.matrix, 1)
        right.addWidget(self.conflicts)
        right.addWidget(self.inspector)
        row.addWidget(self._disc_side, 1)
        self._rule = QWidget()
        self._rule.setFixedWidth(1)
        self._rule.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rule.setObjectName("rule")
        row.addWidget(self._rule)
        row.addWidget(side)
        self._side = side
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(shown)
        self._disc_button.setCheckable(True)
        self._disc_button.setChecked(True)
        self._conflict_button.hide()

    def _connect(self) -> None:
        self._projection.reset.connect(self._on_reset)
        self._projection.folded.connect(self._on_folded)
        self._selection.changed.connect(self._on_selection_changed)
        self._theme.changed.connect(self._on_theme_changed)
        for view in (self.disc, self.matrix):
            view.file_selected.connect(self._on_file_selected)
            view.workstream_selected.connect(self._on_workstream_selected)
            view.opened.connect(self._on_opened)
            self._actions.add_keys_to(view)
        self.disc.crowd_opened.connect(self._on_crowd_opened)
        self.conflicts.file_selected.connect(self._on_file_selected)
        self.stuck.file_selected.connect(self._on_file_selected)
        self.inspector.command_requested.connect(self._on_command_requested)
        self._disc_button.toggled.connect(self._on_disc_toggled)
        self._conflict_button.clicked.connect(self._on_conflicts_clicked)
        self._empty.action_requested.connect(self._selection.clear_filter)
        self._filter_button.clicked.connect(self._on_filter_clicked)
        self._on_reset()

    def _timer(self, interval: int, slot: Callable[[], None], *, single: bool) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(single)
        timer.setInterval(interval)
        timer.timeout.connect(slot)
        return timer

    def _mark_stale(self) -> None:
        self._stale = True
        if self.isVisible() and not self._coalescing.isActive():
            self._coalescing.start()

    def _refresh(self) -> None:
        self._stale = False
        now = self._clock()
        runs = runs_shown(self._projection, self._index, self._selection.run_id)
        found = survey(self._projection, self._index, runs, now=now)
        self._survey = only_states(found, self._selection.filter_states)
        if self._usual is None:
            self._usual = usual_seconds(self._projection.jobs.values())
        stuck = stuck_files(self._survey, self._usual, now=now)
        self._show_empty()
        self._stack.setCurrentIndex(1 if self._survey.lanes else 0)
        self.stuck.show_stuck(stuck, now=now)
        self.disc.show_survey(self._survey, now)
        self.matrix.show_lanes(by_urgency(self._survey, stuck))
        self.conflicts.show_survey(self._survey)
        self._show_conflict_button()
        self._show_selection()
        self._shape()
        if summary(self._survey) != self._fact:
            self._fact = summary(self._survey)
            self.fact_changed.emit()

    def _show_empty(self) -> None:
        """Say that there is nothing, or how many files the filter hides."""
        if self._survey.lanes:
            return
        streams = self._projection.workstreams.values()
        runs = set(runs_shown(self._projection, self._index, None))
        files = sum(len(self._index.of(stream.key)) for stream in streams if stream.run_id in runs)
        if files and self.followed_filter():
            self._empty.show_message(
                self.hidden_by_filter(tr_count("{n} file", "{n} files", files)), action=tr("Clear")
            )
        else:
            self._empty.show_message(
                tr("No files in the pipeline."), tr("Files appear here when a job declares or changes them.")
            )

    def _show_conflict_button(self) -> None:
        """Show how many conflicts are real; without one, how many files two workstreams share."""
        found = self._survey.conflicts
        real = sum(conflict.is_real for conflict in found)
        self._conflict_button.setText(
            tr_count("{n} conflict", "{n} conflicts", real) if real else shared_files(found)
        )
        self._conflict_button.setToolTip(
            tr("{counts}; press to select the next one", counts=conflict_counts(found))
        )
        keep_icon(self._conflict_button, self._theme, "conflict", "failed" if real else "t2")
        self._conflict_button.setVisible(bool(found))

    def _shape(self) -> None:
        shape = self._panel_shape()
        full, tall, room = shape.is_full, shape.is_tall, shape.has_room_for_disc
        disc = self._disc_enabled and room
        self._disc_button.setEnabled(room)
        self._disc_button.setToolTip(tr(_DISC_TIP if room else _NO_ROOM_TIP))
        self._disc_side.setVisible(disc)
        self._rule.setVisible(disc)
        self._legend.setVisible(full)
        if disc:
            self._side.setFixedWidth(shape.side)
        else:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(_NO_LIMIT)
        self.conflicts.setVisible(full and bool(self._survey.conflicts))
        self.inspector.show_as(roomy=full or not disc, tall=tall)
        # A tall panel gives the matrix the height of its rows and the history the rest; a low one has no history.
        rows = min(len(self._survey.lanes), _MAX_ROWS) * self.matrix.verticalHeader().defaultSectionSize()
        head = self.matrix.horizontalHeader().height()
        self.matrix.setMaximumHeight(head + rows + 2 if tall else _NO_LIMIT)
        self._share_side()

    def _panel_shape(self) -> PanelShape:
        return PanelShape(self.width(), self.height(), self._theme.text_scale)

    def _share_side(self) -> None:
        """Let the inspector share the height with the matrix only where it has a history to show."""
        has_history = self._panel_shape().is_tall and self.inspector.has_facts
        self._column.setStretch(self._column.indexOf(self.inspector), int(has_history))

    def _show_selection(self) -> None:
        workstream = self._selection.workstream
        file = self._selected_file()
        self.stuck.note_selection(file)
        self.disc.select(workstream, file)
        disc_accessible.report_focus(self.disc)
        self.matrix.select(workstream, file)
        lane, placed = self._survey.lane(workstream), self._survey.find(file) if file else None
        now = self._clock()
        if placed is not None:
            self.inspector.show_facts(facts_of_file(self._survey, placed, now=now))
        elif lane is not None:
            self.inspector.show_facts(facts_of_lane(self._survey, lane, now=now))
        else:
            self.inspector.show_facts(None)
        self._share_side()
        if placed is None and lane is None:
            return
        self._tick_as_needed(placed.place.since if placed else lane.place.since if lane else None, now)
        self._show_history(lane, file)

    def _tick_as_needed(self, since: float | None, now: float) -> None:
        """Refresh every second only below a minute: older ages do not show seconds."""
        interval = _SECOND_MS if is_young(since, now) else _MINUTE_MS
        if self._ages.interval() != interval:
            self._ages.setInterval(interval)

    def _show_history(self, lane: RadarLane | None, file: FileKey | None) -> None:
        if lane is None:
            return
        jobs = self._projection.jobs_of(lane.key)
        events = read_history(self._sources, jobs, file[2] if file else None)
        if events is not None:  # else keep what is shown: the next event queries again
            self.inspector.show_history(events)

    def _selected_file(self) -> FileKey | None:
        workstream, path = self._selection.workstream, self._selection.path
        return (*workstream, path) if workstream is not None and path is not None else None

    def _selected_job(self) -> str | None:
        file = self._selected_file()
        placed = self._survey.find(file) if file else None
        lane = self._survey.lane(self._selection.workstream)
        at = placed.place if placed else lane.place if lane else None
        return at.job.job_id if at is not None and at.job is not None else None

    @Slot()
    def _on_reset(self) -> None:
        self._index = FileIndex(self._projection.files.values())
        self._usual = None
        self._mark_stale()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        for key in changes.files:
            self._index.put(self._projection.files[key])
        if any(self._projection.jobs[job_id].completed_at is not None for job_id in changes.jobs):
            self._usual = None
        if changes.files or changes.jobs or changes.workstreams or changes.queue:
            self._mark_stale()

    @Slot()
    def _on_due(self) -> None:
        short_turns().soon(self._refresh_shown)

    def _refresh_shown(self) -> None:
        if self.isVisible():
            self._refresh()

    @Slot()
    def _on_selection_changed(self) -> None:
        if not self.isVisible():
            self._stale = True
        elif self._shows_other_runs():
            self._refresh()
        else:
            self._show_selection()

    def _shows_other_runs(self) -> bool:
        now = self._selection.filter
        before, self._shown_for = self._shown_for, now
        return before != now

    @Slot(object)
    def _on_file_selected(self, key: FileKey) -> None:
        self._selection.select_file(*key)

    @Slot(object)
    def _on_workstream_selected(self, key: WorkstreamKey) -> None:
        if self._selection.path is not None and key == self._selection.workstream:
            self._selection.select_workstream(None)  # also clears the selected file
        self._selection.select_workstream(key)

    @Slot()
    def _on_opened(self) -> None:
        job_id = self._selected_job()
        if job_id is not None:
            self._actions.run("show_details", (job_id,))

    @Slot(str)
    def _on_command_requested(self, command: str) -> None:
        job_id = self._selected_job()
        if job_id is not None:
            self._actions.run(command, (job_id,))

    @Slot()
    def _on_theme_changed(self) -> None:
        """Take the form that the words of the new size have room in."""
        self._shape()

    @Slot(bool)
    def _on_disc_toggled(self, checked: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._disc_enabled = checked
        self._shape()

    @Slot()
    def _on_conflicts_clicked(self) -> None:
        """Select the next conflict."""
        every = self._survey.conflicts
        found = [one for one in every if one.is_real] or every
        if not found:
            return
        file = self._selected_file()
        at = next((n for n, one in enumerate(found) if file in {one.first, one.second}), -1)
        self._selection.select_file(*found[(at + 1) % len(found)].first)

    @Slot()
    def _on_filter_clicked(self) -> None:
        menu = StateMenu(self._selection, self._theme, self)
        menu.popup(self._filter_button.mapToGlobal(QPoint(0, self._filter_button.height())))

    @Slot(object, QPoint)
    def _on_crowd_opened(self, blip: Blip, at: QPoint) -> None:
        menu = CrowdMenu(blip, self._theme, self)
        menu.file_selected.connect(self._on_file_selected)
        menu.popup(at)
