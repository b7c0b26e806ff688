"""The Logs: events and output of all jobs in one list by time, filtered and followed. A view and its wiring."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from engine.orchestrator.schedule import shown_group, shown_state
from gui.actions import Actions
from gui.buttons import icon_button
from gui.empty_state import EmptyState
from gui.log_flow import LogFlow, Mode
from gui.models.figures import plural
from gui.models.log_facets import Facet, facets
from gui.models.log_filter import KINDS, Chip, Query
from gui.models.log_lines import LineStore
from gui.models.log_table import LogTableModel
from gui.models.projection import Projection
from gui.selection import Selection
from gui.sources import Sources
from gui.theme import Theme
from gui.widgets.log_bar import LogBar
from gui.widgets.log_facets import LogFacets
from gui.widgets.log_footer import LogFooter
from gui.widgets.log_histogram import LogHistogram
from gui.widgets.log_minimap import LogMinimap
from gui.widgets.log_reader import LogReader
from gui.widgets.log_table import LogTable

FULL_FROM = 1000
_COUNTS_MS = 120
_MOST_CHIPS = 40


class LogsPanel(QWidget):
    """What was printed and what happened.

    Signals:
        fact_changed: `fact` answers differently.
    """

    title = "Logs"
    icon = "logs"
    fact_changed = Signal()

    def __init__(
        self,
        projection: Projection,
        selection: Selection,
        theme: Theme,
        actions: Actions,
        *,
        sources: Sources,
        clock: Callable[[], float] = time.time,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("logs")
        self.setAccessibleName(self.title)
        self._projection, self._selection, self._actions = projection, selection, actions
        self._theme, self._clock = theme, clock
        self._fact = ""
        self._jobs: frozenset[str] | None = None
        self.store = LineStore()
        self.lines = LogTableModel(self.store, self)
        self.flow = LogFlow(self.lines, projection, sources=sources, clock=clock, parent=self)
        self.bar = LogBar(theme)
        self.table = LogTable(self.lines, theme)
        self.minimap = LogMinimap(self.lines, self.table, theme)
        self.facets = LogFacets(theme)
        self.histogram = LogHistogram(self.store, theme)
        self.reader = LogReader(theme)
        self.footer = LogFooter(theme)
        self._empty = EmptyState(theme, "logs", "No output yet.", "Lines appear when the first job starts.")
        self._filter_button = icon_button(theme, "filter", "Filter by level, workstream or tool")
        self._counts = QTimer(self)
        self._counts.setSingleShot(True)
        self._counts.setInterval(_COUNTS_MS)
        self._counts.timeout.connect(self._on_counts_due)
        self._lay_out()
        self._connect()
        self._apply()

    @property
    def is_settled(self) -> bool:
        """Whether the lines that were kept have been read."""
        return self.flow.mode not in {Mode.OPENING, Mode.OLDER}

    def fact(self) -> str:
        """How many lines there are, and how many of them pass."""
        return self._fact

    def tools(self) -> list[QWidget]:
        """The menu of filters, for where the facets have no room."""
        return [self._filter_button]

    def state(self) -> dict[str, Any]:
        """What is remembered from one session to the next."""
        chips = [
            {"kind": chip.kind, "value": chip.value, "hide": chip.hide, "word": chip.word}
            for chip in self.bar.chips()
        ]
        return {"chips": chips, "only_matching": self.bar.field.only.isChecked()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a remembered state; what it does not know is left out."""
        told = state.get("chips")
        chips = [_chip(one) for one in told[:_MOST_CHIPS]] if isinstance(told, list) else []
        if isinstance(state.get("only_matching"), bool):
            self.bar.field.only.setChecked(state["only_matching"])
        self._filter_by([chip for chip in chips if chip is not None])

    def show_jobs(self, job_ids: Sequence[str]) -> None:
        """List the lines of these jobs alone."""
        rest = [chip for chip in self.bar.chips() if chip.kind != "job"]
        self._filter_by([*rest, *(Chip("job", job_id) for job_id in job_ids)])

    def focus_find(self) -> None:
        """Go to the field."""
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()

    def go_to_error(self, step: int = 1) -> None:
        """Show the next error, or with -1 the one before."""
        row = self.lines.next_error(self.table.current_row(), step)
        if row is not None:
            self.table.go_to(row)

    def stop_reading(self) -> None:
        """End the helper process; it starts again when the panel is shown."""
        self._counts.stop()
        self.flow.close()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        self.flow.show()
        self._counts.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """A hidden panel costs nothing, one in a closed window not even a sleeping process."""
        super().hideEvent(event)
        self._counts.stop()
        if self.window().isHidden():
            self.flow.close()
        else:
            self.flow.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the docked or the full form."""
        super().resizeEvent(event)
        self._shape()

    def _lay_out(self) -> None:
        self._stack_room, listed = QWidget(), QWidget()
        row = QHBoxLayout(listed)
        self._stack = QStackedLayout(self._stack_room)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(listed)
        lines, body, outer = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for layout in (row, lines, body, outer):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        row.addWidget(self.table, 1)
        row.addWidget(self.minimap)
        self._rule = QWidget()
        self._rule.setObjectName("rule")
        self._rule.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rule.setFixedWidth(1)
        lines.addWidget(self.histogram)
        lines.addWidget(self._stack_room, 1)
        lines.addWidget(self.reader)
        lines.addWidget(self.footer)
        body.addWidget(self.facets)
        body.addWidget(self._rule)
        body.addLayout(lines, 1)
        outer.addWidget(self.bar)
        outer.addLayout(body, 1)
        self._shape()

    def _connect(self) -> None:
        field = self.bar.field
        field.textChanged.connect(self._on_text_changed)
        field.only.toggled.connect(self._on_text_changed)
        field.next_wanted.connect(self._on_next_wanted)
        field.chip_wanted.connect(self._on_chip_kept)
        field.left.connect(self._on_field_left)
        self.bar.chips_changed.connect(self._on_chips_changed)
        self.bar.error_wanted.connect(self._on_error_wanted)
        self.bar.follow_wanted.connect(self._on_follow_wanted)
        self.facets.chip_wanted.connect(self._on_facet_wanted)
        self.histogram.time_chosen.connect(self._on_time_chosen)
        self.footer.search_asked.connect(self._on_search_asked)
        self.table.following_changed.connect(self._on_following_changed)
        self.table.top_reached.connect(self.flow.load_older)
        self.table.line_opened.connect(self._on_line_opened)
        self.table.view_changed.connect(self._on_view_changed)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu_asked)
        self.lines.sifted.connect(self._on_sifted)
        self.flow.changed.connect(self._on_flow_changed)
        self.flow.noted.connect(self.footer.note.setText)
        self._empty.chosen.connect(self._on_clear_asked)
        self._filter_button.clicked.connect(self._on_filter_clicked)
        self._selection.changed.connect(self._on_selection_changed)
        self._projection.folded.connect(self._on_folded)
        self._actions.triggered.connect(self._on_action)

    def _shape(self) -> None:
        full = self.width() >= FULL_FROM
        self.bar.set_full(full)
        self.table.set_full(full)
        self.facets.setVisible(full)
        self._rule.setVisible(full)
        self.histogram.setVisible(full)
        self.footer.show_form(full=full)
        self._show_footer()

    def _query(self) -> Query:
        return Query(
            chips=self.bar.chips(),
            needle=self.bar.field.text().strip(),
            only_matching=self.bar.field.only.isChecked(),
            jobs=self._jobs,
            run_id=self._selection.run_id,
        )

    def _apply(self) -> None:
        """Filter by what is asked now."""
        query = self._query()
        if query != self.lines.query:
            self.lines.set_query(query)
            self.table.mark(query.marked())
        self._on_counts_due()

    def _filter_by(self, chips: Sequence[Chip]) -> None:
        self.bar.show_chips(list(dict.fromkeys(chips))[:_MOST_CHIPS])
        self._apply()

    def _toggle(self, chip: Chip) -> None:
        """Add a filter; asked for again it goes, asked for with the other sign it is flipped."""
        rest = [one for one in self.bar.chips() if not one.same_as(chip)]
        known = next((one for one in self.bar.chips() if one.same_as(chip)), None)
        self._filter_by(rest if known is not None and known.hide == chip.hide else [*rest, chip])

    def _count_soon(self) -> None:
        if self.isVisible() and not self._counts.isActive():
            self._counts.start()

    def _show_footer(self) -> None:
        full = self.width() >= FULL_FROM
        self.footer.setVisible(full or bool(self.footer.note.text() or self.footer.search.text()))

    def _show_empty(self) -> None:
        shown = self.lines.rowCount() > 0 or self.lines.searching
        self._stack.setCurrentIndex(1 if shown else 0)
        if shown:
            return
        hidden = len(self.store)
        match self.flow.mode:
            case Mode.OPENING | Mode.CLOSED if not hidden:
                self._empty.say("Reading…")
            case Mode.SEARCH if not hidden:
                self._empty.say("No line has this text.", "All output that is kept was searched.")
            case _ if hidden:
                are = "line is" if hidden == 1 else "lines are"
                self._empty.say(
                    "No line passes these filters.", f"{hidden:,} {are} hidden.", verb="Clear filters"
                )
            case _:
                self._empty.say("No output yet.", "Lines appear when the first job starts.")

    def _tell(self) -> None:
        whole, passing = len(self.store), self.lines.rowCount()
        told = plural(whole, "line") if passing == whole else f"{passing:,} of {plural(whole, 'line')}"
        fact = f"all runs, {told}" if self._selection.run_id is None else f"{self._selection.run_id}, {told}"
        if self.flow.mode is Mode.SEARCH:
            fact = f"{plural(whole, 'match').replace('matchs', 'matches')} in all output"
        if not whole:
            fact = ""
        if fact != self._fact:
            self._fact = fact
            self.fact_changed.emit()

    @Slot()
    def _on_sifted(self) -> None:
        self._count_soon()
        if self._stack.currentIndex() != int(self.lines.rowCount() > 0):
            self._show_empty()

    @Slot()
    def _on_counts_due(self) -> None:
        """Counts follow the lines a few times a second, not with each of them."""
        self._follow_states()
        self._show_empty()
        self._tell()
        query, model = self.lines.query, self.lines
        self.bar.show_hits(model.hits())
        self.bar.show_errors(len(model.errors))
        if not self.table.currentIndex().isValid():
            self.footer.line.setText("")
            self.reader.show_line("")
        first, last = self.table.rows_in_view()
        matches = len(model.matches)
        in_view = model.matches_between(first, last)
        found = f"{matches:,} match{'' if matches == 1 else 'es'}, {in_view:,} in view"
        self.bar.found.setText(found if query.marked() else "")
        self.footer.passing.setText(
            f"{model.rowCount():,} of {plural(len(self.store), 'line')} pass the filters"
        )
        took = model.took_ms
        self.footer.took.setText(f"search {took:.0f} ms" if took is not None and query.filters else "")
        self.footer.offer(self._search_word())
        self._show_footer()
        if self.facets.isVisible():
            self.facets.facets.show_facets(facets(self.store, query.chips, self._states()))
            self.histogram.update()
        self._show_view_in_histogram()
        self._load_more_if_few()

    def _states(self) -> dict[tuple[str, str], str]:
        """How the workstreams are that lines come from."""
        explainer = self._projection.explainer(self._clock())
        found = {}
        for key in {(source.run_id, source.ws_id) for source in self.store.sources if source.ws_id}:
            jobs = self._projection.jobs_of(key)
            if jobs:
                found[key] = shown_group(shown_state(job, explainer.wait(job)) for job in jobs)
        return found

    def _search_word(self) -> str:
        if self.flow.mode is Mode.SEARCH:
            return "Back to the live lines"
        return "Search all output" if self.bar.field.text().strip() and self.flow.has_older else ""

    def _load_more_if_few(self) -> None:
        """Where filters leave less than a page, older lines may fill it."""
        first, last = self.table.rows_in_view()
        page = self.table.viewport().height() // max(1, self.table.verticalHeader().defaultSectionSize())
        few = self.lines.rowCount() < page and last - first + 1 <= page
        if self.isVisible() and few and self.lines.query.filters and not self.lines.searching:
            self.flow.load_older()

    def _show_view_in_histogram(self) -> None:
        first, last = self.table.rows_in_view()
        if last < first or last >= self.lines.rowCount():
            self.histogram.show_view(None, None)
            return
        self.histogram.show_view(
            self.store.at(self.lines.serial(first)), self.store.at(self.lines.serial(last))
        )

    @Slot()
    def _on_text_changed(self) -> None:
        if self.flow.mode is Mode.SEARCH:
            self.flow.open()  # what was found had the old text
        self._apply()

    @Slot(object)
    def _on_chips_changed(self, chips: tuple[Chip, ...]) -> None:
        self._filter_by(chips)

    @Slot(object)
    def _on_chip_kept(self, chip: Chip) -> None:
        self._filter_by([*(one for one in self.bar.chips() if not one.same_as(chip)), chip])

    @Slot(object)
    def _on_facet_wanted(self, chip: Chip) -> None:
        self._toggle(chip)

    @Slot(int)
    def _on_next_wanted(self, step: int) -> None:
        row = self.lines.next_match(self.table.current_row(), step)
        if row is not None:
            self.table.go_to(row)

    @Slot()
    def _on_field_left(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_error_wanted(self) -> None:
        self.go_to_error()

    @Slot(bool)
    def _on_follow_wanted(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.table.follow(on)

    @Slot()
    def _on_following_changed(self) -> None:
        self.bar.show_following(on=self.table.following, below=self.table.below)

    @Slot()
    def _on_view_changed(self) -> None:
        if self.histogram.isVisible():
            self._count_soon()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if not index.isValid():
            self.footer.line.setText("")
            self.reader.show_line("")
            return
        serial = self.lines.serial(index.row())
        self.footer.line.setText(f"Line {serial - self.store.base + 1:,}")
        self.reader.show_line(self.store.text(serial) if self.table.cut_off(index.row()) else "")

    @Slot(object)
    def _on_line_opened(self, serial: int) -> None:
        """Choose the job the line comes from."""
        source = self.store.source(serial)
        if source.job_id:
            self._selection.choose_job(source.job_id, (source.run_id, source.ws_id))

    @Slot(object)
    def _on_time_chosen(self, at: float) -> None:
        self.table.scroll_to(self.lines.row_at(at))

    @Slot()
    def _on_search_asked(self) -> None:
        """Search everything that is kept, or go back to what is live."""
        if self.flow.mode is Mode.SEARCH:
            self.flow.open()
        else:
            self.flow.search_all(self.bar.field.text().strip())

    @Slot()
    def _on_flow_changed(self) -> None:
        self._on_counts_due()

    @Slot()
    def _on_folded(self) -> None:
        if self._selection.filter_states:
            self._count_soon()

    @Slot()
    def _on_clear_asked(self) -> None:
        self.bar.field.clear()
        self._selection.filter_by_state(())
        self._filter_by([])

    @Slot()
    def _on_selection_changed(self) -> None:
        self._follow_states()
        self._apply()

    def _follow_states(self) -> None:
        """Jobs come into the states the panels are limited to, and leave them."""
        states = self._selection.filter_states
        jobs = self._jobs_in(states) if states else None
        if jobs != self._jobs:
            self._jobs = jobs
            self.lines.set_query(self._query())

    def _jobs_in(self, states: frozenset[str]) -> frozenset[str]:
        waits = self._projection.waits(self._clock())
        jobs = self._projection.jobs.values()
        return frozenset(job.job_id for job in jobs if shown_state(job, waits.get(job.job_id)) in states)

    @Slot(str, object)
    def _on_action(self, command: str, _job_ids: object) -> None:
        focus = QApplication.focusWidget()
        match command:
            case "next_error":
                self.go_to_error()
            case "previous_error":
                self.go_to_error(-1)
            case "follow":
                self.table.follow(on=True)
            case "find" if focus is not None and (focus is self or self.isAncestorOf(focus)):
                self.focus_find()
            case _:
                pass

    @Slot()
    def _on_filter_clicked(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for facet in facets(self.store, self.bar.chips()):
            if facet.kind is None:
                menu.addSection(facet.word)
                continue
            action = menu.addAction(f"{facet.word}  {facet.count:,}".replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(facet.sign >= 0 if facet.kind == "level" else facet.sign > 0)
            action.setData(facet)
        menu.triggered.connect(self._on_filter_chosen)
        menu.popup(self._filter_button.mapToGlobal(QPoint(0, self._filter_button.height())))

    @Slot(QAction)
    def _on_filter_chosen(self, action: QAction) -> None:
        facet = action.data()
        if isinstance(facet, Facet) and facet.kind is not None:
            word = "" if facet.word == facet.value else facet.word
            self._toggle(Chip(facet.kind, facet.value, hide=facet.kind == "level", word=word))

    @Slot(QPoint)
    def _on_menu_asked(self, spot: QPoint) -> None:
        index = self.table.indexAt(spot)
        if not index.isValid():
            return
        source = self.store.source(self.lines.serial(index.row()))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy").setData("copy")
        label = source.label.replace("&", "&&")
        if source.ws_id:
            menu.addSeparator()
            word = "" if source.label == source.ws_id else source.label
            menu.addAction(f"Show only {label}").setData(Chip("workstream", source.ws_id, word=word))
            menu.addAction(f"Hide {label}").setData(Chip("workstream", source.ws_id, hide=True, word=word))
        if source.job_id:
            menu.addAction(f"Show only job {source.job_id}").setData(Chip("job", source.job_id))
        menu.triggered.connect(self._on_menu_chosen)
        menu.popup(self.table.viewport().mapToGlobal(spot))

    @Slot(QAction)
    def _on_menu_chosen(self, action: QAction) -> None:
        chosen = action.data()
        if isinstance(chosen, Chip):
            self._toggle(chosen)
        else:
            self.table.copy()


def _chip(told: object) -> Chip | None:
    """A remembered chip, None where it cannot be one."""
    if not isinstance(told, dict) or told.get("kind") not in KINDS or not isinstance(told.get("value"), str):
        return None
    word = told.get("word")
    return Chip(
        told["kind"],
        told["value"],
        hide=told.get("hide") is True,
        word=word if isinstance(word, str) else "",
    )
