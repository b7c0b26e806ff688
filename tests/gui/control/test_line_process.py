"""The helper processes of the window: what they share with it and what they do not."""

import os

from pytestqt.qtbot import QtBot

from gui.control.line_process import LineProcess


def test_ctrl_c_in_the_terminal_of_the_window_does_not_end_its_helpers_before_it(qtbot: QtBot) -> None:
    helper = LineProcess("gui.panels.logs.output_server")
    helper.start()
    qtbot.waitUntil(lambda: helper.process_id > 0)
    group = os.getpgid(helper.process_id)
    helper.close()
    assert group != os.getpgrp()
