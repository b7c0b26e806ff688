"""When the user was away: without input for half an hour, or while the window was closed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.control.presence import AWAY_AFTER_S, Presence
from tests.gui.conftest import Clock

NOW = 1_790_000_000.0


class Seen:
    """A presence, and what it has emitted."""

    def __init__(self, file: Path | None, clock: Clock) -> None:
        self.presence = Presence(file, clock=clock)
        self.emitted: list[tuple[str, float]] = []
        self.presence.left.connect(lambda at: self.emitted.append(("left", at)))
        self.presence.returned.connect(lambda at: self.emitted.append(("returned", at)))
        self.presence.start()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "last_input"


@pytest.fixture
def seen(qtbot: QtBot, file: Path, clock: Clock) -> Iterator[Seen]:
    assert qtbot
    made = Seen(file, clock)
    yield made
    made.presence.stop()


@pytest.fixture
def window(seen: Seen) -> Iterator[QWindow]:
    shown = QWindow()
    shown.resize(80, 60)
    shown.show()
    seen.presence._on_focus_window_changed(shown)
    yield shown
    shown.close()
    shown.deleteLater()


def test_the_first_start_is_no_absence(seen: Seen) -> None:
    assert seen.emitted == []


def test_half_an_hour_without_input_is_an_absence_that_ends_with_the_next_input(
    seen: Seen, clock: Clock, window: QWindow
) -> None:
    clock.go_on(AWAY_AFTER_S - 1)
    seen.presence.look()
    assert seen.emitted == []
    clock.go_on(1)
    seen.presence.look()
    seen.presence.look()
    assert seen.emitted == [("left", NOW)]
    clock.go_on(3600)
    QTest.keyClick(window, Qt.Key.Key_Down)
    assert seen.emitted[1:] == [("returned", NOW + AWAY_AFTER_S + 3600)]
    QTest.keyClick(window, Qt.Key.Key_Down)
    assert len(seen.emitted) == 2


@pytest.mark.parametrize("kind", ["key", "button", "move"])
def test_every_kind_of_input_counts(seen: Seen, clock: Clock, window: QWindow, kind: str) -> None:
    clock.go_on(AWAY_AFTER_S - 1)
    match kind:
        case "key":
            QTest.keyClick(window, Qt.Key.Key_A)
        case "button":
            QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        case _:
            QTest.mouseMove(window, QPoint(7, 7))
    clock.go_on(AWAY_AFTER_S - 1)
    seen.presence.look()
    assert seen.emitted == []


def test_input_after_a_suspended_night_is_a_return_though_no_timer_fired(
    seen: Seen, clock: Clock, window: QWindow
) -> None:
    clock.go_on(8 * 3600)
    QTest.keyClick(window, Qt.Key.Key_A)
    assert seen.emitted == [("left", NOW), ("returned", NOW + 8 * 3600)]


def test_what_is_no_input_ends_no_absence(seen: Seen, clock: Clock, window: QWindow) -> None:
    clock.go_on(AWAY_AFTER_S)
    seen.presence.eventFilter(window, QEvent(QEvent.Type.UpdateRequest))
    assert seen.emitted == []


def test_a_window_closed_overnight_was_away_since_the_last_input_in_it(
    qtbot: QtBot, file: Path, clock: Clock
) -> None:
    assert qtbot
    Seen(file, clock).presence.stop()
    clock.go_on(8 * 3600)
    again = Seen(file, clock)
    assert again.emitted == [("left", NOW), ("returned", NOW + 8 * 3600)]
    again.presence.stop()
    clock.go_on(60)
    soon = Seen(file, clock)
    assert soon.emitted == []
    soon.presence.stop()


def test_the_last_input_is_remembered_while_the_window_is_open(
    seen: Seen, file: Path, clock: Clock, window: QWindow, qtbot: QtBot
) -> None:
    clock.go_on(100)
    QTest.keyClick(window, Qt.Key.Key_A)
    seen.presence.look()
    qtbot.waitUntil(lambda: file.exists() and float(file.read_text()) == NOW + 100)


@pytest.mark.parametrize("content", ["", "tomorrow", "nan", "1e400", "9" * 80])
def test_a_damaged_file_is_no_absence(qtbot: QtBot, file: Path, clock: Clock, content: str) -> None:
    assert qtbot
    file.write_text(content)
    made = Seen(file, clock)
    assert made.emitted == []
    made.presence.stop()
