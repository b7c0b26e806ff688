"""Reads a request to a model in any of the four protocols: which tools it offers and what was said so far."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Protocol = Literal["chat", "responses", "messages", "gemini"]
Body = Mapping[str, Any]

_PATHS: Mapping[Protocol, str] = {
    "chat": r"/chat/completions$",
    "responses": r"/responses$",
    "messages": r"/messages$",
    "gemini": r":(stream)?[gG]enerateContent$",
}


@dataclass(frozen=True)
class Message:
    """One message of a conversation; `text` has every string in it, calls of tools and their results included."""

    role: str
    text: str
    is_result: bool = False


def protocol_of(path: str) -> Protocol | None:
    """The protocol that the path of a request belongs to."""
    return next((name for name, pattern in _PATHS.items() if re.search(pattern, path)), None)


def model_of(path: str, body: Body) -> str:
    """The model a request asks for."""
    return str(body.get("model") or "".join(re.findall(r"/models/([^/:]+):", path)))


def tools_of(protocol: Protocol, body: Body) -> tuple[str, ...]:
    """The names of the tools that a request offers the model."""
    tools = body.get("tools") or []
    if protocol == "gemini":
        return tuple(each["name"] for tool in tools for each in tool.get("functionDeclarations", []))
    return tuple(str((tool.get("function") or tool).get("name") or tool.get("type")) for tool in tools)


def messages_of(protocol: Protocol, body: Body) -> tuple[Message, ...]:
    """The conversation so far, oldest message first."""
    match protocol:
        case "responses":
            items = body.get("input")
            return tuple(map(_response_item, items if isinstance(items, list) else [{"content": items}]))
        case "gemini":
            return tuple(_message(each, each.get("parts") or []) for each in body.get("contents", []))
        case _:
            return tuple(_message(each, each) for each in body.get("messages", []))


def steps_done(messages: Sequence[Message]) -> int:
    """How many results of tools have come since the last words of a person: the steps done of this task."""
    prompts = [at for at, each in enumerate(messages) if each.role == "user" and not each.is_result]
    return sum(each.is_result for each in messages[prompts[-1] if prompts else 0 :])


def _message(message: Body, content: Any) -> Message:
    parts = message.get("parts") or message.get("content")
    found = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    is_result = message.get("role") == "tool" or any(
        part.get("type") == "tool_result" or "functionResponse" in part for part in found
    )
    return Message(str(message.get("role")), "\n".join(_strings(content)), is_result)


def _response_item(item: Body) -> Message:
    is_result = str(item.get("type", "")).endswith("_call_output")
    return Message(str(item.get("role") or item.get("type")), "\n".join(_strings(item)), is_result)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)
