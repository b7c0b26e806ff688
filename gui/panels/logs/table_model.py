"""The lines that pass the filters as a Qt table model; filters in short slices, newest lines first.

Not a proxy model: filtering a million lines with a proxy blocks the GUI thread for seconds on every key press.
"""

import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from enum import IntEnum
from heapq import merge
from operator import attrgetter
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from engine.system.formatting import clock_millisecond, date_second, same_day, short_moment
from gui.data.level_captions import level_caption
from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.logs.event_folds import EventFolds, may_fold
from gui.panels.logs.filter import FilterResult, LineFilter, Query, hits
from gui.panels.logs.line_marks import LineMarks
from gui.panels.logs.line_store import LineStore, LogEntry
from gui.translation import tr, tr_count, translatable
from gui.widgets.label import plain_tip

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_SLICE_S = 0.003
_MOST_IDS = 8
_CHUNK, _CHUNK_SLOW = 1_000, 50
"""How many lines are filtered without a look at the clock; fewer where each may take long."""


class LogColumn(IntEnum):
    """The columns of the table."""

    NUMBER = 0
    TIME = 1
    LEVEL = 2
    SOURCE = 3
    TEXT = 4


_TITLES = {
    LogColumn.NUMBER: translatable("Number"),
    LogColumn.TIME: translatable("Time"),
    LogColumn.LEVEL: translatable("Level"),
    LogColumn.SOURCE: translatable("Source"),
    LogColumn.TEXT: translatable("Text"),
}


