"""The lines that pass the filters as a Qt table; filters in short slices, newest lines first. Reads no file.

Never a proxy model: a proxy over a million lines costs seconds of the GUI thread with each key.
"""

import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
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

from engine.system.formatting import clock_millisecond, clock_second
from gui.panels.logs.filter import Query, Sieve, Sifted, hits
from gui.panels.logs.line_store import LineStore, LogEntry

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_SLICE_S = 0.003
_CHUNK = 1_000


class LogColumn(IntEnum):
    """The columns of the table."""

    NUMBER = 0
    TIME = 1
    LEVEL = 2
    SOURCE = 3
    TEXT = 4


class LogTableModel(QAbstractTableModel):
    """Rows are the lines that pass, oldest first.

    Signals:
        sifted: rows, matches or counts have changed.
        grown: (number of new rows at the end as object) lines came that pass.
        older_came: (number of new rows at the beginning as object) rows were put before the first.
    """

    sifted = Signal()
    grown = Signal(object)
    older_came = Signal(object)

    def __init__(self, store: LineStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self._sieve = Sieve(Query())
        self._rows = array("q")
        self._matches = array("q")
        self._errors = array("q")
        self._hits: list[int] = []
        self._cursor = store.end
        self._began = 0.0
        self.took_ms: float | None = None
        """How long the last search took, None while it goes on or where nothing was looked for."""
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._on_slice)

    @property
    def query(self) -> Query:
        """The filters in force."""
        return self._sieve.query

    @property
    def searching(self) -> bool:
        """Whether older lines are still to be looked at."""
        return self._cursor > self.store.base

    @property
    def matches(self) -> Sequence[int]:
        """Serial numbers of the rows that match what is looked for."""
        return self._matches

    @property
    def errors(self) -> Sequence[int]:
        """Serial numbers of the rows that are errors."""
        return self._errors

    def hits(self) -> list[int]:
        """How many lines each chip speaks of."""
        return [
            self._hits[number] if chip.kind == "text" else hits(chip, self.store)
            for number, chip in enumerate(self.query.chips)
        ]

    def set_query(self, query: Query) -> None:
        """Filter by this from now on: the newest lines at once, the older ones in slices."""
        self.beginResetModel()
        self._sieve = Sieve(query)
        self._rows, self._matches, self._errors = array("q"), array("q"), array("q")
        self._hits = [0] * len(query.chips)
        self._cursor = self.store.end
        self._began, self.took_ms = time.perf_counter(), None
        self._put_before(self._older())
        self.endResetModel()
        self._go_on()
        self.sifted.emit()

    def append(self, entries: Sequence[LogEntry]) -> None:
        """Take in new lines, at most some hundreds, in order of time; late ones find their place among the last."""
        if not entries:
            return
        store = self.store
        if len(store) and entries[0].at < store.at(store.end - 1):
            entries = self._with_late(entries)
        start = store.end
        store.append(entries)
        found = self._sieve.sift(store, start, store.end)
        if found.passing:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(found.passing) - 1)
            self._rows.extend(found.passing)
            self.endInsertRows()
        self._matches.extend(found.matches)
        self._errors.extend(found.errors)
        self._add_hits(found)
        self._trim()
        if found.passing:
            self.grown.emit(len(found.passing))
        self.sifted.emit()

    def prepend(self, entries: Sequence[LogEntry]) -> None:
        """Put older lines, in order of time, before the first one."""
        if not entries:
            return
        searched = not self.searching
        self.store.prepend(entries)
        if searched:
            self._cursor = self.store.base + len(entries)
        self._go_on()

    def clear(self) -> None:
        """Let go of every line; the filters stay."""
        self._slices.stop()
        self.beginResetModel()
        self.store.clear()
        self._rows, self._matches, self._errors = array("q"), array("q"), array("q")
        self._hits = [0] * len(self.query.chips)
        self._cursor = 0
        self.endResetModel()
        self.sifted.emit()

    def serial(self, row: int) -> int:
        """The serial number of the line in a row."""
        return self._rows[row]

    def row_of(self, serial: int) -> int:
        """The row of a line, or of the next one that passes."""
        return bisect_left(self._rows, serial)

    def row_at(self, at: float) -> int:
        """The first row that is not older than a time."""
        return bisect_left(self._rows, at, key=self.store.at)

    def is_match(self, serial: int) -> bool:
        """Whether a line matches what is looked for."""
        place = bisect_left(self._matches, serial)
        return place < len(self._matches) and self._matches[place] == serial

    def matches_between(self, first: int, last: int) -> int:
        """How many matches lie in these rows, both included."""
        if not self._rows or first > last:
            return 0
        low, high = self._rows[max(0, first)], self._rows[min(last, len(self._rows) - 1)]
        return bisect_right(self._matches, high) - bisect_left(self._matches, low)

    def next_match(self, row: int, step: int = 1) -> int | None:
        """The row of the next match (or, with -1, the one before), round the end; None where there is none."""
        return self._next(self._matches, row, step)

    def next_error(self, row: int, step: int = 1) -> int | None:
        """The row of the next error (or, with -1, the one before), round the end; None where there is none."""
        return self._next(self._errors, row, step)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One for each line that passes."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """Number, time, level, source, text."""
        return 0 if parent.isValid() else len(LogColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell reads; the row as a whole for screen readers."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        serial = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(serial, LogColumn(index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.plain(serial)
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The names of the columns, for screen readers: no header is shown."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return LogColumn(section).name.capitalize()
        return None

    def cell(self, serial: int, column: LogColumn, *, precise: bool = False) -> str:
        """What one column of a line reads; `precise` times have milliseconds."""
        match column:
            case LogColumn.NUMBER:
                return f"{serial - self.store.base + 1:,}"
            case LogColumn.TIME:
                at = self.store.at(serial)
                return clock_millisecond(at) if precise else clock_second(at)
            case LogColumn.LEVEL:
                level = self.store.level(serial)
                return level.word if level else ""
            case LogColumn.SOURCE:
                return self.store.source(serial).label
            case LogColumn.TEXT:
                return self.store.text(serial)

    def plain(self, serial: int) -> str:
        """A line as it is copied: time, source, text."""
        at, label = clock_millisecond(self.store.at(serial)), self.store.source(serial).label
        return f"{at}  {label}  {self.store.text(serial)}"

    def _with_late(self, entries: Sequence[LogEntry]) -> Sequence[LogEntry]:
        """Take back the lines that are younger than the first of these and put all of them in order."""
        place = self.store.late(entries[0].at)
        row = self.row_of(place)
        if row < len(self._rows):
            self.beginRemoveRows(QModelIndex(), row, len(self._rows) - 1)
            del self._rows[row:]
            self.endRemoveRows()
        for column in (self._matches, self._errors):
            del column[bisect_left(column, place) :]
        # Hits of the lines taken back are counted again with them, so they are taken off first.
        again = self._sieve.sift(
            self.store, max(place, self._cursor if self.searching else place), self.store.end
        )
        self._hits = [count - less for count, less in zip(self._hits, again.hits, strict=True)]
        self._cursor = min(self._cursor, place)
        return list(merge(self.store.take_back(place), entries, key=attrgetter("at")))

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
        for column in (self._matches, self._errors):
            del column[: bisect_left(column, base)]
        self._cursor = max(self._cursor, base)

    def _older(self) -> Sifted:
        """Look at the next older chunk."""
        start = max(self.store.base, self._cursor - _CHUNK)
        found = self._sieve.sift(self.store, start, self._cursor)
        self._cursor = start
        return found

    def _put_before(self, found: Sifted) -> None:
        self._rows = found.passing + self._rows
        self._matches = found.matches + self._matches
        self._errors = found.errors + self._errors
        self._add_hits(found)

    def _add_hits(self, found: Sifted) -> None:
        self._hits = [count + more for count, more in zip(self._hits, found.hits, strict=True)]

    def _go_on(self) -> None:
        if self.searching:
            if not self._slices.isActive():
                self._slices.start()
            return
        self._slices.stop()
        if self._began and self.took_ms is None:
            self.took_ms = (time.perf_counter() - self._began) * 1000

    @Slot()
    def _on_slice(self) -> None:
        """Look at older lines for three milliseconds, and show what was found at once."""
        until = time.perf_counter() + _SLICE_S
        whole = Sifted(hits=[0] * len(self.query.chips))
        while self.searching and time.perf_counter() < until:
            found = self._older()
            whole.passing = found.passing + whole.passing
            whole.matches = found.matches + whole.matches
            whole.errors = found.errors + whole.errors
            whole.hits = [count + more for count, more in zip(whole.hits, found.hits, strict=True)]
        if whole.passing:
            self.beginInsertRows(QModelIndex(), 0, len(whole.passing) - 1)
        self._put_before(whole)
        if whole.passing:
            self.endInsertRows()
        self._go_on()
        if whole.passing:
            self.older_came.emit(len(whole.passing))
        self.sifted.emit()

    def _next(self, serials: Sequence[int], row: int, step: int) -> int | None:
        if not serials:
            return None
        here = self._rows[row] if 0 <= row < len(self._rows) else (-(2**62) if step > 0 else 2**62)
        place = bisect_right(serials, here) if step > 0 else bisect_left(serials, here) - 1
        return self.row_of(serials[place % len(serials)])
