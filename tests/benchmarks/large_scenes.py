"""What a person waits for in a window with a long past: ``python -m tests.benchmarks.large_scenes SCENE HOME``.

Prints JSON. Each figure is processor time of the window's thread in ms until what was requested is on the screen.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QObject, QSortFilterProxyModel
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from gui.__main__ import _SWITCH_INTERVAL_S
from gui.app import ControlRoom
from gui.application.gc_scheduler import disable_for_good
from gui.panels.board.board_panel import BoardPanel
from gui.panels.jobs.jobs_panel import JobsPanel
from tests.benchmarks.large_home import LARGE_RUN
from tests.benchmarks.scenes import rest, until, window
from tests.benchmarks.turns import Turns

ROOT = Path(__file__).resolve().parents[2]
ROWS, COLUMNS, FILTER = 12_400, 9, "7"
PRUNED_DAYS = 58
_SETTLED_S, _WAITING_S = 15.0, 0.2
_MEGABYTE = 1_000_000


class _Painted(QObject):
    """Whether a widget was painted since."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.is_done = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.is_done = self.is_done or event.type() is QEvent.Type.Paint
        return super().eventFilter(watched, event)


def taken(act: Callable[[], object], holds: Callable[[], bool]) -> float:
    """The processor time of this thread from an act until something holds and was painted."""
    rest(_WAITING_S)
    used = time.thread_time()
    act()
    until(holds)
    return (time.thread_time() - used) * 1000


def shown(widget: QWidget, act: Callable[[], object], holds: Callable[[], bool] = lambda: True) -> float:
    """The same until a widget is painted."""
    painted = _Painted(widget)
    return taken(act, lambda: painted.is_done and holds())


def opened(room: ControlRoom, name: str) -> float:
    """The same until a panel is painted, which may be made for it."""
    painted: list[_Painted] = []

    def show() -> None:
        room.window.docks[name].show()
        painted.append(_Painted(room.panels[name]))

    return taken(show, lambda: painted[0].is_done)


def settled(room: ControlRoom) -> None:
    """Wait until the window reads nothing more by itself."""
    rest(_SETTLED_S)
    assert room.projection.older, "the past is longer than what is read"


def memory(home: Path) -> object:
    """The resident memory of a window with its engine, in megabytes."""
    with window(home):
        rest(_SETTLED_S)
        return psutil.Process().memory_info().rss / _MEGABYTE


def waits(home: Path) -> object:
    """The slowest first paint of a panel, the selection of a run with a tenth of all jobs, and a filter."""
    with window(home) as room:
        settled(room)
        for dock in room.window.docks.values():
            dock.hide()
        paints = []
        for name, dock in room.window.docks.items():
            paints.append(opened(room, name))
            dock.hide()
        room.window.docks["workstreams"].show()
        board = room.panels["workstreams"]
        assert isinstance(board, BoardPanel)
        selecting = shown(board.board.viewport(), lambda: room.selection.select_run(LARGE_RUN))
        room.selection.select_run(None)
        room.window.docks["workstreams"].hide()
        room.window.docks["jobs"].show()
        jobs = room.panels["jobs"]
        assert isinstance(jobs, JobsPanel)
        until(lambda: not room.projection.older_of(LARGE_RUN))
        rest(1.0)
        before = jobs.model.rowCount()
        filtering = shown(
            jobs.view.viewport(), lambda: jobs.field.setText(FILTER), lambda: jobs.model.rowCount() < before
        )
        return {"paint": max(paints), "select": selecting, "filter": filtering, "rows": before}


def prune(home: Path) -> object:
    """The longest turn while another process prunes what has ended long ago."""
    with window(home) as room:
        settled(room)
        turns = Turns()
        words = ("prune", "--older-than", f"{PRUNED_DAYS}d", "--now", "--home", str(home))
        with subprocess.Popen(
            [sys.executable, "-m", "engine", *words], cwd=ROOT, stdout=sys.stderr
        ) as process:
            until(lambda: process.poll() is not None)
        rest(5.0)
        turns.stop()
        return turns.longest


def table(_home: Path, rows: int = ROWS) -> object:
    """A `QTableView` of so many rows: its first paint, and the first letter of a filter on its first column."""
    model = QStandardItemModel(rows, COLUMNS)
    for row in range(rows):
        for column in range(COLUMNS):
            model.setItem(row, column, QStandardItem(f"cell of row {row}"))
    proxy = QSortFilterProxyModel(filterKeyColumn=-1)
    proxy.setSourceModel(model)
    view = QTableView()
    view.setModel(proxy)
    view.resize(1200, 800)
    paint = shown(view.viewport(), view.show)

    def filtered() -> None:
        proxy.setFilterFixedString(FILTER)
        view.viewport().repaint()

    filtering = taken(filtered, lambda: 0 < proxy.rowCount() < rows)
    return {"paint": paint, "filter": filtering}


def main() -> None:
    """Play one of them."""
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    disable_for_good()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("signalbox")
    scenes: dict[str, Callable[[Path], object]] = {
        "memory": memory, "waits": waits, "prune": prune, "table": table,
    }  # fmt: skip
    print(json.dumps(scenes[sys.argv[1]](Path(sys.argv[2]))))


if __name__ == "__main__":
    main()
