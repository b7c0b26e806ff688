"""What in a batch of changes is worth a mark on a panel that nobody sees; the one rule for every panel. No widgets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.scheduling.buckets import needs_person
from gui.data.projection import Projection, ProjectionChanges
from gui.translation import tr_count
from state.records import GroupStatus, Job, JobStatus

_WAITS = f"workstream.{GroupStatus.REVIEW}"
_CONFLICT = "conflict.predicted"
_ERROR = "error"


@dataclass(frozen=True, slots=True)
class News:
    """One thing that a panel has to show; what comes twice with the same key is new once."""

    panel: str
    key: object


def news_in(changes: ProjectionChanges, projection: Projection) -> Iterator[News]:
    """What these changes bring to panels, as it is now: what has gone back to normal meanwhile is no news."""
    for event in changes.events:
        key = (event.run_id or "", event.ws_id or "")
        if event.level == _ERROR:
            yield News("logs", event.id)
        if event.event_type == _CONFLICT:
            conflict = event.payload.get("conflict", {})
            yield from _conflict_news(conflict, projection)
        stream = projection.workstreams.get(key)
        if event.event_type == _WAITS and stream is not None and stream.status is GroupStatus.REVIEW:
            yield News("review", key)
            yield News("workstreams", key)
        job = projection.jobs.get(event.job_id or "")
        if job is not None and event.event_type == f"job.{job.status}" and _is_bad(job):
            yield News("workstreams", (job.run_id, job.ws_id))


def news_sentence(panel: str, count: int) -> str:
    """What the mark of a panel says."""
    match panel:
        case "logs":
            return tr_count("{n} new error", "{n} new errors", count)
        case "radar":
            return tr_count("{n} new conflict", "{n} new conflicts", count)
        case "review":
            return tr_count("{n} new review", "{n} new reviews", count)
        case _:
            return tr_count("{n} card failed or needs you", "{n} cards failed or need you", count)


def _conflict_news(conflict: Mapping[str, object], projection: Projection) -> Iterator[News]:
    key = tuple(str(conflict.get(name, "")) for name in ("run_id", "ws_id", "other_run_id", "other_ws_id"))
    if key in projection.conflicts:
        yield News("radar", key)


def _is_bad(job: Job) -> bool:
    return needs_person(job) or job.status in {JobStatus.FAILED, JobStatus.TIMEOUT}
