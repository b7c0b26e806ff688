"""Find lines of text in blocks of bytes, and clean only those that may be meant.

The search never misses a line, though it looks at bytes while what counts is the cleaned line. A *plain* block holds
printable ASCII and newlines alone, and no line that is cut when it is shown: there each cleaned line is the line itself
but for blanks at its end, so a text in it is in the bytes as well. Every other block is cleaned whole before it is
searched. What is found is tested once more as the line that is shown.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.streams.entries import (
    DEBUG_WORDS,
    ERROR_WORDS,
    INFO_WORD,
    WARNING_WORDS,
    Level,
    clean_lines,
)
from engine.streams.line_regex import LineRegex, line_regex

Span = tuple[int, int]
"""Where a line begins in its block, and where its newline lies."""


@dataclass(frozen=True, slots=True)
class PlainPattern:
    """What plain lines are compared with: a text, or a regular expression that everything reads alike."""

    text: str
    is_regex: bool = False


@dataclass(frozen=True, slots=True)
class LineSearch:
    """Which lines are meant: those that pass a test of text, level and stream.

    Every line that passes has one of the `texts` (as they are, or apart from upper and lower case); without any nothing
    is known before the test. With `is_text_enough` having the one text is all that the test is about.
    """

    test: Callable[[str, Level, str], bool]
    texts: tuple[str, ...] = ()
    is_case: bool = True
    is_text_enough: bool = False
    regex: LineRegex | None = None
    """What is known of plain lines, where the test looks for a regular expression."""

    def spans(self, block: bytes, *, is_plain: bool) -> list[Span]:
        """The lines that may be meant, in the order in which they stand; a block ends with a whole line."""
        sought = self._sought()
        if is_plain and self._compiled is not None:
            return list(self._regex_spans(block, self._compiled))
        if not sought:
            return list(all_spans(block))
        if not is_plain:
            return self._cleaned_spans(block, sought)
        return self._plain_spans(block if self.is_case else block.lower(), sought)

    @property
    def plain_pattern(self) -> PlainPattern | None:
        """What decides alone which lines of plain blocks are meant; None where each is to be tested."""
        if self.regex is not None:
            return PlainPattern(self.regex.exact, is_regex=True) if self.regex.exact else None
        sought = self._sought()
        is_known = self.is_text_enough and len(sought) == 1 and sought[0] == sought[0].rstrip() != ""
        return PlainPattern(sought[0]) if is_known and "\n" not in sought[0] else None

    def count(self, block: bytes) -> int | None:
        """How many lines of a plain block are meant, where that needs no test of each; None otherwise."""
        if self._compiled is not None:
            return sum(1 for _ in self._regex_spans(block, self._compiled))
        known = self.plain_pattern
        if known is None or known.is_regex:
            return None
        if not known.text.isascii():
            return 0
        searched, text = block if self.is_case else block.lower(), known.text.encode()
        number = searched.count(text)
        if number * _DENSE > block.count(b"\n"):
            return sum(text in line for line in searched.split(b"\n"))
        return number if number < 2 else sum(1 for _ in _spans_with(searched, text))  # noqa: PLR2004

    def _sought(self) -> tuple[str, ...]:
        return self.texts if self.is_case else tuple(map(_without_case, self.texts))

    @property
    def _compiled(self) -> re.Pattern[bytes] | None:
        return None if self.regex is None else self.regex.compiled

    def _regex_spans(self, block: bytes, compiled: re.Pattern[bytes]) -> Iterator[Span]:
        """The lines of a plain block in which a regular expression is found."""
        searched, sought = block if self.is_case else block.lower(), self._sought()
        if not sought:
            yield from _spans_of(searched, compiled)
            return
        for start, end in self._plain_spans(searched, sought):
            if compiled.search(searched, start, end):
                yield start, end

    @staticmethod
    def _plain_spans(searched: bytes, sought: Sequence[str]) -> list[Span]:
        found: dict[Span, None] = {}
        for text in sought:
            if text.isascii():
                found.update(dict.fromkeys(_spans_with(searched, text.encode())))
        return list(found) if len(sought) == 1 else sorted(found)

    def _cleaned_spans(self, block: bytes, sought: Sequence[str]) -> list[Span]:
        whole = block[:-1] if block.endswith(b"\n") else block
        lines = clean_lines(whole)
        searched = "\n".join(lines)
        if not self.is_case:
            searched = _without_case(searched)
        numbers = sorted({number for text in sought for number in _line_numbers(searched, text)})
        if not numbers:
            return []
        spans = list(all_spans(block))
        return [spans[number] for number in numbers]


def _without_case(text: str) -> str:
    """In lower case, with the one other character that a regular expression takes for a letter of ASCII."""
    return text.lower().replace("\u017f", "s")


_WORDS_OF: Mapping[Level, tuple[str, ...]] = {
    Level.DEBUG: DEBUG_WORDS,
    Level.EVENT: ("\0",),
    Level.INFO: (INFO_WORD,),
    Level.WARNING: WARNING_WORDS,
    Level.ERROR: ERROR_WORDS,
}
"""Every line of text of such a level has one of these; none is an event, and none that is clean has this character."""
_DENSE = 20
"""From one hit in so many lines on it is quicker to split the block into lines."""


def text_search(text: str, *, is_case: bool) -> LineSearch:
    """The lines that have a text."""
    if is_case:
        return LineSearch(lambda line, _level, _stream: text in line, (text,), is_text_enough=True)
    lower = text.lower()
    return LineSearch(
        lambda line, _level, _stream: lower in line.lower(),
        (text,),
        is_case=False,
        is_text_enough=_without_case(text) == lower,  # otherwise lines without it are found, too
    )


def regex_search(pattern: str, finds: Callable[[str], bool], *, is_case: bool) -> LineSearch:
    """The lines in which a regular expression is found, of which `finds` says what counts."""
    known = line_regex(pattern, is_case=is_case)
    return LineSearch(lambda line, _level, _stream: finds(line), known.texts, is_case=is_case, regex=known)


def levels_search(levels: Collection[Level], *, has_rules: bool) -> LineSearch:
    """The lines of some levels; with the user's own rules any line may be one."""
    meant = frozenset(levels)
    is_any = has_rules or Level.OUTPUT in meant
    texts = () if is_any else tuple(text for level in sorted(meant) for text in _WORDS_OF[level])
    return LineSearch(
        lambda _text, level, _stream: level in meant, texts, is_case=is_any or Level.WARNING not in meant
    )


