"""Garbage is collected in the GUI thread while a window is open, and afterwards as before it."""

import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gui.application.gc_scheduler import _CALM_CHECK_MS, _CHECK_MS, GcScheduler
from tests.gui.conftest import Clock
from tests.helpers.patience import PATIENCE_S


class Ring:
    """Garbage that only a collector can free."""

    def __init__(self) -> None:
        self.itself = self


LEFT: list["weakref.ref[Ring]"] = []
LAST_WINDOW = """
import gc
from gui.application.gc_scheduler import GcScheduler, disable_for_good
disable_for_good()
made, passes = GcScheduler(), []
made.start()
gc.callbacks.append(lambda phase, _info: passes.append(phase))
made.stop()
print(passes, gc.isenabled())
"""
PROGRAM = "import gc; from gui.__main__ import main; print(main([]), gc.isenabled())"


@contextmanager
def collector_set(*, on: bool) -> Iterator[None]:
    """Python's own collector on or off, and off at the end, as in every test of the window."""
    (gc.enable if on else gc.disable)()
    yield
    gc.disable()


@pytest.fixture
def collector(clock: Clock) -> Iterator[GcScheduler]:
    made = GcScheduler(clock=clock)
    made.start()
    yield made
    made.stop()


def dropped() -> "weakref.ref[Ring]":
    return weakref.ref(Ring())


def test_garbage_goes_after_a_while(collector: GcScheduler, soon: Callable[..., None]) -> None:
    assert collector.parent() is None
    ring = dropped()
    kept = [[number] for number in range(3_000)]
    soon(lambda: ring() is None)
    assert len(kept) == 3_000


def test_no_other_thread_collects(collector: GcScheduler, soon: Callable[..., None]) -> None:
    assert collector.parent() is None
    ended_in: list[int] = []
    ring = Ring()
    weakref.finalize(ring, lambda: ended_in.append(threading.get_ident()))
    del ring

    def allocate() -> None:
        assert [[number] for number in range(20_000)]

    other = threading.Thread(target=allocate)
    other.start()
    other.join()
    kept = [[number] for number in range(3_000)]
    soon(lambda: bool(ended_in))
    assert ended_in == [threading.get_ident()]
    assert kept


def test_objects_that_came_in_large_numbers_are_collected_only_after_a_long_time(
    collector: GcScheduler, clock: Clock, soon: Callable[..., None]
) -> None:
    assert collector.parent() is None
    ring = dropped()
    heap = [[number] for number in range(60_000)]
    soon(lambda: gc.get_freeze_count() > len(heap))
    assert ring() is not None
    clock.go_on(5 * 3600)
    soon(lambda: ring() is None)


@pytest.mark.parametrize("collects", [True, False])
def test_pythons_collector_is_left_as_it_was_found(collects: bool) -> None:  # noqa: FBT001 - a case
    made = GcScheduler()
    with collector_set(on=collects):
        made.start()
        assert not gc.isenabled()
        made.stop()
        assert gc.isenabled() is collects
    assert gc.get_freeze_count() == 0


def test_between_two_windows_of_the_program_no_other_thread_collects() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "SIGNALBOX_CLOCK": "no number"},
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert ended.stdout.split() == [b"2", b"False"], ended.stderr


def test_what_a_test_of_the_window_leaves_behind_no_other_thread_collects() -> None:
    LEFT.append(dropped())
    assert not gc.isenabled()


def test_what_a_test_of_the_window_leaves_behind_is_collected_after_it() -> None:
    assert [ring for ring in LEFT if ring() is not None] == []


def test_remaining_garbage_is_collected_before_another_thread_can_collect_it() -> None:
    made = GcScheduler()
    made.start()
    gone = dropped()
    gc.freeze()  # as objects that come in large numbers are frozen
    made.stop()
    assert gone() is None


def test_the_end_of_the_programs_window_collects_nothing_as_no_other_thread_ever_will() -> None:
    """A collection of everything would hold the closing window for a tenth of a second."""
    ended = subprocess.run(
        [sys.executable, "-c", LAST_WINDOW], capture_output=True, timeout=PATIENCE_S, check=False
    )
    assert ended.stdout.split() == [b"[]", b"False"], ended.stderr


def test_it_looks_less_often_while_little_is_allocated(
    collector: GcScheduler, soon: Callable[..., None]
) -> None:
    soon(lambda: collector._timer.interval() == _CALM_CHECK_MS)
    collector._timer.stop()
    kept = [[number] for number in range(3_000)]
    collector._on_timeout()
    assert collector._timer.interval() == _CHECK_MS
    assert len(kept) == 3_000
