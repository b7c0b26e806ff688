"""Turn the bytes a tool printed into lines that are safe to show. The raw bytes stay in their file, untouched.

Runs in the helper process, so it imports only the standard library and `engine.system.plain_text`. The text of a line
decides its colour and nothing else: the state of a job comes from exit codes and the shim, never from here.
"""

import re
from collections.abc import Iterator
from enum import IntEnum

from engine.system.plain_text import one_line, plain_line

SHOWN = 2_000
"""The number of characters of a line that are shown."""
_DECODED = 16 * 1024
_PENDING = 64 * 1024


class Level(IntEnum):
    """The level a line is shown at, from least to most urgent."""

    OUTPUT = 0
    DEBUG = 1
    EVENT = 2
    INFO = 3
    WARNING = 4
    ERROR = 5

    @property
    def word(self) -> str:
        """The name of the level in filters."""
        return self.name.lower()


_ERROR = re.compile(
    r"\b(?:ERROR|FATAL|CRITICAL|FAILED|FAILURE|PANIC)\b|^(?:E  |error\b|fatal\b|panic\b|Traceback \()"
    r"|\b(?:error|fatal|failed)(?:\[\w+\])?:|^\w*(?:\.\w+)*(?:Error|Exception)(?::|$)",
)
_NO_ERROR = re.compile(r"\b(?:0|no) (?:errors?|failed|failures?)\b", re.IGNORECASE)
_WARNING = re.compile(r"\bWARN(?:ING)?\b|\bwarning\b|\bdeprecat", re.IGNORECASE)
_DEBUG = re.compile(r"\b(?:DEBUG|TRACE|VERBOSE)\b")
_INFO = re.compile(r"^(?:\S+ ){0,4}\[?INFO\b")


def clean(raw: bytes, skipped: int = 0) -> str:
    """One line without its newline, as plain text without control characters.

    At most `SHOWN` characters are kept, followed by the size of the whole line, including `skipped` unread bytes.
    """
    frame = _last_frame(raw) if b"\r" in raw else raw
    whole = len(frame) + skipped
    text = plain_line(frame[:_DECODED].decode("utf-8", "replace"))
    if len(text) <= SHOWN and whole <= _DECODED:
        return text
    return f"{text[:SHOWN]}… ({whole:,} bytes)"


def clean_text(text: str) -> str:
    """A text from the database on one line, capped like a line of output."""
    shown = one_line(text)
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"


def _last_frame(raw: bytes) -> bytes:
    """What a progress bar showed last, up to the carriage return after it: each one starts the line over."""
    end = len(raw.rstrip(b"\r \t"))
    after = raw.find(b"\r", end)
    return raw[raw.rfind(b"\r", 0, end) + 1 : after if after >= 0 else len(raw)]


def level_of(text: str) -> Level:
    """The level of a line of output: a guess, used only for display."""
    head = text[:400]
    if _ERROR.search(head) and not _NO_ERROR.search(head):
        return Level.ERROR
    if _WARNING.search(head):
        return Level.WARNING
    if _DEBUG.search(head):
        return Level.DEBUG
    return Level.INFO if _INFO.search(head) else Level.OUTPUT


class LineSplitter:
    """Splits the output of one stream into lines, the same wherever the reads were cut.

    Only the last frame of a progress bar is kept; the excess of a line that is too long is only counted.
    """

    def __init__(self) -> None:
        self._frame = _Frame()
        self._finished: _Frame | None = None
        """The last non-blank frame that a carriage return ended."""

    @property
    def pending(self) -> bool:
        """Whether a line has begun and not ended."""
        return bool(self._frame.parts) or self._finished is not None

    def lines(self, data: bytes) -> Iterator[tuple[Level, str]]:
        """The lines that these bytes complete."""
        first, newline, rest = data.partition(b"\n")
        self._keep(first)
        if not newline:
            return
        yield self._cut()
        *whole, last = rest.split(b"\n")
        for raw in whole:
            yield _line(raw)
        self._keep(last)

    def rest(self) -> Iterator[tuple[Level, str]]:
        """The unfinished line, once nothing more will come."""
        if self.pending:
            yield self._cut()

    def _keep(self, data: bytes) -> None:
        head, carriage_return, rest = data.partition(b"\r")
        self._frame.add(head)
        if not carriage_return:
            return
        self._finish()
        finished, carriage_return, last = rest.rpartition(b"\r")
        if carriage_return:
            self._frame.add(_last_frame(finished))
            self._finish()
        self._frame.add(last)

    def _finish(self) -> None:
        if self._frame.shows:
            self._finished = self._frame
        self._frame = _Frame()

    def _cut(self) -> tuple[Level, str]:
        self._finish()
        found, self._finished = self._finished or self._frame, None
        return _line(b"".join(found.parts), found.skipped)


class _Frame:
    """The bytes between two carriage returns, of which the first `_PENDING` are kept."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.shows = False
        self.skipped = 0
        self._size = 0

    def add(self, data: bytes) -> None:
        if not data:
            return
        self.shows = self.shows or bool(data.strip(b" \t"))
        kept = data[: _PENDING - self._size]
        if kept:
            self.parts.append(kept)
        self._size += len(kept)
        self.skipped += len(data) - len(kept)


def _line(raw: bytes, skipped: int = 0) -> tuple[Level, str]:
    text = clean(raw, skipped)
    return level_of(text), text
