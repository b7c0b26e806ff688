"""Every text of the window goes through the translation, and each translation is complete."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from gui.data.cost_captions import cost_text
from gui.figures import figure, money, short_figure, size, typed_number
from gui.panels.dashboard.missed_needs import missed_needs
from gui.sheets.recurring_list import detail_of
from gui.translation import language_of, tr, tr_count
from state.costs import Cost, CostSource
from tests.helpers import translations
from tests.helpers.recurring import missed_note, recurring_row

ROOT = Path(__file__).resolve().parents[2]
SHOWING = frozenset({
    "setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "setWindowTitle",
    "setTitle", "setSpecialValueText", "setStatusTip", "setInformativeText", "addAction", "addItem", "addMenu",
    "PlainLabel", "WrappedLabel", "QCheckBox", "QRadioButton", "push_button", "EmptyState",
    "addTab", "show_message", "ChoiceBox", "Fact", "FieldSpec", "Segments", "plain_tip",
    "showMessage", "CardButton", "hidden_by_filter",
})  # fmt: skip
"""What shows the texts it is given."""
WRAPPED = frozenset({"tr", "tr_count", "translatable"})
NAMES = frozenset({
    "Signalbox", "main", "notify-send {title} {status}", "Deutsch",
    "Segoe UI", "Noto Sans", "Cascadia Mono",
    "The Signalbox control room.", "Could not write this to the log: …\n",
    "Theme … does not exist; choose system, dark or light.",
    "Colour … does not exist; resources/tokens.py lists the names.",
    "Font role … does not exist; the roles are ….",
})  # fmt: skip
"""What is the same in every language: names, commands, and what a terminal or a programmer sees."""
_KEYS = re.compile(r"((Ctrl|Alt|Shift)\+)+\w+")
_WORD = re.compile(r"[A-Za-z]{2}")
_SENTENCE = re.compile(r"[A-Z][a-z]+[,:;]? [^ ]")


def found_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts with words that a person would see and that are not translated, with their lines."""
    for node in tree.body:
        yield from _below(node, shows=False)


def _below(node: ast.AST, *, shows: bool) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log."):
        return  # the log is English in every language
    shows = _shows(node, shows=shows)
    text = _text(node)
    if text is not None and _is_text(text, shows=shows):
        yield getattr(node, "lineno", 0), text
    for child in _children(node):
        yield from _below(child, shows=shows)


def _is_text(text: str, *, shows: bool) -> bool:
    if text in NAMES or _KEYS.fullmatch(text):
        return False
    return bool(_WORD.search(text) if shows else _SENTENCE.match(text))


