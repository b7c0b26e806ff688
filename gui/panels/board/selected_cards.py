"""What can be done with several cards at once, and what they are together. Pure functions."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from engine.system.cost_text import cost_caption
from gui.control.bulk_verbs import bulk_verbs
from gui.data.card import BoardColumn, Card
from gui.widgets.bulk_bar import BulkSelection
from state.command_table import JobCommand
from state.costs import Cost, total_cost

_WORDS = {
    BoardColumn.WAITING: ("waits", "wait"),
    BoardColumn.RUNNING: ("runs", "run"),
    BoardColumn.DECIDE: ("needs a decision", "need a decision"),
    BoardColumn.REVIEW: ("waits for review", "wait for review"),
    BoardColumn.DONE: ("is done", "are done"),
}


def bulk_selection(
    cards: Sequence[Card], all_count: int, *, fits: Callable[[Card], Collection[JobCommand]]
) -> BulkSelection:
    """What the bar shows for these selected cards; a verb that fits none of them is absent."""
    fitting = Counter(command for card in cards for command in fits(card))
    found = bulk_verbs(len(cards), fitting)
    return BulkSelection(
        selected=len(cards),
        all_count=all_count,
        what=_what(cards),
        left_out=found.left_out,
        verbs=found.verbs,
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
