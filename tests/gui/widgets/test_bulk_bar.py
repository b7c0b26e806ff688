"""The bar for several selected things: what it says, what it drops in a narrow place, what its buttons request."""

import pytest
from pytestqt.qtbot import QtBot

from gui.theme.theme import Theme
from gui.widgets.bulk_bar import BAR_HEIGHT, BulkBar, BulkSelection, BulkVerb

FOUR = BulkSelection(
    selected=4,
    all_count=38,
    what="3 wait, 1 runs, $1.20",
    left_out="1 cannot be held",
    verbs=(
        BulkVerb("hold", "Hold", 3, "hold"),
        BulkVerb("retry", "Retry", 1, "retry"),
        BulkVerb("cancel", "Cancel", 4, "cancel", is_danger=True),
    ),
)


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme) -> BulkBar:
    made = BulkBar(theme)
    qtbot.addWidget(made)
    made.resize(1000, BAR_HEIGHT)
    return made


def words(bar: BulkBar) -> list[str]:
    return [button.text() for button in bar.verb_buttons() if not button.isHidden()]


def test_the_bar_is_shown_from_two_selected_things_on(bar: BulkBar) -> None:
    bar.show_selection(BulkSelection(selected=1, all_count=38))
    assert not bar.isVisible()
    bar.show_selection(FOUR)
    assert bar.isVisible()
    assert bar.height() == 44


def test_its_verbs_carry_the_number_they_act_on_and_one_that_fits_nothing_is_absent(bar: BulkBar) -> None:
    bar.show_selection(FOUR)
    assert words(bar) == ["Hold 3", "Retry 1", "Cancel 4"]
    assert [button.property("kind") for button in bar.verb_buttons()] == ["secondary", "secondary", "danger"]
    bar.show_selection(BulkSelection(selected=2, all_count=38, verbs=(FOUR.verbs[1],)))
    assert words(bar) == ["Retry 1"]


def test_a_screen_reader_hears_how_many_are_selected_what_they_are_and_why_some_are_left_out(
    bar: BulkBar,
) -> None:
    bar.show_selection(FOUR)
    assert bar.accessibleName() == "4 selected, 3 wait, 1 runs, $1.20"
    assert bar.accessibleDescription() == "1 cannot be held"
    assert [button.accessibleName() for button in bar.verb_buttons()] == ["Hold 3", "Retry 1", "Cancel 4"]


@pytest.mark.parametrize("width", [360, 420, 560, 760, 1000, 1600])
def test_nothing_is_cut_off_at_any_width_and_cancel_keeps_its_word(bar: BulkBar, width: int) -> None:
    bar.resize(width, BAR_HEIGHT)
    bar.show_selection(FOUR)
    bar.layout().activate()
    shown = [button for button in (*bar.verb_buttons(), bar.clear_button) if not button.isHidden()]
    assert all(button.width() >= button.sizeHint().width() for button in shown)
    assert bar.verb_buttons()[-1].text() == "Cancel 4"
    assert bar.verb_buttons()[0].toolTip().startswith("Hold 3")


def test_its_buttons_request_their_command_everything_or_nothing(bar: BulkBar, qtbot: QtBot) -> None:
    bar.show_selection(FOUR)
    with qtbot.waitSignal(bar.verb_requested) as requested:
        bar.verb_buttons()[1].click()
    assert requested.args == ["retry"]
    assert bar.all_button.text() == "Select all 38"
    with qtbot.waitSignal(bar.all_requested):
        bar.all_button.click()
    with qtbot.waitSignal(bar.cleared):
        bar.clear_button.click()
