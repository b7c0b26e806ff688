"""The nouns of a tool's stream: a raw line, the entry made of it, its level and the plan it reports.

Every text that leaves here is one line of plain text, so that nothing a tool prints acts on a terminal, hides text or
breaks a list. Imports little: a helper process of the window loads this module at its start.
"""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum, StrEnum
from typing import NamedTuple

from engine.streams.tool_json import fields_in_words
from engine.system.plain_text import one_line, plain_line, without_escapes

NOWHERE = -1
"""The place in the output of what was not printed, such as an event (`engine.streams.raw_lines`)."""
SHOWN = 2_000
"""The number of characters of a line that are shown."""
_DECODED = 16 * 1024
_MOST_LINES = 100
"""No message is so long that a log needs more of its lines; the raw line has them all."""


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


class EntryKind(StrEnum):
    """What an entry reports; `RAW` is a line of text as the tool printed it."""

    MESSAGE = "message"
    EDIT = "edit"
    COMMAND = "command"
    DENIED = "denied"
    RETRY = "retry"
    USAGE = "usage"
    PLAN = "plan"
    ERROR = "error"
    NOTICE = "notice"
    RAW = "raw"


class Plan(NamedTuple):
    """How far an agent is with its own plan, in steps."""

    done: int
    total: int


class StreamEntry(NamedTuple):
    """One sentence about what a tool does, and where on which stream its raw line begins."""

    kind: EntryKind
    level: Level
    text: str
    stream: str = "stdout"
    offset: int = 0
    plan: Plan | None = None


class RawLine(NamedTuple):
    """One line as a tool printed it, without its newline; of a very long one, `skipped` bytes were not kept."""

    data: bytes
    stream: str = "stdout"
    offset: int = 0
    skipped: int = 0

    @property
    def text(self) -> str:
        """The line as plain text, capped, followed by its size where that is more than is shown."""
        return clean(self.data, self.skipped)

    @property
    def whole_text(self) -> str:
        """The line as plain text, however long it is."""
        text = plain_line(last_frame(self.data).decode("utf-8", "replace"))
        return f"{text}… ({len(self.data) + self.skipped:,} bytes)" if self.skipped else text

    def entry(
        self, kind: EntryKind, text: str, level: Level = Level.INFO, *, plan: Plan | None = None
    ) -> StreamEntry:
        """An entry about this line; its text is made one line of plain text."""
        return StreamEntry(kind, level, clean_text(text).strip(), self.stream, self.offset, plan)

    def message(
        self, text: str, *, opening: str = "said: ", level: Level = Level.OUTPUT
    ) -> Iterator[StreamEntry]:
        """The visible lines of what an agent wrote, the first with an opening word; an answer in JSON as its fields."""
        lines = [line for line in fields_in_words(text).splitlines() if line.strip()]
        for number, line in enumerate(lines[:_MOST_LINES]):
            shown = clean_text(line) if number else f"{opening}{clean_text(line).strip()}"
            if shown.strip():
                yield StreamEntry(EntryKind.MESSAGE, level, shown, self.stream, self.offset)
        if len(lines) > _MOST_LINES:
            rest = f"and {len(lines) - _MOST_LINES:,} more lines"
            yield StreamEntry(EntryKind.MESSAGE, level, rest, self.stream, self.offset)


ERROR_WORDS = (
    *(
        "ERROR",
        "FATAL",
        "CRITICAL",
        "FAIL",
        "PANIC",
        "E  ",
        "error",
        "fatal",
        "panic",
        "Traceback (",
        "failed",
    ),
    *("Error", "Exception"),
)
"""Every line that counts as an error without the user's own rules has one of these."""
DEBUG_WORDS = ("DEBUG", "TRACE", "VERBOSE")
INFO_WORD = "INFO"
WARNING_WORDS = ("warn", "deprecat")
"""In lower case; every line that counts as a warning has one of them."""
_TAB = 8
_LOOKED_AT = 400
"""Characters of a line by which its level is guessed."""
_CONTROLS = (*range(ord("\n")), *range(ord("\n") + 1, ord(" ")), 0x7F)
_ERROR = re.compile(
    r"\b(?:ERROR|FATAL|CRITICAL|FAILED|FAILURE|PANIC)\b|^(?:E  |error\b|fatal\b|panic\b|Traceback \()"
    r"|\b(?:error|fatal|failed)(?:\[\w+\])?:|^\w*(?:\.\w+)*(?:Error|Exception)(?::|$)",
)
_NO_ERROR = re.compile(r"\b(?:0|no) (?:errors?|failed|failures?)\b", re.IGNORECASE)
_WARNING = re.compile(r"\bWARN(?:ING)?\b|\bwarning\b|\bdeprecat", re.IGNORECASE)
_DEBUG = re.compile(r"\b(?:DEBUG|TRACE|VERBOSE)\b")
_INFO = re.compile(r"^(?:\S+ ){0,4}\[?INFO\b")


