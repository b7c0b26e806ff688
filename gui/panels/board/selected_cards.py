"""What can be done with several cards at once, and what they are together. Pure functions."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from gui.control.bulk_verbs import bulk_verbs
from gui.data.card import BoardColumn, Card
from gui.data.cost_captions import cost_caption
from gui.translation import tr_count
from gui.widgets.bulk_bar import BulkSelection
from state.command_table import JobCommand
from state.costs import Cost, total_cost


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
    parts = [_counted(column, counted[column]) for column in BoardColumn if counted[column]]
    cost = cost_caption(total_cost(Cost.of(card.cost, card.cost_source) for card in cards))
    return ", ".join([*parts, cost] if cost else parts)


def _counted(column: BoardColumn, number: int) -> str:
    match column:
        case BoardColumn.WAITING:
            return tr_count("{n} waits", "{n} wait", number)
        case BoardColumn.RUNNING:
            return tr_count("{n} runs", "{n} run", number)
        case BoardColumn.REVIEW:
            return tr_count("{n} waits for review", "{n} wait for review", number)
        case BoardColumn.DONE:
            return tr_count("{n} is done", "{n} are done", number)
        case _:
            return tr_count("{n} needs a decision", "{n} need a decision", number)
