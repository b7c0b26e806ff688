"""Reads for the timeline: the attempts of some hours, what made jobs wait, and how much of quotas was used."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from state import rows
from state.event_queries import latest_event_id, oldest_event_id
from state.job_select import ATTEMPT_COLUMNS
from state.records import Attempt
from state.tables import RUNS, engines, events, jobs, step_attempts

_JOB_MOVES = ("held", "queued", "running", "completed", "failed", "timeout", "cancelled", "skipped")
_STREAM_MOVES = ("quarantined", "review", "merging", "merged", "discarded", "sent_back")
TIMELINE_EVENTS = (
    *(f"job.{move}" for move in _JOB_MOVES),
    *(f"workstream.{move}" for move in _STREAM_MOVES),
    "run.created",
    "hold.set",
    "hold.lifted",
    "engine.started",
    "engine.stopped",
    "engine.slept",
    "engine.lost",
    "engine.clock_set_ahead",
    "engine.clock_set_back",
    "engine.disk_low",
    "engine.disk_free",
    "tool.version_changed",
)
"""The types of the events that the timeline reads."""
_WITH_BEGIN = ("engine.slept", "engine.lost")
_MOST_ATTEMPTS = 6000
_MOST_EVENTS = 30_000


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineEvent:
    """An event, with the fields of the job or the hold after it that say why something waits.

    `hold_kind`, `hold_key` and `cause` belong to the hold of a ``hold.*`` event; in a ``job.*`` event `cause` is why
    the job is held. `until` is the end that either has.
    """

    id: int
    at: float
    event_type: str
    message: str = ""
    run_id: str | None = None
    ws_id: str | None = None
    job_id: str | None = None
    tool: str | None = None
    waits_for: str | None = None
    cause: str | None = None
    until: float | None = None
    hold_kind: str | None = None
    hold_key: str | None = None
    since: float | None = None
    """When a sleep of the machine began, which ended `at`, or when an engine that was found lost last did something."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UsageSample:
    """What one attempt reported at its end: `used` of the quota of a tool's account, and when that starts anew."""

    tool: str
    account: str | None
    at: float
    used: float
    resets_at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelinePast:
    """What happened since a moment, oldest first, and the last event that was read."""

    since: float
    attempts: tuple[Attempt, ...] = ()
    events: tuple[TimelineEvent, ...] = ()
    usage: tuple[UsageSample, ...] = ()
    lives: tuple[tuple[float, float | None], ...] = ()
    """From when to when engines lived; no end while one lives, or where its end is unknown."""
    cursor: int = 0


def past_since(connection: Connection, since: float) -> TimelinePast:
    """Everything the timeline shows of what happened since a moment."""
    first, ended = first_event_since(connection, since), step_attempts.c.completed_at >= since
    return TimelinePast(
        since=since,
        attempts=tuple(_attempts_where(connection, ended)),
        events=tuple(_events_from(connection, first)),
        usage=tuple(_usage_where(connection, ended)),
        lives=_lives_since(connection, since),
        cursor=latest_event_id(connection),
    )


def past_after(connection: Connection, past: TimelinePast) -> TimelinePast:
    """The same with what happened after it was read."""
    cursor = latest_event_id(connection)
    if cursor == past.cursor:
        return past
    ended = _ended_after(past)
    attempts = {one.id: one for one in (*past.attempts, *_attempts_where(connection, ended))}
    usage = {(one.tool, one.account, one.at, one.resets_at): one for one in past.usage}
    for sample in _usage_where(connection, ended):
        usage[sample.tool, sample.account, sample.at, sample.resets_at] = sample
    return TimelinePast(
        since=past.since,
        attempts=tuple(attempts.values()),
        events=(*past.events, *_events_from(connection, past.cursor + 1)),
        usage=tuple(usage.values()),
        lives=_lives_since(connection, past.since),
        cursor=cursor,
    )


