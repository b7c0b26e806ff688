"""What an ended attempt of a described tool says: its failure, its answer, its session, what was denied, its usage."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from engine.adapters import agent, sessions, usage
from engine.adapters.findings import Finding
from engine.adapters.usage import ModelUsage
from engine.jobfile.tool_description import ErrorRule, ToolDescription, UsageRule
from engine.streams.described_events import counted_at, matching, money_at, objects_of, piece_at, text_at
from engine.streams.tool_json import ToolObject, sum_of, whole_text
from engine.types import AttemptContext, AttemptEnd, FailureClass

_MOST_DENIED = 100
_LONGEST = 200


def failure_of(
    name: str, tool: ToolDescription, end: AttemptEnd, context: AttemptContext, *, found: Sequence[ToolObject]
) -> Finding | None:
    """The failure that the tool itself reports, or None: then what changed in git decides.

    An error counts unless the tool went on and came to its end after it.
    """
    finished, error = _last_finished(tool, found), _last_error(tool, found)
    code = end.exit_code
    fits = not tool.success.exit_codes or code in tool.success.exit_codes
    if error is not None and (error.place > finished or not fits):
        return agent.refused(name, error.message, context, status=error.status, fields=error.fields)
    if not fits or (tool.needs_finished and finished < 0):
        return agent.unfinished(name, end, context)
    return None


def blocked(tool: ToolDescription, found: Sequence[ToolObject], finding: Finding) -> Finding:
    """A tool whose edits were denied or did not fit often ends well all the same; its events show why."""
    if finding.failure is not FailureClass.NO_CHANGE:
        return finding
    if why := _rejected(tool, found):
        return Finding(summary=f"The edit was not made: {why}", failure=FailureClass.BAD_EDIT)
    names = denied(tool, found)
    if not names:
        return finding
    shown = ", ".join(dict.fromkeys(names[:5]))
    return Finding(summary=f"Was not allowed to use {shown}.", failure=FailureClass.BAD_EDIT)


def denied(tool: ToolDescription, found: Sequence[ToolObject]) -> list[str]:
    """What the tool was not allowed to do, in order."""
    texts = (
        " ".join(text_at(one, rule.what).split())[:_LONGEST]
        for event in found
        for rule in tool.events.denied
        for one in objects_of(event, rule)
    )
    return [text for text in texts if text][:_MOST_DENIED]


def facts(tool: ToolDescription, found: Sequence[ToolObject]) -> dict[str, Any]:
    """The answer and the denials, as `JobResult.metadata` holds them."""
    known: dict[str, Any] = dict(agent.answered(_answer(tool, found)))
    if names := denied(tool, found):
        known["denied"] = names
    return known


def used(tool: ToolDescription, found: Sequence[ToolObject], model: str) -> dict[str, Any]:
    """The usage; a cost of nothing for tokens that were used is as good as none."""
    uses, costs = [], []
    for rule in tool.events.usage:
        counted = list(matching(found, rule))
        for one in counted[-1:] if rule.total == "last" else counted:
            uses.append(_use(rule, one, model))
            costs.append(money_at(one, rule.cost_usd))
    return usage.used(uses, reported=sum_of(costs) or None)


def _rejected(tool: ToolDescription, found: Sequence[ToolObject]) -> str:
    """Why the last edit was not made; empty where it was, or where there was none."""
    why = ""
    for event in found:
        if any(objects_of(event, rule) for rule in tool.events.edit):
            why = ""
        for rule in tool.events.rejected:
            for one in objects_of(event, rule):
                why = " ".join(text_at(one, rule.why).split())[:_LONGEST]
    return why


def _use(rule: UsageRule, counted: ToolObject, model: str) -> ModelUsage:
    return ModelUsage(
        model=model,
        sent=counted_at(counted, rule.input),
        cached=counted_at(counted, rule.cached) or 0,
        received=counted_at(counted, rule.output),
    )


def _last_finished(tool: ToolDescription, found: Sequence[ToolObject]) -> int:
    """Where the last event is that only a run prints that came to its end; -1 where there is none."""
    places = (
        place for place, event in enumerate(found) for rule in tool.events.finished if objects_of(event, rule)
    )
    return max(places, default=-1)


class _Error(NamedTuple):
    """Where an error was reported, its message, its status, and all its fields."""

    place: int
    message: str
    status: int | None
    fields: Mapping[str, Any]


def _last_error(tool: ToolDescription, found: Sequence[ToolObject]) -> _Error | None:
    last = None
    for place, event in enumerate(found):
        for rule in tool.events.error:
            for one in objects_of(event, rule):
                last = _Error(place, text_at(one, rule.message), _status(one, rule), one.fields)
    return last


def _status(error: ToolObject, rule: ErrorRule) -> int | None:
    return None if rule.status is None else counted_at(error, (rule.status,))


def _answer(tool: ToolDescription, found: Sequence[ToolObject]) -> str:
    """The last message; the pieces of one have no other event between them."""
    pieces: list[str] = []
    last = -1
    for place, event in enumerate(found):
        for rule in tool.events.message:
            for text in filter(None, (piece_at(one, rule.text) for one in objects_of(event, rule))):
                if not (rule.delta and last == place - 1):
                    pieces.clear()
                pieces.append(text)
                last = place
    return whole_text(pieces)


def session(tool: ToolDescription, found: Sequence[ToolObject]) -> str | None:
    """The id of the session; None where the tool names none that can be an argument."""
    ids = (
        text_at(one, rule.id)
        for event in found
        for rule in tool.events.session
        for one in objects_of(event, rule)
    )
    return next(filter(None, map(sessions.valid_id, ids)), None)
