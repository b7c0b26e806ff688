"""The strictness that every test runs under is itself shown to bite."""

import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QThread, QTimer
from pytestqt.qtbot import QtBot

from engine.system.home import default_home
from tests.helpers.leftovers import nothing_left_over
from tests.helpers.logs import LogWatch

HERE = "tests/test_strictness.py"


def test_a_thread_left_running_fails_the_test_and_names_the_line_that_started_it() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, args=(60,), name="left")
    with (
        pytest.raises(pytest.fail.Exception, match=rf"'left', started by {HERE}:\d+"),
        nothing_left_over(grace_s=0.05),
    ):
        thread.start()
    stop.set()
    thread.join()


def test_an_active_timer_fails_the_test_and_names_the_line_that_started_it(qtbot: QtBot) -> None:
    assert qtbot
    timer = QTimer()
    with (
        pytest.raises(pytest.fail.Exception, match=rf"QTimer of 60000 ms .* {HERE}:\d+"),
        nothing_left_over(grace_s=0),
    ):
        timer.start(60_000)
    timer.stop()


def test_a_running_qthread_fails_the_test_and_names_the_line_that_started_it(qtbot: QtBot) -> None:
    assert qtbot
    thread = QThread()
    with (
        pytest.raises(pytest.fail.Exception, match=rf"QThread .* {HERE}:\d+"),
        nothing_left_over(grace_s=0.05),
    ):
        thread.start()
    thread.quit()
    assert thread.wait(5_000)


@pytest.mark.skipif(sys.platform != "linux", reason="children are looked up in /proc")
def test_a_child_left_running_fails_the_test_and_is_ended() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"process .*sleep"), nothing_left_over(grace_s=0.3):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert child.wait(5) is not None


def test_what_ends_within_the_grace_time_is_no_leftover() -> None:
    with nothing_left_over():
        threading.Thread(target=threading.Event().wait, args=(0.05,)).start()


def test_an_unexpected_warning_in_the_log_is_a_complaint() -> None:
    watch = LogWatch()
    watch.handle(
        logging.makeLogRecord({"levelno": logging.WARNING, "levelname": "WARNING", "msg": "disk is full"})
    )
    assert "disk is full" in watch.complaints()[0]


def test_an_expected_warning_must_come() -> None:
    watch = LogWatch()
    watch.expect("disk is full")
    assert watch.complaints() == ["no WARNING came that matches 'disk is full'"]
    watch.handle(
        logging.makeLogRecord({"levelno": logging.WARNING, "levelname": "WARNING", "msg": "disk is full"})
    )
    assert watch.complaints() == []


def test_the_home_of_a_test_lies_in_its_own_folder(tmp_path: Path) -> None:
    assert default_home().is_relative_to(tmp_path)
    assert Path.home().is_relative_to(tmp_path)
