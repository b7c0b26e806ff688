"""The titles of the menus: each has a letter of its own, in each language."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from gui.translation import LANGUAGES, SYSTEM, tr, use_language
from gui.window.menus import MENUS, menu_name, shortcut_groups


@pytest.fixture(params=[code for code, _ in LANGUAGES if code != SYSTEM])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    assert qapp is not None
    use_language(request.param)
    yield request.param
    use_language("en")


@pytest.mark.usefixtures("language")
def test_each_menu_has_an_accelerator_and_no_two_have_the_same() -> None:
    keys = [QKeySequence.mnemonic(tr(title)).toString() for title, _ in MENUS]
    assert all(keys)
    assert len(set(keys)) == len(keys)


def test_the_menus_and_the_sheet_of_shortcuts_are_in_the_language_of_the_window(language: str) -> None:
    words = {"en": ("File", "Everywhere", "Undo"), "de": ("Datei", "Überall", "Rückgängig")}[language]
    groups = shortcut_groups()
    assert (menu_name(MENUS[0][0]), groups[0].title, groups[-1].title) == (words[0], words[0], words[1])
    assert words[2] in [shortcut.title for group in groups for shortcut in group.shortcuts]
