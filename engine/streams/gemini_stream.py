"""Gemini CLI's event stream as sentences; the pieces of an answer are joined into lines."""

import re
from collections.abc import Iterator

from engine.streams import words
from engine.streams.entries import EntryKind, Level, RawLine, StreamEntry
from engine.streams.stream_readers import EventReader
from engine.streams.tool_json import ToolObject, whole_text
from engine.streams.tool_uses import Deed, ToolUse, plan_of, plan_words, tool_use

_EXIT = re.compile(r"(?:^|\n)(?:Command exited with code|Exit Code): (\d{1,9})")
_DENIALS = {"policy_violation", "tool_execution_denied", "path_not_in_workspace", "tool_not_registered"}
_DENIED = re.compile(
    r"denied by policy|not allowed|user (?:denied|rejected|cancelled)|requires confirmation", re.IGNORECASE
)
_ATTEMPT = re.compile(r"Attempt (\d{1,4}) failed(?: with status (\d{3}))?\. Retrying with backoff\.*\s*(.*)")
_REPORT = re.compile(r" Full report available at: \S+")
_ERROR_CLASS = re.compile(r"\b_?\w*Error: ")
_HARMLESS = re.compile(
    r"YOLO mode is enabled|Warning: (?:256-color|Basic terminal)|\[STARTUP\]|Error executing tool "
)
_MOST_OPEN = 1_000
_MOST_HELD = 64 * 1024
"""Characters of an answer that are held back for the end of their line."""


class GeminiReader(EventReader):
    """Pairs each use of a tool with its result, and joins what was said in pieces."""

    def __init__(self, root: str = "") -> None:
        super().__init__(root)
        self._open: dict[str, ToolUse] = {}
        self._pieces: list[str] = []
        self._held = 0
        """Characters in the pieces."""
        self._begun: RawLine | None = None
        """The line of the first piece held back."""
        self._speaking = False
        """Whether a line of this answer was emitted already."""

    def rest(self) -> Iterator[StreamEntry]:
        """The unfinished line of an answer."""
        text, begun = whole_text(self._pieces), self._begun
        self._pieces, self._held, self._begun = [], 0, None
        if begun is not None and text.strip():
            yield from begun.message(text, opening="" if self._speaking else "said: ")
            self._speaking = True

    def of_event(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        """The entries of one event of gemini."""
        kind = event.text("type")
        if kind == "message":
            yield from self._message(event, line)
            return
        yield from self.rest()
        self._speaking = False
        match kind:
            case "init":
                yield line.entry(EntryKind.NOTICE, f"started with {event.text('model')}", Level.DEBUG)
            case "tool_use":
                yield from self._use(event, line)
            case "tool_result":
                yield from self._tool_result(event, line)
            case "error":
                level = Level.WARNING if event.text("severity") == "warning" else Level.ERROR
                yield line.entry(EntryKind.ERROR, words.worded(event.text("message")), level)
            case "result":
                yield from _result(event, line)
            case _:
                yield from super().of_event(event, line)

    def of_text(self, line: RawLine) -> Iterator[StreamEntry]:
        """What gemini prints on standard error; its retries are reported there alone."""
        text = line.text
        if _HARMLESS.match(text):
            yield line.entry(EntryKind.NOTICE, words.worded(text), Level.DEBUG)
        elif again := _ATTEMPT.match(text):
            number, status, message = again.groups()
            reason = _ERROR_CLASS.sub("", message) or f"status {status}"
            yield line.entry(
                EntryKind.RETRY, f"retry after attempt {number}: {words.worded(reason)}", Level.WARNING
            )
        elif _REPORT.search(text):
            message = _ERROR_CLASS.sub("", _REPORT.sub(":", text))
            yield line.entry(EntryKind.ERROR, words.worded(message), Level.ERROR)
        else:
            yield from super().of_text(line)

    def _message(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        if event.text("role") != "assistant":
            return
        piece = event.piece("content")
        self._begun = self._begun or line
        self._pieces.append(piece)
        self._held += len(piece)
        if "\n" in piece or self._held >= _MOST_HELD:
            text = "".join(self._pieces)
            ended, _, unfinished = text.rpartition("\n") if "\n" in text else (text, "", "")
            self._pieces = [ended]
            yield from self.rest()
            if unfinished:
                self._pieces, self._held, self._begun = [unfinished], len(unfinished), line
        if not event.has("delta"):
            yield from self.rest()
            self._speaking = False

    def _use(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        use = tool_use(event.text("tool_name"), event.part("parameters"), self._root)
        if len(self._open) >= _MOST_OPEN:
            self._open.pop(next(iter(self._open)))
        self._open[event.text("tool_id")] = use
        if use.deed is Deed.PLAN:
            if (found := plan_of(use.arguments.parts("todos"))) is not None:
                yield line.entry(EntryKind.PLAN, plan_words(*found), plan=found[0])
            return
        kind = EntryKind.COMMAND if use.deed is Deed.COMMAND else EntryKind.NOTICE
        yield line.entry(kind, use.doing, Level.DEBUG)

    def _tool_result(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        use = self._open.pop(event.text("tool_id"), None)
        if use is None:
            return
        error = event.part("error")
        message = error.text("message") or event.text("output")
        if event.text("status") == "error":
            yield _failed(use, error.text("type"), message, line)
        elif use.deed is Deed.COMMAND:
            code = _EXIT.search(event.text("output"))
            failed = code is not None and code[1] != "0"
            text = words.ran(use.what, int(code[1]) if code else None)
            yield line.entry(EntryKind.COMMAND, text, Level.WARNING if failed else Level.OUTPUT)
        elif use.deed is Deed.EDIT:
            yield line.entry(EntryKind.EDIT, _edit(use))


def _failed(use: ToolUse, kind: str, message: str, line: RawLine) -> StreamEntry:
    if kind in _DENIALS or _DENIED.search(message):
        return line.entry(EntryKind.DENIED, f"denied: {use.named}", Level.WARNING)
    verb = "run" if use.deed is Deed.COMMAND else "" if use.deed is Deed.EDIT else "use"
    kinds = {Deed.EDIT: EntryKind.EDIT, Deed.COMMAND: EntryKind.COMMAND}
    text = " ".join(filter(None, ("could not", verb, use.named)))
    return line.entry(
        kinds.get(use.deed, EntryKind.NOTICE), f"{text}: {words.worded(message)}", Level.WARNING
    )


def _edit(use: ToolUse) -> str:
    """An edit counted by its texts: the event has no numbers. A file written anew may have been there before."""
    old, new = use.arguments.text("old_string"), use.arguments.text("new_string")
    numbers = words.counted(old, new) if use.arguments.holds("old_string") else None
    if numbers is None or use.arguments.has("allow_multiple"):
        return words.edited(use.what)
    return words.edited(use.what, *numbers)


def _result(event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
    if event.text("status") == "error" and (message := event.part("error").text("message")):
        yield line.entry(EntryKind.ERROR, words.worded(message), Level.ERROR)
    used = event.part("stats")
    sent, received = used.count("input_tokens"), used.count("output_tokens")
    if sent or received:
        yield line.entry(EntryKind.USAGE, words.tokens(sent, received, cached=used.count("cached")))
