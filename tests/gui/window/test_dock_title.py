"""The words of a dock's title bar: what is dropped, what is elided, and where the rest can be read."""

import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from gui.panels.board.toolbar import BoardToolbar
from gui.theme.theme import Theme
from gui.window.dock import DockTitle, TitleWords

FACT = "14 open, 297 done today"


@pytest.fixture
def words(qtbot: QtBot, theme: Theme) -> TitleWords:
    made = TitleWords("Workstreams", theme)
    qtbot.addWidget(made)
    made.set_fact(FACT)
    made.show()
    return made


def shown_at(words: TitleWords, width: int) -> tuple[str, str]:
    words.resize(width, 30)
    return words.shown_words()


def test_the_parts_of_the_fact_go_first_then_the_fact_is_elided_then_dropped_then_the_name_is_elided(
    words: TitleWords, theme: Theme
) -> None:
    name = QFontMetrics(theme.font("strong")).horizontalAdvance("Workstreams")
    assert shown_at(words, words.sizeHint().width()) == ("Workstreams", FACT)
    assert words.toolTip() == ""
    assert shown_at(words, words.sizeHint().width() - 1) == ("Workstreams", "14 open")
    assert words.toolTip().startswith(f"Workstreams, {FACT}\n")
    assert shown_at(words, name + 10) == ("Workstreams", "")
    cut, fact = shown_at(words, name - 1)
    assert cut.endswith("…")
    assert fact == ""
    assert words.accessibleName() == f"Workstreams, {FACT}"
    assert words.toolTip().startswith(f"{words.accessibleName()}\n")
    words.set_fact("waits for a long name of something else")
    assert shown_at(words, name + 8 + 100)[1].endswith("…")
    assert shown_at(words, name + 8 + 20)[1] == ""


def test_the_name_of_the_board_is_whole_beside_its_tools_in_the_smallest_window(
    qtbot: QtBot, theme: Theme
) -> None:
    title = DockTitle("Workstreams", "kanban", theme)
    qtbot.addWidget(title)
    for tool in BoardToolbar(theme, title).widgets():
        title.add_tool(tool)
    title.set_fact(FACT)
    title.resize(612, 32)  # its share of a window of 1024 px
    title.show()
    assert title.words.shown_words()[0] == "Workstreams"
    assert title.words.shown_words()[1] in FACT
