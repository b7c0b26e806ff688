"""Size batches by the time they take, so that none holds the window's thread for longer than a part of a frame."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class BatchSize:
    """How many items the next batch may have, given how long the ones before took.

    Only the work of this thread counts: on a busy machine every batch takes long, and smaller ones would only be more
    of them. Smaller than `least` no batch gets: its fixed cost would then be most of it.
    """

    def __init__(
        self, *, most: int, least: int, budget_s: float, effort: Callable[[], float] = time.thread_time
    ) -> None:
        """Begin with `most`; a batch may take `budget_s` seconds of `effort`, the processor time of this thread."""
        self.items = most
        self.effort = effort
        self._most, self._least, self._budget_s = most, least, budget_s

    @contextmanager
    def measured(self, items: int) -> Iterator[None]:
        """Measure what is done with a batch of so many items."""
        before = self.effort()
        yield
        self.adapt(items, self.effort() - before)

    def adapt(self, items: int, took_s: float) -> None:
        """Size the next batch after one of so many items; a small one says nothing about a large one."""
        if items < min(self.items, self._least):
            return
        fitting = round(items * self._budget_s / took_s) if took_s > 0 else self._most
        self.items = min(self._most, 2 * self.items, max(self._least, fitting))
