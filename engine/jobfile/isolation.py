"""What the steps of a workstream say of its isolation: a workstream has one worktree, so they must agree. Pure."""

from collections.abc import Sequence
from typing import Any

from engine.errors import JobFileError
from engine.jobfile.spec import JobSpec

OF_WORKSTREAM = ("isolation", "base", "fetch", "review")
"""The fields of `metadata` that hold for a whole workstream."""


def agreed(field: str, specs: Sequence[JobSpec]) -> Any:
    """What the jobs of one workstream that say something of a field of `metadata` say; None where none does.

    Raises:
        JobFileError: two of them disagree; it names both.
    """
    first: JobSpec | None = None
    for spec in specs:
        value = getattr(spec.metadata, field)
        if value is None:
            continue
        if first is None:
            first = spec
        elif getattr(first.metadata, field) != value:
            raise JobFileError(_disagreement(field, first, spec), field=f"metadata.{field}")
    return None if first is None else getattr(first.metadata, field)


def disagreement(specs: Sequence[JobSpec]) -> JobFileError | None:
    """Where the jobs of one workstream disagree on what holds for all of it."""
    try:
        for field in OF_WORKSTREAM:
            agreed(field, specs)
    except JobFileError as error:
        return error
    return None


def _disagreement(field: str, first: JobSpec, second: JobSpec) -> str:
    sides = [f"{spec.name} ({spec.job_id}) says {_written(spec, field)}" for spec in (first, second)]
    return f"{sides[0]}, but {sides[1]}; all steps of workstream {first.workstream_id} must say the same"


def _written(spec: JobSpec, field: str) -> str:
    value = getattr(spec.metadata, field)
    return str(value).lower() if isinstance(value, bool) else str(value)
