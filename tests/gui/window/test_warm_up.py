"""What the window makes in idle turns after its first paint."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.jobfile.job_file_reader import job_from_mapping
from engine.trust.policy import preview_launch
from engine.trust.trust_store import TrustStore
from gui.sheets.intake.trust_card import TrustCard
from gui.theme.theme import Theme
from gui.widgets.label import PlainLabel
from gui.window.warm_up import WarmUp
from tests.helpers.patience import PATIENCE_MS


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_one_task_is_done_in_each_turn_after_the_first_paint(qtbot: QtBot, window: QWidget) -> None:
    done: list[str] = []
    beats = QTimer(window, interval=0)
    beats.timeout.connect(partial(done.append, "turn"))
    warm_up = WarmUp(window, [partial(done.append, "first"), partial(done.append, "second")], window)
    beats.start()
    qtbot.waitUntil(lambda: len(done) > 1, timeout=PATIENCE_MS)
    assert set(done) == {"turn"}, "nothing is painted yet"
    window.show()
    qtbot.waitUntil(lambda: not warm_up.left, timeout=PATIENCE_MS)
    assert "turn" in done[done.index("first") : done.index("second")]


def test_a_window_that_ends_does_no_more_of_them(qtbot: QtBot, window: QWidget) -> None:
    done: list[str] = []
    warm_up = WarmUp(window, [partial(done.append, "first")], window)
    warm_up.stop()
    window.show()
    qtbot.waitExposed(window)
    window.repaint()
    assert not done
    assert not warm_up.left


def test_the_first_trust_card_uses_the_labels_that_were_made_for_it(window: QWidget, tmp_path: Path) -> None:
    card = TrustCard(Theme("dark", window), window, note="it runs this once")
    for task in card.warm_ups():
        task()
    made = card.facts.findChildren(PlainLabel)
    assert made
    assert all(label.testAttribute(Qt.WidgetAttribute.WA_WState_Polished) for label in made)
    fields = {"tool": "shell", "command": {"exe": "/bin/true"}, "paths": {"repo_root": str(tmp_path)}}
    card.show_previews([preview_launch(job_from_mapping(fields), TrustStore())], "one.json")
    shown = [label for label in card.facts.findChildren(PlainLabel) if not label.isHidden()]
    assert set(shown) <= set(made)
    assert "" not in card.facts.values()
    for task in card.warm_ups():
        task()
    assert card.facts.values(), "what is shown stays"
    card.stop_reading()
