"""How an event stores a job and its attempt: only what their rows do not say; and how such a payload is whole again.

The three events of a usual job would repeat its row three times and its attempt twice, four times what both take. So an
event keeps what moves (`_MOVING`), and that only where its type, its columns or its attempt do not say the same. What
the file of a job decides, and how an attempt began and ended, is read from the rows: an attempt never changes once it
has ended, and a file is replaced by an edit alone, which has an event of its own. Events of earlier releases are whole
as they are stored; those of jobs that were pruned have no records any more.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from state.attempt_queries import ATTEMPTS
from state.codec import record_to_json
from state.queries import JOBS
from state.records import Attempt, AttemptStatus, Event, Job
from state.sql_text import Connection, as_list, mappings

_OF_EVENT = ("run_id", "ws_id", "job_id")
_OF_FILE = (
    "seq", "step_name", "position", "stage", "group_name", "tree", "files_scope", "origin", "source_path", "digest",
    "created_at", "scope_root", "title",
)  # fmt: skip
"""What a job has from its file and from how it came in."""
_MOVING = frozenset(field.name for field in fields(Job)) - {*_OF_EVENT, *_OF_FILE, "status", "tool"}
_ALIKE = {
    "attempts": "number", "started_at": "started_at", "completed_at": "completed_at", "exit_code": "exit_code",
    "summary": "summary", "failure_class": "failure_class",
}  # fmt: skip
"""What a job usually has from the attempt in the same event, by the names both give it."""
_BEGUN_LATER = frozenset({"session_id", "resumes", "new_session"})
"""What may still change while an attempt runs."""
_ENDED = _BEGUN_LATER | {
    "completed_at", "exit_code", "duration_s", "failure_class", "summary", "cost_usd", "input_tokens", "cached_tokens",
    "output_tokens", "cost_source",
}  # fmt: skip
"""What an attempt has only once it has ended, or may change until then."""
_TOP = ("exit_code", "duration_s")
_DEFAULTS: Mapping[type, Mapping[str, Any]] = {
    kind: {field.name: field.default for field in fields(kind)} for kind in (Job, Attempt)
}


def stored(event_type: str, payload: Mapping[str, Any], job: Job, attempt: Attempt | None) -> dict[str, Any]:
    """The payload as it is stored; it has everything but the job and the attempt."""
    moving = record_to_json(job, sparse=True, names=_MOVING)
    kept: dict[str, Any] = dict(payload)
    if attempt is not None:
        for name, same in _ALIKE.items():
            value = getattr(job, name)
            if value == getattr(attempt, same):
                moving.pop(name, None)
            else:
                moving[name] = value  # although it may be the default: it is not that of the attempt
        is_running = attempt.status is AttemptStatus.RUNNING
        kept["attempt"] = {"status": attempt.status.value} if is_running else {}
        if is_running:
            kept["attempt"] |= record_to_json(attempt, sparse=True, names=_BEGUN_LATER)
        else:
            kept = {
                name: value
                for name, value in kept.items()
                if name not in _TOP or value != getattr(attempt, name)
            }
    if event_type != f"job.{job.status}":
        kept["status"] = job.status.value
    return {**kept, "job": moving}


def status_in(event_type: str, payload: Mapping[str, Any]) -> str:
    """The status of the job of a stored event."""
    return str(payload.get("status") or event_type.removeprefix("job."))


def with_records(connection: Connection, events: Sequence[Event]) -> list[Event]:
    """The events with whole records in their payloads."""
    short = [event for event in events if _is_short(event.payload)]
    if not short:
        return list(events)
    of_jobs = _job_rows(connection, {event.job_id for event in short})
    of_attempts = _attempt_rows(
        connection, {event.attempt_id for event in short if "attempt" in event.payload}
    )
    return [
        replace(event, payload=_whole(event, of_jobs.get(event.job_id), of_attempts.get(event.attempt_id)))
        if _is_short(event.payload)
        else event
        for event in events
    ]


def _is_short(payload: Mapping[str, Any]) -> bool:
    return isinstance(payload.get("job"), Mapping) and "job_id" not in payload


def _whole(
    event: Event, job_row: Mapping[str, Any] | None, attempt_row: Mapping[str, Any] | None
) -> dict[str, Any]:
    payload = dict(event.payload)
    job, attempt = dict(payload.pop("job")), payload.pop("attempt", None)
    status = status_in(event.event_type, payload)
    if attempt is not None and attempt_row is not None:
        attempt = _whole_attempt(attempt, attempt_row)
        if attempt["status"] != AttemptStatus.RUNNING:
            payload = {**{name: attempt.get(name) for name in _TOP}, **payload}
        job = {**{name: attempt[same] for name, same in _ALIKE.items() if same in attempt}, **job}
        payload["attempt"] = attempt
    if job_row is not None:
        place = {name: getattr(event, name) for name in (*_OF_EVENT, "tool")}
        payload["job"] = _sparse(Job, {**place, **job_row, "status": status, **job})
    tool = job.get("tool") or event.tool or _DEFAULTS[Job]["tool"]
    return {**payload, "job_id": event.job_id, "ws_id": event.ws_id, "tool": tool, "status": status}


def _whole_attempt(kept: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    if kept.get("status") != AttemptStatus.RUNNING:
        return dict(row)
    return {**{name: value for name, value in row.items() if name not in _ENDED}, **kept}


def _sparse(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without those that a record has by default."""
    defaults = _DEFAULTS[kind]
    return {
        name: value
        for name, value in values.items()
        if not (value is None or value == [] or value == defaults[name])
    }


def _job_rows(connection: Connection, job_ids: Iterable[str | None]) -> dict[str | None, dict[str, Any]]:
    found: dict[str | None, dict[str, Any]] = {}
    query = f"{JOBS} WHERE job_id IN (SELECT value FROM json_each(?))"
    for row in mappings(connection, query, (as_list(one for one in job_ids if one),)):
        values = {name: row[name] for name in _OF_FILE if name != "files_scope"}
        found[row["job_id"]] = {**values, "files_scope": _list(row["files_scope_json"])}
    return found


def _list(text: object) -> object:
    try:
        return [] if text == "[]" else json.loads(str(text))
    except ValueError:
        return text  # whoever reads the record says what is wrong with it


def _attempt_rows(connection: Connection, ids: Iterable[int | None]) -> dict[int | None, dict[str, Any]]:
    query = f"{ATTEMPTS} WHERE id IN (SELECT value FROM json_each(?))"
    found = mappings(connection, query, (as_list(one for one in ids if one),))
    return {row["id"]: _sparse(Attempt, row) for row in found}
