"""What an attempt of aider has used: from its own log, and from the lines it prints where it keeps no log."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.adapters import usage
from engine.adapters.tool_files import read_tool_file
from engine.adapters.usage import ModelUsage
from engine.runners import output
from engine.streams import tool_json
from engine.streams.tool_json import ToolObject
from engine.types import AttemptContext

_NUMBER = r"(\d{1,12}(?:\.\d)?[kM]?)"
_TOKENS = re.compile(
    rf"^Tokens: {_NUMBER} sent(?:, {_NUMBER} cache write)?(?:, {_NUMBER} cache hit)?, {_NUMBER} received\."
)
_COST = re.compile(r"(?:^| )Cost: \$(\d{1,9}(?:\.\d{1,12})?) message\b")
_UNITS = {"k": 1_000, "M": 1_000_000}


@dataclass(frozen=True, kw_only=True)
class _Account:
    """What was counted in one place: the tokens, the cost, and whether a request stayed unanswered (None: unknown)."""

    use: ModelUsage | None = None
    cost: float | None = None
    unanswered: bool | None = None


def used_by(context: AttemptContext) -> tuple[dict[str, Any], bool | None]:
    """The usage of an attempt, and whether its last request was never answered; None where aider kept no log."""
    logged = _logged(context.folder / "events.jsonl")
    printed = _printed(output.tail_text(context.folder, name="stdout"))
    use, cost = logged.use or printed.use, logged.cost if logged.use else printed.cost
    if use is None:
        return usage.unknown(), logged.unanswered
    if printed.use is not None:  # the log leaves out what came from a cache
        use = replace(use, cached=printed.use.cached, written=printed.use.written)
    return usage.used([use], reported=cost or None, is_whole=not logged.unanswered), logged.unanswered


def _logged(log: Path) -> _Account:
    """The sums over aider's own log; its cost is 0 where aider knows no price."""
    answers: list[ToolObject] = []
    open_requests = 0
    for row in _rows(log):
        match row.text("event"):
            case "message_send_starting":
                open_requests += 1
            case "message_send":
                open_requests = 0
                answers.append(row.part("properties"))
            case _:
                pass
    if not answers:
        return _Account(unanswered=True if open_requests else None)
    models = {answer.text("main_model") for answer in answers}
    use = ModelUsage(
        model=models.pop() if len(models) == 1 else "",
        sent=tool_json.sum_of(answer.count("prompt_tokens") for answer in answers),
        received=tool_json.sum_of(answer.count("completion_tokens") for answer in answers),
    )
    cost = tool_json.sum_of(answer.money("cost") for answer in answers)
    return _Account(use=use, cost=cost, unanswered=open_requests > 0)


def _printed(text: str) -> _Account:
    """The sums over the lines that count tokens, which are rounded."""
    lines = [line.strip() for line in text.splitlines()]
    reports = [found for line in lines if (found := _TOKENS.match(line))]
    if not reports:
        return _Account()
    columns = zip(*(found.groups() for found in reports), strict=True)
    sent, written, cached, received = (sum(map(_count, column)) for column in columns)
    costs = [float(found[1]) for line in lines if (found := _COST.search(line))]
    use = ModelUsage(sent=max(sent, cached + written), cached=cached, written=written, received=received)
    return _Account(use=use, cost=sum(costs) if len(costs) == len(reports) else None)


def _count(text: str | None) -> int:
    if not text:
        return 0
    unit = _UNITS.get(text[-1])
    return int(text) if unit is None else round(float(text[:-1]) * unit)


def _rows(log: Path) -> Iterator[ToolObject]:
    """The rows of aider's log; the last one of a killed run may be half written."""
    try:
        return tool_json.objects(read_tool_file(log).splitlines())
    except OSError:
        return iter(())
