"""What the window makes in idle turns after its first paint."""

import json
import subprocess
import sys
from errno import EIO
from functools import partial
from itertools import pairwise
from pathlib import Path
from threading import get_ident

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.jobfile.job_file_reader import job_from_mapping
from engine.trust.policy import preview_launch
from engine.trust.trust_store import TrustStore
from gui.sheets.intake.trust_card import TrustCard
from gui.theme.theme import Theme
from gui.widgets.label import PlainLabel
from gui.window.dock_area import DockArea
from gui.window.warm_up import WarmUp
from tests.helpers.patience import PATIENCE_MS


class Paints(QObject):
    """Notes the name of each widget it watches when it is painted for the first time."""

    def __init__(self, noted: list[str], parent: QObject) -> None:
        super().__init__(parent)
        self.noted = noted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint and watched.objectName() not in self.noted:
            self.noted.append(watched.objectName())
        return False


LOADED = 711
"""Half of the modules that the window once loaded before its first paint."""


def test_the_window_is_shown_before_most_of_its_modules_are_loaded() -> None:
    code = "import sys, gui.app; print(len(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert int(done.stdout) <= LOADED


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


def test_each_panel_is_painted_in_a_turn_of_its_own_once_the_window_is(qtbot: QtBot, window: QWidget) -> None:
    area = DockArea(Theme("dark", window), window)
    area.resize(1000, 700)
    noted: list[str] = []
    paints = Paints(noted, window)
    watched = [area, *(dock for dock in area.docks.values() if not dock.isHidden())]
    for widget in watched:
        widget.installEventFilter(paints)
    beats = QTimer(window, interval=0)
    beats.timeout.connect(partial(noted.append, "turn"))
    beats.start()
    window.resize(area.size())
    window.show()
    qtbot.waitUntil(lambda: len(set(noted) - {"turn"}) == len(watched), timeout=PATIENCE_MS)
    painted = [number for number, name in enumerate(noted) if name != "turn"]
    assert noted[painted[0]] == "dockArea"
    assert all(before + 1 < after for before, after in pairwise(painted))


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


def test_what_takes_long_is_loaded_in_the_background_before_the_first_task(
    qtbot: QtBot, window: QWidget
) -> None:
    threads: list[int] = []
    note = lambda: threads.append(get_ident())  # noqa: E731
    warm_up = WarmUp(window, [note], window, before=note)
    window.show()
    qtbot.waitUntil(lambda: not warm_up.left, timeout=PATIENCE_MS)
    assert threads[0] != threads[1] == get_ident()


_COUNT = """
import sys
from importlib import import_module

def load(*names):
    before = set(sys.modules)
    for name in names:
        import_module(name)
    return set(sys.modules) - before

load("gui.app")
from gui.data.readers import tool_paths_of
assert not tool_paths_of({})
at_start = set(sys.modules)
from gui.window import modules_needed_soon as soon
soon.load_slow()
pieces = {name: sorted(load(name)) for name in (*soon.OF_DROPS, *soon.OF_PANELS, *soon.OF_SETTINGS)}
from gui.window import lazy_panels
left = load(
    "gui.sheets.intake.drop_sheet",
    "gui.control.forecasts",
    "gui.panels.details.details_panel",
    "gui.panels.jobs.jobs_panel",
    "gui.panels.review.engine_reviews",
    "gui.panels.review.review_panel",
    "gui.panels.timeline.night_panel",
)
import json
import linecache
print(json.dumps([sorted(at_start), pieces, sorted(left), len(linecache.cache)]))
"""


def test_the_window_imports_what_its_first_paint_needs_and_the_rest_in_small_pieces() -> None:
    done = subprocess.run([sys.executable, "-c", _COUNT], capture_output=True, text=True, check=True)
    at_start, pieces, left, sources = json.loads(done.stdout.splitlines()[-1])
    assert (
        set(at_start) & {"pydantic", "ruamel", "rapidfuzz", "regex", "alembic", "rich", "engine.settings"}
        == set()
    )
    assert len(at_start) <= 715
    assert {name: new for name, new in pieces.items() if not 0 < len(new) <= 6} == {}
    assert left == []
    assert sources < 250, "PySide would have the source of every module kept"


def test_a_task_that_fails_keeps_no_other_from_being_done(qtbot: QtBot, window: QWidget) -> None:
    done: list[str] = []

    def fail() -> None:
        done.append("failed")
        raise OSError(EIO, "one of them fails")

    warm_up = WarmUp(window, [fail, partial(done.append, "first")], window)
    with qtbot.captureExceptions() as problems:
        window.show()
        qtbot.waitUntil(lambda: not warm_up.left, timeout=PATIENCE_MS)
    assert done == ["failed", "first"]
    assert [kind for kind, *_ in problems] == [OSError]
