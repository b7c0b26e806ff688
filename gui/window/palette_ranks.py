"""How well what was typed into the palette matches a text. Pure functions, loaded with the first letter."""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

Rank = tuple[int, float]
_FORGIVING_FROM = 5
"""The length from which a word may have one letter that does not match."""
_CLOSE = 75
"""How similar a typed word must be to a word of the text, or a part of it, in per cent."""
_WORD = re.compile(r"\w+")


def score(typed: str, text: str) -> Rank | None:
    """How well `typed` matches `text` (smaller is better); None if it does not.

    Words at the start of `text` come first, then those that begin one of its words, those that stand inside, and those
    whose letters occur in their order and close together. The more of `text` was typed, the better.
    """
    low, words = text.casefold(), typed.casefold().split()
    ranks = [rank(word, low) for word in words]
    matching = [one for one in ranks if one is not None]
    return (sum(matching), -fuzz.ratio(" ".join(words), low)) if len(matching) == len(ranks) else None


def rank(word: str, text: str) -> int | None:
    """How well one word matches a text, both in lower case; smaller is better, None if it does not."""
    at = text.find(word)
    if at >= 0:
        if at == 0:
            return 0
        return 1 if _starts_word(word, text) else 2
    if LCSseq.similarity(word, text) < _letters(word):
        return None
    is_close = fuzz.partial_ratio(word, text) >= _CLOSE or any(
        fuzz.ratio(word, part) >= _CLOSE for part in _WORD.findall(text)
    )
    return 3 if is_close else None


def _starts_word(word: str, text: str) -> bool:
    at = text.find(word)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    return at >= 0


def _letters(word: str) -> int:
    """How many letters of a word must occur, in order."""
    return len(word) - 1 if len(word) >= _FORGIVING_FROM else len(word)


def candidates(typed: str, texts: Sequence[str]) -> Iterator[int]:
    """The indexes of the texts that contain the letters of the longest word, found at the library's speed."""
    longest = max(typed.casefold().split(), key=len)
    found = process.extract_iter(longest, texts, scorer=LCSseq.similarity, score_cutoff=_letters(longest))
    return (number for _text, _score, number in found)
