"""Banners are shown once, removed when their problem ends, and never interpreted as markup."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.theme.theme import Theme
from gui.widgets.announcement import announcement
from gui.widgets.banner import BannerButton, BannerStack
from gui.widgets.empty_state import EmptyState
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.sheet import Sheet
from tests.helpers.patience import PATIENCE_MS


class Act(StrEnum):
    """Two actions."""

    START = "start"
    SHOW = "show"


BOMB = "<table><tr><td>" * 16 + "boom"


def stack(theme: Theme, qtbot: QtBot) -> BannerStack:
    made = BannerStack(theme)
    qtbot.addWidget(made)
    made.resize(900, 100)
    return made


def test_a_problem_is_shown_once_and_removed_when_it_ends(theme: Theme, qtbot: QtBot) -> None:
    banners = stack(theme, qtbot)
    banners.show_banner("db", "The database cannot be read.")
    first = banners.banner("db")
    banners.show_banner("db", "The database cannot be read.")
    assert banners.banner("db") is first
    assert not banners.isHidden()
    banners.hide_banner("db")
    assert banners.banner("db") is None
    assert banners.isHidden()


def test_another_sentence_under_the_same_key_replaces_the_first(theme: Theme, qtbot: QtBot) -> None:
    banners = stack(theme, qtbot)
    banners.show_banner("db", "one")
    banners.show_banner("db", "two")
    banner = banners.banner("db")
    assert banner is not None
    assert banner.sentence == "two"


def test_a_pressed_button_reports_its_action_and_the_key_of_its_banner_whatever_it_is_called(
    theme: Theme, qtbot: QtBot
) -> None:
    banners = stack(theme, qtbot)
    buttons = [BannerButton(Act.START, "Go on"), BannerButton(Act.SHOW, "Go on")]
    banners.show_banner("engine", "The engine stopped.", buttons=buttons)
    banner = banners.banner("engine")
    assert banner is not None
    with qtbot.waitSignal(banners.action_requested) as requested:
        qtbot.mouseClick(banner.buttons[1], Qt.MouseButton.LeftButton)
    assert requested.args == ["engine", Act.SHOW]
    assert isinstance(requested.args[1], Act)


def test_a_closed_banner_is_removed(theme: Theme, qtbot: QtBot) -> None:
    banners = stack(theme, qtbot)
    banners.show_banner("a", "one")
    banners.show_banner("b", "two")
    banner = banners.banner("a")
    assert banner is not None
    qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    assert banners.banner("a") is None
    assert banners.banner("b") is not None


def test_messages_are_never_interpreted_as_markup(theme: Theme, qtbot: QtBot) -> None:
    banners = stack(theme, qtbot)
    banners.show_banner("a", BOMB)
    empty = EmptyState(theme, "logs", BOMB, BOMB, action="Go")
    qtbot.addWidget(empty)
    labels = [*banners.findChildren(QLabel), *empty.findChildren(QLabel)]
    assert [one for one in labels if one.text()]
    for label in labels:
        assert label.textFormat() is Qt.TextFormat.PlainText or not label.text()


def test_a_tool_tip_that_looks_like_markup_is_shown_literally() -> None:
    assert plain_tip("<b>x</b> & y") == "<span>&lt;b&gt;x&lt;/b&gt; &amp; y</span>"
    assert plain_tip("plain") == "plain"


def test_an_eliding_label_shortens_its_text_and_never_widens_the_window(theme: Theme, qtbot: QtBot) -> None:
    label = PlainLabel("a very long sentence " * 20, theme=theme, elide=True)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() <= 24
    assert PlainLabel("a very long sentence " * 20, theme=theme).minimumSizeHint().width() > 500


def test_an_empty_state_offers_its_action(theme: Theme, qtbot: QtBot) -> None:
    empty = EmptyState(theme, "dashboard", "No runs yet.", "Drop job files.", action="Try the demo")
    qtbot.addWidget(empty)
    with qtbot.waitSignal(empty.action_requested):
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)
    empty.show_message("Nothing.", "")
    assert empty.button.isHidden()


def focused_stack(theme: Theme, qtbot: QtBot) -> tuple[QWidget, BannerStack, QPushButton]:
    """A window with a stack over a button that has the focus."""
    window, banners, below = QWidget(), BannerStack(theme), QPushButton("Below")
    column = QVBoxLayout(window)
    column.addWidget(banners)
    column.addWidget(below)
    qtbot.addWidget(window)
    window.resize(900, 200)
    window.show()
    window.activateWindow()
    below.setFocus()
    qtbot.waitUntil(below.hasFocus, timeout=PATIENCE_MS)
    return window, banners, below


def test_return_presses_the_focused_button_of_a_banner_and_esc_closes_it_and_the_focus_returns(
    theme: Theme, qtbot: QtBot
) -> None:
    _window, banners, below = focused_stack(theme, qtbot)
    pressed: list[tuple[str, object]] = []
    banners.action_requested.connect(lambda key, action: pressed.append((key, action)))
    banners.show_banner("engine", "The engine stopped.", buttons=[BannerButton(Act.START, "Start again")])
    banner = banners.banner("engine")
    assert banner is not None
    banner.buttons[0].setFocus()
    QTest.keyClick(banner.buttons[0], Qt.Key.Key_Return)
    assert pressed == [("engine", Act.START)]
    QTest.keyClick(banner.buttons[0], Qt.Key.Key_Escape)
    assert banners.banner("engine") is None
    assert QApplication.focusWidget() is below


def test_another_sentence_leaves_the_focus_on_the_button_of_its_banner(theme: Theme, qtbot: QtBot) -> None:
    _window, banners, _below = focused_stack(theme, qtbot)
    buttons = [BannerButton(Act.START, "Start again"), BannerButton(Act.SHOW, "Details")]
    banners.show_banner("engine", "The engine stopped.", buttons=buttons)
    first = banners.banner("engine")
    assert first is not None
    first.buttons[1].setFocus()
    banners.show_banner("engine", "The engine stopped twice.", buttons=buttons)
    second = banners.banner("engine")
    assert second is not None
    assert second.buttons[1].hasFocus()


def test_a_screen_reader_hears_of_a_banner_as_an_alert_and_of_a_choice_without_haste(
    theme: Theme, qtbot: QtBot
) -> None:
    banners = stack(theme, qtbot)
    alert, spoken = announcement(banners, "The engine stopped.", urgent=True)
    assert alert.type() is QAccessible.Event.Alert
    assert isinstance(spoken, QAccessibleAnnouncementEvent)
    urgent = QAccessible.AnnouncementPoliteness.Assertive
    assert (spoken.message(), spoken.politeness()) == ("The engine stopped.", urgent)
    (choice,) = announcement(banners, "Settings", urgent=False)
    assert isinstance(choice, QAccessibleAnnouncementEvent)
    assert choice.politeness() is QAccessible.AnnouncementPoliteness.Polite


def test_a_banner_is_an_alert_and_a_sheet_a_dialog_to_a_screen_reader(theme: Theme, qtbot: QtBot) -> None:
    banners = stack(theme, qtbot)
    banners.show_banner("db", "The database cannot be read.")
    shown = banners.banner("db")
    assert shown is not None
    banner = QAccessible.queryAccessibleInterface(shown)
    assert banner.role() == QAccessible.Role.AlertMessage
    assert banner.text(QAccessible.Text.Name) == "The database cannot be read."
    window = QWidget()
    qtbot.addWidget(window)
    sheet = Sheet(theme, window)
    sheet.heading.setText("Settings")
    window.show()
    sheet.open()
    dialog = QAccessible.queryAccessibleInterface(sheet)
    assert dialog.role() == QAccessible.Role.Dialog
    assert dialog.text(QAccessible.Text.Name) == "Settings"
    sheet.dismiss()
