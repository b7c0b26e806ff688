"""Claude Code's event stream as sentences; a use of a tool is shown with its result."""

import re
from collections.abc import Iterator

from engine.streams import words
from engine.streams.entries import EntryKind, Level, RawLine, StreamEntry
from engine.streams.stream_readers import EventReader
from engine.streams.tool_json import ToolObject, sum_of
from engine.streams.tool_uses import Deed, ToolUse, plan_of, plan_words, tool_use
from engine.system.formatting import clock_minute

_DENIED = re.compile(
    r"requested permissions? to|permission to use .* (?:has been|was) denied|requires? (?:your )?approval"
    r"|haven't granted|doesn't want to proceed|user rejected|denied by|not allowed to",
    re.IGNORECASE,
)
_EXIT = re.compile(r"\s*(?:Error: )?Exit code (\d{1,9})")
_TASK = re.compile(r"#(\w{1,20})")
_TAGS = re.compile(r"</?tool_use_error>")
_MOST_OPEN = 1_000
"""Uses of tools that may wait for their results; no agent has nearly as many."""
_LIMITS = {
    "error_max_turns": "stopped at the limit of turns",
    "error_max_budget_usd": "stopped at the cost limit",
}
_COUNTED = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
_COUNTED_BY_MODEL = ("inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens")


