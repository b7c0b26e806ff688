"""A text is looked for as typed, with its case, or as a regular expression that cannot take long."""

import time

import pytest

from gui.panels.logs.filter import Chip, chip_from_json
from gui.panels.logs.text_match import TextMatcher, TextPattern


def found(pattern: TextPattern, text: str) -> bool:
    return TextMatcher(pattern).matches(text, text.lower())


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        (TextPattern("Total (a+)+$"), "the TOTAL (a+)+$ of it", "total aaa"),
        (TextPattern("Total", is_case=True), "Total 3", "total 3"),
        (TextPattern(r"^took \d+ ms$", is_regex=True), "TOOK 12 ms", "it took 12 ms"),
        (TextPattern("Total", is_regex=True, is_case=True), "Total 3", "total 3"),
    ],
)
def test_a_pattern_hits_and_misses(pattern: TextPattern, hits: str, misses: str) -> None:
    assert found(pattern, hits)
    assert not found(pattern, misses)


def test_every_place_is_marked_and_none_is_empty() -> None:
    assert TextMatcher(TextPattern("ab")).spans("abxAB") == [(0, 2), (3, 2)]
    assert TextMatcher(TextPattern("a*", is_regex=True)).spans("aab") == [(0, 2)]
    assert TextMatcher(TextPattern("")).spans("text") == []


def test_a_regular_expression_that_never_ends_counts_as_not_found_within_milliseconds() -> None:
    matcher = TextMatcher(TextPattern("(a+)+$", is_regex=True))
    line = "a" * 1_999 + "b"
    before = time.thread_time()
    assert not any(matcher.matches(line, line) for _ in range(20))
    assert time.thread_time() - before < 0.2


def test_a_problem_is_named_with_its_place() -> None:
    assert TextPattern("a(b", is_regex=True).problem == (
        "Not a regular expression: missing closing parenthesis, at character 4."
    )
    assert not TextPattern("a(b").problem
    assert not TextPattern("a(b)", is_regex=True).problem


def test_a_chip_remembers_how_it_is_looked_for() -> None:
    chip = Chip("text", r"\d+", is_regex=True, is_case=True)
    assert chip_from_json(chip.to_json()) == chip
    assert chip.label == r"/\d+/"
    assert not chip.same_as(Chip("text", r"\d+"))
