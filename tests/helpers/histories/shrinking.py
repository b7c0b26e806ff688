"""Makes a failing history as short as it can be: steps are taken away as long as the same kind of breach is found."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from tests.helpers.histories.steps import History

T = TypeVar("T")


def shrink(history: History, still_fails: Callable[[History], bool], *, seconds: float) -> History:
    """The shortest history found within this time that still fails."""
    until = time.monotonic() + seconds

    def fails(steps: Sequence[object]) -> bool:
        return time.monotonic() < until and still_fails(replace(history, steps=steps))  # type: ignore[arg-type]  # steps of the same history

    return replace(history, steps=shortest(history.steps, fails))


def shortest(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """Delta debugging: take away ever smaller parts, until no single item can be spared."""
    size = max(len(items) // 2, 1)
    while True:
        shorter = _without_a_part(items, size, fails)
        if shorter is not None:
            items = shorter
            size = min(size, max(len(items) // 2, 1))
        elif size == 1:
            return items
        else:
            size //= 2


def _without_a_part(
    items: Sequence[T], size: int, fails: Callable[[Sequence[T]], bool]
) -> Sequence[T] | None:
    for start in range(0, len(items), size):
        rest = [*items[:start], *items[start + size :]]
        if fails(rest):
            return rest
    return None