def level_of(text: str) -> Level:
    """The level of a line of output: a guess, used only for display."""
    head = text[:_LOOKED_AT]
    if _ERROR.search(head) and not _NO_ERROR.search(head):
        return Level.ERROR
    if _WARNING.search(head):
        return Level.WARNING
    if _DEBUG.search(head):
        return Level.DEBUG
    return Level.INFO if _INFO.search(head) else Level.OUTPUT


def levels_of(texts: Sequence[str]) -> list[Level]:
    """The levels of many lines, quicker than one after the other: most have no word that could change theirs."""
    joined = "\n".join(texts)
    words = [word for word in (*ERROR_WORDS, *DEBUG_WORDS) if word in joined]
    warns = any(word in joined.lower() for word in WARNING_WORDS)
    informs = INFO_WORD in joined
    if not (words or warns or informs):
        return [Level.OUTPUT] * len(texts)
    found = []
    for text in texts:
        if any(word in text for word in words) or (warns and _may_warn(text)):
            found.append(level_of(text))
        else:
            found.append(
                Level.INFO
                if informs and INFO_WORD in text and _INFO.match(text[:_LOOKED_AT])
                else Level.OUTPUT
            )
    return found


def _may_warn(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in WARNING_WORDS)


def clean_lines(block: bytes) -> list[str]:
    """Many lines as `clean` makes them one by one; a newline at the end starts a further one."""
    if is_plain_block(block):
        text = block.decode("ascii")
        lines = text.split("\n")
        return [line.rstrip() for line in lines] if " \n" in text or text.endswith(" ") else lines
    if b"\r" in block or b"\b" in block or not _end_within(block, SHOWN):
        return [clean(line) for line in block.split(b"\n")]
    text = block.decode("utf-8", "replace")
    if "\x1b" in text or "\x9b" in text:
        text = without_escapes(text)
    return [plain_line(line) for line in text.split("\n")]


def is_plain_block(block: bytes) -> bool:
    """Whether these lines are shown as they are, but for blanks at their ends: printable ASCII, and none too long."""
    return (
        block.isascii()
        and all(block.find(control) < 0 for control in _CONTROLS)
        and _end_within(block, SHOWN)
    )


def may_be_cut(block: bytes) -> bool:
    """Whether a line of these may be longer than is shown; a byte becomes at most eight characters."""
    return not _end_within(block, SHOWN // _TAB)


def _end_within(block: bytes, most: int) -> bool:
    """Whether no line of these has more bytes."""
    place, end = 0, len(block) - most
    while place < end:
        place = block.rfind(b"\n", place, place + most + 1) + 1
        if not place:
            return False
    return True


def clean(raw: bytes, skipped: int = 0) -> str:
    """One line without its newline, as plain text without control characters.

    At most `SHOWN` characters are kept, followed by the size of the whole line, including `skipped` unread bytes.
    """
    frame = last_frame(raw) if b"\r" in raw else raw
    whole = len(frame) + skipped
    text = plain_line(frame[:_DECODED].decode("utf-8", "replace"))
    if len(text) <= SHOWN and whole <= _DECODED:
        return text
    return f"{text[:SHOWN]}… ({whole:,} bytes)"


def clean_text(text: str) -> str:
    """A text from a record or an event on one line, capped like a line of output."""
    shown = one_line(text[:_DECODED])
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"


def last_frame(raw: bytes) -> bytes:
    """What a progress bar showed last, up to the carriage return after it: each one starts the line over."""
    end = len(raw.rstrip(b"\r \t"))
    after = raw.find(b"\r", end)
    return raw[raw.rfind(b"\r", 0, end) + 1 : after if after >= 0 else len(raw)]
