"""The latest of a row of questions is answered, beside the GUI thread."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.control.background_query import LatestAnswer

_SOON_S = 10


@pytest.fixture
def answered_in() -> list[int]:
    return []


@pytest.fixture
def go() -> threading.Event:
    return threading.Event()


@pytest.fixture
def asker(qtbot: QtBot, go: threading.Event, answered_in: list[int]) -> Iterator[LatestAnswer]:
    assert qtbot is not None

    def answer(question: str) -> str | None:
        answered_in.append(threading.get_ident())
        assert question != "slow" or go.wait(_SOON_S)
        return None if question == "nothing" else question.upper()

    asker = LatestAnswer(answer)
    yield asker
    go.set()
    asker.wait()


def test_a_question_is_answered_beside_this_thread(
    asker: LatestAnswer, qtbot: QtBot, answered_in: list[int]
) -> None:
    with qtbot.waitSignal(asker.found) as found:
        asker.ask("a")
    assert found.args == ["A"]
    assert answered_in
    assert threading.get_ident() not in answered_in


def test_only_the_latest_question_is_answered(asker: LatestAnswer, qtbot: QtBot, go: threading.Event) -> None:
    told: list[str] = []
    asker.found.connect(told.append)
    for question in ("slow", "b", "c"):
        asker.ask(question)
    go.set()
    qtbot.waitUntil(lambda: told == ["C"])


def test_what_is_forgotten_or_has_no_answer_is_not_told(
    asker: LatestAnswer, qtbot: QtBot, go: threading.Event
) -> None:
    told: list[str] = []
    asker.found.connect(told.append)
    asker.ask("slow")
    asker.forget()
    go.set()
    asker.ask("nothing")
    asker.wait()
    with qtbot.waitSignal(asker.found):
        asker.ask("last")
    assert told == ["LAST"]
