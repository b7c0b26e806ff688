"""The wheel scrolls the page under the mouse; it changes no field that happens to be there."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.theme.theme import Theme
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.number_box import NumberBox


def choice(theme: Theme) -> ChoiceBox:
    made = ChoiceBox("Theme", theme)
    made.addItems(["system", "dark", "light"])
    return made


def number(theme: Theme) -> NumberBox:
    del theme
    made = NumberBox(0, 9)
    made.setValue(3)
    return made


def scroll(widget: QWidget) -> bool:
    at, by, inverted = QPointF(5, 5), QPoint(0, -120), False
    button, key, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, at, QPoint(), by, button, key, phase, inverted)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


@pytest.mark.parametrize("make", [choice, number])
def test_the_wheel_changes_nothing_and_goes_on_to_the_page(
    make: Callable[[Theme], ChoiceBox | NumberBox], theme: Theme, qtbot: QtBot
) -> None:
    field = make(theme)
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    before = field.currentText() if isinstance(field, ChoiceBox) else field.text()
    assert not scroll(field)
    assert (field.currentText() if isinstance(field, ChoiceBox) else field.text()) == before
