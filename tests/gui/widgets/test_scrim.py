"""What is painted when a sheet covers a window, changes and closes."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui.data.short_turns import short_turns
from gui.theme.theme import Theme
from gui.widgets.paint_in_turns import paint_in_turns
from gui.widgets.scrim import dimmed
from gui.widgets.sheet import Sheet
from tests.helpers.patience import PATIENCE_MS

_WIDTH, _HEIGHT = 900, 600
_EDGE = 20
"""A place that no sheet covers."""


class Behind(QWidget):
    """Fills a window with one colour and counts how often it is painted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.top = parent
        self.color = QColor("#808080")
        self.painted: list[QRect] = []

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        self.painted.append(event.region().boundingRect())
        QPainter(self).fillRect(self.rect(), self.color)


@pytest.fixture
def behind(qtbot: QtBot) -> Behind:
    window = QWidget()
    window.resize(_WIDTH, _HEIGHT)
    made = Behind(window)
    made.resize(_WIDTH, _HEIGHT)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: bool(made.painted), timeout=PATIENCE_MS)
    made.painted.clear()
    return made


@pytest.fixture
def sheet(behind: Behind) -> Sheet:
    window = behind.top
    theme = Theme("dark", window)
    theme.reduce_motion = True
    made = Sheet(theme, window)
    made.heading.setText("A question")
    return made


def shown(behind: Behind, down: int = _HEIGHT - 2 * _EDGE) -> QColor:
    """The colour at the left edge of the window, as it is on the screen."""
    image = behind.top.backingStore().paintDevice()
    assert isinstance(image, QImage)
    return image.pixelColor(_EDGE, down)


def close_to(found: QColor, wanted: QColor) -> bool:
    return all(abs(of(found) - of(wanted)) <= 2 for of in (QColor.red, QColor.green, QColor.blue))


def paint_what_is_due() -> None:
    for _ in range(3):
        QApplication.processEvents()


def test_a_sheet_opens_dimmed_at_once_and_nothing_behind_it_is_painted(sheet: Sheet, behind: Behind) -> None:
    sheet.open()
    assert close_to(shown(behind), dimmed(behind.color)), "the very call has painted it"
    paint_what_is_due()
    assert not [area for area in behind.painted if area.width() > 1]


def test_a_sheet_that_changes_has_nothing_behind_it_painted(sheet: Sheet, behind: Behind) -> None:
    sheet.open()
    paint_what_is_due()
    behind.painted.clear()
    sheet.heading.setText("Another question")
    sheet.update()
    paint_what_is_due()
    assert not behind.painted


def test_what_changes_behind_a_sheet_is_seen_through_its_scrim(
    qtbot: QtBot, sheet: Sheet, behind: Behind
) -> None:
    sheet.open()
    behind.color = QColor("#ffffff")
    behind.update()
    qtbot.waitUntil(lambda: close_to(shown(behind), dimmed(behind.color)), timeout=PATIENCE_MS)


def test_what_was_about_to_be_painted_when_a_sheet_opens_is_not_forgotten(
    sheet: Sheet, behind: Behind
) -> None:
    behind.color = QColor("#ffffff")
    behind.update()
    sheet.open()
    assert close_to(shown(behind), dimmed(behind.color))


@pytest.mark.parametrize("opaque", [False, True])
def test_a_closed_sheet_leaves_the_window_as_it_was(
    qtbot: QtBot, sheet: Sheet, behind: Behind, *, opaque: bool
) -> None:
    behind.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, opaque)
    sheet.open()
    sheet.dismiss()
    qtbot.waitUntil(sheet._scrim.isHidden, timeout=PATIENCE_MS)
    paint_what_is_due()
    assert close_to(shown(behind), behind.color)


def test_a_window_that_is_covered_again_while_it_is_uncovered_is_dimmed_and_left_as_it_was(
    qtbot: QtBot, sheet: Sheet, behind: Behind
) -> None:
    sheet.open()
    sheet.dismiss()
    sheet.cover()
    sheet.open()
    assert close_to(shown(behind), dimmed(behind.color))
    sheet.dismiss()
    qtbot.waitUntil(sheet._scrim.isHidden, timeout=PATIENCE_MS)
    paint_what_is_due()
    assert close_to(shown(behind), behind.color)
    assert sheet._scrim.updatesEnabled()


def test_a_sheet_that_opens_while_another_one_uncovers_the_window_dims_it_once(
    sheet: Sheet, behind: Behind
) -> None:
    other = Sheet(sheet.theme, behind.top)
    sheet.open()
    paint_what_is_due()
    sheet.dismiss()
    other.open()
    assert close_to(shown(behind), dimmed(behind.color))


