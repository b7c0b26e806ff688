"""Facts as names and values: which labels are made, and which are used again."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.theme.theme import Theme
from gui.widgets.fact import Fact
from gui.widgets.key_values import KeyValues
from gui.widgets.label import PlainLabel

FACTS = (Fact("Tool", "codex"), Fact("Model", "large"), Fact("Folder", "/srv/shop", is_path=True))


@pytest.fixture
def shown(qtbot: QtBot, theme: Theme) -> KeyValues:
    made = KeyValues(theme, columns=2)
    qtbot.addWidget(made)
    made.resize(900, 200)
    made.show()
    made.show_facts(FACTS)
    return made


def labels(shown: KeyValues) -> list[PlainLabel]:
    return [label for label in shown.findChildren(PlainLabel) if not label.isHidden()]


def test_a_width_for_fewer_columns_moves_the_labels_and_makes_none(shown: KeyValues) -> None:
    before = labels(shown)
    shown.layout().activate()
    assert before[0].y() == before[4].y()
    shown.resize(200, 200)
    shown.layout().activate()
    assert before[0].y() < before[4].y()
    assert labels(shown) == before
    assert [label.text() for label in before] == ["Tool", "codex", "Model", "large", "Folder", "/srv/shop"]


def test_a_short_value_stands_beside_its_name_where_the_next_column_is_higher(shown: KeyValues) -> None:
    shown.show_facts((Fact("Run", "departure boards " * 20, whole=True), Fact("Limits", "2 m", whole=True)))
    shown.layout().activate()
    name, value = labels(shown)[2:]
    assert (name.text(), value.text()) == ("Limits", "2 m")
    assert name.y() == value.y()
    assert value.height() > 2 * name.height(), "its row is as high as the other column"
    assert value.alignment() & Qt.AlignmentFlag.AlignTop
    assert name.alignment() == value.alignment(), "or their lines are not at one height"


def test_other_facts_use_the_labels_of_the_same_kind_again(shown: KeyValues) -> None:
    before = labels(shown)
    shown.show_facts((Fact("Attempt", "2"), Fact("Folder", "/srv/bank", is_path=True)))
    kept = labels(shown)
    assert set(kept) < set(before)
    assert [label.text() for label in kept] == ["Attempt", "2", "Folder", "/srv/bank"]
    assert shown.values() == {"Attempt": "2", "Folder": "/srv/bank"}


def test_a_short_value_stands_beside_its_name_and_not_in_the_middle_of_a_tall_row(shown: KeyValues) -> None:
    shown.show_facts((Fact("Base", "main", whole=True), Fact("Branch", "one two " * 40, whole=True)))
    shown.layout().activate()
    name, value = labels(shown)[:2]
    assert name.height() < value.height()
    assert name.y() == value.y()
    assert value.alignment() & Qt.AlignmentFlag.AlignTop
