"""Work outside the GUI thread: delivered in it, in order, superseded if requested, never after its owner's end."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QThreadPool
from pytestqt.qtbot import QtBot

from gui.control.background_tasks import BackgroundTasks

_SOON_S = 10


@pytest.fixture
def go() -> threading.Event:
    return threading.Event()


@pytest.fixture
def delivered() -> list[str]:
    return []


@pytest.fixture
def tasks(qtbot: QtBot, go: threading.Event) -> Iterator[BackgroundTasks]:
    assert qtbot is not None
    made = BackgroundTasks()
    yield made
    go.set()
    made.stop()


def test_work_runs_in_another_thread_and_its_result_is_delivered_in_this_one(
    tasks: BackgroundTasks, qtbot: QtBot
) -> None:
    threads: list[int] = []

    def take(worked_in: int) -> None:
        threads.extend((worked_in, threading.get_ident()))

    tasks.run_in_background(threading.get_ident, take)
    assert tasks.is_busy
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] != threads[1] == threading.get_ident()
    assert not tasks.is_busy


def test_everything_requested_is_delivered_in_its_order(
    tasks: BackgroundTasks, qtbot: QtBot, delivered: list[str]
) -> None:
    for word in ("a", "b", "c"):
        tasks.run_in_background(word.upper, delivered.append)
    qtbot.waitUntil(lambda: delivered == ["A", "B", "C"])


def test_only_the_latest_of_several_requests_is_delivered(
    tasks: BackgroundTasks, qtbot: QtBot, go: threading.Event, delivered: list[str]
) -> None:
    started: list[str] = []

    def work(word: str) -> str:
        started.append(word)
        assert word != "slow" or go.wait(_SOON_S)
        return word

    tasks.run_latest(lambda: work("slow"), delivered.append)
    qtbot.waitUntil(lambda: started == ["slow"])
    tasks.run_latest(lambda: work("b"), delivered.append)
    tasks.run_latest(lambda: work("c"), delivered.append)
    go.set()
    qtbot.waitUntil(lambda: delivered == ["c"])
    assert started == ["slow", "c"]


def test_what_is_forgotten_is_not_delivered(
    tasks: BackgroundTasks, qtbot: QtBot, go: threading.Event, delivered: list[str]
) -> None:
    tasks.run_in_background(lambda: str(go.wait(_SOON_S)), delivered.append)
    tasks.forget()
    assert not tasks.is_busy
    go.set()
    tasks.run_in_background(lambda: "last", delivered.append)
    qtbot.waitUntil(lambda: delivered == ["last"])


def test_waiting_carries_out_what_was_requested_and_delivers_nothing_of_it(
    tasks: BackgroundTasks, delivered: list[str]
) -> None:
    carried_out: list[int] = []

    def work(number: int) -> str:
        carried_out.append(number)
        return "too late"

    for number in range(3):
        tasks.run_in_background(partial(work, number), delivered.append)
    tasks.wait()
    QCoreApplication.processEvents()
    assert carried_out == [0, 1, 2]
    assert delivered == []
    assert not tasks.is_busy


def test_stopping_leaves_no_thread_at_work(
    tasks: BackgroundTasks, qtbot: QtBot, go: threading.Event, delivered: list[str]
) -> None:
    started = threading.Event()

    def work() -> str:
        started.set()
        go.wait(_SOON_S)
        return "too late"

    tasks.run_in_background(work, delivered.append)
    qtbot.waitUntil(started.is_set)
    go.set()
    tasks.stop()
    QCoreApplication.processEvents()
    assert tasks.findChild(QThreadPool).activeThreadCount() == 0
    assert delivered == []


def _fail() -> str:
    raise ValueError("the disk is full")


def test_an_exception_is_passed_to_its_handler(
    tasks: BackgroundTasks, qtbot: QtBot, delivered: list[str]
) -> None:
    tasks.run_in_background(_fail, delivered.append, failed=lambda error: delivered.append(repr(error)))
    qtbot.waitUntil(lambda: delivered == ["ValueError('the disk is full')"])


def test_an_exception_nobody_expects_is_raised_in_this_thread(tasks: BackgroundTasks, qtbot: QtBot) -> None:
    with qtbot.captureExceptions() as raised:
        tasks.run_in_background(_fail, print)
        qtbot.waitUntil(lambda: bool(raised))
    assert [str(error) for _type, error, _trace in raised] == ["the disk is full"]
