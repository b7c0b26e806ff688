"""The words a person gives on standard input arrive whole, or are refused for what is wrong with them."""

import sys
from pathlib import Path

import pytest

from engine.cli.words_argument import words_of
from engine.errors import CommandRefusedError
from engine.scheduling.follow_up import MOST_WORDS


@pytest.mark.parametrize("letter", ["a", "é", "漢", "\U0001f600"])
def test_as_many_characters_as_a_follow_up_takes_arrive_whole_in_any_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letter: str
) -> None:
    (tmp_path / "words.md").write_text(letter * MOST_WORDS, encoding="utf-8")
    with (tmp_path / "words.md").open() as source:
        monkeypatch.setattr(sys, "stdin", source)
        assert words_of("-") == letter * MOST_WORDS


def test_more_than_that_is_left_to_be_refused_for_its_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "words.md").write_text("漢" * 3 * MOST_WORDS, encoding="utf-8")
    with (tmp_path / "words.md").open() as source:
        monkeypatch.setattr(sys, "stdin", source)
        assert len(words_of("-")) > MOST_WORDS


def test_what_is_not_utf_8_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "words.md").write_bytes("Use a commä".encode()[:-1])
    with (tmp_path / "words.md").open() as source:
        monkeypatch.setattr(sys, "stdin", source)
        with pytest.raises(CommandRefusedError, match="not UTF-8"):
            words_of("-")
