"""Compare lines with regular expressions that people share: none takes for ever, whatever its pattern.

A pattern that is known to be slow is refused where it is read, with the reason. What passes that and is slow all the
same ends at a limit of time, and finds nothing from then on.
"""

import logging
import math
import re

import regex

log = logging.getLogger(__name__)

LOOKED_AT = 400
"""Characters of a line that a regular expression sees."""
_LONGEST_S = 0.05
"""For one line; a usual pattern takes microseconds."""
_SLOW_ON = (*(sign * LOOKED_AT for sign in ("a", "1", " ", ".", "=", "/")), "ab" * (LOOKED_AT // 2))
"""Lines on which a pattern that tries every way to split them takes longest."""
_MOST_OPEN, _MOST_CHOICES = 2, 8
_MOST_PARTS = 100_000
"""Of a pattern once its counted repeats are written out; each takes some hundred bytes."""
_REPEAT = re.compile(r"[*+]|\{\d*(,?)\d*\}|\?")
_COUNT = re.compile(r"\{(\d+)")
_COMMENTED = re.compile(r"\(\?(?:#|[aiLmsu]*x)")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")


class BoundedPattern:
    """A compiled pattern that is compared with the beginning of lines, each for a limited time."""

    def __init__(self, text: str, *, is_case: bool) -> None:
        self.pattern = text
        self._compiled = regex.compile(text, 0 if is_case else regex.IGNORECASE)
        self._is_slow = False

    def finds(self, line: str) -> bool:
        """Whether it is in the first `LOOKED_AT` characters of a line; False for good once a line took too long."""
        if self._is_slow:
            return False
        try:
            return self._search(line)
        except TimeoutError:
            self._is_slow = True
            log.warning(
                "The regular expression %r took too long on a line; it finds nothing more", self.pattern
            )
            return False

    def text_in(self, text: str) -> str | None:
        """The first group of what it finds, or all of that; None where it finds nothing, or takes too long."""
        try:
            found = self._compiled.search(text, timeout=_LONGEST_S, concurrent=True)
        except TimeoutError:
            log.warning("The regular expression %r takes too long on what a program prints", self.pattern)
            return None
        return None if found is None else found[1 if self._compiled.groups else 0]

    def refuse_slow(self) -> None:
        """Try it on lines that are hard for slow patterns.

        Raises:
            ValueError: one took too long; the message is the end of a sentence.
        """
        try:
            for line in _SLOW_ON:
                self._search(line)
        except TimeoutError:
            raise ValueError(f"{self.pattern!r} takes too long on some lines") from None

    def _search(self, line: str) -> bool:
        return self._compiled.search(line[:LOOKED_AT], timeout=_LONGEST_S, concurrent=True) is not None


def bounded_pattern(text: str, *, is_case: bool = False, is_for_lines: bool = True) -> BoundedPattern:
    """The compiled pattern.

    Args:
        text: the pattern as a person has written it.
        is_case: whether capital letters differ from small ones.
        is_for_lines: whether it is compared with very many lines; then what merely could be slow is refused, too.

    Raises:
        ValueError: it is not valid, or could take too long; the message is the end of a sentence.
    """
    try:
        re.compile(text)  # what the standard library does not know would not be understood elsewhere
        if is_for_lines:
            _refuse_slow(text)
        _refuse_long(text, is_nested=not is_for_lines)
        made = BoundedPattern(text, is_case=is_case)  # writes counted repeats out
    except (re.error, regex.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{text!r} is not a regular expression: {error}") from None
    made.refuse_slow()
    return made


def _refuse_long(text: str, *, is_nested: bool) -> None:
    """Refuse counted repeats that fill the memory once they are written out, as compiling does.

    Unless they may be nested, a repeat within another one was refused before, or a comment stands between them.
    """
    counts = [int(count) for count in _COUNT.findall(text)]
    is_nested = is_nested or _COMMENTED.search(text) is not None
    times = math.prod(filter(None, counts)) if is_nested else max(counts, default=1)
    if len(text) * times > _MOST_PARTS:
        raise ValueError(f"{text!r} repeats too much; use smaller numbers in {{ }}")


def _refuse_slow(text: str) -> None:
    """Refuse a repeat of what varies itself, and more open ends and choices than stay quick together."""
    groups, at, number_open, choices = [False], 0, 0, 0
    varies = False
    """Whether what ended just now can match texts of several lengths; of `groups`, whether each still open one can."""
    while at < len(text):
        width, kind = _part(text, at)
        part = text[at : at + width]
        at += width
        if kind == "open":
            groups.append(False)
        elif kind == "close":
            varies = len(groups) > 1 and groups.pop()  # one in a comment closes nothing
            groups[-1] = groups[-1] or varies
            continue
        elif part == "|":
            choices += len(groups) > 1 and not groups[-1]
            groups[-1] = groups[-1] or len(groups) > 1
        elif kind == "repeat":
            if varies and part != "?":
                raise ValueError(
                    f"{text!r} repeats what itself repeats or has a choice, which can take for ever"
                )
            is_open = part in {"*", "+"} or part.endswith(",}")
            number_open += is_open
            choices += not is_open and part != "{1}" and (part == "?" or "," in part)
            groups[-1] = True
        varies = False
    if number_open > _MOST_OPEN or choices > _MOST_CHOICES:
        raise ValueError(
            f"{text!r} can take too long: at most {_MOST_OPEN} of * and +, and {_MOST_CHOICES} choices and ?"
        )


def _part(text: str, at: int) -> tuple[int, str]:
    """The width and kind of the part of a pattern that begins here."""
    if text[at] == "\\":
        return 2, "escape"
    if text[at] == "[":
        found = _CLASS.match(text, at)
        return (found.end() - at if found else 1), "class"
    if text[at] == "(":
        head = re.compile(r"\((?:\?(?:P<\w+>|P=\w+|<?[=!]|[aiLmsux-]*:|>|#[^)]*|\(\w+\)))?").match(text, at)
        return (head.end() - at if head else 1), "open"
    if text[at] == ")":
        return 1, "close"
    found = _REPEAT.match(text, at)
    if found is None:
        return 1, "character"
    lazy = text[found.end() : found.end() + 1] in {"?", "+"}
    return found.end() - at + lazy, "repeat"
