"""In which columns of the board workstreams stand of which only the totals were read. Pure functions."""

from collections import Counter
from collections.abc import Iterable

from gui.data.card import BoardColumn
from gui.data.card_columns import column_of
from state.records import OlderWorkstream


def older_columns(older: Iterable[OlderWorkstream]) -> Counter[BoardColumn]:
    """How many of these stand in each column."""
    return Counter(
        column_of(
            one.workstream,
            sorted((total.like for total in one.jobs), key=lambda job: job.seq),
            merge=one.merge,
            is_between_steps=False,
        )
        for one in older
    )
