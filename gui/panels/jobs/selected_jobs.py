"""What several selected jobs are together, and what can be done with all of them. Pure functions."""

from collections.abc import Sequence

from engine.scheduling.buckets import standing_of_job
from gui.control.bulk_verbs import BULK_COMMANDS, bulk_verbs
from gui.data.bucket_captions import bucket_counts
from gui.data.cost_captions import cost_caption
from gui.data.job_actions import fitting
from gui.widgets.bulk_bar import BulkSelection
from state.costs import total_cost
from state.records import Job


def selection_of(jobs: Sequence[Job], all_count: int) -> BulkSelection:
    """What the bar shows for these selected jobs, of so many that pass the filter."""
    found = bulk_verbs(len(jobs), {command: len(fitting(command, jobs)) for command in BULK_COMMANDS})
    return BulkSelection(
        selected=len(jobs),
        all_count=all_count,
        what=_what(jobs),
        left_out=found.left_out,
        verbs=found.verbs,
    )


def _what(jobs: Sequence[Job]) -> str:
    parts = bucket_counts(standing_of_job(job).bucket for job in jobs)
    cost = cost_caption(total_cost(job.cost for job in jobs))
    return ", ".join([*parts, cost] if cost else parts)
