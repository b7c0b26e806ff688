"""The Logs panel: wires the list of events and output to filters, search and following."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.panels.logs.alarm_line import AlarmLine
from gui.panels.logs.error_steps import ErrorSteps
from gui.panels.logs.filter import Chip, Query
from gui.panels.logs.filter_bar import MAX_CHIPS
from gui.panels.logs.line_commands import LineCommands
from gui.panels.logs.line_store import LineStore
from gui.panels.logs.log_feed import LogFeed
from gui.panels.logs.log_figures import LogFigures
from gui.panels.logs.log_keys import LogKeys
from gui.panels.logs.log_layout import LogView
from gui.panels.logs.log_limits import LogLimits
from gui.panels.logs.log_mode import Mode
from gui.panels.logs.log_sentences import counts_sentence
from gui.panels.logs.named_lines import NamedLines
from gui.panels.logs.saved_chips import chips_of, fields_of
from gui.panels.logs.saved_filters import SavedFilters
from gui.panels.logs.table_model import LogTableModel
from gui.panels.panel_base import Panel, PanelContext
from gui.translation import tr, translatable
from gui.widgets.buttons import icon_button
from state.records import Job

if TYPE_CHECKING:
    from engine.jobfile.filter_set import FilterSet

_COUNTS_MS = 120


class LogsPanel(Panel):
    """Shows the output and events of all jobs in one list."""

    name = "logs"
    title = translatable("Logs")
    icon = "logs"

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._jobs: frozenset[str] | None = None
        self.store = LineStore()
        self.lines = LogTableModel(self.store, self, clock=self._clock)
        self.flow = LogFeed(
            self.lines, self._projection, sources=self._sources, clock=self._clock, parent=self
        )
        self.view = LogView(self.lines, self._theme, self)
        self.bar, self.table = self.view.bar, self.view.table
        self.facets, self.footer = self.view.facets, self.view.footer
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._build_reading()
        self._build_commands()
        self._counts = QTimer(self)
        self._counts.setSingleShot(True)
        self._counts.setInterval(_COUNTS_MS)
        self._counts.timeout.connect(self._on_counts_due)
        self._connect()
        self.lines.fold_events(on=True)
        self._apply()

    def _build_reading(self) -> None:
        """What helps a person through the lines: steps to errors, the line of an alarm, filters that are kept."""
        self.saved = SavedFilters(
            self._sources.home,
            self._theme,
            present=lambda: fields_of(self._query(), now=self._clock()),
            parent=self,
        )
        self._errors = ErrorSteps(self.lines, self.table, self.flow, self)
        self._alarm_line = AlarmLine(self.lines, self.table, self.flow, sources=self._sources, parent=self)
        self._named = NamedLines(self.lines, self.table, self.flow, self)
        self._keys = LogKeys(self.lines, self.table, self._errors, actions=self._actions, parent=self)
        self._filter_button = self._funnel = icon_button(
            self._theme, "filter", tr("Filter by level, workstream or tool")
        )

    def _build_commands(self) -> None:
        self._limits = LogLimits(self._projection, self._clock)
        self._commands = LineCommands(
            self.view,
            self.lines,
            self.flow,
            selection=self._selection,
            actions=self._actions,
            limits=self._limits,
            parent=self,
        )
        self._figures = LogFigures(
            self.view,
            self.lines,
            self.flow,
            commands=self._commands,
            selection=self._selection,
            hidden_by_panels=self.hidden_by_filter,
            parent=self,
        )

    def fact(self) -> str:
        """The number of lines, and how many of them pass."""
        return self._figures.fact

    @property
    def is_settled(self) -> bool:
        """Whether everything stored is shown and counted."""
        reading = self.flow.mode in {Mode.OPENING, Mode.OLDER}
        return not (reading or self.lines.searching or self._counts.isActive())

    def tools(self) -> list[QWidget]:
        """The filter menu, for when the facets have no room."""
        return [self._filter_button]

    def state(self) -> dict[str, Any]:
        """The state to remember for the next session."""
        return {**self.bar.state(), "fold_events": self.lines.is_folding}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a remembered state; unknown entries are ignored."""
        chips = self.bar.restore(state)
        self.lines.fold_events(on=state.get("fold_events") is not False)
        self._filter_by(chips)

    def show_jobs(self, job_ids: Sequence[str]) -> None:
        """Show only the lines of these jobs."""
        rest = [chip for chip in self.bar.chips() if chip.kind != "job"]
        self._filter_by([*rest, *map(self._limits.job_chip, job_ids)])

    def show_alarm_line(self, job: Job) -> None:
        """Show the output of the job that set off the alarm which holds this one, at the line that did."""
        siblings = [one.job_id for one in self._projection.jobs_of((job.run_id, job.ws_id))]
        if found := self._alarm_line.find(job, siblings):
            self._on_clear_requested()
            self.show_jobs([found])
            self._alarm_line.go()

    def focus_find(self) -> None:
        """Focus the search field."""
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()

    def title_fact(self) -> str:
        """What limits the panel, and the counts."""
        counts = counts_sentence(self._figures.line_counts())
        return ", ".join(
            part for part in (super().title_fact(), counts if self.followed_filter() else "") if part
        )

    def go_to_error(self, step: int = 1) -> None:
        """Go to the next error, or to the previous one with -1."""
        self._errors.go(step)

    def stop_reading(self) -> None:
        """End the helper process; it starts again when the panel is shown."""
        self.saved.wait()
        self._counts.stop()
        self.flow.close()

    def _on_shown(self) -> None:
        self.flow.show()
        self.saved.refresh()
        self._counts.start()

    def _on_hidden(self) -> None:
        self._counts.stop()
        if self.window().isHidden():  # a closed window keeps no process
            self.flow.close()
        else:
            self.flow.hide()

    def _connect(self) -> None:
        field = self.bar.field
        field.pattern_changed.connect(self._on_text_changed)
        field.pattern_changed.connect(self._on_noted)
        field.only.toggled.connect(self._on_text_changed)
        field.next_match_requested.connect(self._on_next_match_requested)
        field.chip_requested.connect(self._on_chip_kept)
        field.left.connect(self._on_field_left)
        self.bar.chips_changed.connect(self._on_chips_changed)
        self.bar.next_error_requested.connect(self._on_next_error_requested)
        self.bar.follow_requested.connect(self._on_follow_requested)
        for requesting in (self.facets, self._commands):
            requesting.chip_requested.connect(self._on_facet_requested)
        for showing in (self.saved.show_requested, self._commands.saved_requested):
            showing.connect(self._on_saved_requested)
        self.saved.found.connect(self._commands.show_saved)
        for managing in (self._commands, self._keys):
            managing.sets_requested.connect(self.saved.open_sheet)
        self.view.histogram.time_selected.connect(self._on_time_selected)
        self.footer.search_requested.connect(self._on_search_requested)
        self.table.following_changed.connect(self._on_following_changed)
        self.table.top_reached.connect(self.flow.load_older)
        self.table.view_changed.connect(self._on_view_changed)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.lines.filtered.connect(self._on_filtered)
        self.flow.changed.connect(self._on_flow_changed)
        self.flow.noted.connect(self.footer.show_note)
        self.flow.totals.changed.connect(self._count_soon)
        for noting in (self._errors, self._alarm_line):
            noting.noted.connect(self._on_noted)
        self._figures.fact_changed.connect(self.fact_changed)
        self.view.empty.action_requested.connect(self._on_clear_requested)
        self._filter_button.clicked.connect(self._on_filter_clicked)
        self._selection.changed.connect(self._on_selection_changed)
        self._projection.folded.connect(self._on_folded)
        self._actions.observing_changed.connect(self._on_observing_changed)

    def _query(self) -> Query:
        return Query(
            chips=self.bar.chips(),
            needle=self.bar.field.pattern.text,
            is_regex=self.bar.field.pattern.is_regex,
            is_case=self.bar.field.pattern.is_case,
            only_matching=self.bar.field.only.isChecked(),
            jobs=self._jobs,
            run_id=self._selection.run_id,
        )

    def is_limited(self) -> bool:
        """Whether a chip, the text or the filter of all panels hides lines."""
        return self._figures.is_filtered or super().is_limited()

    def _apply(self) -> None:
        """Apply the current query."""
        self.light_funnel()
        query = self._query()
        if query != self.lines.query:
            self.lines.set_query(query)
            self.table.mark(query.marked())
        self._named.follow()
        self._on_counts_due()

    def _filter_by(self, chips: Sequence[Chip]) -> None:
        self.bar.show_chips(list(dict.fromkeys(chips))[:MAX_CHIPS])
        self._apply()

    def _toggle(self, chip: Chip) -> None:
        """Add a chip; the same chip again removes it, the opposite sign flips it."""
        rest = [one for one in self.bar.chips() if not one.same_as(chip)]
        known = next((one for one in self.bar.chips() if one.same_as(chip)), None)
        self._filter_by(rest if known is not None and known.hide == chip.hide else [*rest, chip])

    @Slot()
    def _count_soon(self) -> None:
        if self.isVisible() and not self._counts.isActive():
            self._counts.start()

    @Slot(str)
    def _on_noted(self, sentence: str) -> None:
        self.footer.show_note(sentence)
        self.view.show_footer()

    @Slot()
    def _on_filtered(self) -> None:
        self._count_soon()
        if self.view.lists != (self.lines.rowCount() > 0):
            self._figures.show_empty()

    @Slot()
    def _on_counts_due(self) -> None:
        """Update the counts a few times a second, not with every line."""
        self._follow_states()
        self._on_following_changed()
        self._figures.show()
        self._load_more_if_few()

    def _load_more_if_few(self) -> None:
        """Load older lines if the filters leave less than a page."""
        first, last = self.table.rows_in_view()
        page = self.table.viewport().height() // max(1, self.table.verticalHeader().defaultSectionSize())
        few = self.lines.rowCount() < page and last - first + 1 <= page
        if self.isVisible() and few and self.lines.query.filters and not self.lines.searching:
            self.flow.load_older()

    @Slot()
    def _on_text_changed(self) -> None:
        if self.flow.is_searching_all:
            self.flow.open()  # the search result is for the old text
        self._apply()

    @Slot(object)
    def _on_chips_changed(self, chips: tuple[Chip, ...]) -> None:
        self._filter_by(chips)

    @Slot(object)
    def _on_chip_kept(self, chip: Chip) -> None:
        self._filter_by([*(one for one in self.bar.chips() if not one.same_as(chip)), chip])

    @Slot(object)
    def _on_facet_requested(self, chip: Chip) -> None:
        self._toggle(chip)

    @Slot(int)
    def _on_next_match_requested(self, step: int) -> None:
        self._keys.go_to_match(step)

    @Slot()
    def _on_field_left(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_next_error_requested(self) -> None:
        self.go_to_error()

    @Slot(bool)
    def _on_follow_requested(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.table.follow(on)

    @Slot()
    def _on_following_changed(self) -> None:
        self.bar.show_following(on=self.table.following, below=self.table.below)

    @Slot()
    def _on_view_changed(self) -> None:
        if self.view.histogram.isVisible():
            self._count_soon()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if not index.isValid():
            self.footer.show_line("")
            self.view.reader.show_line("")
            return
        serial = self.lines.serial(index.row())
        self.footer.show_line(tr("Line {number:,}", number=serial - self.store.base + 1))
        self.view.reader.show_line(self.store.text(serial) if self.table.cut_off(index.row()) else "")

    @Slot(object)
    def _on_time_selected(self, at: float) -> None:
        self.table.scroll_to(self.lines.row_at(at))

    @Slot()
    def _on_search_requested(self) -> None:
        """Search all stored output, or return to the live lines."""
        if self.flow.is_searching_all:
            self.flow.open()
        else:
            self.flow.search_all(self.bar.field.pattern)

    @Slot()
    def _on_flow_changed(self) -> None:
        self.table.set_live(live=self.flow.mode in {Mode.LIVE, Mode.OLDER})
        self._on_counts_due()

    @Slot()
    def _on_folded(self) -> None:
        if self._selection.filter_states:
            self._count_soon()

    @Slot()
    def _on_observing_changed(self) -> None:
        self.saved.set_observing(self._actions.observes)

    @Slot()
    def _on_clear_requested(self) -> None:
        self.bar.field.clear()
        self._selection.clear_filter()
        self._filter_by([])

    @Slot()
    def _on_selection_changed(self) -> None:
        self._follow_states()
        self._apply()

    def _follow_states(self) -> None:
        """Update the filter: jobs enter and leave the selected states."""
        states = self._selection.filter_states
        jobs = self._limits.jobs_in(states)
        if jobs != self._jobs:
            self._jobs = jobs
            self.lines.set_query(self._query())

    @Slot()
    def _on_filter_clicked(self) -> None:
        self._commands.open_filter_menu(self._filter_button)
        self.saved.refresh()

    @Slot(object)
    def _on_saved_requested(self, content: "FilterSet") -> None:
        self.bar.field.clear()
        self._filter_by(chips_of(content, now=self._clock()))
