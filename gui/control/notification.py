"""Turn folded events into the few notifications worth showing to a user who is elsewhere. Shows nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum

from engine.scheduling.buckets import needs_person
from gui.data.named_sentences import shown_sentence
from gui.translation import tr, tr_count, tr_recorded
from state.records import Event, GroupStatus, Job, JobStatus, Workstream
from state.shown_names import ShownNames

MOST_NAMED = 3
NO_WORKSTREAMS: Mapping[tuple[str, str], Workstream] = {}
_WAITS = f"workstream.{GroupStatus.REVIEW}"


class NotificationKind(StrEnum):
    """The kinds of notifications, each of which can be switched off."""

    NEEDS_YOU = "needs_you"
    FAILED = "failed"
    DONE = "done"
    IDLE = "idle"


_STATE = {
    NotificationKind.NEEDS_YOU: "needsyou",
    NotificationKind.FAILED: "failed",
    NotificationKind.DONE: "completed",
    NotificationKind.IDLE: "completed",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Notification:
    """One notification; a click on it opens its job, if it has one."""

    kind: NotificationKind
    title: str
    text: str = ""
    job_id: str | None = None
    workstream: tuple[str, str] | None = None
    """What waits for review; a click opens it there."""
    name: str = ""
    """What the job or the workstream is called."""

    @property
    def state(self) -> str:
        """The state whose glyph it shows."""
        return _STATE[self.kind]


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """When no notifications are shown, in local time; may span midnight. None at either end means no quiet hours."""

    start: time | None = None
    end: time | None = None

    @classmethod
    def between(cls, start: str, end: str) -> "QuietHours":
        """Quiet hours from texts such as 22:00 and 7:00; none if either is not a time."""
        try:
            return cls(start=_time(start), end=_time(end))
        except ValueError:
            return cls()

    def holds(self, now: datetime) -> bool:
        """Whether `now` is within the quiet hours."""
        if self.start is None or self.end is None or self.start == self.end:
            return False
        at = now.time()
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def notifications_of(
    events: Iterable[Event],
    jobs: Mapping[str, Job],
    workstreams: Mapping[tuple[str, str], Workstream] = NO_WORKSTREAMS,
    names: ShownNames | None = None,
) -> list[Notification]:
    """The notifications for these events: at most one per job or workstream, for its current state."""
    found: dict[str, Notification] = {}
    names = names or ShownNames(workstreams)
    for event in events:
        stream = workstreams.get((event.run_id or "", event.ws_id or ""))
        if event.event_type == _WAITS and stream is not None and stream.status is GroupStatus.REVIEW:
            found[f"{stream.run_id}/{stream.ws_id}"] = _waits_for_review(stream, names)
        job = jobs.get(event.job_id or "")
        if job is None or not event.event_type.startswith("job."):
            continue
        notice = _notice(event, job, names.job(job), shown_sentence(event.message, jobs, names))
        if notice is not None:
            found[job.job_id] = notice
    return list(found.values())


def gathered(notices: Sequence[Notification]) -> list[Notification]:
    """Merge many notifications of one kind into one, so that a night's work is not a hundred pop-ups."""
    merged = []
    for kind in NotificationKind:
        mine = [notice for notice in notices if notice.kind is kind]
        if len(mine) <= MOST_NAMED:
            merged += mine
            continue
        names = ", ".join(notice.name for notice in mine[:MOST_NAMED])
        more = len(mine) - MOST_NAMED
        text = tr_count("{names} and {n} more", "{names} and {n} more", more, names=names)
        merged.append(replace(mine[0], title=_title(kind, mine), text=text))
    return merged


def _title(kind: NotificationKind, notices: Sequence[Notification]) -> str:
    """What many notifications have in common, with their number."""
    number = len(notices)
    of_jobs = {notice.job_id is not None for notice in notices}
    if len(of_jobs) > 1:
        counted = tr("{number:,} jobs and workstreams", number=number)
    elif of_jobs == {True}:
        counted = tr_count("{n} job", "{n} jobs", number)
    else:
        counted = tr_count("{n} workstream", "{n} workstreams", number)
    match kind:
        case NotificationKind.NEEDS_YOU:
            return tr("{counted} need you", counted=counted)
        case NotificationKind.FAILED:
            return tr("{counted} failed", counted=counted)
        case _:
            return tr("{counted} are done", counted=counted)


def _waits_for_review(stream: Workstream, names: ShownNames) -> Notification:
    name, run = names.distinct(stream.key), names.run(stream.run_id)
    return Notification(
        kind=NotificationKind.NEEDS_YOU,
        title=tr("{name} waits for review", name=name),
        text=run if run not in {name, stream.run_id} else "",
        name=name,
        workstream=stream.key,
    )


def _notice(event: Event, job: Job, name: str, message: str) -> Notification | None:
    if event.event_type == "job.alarm":
        return Notification(
            kind=NotificationKind.NEEDS_YOU,
            title=tr("{name} set off an alarm", name=name),
            text=message,
            job_id=job.job_id,
            name=name,
        )
    if event.event_type != f"job.{job.status}":
        return None  # its state has changed since
    match job.status:
        case JobStatus.COMPLETED:
            return Notification(
                kind=NotificationKind.DONE,
                title=tr("{name} is done", name=name),
                text=tr_recorded(job.summary),
                job_id=job.job_id,
                name=name,
            )
        case JobStatus.FAILED | JobStatus.TIMEOUT if not job.quarantined:
            failed = job.status is JobStatus.FAILED
            return Notification(
                kind=NotificationKind.FAILED,
                title=tr("{name} failed", name=name) if failed else tr("{name} timed out", name=name),
                text=tr_recorded(job.summary),
                job_id=job.job_id,
                name=name,
            )
        case _ if needs_person(job):
            reason = tr_recorded(job.hold_reason or job.summary)
            return Notification(
                kind=NotificationKind.NEEDS_YOU,
                title=tr("{name} needs you", name=name),
                text=reason,
                job_id=job.job_id,
                name=name,
            )
        case _:
            return None


def _time(text: str) -> time | None:
    return datetime.strptime(text.strip(), "%H:%M").time() if text.strip() else None  # noqa: DTZ007 - a time of day
