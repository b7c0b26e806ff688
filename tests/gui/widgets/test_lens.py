"""The icon of a search field outlives what Python forgets."""

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from gui.panels.logs.filter_bar import LogField
from gui.panels.review.title_tools import FilterField
from gui.theme.theme import Theme
from gui.widgets.lens import add_lens


def test_the_icon_of_a_field_can_be_changed_after_python_has_lost_hold_of_what_qt_made(
    theme: Theme, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    plain = QLineEdit(window)
    log_field, filter_field = LogField(theme, window), FilterField(theme, window)
    lenses = [add_lens(plain, QIcon()), log_field._lens, filter_field._lens]
    made_by_qt = plain.addAction(QIcon(), QLineEdit.ActionPosition.TrailingPosition)
    Shiboken.invalidate(window)
    assert not Shiboken.isValid(made_by_qt)
    for lens in lenses:
        lens.setIcon(theme.qicon("search"))
