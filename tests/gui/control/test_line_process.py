"""The helper processes of the window: what they share with it and what they do not."""

import errno
import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.control.line_process import LineProcess
from tests.helpers.patience import PATIENCE_MS

ENDS_LATE = """
import os, sys
print("{}", flush=True)
sys.stdin.read()
print("{}", flush=True)
open(os.environ["GATE"]).close()
"""


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def lets_through(gate: Path) -> bool:
    """Whether somebody waits at a gate, who then goes on."""
    try:
        os.close(os.open(gate, os.O_WRONLY | os.O_NONBLOCK))
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        return False
    return True


def test_ctrl_c_in_the_terminal_of_the_window_does_not_end_its_helpers_before_it(qtbot: QtBot) -> None:
    helper = LineProcess("gui.panels.logs.output_server")
    helper.start()
    qtbot.waitUntil(lambda: helper.process_id > 0)
    group = os.getpgid(helper.process_id)
    helper.close()
    assert group != os.getpgrp()


def test_a_helper_that_is_left_ends_by_itself_while_the_window_goes_on(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    (tmp_path / "ends_late.py").write_text(ENDS_LATE)
    monkeypatch.setenv("GATE", str(gate))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    helper, answers, ends = LineProcess("ends_late"), list[object](), list[None]()
    helper.answered.connect(answers.append)
    helper.ended.connect(lambda: ends.append(None))
    helper.start()
    qtbot.waitUntil(lambda: len(answers) == 1, timeout=PATIENCE_MS)
    process = helper.process_id
    helper.leave()
    assert is_alive(process)
    assert not helper.is_running
    # Looked for turn by turn: what the window had yet to write is written by its event loop, and the input closed then.
    qtbot.waitUntil(lambda: lets_through(gate), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not is_alive(process), timeout=PATIENCE_MS)
    assert len(answers) == 1
    assert not ends