def _shows(node: ast.AST, *, shows: bool) -> bool:
    """Whether a text below a node is shown: the arguments of a call are, what they are compared with is not."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2] in SHOWING
    if isinstance(node, ast.keyword):
        return shows and node.arg in {"action", "text", "tip", "name"}
    return shows and not isinstance(node, ast.Raise | ast.Compare | ast.Subscript | ast.Dict)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) in WRAPPED:
        return iter(node.keywords)  # the text itself is translated, its values may not be
    if isinstance(node, ast.JoinedStr):
        return (part for part in node.values if not isinstance(part, ast.Constant))
    return ast.iter_child_nodes(node)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return None


def missed_texts() -> Iterator[str]:
    """What is not translated, with its place."""
    for path in sorted((ROOT / "gui").rglob("*.py")):
        place = path.relative_to(ROOT)
        for line, text in found_in(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{place}:{line}: {text!r}"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def german() -> dict[translations.Source, translations.Message]:
    return translations.messages(translations.FOLDER / "signalbox_de.ts")


def test_no_text_of_the_window_goes_past_the_translation() -> None:
    missed = list(missed_texts())
    assert not missed, "\n".join(missed)


def test_a_text_that_goes_past_the_translation_is_found() -> None:
    code = 'def show(box, n):\n    box.setText("Retry")\n    box.setText(tr("Hold"))\n    return f"Run {n} ended"\n'
    assert [text for _, text in found_in(ast.parse(code))] == ["Retry", "Run … ended"]


def test_the_translation_files_have_exactly_the_texts_of_the_window() -> None:
    assert set(german()) == set(translations.sources()), "run `make translations`"


def test_every_text_has_a_german_translation_with_the_same_placeholders() -> None:
    for source, message in german().items():
        assert message.forms, source.text
        for form in message.forms:
            assert form.strip(), source.text
            expected = placeholders(source.text)
            assert placeholders(form) | ({"n"} & expected) == expected, (source.text, form)


def test_what_qt_loads_is_compiled_from_the_translation_file(tmp_path: Path) -> None:
    translations.compile_to(tmp_path / "de.qm", translations.FOLDER / "signalbox_de.ts")
    assert (tmp_path / "de.qm").read_bytes() == (translations.FOLDER / "signalbox_de.qm").read_bytes()


def _numbers_past_figures() -> Iterator[str]:
    """F-strings of the window that group digits themselves, and amounts taken from the engine as they are."""
    for path in sorted((ROOT / "gui").rglob("*.py")):
        if path.name == "figures.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.FormattedValue) and "," in ast.unparse(
                node.format_spec or ast.Constant("")
            ):
                yield place
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("engine.system"):
                yield from (
                    place for one in node.names if one.name in {"money", "size", "plural", "amount_text"}
                )


def test_every_number_of_the_window_goes_through_figures() -> None:
    assert list(_numbers_past_figures()) == []


@pytest.mark.usefixtures("in_german")
def test_numbers_have_the_form_of_the_language() -> None:
    assert (figure(1234567), figure(1234.5, 1), short_figure(7.5)) == ("1.234.567", "1.234,5", "7,5")
    assert (money(1204.5), money(0.001), size(3_200_000)) == ("$1.204,50", "<$0,01", "3,2 MB")
    assert cost_text(Cost(1204.5, CostSource.ESTIMATED)) == "etwa $1.204,50"
    assert tr_count("{n} file", "{n} files", 6200) == "6.200 Dateien"
    assert tr("Engine stepped {age:.1f} s ago", age=88.8) == "Engine-Takt vor 88,8 s"
    assert tr("{shown:,} of {total:,}", shown=20, total=6200) == "20 von 6.200"
    assert QLocale().decimalPoint() == ","
    assert [typed_number(text) for text in ("1.250,5", "1250,5", "12,5", ",5")] == [1250.5, 1250.5, 12.5, 0.5]
    with pytest.raises(ValueError, match=r"12\.5"):
        typed_number("12.5")  # neither twelve and a half nor 125: it has to be typed again


_FORMS_OF_ADDRESS = re.compile(
    r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*|Ihnen|Wähle|Gib|Öffne|Beschreibe|Prüfe|Entferne|Schreibe|Warte|Füge"
    r"|Lösche|Ändere|Setze|Verwende|Drücke|Klicke|Ziehe|Speichere|Schließe|Lies|Sieh|Nimm|Benenne|Korrigiere)\b"
)


def test_german_addresses_nobody() -> None:
    found = [
        form for message in german().values() for form in message.forms if _FORMS_OF_ADDRESS.search(form)
    ]
    assert found == []


def test_texts_are_english_until_another_language_is_chosen() -> None:
    assert tr("Language") == "Language"
    assert tr("Path of {tool}", tool="codex") == "Path of codex"
    assert tr_count("{n} file", "{n} files", 1) == "1 file"
    assert tr_count("{n} file", "{n} files", 6200) == "6,200 files"
    assert (figure(1234.5, 1), money(1204.5)) == ("1,234.5", "$1,204.50")
    assert [typed_number(text) for text in ("1,250.5", "1250", "12.5", "7.")] == [1250.5, 1250, 12.5, 7]
    for text in ("12,5", "1,2500", ".", "-1", "1.2.3"):
        with pytest.raises(ValueError, match=re.escape(text)):
            typed_number(text)


@pytest.mark.usefixtures("in_german")
def test_what_came_of_a_recurring_run_is_german_with_its_reason() -> None:
    row = recurring_row("nightly", missed_note(1_796_076_000.0))
    (need,) = missed_needs([row])
    assert need.reason.startswith("während der Rechner schlief, fällig ")
    assert detail_of(row).splitlines()[0].endswith(" verpasst: während der Rechner schlief")


@pytest.mark.usefixtures("in_german")
def test_texts_are_german_once_german_is_chosen() -> None:
    assert tr("Language") == "Sprache"
    assert tr("a text without a translation") == "a text without a translation"


def test_a_language_we_lack_shows_english() -> None:
    assert language_of("de") == "de"
    assert language_of("tlh") == "en"
