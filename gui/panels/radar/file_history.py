"""Read the last events of a file, or of a whole workstream, for the inspector."""

from collections.abc import Sequence

from gui.data.readers import Readers
from gui.panels.radar.file_facts import newest
from gui.panels.radar.pipeline_map import relevant_jobs
from state import event_queries
from state.database_errors import DatabaseError
from state.records import Event, Job

_MOST = 60
_MOST_JOBS = 8


def read_history(sources: Readers, jobs: Sequence[Job], path: str | None) -> list[Event] | None:
    """The events of the last jobs of a workstream that cover this path; None while the database is busy."""
    covering = jobs if path is None else relevant_jobs(jobs, path)
    events: list[Event] = []
    for job in covering[-_MOST_JOBS:]:
        try:
            events += sources.reader.read(event_queries.events_of_job, job.job_id, _MOST // 2)
        except DatabaseError:
            return None
    return newest(events, _MOST)
