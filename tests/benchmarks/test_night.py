"""How long the Night takes to place and paint a frame of a large night."""

import time

from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from gui.panels.timeline.night_records import BarKind, Night, NightBar, NightGroup, NightRow, NightWait
from gui.panels.timeline.night_view import NightView
from gui.panels.timeline.time_axis import HOUR_S, NightRange
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from tests.benchmarks.figures import Figure, Figures, quantile

ROWS, ATTEMPTS = 300, 2_000
NOW = 1_790_000_000.0
_STATES = ("completed", "failed", "timeout", "waiting")
_FRAMES = 30


def large_night() -> Night:
    """Two thousand attempts in three hundred rows, a wait between each two."""
    each, rows = -(-ATTEMPTS // ROWS), []
    for number in range(ROWS):
        step = 5 * HOUR_S / each
        starts = [NOW - 5 * HOUR_S + step * n for n in range(each)]
        bars = tuple(
            NightBar(
                kind=BarKind.ATTEMPT,
                start=start,
                end=start + step * 0.6,
                state=_STATES[(number + n) % len(_STATES)],
                label="edit",
                letters="ai",
                description=f"ws-{number}, edit",
                attempt_id=number * each + n,
            )
            for n, start in enumerate(starts)
        )
        waits = tuple(
            NightWait(start=start + step * 0.6, end=start + step, words="no slot", description="no slot")
            for start in starts
        )
        rows.append(
            NightRow(key=("r", f"ws-{number}"), name=f"ws-{number}", state="queued", bars=bars, waits=waits)
        )
    return Night(groups=(NightGroup(key="r", title="A large run", rows=tuple(rows)),))


def test_a_frame_of_a_night_of_two_thousand_attempts(figures: Figures, qtbot: QtBot) -> None:
    theme = Theme("dark")
    view = NightView(theme, Typesetter(theme))
    tree = QTreeWidget()
    tree.setColumnCount(8)
    for number in range(ROWS):
        tree.addTopLevelItem(QTreeWidgetItem([f"cell {number} {column}" for column in range(8)]))
    night, range_ = large_night(), NightRange(NOW - 5 * HOUR_S, NOW + 2 * HOUR_S)
    for widget in (view, tree):
        qtbot.addWidget(widget)
        widget.resize(1600, 1000)
        widget.show()
        widget.grab()
    ours, theirs = [], []
    for frame in range(_FRAMES):
        now = NOW + 30 * frame  # as time passes every bar is placed anew
        began = time.thread_time()
        view.show_night(night, range_, now)
        view.grab()
        ours.append((time.thread_time() - began) * 1000)
        began = time.thread_time()
        tree.grab()
        theirs.append((time.thread_time() - began) * 1000)
    figures.add(
        Figure(
            what=f"a frame of the Night, {ROWS} rows with {ATTEMPTS:,} attempts, all placed anew, 1600x1000",
            ours=quantile(ours, 0.5),
            rival="a frame of a `QTreeWidget` with as many rows of eight columns",
            theirs=quantile(theirs, 0.5),
            unit="ms",
        )
    )
