"""What is said of each file that came in, before anything is entered: pure functions over records, no view."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from engine.interfaces import Accepted
from engine.jobfile.spec import JobSpec
from engine.scheduling.path_scopes import PathScopes
from engine.system.formatting import moment
from engine.trust.launch import OWN_COMMAND
from engine.trust.launch_card import escaped
from gui.data.projection import Projection
from gui.sheets.intake.dropped_files import DroppedFile
from state.lifecycle import FINAL, SATISFIED
from state.records import Job, JobStatus

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True, kw_only=True)
class FileCheck:
    """What the sheet says of one file.

    `state` is the word whose glyph and colour are shown, `word` what is written. `preselected` is whether the file is
    ticked before a person says anything, `as_copy` whether its jobs must get new ids to run beside the known ones,
    `missing` a job it waits for that is not here yet.
    """

    state: str
    word: str
    reason: str = ""
    can_add: bool = True
    preselected: bool = True
    as_copy: bool = False
    missing: str | None = None


@dataclass(frozen=True, kw_only=True)
class KnownJobs:
    """What the database says of the jobs that came in: `ids` taken, with their digests; newest job `by_digest`."""

    ids: Mapping[str, str] = field(default_factory=dict)
    by_digest: Mapping[str, Job] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class QueueState:
    """How the queue stands.

    `free` slots now (None without a limit), `waiting` jobs in line already, and `writers`: the working trees that
    running and waiting jobs write, with the name of the last of these.
    """

    free: int | None = None
    waiting: int = 0
    paused: bool = False
    engine_running: bool = True
    writers: Mapping[str, str] = field(default_factory=dict)


def queue_state_of(projection: Projection, now: float) -> QueueState:
    """The queue as the window knows it."""
    running = waiting = 0
    writers: dict[str, str] = {}
    for job in projection.jobs.values():
        if job.status is JobStatus.RUNNING:
            running += 1
        elif job.status is JobStatus.QUEUED and _is_startable(job, projection.jobs, now):
            waiting += 1
        else:
            continue
        if job.tree is not None:
            writers[job.tree] = job.ws_id if job.ws_id != "main" else job.job_id
    slots = projection.slots()
    return QueueState(
        free=None if slots is None else max(0, slots - running),
        waiting=waiting,
        paused=projection.pause() is not None,
        engine_running=projection.engine.running,
        writers=writers,
    )


def _is_startable(job: Job, jobs: Mapping[str, Job], now: float) -> bool:
    parents = (jobs.get(parent) for parent in job.depends_on)
    ready = all(parent is not None and parent.status in SATISFIED for parent in parents)
    return ready and (job.not_before is None or job.not_before <= now)


class WorkstreamScopes:
    """The scopes that open workstreams write; answers with whom a job would share a path, as the engine does."""

    def __init__(self) -> None:
        self._held: PathScopes[str] = PathScopes()

    @classmethod
    def of(cls, projection: Projection) -> "WorkstreamScopes":
        """What the unfinished jobs will write, and what their workstreams have changed."""
        found = cls()
        roots: dict[tuple[str, str], str] = {}
        for job in projection.jobs.values():
            if job.status in FINAL:
                continue
            workstream = projection.workstreams.get((job.run_id, job.ws_id))
            roots[job.run_id, job.ws_id] = job.scope_root or (workstream.repo if workstream else None) or ""
            if job.scope_root is not None:
                found.add(job.ws_id, job.scope_root, job.files_scope)
        for file in projection.files.values():
            if file.touched and (root := roots.get((file.run_id, file.ws_id))):
                found.add(file.ws_id, root, [file.path])
        return found

    def add(self, ws_id: str, root: str, globs: Iterable[str]) -> None:
        """Record that a workstream writes what these patterns cover below `root`."""
        self._held.add(ws_id, root, globs)

    def shared(self, ws_id: str, root: str, globs: Iterable[str]) -> tuple[str, str] | None:
        """The first pattern that another workstream may write as well, and that workstream."""
        met = ((glob, other) for glob in globs for other in self._held.holders(root, [glob]))
        return next((each for each in met if each[1] != ws_id), None)


class FileChecker:
    """Says of one arrival after another what it is; remembers those before it, which later ones may collide with."""

    def __init__(self, projection: Projection, *, now: float | None = None) -> None:
        self._jobs = projection.jobs
        self._open = WorkstreamScopes.of(projection)
        self._earlier: dict[str, tuple[str, str]] = {}
        self._here = WorkstreamScopes()
        self._now = time.time() if now is None else now

    def check(self, file: DroppedFile, known: KnownJobs) -> FileCheck:
        """What to say of this arrival."""
        if file.problems:
            more = f"; and {len(file.problems) - 1} more" if len(file.problems) > 1 else ""
            return _invalid(f"{file.problems[0]}{more}")
        if not file.jobs:
            return _invalid("holds no job")
        check = self._twice(file) or self._before(file, known) or untrusted_check(file)
        check = check or self._collision(file)
        self._remember(file)
        return check or self._valid(file)

    def _twice(self, file: DroppedFile) -> FileCheck | None:
        for one in file.jobs:
            first = self._earlier.get(one.spec.job_id)
            if first is None:
                continue
            name, digest = first
            if digest == one.digest:
                return FileCheck(
                    state="skipped",
                    word="Twice here",
                    reason=f"the same job as in {name}",
                    can_add=False,
                    preselected=False,
                )
            return _invalid(f"job_id {one.spec.job_id} is also in {name}; give one of them another id")
        return None

    def _before(self, file: DroppedFile, known: KnownJobs) -> FileCheck | None:
        for one in file.jobs:
            same = known.by_digest.get(one.digest)
            if same is not None and _is_again(file, one, same, known):
                return FileCheck(
                    state="skipped",
                    word="Ran before" if same.status in FINAL else "Already here",
                    reason=f"{_story(same, self._now)}; tick it to run it again as a copy with a new id",
                    preselected=False,
                    as_copy=any(each.spec.job_id in known.ids for each in file.jobs),
                )
            if one.spec.job_id in known.ids:
                return FileCheck(
                    state="skipped",
                    word="Id is taken",
                    reason=f"another job is called {one.spec.job_id}; tick it to add this one under a new id",
                    preselected=False,
                    as_copy=True,
                )
        return None

    def _collision(self, file: DroppedFile) -> FileCheck | None:
        for spec, root in _scoped(file):
            for scopes in (self._open, self._here):
                met = scopes.shared(spec.workstream_id, root, spec.scope)
                if met is not None:
                    path, other = met
                    return FileCheck(state="blocked", word="Conflict", reason=f"shares {path} with {other}")
        return None

    def _valid(self, file: DroppedFile) -> FileCheck:
        own = {one.spec.job_id for one in file.jobs}
        needed = chain.from_iterable(one.spec.metadata.depends_on for one in file.jobs)
        missing = next(
            (one for one in needed if one not in own | self._earlier.keys() | self._jobs.keys()), None
        )
        reason = "" if missing is None else f"waits for {missing}, which has not arrived"
        return FileCheck(state="completed", word="Valid", reason=reason, missing=missing)

    def _remember(self, file: DroppedFile) -> None:
        for one in file.jobs:
            self._earlier.setdefault(one.spec.job_id, (file.path.name, one.digest))
        for spec, root in _scoped(file):
            self._here.add(spec.workstream_id, root, spec.scope)


def untrusted_check(file: DroppedFile) -> FileCheck | None:
    """What to say of a file that would run what lies in a repository, or would ask nobody, and was not trusted."""
    preview = next((preview for preview in file.previews if preview.needs_review), None)
    if preview is None:
        return None
    own = [concern for concern in preview.concerns if concern != OWN_COMMAND]
    reason = preview.changed or f"{' and '.join(own)}, new since your last look"
    return FileCheck(state="needsyou", word="Not trusted", reason=escaped(reason))


def _scoped(file: DroppedFile) -> Iterator[tuple[JobSpec, str]]:
    """The jobs that write by a scope, with its root; the reader of the file has looked that up on the disk."""
    for one, root in zip(file.jobs, file.scope_roots, strict=False):
        if root is not None:
            yield one.spec, root


def parents_outside(file: DroppedFile) -> Iterator[str]:
    """What the jobs of a file wait for beyond the file itself."""
    own = {one.spec.job_id for one in file.jobs}
    for one in file.jobs:
        yield from (parent for parent in one.spec.metadata.depends_on if parent not in own)


def waits_for(file: DroppedFile, jobs: Mapping[str, Job], earlier: Mapping[str, JobSpec]) -> str | None:
    """The name of the first thing a file has to wait for, or None."""
    here = {one.spec.workstream_id for one in file.jobs}
    for parent in parents_outside(file):
        known = jobs.get(parent)
        if known is not None and known.status in SATISFIED:
            continue
        spec = earlier.get(parent)
        ws_id = known.ws_id if known is not None else spec.workstream_id if spec is not None else None
        if ws_id is not None and ws_id not in here and ws_id != "main":
            return ws_id
        return (spec.step_name or parent) if spec is not None else parent
    return None


def starts_in_queue(place: int, line: QueueState) -> str:
    """When the job at this place (from 1, behind those in line already) starts."""
    if line.paused:
        return "when resumed"
    if not line.engine_running:
        return "when the engine runs"
    behind = place + line.waiting - (line.free or 0)
    if line.free is None or behind <= 0:
        return "at once"
    if behind == 1:
        return "next free slot"
    return f"{_ORDINALS[behind - 1]} in line" if behind <= len(_ORDINALS) else f"number {behind:,} in line"


def starts_at(spec: JobSpec, now: float) -> str | None:
    """The time a file asks for, where it is still to come."""
    return f"at {moment(spec.start_at, now)}" if spec.start_at is not None and spec.start_at > now else None


def as_entered(rows: Sequence[tuple[DroppedFile, FileCheck]]) -> tuple[Accepted, ...]:
    """The jobs to enter: those of copies under new ids, and what depends on them following."""
    renamed: dict[str, str] = {}
    copies: dict[str, JobSpec] = {}
    for file, check in rows:
        if check.as_copy:
            for one in file.jobs:
                copy = one.spec.as_copy()
                copies[one.spec.job_id] = copy
                renamed[one.spec.job_id] = copy.job_id
    jobs = tuple(one for file, _ in rows for one in file.jobs)
    return tuple(_entered(one, copies, renamed) for one in jobs) if renamed else jobs


def _entered(one: Accepted, copies: Mapping[str, JobSpec], renamed: Mapping[str, str]) -> Accepted:
    spec = copies.get(one.spec.job_id, one.spec)
    parents = tuple(renamed.get(parent, parent) for parent in spec.metadata.depends_on)
    if parents != spec.metadata.depends_on:
        spec = spec.evolve(
            job_id=spec.job_id, metadata=spec.metadata.model_copy(update={"depends_on": parents})
        )
    return one if spec is one.spec else replace(one, spec=spec)


def _is_again(file: DroppedFile, one: Accepted, same: Job, known: KnownJobs) -> bool:
    """Whether a job that says the same is this one: two files may well say the same and mean two jobs."""
    return file.is_pipeline or one.spec.job_id in known.ids or same.source_path == one.source_path


def plainly(check: FileCheck) -> FileCheck:
    """The verdict once what it misses has come."""
    return replace(check, reason="", missing=None)


def _invalid(reason: str) -> FileCheck:
    return FileCheck(state="failed", word="Not valid", reason=reason, can_add=False, preselected=False)


def _story(job: Job, now: float) -> str:
    match job.status:
        case (
            JobStatus.COMPLETED
            | JobStatus.FAILED
            | JobStatus.CANCELLED
            | JobStatus.SKIPPED
            | JobStatus.TIMEOUT
        ):
            word = "timed out" if job.status is JobStatus.TIMEOUT else job.status.value
            at = "" if job.completed_at is None else f" at {moment(job.completed_at, now)}"
            return f"{job.job_id} {word}{at}"
        case _:
            return f"{job.job_id} is {job.status.value}"
