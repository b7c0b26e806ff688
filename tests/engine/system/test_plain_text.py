"""What tools print is made plain text by one rule, wherever it is shown."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.streams.entries import clean
from engine.system import plain_text
from gui.theme import text_layout

EXAMPLES = [
    ("const {timeout,\u3164} = q", "const {timeout,\\u3164} = q"),
    ("a\ufe0f\U000e0141\u034f\uffa0\U000e0fff", "a\\ufe0f\\U000e0141\\u034f\\uffa0\\U000e0fff"),
    ("\u2764\ufe0f 1\ufe0f\u20e3 \u8fbb\U000e0100", "\u2764\ufe0f 1\ufe0f\u20e3 \u8fbb\U000e0100"),
    ("\u2764\ufe0f\ufe0f\u3164\ufe0f1\ufe0f", "\u2764\ufe0f\\ufe0f\\u3164\\ufe0f1\\ufe0f"),
    ("\x1b[31mred\x1b[0m and \x1b[1;4mbold\x1b[m", "red and bold"),
    ("\x9b31mred", "red"),
    ("\x1b[38;5;", ""),
    ("\x1b]0;a title\x07text", "text"),
    ("\x1b]0;a title that never ends", ""),
    ("\x1b]8;;https://example.invalid\x1b\\a link\x1b]8;;\x1b\\ to follow", "a link to follow"),
    ("\x1b]8;;https://example.invalid\x07a link\x1b]8;;\x07", "a link"),
    ("\x1b]8;;https://example.invalid\x9ca link\x1b]8;;\x9c", "a link"),
    ("\x1b]52;c;cm0gLXJmIH4=\x07copied", "copied"),
    ("\x1bPq#0;2;0\x1b\\after", "after"),
    ("\x1b[2J\x1b[Hcleared", "cleared"),
    ("\x1b\x1b[0m[31mtwice", "[31mtwice"),
    (" 10%\r 50%\r100% done", "100% done"),
    (" 10%\r 50%\r", " 50%"),
    ("50%\r\r", "50%"),
    ("50%\r   \r", "50%"),
    ("\x1b[K 10%\r\x1b[K 20%", " 20%"),
    ("windows line\r", "windows line"),
    ("a\0b\x01c", "a\\x00b\\x01c"),
    ("admin\u202etxt.exe", "admin\\u202etxt.exe"),
    ("\u061carabic mark", "\\u061carabic mark"),
    ("\u2066isolated\u2069", "\\u2066isolated\\u2069"),
    ("zero\u200bwidth", "zero\\u200bwidth"),
    ("soft\xadhyphen", "soft\\xadhyphen"),
    ("hidden\U000e0041tag", "hidden\\U000e0041tag"),
    ("half\ud83d", "half\\ud83d"),
    ("line\u2028separator", "line\\u2028separator"),
    ("over\b\b\b\bstrike", "strike"),
    ("\b\bstart", "start"),
    ("col\tumn", "col     umn"),
    ("no-break\xa0space \u3000 ", "no-break\xa0space"),
    ("Grüße, 世界 👋🏽", "Grüße, 世界 👋🏽"),
    ("trailing blanks  ", "trailing blanks"),
    ("", ""),
]
CONTROLS = "\x1b\x9b[]PX^_\\;0m\x07\x9c\r\b\t \u202e\u061c\u2066\u200b\ufeff\ud800\U000e0041"
HOSTILE = st.text(st.one_of(st.sampled_from(CONTROLS), st.characters()))


@pytest.mark.parametrize(("text", "shown"), EXAMPLES)
def test_a_line_reads_as_a_terminal_would_have_left_it(text: str, shown: str) -> None:
    assert plain_text.plain_line(text) == shown


@pytest.mark.parametrize(("text", "shown"), EXAMPLES)
def test_every_place_that_shows_a_line_gives_the_same_answer(text: str, shown: str) -> None:
    assert plain_text.one_line(text) == shown
    assert plain_text.last_line(f"before\n{text}\n") == (shown.strip() or "before")
    assert plain_text.plain_lines(f"before\n{text}\nafter\n") == ["before", shown, "after"]
    assert text_layout.one_line(text) == shown.strip()
    if "\ud83d" not in text:  # no bytes become half a surrogate pair
        assert clean(text.encode()) == shown


@given(HOSTILE)
@example("\x1b\x1b]0;x\x1b\x1b[\x9b\x9b1m")
def test_any_text_becomes_text_in_which_everything_shows(text: str) -> None:
    shown = plain_text.plain_line(text)
    assert plain_text.plain_line(shown) == shown
    hidden = {one for one in shown if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert hidden <= set(
        "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    )
    assert all(len(line.split("\n")) == 1 for line in (shown, plain_text.one_line(text + "\n" + text)))


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]).filter(plain_text.is_plain)))
def test_text_in_which_everything_shows_stays_as_it_is(text: str) -> None:
    assert plain_text.plain_line(text) == text.rstrip()
    assert plain_text.escape_invisible(text) == text


def test_what_never_ends_swallows_its_own_line_alone() -> None:
    assert plain_text.plain_lines("one\n\x1b]0;two\nthree\n\n") == ["one", "", "three", ""]
    assert plain_text.plain_lines("") == []
    assert plain_text.one_line("one\r\n\n  two\n") == "one   two"


def test_writing_out_takes_nothing_away() -> None:
    assert plain_text.escape_invisible("a\x1b[31mb\rc\u202e") == "a\\x1b[31mb\\x0dc\\u202e"
