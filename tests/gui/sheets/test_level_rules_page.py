"""The page of the level rules in the settings."""

from collections.abc import Iterator
from pathlib import Path

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


def reread(page: LevelRulesPage, qtbot: QtBot) -> None:
    page.show_rules()
    qtbot.waitUntil(lambda: page.unreadable.isVisible() or page.rules.isEnabled(), timeout=PATIENCE_MS)


def write_rules(content: str | bytes) -> Path:
    file = rules_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


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
    page.rules.setPlainText(RULES + "  - {pattern: '(a+)+', level: info}\n  - {pattern: x, level: warn}\n")
    page.save()
    assert not page.is_checked
    qtbot.waitUntil(lambda: page.is_checked, timeout=PATIENCE_MS)
    assert page.mistakes.isVisible()
    assert page.mistakes.text().splitlines()[0].startswith("levels.yaml: line 4: rules[1].pattern: ")
    assert "line 5: rules[2].level" in page.mistakes.text()
    assert rows(page) == ["warning:  WARN one"]
    page.save()
    page.stop_reading()
    assert not rules_file().exists()
    page.rules.setPlainText(RULES)
    qtbot.waitUntil(lambda: page.is_checked, timeout=PATIENCE_MS)
    assert not page.problem
    assert page.mistakes.isHidden()


@pytest.mark.parametrize("content", [b"# \xff\n", b"#" * 1_100_000], ids=["no text", "too long"])
def test_level_rules_that_cannot_be_shown_are_named_and_never_overwritten_without_a_question(
    page: LevelRulesPage, qtbot: QtBot, content: bytes
) -> None:
    file = write_rules(content)
    reread(page, qtbot)
    assert page.unreadable.text().startswith("The level rules cannot be shown: levels.yaml: is ")
    assert "Replace it?" in page.unreadable.text()
    assert not page.rules.isEnabled()
    page.save()
    page.stop_reading()
    assert file.read_bytes() == content
    page.replace_button.click()
    assert page.rules.isEnabled()
    assert "levels.yaml.old" in page.unreadable.text()
    page.rules.setPlainText(RULES)
    qtbot.waitUntil(lambda: page.is_checked, timeout=PATIENCE_MS)
    page.save()
    qtbot.waitUntil(lambda: bool(current_rules().rules.rules), timeout=PATIENCE_MS)
    assert file.with_name("levels.yaml.old").read_bytes() == content


def test_level_rules_that_have_changed_since_they_were_shown_are_not_overwritten(
    page: LevelRulesPage, qtbot: QtBot
) -> None:
    file = write_rules(RULES.replace("\n", "\r\n"))
    reread(page, qtbot)
    page.save()
    page.stop_reading()
    assert b"\r\n" in file.read_bytes()
    theirs = write_rules("version: 1\nrules: []\n").read_text()
    page.rules.setPlainText(RULES.replace("WARN", "WARNING"))
    qtbot.waitUntil(lambda: page.is_checked, timeout=PATIENCE_MS)
    with qtbot.waitSignal(page.refused, timeout=PATIENCE_MS) as refused:
        page.save()
    assert "has changed since it was shown" in refused.args[0]
    assert file.read_text() == theirs


def test_a_window_that_only_observes_saves_no_level_rules(page: LevelRulesPage, qtbot: QtBot) -> None:
    page.set_observing(True)
    assert page.rules.isReadOnly()
    assert "only observes" in page.rules.toolTip()
    page.rules.setPlainText(RULES)
    qtbot.waitUntil(lambda: page.is_checked, timeout=PATIENCE_MS)
    with qtbot.waitSignal(page.refused, timeout=PATIENCE_MS):
        page.save()
    page.stop_reading()
    assert not rules_file().exists()
    page.set_observing(False)
    assert not page.rules.isReadOnly()
    page.save()
    qtbot.waitUntil(rules_file().exists, timeout=PATIENCE_MS)
