"""The line in the status bar that shows what was just done as a command line."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from engine.host.commands import Drain, RetryJobs
from engine.host.host_commands import StopStarting
from gui.control.engine_host import Answer
from gui.theme.theme import Theme
from gui.window.command_strip import CommandStrip


def test_what_was_done_is_shown_to_copy_until_something_else_is_done_or_it_is_switched_off(
    theme: Theme, qtbot: QtBot
) -> None:
    strip = CommandStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(400, 26)
    strip.show()
    assert not strip.copy_button.isVisible()
    height = strip.sizeHint().height()
    strip.show_done(Answer(question=1, command=RetryJobs(job_ids=("cart-totals",))))
    assert strip.label.text() == strip.line == "signalbox retry cart-totals"
    assert strip.sizeHint().width() == 0, "a longer line makes nothing else move"
    strip.show_done(Answer(question=2, command=StopStarting()))
    assert strip.line == "signalbox retry cart-totals", "what has no line leaves the last one"
    strip.home = Path("/elsewhere")
    strip.show_done(Answer(question=3, command=Drain()))
    strip.copy_button.click()
    assert QGuiApplication.clipboard().text() == "signalbox drain --home /elsewhere"
    strip.switch(on=False)
    assert not strip.label.isVisible()
    assert not strip.copy_button.isVisible()
    strip.switch(on=True)
    assert strip.label.text() == "signalbox drain --home /elsewhere"
    assert height <= 28