def last_start(connection: Connection, before: float) -> float | None:
    """When the newest attempt before a moment began; None where there is none."""
    query = (
        select(step_attempts.c.started_at)
        .where(step_attempts.c.started_at < before)
        .order_by(step_attempts.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def first_event_since(connection: Connection, since: float) -> int:
    """The id of the first event at or after a moment, past the last one if there is none: found by halving.

    The times of events have no index, but they grow with the ids, save where a clock was set back.
    """
    low, high = oldest_event_id(connection), latest_event_id(connection) + 1
    while low < high:
        middle = (low + high) // 2
        query = select(events.c.at).where(events.c.id >= middle).order_by(events.c.id).limit(1)
        at = connection.execute(query).scalar()
        if at is None or at >= since:
            high = middle
        else:
            low = middle + 1
    return low


def _ended_after(past: TimelinePast) -> ColumnElement[bool]:
    """Which attempts have ended since the past was read: also those that ended earlier by a clock that was set back."""
    newest = max((one.completed_at or one.started_at for one in past.attempts), default=past.since)
    running = [one.id for one in past.attempts if one.completed_at is None]
    since_then = or_(step_attempts.c.completed_at >= newest, step_attempts.c.id.in_(running))
    last = max((one.id for one in past.attempts), default=None)
    return since_then if last is None else or_(since_then, step_attempts.c.id > last)


def _attempts_where(connection: Connection, ended: ColumnElement[bool]) -> Iterable[Attempt]:
    """Those that run, and those that have ended, in the order of their starts."""
    query = (
        select(*ATTEMPT_COLUMNS)
        .where(or_(ended, RUNS))
        .order_by(step_attempts.c.id.desc())
        .limit(_MOST_ATTEMPTS)
    )
    return [rows.attempt(row) for row in connection.execute(query).mappings()][::-1]


def _events_from(connection: Connection, first: int) -> Iterable[TimelineEvent]:
    payload = events.c.payload_json

    def stored(place: str) -> Any:
        return case((func.json_valid(payload) == 1, func.json_extract(payload, place)))

    query = (
        select(
            *(events.c[name] for name in _EVENT_FIELDS),
            stored("$.job.waits_for").label("waits_for"),
            func.coalesce(stored("$.job.hold_cause"), stored("$.hold.cause")).label("cause"),
            func.coalesce(stored("$.job.not_before"), stored("$.hold.until")).label("until"),
            stored("$.hold.kind").label("hold_kind"),
            stored("$.hold.key").label("hold_key"),
            case((events.c.event_type.in_(_WITH_BEGIN), stored("$.since"))).label("since"),
        )
        .where(events.c.id >= first, events.c.event_type.in_(TIMELINE_EVENTS))
        .order_by(events.c.id.desc())
        .limit(_MOST_EVENTS)
    )
    return [TimelineEvent(**row) for row in connection.execute(query).mappings()][::-1]


_EVENT_FIELDS = ("id", "at", "event_type", "message", "run_id", "ws_id", "job_id", "tool")


def _lives_since(connection: Connection, since: float) -> tuple[tuple[float, float | None], ...]:
    query = (
        select(engines.c.started_at, engines.c.stopped_at)
        .where(or_(engines.c.stopped_at.is_(None), engines.c.stopped_at >= since))
        .order_by(engines.c.started_at)
    )
    return tuple((row.started_at, row.stopped_at) for row in connection.execute(query))


def _usage_where(connection: Connection, ended: ColumnElement[bool]) -> Iterable[UsageSample]:
    """Of several windows that an attempt reports the one that starts anew first."""
    stored, place = step_attempts.c.result_json, "$.metadata.windows"
    is_list = func.json_type(stored, place) == "array"
    reported = case((func.json_valid(stored) == 1, case((is_list, func.json_extract(stored, place)))))
    account = func.coalesce(step_attempts.c.account, jobs.c.account)
    query = (
        select(step_attempts.c.tool, account, step_attempts.c.completed_at, reported)
        .join(jobs, jobs.c.job_id == step_attempts.c.job_id)
        .where(and_(ended, step_attempts.c.completed_at.is_not(None), reported.is_not(None)))
        .order_by(step_attempts.c.completed_at)
    )
    for tool, name, at, windows in connection.execute(query):
        known = [one for one in json.loads(windows) if _is_known(one)]
        if known:
            first = min(known, key=lambda one: float(one["resets_at"]))
            yield UsageSample(
                tool=tool, account=name, at=at, used=float(first["used"]), resets_at=float(first["resets_at"])
            )


def _is_known(window: object) -> bool:
    if not isinstance(window, dict):
        return False
    return all(isinstance(window.get(name), int | float) for name in ("used", "resets_at"))