def test_a_window_that_is_hidden_and_shown_is_dimmed_behind_its_open_sheet(
    qtbot: QtBot, sheet: Sheet, behind: Behind
) -> None:
    sheet.open()
    behind.top.hide()
    behind.top.resize(_WIDTH, _HEIGHT - _EDGE)
    behind.top.show()
    qtbot.waitUntil(lambda: close_to(shown(behind), dimmed(behind.color)), timeout=PATIENCE_MS)
    assert sheet._scrim.geometry() == behind.top.rect()


def test_a_window_that_grows_while_it_is_uncovered_is_left_undimmed(
    qtbot: QtBot, sheet: Sheet, behind: Behind
) -> None:
    sheet.open()
    sheet.dismiss()
    behind.resize(2 * _WIDTH, 2 * _HEIGHT)
    behind.top.resize(2 * _WIDTH, 2 * _HEIGHT)
    qtbot.waitUntil(sheet._scrim.isHidden, timeout=PATIENCE_MS)
    paint_what_is_due()
    assert close_to(shown(behind, 2 * _HEIGHT - _EDGE), behind.color)


def test_a_window_that_is_covered_for_a_sheet_takes_no_key_and_escape_keeps_the_sheet_closed(
    qtbot: QtBot, sheet: Sheet, behind: Behind
) -> None:
    window, field, shortcuts = behind.top, QLineEdit(behind), []
    QShortcut(QKeySequence("Ctrl+J"), window, lambda: shortcuts.append("Ctrl+J"))
    field.show()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus, timeout=PATIENCE_MS)
    sheet.cover()
    for key in (Qt.Key.Key_X, Qt.Key.Key_Tab, Qt.Key.Key_Return):
        QTest.keyClick(window.windowHandle(), key)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert (field.text(), shortcuts, sheet.is_open) == ("", [], True)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    assert not sheet.is_open
    assert field.hasFocus()


def test_a_window_that_is_covered_for_a_sheet_takes_no_click_before_it_opens(
    sheet: Sheet, behind: Behind
) -> None:
    window = behind.top
    sheet.cover()
    assert sheet.is_open
    assert not sheet.isVisible()
    assert window.childAt(_EDGE, _EDGE) is sheet._scrim
    sheet.open()
    assert sheet.isVisible()
    sheet.dismiss()
    assert window.childAt(_EDGE, _EDGE) is behind


def test_a_window_that_is_covered_is_dimmed_in_a_later_turn_without_being_painted(
    qtbot: QtBot, sheet: Sheet, behind: Behind
) -> None:
    sheet.cover()
    assert not behind.painted
    qtbot.waitUntil(lambda: close_to(shown(behind), dimmed(behind.color)), timeout=PATIENCE_MS)
    assert not [area for area in behind.painted if area.width() > 1]


def test_a_closed_sheet_uncovers_the_window_part_by_part_and_holds_no_click_back(
    qtbot: QtBot, behind: Behind
) -> None:
    sheet = Sheet(Theme("dark", behind.top), behind.top, height=200)
    sheet.open()
    paint_what_is_due()
    behind.painted.clear()
    sheet.dismiss()
    assert behind.top.childAt(_EDGE, _EDGE) is behind
    assert not sheet.is_open
    qtbot.waitUntil(sheet._scrim.isHidden, timeout=PATIENCE_MS)
    paint_what_is_due()
    assert len(behind.painted) == 3, "the place of the sheet, then either half"
    assert close_to(shown(behind), behind.color)


def test_a_sheet_that_is_opened_again_while_it_uncovers_the_window_covers_it_whole(
    qtbot: QtBot, sheet: Sheet, behind: Behind
) -> None:
    sheet.open()
    sheet.dismiss()
    sheet.open()
    assert behind.top.childAt(_EDGE, _EDGE) is sheet._scrim
    assert close_to(shown(behind), dimmed(behind.color))
    done: list[bool] = []
    short_turns().soon(lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done), timeout=PATIENCE_MS)
    assert sheet.is_open
    assert sheet._scrim.isVisible()


class Part(Behind):
    """Notes at its first paint which of its neighbours may be painted by then."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if not self.painted:
            self.ready = [part.updatesEnabled() for part in self.top.findChildren(Part)]
        super().paintEvent(event)


def test_parts_that_appear_are_painted_one_per_turn(qtbot: QtBot, behind: Behind) -> None:
    parts = [Part(behind.top) for _ in range(2)]
    for place, part in enumerate(parts):
        part.setGeometry(60 * place, 0, 50, 50)
    paint_in_turns(*parts)
    for part in parts:
        part.show()
    qtbot.waitUntil(lambda: all(part.painted for part in parts), timeout=PATIENCE_MS)
    assert [part.ready for part in parts] == [[True, False], [True, True]]
