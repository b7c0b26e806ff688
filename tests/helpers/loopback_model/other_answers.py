"""Answers in the protocols of Anthropic and Gemini."""

import json
from typing import Any

from tests.helpers.loopback_model.answer_form import Answer, Event, Question, named, new_id, words
from tests.helpers.loopback_model.scenario import Usage
from tests.helpers.loopback_model.steps import Call, Step

Json = dict[str, Any]


def messages_answer(question: Question) -> Answer:
    """An Anthropic message with one block; each event names its type."""
    block, opening, deltas, reason = _block(question.step)
    tokens = _message_tokens(question.usage)
    message: Json = {
        "id": new_id("msg"),
        "type": "message",
        "role": "assistant",
        "model": question.model,
        "stop_sequence": None,
    }
    begun: Json = {**message, "content": [], "stop_reason": None, "usage": {**tokens, "output_tokens": 1}}
    ended = {"stop_reason": reason, "stop_sequence": None}
    stream = named(
        {"type": "message_start", "message": begun},
        {"type": "content_block_start", "index": 0, "content_block": opening},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": ended, "usage": tokens},
        {"type": "message_stop"},
    )
    return Answer(stream, {**message, "content": [block], "stop_reason": reason, "usage": tokens})


def _block(step: Step) -> tuple[Json, Json, list[Json], str]:
    """The block, how it opens, the pieces that follow, and why the message ends."""
    if isinstance(step, Call):
        block: Json = {"type": "tool_use", "id": new_id("toolu"), "name": step.tool, "input": step.arguments}
        deltas: list[Json] = [{"type": "input_json_delta", "partial_json": json.dumps(step.arguments)}]
        return block, {**block, "input": {}}, deltas, "tool_use"
    block = {"type": "text", "text": step.text}
    pieces: list[Json] = [{"type": "text_delta", "text": word} for word in words(step.text)]
    return block, {**block, "text": ""}, pieces, "end_turn"


def _message_tokens(usage: Usage) -> Json:
    """Anthropic counts what comes from the cache beside the input, not in it."""
    return {
        "input_tokens": usage.input - usage.cached,
        "output_tokens": usage.output,
        "cache_read_input_tokens": usage.cached,
        "cache_creation_input_tokens": 0,
    }


def gemini_answer(question: Question) -> Answer:
    """A candidate of Gemini; the usage comes with the last chunk."""
    step = question.step
    if isinstance(step, Call):
        parts: list[Json] = [{"functionCall": {"name": step.tool, "args": step.arguments}}]
        whole = parts
    else:
        parts, whole = [{"text": word} for word in words(step.text)], [{"text": step.text}]
    ids = {"modelVersion": question.model, "responseId": new_id("resp")}

    def candidate(of: list[Json], **end: str) -> Json:
        return {"candidates": [{"index": 0, "content": {"role": "model", "parts": of}, **end}], **ids}

    def last(of: list[Json]) -> Json:
        return {**candidate(of, finishReason="STOP"), "usageMetadata": _gemini_tokens(question.usage)}

    stream: list[Event] = [(None, candidate([part])) for part in parts[:-1]]
    return Answer([*stream, (None, last(parts[-1:]))], last(whole))


def _gemini_tokens(usage: Usage) -> Json:
    return {
        "promptTokenCount": usage.input,
        "candidatesTokenCount": usage.output,
        "cachedContentTokenCount": usage.cached,
        "totalTokenCount": usage.input + usage.output,
    }
