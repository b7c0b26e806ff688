"""Decides what the model says next, from the scenario, the tools on offer and the steps already done."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from tests.helpers.loopback_model.conversation import Body, Protocol, messages_of, steps_done, tools_of
from tests.helpers.loopback_model.scenario import Edit, Scenario

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """The model calls a tool; a text instead of arguments is a patch."""

    tool: str
    arguments: Arguments | str


@dataclass(frozen=True)
class Words:
    """The model says something; `closing` ends its task, while answers to a tool's own side questions do not."""

    text: str
    closing: bool = True


Step = Call | Words

_EDIT_TOOLS = (
    ("Write", "Edit", "Read", "file_path", "old_string", "new_string"),  # claude
    ("write_file", "replace", None, "file_path", "old_string", "new_string"),  # gemini
    ("write", "edit", "read", "filePath", "oldString", "newString"),  # opencode
)
"""A tool's ways to edit: write a file, replace in a file, read it first; the names of the arguments."""
_SIDE_QUESTIONS = {"Git commit messages": "feat: apply the scripted edit", "title generator": "A title"}
_STATES = ("pending", "in_progress", "completed")


def next_step(scenario: Scenario, protocol: Protocol, body: Body) -> Step:
    """What the model says to this request."""
    if schema := (body.get("generationConfig") or {}).get("responseJsonSchema"):
        return Words(json.dumps(_sample(schema)), closing=False)
    tools = tools_of(protocol, body)
    if not tools:
        return _words_alone(scenario, protocol, json.dumps(body.get("messages", "")))
    calls = list(_calls(scenario, tools))
    done = steps_done(messages_of(protocol, body))
    return calls[done] if done < len(calls) else Words(scenario.final)


def _words_alone(scenario: Scenario, protocol: Protocol, request: str) -> Words:
    """The answer where no tools are on offer: aider takes its edits from the text."""
    for question, answer in _SIDE_QUESTIONS.items():
        if question in request:
            return Words(answer, closing=False)
    if protocol != "chat":
        return Words("Scripted.", closing=False)
    blocks = (_aider_block(edit, as_diff="SEARCH/REPLACE" in request) for edit in scenario.edits)
    return Words("".join(blocks) + scenario.final)


def _calls(scenario: Scenario, tools: tuple[str, ...]) -> Iterator[Call]:
    if scenario.plan:
        yield from _plan_calls(scenario.plan, tools, done=0)
    if scenario.command:
        yield from _shell_calls(scenario.command, tools)
    for edit in scenario.edits:
        yield from _edit_calls(edit, scenario.root, tools)
    if scenario.plan:
        yield from _plan_calls(scenario.plan, tools, done=len(scenario.plan))


def _plan_calls(plan: tuple[str, ...], tools: tuple[str, ...], *, done: int) -> Iterator[Call]:
    """The tool that keeps the list of steps, with as many of them done and the next one begun."""
    states = [_STATES[2 if at < done else at == done] for at in range(len(plan))]
    steps = list(zip(plan, states, strict=True))
    shapes: Mapping[str, Arguments] = {
        "TodoWrite": {"todos": [{"content": s, "status": state, "activeForm": s} for s, state in steps]},
        "update_plan": {"plan": [{"step": s, "status": state} for s, state in steps]},
        "write_todos": {"todos": [{"description": s, "status": state} for s, state in steps]},
        "todowrite": {"todos": [{"content": s, "status": state, "priority": "high"} for s, state in steps]},
    }
    yield from (Call(name, arguments) for name, arguments in shapes.items() if name in tools)
    if "TaskCreate" in tools and "TodoWrite" not in tools:
        yield from _task_calls(plan, done=done)


def _task_calls(plan: tuple[str, ...], *, done: int) -> Iterator[Call]:
    """A plan as tasks, each created at first and completed at last."""
    for number, step in enumerate(plan, 1):
        if done:
            yield Call("TaskUpdate", {"taskId": str(number), "status": _STATES[2]})
        else:
            yield Call("TaskCreate", {"subject": step, "description": step, "activeForm": step})


def _shell_calls(command: str, tools: tuple[str, ...]) -> Iterator[Call]:
    shapes: Mapping[str, Arguments] = {
        "Bash": {"command": command, "description": "Run the scripted command"},
        "run_shell_command": {"command": command},
        "exec_command": {"cmd": command},
        "shell_command": {"command": command},
        "shell": {"command": ["bash", "-lc", command]},
        "bash": {"command": command, "description": "Run the scripted command"},
    }
    found = (Call(name, arguments) for name, arguments in shapes.items() if name in tools)
    yield from list(found)[:1]


def _edit_calls(edit: Edit, root: str, tools: tuple[str, ...]) -> Iterator[Call]:
    path = str(PurePosixPath(root, edit.path)) if root else edit.path
    for write, change, read, path_key, old_key, new_key in _EDIT_TOOLS:
        if change not in tools:
            continue
        if edit.content is not None:
            yield Call(write, {path_key: path, "content": edit.content})
            return
        if read:
            yield Call(read, {path_key: path})
        reason = {"instruction": "Make the scripted edit."} if change == "replace" else {}
        yield Call(change, {path_key: path, old_key: edit.search, new_key: edit.replace, **reason})
        return
    patch = _patch(edit)
    if "apply_patch" in tools:
        yield Call("apply_patch", patch)
    else:
        yield from _shell_calls(f"apply_patch <<'EOF'\n{patch}EOF", tools)


def _patch(edit: Edit) -> str:
    """The edit as codex takes it."""

    def lines(mark: str, text: str) -> str:
        return "".join(f"{mark}{line}\n" for line in text.splitlines())

    body = (
        f"*** Update File: {edit.path}\n@@\n{lines('-', edit.search)}{lines('+', edit.replace)}"
        if edit.content is None
        else f"*** Add File: {edit.path}\n{lines('+', edit.content)}"
    )
    return f"*** Begin Patch\n{body}*** End Patch\n"


def _aider_block(edit: Edit, *, as_diff: bool) -> str:
    text = edit.replace if edit.content is None else edit.content
    if as_diff or edit.content is None:
        text = f"<<<<<<< SEARCH\n{edit.search}=======\n{text}>>>>>>> REPLACE\n"
    return f"{edit.path}\n```\n{text}```\n\n"


def _sample(schema: Mapping[str, Any]) -> Any:
    """A small value that fits a JSON schema."""
    if schema.get("enum"):
        return schema["enum"][0]
    if "properties" in schema:
        return {key: _sample(value) for key, value in schema["properties"].items()}
    values: Mapping[str, Any] = {"array": [], "string": "scripted", "boolean": False}
    return values.get(str(schema.get("type")).lower(), 1)
