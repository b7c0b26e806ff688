"""The runs as a Qt table model made from cards: state, progress, elapsed time and cost."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from engine.scheduling.explainer import shown_group
from engine.system.plain_text import escape_invisible
from gui.data.card import Card
from gui.data.card_building import repo_name
from gui.data.cost_captions import cost_text, spoken_duration
from gui.data.job_display import state_inside, tally
from gui.data.run_words import origin_words
from gui.data.shown_older import ShownOlder
from gui.data.shown_review import shown_status
from gui.data.state_of_cards import state_of_cards
from gui.guarded import Guarded
from gui.translation import tr, translatable
from gui.widgets.label import plain_tip
from state.costs import Cost, CostSource, total_cost
from state.records import Run
from state.shown_names import ShownNames

Index = QModelIndex | QPersistentModelIndex
RUN_ROLE = Qt.ItemDataRole.UserRole + 1
SORT_ROLE = Qt.ItemDataRole.UserRole + 2
_NO_PARENT = QModelIndex()
_SATISFIED = frozenset({"completed", "skipped"})


class Field(IntEnum):
    """The columns of the table."""

    RUN = 0
    PROGRESS = 1
    DONE = 2
    ELAPSED = 3
    COST = 4


TITLES = {
    Field.RUN: translatable("Runs"),
    Field.PROGRESS: "",
    Field.DONE: translatable("done"),
    Field.ELAPSED: translatable("elapsed"),
    Field.COST: translatable("cost"),
}


_NAMES = {
    Field.RUN: translatable("Run"),
    Field.PROGRESS: translatable("Progress"),
    Field.DONE: translatable("Done"),
    Field.ELAPSED: translatable("Elapsed"),
    Field.COST: translatable("Cost"),
}
"""The columns for screen readers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRow:
    """The row of one run; `ended_at` is None while it continues, `cost` if no tool reported any."""

    run_id: str
    title: str = ""
    apart: str = ""
    """What sets it apart from others of its name: its repository, its day."""
    origin: str = ""
    """The recurring run that has queued it, in words."""
    repo: str = ""
    state: str = "queued"
    segments: tuple[tuple[str, int], ...] = ()
    done: int = 0
    total: int = 0
    created_at: float = 0.0
    started_at: float | None = None
    ended_at: float | None = None
    cost: float | None = None
    cost_source: CostSource | None = None

    def elapsed(self, now: float) -> float | None:
        """Seconds from its start to its end, or to now; None before it has started."""
        if self.started_at is None:
            return None
        return (self.ended_at if self.ended_at is not None else now) - self.started_at


def run_rows(
    cards: Iterable[Card], runs: Mapping[str, Run], older: Iterable[ShownOlder] = ()
) -> list[RunRow]:
    """A row for each run, newest first; `older` are its workstreams without a card."""
    uncarded: dict[str, list[ShownOlder]] = defaultdict(list)
    for one in older:
        uncarded[one.run_id].append(one)
    of_run: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        of_run[card.run_id].append(card)
    names = ShownNames(runs=runs, clean=escape_invisible)
    newest = sorted(runs.values(), key=lambda run: (-run.created_at, run.run_id))
    return [
        _row(run, of_run.get(run.run_id, ()), uncarded.get(run.run_id, ()), names=names) for run in newest
    ]


