"""The Night panel: wires the view, the block of the selected attempt, the history and one selection."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.control.forecasts import Forecasts
from gui.data.captions import time_span
from gui.data.panel_filter import PanelFilter
from gui.panels.panel_base import Panel, PanelContext
from gui.panels.timeline import night_accessible
from gui.panels.timeline.attempt_block import AttemptBlock
from gui.panels.timeline.attempt_facts import SelectedAttempt
from gui.panels.timeline.due_marks import due_sentence
from gui.panels.timeline.night_feed import NightFeed
from gui.panels.timeline.night_groups import Grouping
from gui.panels.timeline.night_records import NightBar, WorkstreamKey
from gui.panels.timeline.night_tools import NightTools
from gui.panels.timeline.night_view import ZOOM_STEP, NightView
from gui.panels.timeline.time_axis import (
    MINUTE_S,
    Camera,
    NightRange,
    Zoom,
    following,
    to_zoom,
)
from gui.theme.text_layout import Typesetter
from gui.translation import tr, tr_count, translatable
from gui.widgets.empty_state import EmptyState

_COALESCE_MS, _READ_MS, _MORE_MS = 80, 400, 15
_SECOND_MS = 1000
_BUDGET_S = 0.006
_WAITS_EVERY_S = 5.0
_EMPTY_WIDTH = 320
"""In which the sentences of an empty night have one line."""
"""How often the waits of open workstreams are made again, at most while the queue changes."""
_LAST_RUN_BEFORE_S = 10 * MINUTE_S


class NightPanel(Panel):
    """Shows when every workstream ran and waited."""

    name = "night"
    title = translatable("Night")
    icon = "timeline"

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.view = NightView(self._theme, Typesetter(self._theme, self))
        self.block = AttemptBlock(self._theme, self._actions)
        self.empty = EmptyState(
            self._theme,
            self.icon,
            tr("Nothing ran in this time."),
            action=tr("Show the last run"),
            ground="bg1",
        )
        self.night_tools = NightTools(self._theme, self)
        self._grouping = Grouping.RUN
        self._toggled: set[str] = set()
        self._fact = ""
        self._ran_ever = True
        self._feed = NightFeed(self._projection, self._sources, self._needed, clock=self._clock, parent=self)
        self._cards, self._builder = self._feed.cards, self._feed.builder
        self._seconds = QTimer(self, interval=_SECOND_MS)
        self._seconds.timeout.connect(self._on_second)
        self._lay_out()
        self._connect()

    def fact(self) -> str:
        """The stretch of time and what is shown of it."""
        return self._fact

    @property
    def is_settled(self) -> bool:
        """Whether everything that happened is read and shown."""
        return self._feed.is_settled

    def tools(self) -> list[QWidget]:
        """Grouping, zoom and following."""
        return self.night_tools.widgets()

    def state(self) -> dict[str, Any]:
        """Zoom, grouping and the heads that a person has folded or opened."""
        zoom = self.view.camera.zoom
        return {
            "zoom": zoom.value if zoom else Zoom.NIGHT.value,
            "group": self._grouping.value,
            "toggled": sorted(self._toggled),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a remembered state; invalid entries are ignored."""
        if state.get("zoom") in tuple(Zoom):
            self._on_zoom_chosen(Zoom(state["zoom"]))
        if state.get("group") in tuple(Grouping):
            self._on_grouping_chosen(Grouping(state["group"]))
        if isinstance(state.get("toggled"), list):
            self._toggled = {key for key in state["toggled"] if isinstance(key, str)}
            self._show_folds()

    def focus_find(self) -> None:
        """Focus the rows: this panel has no search field."""
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def follow_forecasts(self, forecasts: Forecasts) -> None:
        """Draw what may happen, from now on; forecasts are requested while the panel is visible."""
        self._feed.follow_forecasts(forecasts)

    def stop_reading(self) -> None:
        """Wait for the process that forecasts, too."""
        super().stop_reading()
        self._feed.close()

    def _on_shown(self) -> None:
        self._feed.start()
        self._seconds.start()

    def _on_hidden(self) -> None:
        self._seconds.stop()
        self._feed.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the message of an empty night in the middle of the axis."""
        super().resizeEvent(event)
        self.night_tools.fit(self.width())
        self._show_empty()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.block)
        self.block.hide()
        self.empty.setParent(self.view)
        self.empty.hide()
        self.night_tools.show_camera(self.view.camera)
        self.night_tools.show_grouping(self._grouping)

    def _connect(self) -> None:
        self._selection.changed.connect(self._on_selection_changed)
        self._feed.ready.connect(self._on_ready)
        self._feed.last_start_found.connect(self._on_last_start_found)
        self.view.bar_selected.connect(self._on_bar_selected)
        self.view.row_selected.connect(self._on_row_selected)
        self.view.opened.connect(self._on_opened)
        self.view.fold_toggled.connect(self._on_fold_toggled)
        self.view.menu_requested.connect(self._on_menu_requested)
        self.view.camera_changed.connect(self._on_camera_changed)
        self.view.recurring_requested.connect(self._on_recurring_requested)
        self.block.closed.connect(self._on_block_closed)
        self.empty.action_requested.connect(self._on_empty_answered)
        self.night_tools.grouping_chosen.connect(self._on_grouping_chosen)
        self.night_tools.zoom_chosen.connect(self._on_zoom_chosen)
        self.night_tools.zoomed.connect(self._on_zoomed)
        self.night_tools.follow_requested.connect(self._on_follow_requested)
        self._actions.add_keys_to(self.view)
        night_accessible.install()

    # What is shown

    @Slot()
    def _on_ready(self) -> None:
        now, night = self._clock(), self._feed.night_range()
        rows = self._builder.rows(now, self._stretch(now, night), self.followed_filter())
        self.view.show_night(self._builder.night(rows, now, grouping=self._grouping), night, now)
        self.view.setAccessibleDescription(due_sentence(self.view.night.due))
        self._show_folds()
        self._show_selection()
        self._show_fact()
        self._show_empty()

    def _needed(self) -> NightRange:
        """The stretch of time shown; before the first night is known, now."""
        now, shown = self._clock(), self.view.shown()
        return NightRange(now, now) if self.view.now == 0.0 else shown

    def _stretch(self, now: float, night: NightRange) -> NightRange:
        """The stretch of time whose workstreams have rows: all of the night, so that rows stay while it is zoomed."""
        shown = self.view.camera.shown(night, now)
        return NightRange(min(shown.start, night.start), max(shown.end, now))

    def _show_fact(self) -> None:
        shown, night = self.view.shown(), self.view.night
        rows = sum(len(group.rows) for group in night.groups)
        fact = time_span(shown.start, shown.end)
        if rows:
            counted = tr_count("{n} workstream", "{n} workstreams", rows)
            if self._grouping is Grouping.RUN:
                counted = tr_count(
                    "{workstreams} in {n} run",
                    "{workstreams} in {n} runs",
                    len(night.groups),
                    workstreams=counted,
                )
            fact = f"{fact}, {counted}"
        if rows and (error := self._builder.estimates.error):
            fact = tr("{fact}, estimates {error}", fact=fact, error=error)
        if fact != self._fact:
            self._fact = fact
            self.fact_changed.emit()

    def _show_folds(self) -> None:
        """What has ended well is folded unless a person has opened it; the rest is open unless it was folded."""
        groups = self.view.night.groups
        self.view.set_folded({one.key for one in groups if one.is_over != (one.key in self._toggled)})

    def _show_empty(self) -> None:
        """Say that nothing ran in the time shown, or how many workstreams the filter hides."""
        is_empty = self.is_settled and self.view.is_empty()
        self._ran_ever = self._ran_ever or not is_empty
        if is_empty:
            shown = self.view.shown()
            hidden = len(self._builder.rows(self._clock(), shown, PanelFilter())) if self.is_limited() else 0
            if hidden:
                self.empty.show_message(
                    self.hidden_by_filter(tr_count("{n} workstream", "{n} workstreams", hidden)),
                    action=tr("Clear"),
                )
            elif self._ran_ever and self._projection.runs:
                self.empty.show_message(tr("Nothing ran in this time."), action=tr("Show the last run"))
            else:
                self.empty.show_message(
                    tr("Nothing ran yet."), tr("Attempts appear here when the first job starts.")
                )
            axis, top = self.view.axis(), 140
            width = round(min(max(self.empty.sizeHint().width(), _EMPTY_WIDTH), axis.width))
            left = round(axis.left + (axis.width - width) / 2)
            height = self.empty.heightForWidth(width)
            self.empty.setGeometry(QRect(max(0, left), top, width, height))
        self.empty.setVisible(is_empty)

    def _show_selection(self) -> None:
        """Show what is selected everywhere: its row, and the last attempt of the selected job."""
        key, job_id = self._selection.workstream, self._selection.job_id
        current = self.view.current_key
        if key is None:
            if not isinstance(current, str):
                self.view.select_line(None)
        else:
            bar = self.view.selected_bar
            if bar is None or current != key or bar.job_id != job_id:
                bar = self._last_bar(key, job_id)
            self.view.select_line(key, bar)
        self._show_block()

    def _last_bar(self, key: WorkstreamKey, job_id: str | None) -> NightBar | None:
        row = self._builder.row(key)
        mine = [bar for bar in row.bars if bar.job_id == job_id] if row is not None and job_id else []
        return mine[-1] if mine else None

    def _show_block(self) -> None:
        selected = self._selected_attempt()
        if selected is not None:
            self.block.show_attempt(selected)
        self.block.setVisible(selected is not None)

    def _selected_attempt(self) -> SelectedAttempt | None:
        bar = self.view.selected_bar
        job = self._projection.jobs.get(bar.job_id) if bar is not None else None
        card = self._cards.card((job.run_id, job.ws_id)) if job is not None else None
        if bar is None or job is None or card is None:
            return None
        mine = self._builder.past.attempts.get(job.job_id, [])
        attempt = next((one for one in mine if one.id == bar.attempt_id), mine[-1] if mine else None)
        if attempt is None:
            return None
        jobs = self._projection.jobs_of(card.key)
        return SelectedAttempt(
            card=card,
            job=job,
            attempt=attempt,
            earlier=[one for one in mine if one.number < attempt.number],
            later=jobs[jobs.index(job) + 1 :],
            estimates=self._builder.estimates.jobs,
            now=self._clock(),
        )

    # What happens

    @Slot()
    def _on_second(self) -> None:
        now = self._clock()
        self.view.show_now(now, self._feed.night_range())
        if self.block.isVisible():
            self._show_block()
        self._feed.refresh_waits()

    @Slot()
    def _on_selection_changed(self) -> None:
        self._feed.show_soon()

    @Slot(object)
    def _on_bar_selected(self, bar: NightBar | None) -> None:
        key = self.view.current_key
        night_accessible.report_focus(self.view)
        if bar is not None and isinstance(key, tuple):
            self._selection.select_job(bar.job_id or None, key)
        self._show_block()

    @Slot(object)
    def _on_row_selected(self, key: WorkstreamKey) -> None:
        self._selection.select_job(None, key)
        self._show_block()

    @Slot(str)
    def _on_opened(self, job_id: str) -> None:
        self._actions.run("show_details", (job_id,))

    @Slot(str)
    def _on_fold_toggled(self, key: str) -> None:
        self._toggled ^= {key}
        self._show_folds()

    @Slot(str, QPoint)
    def _on_menu_requested(self, job_id: str, where: QPoint) -> None:
        menu = self._actions.menu_for_jobs(self, (job_id,))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    @Slot(str)
    def _on_recurring_requested(self, name: str) -> None:
        self._actions.run("edit_recurring", (name,))

    @Slot()
    def _on_camera_changed(self) -> None:
        self.night_tools.show_camera(self.view.camera)
        self._feed.read_if_needed()
        self._feed.show_soon()
        self._show_fact()

    @Slot()
    def _on_block_closed(self) -> None:
        self._selection.select_workstream(None)
        self.view.select_line(None)
        self.block.hide()
        self.view.setFocus()

    @Slot()
    def _on_empty_answered(self) -> None:
        """Show what the filter hides, or else the last run."""
        shown = self.view.shown()
        if self.is_limited() and self._builder.rows(self._clock(), shown, PanelFilter()):
            self._selection.clear_filter()
        else:
            self._feed.find_last_start(min(self._clock(), shown.end))

    @Slot(object)
    def _on_last_start_found(self, at: float | None) -> None:
        if at is None:
            self._ran_ever = False
            self._show_empty()
            return
        span = self.view.shown().end - self.view.shown().start
        start = at - max(_LAST_RUN_BEFORE_S, span / 2)
        self.view.set_camera(Camera(self.view.camera.zoom, span, start, follows=False))

    @Slot(object)
    def _on_grouping_chosen(self, grouping: Grouping) -> None:
        self._grouping = Grouping(grouping)  # Qt passes a word on as a plain one
        self.night_tools.show_grouping(self._grouping)
        self._feed.show_soon()

    @Slot(object)
    def _on_zoom_chosen(self, zoom: Zoom) -> None:
        self.view.set_camera(
            to_zoom(self.view.camera, Zoom(zoom), night=self.view.range(), now=self._clock())
        )

    @Slot(bool)
    def _on_zoomed(self, closer: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.view.zoom(1 / ZOOM_STEP if closer else ZOOM_STEP)

    @Slot()
    def _on_follow_requested(self) -> None:
        self.view.set_camera(following(self.view.camera))
        self.night_tools.show_camera(self.view.camera)
