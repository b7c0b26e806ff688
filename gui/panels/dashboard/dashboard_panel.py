"""The Dashboard panel: wires the models and views of needs, runs and charts."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from engine.scheduling.buckets import BucketCounts
from gui.control.action_table import ACTIONS_BY_ID
from gui.control.presence import Presence
from gui.data.age_ticks import is_young, next_tick_ms
from gui.data.bucket_captions import others_words
from gui.data.card import BoardColumn, Card
from gui.data.cards_model import CardsModel
from gui.data.panel_filter import FilterPart
from gui.data.projection import ProjectionChanges
from gui.data.short_turns import short_turns
from gui.figures import figure
from gui.panels.dashboard.attention_delegate import MEMBER_ROW
from gui.panels.dashboard.attention_items import needs_of, refusals_need
from gui.panels.dashboard.away_card import CARD_HEIGHT, AwayCard
from gui.panels.dashboard.charts import Charts
from gui.panels.dashboard.dashboard_heights import (
    MORE_HEIGHT,
    NEED_HEIGHT,
    RUN_HEIGHT,
    DashboardRows,
    Wishes,
    shared,
)
from gui.panels.dashboard.missed_needs import missed_needs
from gui.panels.dashboard.needs_section import NeedsSection
from gui.panels.dashboard.runs_model import Field, RunRow, RunsModel, RunsSorted, run_rows
from gui.panels.dashboard.runs_view import RunsView
from gui.panels.dashboard.trends import Trends
from gui.panels.dashboard.trends_query import TrendsQuery
from gui.panels.panel_base import Panel, PanelContext
from gui.theme.text_layout import Typesetter
from gui.translation import tr, tr_count, translatable
from gui.widgets.empty_state import EmptyState

_REST_MS = 100
_NEED_YOU = frozenset({BoardColumn.DECIDE, BoardColumn.REVIEW})
_TRENDS_REST_MS = 1000
_TRENDS_REST_SHARE = 4
_NIGHT = "panel_night"
_SECOND_MS = 1000


class DashboardPanel(Panel):
    """The overview: what needs a person, the runs, and three charts."""

    name = "dashboard"
    title = translatable("Dashboard")
    icon = "dashboard"

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._now = self._clock()
        self._due = self._trends_due = True
        self._summary_is_over = False
        self._needing = self._older_needing = 0
        """The workstreams that need a person, and those of them that are not read yet."""
        """How many workstreams need a person, whether their states are selected or not."""
        self._shown_for = self._selection.filter
        type_ = Typesetter(self._theme, self)
        self._cards = CardsModel(self._projection, self, clock=self._clock)
        self.needs = NeedsSection(self._actions, self._theme, type_, clock=self._displayed_time)
        self.needs_model, self.needs_view = self.needs.model, self.needs.view
        self.runs_model = RunsModel(self)
        self.runs_view = RunsView(
            RunsSorted(self.runs_model, self), self._theme, type_, clock=self._displayed_time
        )
        self.away_card = AwayCard(
            self._sources.reader, self._theme, type_, has_night=_NIGHT in ACTIONS_BY_ID, clock=self._clock
        )
        self.charts = Charts(self._theme)
        self._trends = TrendsQuery(self._sources.reader, self)
        self._rest = QTimer(self, singleShot=True)
        self._trends_rest = QTimer(self, singleShot=True)
        self._tick = QTimer(self, singleShot=True)
        self._lay_out()
        self._wire()

    @property
    def is_settled(self) -> bool:
        """Whether visible charts show the last requested figures."""
        reads = self._trends.busy or self.away_card.busy
        return not reads and (self.charts.is_filled or not self.charts.isVisible())

    def follow(self, presence: Presence) -> None:
        """Say what happened while the user was away, each time."""
        presence.left.connect(self.away_card.begin)
        presence.returned.connect(self.away_card.end)

    def state(self) -> dict[str, Any]:
        """The column the runs are sorted by, and until when the needs were looked at, as JSON values."""
        head = self.runs_view.horizontalHeader()
        ascending = head.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
        looked = self.needs_model.unread.remembered(self.needs_model.needs, self._clock())
        sort = Field(head.sortIndicatorSection()).name.lower()
        return {"sort": sort, "ascending": ascending, "looked_at": looked}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a remembered state; invalid entries are ignored."""
        fields = {field.name.lower(): field for field in Field}
        name, ascending, looked = state.get("sort"), state.get("ascending"), state.get("looked_at")
        if isinstance(name, str) and name in fields and isinstance(ascending, bool):
            order = Qt.SortOrder.AscendingOrder if ascending else Qt.SortOrder.DescendingOrder
            self.runs_view.sortByColumn(fields[name], order)
        if isinstance(looked, float):
            self.needs_model.unread.looked_at = min(looked, self._clock())

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for three needs, four runs and the charts."""
        return QSize(600, 460)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for one need and a run: the parts have fixed heights, which follow the height of the panel."""
        return QSize(260, 180)

    def _on_shown(self) -> None:
        self._cards.set_live(True)
        self._due = self._trends_due = True
        self.away_card.note_change()
        self._refresh()

    def _on_hidden(self) -> None:
        self._cards.set_live(False)
        self.away_card.pause()
        for timer in (self._rest, self._trends_rest, self._tick):
            timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the height again."""
        super().resizeEvent(event)
        self._share_height()

    # Layout and wiring

    def _lay_out(self) -> None:
        board = QWidget()
        self._column = QVBoxLayout(board)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        for widget in (self.away_card, self.needs, self.runs_view, self.charts):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        line, rest, act = _no_runs()
        self.empty = EmptyState(self._theme, self.icon, line, rest, action=act)
        self._board = board
        self._stack = QStackedLayout(self)
        self._stack.setSizeConstraint(QStackedLayout.SizeConstraint.SetNoConstraint)
        self._stack.addWidget(board)
        self._stack.addWidget(self.empty)
        self.setFocusProxy(self.runs_view)

    def _wire(self) -> None:
        self._cards.settled.connect(self._on_settled)
        self._projection.reset.connect(self._on_settled)
        self._projection.folded.connect(self._on_folded)
        self._selection.changed.connect(self._on_selection_changed)
        self._theme.changed.connect(self._on_theme_changed)
        self.needs.verb_requested.connect(self._end_summary)
        self.needs.pointer_left.connect(self._on_pointer_left)
        self.needs.rows_changed.connect(self._share_height)
        self.needs.clear_requested.connect(self._selection.clear_filter)
        self.away_card.shown_or_hidden.connect(self._share_height)
        self.away_card.night_requested.connect(self._on_night_requested)
        self._actions.triggered.connect(self._on_action_triggered)
        self.runs_view.run_selected.connect(self._on_run_selected)
        self.empty.action_requested.connect(self._on_empty_requested)
        self._trends.read.connect(self._on_trends_read)
        self._rest.timeout.connect(self._on_rested)
        self._trends_rest.timeout.connect(self._show_trends)
        self._tick.timeout.connect(self._on_tick)

    # Refreshing

    def _passing(self, cards: Sequence[Card]) -> Sequence[Card]:
        """The cards that the filter keeps."""
        return [card for card in cards if card.passes(self.followed_filter())]

    def _is_of_run(self, card: Card) -> bool:
        return self._selection.run_id in {None, card.run_id}

    def _passing_runs(self, cards: Sequence[Card]) -> list[RunRow]:
        """The rows of the runs: where states are selected, of those that have a workstream in one of them."""
        limits = self.followed_filter().without(FilterPart.RUN)  # another run can be selected
        passing = {card.run_id for card in cards if card.passes(limits)}
        rows = run_rows(cards, self._projection.runs, self._projection.shown_older())
        return [row for row in rows if not limits or row.run_id in passing]

    def _shown_page(self) -> QWidget:
        return self._board if self.runs_model.rowCount() or self.needs_model.rowCount() else self.empty

    def _show_empty(self) -> None:
        """Say that there are no runs, or that the filter hides all of them."""
        runs = len(self._projection.runs)
        self._stack.setCurrentWidget(self._shown_page())
        if runs:
            self.empty.show_message(
                self.hidden_by_filter(tr_count("{n} run", "{n} runs", runs)), action=tr("Clear")
            )
        else:
            line, rest, act = _no_runs()
            self.empty.show_message(line, rest, action=act)

    @Slot()
    def _refresh(self) -> None:
        """Show the current state, at most ten times a second."""
        if not (self._due and self.isVisible()) or self._rest.isActive():
            return
        self._due = False
        self._rest.start(_REST_MS)
        now = self._now = self._clock()
        cards = self._cards.cards()
        older = self._projection.shown_older(self._selection.run_id)
        self._older_needing = sum(one.column in _NEED_YOU for one in older)
        of_cards = sum(card.needs_you and self._is_of_run(card) for card in cards)
        self._needing = of_cards + self._older_needing
        needs = needs_of(self._passing(cards), self._projection.jobs)
        missed = missed_needs(self._projection.recurring)
        shown = [*needs, *missed, *refusals_need(self._projection.refusals)]
        self.needs_model.show(shown, limits=self.followed_filter())
        self.runs_model.now = now
        self.runs_model.show(self._passing_runs(cards))
        self._show_header(now)
        if self._shown_page() in {self._stack.currentWidget(), self.empty}:
            self._arrange()
        else:
            short_turns().soon(self._arrange)  # runs that appear take as long to show as to list

    def _arrange(self) -> None:
        """Show the page of the present rows and share its height out."""
        self._show_empty()
        self.runs_view.show_selected(self._selection.run_id)
        self._share_height()
        self._show_trends()
        if not self._tick.isActive() or self._tick.remainingTime() > _SECOND_MS:
            self._on_tick()  # new rows are young, and the next tick may be a minute away

    def _displayed_time(self) -> float:
        """The time all displayed ages refer to, so that no two of them disagree."""
        return self._now

    def _show_header(self, now: float) -> None:
        hidden = self._needing - self._older_needing - self.needs_model.workstreams
        sentence = self.hidden_by_filter(figure(hidden)) if hidden else ""
        self.needs.show_numbers(
            self._needing, now, hidden=sentence, others=self._others(), older=self._older_needing
        )

    def _others(self) -> str:
        """What needs a person and is no workstream."""
        missed = sum(row.is_missed for row in self._projection.recurring)
        return others_words(BucketCounts(refused_files=len(self._projection.refusals), missed_runs=missed))

    @Slot()
    def _show_trends(self) -> None:
        """Request new figures, at most once a second and for at most a fifth of the time."""
        due = self._trends_due and self.charts.isVisible()
        if due and not self._trends.busy and not self._trends_rest.isActive():
            self._trends_due = False
            self._trends.request(self._clock())

    @Slot(object)
    def _on_trends_read(self, trends: Trends) -> None:
        self._trends_rest.start(max(_TRENDS_REST_MS, round(_TRENDS_REST_SHARE * self._trends.took_s * 1000)))
        self.charts.show_trends(trends)

    @Slot()
    def _share_height(self) -> None:
        """Give each part its height: the charts yield first, so that some runs are always visible."""
        model, grown = self.needs_model, self._theme.grown
        runs_head = self.runs_view.horizontalHeader().height()
        wishes = Wishes(
            needs=len(model.needs),
            opened=model.opened_rows * grown(MEMBER_ROW),
            is_expanded=model.is_expanded,
            runs=self.runs_model.rowCount(),
            charts_best=self.charts.best_height,
            charts_least=self.charts.least_height,
            charts_most=self.charts.most_height,
            rows=DashboardRows(grown(NEED_HEIGHT, 2), grown(MORE_HEIGHT), grown(RUN_HEIGHT)),
        )
        card = 0 if self.away_card.isHidden() else CARD_HEIGHT
        heights = shared(self.height() - card - self.needs.fixed_height - runs_head, wishes)
        self.needs.set_room(heights.needs_listed, heights.needs)
        self.runs_view.setFixedHeight(heights.runs + runs_head)
        were_visible = self.charts.isVisible()
        self.charts.set_height(heights.charts)
        if not were_visible and self.charts.isVisible():
            self._trends_due = True
            self._show_trends()

    # Changes from elsewhere

    @Slot()
    def _on_settled(self) -> None:
        """Refresh in a turn of its own: the board takes in the same events in this one."""
        self._due = True
        if not self._rest.isActive():
            short_turns().soon(self._refresh)

    @Slot()
    def _on_rested(self) -> None:
        if self._due:
            short_turns().soon(self._refresh)

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        self._trends_due = self._trends_due or bool(changes.attempts or changes.jobs)
        self.away_card.note_change()
        if changes.runs or changes.refusals or changes.recurring:
            self._on_settled()
        elif self._trends_due:
            self._show_trends()

    @Slot()
    def _on_selection_changed(self) -> None:
        self.runs_view.show_selected(self._selection.run_id)
        if self._selection.filter != self._shown_for:
            self._shown_for = self._selection.filter
            self._rest.stop()  # a filter takes effect at once
            self._due = True
            self._refresh()

    @Slot()
    def _on_theme_changed(self) -> None:
        first = self.runs_view.rowAt(0)
        self.runs_view.fit_rows()
        self.needs.fit_head()
        self._share_height()
        self.runs_view.show_from(first)  # with rows of another height two would be cut
        for view in (self.needs_view, self.runs_view):
            view.viewport().update()

    @Slot()
    def _on_tick(self) -> None:
        """Update ages: every second while something is younger than a minute, else every minute."""
        self._cards.refresh_waits()
        now = self._now = self._clock()
        self._show_header(now)
        for view in (self.needs_view, self.runs_view):
            view.viewport().update()
        starts = [row.started_at for row in self.runs_model.rows() if row.ended_at is None]
        since = [need.since for need in self.needs_model.needs]
        young = any(is_young(at, now) for at in (*starts, *since))
        self._trends_due = True
        self._tick.start(next_tick_ms(now, every_second=young))

    # Requests from the views

    @Slot(object)
    def _on_run_selected(self, run_id: str | None) -> None:
        self._selection.select_run(run_id)

    @Slot()
    def _end_summary(self) -> None:
        """Close the summary at the first thing that a person does about it; no row may move under the pointer."""
        self._summary_is_over = True
        if not self.needs.is_under_pointer:
            self._on_pointer_left()

    @Slot()
    def _on_pointer_left(self) -> None:
        if self._summary_is_over:
            self._summary_is_over = False
            self.away_card.dismiss()

    @Slot(str, object)
    def _on_action_triggered(self, action: str, _job_ids: object) -> None:
        if not self.away_card.isHidden() and ACTIONS_BY_ID[action].kind is not None:
            self._end_summary()

    @Slot()
    def _on_night_requested(self) -> None:
        self._actions.run(_NIGHT)

    @Slot()
    def _on_empty_requested(self) -> None:
        """Clear the filter if it hides all runs; without any run, try the demo."""
        if self._projection.runs:
            self._selection.clear_filter()
        else:
            self._actions.run("try_demo")


def _no_runs() -> tuple[str, str, str]:
    """The line, the advice and the button of the panel without runs."""
    return (
        tr("No runs yet."),
        tr("Drop job files on this window, or press Add jobs."),
        tr("Try the demo"),
    )
