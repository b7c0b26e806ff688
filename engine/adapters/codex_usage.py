"""What an attempt of codex has used: what its session counts at its end, without what it counted at its beginning.

Both the last event of a completed turn and codex' own record of a session count the whole session, the turns of earlier
attempts included. The record counts turns that failed or were stopped as well, and names the model.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.adapters import usage
from engine.adapters.sessions import COPY
from engine.adapters.tool_files import read_tool_file
from engine.adapters.usage import ModelUsage
from engine.streams import tool_json
from engine.streams.tool_json import ToolObject
from engine.system.private_files import write_private
from engine.types import AttemptContext

BEFORE = "used_before.json"
_COUNTS = ("input_tokens", "cached_input_tokens", "cache_write_input_tokens", "output_tokens")
_MARKS = (b'"token_count"', b'"turn_context"')


def note_before(context: AttemptContext, record: Path | None) -> None:
    """Note what the session has counted that this attempt goes on with; an attempt before it has used that."""
    total, _ = _recorded(record)
    counts = {name: usage.optional(total, name) for name in _COUNTS}
    write_private(context.folder / BEFORE, json.dumps(counts))


def used_by(found: Sequence[ToolObject], context: AttemptContext, model: str | None) -> dict[str, Any]:
    """The usage of an attempt with these events, once its session has been copied beside it."""
    recorded, named = _recorded(context.folder / COPY)
    turn = next((event for event in reversed(found) if event.text("type") == "turn.completed"), None)
    counted = recorded if turn is None or not turn.part("usage") else turn.part("usage")
    if not counted:
        return usage.unknown()
    use = _without(_use(counted, model or context.run.model or named), _before(context))
    return usage.used([use], is_whole=turn is not None)


def _use(counted: ToolObject, model: str) -> ModelUsage:
    return ModelUsage(
        model=model,
        sent=counted.count("input_tokens"),
        cached=usage.optional(counted, "cached_input_tokens"),
        written=usage.optional(counted, "cache_write_input_tokens"),
        received=counted.count("output_tokens"),
    )


def _without(use: ModelUsage, before: ModelUsage | None) -> ModelUsage:
    """What was added; a count that is smaller than before is one of this turn alone."""
    if before is None or (use.sent or 0) < (before.sent or 0):
        return use
    return ModelUsage(
        model=use.model,
        sent=_difference(use.sent, before.sent),
        cached=_difference(use.cached, before.cached),
        written=_difference(use.written, before.written),
        received=_difference(use.received, before.received),
    )


def _difference(number: int | None, before: int | None) -> int | None:
    return None if number is None or before is None else max(0, number - before)


def _before(context: AttemptContext) -> ModelUsage | None:
    """What was noted at the start; None for a session that began with this attempt."""
    with suppress(OSError):
        for noted in tool_json.objects([read_tool_file(context.folder / BEFORE)]):
            return _use(noted, "")
    return None


def _recorded(record: Path | None) -> tuple[ToolObject, str]:
    """The last total in a record of a session, and the model that it names last; empty where there is none."""
    total, model = ToolObject({}), ""
    for event in events_of(record):
        payload = event.part("payload")
        if found := payload.part("info").part("total_token_usage"):
            total = found
        elif event.text("type") == "turn_context":
            model = payload.text("model") or model
    return total, model


def events_of(record: Path | None) -> Iterator[ToolObject]:
    """The few lines of a record of a session that count something; the others hold whole answers."""
    with suppress(OSError):
        lines = b"" if record is None else read_tool_file(record)
        yield from tool_json.objects(
            line for line in lines.splitlines() if any(mark in line for mark in _MARKS)
        )