def errors_search(*, has_rules: bool) -> LineSearch:
    """The lines that count as errors."""
    return levels_search({Level.ERROR}, has_rules=has_rules)


def both(search: LineSearch, levels: Collection[Level]) -> LineSearch:
    """The lines that a search means, as far as they have one of these levels."""
    meant = frozenset(levels)
    return LineSearch(
        lambda text, level, stream: level in meant and search.test(text, level, stream),
        search.texts,
        is_case=search.is_case,
    )


def all_spans(block: bytes) -> Iterator[Span]:
    """Every line of a block."""
    start = 0
    for line in (block[:-1] if block.endswith(b"\n") else block).split(b"\n"):
        end = start + len(line)
        yield start, end
        start = end + 1


def _spans_with(block: bytes, text: bytes) -> Iterator[Span]:
    found = block.find(text)
    while found >= 0:
        end = block.find(b"\n", found)
        end = len(block) if end < 0 else end
        yield block.rfind(b"\n", 0, found) + 1, end
        found = block.find(text, end)


def _spans_of(block: bytes, compiled: re.Pattern[bytes]) -> Iterator[Span]:
    found = compiled.search(block)
    while found is not None:
        start = block.rfind(b"\n", 0, found.start()) + 1
        end = block.find(b"\n", found.start())
        end = len(block) if end < 0 else end
        yield start, end
        found = compiled.search(block, end + 1) if end + 1 < len(block) else None


def _line_numbers(lines: str, text: str) -> Iterator[int]:
    number = place = 0
    found = lines.find(text)
    while found >= 0:
        number += lines.count("\n", place, found)
        yield number
        place = found
        end = lines.find("\n", found)
        if end < 0:
            return
        found = lines.find(text, end)
