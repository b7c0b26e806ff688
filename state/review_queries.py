"""Reads what a review of finished work is judged by: its steps, what their attempts found, comments and marks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from state import conflict_queries, merge_queries, queries, rows, worktree_queries
from state.records import Attempt, Job, Workstream, WorkstreamFile, nothing
from state.shown_names import ShownNames
from state.tables import step_attempts
from state.worktree_records import Merge, PredictedConflict, ReviewComment, ViewedFile, Worktree

_METADATA = (
    func.json_extract(step_attempts.c.result_json, "$.metadata.tests").label("tests_json"),
    func.json_extract(step_attempts.c.result_json, "$.metadata.denied").label("denied_json"),
    func.json_extract(step_attempts.c.result_json, "$.metadata.answer").label("answer"),
)
_PLAIN = [column for column in step_attempts.c if column.name != "result_json"]


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptFindings:
    """What one attempt found: the numbers of its tests, what its tool was not allowed to do, and its final answer."""

    attempt: Attempt
    tests: Mapping[str, Any] = field(default_factory=nothing)
    denied: Sequence[str] = ()
    answer: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewRows:
    """A workstream under review, and everything that is known of its work besides the diff.

    `attempts` are those of all of its steps in the order of their starts, `specs` their job files by their ids,
    `merge` its newest place in a merge queue, `merged` the last that has moved its target, `rivals` what was merged
    before and has changed the files that it conflicts in, `conflicts` those that are predicted for it, and `names`
    what it and its rivals are called.
    """

    stream: Workstream
    tree: Worktree | None = None
    jobs: Sequence[Job] = ()
    specs: Mapping[str, Mapping[str, Any]] = field(default_factory=nothing)
    attempts: Sequence[AttemptFindings] = ()
    files: Sequence[WorkstreamFile] = ()
    comments: Sequence[ReviewComment] = ()
    viewed: Sequence[ViewedFile] = ()
    merge: Merge | None = None
    merged: Merge | None = None
    rivals: Sequence[str] = ()
    conflicts: Sequence[PredictedConflict] = ()
    names: ShownNames = field(default_factory=ShownNames, compare=False)


def review_rows(connection: Connection, stream: Workstream) -> ReviewRows:
    """What is known of a workstream's work."""
    run_id, ws_id = stream.key
    steps = queries.jobs_of_workstream(connection, run_id, ws_id)
    ids = [job.job_id for job in steps]
    merge = worktree_queries.newest_merge(connection, run_id, ws_id)
    conflicts = conflict_queries.predicted_conflicts(connection, of=stream.key)
    names = queries.names_of(connection, [stream.key, *(key for one in conflicts for key in one.workstreams)])
    return ReviewRows(
        stream=stream,
        tree=worktree_queries.find_worktree(connection, run_id, ws_id),
        jobs=steps,
        specs=queries.job_specs(connection, ids),
        attempts=_findings(connection, ids),
        files=queries.files_of_workstream(connection, run_id, ws_id),
        comments=worktree_queries.comments_of(connection, run_id, ws_id),
        viewed=worktree_queries.viewed_of(connection, run_id, ws_id),
        merge=merge,
        merged=None if merge is None else worktree_queries.last_merged(connection, run_id, ws_id),
        rivals=() if merge is None or not merge.files else merge_queries.rivals_of(connection, merge),
        conflicts=conflicts,
        names=names,
    )


def _findings(connection: Connection, job_ids: Sequence[str]) -> list[AttemptFindings]:
    """The attempts of these jobs without their output, which may be long."""
    query = select(*_PLAIN, *_METADATA).where(step_attempts.c.job_id.in_(job_ids))
    return [
        AttemptFindings(
            attempt=rows.attempt(row),
            tests=_loaded(row["tests_json"], dict) or {},
            denied=[str(one) for one in _loaded(row["denied_json"], list) or ()],
            answer=row["answer"] if isinstance(row["answer"], str) else "",
        )
        for row in connection.execute(query.order_by(step_attempts.c.id)).mappings()
    ]


def _loaded(text: str | None, kind: type[Any]) -> Any:
    value = None if text is None else json.loads(text)
    return value if isinstance(value, kind) else None
