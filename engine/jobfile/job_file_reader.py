"""Reads job and pipeline files: from bytes to checked `JobSpec`s, or to errors with line and field.

Everything a person, a program or the inbox adds comes through here. Starts nothing and reads no database.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.errors import JobFileError
from engine.jobfile.document import Document
from engine.jobfile.error_messages import nearest
from engine.jobfile.ignored_fields import checked_job
from engine.jobfile.job_sections import Command
from engine.jobfile.parsing import check_tree, parse
from engine.jobfile.pipeline import expand_pipeline
from engine.jobfile.safe_read import read_bytes
from engine.jobfile.spec import JobSpec

__all__ = [
    "Command",
    "JobFileError",
    "JobSpec",
    "ReadFile",
    "job_from_mapping",
    "read_document",
    "read_file",
    "read_job_bytes",
    "read_job_file",
    "read_source",
]


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """A valid file: its kind, its title and its jobs.

    `digest` is the SHA-256 of its bytes, by which the same file dropped twice is recognised.
    """

    path: Path | None
    kind: Literal["job", "pipeline"]
    title: str
    digest: str
    jobs: tuple[JobSpec, ...]


def read_file(path: Path | str, *, base: Path | None = None, guarded: bool = True) -> ReadFile:
    """Read a job or pipeline file; its paths are relative to `base`, by default the folder of the file.

    `guarded=False` is for a file that a person named: it may be a link or belong to another user.

    Raises:
        JobFileError: the first error; it carries all others of the file.
    """
    file = Path(path).absolute()
    return read_source(read_bytes(file, guarded=guarded), file.name, base=base or file.parent, path=file)


def read_source(data: bytes, name: str, *, base: Path | None = None, path: Path | None = None) -> ReadFile:
    """Read a file from its bytes; `name` decides between JSON and YAML and appears in errors."""
    digest = hashlib.sha256(data).hexdigest()
    return read_document(parse(data, name), base=base or Path.cwd(), path=path, digest=digest)


def read_document(document: Document, *, base: Path, path: Path | None = None, digest: str = "") -> ReadFile:
    """Read a file that was parsed; its paths are relative to `base`.

    Raises:
        JobFileError: the first error; it carries all others of the file.
    """
    if _kind(document) == "pipeline":
        pipeline, jobs = expand_pipeline(document, base)
        specs = tuple(_resolved(job, base) for job in jobs)
        return ReadFile(path=path, kind="pipeline", title=pipeline.title, digest=digest, jobs=specs)
    spec = _resolved(checked_job(document), base)
    return ReadFile(path=path, kind="job", title=_title(spec, document.name), digest=digest, jobs=(spec,))


def read_job_file(path: Path | str, *, base: Path | None = None, guarded: bool = True) -> list[JobSpec]:
    """The jobs of a job or pipeline file; see `read_file`."""
    return list(read_file(path, base=base, guarded=guarded).jobs)


def read_job_bytes(data: bytes, name: str, *, base: Path | None = None) -> list[JobSpec]:
    """The jobs of a job or pipeline file, from its bytes; see `read_source`."""
    return list(read_source(data, name, base=base).jobs)


def job_from_mapping(data: Mapping[str, Any], *, base: Path | None = None) -> JobSpec:
    """The job in a dict of the form of a job file; paths are relative to `base`, by default the current folder.

    Raises:
        JobFileError: the first error; it carries all others. File and line are None.
    """
    check_tree(data)
    return _resolved(checked_job(Document(dict(data), "")), base or Path.cwd())


def _resolved(spec: JobSpec, base: Path) -> JobSpec:
    """The same job with an absolute repository root."""
    paths = spec.paths.model_copy(update={"repo_root": str(spec.root_from(base))})
    return spec.model_copy(
        update={"paths": paths, "job_id": spec.job_id}
    )  # valid, and so is a longer path in it


def _title(spec: JobSpec, name: str) -> str:
    """What the file calls its job, else its own name."""
    stem = Path(name).stem
    return spec.metadata.title or spec.title_for(stem) or stem or spec.title


def _kind(document: Document) -> Literal["job", "pipeline"]:
    match document.data:
        case {"template": _}:
            reason = "is a template; `signalbox new` makes a job of it, and so does New from template in the window"
        case {"workstreams": _}:
            return "pipeline"
        case {"tool": _} | {"command": _} | {"job_id": _}:
            return "job"
        case {**keys}:
            near = next((text for key in keys if (text := nearest(str(key), ["tool", "workstreams"]))), "")
            reason = f"names neither a tool (a job) nor workstreams (a pipeline){near}"
        case _:
            reason = "is not a mapping of keys to values, so it is neither a job nor a pipeline"
    raise JobFileError(reason, file=document.name, line=document.line_of(()))
