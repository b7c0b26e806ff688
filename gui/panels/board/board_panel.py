"""The Workstreams panel: wires the board and its toolbar to projection, selection and actions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from engine.streams.entries import Plan
from engine.system.formatting import age
from gui.control.background_tasks import BackgroundTasks
from gui.data.age_ticks import MINUTE_S, is_young, next_tick_ms
from gui.data.card import BoardColumn, Card
from gui.data.cards_model import CardFilter, CardsModel
from gui.data.last_lines import READING_THREADS, LastLines
from gui.data.projection import ProjectionChanges
from gui.data.short_turns import short_turns
from gui.panels.board.board_facts import column_fact, empty_line, title_fact
from gui.panels.board.board_layout import WIDE_FROM
from gui.panels.board.board_view import BoardView
from gui.panels.board.card_preview import CardPreview
from gui.panels.board.card_requests import CardRequests
from gui.panels.board.lanes import Lanes
from gui.panels.board.toolbar import BoardToolbar
from gui.panels.panel_base import Panel, PanelContext
from gui.theme.text_layout import Typesetter, one_line
from gui.translation import tr, tr_count, translatable
from gui.widgets.bulk_bar import BulkBar
from gui.widgets.empty_state import EmptyState
from gui.widgets.paint_in_turns import paint_in_turns

Key = tuple[str, str]
_SECOND_MS = 1000
_PREVIEW_LINES = 6


class BoardPanel(Panel):
    """Shows one card for each workstream, in columns by its current state."""

    name = "workstreams"
    title = translatable("Workstreams")
    icon = "kanban"
    takes_keys = True

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._now = self._clock()
        self._reading = BackgroundTasks(self, threads=READING_THREADS)
        self._preview_reading = BackgroundTasks(self, threads=READING_THREADS)
        self._lines = LastLines(
            self._projection, self._sources, self._reading, changed=self._on_lines_changed
        )
        self._lanes = {"narrow": Lanes.NONE, "wide": Lanes.REPOSITORY}
        self._fact = ""
        self._displayed: dict[Key, tuple[str, str, Plan | None]] = {}
        self._minute = 0
        self._following = False
        self._kept: list[Key] = []
        self._is_anew = False
        type_ = Typesetter(self._theme, self)
        self.model = CardsModel(self._projection, self, clock=self._clock)
        self.filter = CardFilter(self.model, self)
        self.board = BoardView(self._theme, type_, self, clock=self._displayed_time)
        self.preview = CardPreview(self._theme, type_, self)
        self.empty = EmptyState(self._theme, self.icon, *_no_cards(), parent=self)
        self.bar = BulkBar(self._theme, self)
        self._requests = CardRequests(
            self.board,
            self.bar,
            model=self.model,
            cards=self.filter,
            actions=self._actions,
            selection=self._selection,
        )
        self._stack = QStackedLayout()
        self._stack.addWidget(self.board)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._stack, 1)
        column.addWidget(self.bar)
        self._tools = BoardToolbar(self._theme, self)
        self._funnel = self._tools.funnel
        self._tick = QTimer(self, singleShot=True)
        self._wire()

    # What the dock shows

    @property
    def is_settled(self) -> bool:
        """Whether no line is being read."""
        return not self._reading.is_busy

    def fact(self) -> str:
        """How many workstreams are open, and how many were completed today."""
        return self._fact

    def tools(self) -> list[QWidget]:
        """The filter and the lane selector."""
        return self._tools.widgets()

    # What the window remembers

    def state(self) -> dict[str, Any]:
        """The selected lanes of the narrow and the wide board, and the folded lanes, as JSON values."""
        selected = {form: lanes.value for form, lanes in self._lanes.items()}
        return {"lanes": selected, "folded": sorted(self.board.folded)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a remembered state; invalid entries are ignored."""
        lanes, folded = state.get("lanes"), state.get("folded")
        if isinstance(lanes, Mapping):
            known = {lane.value: lane for lane in Lanes}
            self._lanes |= {
                form: known[value] for form in self._lanes if (value := lanes.get(form)) in tuple(known)
            }
        if isinstance(folded, list):
            self.board.fold(frozenset(key for key in folded if isinstance(key, str)))
        self._apply_lanes()

    @Slot(object)
    def set_lanes(self, lanes: Lanes) -> None:
        """Group the board into these lanes, in its current form (narrow or wide)."""
        self._lanes[self._form()] = lanes
        self._apply_lanes()

    def focus_find(self) -> None:
        """Move the focus to the filter field."""
        self._tools.focus_field()

    def stop_reading(self) -> None:
        """Read nothing from now on."""
        self._lines.stop()
        super().stop_reading()

    def _on_shown(self) -> None:
        self.model.set_live(True)
        self.board.fold_empty()
        self._show_settled()

    def _on_hidden(self) -> None:
        self.model.set_live(False)
        self._tick.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show the filter field permanently when there is room."""
        super().resizeEvent(event)
        self._tools.set_wide(wide=self.width() >= WIDE_FROM)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Four columns and a few cards."""
        return QSize(860, 420)

    def select_all(self) -> None:
        """Select every card that passes the filter, so that commands apply to all of them."""
        self.board.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.board.selectAll()

    # Wiring

    def _wire(self) -> None:
        board = self.board
        board.setModel(self.filter)
        board.card_delegate.last_line = self._last_line
        board.card_delegate.plan = self._plan
        board.fact_of = self._column_fact
        board.empty_line = self._empty_line
        board.older_in = self._older_in
        board.preview_requested.connect(self._on_preview_requested)
        board.form_changed.connect(self._on_form_changed)
        board.selectionModel().selectionChanged.connect(self._on_board_selection_changed)
        board.scrolled.connect(self._on_scrolled)
        self.setFocusProxy(board)
        self.filter.modelAboutToBeReset.connect(self._on_cards_about_to_be_reset)
        self.filter.modelReset.connect(self._on_cards_reset)
        self.model.settled.connect(self._on_settled)
        self._projection.folded.connect(self._on_folded)
        self._selection.changed.connect(self._on_selection_changed)
        self._theme.changed.connect(self._on_theme_changed)
        self.empty.action_requested.connect(self._on_clear_requested)
        self._tools.text_changed.connect(self._on_filter_changed)
        self._tools.lanes_selected.connect(self.set_lanes)
        self._tick.timeout.connect(self._on_tick)
        self._apply_lanes()
        self._apply_filter()

    # Callbacks of the board

    def _last_line(self, card: Card) -> str:
        return self._lines.line(card.focus)

    def _plan(self, card: Card) -> Plan | None:
        return self._lines.plan(card.focus)

    def _displayed_time(self) -> float:
        """The time all displayed ages refer to, so that no two of them disagree."""
        return self._now

    def _column_fact(self, column: BoardColumn, cards: Sequence[Card]) -> str:
        return column_fact(column, cards, self._now, projection=self._projection, wide=self.board.wide)

    def _older_in(self) -> Mapping[BoardColumn, int]:
        """Those that are not read yet; with a filter they are read, and are cards then."""
        if self._tools.text() or self._selection.filter_states:
            return {}
        return Counter(one.column for one in self._projection.shown_older(self._selection.run_id))

    def _empty_line(self, column: BoardColumn) -> str:
        return empty_line(
            column, self.model.cards(), projection=self._projection, filtered=self.filter.limited
        )

    @Slot(object)
    def _on_preview_requested(self, card: Card) -> None:
        row = self.filter.mapFromSource(self.model.index(self.model.row_of(card.key))).row()
        rect = self.board.card_rect(row)
        beside = QRect(self.board.viewport().mapToGlobal(rect.topLeft()), rect.size())
        self.preview.show_card(card, self._projection.jobs_of(card.key), (), beside=beside)
        self._preview_reading.forget()
        if card.focus is not None:
            work = self._lines.tail_reading(card.focus, _PREVIEW_LINES)
            self._preview_reading.run_latest(work, partial(self._show_output, card, beside))

    def _show_output(self, card: Card, beside: QRect, output: Sequence[str]) -> None:
        """Add the end of the output to the preview, unless it was closed meanwhile."""
        if output and self.preview.isVisible():
            lines = [one_line(line) for line in output]
            self.preview.show_card(card, self._projection.jobs_of(card.key), lines, beside=beside)

    @Slot()
    def _on_board_selection_changed(self) -> None:
        self._requests.show_selected()
        if self._following:
            return
        selected = self.board.selected_cards()
        self._following = True
        self._selection.select_workstreams([card.key for card in selected])
        self._following = False

    @Slot()
    def _on_cards_about_to_be_reset(self) -> None:
        self._kept = [card.key for card in self.board.selected_cards()]

    @Slot()
    def _on_cards_reset(self) -> None:
        """Select again what was selected: pruning makes every card anew."""
        self._is_anew = True
        sources = [self.model.index(row) for key in self._kept if (row := self.model.row_of(key)) >= 0]
        found = [index for source in sources if (index := self.filter.mapFromSource(source)).isValid()]
        self._kept = []
        if found:
            chosen, select = QItemSelection(), QItemSelectionModel.SelectionFlag
            for index in found:
                chosen.select(index, index)
            self.board.selectionModel().setCurrentIndex(found[0], select.NoUpdate)
            self.board.selectionModel().select(chosen, select.ClearAndSelect)

    # Changes from elsewhere

    @Slot()
    def _on_selection_changed(self) -> None:
        self._apply_filter()
        self._follow()

    def _follow(self) -> None:
        """Select the shared selection on the board."""
        key, selected = self._selection.workstream, self.board.selected_cards()
        if self._following or key in {card.key for card in selected}:
            return
        self._following = True
        select = QItemSelectionModel.SelectionFlag
        index = self.filter.mapFromSource(self.model.index(self.model.row_of(key) if key else -1))
        if index.isValid():
            self.board.selectionModel().setCurrentIndex(index, select.ClearAndSelect)
            self.board.scrollTo(index)
        else:
            self.board.selectionModel().clearSelection()
        self._following = False

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if changes.queue and self.isVisible():
            self.board.scheduleDelayedItemsLayout()  # headers and empty columns show the slots and the pause

    @Slot()
    def _on_settled(self) -> None:
        """Show it in a turn of its own, as other panels take in the same events in this one; all anew at once.

        The numbers wait for nothing: those of the header have changed in this turn.
        """
        if self._is_anew:
            self._show_settled()
        elif self.isVisible():
            self.board.show_counts()
            short_turns().soon(self._show_settled)

    def _show_settled(self) -> None:
        self._is_anew = False
        if not self.isVisible():
            return
        self.board.runs = self._projection.runs
        self._show_empty()
        self._requests.show_selected()
        self.board.scheduleDelayedItemsLayout()
        self._follow()
        now = self._now = self._clock()
        fact = self._title_fact(now)
        if fact != self._fact:
            self._fact = fact
            self.fact_changed.emit()
        if not self._tick.isActive() or self._tick.remainingTime() > _SECOND_MS:
            self._tick.start(0)

    def _title_fact(self, now: float) -> str:
        """What the title says of the cards, and of work that is not read yet."""
        fact, older = (
            title_fact(self.filter.cards(), now),
            len(self._projection.older_of(self._selection.run_id)),
        )
        if not older or not fact:
            return fact
        is_limited = self._tools.text() or self.followed_filter()
        note = tr("searching…") if is_limited else tr("{older:,} older ones not loaded", older=older)
        return f"{fact}, {note}"

    def _show_empty(self) -> None:
        """Say that there are no cards, or that the filter of all panels hides every one."""
        cards, shown = self.model.rowCount(), self.filter.rowCount()
        hidden = cards and not shown and self.followed_filter()
        shown_page = self.board if cards and not hidden else self.empty
        if shown_page is self.board and self.board.isHidden():
            paint_in_turns(self.board.viewport())  # after the heads of the columns
        self._stack.setCurrentWidget(shown_page)
        if hidden:
            self.empty.show_message(
                self.hidden_by_filter(tr_count("{n} workstream", "{n} workstreams", cards)),
                action=tr("Clear"),
            )
        elif not cards:
            self.empty.show_message(*_no_cards())

    @Slot()
    def _on_clear_requested(self) -> None:
        self._tools.field.clear()
        self._selection.clear_filter()

    @Slot()
    def _on_filter_changed(self) -> None:
        self._apply_filter()

    @Slot()
    def _on_form_changed(self) -> None:
        self._apply_lanes()

    @Slot()
    def _on_scrolled(self) -> None:
        self._tick.start(0)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.board.viewport().update()

    @Slot()
    def _on_tick(self) -> None:
        """Repaint what has changed: every second while something in view runs or is young, else every minute."""
        self.model.refresh_waits()
        now = self._now = self._clock()
        shown = self.board.cards_in_view()
        running = [
            card.focus for card, _ in shown if card.column is BoardColumn.RUNNING and card.focus is not None
        ]
        self._lines.refresh(running)
        self._repaint_changed(shown)
        self.board.show_headers()
        if int(now) // MINUTE_S != self._minute:
            self._minute = int(now) // MINUTE_S
            self.board.viewport().update()
            self.board.scheduleDelayedItemsLayout()
        young = any(is_young(card.since, now) for card, _ in shown)
        self._tick.start(next_tick_ms(now, every_second=bool(running) or young))

    def _on_lines_changed(self) -> None:
        short_turns().soon(self._show_lines)

    def _show_lines(self) -> None:
        if self.isVisible():
            self._repaint_changed(self.board.cards_in_view())

    def _repaint_changed(self, shown: Sequence[tuple[Card, QRect]]) -> None:
        """Paint those of these cards again that show something else than before."""
        displayed = {}
        for card, rect in shown:
            displayed[card.key] = (age(card.since, self._now), self._last_line(card), self._plan(card))
            if displayed[card.key] != self._displayed.get(card.key):
                self.board.viewport().update(rect)
        self._displayed = displayed

    def _apply_filter(self) -> None:
        self.filter.limit(text=self._tools.text(), limits=self._selection.filter)
        if self._tools.text():
            self._projection.request_older(self._selection.run_id, whole=True)
        self.light_funnel()
        self.board.fold_empty()
        self._show_settled()

    def _form(self) -> str:
        return "wide" if self.board.wide else "narrow"

    def _apply_lanes(self) -> None:
        lanes = self._lanes[self._form()]
        self.board.group_by(lanes)
        self._tools.show_lanes(lanes)


def _no_cards() -> tuple[str, str]:
    return tr("No workstreams."), tr("Each workstream of a run becomes a card.")
