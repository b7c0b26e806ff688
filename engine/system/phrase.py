"""A sentence as a text with named values, so that a window can show it in another language than English."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text with ``{name}`` for each of its values, which may be phrases themselves.

    As a string it is English. A clause stands inside another sentence, without a full stop of its own. A recorded
    text has no values, and braces in it mean nothing.
    """

    text: str
    values: Mapping[str, object]
    is_clause: bool = False
    is_recorded: bool = False

    def __str__(self) -> str:
        return self.ended(self.text if self.is_recorded else self.text.format_map(self.values))

    def ended(self, words: str) -> str:
        """The words of the whole phrase in some language, without their full stop where it is a clause."""
        return words.rstrip(".") if self.is_clause else words

    def as_clause(self) -> "Phrase":
        """The same for the inside of another sentence."""
        return replace(self, is_clause=True)


def phrase(text: str, /, **values: object) -> Phrase:
    """A phrase; its text is a literal, so that it can be collected for translation."""
    return Phrase(text, values)


def verbatim(text: str) -> Phrase:
    """A recorded text as it is; one of the engine's own sentences without values can still be translated."""
    return Phrase(text, {}, is_recorded=True)


def phrase_of(found: Mapping[str, Any]) -> Phrase:
    """The phrase that another process sent as a mapping, made with `dataclasses.asdict`."""
    values = {
        name: phrase_of(value) if isinstance(value, Mapping) else value
        for name, value in found["values"].items()
    }
    return Phrase(**{**found, "values": values})
