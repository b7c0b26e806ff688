"""The page of the level rules in the settings."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from engine.streams.level_rules import current_rules, rules_file
from gui.sheets.level_rules_page import LevelRulesPage
from gui.theme.theme import Theme
from tests.helpers.patience import PATIENCE_MS

RULES = "version: 1\nrules:\n  - {pattern: '^WARN', level: error}\n"


@pytest.fixture
def page(theme: Theme, qtbot: QtBot) -> Iterator[LevelRulesPage]:
    made = LevelRulesPage(theme)
    qtbot.addWidget(made)
    made.show()
    made.show_rules()
    qtbot.waitUntil(made.rules.isEnabled, timeout=PATIENCE_MS)
    yield made
    made.stop_reading()


def rows(page: LevelRulesPage) -> list[str]:
    return [page.result.item(row).text() for row in range(page.result.count())]


def test_level_rules_are_tried_on_pasted_lines_and_saved(page: LevelRulesPage, qtbot: QtBot) -> None:
    page.lines.setPlainText("WARN one\n\nplain\u202e\n")
    qtbot.waitUntil(lambda: len(rows(page)) == 2, timeout=PATIENCE_MS)
    assert rows(page)[0] == "warning:  WARN one"
    assert all(row.isprintable() for row in rows(page))
    page.rules.setPlainText(RULES)
    qtbot.waitUntil(lambda: rows(page)[0] == "error:  WARN one", timeout=PATIENCE_MS)
    page.save()
    qtbot.waitUntil(lambda: bool(current_rules().rules.rules), timeout=PATIENCE_MS)
    page.rules.setPlainText("")
    qtbot.waitUntil(lambda: rows(page)[0] == "warning:  WARN one", timeout=PATIENCE_MS)
    page.save()
    qtbot.waitUntil(lambda: not rules_file().exists(), timeout=PATIENCE_MS)


def test_a_mistake_in_the_level_rules_is_named_and_not_saved(page: LevelRulesPage, qtbot: QtBot) -> None:
    page.lines.setPlainText("WARN one")
    with qtbot.waitSignal(page.edited, timeout=PATIENCE_MS):
        page.rules.setPlainText(
            RULES + "  - {pattern: '(a+)+', level: info}\n  - {pattern: x, level: warn}\n"
        )
    assert page.mistakes.isVisible()
    assert page.mistakes.text().splitlines()[0].startswith("levels.yaml: line 4: rules[1].pattern: ")
    assert "line 5: rules[2].level" in page.mistakes.text()
    assert rows(page) == ["warning:  WARN one"]
    page.save()
    page.stop_reading()
    assert not rules_file().exists()
    with qtbot.waitSignal(page.edited, timeout=PATIENCE_MS):
        page.rules.setPlainText(RULES)
    assert not page.problem
    assert page.mistakes.isHidden()
