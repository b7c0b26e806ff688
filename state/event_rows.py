"""Builds the row of an event: what it is about, and a payload with the records as they are after the change.

Of a job and its attempt the payload has what their rows do not say (`event_payloads`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from state import rows
from state.codec import record_to_json
from state.event_payloads import stored
from state.records import Job, WorkstreamFile

_PLACE = ("run_id", "ws_id", "job_id", "tool")
_USUAL = {field.name: field.default for field in fields(Job) if field.name in _PLACE}
"""What a job has in these where nothing else is said; the row of an event does not repeat it."""
_PLAIN = frozenset({"exit_code", "duration_s"})


def event_row(
    event_type: str,
    message: str,
    *,
    at: float,
    level: str = "info",
    extra: Mapping[str, Any] | None = None,
    where: Mapping[str, str | None] | None = None,
    files: Sequence[WorkstreamFile] = (),
    **details: Any,
) -> dict[str, Any]:
    """The columns of an event.

    `details` are records by their names in the payload (`job`, `attempt`, `hold`…), or `exit_code` and `duration_s`;
    `extra` is added to the payload as it is. What an event is about follows from the records unless `where` says it.
    """
    payload: dict[str, Any] = dict(extra or {})
    place: dict[str, Any] = dict(where or {})
    job, attempt = details.pop("job", None), details.get("attempt")
    if job is not None:
        details.pop("attempt", None)
        for name in _PLACE:
            if (value := getattr(job, name)) != _USUAL.get(name):
                place.setdefault(name, value)
    for name, value in details.items():
        if name in _PLAIN:
            payload[name] = value
            continue
        payload[name] = record_to_json(value, sparse=True)
        payload[name].pop("result", None)  # of an attempt: it may be large, and its row has it
        for column in _PLACE:
            if column in payload[name]:
                place.setdefault(column, payload[name][column])
    if files:
        payload["files"] = [record_to_json(file, sparse=True) for file in files]
    if job is not None:
        payload = stored(event_type, payload, job, attempt)
    return {
        **dict.fromkeys(_PLACE), **place, "at": at, "event_type": event_type, "level": level, "message": message,
        "payload_json": rows.dump(payload), "attempt_id": None if attempt is None else attempt.id,
    }  # fmt: skip
