"""The queue column as a Qt list model: section heads, and the reviews below them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.data.cost_captions import spoken_duration, with_certainty
from gui.guarded import Guarded
from gui.panels.review.marks import Mark, conflict_mark, queue_marks
from gui.panels.review.review_records import ReviewItem, ReviewSection, WorkstreamKey
from gui.translation import tr, tr_count, translatable
from state.costs import Cost

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_NO_PARENT = QModelIndex()
_TITLES = {
    ReviewSection.WAITING: translatable("Waits for review"),
    ReviewSection.SENT_BACK: translatable("Sent back"),
    ReviewSection.MERGING: translatable("In the merge queue"),
    ReviewSection.MERGED: translatable("Merged tonight"),
    ReviewSection.DISCARDED: translatable("Discarded"),
}


@dataclass(frozen=True)
class QueueHead:
    """The head of a section: its name, how many are in it, and in what order."""

    section: ReviewSection
    count: int

    @property
    def title(self) -> str:
        """The name of the section."""
        return tr(_TITLES[self.section])

    @property
    def fact(self) -> str:
        """What stands at the end of the line."""
        return tr("oldest first") if self.section is ReviewSection.WAITING else ""


QueueRow = QueueHead | ReviewItem


class QueueModel(Guarded, QAbstractListModel):
    """Shows the reviews that pass a filter, by section, each oldest first."""

    def __init__(self, clock: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._items: Sequence[ReviewItem] = ()
        self._rows: list[QueueRow] = []
        self._filter = ""

    @property
    def rows(self) -> Sequence[QueueRow]:
        """What is shown."""
        return self._rows

    def items(self, section: ReviewSection | None = None) -> list[ReviewItem]:
        """The reviews that are shown, of one section or all."""
        found = [row for row in self._rows if isinstance(row, ReviewItem)]
        return [item for item in found if section in {None, item.section}]

    def show(self, items: Sequence[ReviewItem], *, in_place: bool = False) -> None:
        """Show these; `in_place` keeps the order of those that are shown already: the pointer is over them."""
        places = {item.key: place for place, item in enumerate(self._items)} if in_place else {}
        last = len(places)
        self._items = sorted(items, key=lambda item: (places.get(item.key, last), *_rank(item)))
        self._update_rows()

    def set_filter(self, text: str) -> None:
        """Show only what has these words."""
        self._filter = text
        self._update_rows()

    def row_of(self, key: WorkstreamKey | None) -> int | None:
        """The row of a review."""
        rows = enumerate(self._rows)
        return next((n for n, row in rows if isinstance(row, ReviewItem) and row.key == key), None)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """Heads and reviews."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Heads cannot be selected."""
        if index.isValid() and isinstance(self._rows[index.row()], QueueHead):
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself as `ROW_ROLE`, its title, and the text for screen readers."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return accessible_text(row, self._clock())
            case _ if role == ROW_ROLE:
                return row
            case _:
                return None

    def _update_rows(self) -> None:
        rows = list(_with_heads([item for item in self._items if item.matches(self._filter)]))
        same = [_identity(row) for row in rows] == [_identity(row) for row in self._rows]
        if not same:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        for number, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
            if old != new:
                self._rows[number] = new
                self.dataChanged.emit(self.index(number), self.index(number))


def accessible_text(row: QueueRow, now: float) -> str:
    """A row as a screen reader says it."""
    if isinstance(row, QueueHead):
        return f"{row.title}, {row.count}"
    waits = ""
    if row.since is not None:
        waits = tr("waits for review {lasted}", lasted=spoken_duration(now - row.since))
    if row.section is not ReviewSection.WAITING:
        return ", ".join(filter(None, (row.title, row.sentence)))
    return ", ".join(filter(None, (row.title, waits, _evidence_words(row))))


def _evidence_words(row: ReviewItem) -> str:
    evidence = row.evidence
    if evidence is None:
        return ""
    words = [_spoken(mark, evidence.cost) for mark in queue_marks(evidence)]
    conflict = conflict_mark(evidence)
    return ", ".join((*words, *(() if conflict is None else (conflict.text,))))


def _spoken(mark: Mark, cost: Cost) -> str:
    """A mark as it is said: what an icon or a sign says beside it is a word."""
    if mark.opens == "cost" and cost.usd is not None:
        cents = round(cost.usd * 100)
        amount = tr("{usd:,.2f} dollars", usd=cost.usd)
        if cents < 100:  # noqa: PLR2004 - a dollar
            amount = tr_count("{n} cent", "{n} cents", cents)
        return with_certainty(amount, cost.source)
    return mark.spoken or mark.text


def _rank(item: ReviewItem) -> tuple[float, str]:
    """The oldest first; the merge queue has an order of its own."""
    if item.section is ReviewSection.DISCARDED:
        return (-(item.since or 0.0), item.ws_id)
    sorts = item.section in {ReviewSection.WAITING, ReviewSection.SENT_BACK}
    return (item.since or 0.0, item.ws_id) if sorts else (0.0, "")


def _identity(row: QueueRow) -> object:
    return row.section if isinstance(row, QueueHead) else (row.section, row.key)


def _with_heads(items: Sequence[ReviewItem]) -> Iterator[QueueRow]:
    for section in ReviewSection:
        here = [item for item in items if item.section is section]
        if here:
            yield QueueHead(section, len(here))
            yield from here
