"""Converts rows to records and back; the only module that knows which columns contain JSON."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from state.attempt_results import whole_result
from state.codec import record_from_json
from state.database_errors import DamagedRecordError
from state.records import (
    Attempt,
    CallbackRun,
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
from state.worktree_records import (
    Merge,
    PredictedConflict,
    ReviewComment,
    ViewedFile,
    Worktree,
    WorktreeSnapshot,
)

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

Row: TypeAlias = "RowMapping | Mapping[str, Any]"
R = TypeVar("R")
T = TypeVar("T")

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def dump(value: object) -> str:
    """JSON text as stored in the database: compact, and without NaN, which no other reader of JSON knows."""
    try:
        return _ENCODER.encode(value)
    except (ValueError, TypeError, RecursionError):
        return _ENCODER.encode(storable(value))


def run(row: Row) -> Run:
    """A run from its row."""
    return record(Run, row, lambda: {**row, "metadata": _plain(row, "metadata_json", dict)})


def workstream(row: Row) -> Workstream:
    """A workstream from its row."""
    return record(Workstream, row)


def job(row: Row, depends_on: tuple[str, ...] = ()) -> Job:
    """A job from its row and the ids it depends on."""

    def values() -> Mapping[str, Any]:
        scope = () if row["files_scope_json"] == "[]" else _plain(row, "files_scope_json", list)
        labels = () if row["labels_json"] == "[]" else _plain(row, "labels_json", list)
        return {**row, "depends_on": depends_on, "files_scope": scope, "labels": labels}

    return record(Job, row, values)


def attempt(row: Row) -> Attempt:
    """An attempt from its row; `result` is empty if the row was read without its JSON."""
    return record(
        Attempt,
        row,
        lambda: {**row, "result": _result(row) if row.get("result_json") else {}},
    )


def _result(row: Row) -> dict[str, Any]:
    return whole_result(_plain(row, "result_json", dict), row)  # type: ignore[arg-type]  # a row is a mapping


def event(row: Row) -> Event:
    """An event from its row."""
    return record(Event, row, lambda: {**row, "payload": _plain(row, "payload_json", dict)})


def file(row: Row) -> WorkstreamFile:
    """A file of a workstream from its row."""
    return record(WorkstreamFile, row)


def engine(row: Row) -> Engine:
    """An engine from its row."""
    return record(Engine, row)


def hold(row: Row) -> Hold:
    """A hold from its row."""
    return record(Hold, row)


def limit(row: Row) -> Limit:
    """A limit from its row."""
    return record(Limit, row)


def error(row: Row) -> ErrorCount:
    """A counted error from its row."""
    return record(ErrorCount, row)


def callback(row: Row) -> CallbackRun:
    """A command at the end of a job from its row."""
    return record(CallbackRun, row)


def worktree(row: Row) -> Worktree:
    """A worktree from its row."""
    return record(Worktree, row)


def tree_snapshot(row: Row) -> WorktreeSnapshot:
    """A snapshot of a worktree from its row."""
    return record(WorktreeSnapshot, row, lambda: {**row, "left_out": _plain(row, "left_out_json", list)})


def merge(row: Row) -> Merge:
    """A merge from its row."""
    return record(Merge, row, lambda: {**row, "files": _plain(row, "files_json", list)})


def predicted_conflict(row: Row) -> PredictedConflict:
    """A predicted conflict from its row."""
    return record(PredictedConflict, row, lambda: {**row, "files": _plain(row, "files_json", list)})


def review_comment(row: Row) -> ReviewComment:
    """A review comment from its row."""
    return record(ReviewComment, row)


def viewed_file(row: Row) -> ViewedFile:
    """A viewed file from its row."""
    return record(ViewedFile, row)


def files_scope(job_id: str, text: object) -> tuple[str, ...]:
    """The files of a job from the JSON in its row."""
    return tuple(_plain({"job_id": job_id, "files_scope_json": text}, "files_scope_json", list))


def spec(job_id: str, text: object) -> dict[str, Any]:
    """The spec of a job from the JSON in its row."""
    return {"job_id": job_id, **_plain({"job_id": job_id, "spec_json": text}, "spec_json", dict)}


def record(kind: type[R], row: Row, values: Callable[[], Mapping[str, Any]] | None = None) -> R:
    """A record from a row that has all of its fields but those that may be left out.

    Raises:
        DamagedRecordError: a value is none that its field can have; the message says where it is.
    """
    try:
        return record_from_json(kind, dict(row) if values is None else values())
    except DamagedRecordError as error:
        raise error.at(_place(row)) from None


def _plain(row: Row, column: str, needed: type[T]) -> T:
    """The JSON in a column.

    Raises:
        DamagedRecordError: it is no JSON, or of another kind.
    """
    try:
        value = json.loads(row[column])
    except (ValueError, TypeError, RecursionError):
        value = None
    if isinstance(value, needed):
        return value
    words = "JSON with a mapping" if needed is dict else "JSON with a list"
    raise DamagedRecordError("row", column, row[column], words, place=_place(row))


_KEYS = ("job_id", "id", "number", "run_id", "ws_id", "path", "kind", "key", "engine_id", "signature")


def _place(row: Row) -> str:
    """What leads to a row: whatever names it, of all its columns."""
    return ", ".join(f"{name} {row[name]!r}" for name in _KEYS if row.get(name) is not None)


def job_values(record: Job, spec: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a new job; the database assigns its `seq`."""
    own_id = ("job_id", record.job_id)
    return {
        **{name: getattr(record, name) for name in _JOB_COLUMNS},
        "files_scope_json": dump(list(record.files_scope)),
        "labels_json": dump(list(record.labels)),
        "spec_json": dump({name: value for name, value in spec.items() if (name, value) != own_id}),
    }


def job_columns(changed: Mapping[str, Any]) -> Mapping[str, Any]:
    """The columns of fields of a job that have changed."""
    if "labels" not in changed:
        return changed
    others = {name: value for name, value in changed.items() if name != "labels"}
    return {**others, "labels_json": dump(list(changed["labels"]))}


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
    "summary",
    "queue_position",
    "scope_root",
    "hold_cause",
    "rung",
    "note",
)
