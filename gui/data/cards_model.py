"""The cards of all workstreams as a Qt model, and its filter. Does no layout and reads no database.

The model is a flat list in the order of runs and workstreams; the board groups the rows by lane and column.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from engine.system.formatting import age
from gui.data.card import BoardColumn, Card
from gui.data.card_building import card_of
from gui.data.card_columns import column_of
from gui.data.cost_captions import cost_caption
from gui.data.job_actions import fitting
from gui.data.job_display import WaitOf
from gui.data.panel_filter import PanelFilter
from gui.data.projection import FileKey, Projection, ProjectionChanges, WorkstreamKey
from gui.data.short_turns import short_turns
from gui.guarded import Guarded
from gui.translation import tr, tr_count, uncapitalized
from state.command_table import JobCommand
from state.costs import Cost
from state.records import WorkstreamFile

Index = QModelIndex | QPersistentModelIndex
CARD_ROLE = Qt.ItemDataRole.UserRole + 1
CARDS_MIME = "application/x-signalbox-cards"
_NO_PARENT = QModelIndex()
_QUEUE_PAUSE_S = 0.25
"""The sentences of all waiting cards are rebuilt at most this often while the queue changes."""
_LONG_REFRESH_MS = 4.0
_TURN_MS = 6.0
"""The cards of all that waits are rebuilt in turns of this length."""
_PAUSE_FACTOR = 8
"""After a long refresh it pauses for this many times its duration: no queue takes all of the window's time."""


class _Place(NamedTuple):
    """Where a card is in its column: the rank of its own step, and the one that it is shown at."""

    column: BoardColumn
    job_id: str
    own: tuple[float, ...]
    shown: tuple[float, ...]


def _placed(card: Card, before: _Place | None) -> _Place:
    """The place of a card: where it was if it only went on to another step of the same column.

    There it stays until its step is moved in the queue, or it leaves the column.
    """
    job_id, shown = card.focus.job_id if card.focus else "", card.rank
    if (
        before is not None
        and before.column is card.column
        and (job_id != before.job_id or card.rank == before.own)
    ):
        shown = before.shown
    return _Place(card.column, job_id, card.rank, shown)