class ClaudeReader(EventReader):
    """Pairs each use of a tool with its result."""

    def __init__(self, root: str = "") -> None:
        super().__init__(root)
        self._open: dict[str, ToolUse] = {}
        self._denied: set[str] = set()
        self._tasks: dict[str, ToolObject] = {}
        self._spoke = False
        self._reported = ""
        """What the last error said: the result repeats it."""

    def of_event(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        """The entries of one event of claude."""
        match event.text("type"):
            case "assistant":
                yield from self._assistant(event, line)
            case "user":
                yield from self._user(event, line)
            case "system":
                yield from self._system(event, line)
            case "result":
                yield from self._result(event, line)
            case "rate_limit_event":
                yield from _limit(event.part("rate_limit_info"), line)
            case "stream_event" | "tool_progress" | "prompt_suggestion":
                return
            case _:
                yield from super().of_event(event, line)

    def _assistant(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        is_main = not event.text("parent_tool_use_id")
        for part in event.part("message").parts("content"):
            match part.text("type"):
                case "text" if event.text("error"):
                    self._reported = part.text("text")
                    yield line.entry(EntryKind.ERROR, words.worded(self._reported), Level.ERROR)
                case "text":
                    self._spoke = True
                    yield from line.message(part.text("text"))
                case "thinking":
                    yield from line.message(part.text("thinking"), opening="thought: ", level=Level.DEBUG)
                case "tool_use":
                    yield from self._use(part, line, is_main=is_main)
                case _:
                    pass

    def _use(self, part: ToolObject, line: RawLine, *, is_main: bool) -> Iterator[StreamEntry]:
        use = tool_use(part.text("name"), part.part("input"), self._root)
        if len(self._open) >= _MOST_OPEN:
            self._open.pop(next(iter(self._open)))
        self._open[part.text("id")] = use
        if use.deed is Deed.PLAN:
            if is_main:
                yield from self._planned(use, line)
            return
        kind = EntryKind.COMMAND if use.deed is Deed.COMMAND else EntryKind.NOTICE
        yield line.entry(kind, use.doing, Level.DEBUG)

    def _planned(self, use: ToolUse, line: RawLine) -> Iterator[StreamEntry]:
        """The plan after it was written, or one of its steps changed; a step made has its number in the result."""
        if use.name == "TaskCreate":
            return
        if use.name == "TaskUpdate":
            number = use.arguments.text("taskId") or str(use.arguments.count("taskId"))
            if number in self._tasks and use.arguments.text("status"):
                self._tasks[number] = self._tasks[number].with_fields(status=use.arguments.text("status"))
            steps = list(self._tasks.values())
        else:
            steps = use.arguments.parts("todos")
        yield from self._progress(steps, line)

    def _progress(self, steps: list[ToolObject], line: RawLine) -> Iterator[StreamEntry]:
        if (found := plan_of(steps)) is not None:
            plan, step = found
            yield line.entry(EntryKind.PLAN, plan_words(plan, step), plan=plan)

    def _user(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        outcome = event.part("tool_use_result")
        for part in event.part("message").parts("content"):
            if part.text("type") == "tool_result":
                yield from self._tool_result(part, outcome, line)

    def _tool_result(self, part: ToolObject, outcome: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        number = part.text("tool_use_id")
        use = self._open.pop(number, None) or _unseen(outcome, self._root)
        content = part.text("content") or "\n".join(each.text("text") for each in part.parts("content"))
        message = _TAGS.sub("", content)
        if use is None:
            return
        if part.has("is_error") and _DENIED.search(message):
            yield from self._denial(number, use, line)
        elif use.deed is Deed.COMMAND:
            yield _command(use, message, line, failed=part.has("is_error"))
        elif part.has("is_error"):
            kind = EntryKind.EDIT if use.deed is Deed.EDIT else EntryKind.NOTICE
            yield line.entry(kind, f"could not {_verb(use)}: {words.worded(message)}", Level.WARNING)
        elif use.deed is Deed.EDIT:
            yield line.entry(EntryKind.EDIT, _edit(use, outcome))
        elif use.name == "TaskCreate":
            yield from self._task_made(use, outcome, message, line)

    def _task_made(
        self, use: ToolUse, outcome: ToolObject, message: str, line: RawLine
    ) -> Iterator[StreamEntry]:
        found = _TASK.search(message)
        number = outcome.part("task").text("id") or (found[1] if found else "")
        if number and len(self._tasks) < _MOST_OPEN:
            self._tasks[number] = use.arguments.with_fields(status="pending")
            yield from self._progress(list(self._tasks.values()), line)

    def _denial(self, number: str, use: ToolUse, line: RawLine) -> Iterator[StreamEntry]:
        if number not in self._denied:
            self._denied.add(number)
            yield line.entry(EntryKind.DENIED, f"denied: {use.named}", Level.WARNING)

    def _system(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        match event.text("subtype"):
            case "init":
                self._root = event.text("cwd") or self._root
                yield line.entry(EntryKind.NOTICE, f"started with {event.text('model')}", Level.DEBUG)
            case "api_retry":
                yield line.entry(EntryKind.RETRY, _retry(event), Level.WARNING)
            case "permission_denied":
                number = event.text("tool_use_id")
                use = self._open.get(number) or ToolUse(event.text("tool_name") or "a tool")
                yield from self._denial(number, use, line)
            case "compact_boundary":
                yield line.entry(EntryKind.NOTICE, "made its context smaller")
            case "informational" | "notification":
                text = event.text("content") or event.text("text")
                yield line.entry(EntryKind.NOTICE, words.worded(text), Level.DEBUG)
            case _:
                yield from super().of_event(event, line)

    def _result(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        for denial in event.parts("permission_denials"):
            use = tool_use(denial.text("tool_name"), denial.part("tool_input"), self._root)
            yield from self._denial(denial.text("tool_use_id"), use, line)
        if event.has("is_error"):
            message = event.text("result") or "; ".join(event.texts("errors"))
            reason = _LIMITS.get(event.text("subtype")) or words.worded(message)
            if reason and message != self._reported:
                yield line.entry(EntryKind.ERROR, reason, Level.ERROR)
        elif not self._spoke:  # the whole output of its plain JSON format is a result
            yield from line.message(event.text("result"))
        if used := _used(event):
            yield line.entry(EntryKind.USAGE, used)


def _unseen(outcome: ToolObject, root: str) -> ToolUse | None:
    """The use that a result belongs to, where its beginning was not read."""
    if path := outcome.text("filePath"):
        return ToolUse("Edit", Deed.EDIT, words.shown_path(path, root))
    return ToolUse("Bash", Deed.COMMAND, "a command") if outcome.holds("stdout") else None


def _verb(use: ToolUse) -> str:
    return use.named if use.deed is Deed.EDIT else f"use {use.named}"


def _command(use: ToolUse, message: str, line: RawLine, *, failed: bool) -> StreamEntry:
    code = _EXIT.match(message)
    if not failed:
        return line.entry(EntryKind.COMMAND, words.ran(use.what, 0), Level.OUTPUT)
    if code is not None:
        return line.entry(EntryKind.COMMAND, words.ran(use.what, int(code[1])), Level.WARNING)
    return line.entry(EntryKind.COMMAND, f"could not run {use.what}: {words.worded(message)}", Level.WARNING)


def _edit(use: ToolUse, outcome: ToolObject) -> str:
    if outcome.text("type") == "create":
        return words.edited(use.what, len(outcome.text("content").splitlines()), 0)
    if hunks := outcome.parts("structuredPatch"):
        added, removed = words.patched([text for hunk in hunks for text in hunk.texts("lines")])
        return words.edited(use.what, added, removed)
    return words.edited(use.what)


def _retry(event: ToolObject) -> str:
    delay = event.money("retry_delay_ms")
    status, reason = event.count("error_status"), event.text("error").replace("_", " ")
    why = " ".join(filter(None, (str(status or ""), reason if reason != "unknown" else "")))
    return words.retry(None if delay is None else delay / 1000, why)


def _limit(limit: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
    """A usage window that is used up, or nearly; one with room is not worth a line."""
    window = limit.text("rateLimitType").replace("_", " ")
    match limit.text("status"):
        case "rejected":
            resets = limit.moment("resetsAt")
            until = f", resets at {clock_minute(resets)}" if resets else ""
            text = " ".join(filter(None, ("the", window, "limit is used up"))) + until
            yield line.entry(EntryKind.ERROR, text, Level.WARNING)
        case "allowed_warning":
            used = limit.money("utilization")
            share = f"{used:.0%}" if used is not None and used <= 1 else "most"
            text = " ".join(filter(None, (share, "of the", window, "limit is used")))
            yield line.entry(EntryKind.NOTICE, text)
        case _:
            pass


def _used(event: ToolObject) -> str:
    """Tokens and cost of a result: summed over the models, since the total lacks requests that were repeated."""
    cost = event.money("total_cost_usd")
    if models := event.parts("modelUsage"):
        counted = [[model.count(name) or 0 for name in _COUNTED_BY_MODEL] for model in models]
        received = sum_of(model.count("outputTokens") for model in models)
    elif total := event.part("usage"):
        counted = [[total.count(name) or 0 for name in _COUNTED]]
        received = total.count("output_tokens")
    else:
        return ""
    cached = sum(one[1] for one in counted)
    return words.tokens(sum(map(sum, counted)), received, cached=cached, cost=cost)
