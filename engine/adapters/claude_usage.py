"""What an attempt of claude has used: from its result, or from the messages of one that was stopped before it."""

from collections.abc import Sequence
from typing import Any

from engine.adapters import usage
from engine.adapters.usage import ModelUsage
from engine.streams.tool_json import ToolObject, sum_of
from state.costs import CostSource

_OWN = "claude"
"""What the names of the models contain whose prices claude knows."""


def used_by(found: Sequence[ToolObject], final: ToolObject | None) -> dict[str, Any]:
    """The usage of an attempt with these events and this result.

    The result counts zeros where claude was interrupted in the middle of a request; with the status of its provider
    they are true.
    """
    uses = [] if final is None else _result(final)
    if final is None or not any(not use.is_nothing for use in uses):
        refused = final is not None and final.count("api_error_status") is not None
        messages = _messages(found)
        return usage.none_used() if refused and not messages else usage.used(messages, is_whole=False)
    reported = final.money("total_cost_usd")
    if all(_OWN in use.model or not use.model for use in uses):
        return usage.used(uses, reported=reported)
    return _of_foreign(uses, reported)


def _of_foreign(uses: Sequence[ModelUsage], reported: float | None) -> dict[str, Any]:
    """Claude prices a model it does not know as one of its own: the table comes first, and its word is an estimate."""
    found = usage.used(uses)
    if found["cost_usd"] is None and reported is not None:
        return {**found, "cost_usd": reported, "cost_source": CostSource.ESTIMATED.value}
    return found


def _result(final: ToolObject) -> list[ModelUsage]:
    """Tokens of each model: the total lacks requests that were repeated after a broken stream."""
    if each := final.named_parts("modelUsage"):
        return [
            _use(name, counted, ("inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens", "outputTokens"))
            for name, counted in each
        ]  # fmt: skip
    return [_of_api("", total)] if (total := final.part("usage")) else []


def _messages(found: Sequence[ToolObject]) -> list[ModelUsage]:
    """The usage of each message, which several events repeat; the last one counts most."""
    messages = {
        message.text("id"): _of_api(message.text("model"), message.part("usage"))
        for event in found
        if event.text("type") == "assistant"
        and (message := event.part("message")).text("model") != "<synthetic>"
        and message.part("usage")
    }
    return [use for use in messages.values() if not use.is_nothing]


def _of_api(model: str, counted: ToolObject) -> ModelUsage:
    names = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens")
    return _use(model, counted, names)


def _use(model: str, counted: ToolObject, names: tuple[str, str, str, str]) -> ModelUsage:
    """Input here lacks what was read from a cache and written into one."""
    fresh, read, written, received = names
    cached, stored = usage.optional(counted, read), usage.optional(counted, written)
    sent = sum_of((counted.count(fresh), cached, stored))
    return ModelUsage(model=model, sent=sent, cached=cached, written=stored, received=counted.count(received))
