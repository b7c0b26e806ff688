"""The lines a person has marked. They are known by time and text, so that a reload keeps them. Knows no Qt."""

from bisect import bisect_left, bisect_right, insort

from gui.panels.logs.line_store import LineStore

_Mark = tuple[float, str]


class LineMarks:
    """The marked lines in order of time."""

    def __init__(self, store: LineStore) -> None:
        self._store = store
        self._marks: list[_Mark] = []

    def __len__(self) -> int:
        return len(self._marks)

    def has(self, serial: int) -> bool:
        """Whether a line is marked."""
        mark = self._mark(serial)
        return bool(self._marks) and self._marks[bisect_left(self._marks, mark) :][:1] == [mark]

    def toggle(self, serial: int) -> None:
        """Mark a line, or remove its mark."""
        mark = self._mark(serial)
        if self.has(serial):
            self._marks.remove(mark)
        else:
            insort(self._marks, mark)

    def next(self, serial: int, step: int) -> int | None:
        """The next marked line that is loaded, or the previous one with -1, wrapping around; None without any."""
        here = self._mark(serial)
        at = bisect_right(self._marks, here) if step > 0 else bisect_left(self._marks, here) - 1
        for number in range(len(self._marks)):
            found = self._find(self._marks[(at + number * step) % len(self._marks)])
            if found is not None:
                return found
        return None

    def _find(self, mark: _Mark) -> int | None:
        at, text = mark
        serial = self._store.position_at(at)
        while serial < self._store.end and self._store.at(serial) == at:
            if self._store.text(serial) == text:
                return serial
            serial += 1
        return None

    def _mark(self, serial: int) -> _Mark:
        return self._store.at(serial), self._store.text(serial)
