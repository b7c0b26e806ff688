"""What panels show of workstreams of which only the totals were read. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from engine.scheduling.buckets import needs_person
from gui.data.card import BoardColumn
from gui.data.card_columns import column_of
from gui.data.job_display import job_state
from state.costs import Cost, total_cost
from state.records import OlderWorkstream


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownOlder:
    """One of them: where its card would be, and the shown states of its jobs."""

    run_id: str
    column: BoardColumn
    states: Sequence[tuple[str, int]]
    """Each with the number of its jobs."""
    needing: Sequence[str]
    """Those that need a person."""
    cost: Cost


def shown_older(older: OlderWorkstream) -> ShownOlder:
    """What is shown of this one."""
    totals = sorted(older.jobs, key=attrgetter("first_seq"))
    jobs = [total.like for total in totals]
    return ShownOlder(
        run_id=older.workstream.run_id,
        column=column_of(older.workstream, jobs, merge=older.merge, is_between_steps=False),
        states=tuple((job_state(total.like, None), total.number) for total in totals),
        needing=tuple(job_state(job, None) for job in jobs if needs_person(job)),
        cost=total_cost(total.cost for total in totals),
    )
