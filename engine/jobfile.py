"""Reading job and pipeline files: from bytes to checked `JobSpec`s, or errors with line and field."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.errors import JobFileError
from engine.job_spec import JobSpec

__all__ = ["JobSpec", "job_from_mapping"]


def job_from_mapping(data: Mapping[str, Any], *, base: Path | None = None) -> JobSpec:
    """The job a dict in job-file form says; relative paths start at `base` (default: the current folder).

    Raises:
        JobFileError: what the dict says is not a job.
    """
    try:
        spec = JobSpec.model_validate(dict(data))
    except ValidationError as error:
        raise JobFileError(str(error)) from error
    return resolved(spec, base or Path.cwd())


def resolved(spec: JobSpec, base: Path) -> JobSpec:
    """The same job with an absolute repository root."""
    return spec.evolve(paths=spec.paths.model_copy(update={"repo_root": str(spec.root_from(base))}))
