"""Answers in the two protocols of OpenAI: chat completions and Responses."""

import json
import time
from typing import Any

from tests.helpers.loopback_model.answer_form import Answer, Event, Question, named, new_id, words
from tests.helpers.loopback_model.scenario import Usage
from tests.helpers.loopback_model.steps import Call, Step

Json = dict[str, Any]


def chat_answer(question: Question) -> Answer:
    """A chat completion; chunks have no names."""
    base = {"id": new_id("chatcmpl"), "created": int(time.time()), "model": question.model}
    message, deltas, reason = _chat_message(question.step)
    tokens = _chat_tokens(question.usage)

    def chunk(delta: Json, end: str | None = None) -> Event:
        choice = {"index": 0, "delta": delta, "finish_reason": end}
        return None, {**base, "object": "chat.completion.chunk", "choices": [choice]}

    first: Json = {"role": "assistant", "content": ""}
    last: Event = (None, {**base, "object": "chat.completion.chunk", "choices": [], "usage": tokens})
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason}
    whole = {**base, "object": "chat.completion", "usage": tokens, "choices": [choice]}
    return Answer([chunk(first), *map(chunk, deltas), chunk({}, reason), last], whole)


def _chat_message(step: Step) -> tuple[Json, list[Json], str]:
    if not isinstance(step, Call):
        return {"content": step.text}, [{"content": word} for word in words(step.text)], "stop"
    arguments = {"patchText": step.arguments} if isinstance(step.arguments, str) else step.arguments
    function = {"name": step.tool, "arguments": json.dumps(arguments)}
    call = {"id": new_id("call"), "type": "function", "function": function}
    return {"content": None, "tool_calls": [call]}, [{"tool_calls": [{"index": 0, **call}]}], "tool_calls"


def _chat_tokens(usage: Usage) -> Json:
    return {
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": {"cached_tokens": usage.cached},
    }


def responses_answer(question: Question) -> Answer:
    """A response with one item; each event names its type."""
    item, response_id = _item(question.step), new_id("resp")
    whole = {
        "id": response_id,
        "object": "response",
        "model": question.model,
        "status": "completed",
        "output": [item],
        "usage": _response_tokens(question.usage),
    }
    is_message = item["type"] == "message"
    opening = {**item, "content": []} if is_message else item
    place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
    pieces = words(item["content"][0]["text"]) if is_message else []
    stream = named(
        {"type": "response.created", "response": {"id": response_id, "status": "in_progress"}},
        {"type": "response.output_item.added", "output_index": 0, "item": opening},
        *({"type": "response.output_text.delta", **place, "delta": piece} for piece in pieces),
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    )
    return Answer(stream, whole)


def _item(step: Step) -> Json:
    if not isinstance(step, Call):
        content = [{"type": "output_text", "text": step.text}]
        return {"type": "message", "id": new_id("msg"), "role": "assistant", "content": content}
    call = {"call_id": new_id("call"), "name": step.tool}
    if isinstance(step.arguments, str):
        return {"type": "custom_tool_call", "id": new_id("ctc"), **call, "input": step.arguments}
    return {"type": "function_call", "id": new_id("fc"), **call, "arguments": json.dumps(step.arguments)}


def _response_tokens(usage: Usage) -> Json:
    return {
        "input_tokens": usage.input,
        "output_tokens": usage.output,
        "input_tokens_details": {"cached_tokens": usage.cached},
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage.input + usage.output,
    }
