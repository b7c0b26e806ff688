"""From the bytes a tool printed to lines that are safe to show. The raw bytes stay in their file, untouched.

Runs in the helper process, so it imports the standard library alone. What a line looks like decides its colour and
nothing else: the state of a job comes from exit codes and the shim, never from here.
"""

import re
from collections.abc import Iterator
from enum import IntEnum

SHOWN = 2_000
"""Characters of a line that are shown."""
_LOOKED_AT = 16 * 1024
_PENDING = 64 * 1024


class Level(IntEnum):
    """What a line is shown as, from least to most urgent."""

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


_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor, erase
    r"|\x1b[\]P^_X][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # titles, links, the clipboard, and other strings
    r"|\x1b[ -/]*[0-~]?"
    r"|\x9b[0-?]*[ -/]*[@-~]",
)
# Control characters, line and paragraph separators, marks that turn the direction of text, invisible ones.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_ERROR = re.compile(
    r"\b(?:ERROR|FATAL|CRITICAL|FAILED|FAILURE|PANIC)\b|^(?:E  |error\b|fatal\b|panic\b|Traceback \()"
    r"|\b(?:error|fatal|failed)(?:\[\w+\])?:|^\w*(?:\.\w+)*(?:Error|Exception)(?::|$)",
)
_NO_ERROR = re.compile(r"\b(?:0|no) (?:errors?|failed|failures?)\b", re.IGNORECASE)
_WARNING = re.compile(r"\bWARN(?:ING)?\b|\bwarning\b|\bdeprecat", re.IGNORECASE)
_DEBUG = re.compile(r"\b(?:DEBUG|TRACE|VERBOSE)\b")
_INFO = re.compile(r"^(?:\S+ ){0,4}\[?INFO\b")


def clean(raw: bytes, skipped: int = 0) -> str:
    """One line without its newline, as plain text that does nothing to a screen.

    At most `SHOWN` characters are kept; how much more there was is said, `skipped` bytes of it never read.
    """
    whole = len(raw) + skipped
    text = _plain(_last_frame(raw[:_LOOKED_AT].decode("utf-8", "replace")))
    if len(text) <= SHOWN and whole <= _LOOKED_AT:
        return text
    return f"{text[:SHOWN]}… ({whole:,} bytes)"


def _last_frame(text: str) -> str:
    """What a progress bar showed last: a carriage return starts the line over."""
    if "\r" not in text:
        return text
    frames = [frame for frame in text.split("\r") if frame.strip()]
    return frames[-1] if frames else ""


def _plain(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.rstrip()
    text = _ESCAPES.sub("", text)
    if "\b" in text:
        text = _struck_over(text)
    return _UNSEEN.sub(_named, text.expandtabs(4)).rstrip()


def _struck_over(text: str) -> str:
    kept: list[str] = []
    for one in text:
        if one != "\b":
            kept.append(one)
        elif kept:
            kept.pop()
    return "".join(kept)


def _named(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - a byte


def level_of(text: str) -> Level:
    """The tick a line of output gets; a guess for the eye."""
    head = text[:400]
    if _ERROR.search(head) and not _NO_ERROR.search(head):
        return Level.ERROR
    if _WARNING.search(head):
        return Level.WARNING
    if _DEBUG.search(head):
        return Level.DEBUG
    return Level.INFO if _INFO.search(head) else Level.OUTPUT


class Splitter:
    """Cuts what one stream printed into lines; of a line that is too long to keep the rest is only counted."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = self._skipped = 0

    @property
    def pending(self) -> bool:
        """Whether a line was begun that has not ended."""
        return bool(self._parts)

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
        """The line that was begun, where nothing more will come."""
        if self.pending:
            yield self._cut()

    def _keep(self, data: bytes) -> None:
        if not data:
            return
        if self._parts and self._parts[-1].endswith(b"\r"):
            self._forget()  # a progress bar that starts over
        start = data.rfind(b"\r", 0, len(data) - 1)
        if start >= 0:
            self._forget()
            data = data[start + 1 :]
        kept = data[: max(0, _PENDING - self._size)]
        if kept:
            self._parts.append(kept)
        self._size += len(kept)
        self._skipped += len(data) - len(kept)

    def _forget(self) -> None:
        self._parts.clear()
        self._size = self._skipped = 0

    def _cut(self) -> tuple[Level, str]:
        raw, skipped = b"".join(self._parts), self._skipped
        self._forget()
        return _line(raw, skipped)


def _line(raw: bytes, skipped: int = 0) -> tuple[Level, str]:
    text = clean(raw, skipped)
    return level_of(text), text
