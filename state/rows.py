"""Converts rows to records and back; the only module that knows which columns contain JSON."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from state.codec import record_from_json
from state.records import (
    Attempt,
    Engine,
    ErrorCount,
    Event,
    Hold,
    Job,
    Limit,
    Run,
    Workstream,
    WorkstreamFile,
)
from state.storable import storable

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def dump(value: object) -> str:
    """JSON text as stored in the database: compact, and without NaN, which no other reader of JSON knows."""
    try:
        return _ENCODER.encode(value)
    except (ValueError, TypeError, RecursionError):
        return _ENCODER.encode(storable(value))


def run(row: RowMapping) -> Run:
    """A run from its row."""
    return record_from_json(Run, {**row, "metadata": json.loads(row["metadata_json"])})


def workstream(row: RowMapping) -> Workstream:
    """A workstream from its row."""
    return record_from_json(Workstream, dict(row))


def job(row: RowMapping, depends_on: tuple[str, ...] = ()) -> Job:
    """A job from its row and the ids it depends on."""
    scope = row["files_scope_json"]
    return record_from_json(
        Job,
        {**row, "depends_on": depends_on, "files_scope": () if scope == "[]" else json.loads(scope)},
    )


def attempt(row: RowMapping) -> Attempt:
    """An attempt from its row; `result` is empty if the row was read without its JSON."""
    text = row.get("result_json")
    return record_from_json(Attempt, {**row, "result": json.loads(text) if text else {}})


def event(row: RowMapping) -> Event:
    """An event from its row."""
    return record_from_json(Event, {**row, "payload": json.loads(row["payload_json"])})


def file(row: RowMapping) -> WorkstreamFile:
    """A file of a workstream from its row."""
    return record_from_json(WorkstreamFile, dict(row))


def engine(row: RowMapping) -> Engine:
    """An engine from its row."""
    return record_from_json(Engine, dict(row))


def hold(row: RowMapping) -> Hold:
    """A hold from its row."""
    return record_from_json(Hold, dict(row))


def limit(row: RowMapping) -> Limit:
    """A limit from its row."""
    return record_from_json(Limit, dict(row))


def error(row: RowMapping) -> ErrorCount:
    """A counted error from its row."""
    return record_from_json(ErrorCount, dict(row))


def job_values(record: Job, spec: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a new job; the database assigns its `seq`."""
    return {
        **{name: getattr(record, name) for name in _JOB_COLUMNS},
        "files_scope_json": dump(list(record.files_scope)),
        "spec_json": dump(dict(spec)),
    }


_JOB_COLUMNS = (
    "job_id",
    "run_id",
    "ws_id",
    "step_name",
    "position",
    "tool",
    "stage",
    "status",
    "priority",
    "group_name",
    "account",
    "tree",
    "origin",
    "source_path",
    "digest",
    "hold_reason",
    "quarantined",
    "attempts",
    "max_attempts",
    "interruptions",
    "not_before",
    "waits_for",
    "created_at",
    "queue_position",
    "scope_root",
    "hold_cause",
)
