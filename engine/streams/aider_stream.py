"""Aider's lines of text, the known ones as sentences; the code of its edit blocks counts the lines of an edit."""

import re
from collections.abc import Callable, Iterator

from engine.streams import words
from engine.streams.entries import EntryKind, Level, RawLine, StreamEntry, level_of
from engine.streams.lines import TEXT_LINE

_APPLIED = re.compile(r"Applied edit to (.+)$")
_COMMIT = re.compile(r"Commit ([0-9a-f]{7,40}) (.+)$")
_TOKENS = re.compile(r"Tokens: (.*?)\.(?: Cost: \$([\d.]{1,20}) message.*)?$")
_COUNT = re.compile(r"([\d.,]{1,20})([kM]?) (sent|received|cache hit)")
_RETRYING = re.compile(r"Retrying in ([\d.]{1,12}) seconds")
_API_ERROR = re.compile(r"litellm\.(\w+): (?:\w+: )?(?:\w*Exception - )?(.*)$")
_COMPLAINT = re.compile(
    r"The LLM did not conform|# \d+ SEARCH/REPLACE blocks? failed|Only \d+ reflections allowed|Unable to "
    r"|.*(?:file not found error|has hit a token limit!)"
)
_BROKEN_OFF = re.compile(f"{_TOKENS.pattern}|{_RETRYING.pattern}|{_API_ERROR.pattern}|{_COMPLAINT.pattern}")
"""What aider itself prints, which ends a block that the model did not end."""
_SETTING = re.compile(
    r"Aider v\d|(?:Main m|M|Weak m)odel: |Git repo: |Repo-map: |Added .+ to the chat|https?://\S+$"
    r"|Detected dumb terminal|HTTPSConnectionPool\("
)
_SCALES = {"": 1, "k": 1_000, "M": 1_000_000}
_MOST_COUNTED = 2_000


class AiderReader:
    """Reads text; keeps the edit block it is in, and the lines that the blocks of a file add and remove."""

    longest = TEXT_LINE

    def __init__(self) -> None:
        self._named = self._before = ""
        """The last two lines outside a block: the name of its file stands above its fence."""
        self._block: list[list[str]] | None = None
        self._counted: dict[str, tuple[int, int]] = {}
        self._answered = False
        """Whether the answer whose blocks were counted is complete; the next one stands for itself."""

    def read(self, line: RawLine) -> Iterator[StreamEntry]:
        """The line as a sentence where it is a known one, else as it is."""
        text = line.text
        if not text.strip():
            return
        if line.stream == "stdout" and self._is_code(text):
            yield line.entry(EntryKind.RAW, text, Level.DEBUG)
            return
        yield self._known(text, line) or StreamEntry(
            EntryKind.RAW, level_of(text), text, line.stream, line.offset
        )

    def rest(self) -> Iterator[StreamEntry]:
        """Nothing: no line is held back."""
        return iter(())

    def _is_code(self, text: str) -> bool:
        """Whether the line belongs to an edit block, which it may begin or end."""
        if self._block is None:
            if text.startswith("<<<<<<< SEARCH"):
                self._block = [[]]
                return True
            self._named, self._before = self._before, text
            return text.startswith("```")
        if _BROKEN_OFF.match(text):
            self._block = None
            return False
        if text.startswith(">>>>>>> REPLACE"):
            self._count(self._block)
            self._block = None
        elif text.startswith("=======") and len(self._block) == 1:
            self._block.append([])
        elif len(self._block[-1]) < _MOST_COUNTED:
            self._block[-1].append(text)
        return True

    def _count(self, block: list[list[str]]) -> None:
        numbers = words.counted(*("\n".join(part) for part in block)) if len(block) == 2 else None  # noqa: PLR2004
        if self._answered:
            self._counted.clear()
            self._answered = False
        if numbers is not None:
            added, removed = self._counted.get(self._named, (0, 0))
            self._counted[self._named] = added + numbers[0], removed + numbers[1]

    def _known(self, text: str, line: RawLine) -> StreamEntry | None:
        if found := _APPLIED.match(text):
            numbers = self._counted.pop(found[1], (None, None))
            return line.entry(EntryKind.EDIT, words.edited(found[1], *numbers))
        self._answered = self._answered or _TOKENS.match(text) is not None
        for rule, kind, level, words_of in _RULES:
            if found := rule.match(text):
                return line.entry(kind, words_of(found), level)
        return None


def _used(counts: str, cost: str | None) -> str:
    found = {
        word: round((_number(number) or 0) * _SCALES[scale]) for number, scale, word in _COUNT.findall(counts)
    }
    return words.tokens(
        found.get("sent"), found.get("received"), cached=found.get("cache hit"), cost=_number(cost)
    )


def _number(text: str | None) -> float | None:
    try:
        return float((text or "").replace(",", ""))
    except ValueError:
        return None


_RULES: tuple[tuple[re.Pattern[str], EntryKind, Level, Callable[[re.Match[str]], str]], ...] = (
    (_COMMIT, EntryKind.NOTICE, Level.INFO, lambda found: f"committed {found[1]}: {found[2]}"),
    (_TOKENS, EntryKind.USAGE, Level.INFO, lambda found: _used(found[1], found[2]) or found[0]),
    (_RETRYING, EntryKind.RETRY, Level.WARNING, lambda found: words.retry(_number(found[1]))),
    (_API_ERROR, EntryKind.ERROR, Level.ERROR, lambda found: f"{found[1]}: {words.worded(found[2])}"),
    (_COMPLAINT, EntryKind.ERROR, Level.WARNING, lambda found: found.string),
    (_SETTING, EntryKind.NOTICE, Level.DEBUG, lambda found: found.string),
)
