"""The words typed into a filter field."""

import pytest

from gui.data.filter_words import narrows


@pytest.mark.parametrize(
    ("words", "before", "is_narrower"),
    [
        ("part 77", "part 7", True),
        ("part 77", "", True),
        ("77 part", "part 7", True),
        ("part", "part 7", False),
        ("label:fla", "label:fl", True),
        ("label:flaky", "label", False),  # a label is looked for, no longer this word
        ("flaky", "label:fl", False),
    ],
)
def test_more_letters_keep_nothing_that_fewer_did_not(words: str, before: str, *, is_narrower: bool) -> None:
    assert narrows(words.split(), before.split()) is is_narrower
