"""Banners: told once, taken back, never read as markup."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.theme.theme import Theme
from gui.widgets.banner import BannerStack
from gui.widgets.empty_state import EmptyState
from gui.widgets.label import PlainLabel, plain_tip

BOMB = "<table><tr><td>" * 16 + "boom"


def stack(theme: Theme, qtbot: QtBot) -> BannerStack:
    made = BannerStack(theme)
    qtbot.addWidget(made)
    made.resize(900, 100)
    return made


def test_the_same_trouble_is_told_once_and_taken_back_when_it_ends(theme: Theme, qtbot: QtBot) -> None:
    banners = stack(theme, qtbot)
    banners.tell("db", "The database cannot be read.")
    first = banners.banner("db")
    banners.tell("db", "The database cannot be read.")
    assert banners.banner("db") is first
    assert not banners.isHidden()
    banners.take_back("db")
    assert banners.banner("db") is None
    assert banners.isHidden()


def test_another_sentence_under_the_same_key_replaces_the_first(theme: Theme, qtbot: QtBot) -> None:
    banners = stack(theme, qtbot)
    banners.tell("db", "one")
    banners.tell("db", "two")
    told = banners.banner("db")
    assert told is not None
    assert told.sentence == "two"


def test_its_verb_is_told_with_its_key(theme: Theme, qtbot: QtBot) -> None:
    banners = stack(theme, qtbot)
    banners.tell("engine", "The engine stopped.", verbs=["Start again", "Details"])
    told = banners.banner("engine")
    assert told is not None
    with qtbot.waitSignal(banners.verb_chosen) as chosen:
        qtbot.mouseClick(told.verbs[1], Qt.MouseButton.LeftButton)
    assert chosen.args == ["engine", "Details"]


def test_closing_it_takes_it_away(theme: Theme, qtbot: QtBot) -> None:
    banners = stack(theme, qtbot)
    banners.tell("a", "one")
    banners.tell("b", "two")
    told = banners.banner("a")
    assert told is not None
    qtbot.mouseClick(told.close_button, Qt.MouseButton.LeftButton)
    assert banners.banner("a") is None
    assert banners.banner("b") is not None


def test_what_is_told_is_never_read_as_markup(theme: Theme, qtbot: QtBot) -> None:
    banners = stack(theme, qtbot)
    banners.tell("a", BOMB)
    empty = EmptyState(theme, "logs", BOMB, BOMB, verb="Go")
    qtbot.addWidget(empty)
    labels = [*banners.findChildren(QLabel), *empty.findChildren(QLabel)]
    assert [one for one in labels if one.text()]
    for label in labels:
        assert label.textFormat() is Qt.TextFormat.PlainText or not label.text()


def test_a_tool_tip_that_looks_like_markup_shows_its_letters() -> None:
    assert plain_tip("<b>x</b> & y") == "<span>&lt;b&gt;x&lt;/b&gt; &amp; y</span>"
    assert plain_tip("plain") == "plain"


def test_an_eliding_label_gives_up_letters_not_the_width_of_the_window(theme: Theme, qtbot: QtBot) -> None:
    label = PlainLabel("a very long sentence " * 20, theme=theme, elide=True)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() <= 24
    assert PlainLabel("a very long sentence " * 20, theme=theme).minimumSizeHint().width() > 500


def test_an_empty_state_offers_its_verb(theme: Theme, qtbot: QtBot) -> None:
    empty = EmptyState(theme, "dashboard", "No runs yet.", "Drop job files.", verb="Try the demo")
    qtbot.addWidget(empty)
    with qtbot.waitSignal(empty.chosen):
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)
    empty.say("Nothing.", "")
    assert empty.button.isHidden()
