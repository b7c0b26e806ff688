"""The needs as a Qt list model: a row for each cause, its workstreams below it once opened, and the rest counted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.guarded import Guarded
from gui.panels.dashboard.attention_items import AttentionItem, AttentionRow, workstreams_in
from gui.panels.dashboard.unread_needs import UnreadNeeds
from gui.translation import tr, tr_count

Index = QModelIndex | QPersistentModelIndex
NEED_ROLE = Qt.ItemDataRole.UserRole + 1
MAX_SHOWN = 5
_NO_PARENT = QModelIndex()


class AttentionModel(Guarded, QAbstractListModel):
    """Shows a limited number of needs and a row that counts the rest, until expanded.

    While it is kept still, no row changes its place: what is new comes last, what is settled stays as settled.
    """

    def __init__(self, unread: UnreadNeeds, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.unread = unread
        self._ranked: list[AttentionItem] = []
        self._needs: list[AttentionItem] = []
        self._rows: list[AttentionItem] = []
        self._opened: set[tuple[object, ...]] = set()
        self._limit = MAX_SHOWN
        self._limits: object = None
        self._is_expanded = self._is_still = False

    @property
    def needs(self) -> Sequence[AttentionItem]:
        """Every need, shown or not, the most urgent first."""
        return self._ranked

    @property
    def workstreams(self) -> int:
        """How many workstreams need a person."""
        return workstreams_in(self._ranked)

    @property
    def rows(self) -> Sequence[AttentionItem]:
        """The rows shown."""
        return self._rows

    @property
    def opened_rows(self) -> int:
        """How many workstreams a person wants to see below their needs."""
        return sum(len(need.members) for need in self._ranked if need.key in self._opened)

    @property
    def is_expanded(self) -> bool:
        """Whether all needs are shown."""
        return self._is_expanded

    def show(self, needs: Sequence[AttentionItem], *, limits: object = None) -> None:
        """Show these needs, ranked by the caller, with what limits them; other limits begin a list of their own.

        What another filter hides is not settled.
        """
        if limits != self._limits:
            self._limits, self._needs = limits, []
        self._ranked = list(needs)
        self._opened &= {need.key for need in needs if need.can_open}
        self._update_rows()

    def set_limit(self, limit: int) -> None:
        """Show at most this many needs while it is not expanded."""
        if limit != self._limit:
            self._limit = limit
            self._update_rows()

    def expand(self, *, expanded: bool) -> None:
        """Show all needs, or only the most urgent ones."""
        self._is_expanded = expanded
        self._update_rows()

    def keep_still(self, *, still: bool) -> None:
        """Let no row move, because the pointer is over them; or rank them again."""
        if still != self._is_still:
            self._is_still = still
            self._update_rows()

    def open_members(self, need: AttentionItem, *, opened: bool) -> None:
        """List the workstreams of a need below it, or hide them again."""
        if need.can_open and opened != need.is_open:
            (self._opened.add if opened else self._opened.discard)(need.key)
            self._update_rows()

    def look(self, need: AttentionItem) -> None:
        """Mark a need as looked at."""
        if self.unread.look(need):
            self._update_rows()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """The rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The need itself as `NEED_ROLE`, its title, and the text for screen readers."""
        if not index.isValid():
            return None
        need = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return need.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return _accessible_text(need)
            case _ if role == NEED_ROLE:
                return need
            case _:
                return None

    def _update_rows(self) -> None:
        marked = [self.unread.marked(need) for need in self._ranked]
        self._needs = _kept_in_place(self._needs, marked) if self._is_still else marked
        rows = list(self._arranged())
        if [(row.kind, row.key) for row in rows] == [(row.kind, row.key) for row in self._rows]:
            for number, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
                if old != new:
                    self._rows[number] = new
                    self.dataChanged.emit(self.index(number), self.index(number))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _arranged(self) -> Iterator[AttentionItem]:
        shown = self._needs if self._is_expanded else self._needs[: self._limit]
        for need in shown:
            is_open = need.key in self._opened
            yield replace(need, is_open=is_open)
            if is_open:
                yield from need.members
        hidden = self._needs[len(shown) :]
        if hidden:
            new = sum(need.is_unread for need in hidden)
            title = tr("{more:,} more", more=len(hidden))
            if new:
                title = tr("{more:,} more, {new:,} new", more=len(hidden), new=new)
            yield AttentionItem(kind=AttentionRow.MORE, key=("more",), title=title)
        elif self._is_expanded and len(self._needs) > self._limit:
            yield AttentionItem(kind=AttentionRow.FEWER, key=("fewer",), title=tr("Show fewer"))


def _kept_in_place(before: Sequence[AttentionItem], now: Sequence[AttentionItem]) -> list[AttentionItem]:
    """The needs of now in the places of before; what is gone keeps its place as settled, what is new comes last."""
    current = {need.key: need for need in now}
    kept = []
    for old in before:
        new = current.pop(old.key, None)
        if new is None:
            kept.append(replace(old, is_settled=True, is_unread=False, button=None, members=(), job_ids=()))
        else:
            kept.append(replace(new, members=tuple(_kept_in_place(old.members, new.members))))
    return [*kept, *current.values()]


def _accessible_text(need: AttentionItem) -> str:
    if need.kind in {AttentionRow.MORE, AttentionRow.FEWER}:
        return need.title
    parts = [tr("New") if need.is_unread else "", need.title, need.reason.rstrip("."), _state_text(need)]
    return ". ".join(part for part in parts if part)


def _state_text(need: AttentionItem) -> str:
    if need.is_settled:
        return tr("Settled")
    held = tr_count("Holds up {n} workstream", "Holds up {n} workstreams", need.holds_up)
    opened = (tr("Opened") if need.is_open else tr("Right arrow lists them")) if need.can_open else ""
    return ". ".join(part for part in (held if need.holds_up else "", opened) if part)
