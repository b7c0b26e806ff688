"""Characters that parsers take for something else or refuse without saying where: separators and control characters.

They are replaced by stand-ins that occur nowhere in the text, so that the parser says which value they are in.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from engine.errors import JobFileError
from engine.jobfile.document import Route, dotted
from engine.system.plain_text import code_of

SEPARATORS = "\x85\u2028\u2029"
"""Next line, line separator and paragraph separator: plain characters in YAML 1.2, line breaks in YAML 1.1."""
_PRIVATE = range(0x100000, 0x10FFFE)


class StandIns:
    """The stand-ins for some characters of one text."""

    def __init__(self, text: str, characters: str) -> None:
        """Choose one for each of the characters that is in the text."""
        self._original = dict(zip(_unused(text), (one for one in characters if one in text), strict=False))
        self._pattern = re.compile(f"[{''.join(self._original)}]") if self._original else None
        self.text = text.translate({ord(one): stand_in for stand_in, one in self._original.items()})

    def __bool__(self) -> bool:
        """Whether any is needed."""
        return self._pattern is not None

    def original(self, value: Any) -> Any:
        """Plain data, a route or a text with the characters themselves."""
        match value:
            case str() if self._pattern is not None:
                return self._pattern.sub(lambda found: self._original[found[0]], value)
            case Mapping():
                return {self.original(key): self.original(item) for key, item in value.items()}
            case list() | tuple():
                return type(value)(self.original(item) for item in value)
            case _:
                return value


def refuse(
    text: str,
    at: int,
    *,
    name: str,
    advice: str,
    fit: Callable[[str, str], str],
    data_of: Callable[[str], Any],
) -> NoReturn:
    """Refuse the text for the character at this position, with the line it is on and the field it is in.

    `fit` replaces by a stand-in what else `data_of` could not parse; that may fail nevertheless.

    Raises:
        JobFileError: always.
    """
    this, other = (stand_in for stand_in, _ in zip(_unused(text), range(2), strict=False))
    try:
        route = next(_routes_with(this, data_of(fit(text[:at] + this + text[at + 1 :], other))), ())
    except (JobFileError, ValueError, RecursionError):
        route = ()
    code = code_of(text[at])
    raise JobFileError(
        f"contains the control character {code}; {advice}",
        file=name,
        line=text.count("\n", 0, at) + 1,
        field=dotted(route).replace(this, code).replace(other, "?"),
    )


def _unused(text: str) -> Iterator[str]:
    return (chr(code) for code in _PRIVATE if chr(code) not in text)


def _routes_with(character: str, value: Any, route: Route = ()) -> Iterator[Route]:
    match value:
        case str() if character in value:
            yield route
        case Mapping():
            for key, item in value.items():
                if character in key:
                    yield (*route, key)
                yield from _routes_with(character, item, (*route, key))
        case list():
            for index, item in enumerate(value):
                yield from _routes_with(character, item, (*route, index))
        case _:
            pass