class CardsModel(Guarded, QAbstractListModel):
    """One row per workstream of the projection.

    Signals:
        settled(): rows were changed, added or reloaded; whatever is computed from all cards is out of date.
    """

    settled = Signal()

    def __init__(
        self,
        projection: Projection,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._projection, self._clock = projection, clock
        self._names = projection.names
        self._cards: list[Card] = []
        self._rows: dict[WorkstreamKey, int] = {}
        self._files: dict[WorkstreamKey, dict[FileKey, WorkstreamFile]] = {}
        self._run_names: dict[str, tuple[str, str | None]] = {}
        self._stale: set[WorkstreamKey] = set()
        self._stale_all = True
        self._stale_queue = False
        self._live = False
        self._queue_due = 0.0
        self._places: dict[WorkstreamKey, _Place] = {}
        self._behind: dict[WorkstreamKey, None] = {}
        self._wait_of: WaitOf | None = None
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._on_pause_over)
        projection.reset.connect(self._on_reset)
        projection.folded.connect(self._on_folded)

    def set_live(self, live: bool) -> None:  # noqa: FBT001 - a switch, like setVisible
        """Follow the projection, or only note what changed while no view is visible."""
        self._live = live
        if live:
            self._refresh()
        else:
            self._pause.stop()

    def card(self, key: WorkstreamKey) -> Card | None:
        """The card of a workstream."""
        row = self._rows.get(key)
        return None if row is None else self._cards[row]

    def cards(self) -> list[Card]:
        """Every card, in row order."""
        return self._cards

    def row_of(self, key: WorkstreamKey) -> int:
        """The row of a workstream; -1 without one."""
        return self._rows.get(key, -1)

    def refresh_waits(self) -> None:
        """Rebuild the cards whose wait has ended by the clock alone."""
        now = self._clock()
        due = {card.key for card in self._cards if card.until is not None and card.until <= now}
        if due and self._live:
            self._rebuild(due)

    def job_ids(self, cards: Iterable[Card], command: JobCommand) -> tuple[str, ...]:
        """The jobs of these cards that a command fits."""
        jobs = self._projection.jobs
        return tuple(
            job_id
            for card in cards
            for job_id in fitting(command, (jobs[job_id] for job_id in card.target_ids if job_id in jobs))
        )

    def drop_command(self, card: Card, column: BoardColumn) -> JobCommand | None:
        """The command that a drop of a card on a column gives; None if it cannot be moved there.

        Work goes to Waiting alone: what runs is held after its step, anything else is released or retried.
        """
        if column is not BoardColumn.WAITING or card.column is BoardColumn.WAITING:
            return None
        runs = card.column is BoardColumn.RUNNING
        offered = (JobCommand.HOLD,) if runs else (JobCommand.RELEASE, JobCommand.RETRY)
        return next((command for command in offered if self.job_ids([card], command)), None)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """The number of workstreams."""
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The card itself under `CARD_ROLE`, its name, and its text for screen readers."""
        if not index.isValid():
            return None
        card = self._cards[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return card.distinct_name
            case _ if role == CARD_ROLE:
                return card
            case Qt.ItemDataRole.AccessibleTextRole:
                return accessible_text(card, self._clock())
            case _:
                return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A card can be dragged only if a command would move it."""
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.NoItemFlags
        fixed = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemNeverHasChildren
        movable = self.drop_command(self._cards[index.row()], BoardColumn.WAITING) is not None
        return fixed | flag.ItemIsDragEnabled if movable else fixed

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """Cards can be dragged only within the board."""
        return [CARDS_MIME]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's name
        """The keys of the dragged workstreams."""
        mime = QMimeData()
        keys = [self._cards[index.row()].key for index in indexes]
        mime.setData(CARDS_MIME, "\n".join("\t".join(key) for key in keys).encode())
        return mime

    @Slot()
    def _on_reset(self) -> None:
        self._stale_all = True
        if self._live:
            self._refresh()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        for file_key in changes.files:
            self._files.setdefault(file_key[:2], {})[file_key] = self._projection.files[file_key]
        self._stale |= changes.workstreams
        renamed = {run_id for run_id in changes.runs if self._renamed(run_id)}
        if renamed:
            self._stale |= {card.key for card in self._cards if card.run_id in renamed}
        self._follow_names(changes.workstreams, renamed)
        self._stale_queue |= changes.queue
        if self._live and self._pause.isActive():
            self._move(changes.workstreams)
        elif self._live:
            self._refresh()

    def _move(self, changed: Collection[WorkstreamKey]) -> None:
        """Rebuild at once, even in a pause, what has changed its column: all numbers of a window change together."""
        moved = {key for key in changed if key in self._projection.workstreams and self._has_moved(key)}
        self._stale -= moved
        self._rebuild(moved)

    def _has_moved(self, key: WorkstreamKey) -> bool:
        projection, card = self._projection, self.card(key)
        return card is None or card.column is not column_of(
            projection.workstreams[key],
            projection.jobs_of(key),
            merge=projection.merges.get(key),
            is_between_steps=key in projection.between_steps,
        )

    def _follow_names(self, changed: Collection[WorkstreamKey], renamed: Collection[str]) -> None:
        """Mark the cards too whose name is no longer the only one of its kind."""
        new = [key for key in changed if key not in self._rows and key in self._projection.workstreams]
        if new or renamed:
            self._names = self._projection.names
        for name in {self._names.workstream(key): key for key in new}.values():
            self._stale |= {other for other in self._names.namesakes(name) if self._is_named_anew(other)}

    def _is_named_anew(self, key: WorkstreamKey) -> bool:
        card = self.card(key)
        return card is not None and card.apart != self._names.apart(key)

    @Slot()
    def _on_pause_over(self) -> None:
        short_turns().soon(self._catch_up)

    def _catch_up(self) -> None:
        if self._live and (self._stale or self._stale_queue or self._behind):
            self._refresh()

    def _refresh(self) -> None:
        if self._stale_all:
            self._load()
            return
        began = time.perf_counter()
        stale, self._stale = self._stale, set()
        if self._stale_queue and began >= self._queue_due:
            self._stale_queue, self._queue_due = False, began + _QUEUE_PAUSE_S
            self._behind = dict.fromkeys(
                card.key for card in self._cards if card.column is BoardColumn.WAITING
            )
            self._wait_of = None
        self._rebuild(stale, behind=self._behind)
        took_ms = (time.perf_counter() - began) * 1000
        if took_ms > _LONG_REFRESH_MS or self._behind:
            self._pause.start(round(_PAUSE_FACTOR * took_ms))
        elif self._stale_queue:
            self._pause.start(round(_QUEUE_PAUSE_S * 1000))

    def _load(self) -> None:
        self._stale_all = self._stale_queue = False
        self._stale.clear()
        self._behind.clear()
        self._places.clear()
        by_workstream: dict[WorkstreamKey, dict[FileKey, WorkstreamFile]] = defaultdict(dict)
        for key, file in self._projection.files.items():
            by_workstream[key[:2]][key] = file
        self._files = dict(by_workstream)
        self._names = self._projection.names
        self._run_names = {run.run_id: (run.title, run.repo) for run in self._projection.runs.values()}
        wait_of = self._projection.explainer(self._clock()).wait
        self.beginResetModel()
        self._cards = [
            self._card_of(key, wait_of) for key in sorted(self._projection.workstreams, key=self._sort_key)
        ]
        self._rows = {card.key: row for row, card in enumerate(self._cards)}
        self.endResetModel()
        self.settled.emit()

    def _sort_key(self, key: WorkstreamKey) -> tuple[float, str, int, str]:
        run = self._projection.runs.get(key[0])
        return (-(run.created_at if run else 0.0), key[0], self._projection.workstreams[key].position, key[1])

    def _renamed(self, run_id: str) -> bool:
        """Whether what cards show of a run has changed: most events of a run change only its state."""
        run = self._projection.runs.get(run_id)
        now = (run.title, run.repo) if run else ("", None)
        before = self._run_names.get(run_id)
        self._run_names[run_id] = now
        return now != before

    def _card_of(self, key: WorkstreamKey, wait_of: WaitOf) -> Card:
        found = card_of(
            self._projection.workstreams[key],
            self._projection.jobs_of(key),
            run=self._projection.runs.get(key[0]),
            files=self._files.get(key, _NO_FILES).values(),
            wait_of=wait_of,
            attempt_of=self._projection.running_attempt,
            merge=self._projection.merges.get(key),
            tree=self._projection.worktrees.get(key),
            names=self._names,
            is_between_steps=key in self._projection.between_steps,
        )
        place = self._places[key] = _placed(found, self._places.get(key))
        return found if place.shown == found.rank else replace(found, rank=place.shown)

    def _rebuild(
        self, keys: Collection[WorkstreamKey], *, behind: dict[WorkstreamKey, None] | None = None
    ) -> None:
        """Rebuild these cards, and as many of those `behind` as fit into a short turn."""
        if not keys and not behind:
            return
        if keys or self._wait_of is None:
            self._wait_of = self._projection.explainer(self._clock()).wait
        changed = [self._rebuild_one(key, self._wait_of) for key in keys]
        began = time.thread_time()
        while behind and (time.thread_time() - began) * 1000 < _TURN_MS:
            key = next(iter(behind))
            del behind[key]
            changed.append(self._rebuild_one(key, self._wait_of))
        if any(changed):
            self.settled.emit()

    def _rebuild_one(self, key: WorkstreamKey, wait_of: WaitOf) -> bool:
        """Rebuild one card; False if it is what it was."""
        if key not in self._projection.workstreams:
            return False
        card = self._card_of(key, wait_of)
        row = self._rows.get(key)
        if row is None:
            self._insert(card)
            return True
        if card == self._cards[row]:
            return False
        self._cards[row] = card
        self.dataChanged.emit(self.index(row), self.index(row))
        return True

    def _insert(self, card: Card) -> None:
        row = len(self._cards)
        self.beginInsertRows(_NO_PARENT, row, row)
        self._cards.append(card)
        self._rows[card.key] = row
        self.endInsertRows()


