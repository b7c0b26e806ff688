"""Remembers for a moment what a thread has seen of paths: jobs that start together are in the same few folders."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_Seen = TypeVar("_Seen")


class _OfThread(threading.local):
    seen: dict[Hashable, Any] | None = None


_of_thread = _OfThread()


@contextmanager
def looked_once() -> Iterator[None]:
    """Let this thread look at each path once until this ends: for a few milliseconds, never while a tool runs."""
    if _of_thread.seen is not None:
        yield
        return
    _of_thread.seen = {}
    try:
        yield
    finally:
        _of_thread.seen = None


def seen(what: Hashable, look: Callable[[], _Seen]) -> _Seen:
    """What `look` finds, or has found in this thread since `looked_once` began; what it raises is not remembered."""
    known = _of_thread.seen
    if known is None:
        return look()
    if what not in known:
        known[what] = look()
    found: _Seen = known[what]
    return found
