"""The rows of the settings sheet for notifications, sounds and history."""

import pytest
from PySide6.QtWidgets import QApplication, QFormLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.sheets.settings_more import MoreSettings
from gui.theme.theme import Theme

_ROOM = 600
"""What the sheet has for a row, in px."""


@pytest.mark.usefixtures("in_german")
def test_rows_with_long_words_wrap_and_are_not_wider_than_the_sheet(
    theme: Theme, qtbot: QtBot, qapp: QApplication
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    form = QFormLayout(page)
    more = MoreSettings(theme)
    more.add_to(form)
    page.resize(_ROOM, 600)
    page.show()
    assert form.minimumSize().width() <= _ROOM
    for box in (*more.notify.values(), *more.sound.values(), more.keep_awake, more.tray):
        assert box.mapTo(page, box.rect().bottomRight()).x() <= _ROOM
        assert box.width() >= box.sizeHint().width()
    for width in range(_ROOM, _ROOM + 160, 3):  # some of them leave a row hardly, others just not enough room
        page.resize(width, 600)
        qapp.processEvents()
        for box in (*more.notify.values(), *more.sound.values()):
            assert box.geometry().bottom() < box.parentWidget().height(), (width, box.text())