class RunsModel(Guarded, QAbstractTableModel):
    """One row for each run."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[RunRow] = []
        self.now = 0.0

    def show(self, rows: Sequence[RunRow]) -> None:
        """Show these rows; if the runs are the same, emit changes only for rows that differ."""
        if [row.run_id for row in rows] == [row.run_id for row in self._rows]:
            for number, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
                if old != new:
                    self._rows[number] = new
                    self.dataChanged.emit(self.index(number, 0), self.index(number, len(Field) - 1))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rows(self) -> Sequence[RunRow]:
        """The rows shown."""
        return self._rows

    def row_of(self, run_id: str | None) -> int:
        """The row of a run; -1 if it has none."""
        return next((number for number, row in enumerate(self._rows) if row.run_id == run_id), -1)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """The number of runs."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One for each `Field`."""
        return 0 if parent.isValid() else len(Field)

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """The column titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Field):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return tr(TITLES[Field(section)])
            case Qt.ItemDataRole.AccessibleTextRole:
                return tr(_NAMES[Field(section)])
            case _:
                return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself as `RUN_ROLE`, its sort key as `SORT_ROLE`, and texts."""
        if not index.isValid():
            return None
        row, field = self._rows[index.row()], Field(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title if field is Field.RUN else None
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                words = _accessible_text if role == Qt.ItemDataRole.AccessibleTextRole else _tip
                return words(row, field, now=self.now)
            case _ if role == RUN_ROLE:
                return row
            case _ if role == SORT_ROLE:
                return self._rank(row, field)
            case _:
                return None

    def _rank(self, row: RunRow, field: Field) -> float:
        match field:
            case Field.RUN:
                return row.created_at
            case Field.PROGRESS:
                return row.done / row.total if row.total else 0.0
            case Field.DONE:
                return float(row.done)
            case Field.ELAPSED:
                return row.elapsed(self.now) or -1.0
            case Field.COST:
                return -1.0 if row.cost is None else row.cost


class RunsSorted(QSortFilterProxyModel):
    """The runs, sorted by a column."""

    def __init__(self, model: RunsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSourceModel(model)
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)


def _row(run: Run, cards: Sequence[Card], older: Sequence[ShownOlder], *, names: ShownNames) -> RunRow:
    states = Counter(state for card in cards for state in card.steps)
    for one in older:
        for state, number in one.states:
            states[state] += number
    costs = [Cost.of(card.cost, card.cost_source) for card in cards]
    cost = total_cost([*costs, *(one.cost for one in older)])
    repos = list(dict.fromkeys(card.repo for card in cards if card.repo)) or [repo_name(run.repo)]
    return RunRow(
        run_id=run.run_id,
        title=names.run(run.run_id),
        origin=origin_words(run),
        apart=names.run_apart(run.run_id),
        repo=", ".join(repos[:2]) + (" …" if len(repos) > 2 else ""),  # noqa: PLR2004 - two fit
        state=_state(run, cards, older),
        segments=tally(states),
        done=sum(number for state, number in states.items() if state in _SATISFIED),
        total=states.total(),
        created_at=run.created_at,
        started_at=run.started_at,
        ended_at=run.completed_at,
        cost=cost.usd,
        cost_source=cost.source,
    )


def _state(run: Run, cards: Sequence[Card], older: Sequence[ShownOlder]) -> str:
    """That of its cards, unless something that has none needs a person and no card is open."""
    needing = [state for one in older for state in one.needing]
    if needing and not any(card.is_open for card in cards):
        return shown_group(needing)
    return state_of_cards(cards) if cards else shown_status(run.status)


def shown_cost(row: RunRow) -> str:
    """What the jobs of a run have cost, as its cell shows it."""
    return cost_text(Cost.of(row.cost, row.cost_source))


def _accessible_text(row: RunRow, field: Field, *, now: float) -> str:
    match field:
        case Field.RUN:
            apart = row.apart if row.apart != row.repo else ""
            return ", ".join(filter(None, (row.title, row.repo, apart, state_inside(row.state))))
        case Field.PROGRESS:
            return ", ".join(
                tr("{number} {word}", number=number, word=state_inside(state))
                for state, number in row.segments
            )
        case Field.DONE:
            return tr("{done} of {total} done", done=row.done, total=row.total)
        case Field.ELAPSED:
            elapsed = row.elapsed(now)
            return tr("not started") if elapsed is None else spoken_duration(elapsed)
        case Field.COST:
            return shown_cost(row) or tr("no cost reported")


def _tip(row: RunRow, field: Field, *, now: float) -> str:
    """The cell in words; the name, which may be elided, with the elapsed time, which a narrow table hides."""
    words = _accessible_text(row, field, now=now)
    if field is Field.RUN:
        words = f"{words}, {_accessible_text(row, Field.ELAPSED, now=now)}"
        return plain_tip("\n".join(filter(None, (words, row.origin))))
    return plain_tip(words)
