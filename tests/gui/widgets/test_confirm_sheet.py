"""The keys of a sheet: Return presses the focused button, Esc answers nothing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.theme.theme import Theme
from gui.widgets.confirm_sheet import Choice, ConfirmSheet

KEEP, DISCARD = Choice("keep", "Keep"), Choice("discard", "Discard", "danger")


@pytest.fixture
def answers() -> list[str]:
    return []


@pytest.fixture
def question(qtbot: QtBot, answers: list[str]) -> ConfirmSheet:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 500)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    theme = Theme("dark")
    theme.reduce_motion = True
    made = ConfirmSheet(
        theme, window, title="Discard it?", sentence="It is archived.", choices=[KEEP, DISCARD]
    )
    made.answered.connect(answers.append)
    made.open()
    qtbot.waitUntil(made.buttons["keep"].hasFocus)
    return made


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_key_presses_the_focused_button_of_a_sheet(
    question: ConfirmSheet, answers: list[str], key: Qt.Key
) -> None:
    press(Qt.Key.Key_Tab)
    assert question.buttons["discard"].hasFocus()
    press(key)
    assert answers == ["discard"]
    assert not question.is_open


def test_return_presses_the_button_that_closes_a_sheet(question: ConfirmSheet, answers: list[str]) -> None:
    question._close_button.setFocus()
    press(Qt.Key.Key_Return)
    assert not question.is_open
    assert answers == []


def test_esc_closes_a_question_without_an_answer(question: ConfirmSheet, answers: list[str]) -> None:
    press(Qt.Key.Key_Escape)
    assert not question.is_open
    assert answers == []


def test_a_sheet_is_as_wide_as_its_buttons_need(question: ConfirmSheet) -> None:
    words = ("Cancel the running ones", "Let the running ones finish", "Continue in the background")
    choices = [Choice(word, word) for word in words]
    made = ConfirmSheet(question.theme, question.window(), title="Close?", sentence="", choices=choices)
    made.open()
    assert all(button.width() >= button.sizeHint().width() for button in made.buttons.values())


def test_return_gives_the_safe_answer_wherever_the_focus_is_on_the_question(
    question: ConfirmSheet, answers: list[str]
) -> None:
    question.setFocus()
    press(Qt.Key.Key_Return)
    assert answers == ["keep"]


def test_return_answers_nothing_where_every_answer_would_lose_something(
    question: ConfirmSheet, answers: list[str]
) -> None:
    question.buttons["keep"].setProperty("kind", "danger")
    question.setFocus()
    press(Qt.Key.Key_Return)
    assert answers == []
    assert question.is_open
