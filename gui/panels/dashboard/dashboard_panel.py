"""The Dashboard panel: wires the models and views of needs, runs and charts."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from engine.system.formatting import age
from gui.control.actions import Actions
from gui.data import captions
from gui.data.cards_model import CardsModel
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers
from gui.data.selection import Selection
from gui.panels.dashboard.attention_model import AttentionItem, AttentionModel, needs_of
from gui.panels.dashboard.attention_view import AttentionView
from gui.panels.dashboard.charts import Charts
from gui.panels.dashboard.run_delegate import RUN_HEIGHT
from gui.panels.dashboard.runs_model import Field, RunsModel, RunsSorted, run_rows
from gui.panels.dashboard.runs_view import RunsView
from gui.panels.dashboard.trends import Trends
from gui.panels.dashboard.trends_query import TrendsQuery
from gui.panels.panel_base import Panel
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.widgets.empty_state import EmptyState
from gui.widgets.label import PlainLabel

_REST_MS = 100
_TRENDS_REST_MS = 1000
_TRENDS_REST_SHARE = 4
_SECTION_HEIGHT = 26
_CHARTS_FROM_HEIGHT = 340
_MAX_REDUCTION = 16
"""The most pixels by which the plots may be lower."""
_MINUTE_S = 60
_SECOND_MS = 1000


class DashboardPanel(Panel):
    """The overview: what needs a person, the runs, and three charts."""

    name = "dashboard"
    title = "Dashboard"
    icon = "dashboard"

    def __init__(
        self,
        projection: Projection,
        selection: Selection,
        theme: Theme,
        actions: Actions,
        *,
        sources: Readers,
        parent: QWidget | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(projection, selection, theme, actions, sources=sources, clock=clock, parent=parent)
        self._now = clock()
        self._due = self._trends_due = True
        type_ = Typesetter(theme, self)
        self._cards = CardsModel(projection, self, clock=clock)
        self.needs_model = AttentionModel(self)
        self.runs_model = RunsModel(self)
        self.needs_view = AttentionView(self.needs_model, theme, type_, clock=self._displayed_time)
        self.runs_view = RunsView(RunsSorted(self.runs_model, self), theme, type_, clock=self._displayed_time)
        self.charts = Charts(theme)
        self._trends = TrendsQuery(sources.reader, self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._trends_rest = QTimer(self, singleShot=True)
        self._tick = QTimer(self, singleShot=True)
        self._lay_out()
        self._wire()

    @property
    def is_settled(self) -> bool:
        """Whether visible charts show the last requested figures."""
        return not self._trends.busy and (self.charts.is_filled or not self.charts.isVisible())

    def state(self) -> dict[str, Any]:
        """The column the runs are sorted by, as JSON values."""
        head = self.runs_view.horizontalHeader()
        ascending = head.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
        return {"sort": Field(head.sortIndicatorSection()).name.lower(), "ascending": ascending}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a remembered state; invalid entries are ignored."""
        fields = {field.name.lower(): field for field in Field}
        name, ascending = state.get("sort"), state.get("ascending")
        if isinstance(name, str) and name in fields and isinstance(ascending, bool):
            order = Qt.SortOrder.AscendingOrder if ascending else Qt.SortOrder.DescendingOrder
            self.runs_view.sortByColumn(fields[name], order)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for three needs, four runs and the charts."""
        return QSize(600, 460)

    def _on_shown(self) -> None:
        self._cards.set_live(True)
        self._due = self._trends_due = True
        self._refresh()

    def _on_hidden(self) -> None:
        self._cards.set_live(False)
        for timer in (self._rest, self._trends_rest, self._tick):
            timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Hide the charts first when there is little room."""
        super().resizeEvent(event)
        self._show_charts()

    # Layout and wiring

    def _lay_out(self) -> None:
        theme = self._theme
        self._needs_title = PlainLabel("Needs you", theme=theme, role="strong", color="t2")
        self._needs_count = PlainLabel("", theme=theme, role="base", color="t2")
        self._oldest = PlainLabel("", theme=theme, role="small", color="t3")
        self._calm = PlainLabel("Nothing needs you.", theme=theme, role="small", color="t2")
        self._calm.setContentsMargins(12, 0, 12, 6)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 12, 0)
        head.setSpacing(7)
        for label in (self._needs_title, self._needs_count):
            head.addWidget(label)
        head.addStretch()
        head.addWidget(self._oldest)
        strip = QWidget()
        strip.setFixedHeight(_SECTION_HEIGHT)
        strip.setLayout(head)
        board = QWidget()
        self._column = QVBoxLayout(board)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        for widget, stretch in ((strip, 0), (self.needs_view, 0), (self._calm, 0), (self.runs_view, 1)):
            self._column.addWidget(widget, stretch)
        self.empty = EmptyState(
            theme,
            self.icon,
            "No runs yet.",
            "Drop job files on this window, or press Add jobs.",
            action="Try the demo",
        )
        self._board = board
        self._column.addWidget(self.charts)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(board)
        self._stack.addWidget(self.empty)
        self.setFocusProxy(self.runs_view)

    def _wire(self) -> None:
        self._cards.settled.connect(self._on_settled)
        self._projection.reset.connect(self._on_settled)
        self._projection.folded.connect(self._on_folded)
        self._selection.changed.connect(self._on_selection_changed)
        self._theme.changed.connect(self._on_theme_changed)
        self.needs_view.command_requested.connect(self._on_command_requested)
        self.needs_view.selected.connect(self._on_need_selected)
        self.needs_view.more_requested.connect(self._on_more_requested)
        self.runs_view.run_selected.connect(self._on_run_selected)
        self.empty.action_requested.connect(self._on_demo_requested)
        self._trends.read.connect(self._on_trends_read)
        self._rest.timeout.connect(self._refresh)
        self._trends_rest.timeout.connect(self._show_trends)
        self._tick.timeout.connect(self._on_tick)

    # Refreshing

    @Slot()
    def _refresh(self) -> None:
        """Show the current state, at most ten times a second."""
        if not (self._due and self.isVisible()) or self._rest.isActive():
            return
        self._due = False
        self._rest.start()
        cards, now = self._cards.cards(), self._clock()
        self._now = now
        self.needs_model.show(needs_of(cards, self._projection.jobs))
        self.runs_model.now = now
        self.runs_model.show(run_rows(cards, self._projection.runs))
        self._stack.setCurrentWidget(self._board if self.runs_model.rowCount() else self.empty)
        self.runs_view.show_selected(self._selection.run_id)
        self._show_header(now)
        self._fit_charts()
        self._show_trends()
        if not self._tick.isActive() or self._tick.remainingTime() > _SECOND_MS:
            self._on_tick()  # new rows are young, and the next tick may be a minute away

    def _displayed_time(self) -> float:
        """The time all displayed ages refer to, so that no two of them disagree."""
        return self._now

    def _show_header(self, now: float) -> None:
        needs = self.needs_model.needs
        self._calm.setVisible(not needs)
        self.needs_view.setVisible(bool(needs))
        self._needs_count.setText(captions.count(len(needs)) if needs else "")
        oldest = min((need.since for need in needs if need.since is not None), default=None)
        self._oldest.setText(f"oldest {age(oldest, now)}" if oldest is not None else "")

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

    def _show_charts(self) -> None:
        before = self.charts.isVisible()
        self.charts.setVisible(self.height() >= _CHARTS_FROM_HEIGHT)
        if not before and self.charts.isVisible():
            self._trends_due = True
            self._show_trends()
        self._fit_charts()

    def _fit_charts(self) -> None:
        """Lower the charts by the few pixels that would cut off the last run in view."""
        if not self.charts.isVisible():
            return
        self._column.activate()
        head = self.runs_view.horizontalHeader().height()
        room = self.height() - self.runs_view.y() - head - self.charts.best_height
        missing = -room % RUN_HEIGHT
        fits = missing > _MAX_REDUCTION or room >= self.runs_model.rowCount() * RUN_HEIGHT
        self.charts.reduce_height(0 if fits else missing)

    # Changes from elsewhere

    @Slot()
    def _on_settled(self) -> None:
        self._due = True
        self._refresh()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        self._trends_due = self._trends_due or bool(changes.attempts or changes.jobs)
        if changes.runs:
            self._on_settled()
        elif self._trends_due:
            self._show_trends()

    @Slot()
    def _on_selection_changed(self) -> None:
        self.runs_view.show_selected(self._selection.run_id)

    @Slot()
    def _on_theme_changed(self) -> None:
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
        young = any(at is not None and now - at < _MINUTE_S for at in (*starts, *since))
        self._trends_due = True
        self._tick.start(_SECOND_MS if young else _MINUTE_S * 1000 - int(now * 1000) % (_MINUTE_S * 1000))

    # Requests from the views

    @Slot(object)
    def _on_command_requested(self, need: AttentionItem) -> None:
        self._selection.select_workstream(need.workstream)
        if need.button is not None:
            self._actions.run(need.button.command, need.job_ids)

    @Slot(object)
    def _on_need_selected(self, need: AttentionItem) -> None:
        self._selection.select_workstream(need.workstream)

    @Slot()
    def _on_more_requested(self) -> None:
        self.needs_model.expand(expanded=True)

    @Slot(object)
    def _on_run_selected(self, run_id: str | None) -> None:
        self._selection.select_run(run_id)

    @Slot()
    def _on_demo_requested(self) -> None:
        self._actions.run("try_demo")