class LogTableModel(Guarded, QAbstractTableModel):
    """Rows are the passing lines, oldest first.

    Signals:
        filtered: rows, matches or counts have changed.
        appended: (number of new rows at the end as object) passing lines arrived.
        older_inserted: (number of new rows at the beginning as object) older rows were inserted.
        kept_changed: other lines have to be kept than before.
    """

    kept_changed = Signal()
    filtered = Signal()
    appended = Signal(object)
    older_inserted = Signal(object)

    def __init__(
        self, store: LineStore, parent: QObject | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(parent)
        self.store, self._clock = store, clock
        self._filter = LineFilter(Query())
        self._rows = array("q")
        self._folds = EventFolds(store)
        self._is_folding = False
        self.marks = LineMarks(store)
        self._matches = array("q")
        self._errors = array("q")
        self._hits: list[int] = []
        self._kept: int | None = None
        self._cursor = store.end
        self._began = 0.0
        self.took_ms: float | None = None
        """The duration of the last search; None while it is running or if there was none."""
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._on_slice)

    def keep_from(self, serial: int | None) -> None:
        """Note that somebody reads from this line on; None where nobody does but at the end."""
        if serial != self._kept:
            self._kept = serial
            self.kept_changed.emit()

    def has_room_for(self, number: int) -> bool:
        """Whether so many lines can be appended without dropping one that somebody reads."""
        return self._kept is None or self.store.first_with(number) <= self._kept

    @property
    def query(self) -> Query:
        """The active query."""
        return self._filter.query

    @property
    def searching(self) -> bool:
        """Whether older lines still have to be filtered."""
        return self._cursor > self.store.base

    @property
    def matches(self) -> Sequence[int]:
        """The serial numbers of the rows that match the search text."""
        return self._matches

    @property
    def errors(self) -> Sequence[int]:
        """The serial numbers of the rows that are errors."""
        return self._errors

    @property
    def listed(self) -> int:
        """How many lines pass, those behind folded events too."""
        return len(self._rows) + len(self._folds)

    @property
    def is_folding(self) -> bool:
        """Whether the events between lines of output are one row."""
        return self._is_folding

    def fold_events(self, *, on: bool) -> None:
        """Show the events between lines of output as one row, or each as its own."""
        self._is_folding = on
        self.set_query(self.query)

    def unfold(self, serial: int) -> bool:
        """List the events that are folded behind a line; return whether there are any."""
        row = self.row_of(serial)
        found = self._folds.open(serial, self._following(row))
        if found:
            self.beginInsertRows(QModelIndex(), row + 1, row + len(found))
            self._rows[row + 1 : row + 1] = found
            self.endInsertRows()
            self._show_changed(row)
        return bool(found)

    def toggle_mark(self, row: int) -> None:
        """Mark the line of a row, or remove its mark."""
        self.marks.toggle(self._rows[row])
        self._show_changed(row)

    def next_mark(self, row: int, step: int) -> int | None:
        """The row of the next marked line, or of the previous one with -1; None if there is none."""
        if not len(self.marks) or not 0 <= row < len(self._rows):
            return None
        found = self.marks.next(self._rows[row], step)
        return None if found is None else min(self.row_of(found), len(self._rows) - 1)

    def serials_at(self, row: int) -> Sequence[int]:
        """The serial numbers of the lines of a row: several where events are folded."""
        return array("q", [self._rows[row]]) + self._folds.behind(self._rows[row], self._following(row))

    def text_at(self, row: int) -> str:
        """The text of a row; for folded events their number and the last one, and whose it is if not the row's own."""
        serial = self._rows[row]
        behind = self._folds.behind(serial, self._following(row)) if len(self._folds) else ()
        if not behind:
            return self.store.text(serial)
        last, label = behind[-1], self.store.source(behind[-1]).label
        number, text = len(behind) + 1, self.store.text(last)
        if label == self.store.source(serial).label:
            return tr("{number:,} events, last: {text}", number=number, text=text)
        return tr("{number:,} events, last of {label}: {text}", number=number, label=label, text=text)

    def _following(self, row: int) -> int | None:
        return self._rows[row + 1] if row + 1 < len(self._rows) else None

    def _show_changed(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(LogColumn) - 1))

    def hits(self) -> list[int]:
        """The number of lines each chip applies to."""
        return [
            self._hits[number] if chip.kind == "text" else hits(chip, self.store)
            for number, chip in enumerate(self.query.chips)
        ]

    def set_query(self, query: Query) -> None:
        """Apply a query: to the newest lines immediately, to older ones in slices."""
        self.beginResetModel()
        self._filter = LineFilter(query)
        self._forget_rows()
        self._folds.on = self._is_folding and may_fold(query)
        self._hits = [0] * len(query.chips)
        self._cursor = self.store.end
        self._began, self.took_ms = time.perf_counter(), None
        found = self._filter_older()
        self._rows, _ = self._folds.listed_before(found.passing, None)
        self._prepend_result(found)
        self.endResetModel()
        self._continue_search()
        self.filtered.emit()

    def append(self, entries: Sequence[LogEntry]) -> None:
        """Append new lines (at most a few hundred, in order of time); late ones are sorted in among the last lines."""
        if not entries:
            return
        store = self.store
        if len(store) and entries[0].at < store.at(store.end - 1):
            entries = self._merged_with_late(entries)
        start = store.end
        store.append(entries)
        found = self._filter.apply(store, start, store.end)
        first = len(self._rows)
        rows = self._folds.listed(found.passing, after=self._rows[-1] if first else None)
        if rows:
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()
        if first and len(rows) < len(found.passing):
            self._show_changed(first - 1)  # more events may be folded behind it
        self._matches.extend(found.matches)
        self._errors.extend(found.errors)
        self._add_hits(found)
        self._trim()
        if rows:
            self.appended.emit(len(rows))
        self.filtered.emit()

    def prepend(self, entries: Sequence[LogEntry]) -> None:
        """Insert older lines, in order of time, before the first one."""
        if not entries:
            return
        searched = not self.searching
        self.store.prepend(entries)
        if searched:
            self._cursor = self.store.base + len(entries)
        self._continue_search()

    def clear(self) -> None:
        """Remove all lines; keep the filters."""
        self._slices.stop()
        self.beginResetModel()
        self.store.clear()
        self._forget_rows()
        self._hits = [0] * len(self.query.chips)
        self._cursor = 0
        self.endResetModel()
        self.filtered.emit()

    def serial(self, row: int) -> int:
        """The serial number of the line in a row."""
        return self._rows[row]

    def row_of(self, serial: int) -> int:
        """The row of a line, or of the next passing line."""
        return bisect_left(self._rows, serial)

    def row_at(self, at: float) -> int:
        """The first row at or after a time."""
        return bisect_left(self._rows, at, key=self.store.at)

    def matches_between(self, first: int, last: int) -> int:
        """The number of matches in these rows, both inclusive."""
        if not self._rows or first > last:
            return 0
        low, high = self._rows[max(0, first)], self._rows[min(last, len(self._rows) - 1)]
        return bisect_right(self._matches, high) - bisect_left(self._matches, low)

    def next_match(self, row: int, step: int = 1) -> int | None:
        """The row of the next match (the previous one with -1), wrapping around; None if there is none."""
        return self._next(self._matches, row, step)

    def next_error(self, row: int, step: int = 1, *, wrap: bool = True) -> int | None:
        """The row of the next error (the previous one with -1); None if there is none."""
        return self._next(self._errors, row, step, wrap=wrap)

    def rows_since(self, serial: int) -> int:
        """The number of rows from this line on."""
        return len(self._rows) - bisect_left(self._rows, serial)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One row for each passing line."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One for each `LogColumn`."""
        return 0 if parent.isValid() else len(LogColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, for screen readers too: each cell can be clicked and has a name of its own."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        serial = self._rows[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            column = LogColumn(index.column())
            text = self.text_at(index.row()) if column is LogColumn.TEXT else self.cell(serial, column)
            if role == Qt.ItemDataRole.DisplayRole:
                return text
            return tr("Line {number}", number=text) if column is LogColumn.NUMBER else text or tr("no level")
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == LogColumn.TEXT:
            return self._ids_at(index.row())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == LogColumn.TIME:
            return date_second(self.store.at(serial))
        return None

    def _ids_at(self, row: int) -> str:
        """The ids of the jobs whose events are in a row, which its text calls by their names; empty for output."""
        events = [serial for serial in self.serials_at(row) if self.store.ref(serial)]
        ids = list(dict.fromkeys(filter(None, (self.store.source(one).job_id for one in events))))
        shown, more = ", ".join(ids[:_MOST_IDS]), len(ids) - _MOST_IDS
        if more > 0:
            shown = tr_count("{shown} and {n} more", "{shown} and {n} more", more, shown=shown)
        return plain_tip(shown)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The column titles, for screen readers only: the header is hidden."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_TITLES[LogColumn(section)])
        return None

    def cell(self, serial: int, column: LogColumn, *, precise: bool = False) -> str:
        """The text of one column of a line; `precise` times of today have milliseconds, those of other days a date."""
        match column:
            case LogColumn.NUMBER:
                return figure(serial - self.store.base + 1)
            case LogColumn.TIME:
                at, now = self.store.at(serial), self._clock()
                return clock_millisecond(at) if precise and same_day(at, now) else short_moment(at, now)
            case LogColumn.LEVEL:
                level = self.store.level(serial)
                return level_caption(level) if level else ""
            case LogColumn.SOURCE:
                return self.store.source(serial).label
            case LogColumn.TEXT:
                return self.store.text(serial)

    def _merged_with_late(self, entries: Sequence[LogEntry]) -> Sequence[LogEntry]:
        """Remove the lines younger than the first of these entries and merge both in order of time."""
        position = self.store.first_after(entries[0].at)
        row = self.row_of(position)
        if row < len(self._rows):
            self.beginRemoveRows(QModelIndex(), row, len(self._rows) - 1)
            del self._rows[row:]
            self.endRemoveRows()
        self._folds.cut(position)
        for column in (self._matches, self._errors):
            del column[bisect_left(column, position) :]
        # The removed lines are appended and counted again, so their hits are subtracted first.
        again = self._filter.apply(
            self.store, max(position, self._cursor if self.searching else position), self.store.end
        )
        self._hits = [count - less for count, less in zip(self._hits, again.hits, strict=True)]
        self._cursor = min(self._cursor, position)
        return list(merge(self.store.remove_from(position), entries, key=attrgetter("at")))

    def _trim(self) -> None:
        before = self.store.base
        base = self.store.trim()
        if base == before:
            return
        gone = bisect_left(self._rows, base)
        if gone:
            self.beginRemoveRows(QModelIndex(), 0, gone - 1)
            del self._rows[:gone]
            self.endRemoveRows()
        self._folds.trim(base)
        for column in (self._matches, self._errors):
            del column[: bisect_left(column, base)]
        self._cursor = max(self._cursor, base)

    def _filter_older(self) -> FilterResult:
        """Filter the next older chunk."""
        start = max(self.store.base, self._cursor - (_CHUNK_SLOW if self._filter.is_slow else _CHUNK))
        found = self._filter.apply(self.store, start, self._cursor)
        self._cursor = start
        return found

    def _forget_rows(self) -> None:
        self._rows, self._matches, self._errors = array("q"), array("q"), array("q")
        self._folds.clear()

    def _prepend_result(self, found: FilterResult) -> None:
        self._matches = found.matches + self._matches
        self._errors = found.errors + self._errors
        self._add_hits(found)

    def _add_hits(self, found: FilterResult) -> None:
        self._hits = [count + more for count, more in zip(self._hits, found.hits, strict=True)]

    def _continue_search(self) -> None:
        if self.searching:
            if not self._slices.isActive():
                self._slices.start()
            return
        self._slices.stop()
        if self._began and self.took_ms is None:
            self.took_ms = (time.perf_counter() - self._began) * 1000

    @Slot()
    def _on_slice(self) -> None:
        """Filter older lines for three milliseconds, then show the result in one insertion."""
        until = time.perf_counter() + _SLICE_S
        whole = FilterResult(hits=[0] * len(self.query.chips))
        while self.searching and time.perf_counter() < until:
            found = self._filter_older()
            whole.passing = found.passing + whole.passing
            whole.matches = found.matches + whole.matches
            whole.errors = found.errors + whole.errors
            whole.hits = [count + more for count, more in zip(whole.hits, found.hits, strict=True)]
        rows = self._prepend_rows(whole.passing)
        self._prepend_result(whole)
        self._continue_search()
        if rows:
            self.older_inserted.emit(rows)
        self.filtered.emit()

    def _prepend_rows(self, passing: Sequence[int]) -> int:
        """Insert older rows, and fold the first one listed so far if its run began among them; return their number."""
        rows, joins = self._folds.listed_before(passing, self._rows[0] if self._rows else None)
        if joins:
            self.beginRemoveRows(QModelIndex(), 0, 0)
            del self._rows[0]
            self.endRemoveRows()
        if rows:
            self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
            self._rows = rows + self._rows
            self.endInsertRows()
        return len(rows)

    def _next(self, serials: Sequence[int], row: int, step: int, *, wrap: bool = True) -> int | None:
        if not serials:
            return None
        here = self._rows[row] if 0 <= row < len(self._rows) else (-(2**62) if step > 0 else 2**62)
        position = bisect_right(serials, here) if step > 0 else bisect_left(serials, here) - 1
        if not wrap and not 0 <= position < len(serials):
            return None
        return self.row_of(serials[position % len(serials)])
