"""What can be done with several cards at once, and what they are together. Pure functions."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from engine.scheduling.buckets import Bucket
from gui.control.bulk_verbs import bulk_verbs
from gui.data.bucket_captions import bucket_counts
from gui.data.card import BoardColumn, Card
from gui.data.cost_captions import cost_caption
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
    parts = bucket_counts(_BUCKETS[card.column] for card in cards)
    cost = cost_caption(total_cost(Cost.of(card.cost, card.cost_source) for card in cards))
    return ", ".join([*parts, cost] if cost else parts)


_BUCKETS: Mapping[BoardColumn, Bucket] = {
    BoardColumn.WAITING: Bucket.WAITING,
    BoardColumn.RUNNING: Bucket.RUNNING,
    BoardColumn.NEEDS_YOU: Bucket.NEEDS_YOU,
    BoardColumn.DECIDE: Bucket.NEEDS_YOU,
    BoardColumn.REVIEW: Bucket.NEEDS_YOU,
    BoardColumn.DONE: Bucket.DONE,
}
