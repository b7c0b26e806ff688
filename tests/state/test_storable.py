"""What the database can hold: whole characters, finite numbers of 64 bits, JSON of a bounded depth."""

from pathlib import Path
from typing import Any

import pytest

from state.database_errors import NumberTooLargeError
from state.rows import dump
from state.storable import storable, storable_text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("done \ud83d", "done \ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\ud83db", "\ufffdb"),
        ("caf\udce9", "caf\ufffd"),
        ("a\0b", "a\ufffdb"),
        ("naïve \U0001f600", "naïve \U0001f600"),
    ],
)
def test_halves_of_characters_are_joined_or_replaced(text: str, kept: str) -> None:
    assert storable_text(text) == kept


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        (-(2**63), None),
        (True, True),
        (Path("/a"), "/a"),
        (b"\xff", "\ufffd"),
        ({1: {"a\ud83d"}}, {"1": ["a\ufffd"]}),
    ],
)
def test_a_value_becomes_json_that_can_be_stored(value: Any, kept: Any) -> None:
    assert storable(value) == kept
    dump(value).encode("utf-8", "replace")


def test_what_is_nested_too_deep_is_cut_off() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert dump(deep).count("[") < 100
    while deep:  # else Python frees it by recursion
        (deep,) = deep or ([],)


def test_a_number_no_column_can_hold_is_refused_in_words() -> None:
    assert "2^63" in str(NumberTooLargeError(10**30))
    assert "bits" in str(NumberTooLargeError(10**5000))
