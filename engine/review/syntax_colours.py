"""Say what each word of a file is, by Pygments: one of six kinds, or none. For a helper process; writes nothing.

The whole file is read, not the lines of a hunk: a hunk does not say that it begins inside of a string.
"""

import re
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import FrameType

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import (
    Comment,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    String,
    _TokenType,
)
from pygments.util import ClassNotFound

from engine.review.diff_records import ColourSpan, Syntax
from engine.review.patch_parser import LONGEST

MOST_LINES, MOST_BYTES = 5_000, 400_000
"""A larger file has no colours."""
MOST_S = 2.0
"""Nor has one that takes longer."""
_GRACE_S = 1.0
"""So much later a single regular expression is ended, too: it may take forever over a line made for it."""

_KINDS = {
    Comment: Syntax.COMMENT,
    Comment.Preproc: Syntax.KEYWORD,
    Keyword: Syntax.KEYWORD,
    Keyword.Constant: Syntax.NUMBER,
    Keyword.Type: Syntax.TYPE,
    Operator.Word: Syntax.KEYWORD,
    String: Syntax.STRING,
    Literal: Syntax.STRING,
    Number: Syntax.NUMBER,
    Name.Builtin: Syntax.TYPE,
    Name.Builtin.Pseudo: None,
    Name.Class: Syntax.TYPE,
    Name.Constant: Syntax.NUMBER,
    Name.Decorator: Syntax.FUNCTION,
    Name.Exception: Syntax.TYPE,
    Name.Function: Syntax.FUNCTION,
    Name.Tag: Syntax.KEYWORD,
    Generic.Heading: Syntax.KEYWORD,
    Generic.Subheading: Syntax.KEYWORD,
}
_MAY_BE_CALLED = frozenset({Name, Name.Builtin, Name.Other})
_TYPE_NAME = re.compile(r"[A-Z][A-Z0-9]*[a-z]\w*")
_CONSTANT_NAME = re.compile(r"[A-Z][A-Z0-9_]+")
_PROGRAM = re.compile(r"#!\s*\S*?(?:env\s+(?:-S\s+)?)?([\w.+-]+)(?:\s|$)")


def syntax_colours(path: str, data: bytes) -> Sequence[Sequence[ColourSpan]]:
    """The colours of each line; none for an unknown language or a large file, nor where a lexer fails or takes long."""
    if len(data) > MOST_BYTES or data.count(b"\n") > MOST_LINES:
        return ()
    text = data.decode(errors="replace").replace("\r\n", "\n")
    try:
        with interrupted_after(MOST_S + _GRACE_S):  # to choose among lexers, Pygments searches the text, too
            lexer = _lexer(path, text)
            return () if lexer is None else _by_line(text, _coloured(lexer, text, time.monotonic() + MOST_S))
    except Exception:  # noqa: BLE001 - hundreds of lexers that are not ours, over a text made by anybody
        return ()


def _lexer(path: str, text: str) -> Lexer | None:
    options = {"stripnl": False, "ensurenl": False}
    try:
        return get_lexer_for_filename(path.rpartition("/")[2], text, **options)
    except ClassNotFound:
        program = _PROGRAM.match(text.partition("\n")[0])
    try:
        return get_lexer_by_name(program[1], **options) if program else None
    except ClassNotFound:
        return None


def _coloured(lexer: Lexer, text: str, deadline: float) -> Iterator[ColourSpan]:
    """The coloured parts of the whole text, in order.

    Raises:
        TimeoutError: the time has come.
    """
    for start, token, value in lexer.get_tokens_unprocessed(text):
        if time.monotonic() > deadline:
            raise TimeoutError
        end = start + len(value)
        kind = _kind(token)
        if token in _MAY_BE_CALLED:
            kind = _kind_of_name(value, kind, called=text.startswith("(", end))
        if kind is not None:
            yield start, end, kind


@cache
def _kind(token: _TokenType) -> Syntax | None:
    """The kind of the nearest token above this one that has one."""
    for each in reversed(token.split()):
        if each in _KINDS:
            return _KINDS[each]
    return None


def _kind_of_name(name: str, kind: Syntax | None, *, called: bool) -> Syntax | None:
    """What a name is that the lexer calls a name: most lexers say no more of what is only used."""
    if _TYPE_NAME.fullmatch(name):
        return Syntax.TYPE
    if _CONSTANT_NAME.fullmatch(name):
        return Syntax.NUMBER
    return Syntax.FUNCTION if called else kind


def _by_line(text: str, spans: Iterable[ColourSpan]) -> list[tuple[ColourSpan, ...]]:
    """Cut these parts of a text at the ends of its lines."""
    lines: list[list[ColourSpan]] = [[]]
    begin, end = 0, _end(text, 0)
    for start, stop, kind in spans:
        while start > end and end < len(text):
            lines.append([])
            begin, end = end + 1, _end(text, end + 1)
        at = start
        while at < stop:
            _append(lines[-1], at - begin, min(stop, end) - begin, kind)
            if stop <= end or end >= len(text):
                break
            lines.append([])
            at = begin = end + 1
            end = _end(text, begin)
    return [tuple(line) for line in lines]


def _end(text: str, begin: int) -> int:
    found = text.find("\n", begin)
    return len(text) if found < 0 else found


def _append(line: list[ColourSpan], start: int, end: int, kind: Syntax) -> None:
    """Add a part to a line, joined with a neighbour of its kind; not beyond what a row shows."""
    end = min(end, LONGEST)
    if line and line[-1][1] == start and line[-1][2] is kind:
        line[-1] = (line[-1][0], end, kind)
    elif start < end:
        line.append((start, end, kind))


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """Raise TimeoutError after this time, also from within a regular expression; only in a main thread."""

    def on_time(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, on_time)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
