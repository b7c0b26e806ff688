"""What can be done with several cards at once, and what they are together. Pure functions."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from engine.host.command_kind import CommandKind
from engine.host.commands import CancelJobs, HoldJobs, ReleaseJobs, RetryJobs, SkipJobs
from engine.system.cost_text import cost_caption
from gui.data.card import BoardColumn, Card
from gui.widgets.bulk_bar import BulkSelection, BulkVerb
from state.command_table import JobCommand
from state.costs import Cost, total_cost

_KINDS: Sequence[tuple[CommandKind, str]] = (
    (HoldJobs.kind, "hold"),
    (ReleaseJobs.kind, "release"),
    (RetryJobs.kind, "retry"),
    (SkipJobs.kind, "skip"),
    (CancelJobs.kind, "cancel"),
)
_WORDS = {
    BoardColumn.WAITING: ("waits", "wait"),
    BoardColumn.RUNNING: ("runs", "run"),
    BoardColumn.DECIDE: ("needs a decision", "need a decision"),
    BoardColumn.REVIEW: ("waits for review", "wait for review"),
    BoardColumn.DONE: ("is done", "are done"),
}


BULK_COMMANDS = tuple(kind.job_command for kind, _ in _KINDS if kind.job_command is not None)
"""The commands that the bar may offer."""


def bulk_selection(
    cards: Sequence[Card], all_count: int, *, fits: Callable[[Card], Collection[JobCommand]]
) -> BulkSelection:
    """What the bar shows for these selected cards; a verb that fits none of them is absent."""
    fitting = Counter(command for card in cards for command in fits(card))
    verbs: list[BulkVerb] = []
    left_out: list[str] = []
    for kind, icon in _KINDS:
        command = kind.job_command
        number = fitting[command] if command is not None else 0
        if not number:
            continue
        word = kind.title.rstrip("…")
        verbs.append(BulkVerb(kind.name, word, number, icon, is_danger=kind is CancelJobs.kind))
        if number < len(cards) and kind is not SkipJobs.kind:
            left_out.append(f"{len(cards) - number:,} cannot be {kind.participle}")
    return BulkSelection(
        selected=len(cards),
        all_count=all_count,
        what=_what(cards),
        left_out=", ".join(left_out) if verbs else "Nothing applies to all of them now",
        verbs=tuple(verbs),
    )


def _what(cards: Sequence[Card]) -> str:
    counted = Counter(card.column for card in cards)
    parts = [
        f"{counted[column]:,} {words[counted[column] != 1]}"
        for column, words in _WORDS.items()
        if counted[column]
    ]
    cost = cost_caption(total_cost(Cost.of(card.cost, card.cost_source) for card in cards))
    return ", ".join([*parts, cost] if cost else parts)
