"""What a regular expression says about lines of printable ASCII, for a search in blocks of bytes.

The regular expressions of the Logs are those of PCRE, and each line that is shown was tested with PCRE. Here stands
what can be known sooner: texts that every line found must have, and where it is simple enough the same expression in
a form that PCRE, Python and ripgrep read alike. What is not understood for certain is left to PCRE.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

_PRINTABLE = frozenset(map(chr, range(0x20, 0x7F)))
_DIGITS = frozenset("0123456789")
_WORD = frozenset(char for char in _PRINTABLE if char.isalnum()) | {"_"}
_CLASSES = {
    "d": _DIGITS,
    "D": _PRINTABLE - _DIGITS,
    "w": _WORD,
    "W": _PRINTABLE - _WORD,
    "s": frozenset(" "),
    "S": _PRINTABLE - {" "},
}
_COUNT = re.compile(r"\{(\d{1,3})(?:(,)(\d{0,3}))?\}")
_GROUP = re.compile(r"\((?:\?(?::|P?<[A-Za-z_]\w{0,30}>)|(?![?*]))")
_MANY, _LONGEST = 2_001, 64
"""How often an open repeat may go on in a line that is not cut; characters of a text that is looked for."""
_MOST_TEXTS, _LEAST_TEXT, _MOST_PARTS, _MOST_DEPTH = 8, 2, 400, 20
_MOST_WAYS, _MOST_WAYS_IN_PYTHON = 4_500, 64
"""How many ways to go on from one place of a line: more may reach the limit of PCRE, or take Python long."""


class _NotUnderstoodError(Exception):
    """A regular expression has something that may mean different things, or too much of it."""


class _Repeat(NamedTuple):
    part: "_Part"
    least: int
    most: int


class _Choice(NamedTuple):
    branches: tuple["_Sequence", ...]


class _Anchor(NamedTuple):
    text: str


_Chars = frozenset[str]
_Part = _Chars | _Repeat | _Choice | _Anchor
_Sequence = tuple[_Part, ...]


@dataclass(frozen=True)
class LineRegex:
    """What is known of the plain lines that a regular expression finds.

    Each has one of the `texts`, if there are any. Those in which `exact` is found are the very lines; it is empty where
    that is not certain. Without `is_case` both are in lower case, and so must be what is searched.
    """

    texts: tuple[str, ...] = ()
    exact: str = ""
    is_case: bool = True
    is_quick: bool = False
    """Whether Python finds `exact` quickly in any line."""

    @cached_property
    def compiled(self) -> re.Pattern[bytes] | None:
        """The expression for many lines at once; None where it is not certain, or may take long."""
        return re.compile(self.exact.encode(), re.MULTILINE) if self.exact and self.is_quick else None


def line_regex(pattern: str, *, is_case: bool) -> LineRegex:
    """What is known of a valid regular expression; nothing where it is not understood."""
    try:
        found = _trimmed_end(_Parser(pattern, is_case=is_case).whole())
    except _NotUnderstoodError:
        return LineRegex(is_case=is_case)
    whole = _trimmed_end(found[::-1])[::-1]
    # PCRE goes all ways of what is written, that of the beginning included; where it gives up, nothing is found
    is_exact = _ways(found) <= _MOST_WAYS and _ends_in_text(whole) and not _has_inner_end(whole)
    return LineRegex(
        _needed(whole),
        _written(whole) if is_exact else "",
        is_case=is_case,
        is_quick=_ways(whole) <= _MOST_WAYS_IN_PYTHON,
    )


class _Parser:
    """Reads the part of the syntax that means the same everywhere."""

    def __init__(self, text: str, *, is_case: bool) -> None:
        if not (text.isascii() and text.isprintable()) or len(text) > _MOST_PARTS:
            raise _NotUnderstoodError
        self._text, self._at, self._is_case, self._depth = text, 0, is_case, 0

    def whole(self) -> _Sequence:
        found = self._choice()
        if self._at < len(self._text):
            raise _NotUnderstoodError  # a parenthesis too many
        return found

    def _choice(self) -> _Sequence:
        branches = [self._sequence()]
        while self._takes("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else (_Choice(tuple(branches)),)

    def _sequence(self) -> _Sequence:
        parts: list[_Part] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts += self._repeated(self._part())
        return tuple(parts)

    def _part(self) -> _Sequence:
        char = self._text[self._at]
        match char:
            case "(":
                return self._group()
            case "[":
                return (self._class(),)
            case "\\":
                return (self._escape(),)
            case "^" | "$":
                self._at += 1
                return (_Anchor(char),)
            case "*" | "+" | "?" | "{":
                raise _NotUnderstoodError
        self._at += 1
        return (self._folded(_PRINTABLE if char == "." else frozenset(char)),)

    def _group(self) -> _Sequence:
        head = _GROUP.match(self._text, self._at)
        self._depth += 1
        if head is None or self._depth > _MOST_DEPTH:
            raise _NotUnderstoodError
        self._at = head.end()
        found = self._choice()
        if not self._takes(")"):
            raise _NotUnderstoodError
        self._depth -= 1
        return found

    def _escape(self) -> _Part:
        char = self._text[self._at + 1 : self._at + 2]
        self._at += 2
        if char in {"b", "B"}:
            return _Anchor(f"\\{char}")
        if char in _CLASSES:
            return self._folded(_CLASSES[char])
        if not char or char.isalnum():
            raise _NotUnderstoodError
        return frozenset(char)

    def _class(self) -> _Chars:
        self._at += 1
        is_negated = self._takes("^")
        found: set[str] = set()
        is_first = True
        while is_first or not self._takes("]"):
            is_first = False
            low = self._in_class()
            if self._text[self._at : self._at + 1] == "-" and self._text[self._at + 1 : self._at + 2] != "]":
                self._at += 1
                high = self._in_class()
                if len(low) != 1 or len(high) != 1 or min(low) > min(high):
                    raise _NotUnderstoodError
                low = frozenset(map(chr, range(ord(min(low)), ord(min(high)) + 1)))
            found |= low
        chars = frozenset(found)
        if not self._is_case:
            chars = frozenset(char for one in chars for char in (one.lower(), one.upper()))
        return self._folded(_PRINTABLE - chars if is_negated else chars)

    def _in_class(self) -> _Chars:
        """A character of a class, or several that an escape stands for."""
        char = self._text[self._at : self._at + 1]
        self._at += 1
        if char == "[" and self._text[self._at : self._at + 1] in {":", ".", "="}:
            raise _NotUnderstoodError
        if char == "\\":
            char = self._text[self._at : self._at + 1]
            self._at += 1
            if char in _CLASSES:
                return _CLASSES[char]
            if char.isalnum():
                raise _NotUnderstoodError
        if not char:
            raise _NotUnderstoodError
        return frozenset(char)

    def _repeated(self, part: _Sequence) -> _Sequence:
        count = _COUNT.match(self._text, self._at)
        char = self._text[self._at : self._at + 1]
        if count is not None:
            self._at = count.end()
            least = int(count[1])
            most = least if count[2] is None else int(count[3]) if count[3] else _MANY
        elif char and char in "*+?":
            self._at += 1
            least, most = int(char == "+"), 1 if char == "?" else _MANY
        else:
            return part  # what stands there else is no repeat, and is looked at next
        if self._text[self._at : self._at + 1] == "?":
            self._at += 1  # which end is taken first makes no difference to whether there is one
        is_simple = len(part) == 1 and not isinstance(part[0], _Anchor | _Repeat)
        if self._text[self._at : self._at + 1] in set("*+?{") or least > most or not part:
            raise _NotUnderstoodError
        if any(isinstance(one, _Anchor) for one in part):
            raise _NotUnderstoodError
        return (_Repeat(part[0] if is_simple else _Choice((part,)), least, most),)

    def _folded(self, chars: _Chars) -> _Chars:
        return chars if self._is_case else frozenset(map(str.lower, chars))

    def _takes(self, char: str) -> bool:
        found = self._text[self._at : self._at + 1] == char
        self._at += found
        return found


def _trimmed_end(sequence: _Sequence) -> _Sequence:
    """The same without what its end need not have to be found."""
    while sequence and isinstance(last := sequence[-1], _Repeat) and last.least < last.most:
        if last.least:
            return (*sequence[:-1], _Repeat(last.part, last.least, last.least))
        sequence = sequence[:-1]
    return sequence


def _needed(sequence: _Sequence) -> tuple[str, ...]:
    """Texts of which every line found has one; none if no such are known. The longest are the rarest."""
    found: list[tuple[str, ...]] = []
    run = ""
    for part in sequence:
        least, is_fixed, inner = 1, True, part
        if isinstance(part, _Repeat):
            least, is_fixed, inner = part.least, part.least == part.most, part.part
        if isinstance(inner, _Anchor):
            continue
        if isinstance(inner, _Choice):
            texts = [_needed(branch) for branch in inner.branches]
            if least and all(texts):
                found.append(tuple(dict.fromkeys(text for one in texts for text in one)))
        elif isinstance(inner, frozenset) and len(inner) == 1 and least:
            run += min(inner) * min(least, _LONGEST)
            if is_fixed and least <= _LONGEST:
                continue
        found.append((run,))
        run = ""
    found.append((run,))
    fitting = [texts for texts in found if len(texts) <= _MOST_TEXTS]
    best = max(fitting, key=lambda texts: min(map(len, texts)), default=("",))
    return best if min(map(len, best)) >= _LEAST_TEXT else ()


def _ways(sequence: _Sequence) -> int:
    """A bound on how many ways there are to go on from one place before it is clear that nothing is found there."""
    ways = 1
    for part, following in pairwise((*sequence, None)):
        ways *= _ways_of(part, following)
        if ways > _MOST_WAYS:
            return ways
    return ways


def _ways_of(part: _Part | None, following: _Part | None) -> int:
    match part:
        case _Choice(branches):
            return sum(map(_ways, branches))
        case _Repeat(frozenset() as chars, least, most):
            is_clear = isinstance(following, frozenset) and not chars & following
            return 1 if is_clear else most - least + 1
        case _Repeat(inner, least, most):
            each = _ways_of(inner, None)
            if most == 1:
                return each + 1
            return most - least + 1 if each == 1 else _MOST_WAYS + 1
    return 1


def _ends_in_text(sequence: _Sequence) -> bool:
    """Whether what is found ends with a character that is no blank: those at the ends of lines are not shown."""
    for part in reversed(sequence):
        match part:
            case _Anchor():
                continue
            case frozenset():
                return " " not in part
            case _Repeat(inner, least, _):
                if not _ends_in_text((inner,)):
                    return False
                if least:
                    return True
            case _Choice(branches):
                return all(map(_ends_in_text, branches))
    return False


def _has_inner_end(sequence: _Sequence) -> bool:
    """Whether it asks for the end of the line elsewhere than at its own."""
    inner = [part.part if isinstance(part, _Repeat) else part for part in sequence]
    nested = (branch for part in inner if isinstance(part, _Choice) for branch in part.branches)
    return _Anchor("$") in inner[:-1] or any(
        _Anchor("$") in branch or _has_inner_end(branch) for branch in nested
    )


def _written(sequence: _Sequence) -> str:
    """In a form that everything reads alike; an end of line may have blanks before it."""
    return "".join(map(_written_part, sequence))


def _written_part(part: _Part) -> str:
    match part:
        case _Anchor(text):
            return r"\x20*$" if text == "$" else text
        case _Choice(branches):
            return f"(?:{'|'.join(map(_written, branches))})"
        case _Repeat(inner, least, most):
            return f"{_written_part(inner)}{_written_count(least, most)}"
    return _written_chars(part)


def _written_count(least: int, most: int) -> str:
    if least == most:
        return "" if least == 1 else f"{{{least}}}"
    return f"{{{least},{'' if most >= _MANY else most}}}"


def _written_chars(chars: _Chars) -> str:
    if len(chars) == 1:
        return f"\\x{ord(min(chars)):02x}"
    return f"[{''.join(_ranges(sorted(map(ord, chars))))}]"


def _ranges(codes: list[int]) -> Iterator[str]:
    first = codes[0]
    for code, following in pairwise((*codes, -1)):
        if following != code + 1:
            yield f"\\x{first:02x}-\\x{code:02x}" if first < code else f"\\x{code:02x}"
            first = following
