"""Labels as chips: those that do not fit are counted, and none shortens the text beside it."""

import pytest

from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.widgets.label_chips import chip_lines, chips_width, fitted_chips, width_beside

LABELS = ("flaky", "needs-a-second-look", "night")


@pytest.fixture
def type_(theme: Theme) -> Typesetter:
    return Typesetter(theme)


def test_chips_that_do_not_fit_are_counted(type_: Typesetter) -> None:
    whole = chips_width(LABELS, type_)
    assert fitted_chips(LABELS, whole, type_) == [*LABELS]
    assert fitted_chips(LABELS, whole - 1, type_) == [*LABELS[:2], "+1"]
    assert fitted_chips(LABELS, 0, type_) == ["+3"]
    assert fitted_chips(LABELS[:1], 0, type_) == ["flaky"]


def test_chips_beside_a_text_never_shorten_it(type_: Typesetter) -> None:
    for room in range(20, 500, 7):
        width = width_beside(100, LABELS, room, type_, has_note=True)
        assert width == 0 or width <= room - 100 - 8


def test_chips_take_more_lines_where_one_is_too_narrow(type_: Typesetter) -> None:
    assert chip_lines(LABELS, chips_width(LABELS, type_), type_) == [[*LABELS]]
    assert chip_lines(LABELS, 1, type_) == [[label] for label in LABELS]
