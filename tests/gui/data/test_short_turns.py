"""What may wait for a moment is done in turns of its own."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from pytestqt.qtbot import QtBot

from gui.data.short_turns import ShortTurns, short_turns
from tests.helpers.patience import PATIENCE_MS


class Painter(QObject):
    """Counts its pieces."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = 0

    def paint(self) -> None:
        self.painted += 1


def test_between_two_pieces_the_window_does_what_the_first_one_asked_for(qtbot: QtBot) -> None:
    turns, done = ShortTurns(), []

    def first() -> None:
        done.append("first")
        QTimer.singleShot(0, lambda: done.append("painted"))

    turns.soon(first)
    turns.soon(lambda: done.append("second"))
    assert done == []
    qtbot.waitUntil(lambda: len(done) == 3, timeout=PATIENCE_MS)
    assert done == ["first", "painted", "second"]


def test_a_piece_that_another_one_asks_for_has_a_turn_of_its_own_too(qtbot: QtBot) -> None:
    turns, done = ShortTurns(), []

    def first() -> None:
        turns.soon(lambda: done.append("second"))
        QTimer.singleShot(0, lambda: done.append("painted"))

    turns.soon(first)
    qtbot.waitUntil(lambda: len(done) == 2, timeout=PATIENCE_MS)
    assert done == ["painted", "second"]


def test_a_piece_that_waits_already_runs_once(qtbot: QtBot) -> None:
    painter, done = Painter(), []
    short_turns().soon(painter.paint)
    short_turns().soon(painter.paint)
    short_turns().soon(lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done), timeout=PATIENCE_MS)
    assert painter.painted == 1


def test_a_piece_may_ask_for_its_next_one(qtbot: QtBot) -> None:
    turns, left = ShortTurns(), [3]

    def work() -> None:
        left[0] -= 1
        if left[0]:
            turns.soon(work)

    turns.soon(work)
    qtbot.waitUntil(lambda: left == [0], timeout=PATIENCE_MS)


def test_the_piece_of_an_object_that_was_deleted_is_left_out(qtbot: QtBot) -> None:
    painter, done = Painter(), []
    short_turns().soon(painter.paint)
    short_turns().soon(lambda: done.append(True))
    painter.deleteLater()
    QCoreApplication.sendPostedEvents(painter, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: bool(done), timeout=PATIENCE_MS)
    assert painter.painted == 0
