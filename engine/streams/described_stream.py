"""The events of a tool that a file describes, as sentences; what the file says nothing of is shown by its name."""

from collections.abc import Iterator

from engine.jobfile.tool_description import CommandRule, Events, UsageRule
from engine.streams import words
from engine.streams.described_events import (
    count_at,
    counted_at,
    money_at,
    objects_of,
    parts_at,
    piece_at,
    text_at,
)
from engine.streams.entries import EntryKind, Level, RawLine, StreamEntry
from engine.streams.stream_readers import EventReader
from engine.streams.tool_json import ToolObject, whole_text
from engine.streams.tool_uses import plan_of, plan_words

_MOST_HELD = 64 * 1024
"""Characters of a message that are held back until its last piece."""


class DescribedReader(EventReader):
    """Reads by the rules of `tools/NAME.yaml`; the pieces of a message are joined."""

    def __init__(self, events: Events, root: str = "") -> None:
        super().__init__(root)
        self._events = events
        self._pieces: list[str] = []
        self._held = 0
        """Characters in the pieces."""
        self._begun: RawLine | None = None
        """The line of the first piece held back."""

    def rest(self) -> Iterator[StreamEntry]:
        """The message whose last piece may have come."""
        text, begun = whole_text(self._pieces), self._begun
        self._pieces, self._held, self._begun = [], 0, None
        if begun is not None and text.strip():
            yield from begun.message(text)

    def of_event(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        """The entries of one event, by every rule that is for it."""
        pieces = self._pieces_in(event)
        if pieces:
            self._begun = self._begun or line
            self._pieces += pieces
            self._held += sum(map(len, pieces))
            if self._held > _MOST_HELD:
                yield from self.rest()
            return
        yield from self.rest()
        found = [
            *self._words(event, line),
            *self._deeds(event, line),
            *self._plans(event, line),
            *self._ends(event, line),
        ]
        yield from found or super().of_event(event, line)

    def _pieces_in(self, event: ToolObject) -> list[str]:
        rules = (rule for rule in self._events.message if rule.delta)
        return [
            piece for rule in rules for one in objects_of(event, rule) if (piece := piece_at(one, rule.text))
        ]

    def _words(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        for rule in (each for each in self._events.message if not each.delta):
            for one in objects_of(event, rule):
                yield from line.message(text_at(one, rule.text))

    def _deeds(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        for edit in self._events.edit:
            for one in objects_of(event, edit):
                path = words.shown_path(text_at(one, edit.path), self._root)
                numbers = count_at(one, edit.added), count_at(one, edit.removed)
                yield line.entry(EntryKind.EDIT, words.edited(path or "a file", *numbers))
        for rejected in self._events.rejected:
            for one in objects_of(event, rejected):
                why = words.worded(text_at(one, rejected.why))
                yield line.entry(EntryKind.EDIT, f"could not edit: {why}", Level.WARNING)
        for ran in self._events.command:
            yield from (_command(one, ran, line) for one in objects_of(event, ran))
        for denied in self._events.denied:
            for one in objects_of(event, denied):
                what = words.worded(text_at(one, denied.what)) or "something"
                yield line.entry(EntryKind.DENIED, f"denied: {what}", Level.WARNING)

    def _plans(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        for rule in self._events.plan:
            for one in objects_of(event, rule):
                if (found := plan_of(parts_at(one, rule.steps))) is not None:
                    yield line.entry(EntryKind.PLAN, plan_words(*found), plan=found[0])

    def _ends(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        for rule in self._events.usage:
            for one in objects_of(event, rule):
                if text := _usage(one, rule):
                    yield line.entry(EntryKind.USAGE, text)
        for error in self._events.error:
            for one in objects_of(event, error):
                message = words.worded(text_at(one, error.message)) or "failed without a reason"
                yield line.entry(EntryKind.ERROR, message, Level.ERROR)


def _command(found: ToolObject, rule: CommandRule, line: RawLine) -> StreamEntry:
    command = words.command_words(text_at(found, rule.command)) or "a command"
    code = count_at(found, rule.exit_code)
    return line.entry(EntryKind.COMMAND, words.ran(command, code), Level.WARNING if code else Level.OUTPUT)


def _usage(found: ToolObject, rule: UsageRule) -> str:
    sent, received = counted_at(found, rule.input), counted_at(found, rule.output)
    cost = money_at(found, rule.cost_usd)
    return words.tokens(sent, received, cached=counted_at(found, rule.cached), cost=cost)