_NO_FILES: Mapping[FileKey, WorkstreamFile] = {}


class CardFilter(Guarded, QSortFilterProxyModel):
    """The cards that contain the filter text and pass the filter of all panels."""

    def __init__(self, model: CardsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text, self._limits = "", PanelFilter()
        self.setSourceModel(model)

    def limit(self, *, text: str, limits: PanelFilter) -> None:
        """Pass only cards that contain this text and pass these limits."""
        if (text.strip(), limits) != (self._text, self._limits):
            self._text, self._limits = text.strip(), limits
            self.invalidate()

    def cards(self) -> list[Card]:
        """Every card that passes, in row order."""
        model = self.sourceModel()
        every = model.cards() if isinstance(model, CardsModel) else []
        if self.rowCount() == len(every):
            return list(every)
        return [every[self.mapToSource(self.index(row, 0)).row()] for row in range(self.rowCount())]

    @property
    def limited(self) -> bool:
        """Whether a text or state filter is set."""
        return bool(self._text or self._limits.states)

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether a card passes."""
        card: Card = self.sourceModel().index(source_row, 0, source_parent).data(CARD_ROLE)
        return card.passes(self._limits) and (not self._text or card.matches(self._text))


def accessible_text(card: Card, now: float) -> str:
    """The card as one sentence for a screen reader."""
    attempt, most = card.attempts
    parts = [card.distinct_name, card.repo, card.progress, card.tool, uncapitalized(card.word)]
    parts.append(tr("attempt {number} of {most}", number=attempt, most=most) if attempt and most > 1 else "")
    parts += [age(card.since, now), card.sentence.rstrip("."), card.session.rstrip(".")]
    if card.column is BoardColumn.REVIEW:
        parts += [
            tr_count("{n} file", "{n} files", card.files) if card.files else "",
            cost_caption(Cost.of(card.cost, card.cost_source)),
        ]
    return ", ".join(part for part in parts if part)
