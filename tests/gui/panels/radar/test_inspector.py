"""The inspector of the Radar in its narrowest form."""

import pytest
from PySide6.QtCore import QRect, Qt
from pytestqt.qtbot import QtBot

from gui.panels.radar.file_facts import FileFacts
from gui.panels.radar.inspector import Inspector
from gui.theme.theme import Theme
from gui.translation import tr, use_language
from gui.widgets.label import PlainLabel


@pytest.mark.usefixtures("in_german")
@pytest.mark.parametrize("language", ["en", "de"])
def test_stage_time_and_step_of_a_workstream_fit_beside_the_captions(
    theme: Theme, qtbot: QtBot, language: str
) -> None:
    use_language(language)  # the fixture restores it
    stage = tr("{stage} for {age}", stage=tr("Review"), age="12 m")
    stage = tr("{stage}, step {step} of {steps}", stage=stage, step=2, steps=2)
    made = Inspector(theme)
    qtbot.addWidget(made)
    made.show_as(roomy=False, tall=False)
    made.resize(300, 300)
    made.show_facts(FileFacts(state="needsyou", title="tramline", stage=stage, changed="2", follows="x"))
    made.show()
    (label,) = [one for one in made.findChildren(PlainLabel) if one.text() == stage]
    assert label.fontMetrics().horizontalAdvance(stage) <= label.width()


@pytest.mark.usefixtures("in_german")
def test_what_to_select_wraps_where_it_has_no_room_in_one_line(theme: Theme, qtbot: QtBot) -> None:
    made = Inspector(theme)
    qtbot.addWidget(made)
    made.show_as(roomy=False, tall=False)
    made.resize(180, 300)
    made.show()
    label = made._placeholder
    words = label.fontMetrics().boundingRect(
        QRect(0, 0, label.contentsRect().width(), 999), Qt.TextFlag.TextWordWrap, label.text()
    )
    assert words.height() <= label.contentsRect().height()
    assert made.width() == 180
