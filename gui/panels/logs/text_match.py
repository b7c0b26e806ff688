"""Find a text in lines: as it is typed, with or without its case, or as a regular expression that cannot take long."""

from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression

from gui.translation import tr

_MOST_STEPS = 5_000
"""After so many steps in one line a regular expression counts as not found: the window must not wait for it."""
_BOUND = f"(*LIMIT_MATCH={_MOST_STEPS})"
_MOST_SPANS = 100


@dataclass(frozen=True, slots=True)
class TextPattern:
    """What is looked for."""

    text: str
    is_regex: bool = False
    is_case: bool = False
    """Whether upper and lower case differ."""

    @property
    def problem(self) -> str:
        """Why it is not a valid regular expression, and where; empty if it is valid."""
        if not self.is_regex:
            return ""
        compiled = _compiled(self)
        if compiled.isValid():
            return ""
        at = max(0, compiled.patternErrorOffset() - len(_BOUND))
        return tr(
            "Not a regular expression: {reason}, at character {number}.",
            reason=compiled.errorString(),
            number=at + 1,
        )


NO_PATTERN = TextPattern("")


class TextMatcher:
    """A pattern prepared for many lines. One that is not valid is looked for as it is typed."""

    def __init__(self, pattern: TextPattern) -> None:
        self._compiled = _compiled(pattern) if pattern.is_regex and not pattern.problem else None
        self._is_case = pattern.is_case
        self._text = pattern.text if pattern.is_case else pattern.text.lower()

    def matches(self, text: str, lower: str) -> bool:
        """Whether a line has it; `lower` is the line in lower case."""
        if self._compiled is not None:
            return self._compiled.match(text).hasMatch()
        return self._text in (text if self._is_case else lower)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where a line has it: first characters and lengths, none of them empty."""
        if self._compiled is not None:
            return self._spans_of_regex(text)
        searched = text if self._is_case else text.lower()
        found: list[tuple[int, int]] = []
        position = searched.find(self._text) if self._text else -1
        while position >= 0:
            found.append((position, len(self._text)))
            position = searched.find(self._text, position + len(self._text))
        return found

    def _spans_of_regex(self, text: str) -> list[tuple[int, int]]:
        assert self._compiled is not None  # noqa: S101 - checked by the only caller
        found: list[tuple[int, int]] = []
        matches = self._compiled.globalMatch(text)
        while matches.hasNext() and len(found) < _MOST_SPANS:
            match = matches.next()
            if match.capturedLength():
                found.append((match.capturedStart(), match.capturedLength()))
        return found


def _compiled(pattern: TextPattern) -> QRegularExpression:
    option = QRegularExpression.PatternOption
    options = option.NoPatternOption if pattern.is_case else option.CaseInsensitiveOption
    return QRegularExpression(_BOUND + pattern.text, options)
