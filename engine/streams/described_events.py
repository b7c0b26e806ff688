"""Finds in the events of a tool what its description says they hold: the one reader of such a mapping.

The log's sentences and the result of an attempt are both made of this. Never fails, whatever a tool prints.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from engine.jobfile.tool_description import Match
from engine.streams.tool_json import ToolObject


def objects_of(event: ToolObject, rule: Match) -> list[ToolObject]:
    """The objects of an event that a rule is for: the event itself, or some of a list in it."""
    if not _fits(event, rule.when):
        return []
    if rule.each is None:
        return [event]
    holder, name = _leaf(event, rule.each)
    return [one for one in holder.parts(name) if _fits(one, rule.where)]


def matching(events: Iterable[ToolObject], rule: Match) -> Iterator[ToolObject]:
    """The objects that a rule is for in several events, in order."""
    for event in events:
        yield from objects_of(event, rule)


def text_at(found: ToolObject, path: str) -> str:
    """The text at a path; the words of a list are joined as a shell would read them."""
    holder, name = _leaf(found, path)
    return holder.text(name) or shlex.join(holder.texts(name))


def piece_at(found: ToolObject, path: str) -> str:
    """The piece of a text at a path; see `ToolObject.piece`."""
    holder, name = _leaf(found, path)
    return holder.piece(name)


def count_at(found: ToolObject, path: str | None) -> int | None:
    """The whole number at a path; None where there is no path."""
    if path is None:
        return None
    holder, name = _leaf(found, path)
    return holder.count(name)


def parts_at(found: ToolObject, path: str) -> list[ToolObject]:
    """The objects in the list at a path."""
    holder, name = _leaf(found, path)
    return holder.parts(name)


def money_at(found: ToolObject, path: str | None) -> float | None:
    """The amount of money at a path; None where there is no path."""
    if path is None:
        return None
    holder, name = _leaf(found, path)
    return holder.money(name)


def counted_at(found: ToolObject, paths: Sequence[str]) -> int | None:
    """The sum of the whole numbers at these paths; None where none of them holds one."""
    known = [number for number in (count_at(found, path) for path in paths) if number is not None]
    return sum(known) if known else None


def _leaf(found: ToolObject, path: str) -> tuple[ToolObject, str]:
    *outer, name = path.split(".")
    for step in outer:
        found = found.part(step)
    return found, name


def _fits(found: ToolObject, conditions: Mapping[str, str | tuple[str, ...]]) -> bool:
    for path, expected in conditions.items():
        holder, name = _leaf(found, path)
        word = holder.word(name)
        if not any(_is(word, each) for each in ((expected,) if isinstance(expected, str) else expected)):
            return False
    return True


def _is(word: str, expected: str) -> bool:
    return word == expected or (expected.endswith("*") and word != "" and word.startswith(expected[:-1]))
