"""Turn the files named on the command line into queued jobs: all of them, or none. Starts nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.cli.bad_files import BadFilesError
from engine.errors import JobFileError
from engine.interfaces import Accepted
from engine.jobfile.file_names import is_job_file_name
from engine.jobfile.job_file_reader import ReadFile, job_from_mapping, read_file
from engine.jobfile.safe_read import refuse_changed
from engine.jobfile.spec import JobSpec
from engine.state_store.job_requests import HELD_BY_PERSON
from engine.state_store.job_state_store import JobStateStore
from state.records import Job, Origin


@dataclass(frozen=True, kw_only=True)
class SubmitOptions:
    """How the files are to be submitted."""

    copy: bool = False
    priority: str | None = None
    held: bool = False


def read_files(paths: Iterable[Path]) -> list[ReadFile]:
    """Read every file, and the files of every folder.

    Raises:
        BadFilesError: contains every error of every file.
    """
    read, bad = [], []
    for path in _spread(paths):
        try:
            read.append(read_file(path, guarded=False))
        except JobFileError as error:
            bad += [(path, each) for each in error.every]
    if bad:
        raise BadFilesError(bad)
    return read


def _spread(paths: Iterable[Path]) -> list[Path]:
    """The named files; a folder stands for the job files in it."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if is_job_file_name(file.name))
            if not inside:
                raise BadFilesError([(path, JobFileError("contains no .json, .yaml or .yml file"))])
            found += inside
        else:
            found.append(path)
    return found


def submit_files(
    store: JobStateStore,
    files: Sequence[ReadFile],
    options: SubmitOptions,
    redeem: Callable[[Mapping[str, str]], None] = lambda _ids: None,
) -> list[Job]:
    """Queue the jobs of all files in one transaction: single jobs in one run, each pipeline in a run of its own.

    `redeem` uses up their grants in that transaction; it gets the ids under which they are queued, by those of the
    files.

    Raises:
        JobExistsError: an id exists already and no copies were requested; nothing was queued.
        JobFileError: an option does not fit a job, jobs wait for each other, or a file has changed since it was read;
            nothing was queued.
    """
    loose = [file for file in files if file.kind == "job"]
    parts = ([loose] if loose else []) + [[file] for file in files if file.kind == "pipeline"]
    held = HELD_BY_PERSON if options.held else None
    entered: list[Job] = []
    refuse_changed((file.path, file.digest) for file in files if file.path is not None)
    with store.transaction({spec.repo_root for file in files for spec in file.jobs}):
        accepted = [_accepted(store, part, options) for part in parts]
        redeem(_ids(parts, accepted))
        for part, jobs in zip(parts, accepted, strict=True):
            entered += store.accept(
                jobs,
                origin=Origin.COMMAND_LINE,
                held=held,
                title=_title(part),
            )
    return entered


def _ids(parts: Iterable[Sequence[ReadFile]], accepted: Iterable[Sequence[Accepted]]) -> dict[str, str]:
    read = [spec.job_id for part in parts for file in part for spec in file.jobs]
    return dict(zip(read, (item.spec.job_id for jobs in accepted for item in jobs), strict=True))


def _title(files: Sequence[ReadFile]) -> str:
    first = files[0].title
    return first if len(files) == 1 else f"{first} and {len(files) - 1} more"


def _accepted(store: JobStateStore, files: Sequence[ReadFile], options: SubmitOptions) -> list[Accepted]:
    specs = [(_prioritised(spec, options.priority), file) for file in files for spec in file.jobs]
    if options.copy:
        new_ids = {spec.job_id: spec.as_copy().job_id for spec, _ in specs if store.get_job(spec.job_id)}
        specs = [(_renamed(spec, new_ids), file) for spec, file in specs]
    return [Accepted(spec=spec, digest=spec.digest(), source_path=str(file.path)) for spec, file in specs]


def _prioritised(spec: JobSpec, priority: str | None) -> JobSpec:
    if priority is None:
        return spec
    fields = spec.to_json()
    fields["metadata"] = {**fields.get("metadata", {}), "priority": priority}
    return job_from_mapping(fields)


def _renamed(spec: JobSpec, new_ids: dict[str, str]) -> JobSpec:
    """The job under its new id, depending on the copies of its parents."""
    parents = tuple(new_ids.get(parent, parent) for parent in spec.metadata.depends_on)
    metadata = spec.metadata.model_copy(update={"depends_on": parents})
    return spec.evolve(job_id=new_ids.get(spec.job_id, spec.job_id), metadata=metadata)
