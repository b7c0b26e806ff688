"""Codex' events of ``exec --json`` as sentences; its own log on standard error names what its sandbox refused."""

import re
from collections.abc import Iterator

from engine.streams import words
from engine.streams.entries import EntryKind, Level, RawLine, StreamEntry
from engine.streams.stream_readers import EventReader
from engine.streams.tool_json import ToolObject
from engine.streams.tool_uses import plan_of, plan_words

_RECONNECTING = re.compile(r"Reconnecting\.\.\. (\d{1,4})/(\d{1,4})(?: \((.*)\))?", re.DOTALL)
_LOG = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z\s+(?P<level>[A-Z]+) [\w:]+: (?:error=)?(?P<message>.*)")
_REFUSED = re.compile(r"rejected|blocked by|not permitted|denied", re.IGNORECASE)
_BLOCKED = re.compile(r"Read-only file system|[Bb]locked by (?:the )?sandbox|sandbox (?:denied|error)")
_HARMLESS = re.compile(r"Reading additional input from stdin|warning: Codex could not find bubblewrap")
_VERBS = {"add": "created", "delete": "deleted"}
_LEVELS = {"ERROR": Level.ERROR, "WARN": Level.WARNING, "INFO": Level.DEBUG}


class CodexReader(EventReader):
    """Tells an item when it is complete; a command also when it starts."""

    def __init__(self, root: str = "") -> None:
        super().__init__(root)
        self._reported = ""
        """What the last error said: the end of the turn repeats it."""

    def of_event(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        """The entries of one event of codex."""
        kind = event.text("type")
        match kind:
            case "item.started" | "item.updated" | "item.completed":
                yield from self._item(event.part("item"), line, ended=kind == "item.completed")
            case "thread.started" | "turn.started":
                return
            case "error":
                yield from self._error(event.text("message"), line)
            case "turn.failed":
                message = event.part("error").text("message")
                if message != self._reported:
                    yield line.entry(EntryKind.ERROR, words.worded(message), Level.ERROR)
            case "turn.completed":
                used = event.part("usage")
                sent, received = used.count("input_tokens"), used.count("output_tokens")
                if text := words.tokens(sent, received, cached=used.count("cached_input_tokens")):
                    yield line.entry(EntryKind.USAGE, text)
            case _:
                yield from super().of_event(event, line)

    def of_text(self, line: RawLine) -> Iterator[StreamEntry]:
        """A line of codex' own log without its time; what the sandbox refused is a denial."""
        text = line.text
        if _HARMLESS.match(text):
            yield line.entry(EntryKind.NOTICE, text, Level.DEBUG)
        elif (logged := _LOG.match(text)) is None:
            yield from super().of_text(line)
        elif _REFUSED.search(logged["message"]):
            yield line.entry(EntryKind.DENIED, f"denied: {words.worded(logged['message'])}", Level.WARNING)
        else:
            level = _LEVELS.get(logged["level"], Level.DEBUG)
            yield line.entry(EntryKind.NOTICE, words.worded(logged["message"]), level)

    def _item(self, item: ToolObject, line: RawLine, *, ended: bool) -> Iterator[StreamEntry]:
        match item.text("type"):
            case "todo_list":
                if (found := plan_of(item.parts("items"))) is not None:
                    yield line.entry(EntryKind.PLAN, plan_words(*found), plan=found[0])
            case "command_execution":
                yield from _command(item, line, ended=ended)
            case _ if not ended:
                return
            case "agent_message" | "assistant_message":
                yield from line.message(item.text("text"))
            case "reasoning":
                yield from line.message(item.text("text"), opening="thought: ", level=Level.DEBUG)
            case "file_change":
                yield from self._files(item, line)
            case "error":
                yield line.entry(EntryKind.NOTICE, words.worded(item.text("message")), Level.WARNING)
            case "mcp_tool_call" | "web_search":
                yield _call(item, line)
            case kind:
                yield line.entry(EntryKind.NOTICE, f"used {words.shortened(kind, 60)}", Level.DEBUG)

    def _files(self, item: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        for change in item.parts("changes"):
            path = words.shown_path(change.text("path"), self._root)
            match item.text("status"):
                case "failed":
                    yield line.entry(EntryKind.EDIT, f"could not edit {path}", Level.WARNING)
                case "declined":
                    yield line.entry(EntryKind.DENIED, f"denied: edit {path}", Level.WARNING)
                case _:
                    verb = _VERBS.get(change.text("kind"), "edited")
                    yield line.entry(EntryKind.EDIT, words.edited(path, verb=verb))

    def _error(self, message: str, line: RawLine) -> Iterator[StreamEntry]:
        if again := _RECONNECTING.match(message):
            number, most, reason = again.groups()
            text = f"retry {number} of {most}" + (f": {words.worded(reason)}" if reason else "")
            yield line.entry(EntryKind.RETRY, text, Level.WARNING)
            return
        self._reported = message
        yield line.entry(EntryKind.ERROR, words.worded(message), Level.ERROR)


def _was_blocked(item: ToolObject) -> bool:
    """Whether a command failed because the sandbox let it write nothing there; codex has no field for that."""
    return item.whole("exit_code") not in {None, 0} and bool(_BLOCKED.search(item.text("aggregated_output")))


def _command(item: ToolObject, line: RawLine, *, ended: bool) -> Iterator[StreamEntry]:
    command = words.command_words(item.text("command")) or "a command"
    denial = line.entry(EntryKind.DENIED, f"denied: {command}", Level.WARNING)
    if item.text("status") == "declined":
        yield denial
        return
    if not ended:
        yield line.entry(EntryKind.COMMAND, f"running {command}", Level.DEBUG)
        return
    code = item.whole("exit_code")
    went_well = code == 0 or (code is None and item.text("status") != "failed")
    level = Level.OUTPUT if went_well else Level.WARNING
    yield line.entry(EntryKind.COMMAND, words.ran(command, code), level)
    if _was_blocked(item):
        yield denial


def _call(item: ToolObject, line: RawLine) -> StreamEntry:
    names = (item.text("server"), item.text("tool"), item.text("query"))
    what = words.shortened(" ".join(filter(None, names)), 120) or item.text("type").replace("_", " ")
    if item.text("status") == "failed":
        message = item.part("error").text("message")
        text = f"could not use {what}" + (f": {words.worded(message)}" if message else "")
        return line.entry(EntryKind.NOTICE, text, Level.WARNING)
    return line.entry(EntryKind.NOTICE, f"used {what}", Level.DEBUG)
