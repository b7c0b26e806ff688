"""Code has its colours, and no file can make it take forever."""

import re
import time

import pytest

from engine.review import syntax_colours as module
from engine.review.diff_records import Syntax
from engine.review.syntax_colours import MOST_BYTES, MOST_LINES, interrupted_after, syntax_colours
from tests.helpers.patience import PATIENCE_S

PYTHON = '''"""Doc
string"""
RATES = {"a": 1}
@property
def total(self, code: str) -> Money:  # note
    return sum(self.lines) or None if x else Decimal("0")
'''


def told(path: str, text: str) -> list[list[tuple[str, str]]]:
    lines = text.replace("\r\n", "\n").split("\n")
    colours = syntax_colours(path, text.encode())
    return [
        [(line[start:end], kind.name) for start, end, kind in found]
        for line, found in zip(lines, colours, strict=False)
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_v4_words_of_python_have_six_kinds(end: str) -> None:
    assert told("cart.py", PYTHON.replace("\n", end)) == [
        [('"""Doc', "STRING")],
        [('string"""', "STRING")],
        [("RATES", "NUMBER"), ('"a"', "STRING"), ("1", "NUMBER")],
        [("@property", "FUNCTION")],
        [("def", "KEYWORD"), ("total", "FUNCTION"), ("str", "TYPE"), ("Money", "TYPE"), ("# note", "COMMENT")],
        [
            ("return", "KEYWORD"), ("sum", "FUNCTION"), ("or", "KEYWORD"), ("None", "NUMBER"), ("if", "KEYWORD"),
            ("else", "KEYWORD"), ("Decimal", "TYPE"), ('"0"', "STRING"),
        ],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "line", "found"),
    [
        (
            "a.ts",
            "const a = f('x') // n",
            {"const": "KEYWORD", "f": "FUNCTION", "'x'": "STRING", "// n": "COMMENT"},
        ),
        ("a.rs", "fn f() -> u8 { 1 }", {"fn": "KEYWORD", "f": "FUNCTION", "u8": "TYPE", "1": "NUMBER"}),
        ("a.go", "func f() int { return 1 }", {"func": "KEYWORD", "int": "TYPE", "1": "NUMBER"}),
        ("Makefile", "# note", {"# note": "COMMENT"}),
        ("sub/a.yaml", "a: 1 # n", {"a": "KEYWORD", "# n": "COMMENT"}),
    ],
)
def test_v4_other_languages_share_the_kinds(name: str, line: str, found: dict[str, str]) -> None:
    assert found.items() <= dict(told(name, line)[0]).items()


def test_v4_a_program_without_an_ending_is_known_by_its_first_line() -> None:
    assert told("run", "#!/usr/bin/env python3\nimport os")[1] == [("import", "KEYWORD")]


@pytest.mark.parametrize("path", ["a.unknown", "plain", "a.py.orig"])
def test_v4_an_unknown_language_has_no_colours(path: str) -> None:
    assert list(syntax_colours(path, b"import os\n")) == []


def test_v4_large_files_have_no_colours() -> None:
    assert not syntax_colours("a.py", b"x\n" * (MOST_LINES + 1))
    assert not syntax_colours("a.py", b"x" * (MOST_BYTES + 1))
    assert syntax_colours("a.py", b"x\n" * MOST_LINES)


def test_v4_bytes_that_are_no_text_are_no_trouble() -> None:
    assert len(syntax_colours("a.py", bytes(range(256)) * 3)) == 4


def test_v4_a_file_that_takes_too_long_has_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.review.syntax_colours.MOST_S", 0.05)
    begun = time.perf_counter()
    assert not syntax_colours("a.py", b"x = (1, 'a')\n" * 5_000)
    assert time.perf_counter() - begun < PATIENCE_S


def test_v4_a_regular_expression_that_takes_forever_is_ended() -> None:
    begun = time.perf_counter()
    with pytest.raises(TimeoutError), interrupted_after(0.1):
        re.match(r"(a+)+$", "a" * 60 + "b")
    assert time.perf_counter() - begun < PATIENCE_S


def test_v4_every_kind_has_a_token() -> None:
    assert [kind.name for kind in Syntax] == ["KEYWORD", "STRING", "NUMBER", "FUNCTION", "TYPE", "COMMENT"]


def test_v4_a_file_whose_lexer_fails_has_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RecursionError

    assert syntax_colours("cart.py", PYTHON.encode())
    monkeypatch.setattr(module, "get_lexer_for_filename", fails)
    assert syntax_colours("cart.py", PYTHON.encode()) == ()
