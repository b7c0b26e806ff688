"""Check each dropped file before anything is added to the queue. Works on records only, without a view."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from engine.interfaces import Accepted
from engine.jobfile.spec import JobSpec
from engine.scheduling.path_scopes import PathScopes
from engine.system.formatting import moment
from engine.trust.launch_card import escaped, joined_with_and
from engine.trust.launch_plan import OWN_COMMAND
from gui.data.projection import Projection
from gui.data.status_verbs import status_verb
from gui.sheets.intake.dropped_files import DroppedFile, FileProblem
from gui.translation import tr, tr_count, translatable
from state.lifecycle import FINAL, SATISFIED
from state.records import Job, JobStatus
from state.shown_names import DEFAULT_WORKSTREAM, ShownNames

_PLACES = {
    2: translatable("second in queue"),
    3: translatable("third in queue"),
    4: translatable("fourth in queue"),
    5: translatable("fifth in queue"),
    6: translatable("sixth in queue"),
    7: translatable("seventh in queue"),
    8: translatable("eighth in queue"),
    9: translatable("ninth in queue"),
    10: translatable("tenth in queue"),
}


@dataclass(frozen=True, kw_only=True)
class FileCheck:
    """The result of checking one file.

    `state` is the state whose glyph and colour are shown, `word` the text beside it. `preselected` is whether the file
    is ticked at first, `as_copy` whether its jobs must get new ids to run beside the known ones, `missing` a job it
    waits for that does not exist yet.
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
    """What the database knows of the dropped jobs: `ids` taken, with their digests; newest job `by_digest`."""

    ids: Mapping[str, str] = field(default_factory=dict)
    by_digest: Mapping[str, Job] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class QueueState:
    """The state of the queue.

    `free` slots now (None without a limit), the number of `waiting` jobs, and `writers`: the working trees that
    running and waiting jobs write, with the name of the last of these jobs.
    """

    free: int | None = None
    waiting: int = 0
    paused: bool = False
    engine_running: bool = True
    writers: Mapping[str, str] = field(default_factory=dict)


def queue_state_of(projection: Projection, now: float) -> QueueState:
    """The state of the queue as the window knows it."""
    running = waiting = 0
    writers: dict[str, str] = {}
    names = projection.names
    for job in projection.jobs.values():
        if job.status is JobStatus.RUNNING:
            running += 1
        elif job.status is JobStatus.QUEUED and _is_startable(job, projection.jobs, now):
            waiting += 1
        else:
            continue
        if job.tree is not None:
            writers[job.tree] = names.workstream(job.ws_key)
    slots = projection.slots()
    return QueueState(
        free=None if slots is None else max(0, slots - running),
        waiting=waiting,
        paused=projection.pause() is not None,
        engine_running=projection.engine.is_expected,
        writers=writers,
    )


def _is_startable(job: Job, jobs: Mapping[str, Job], now: float) -> bool:
    parents = (jobs.get(parent) for parent in job.depends_on)
    ready = all(parent is not None and parent.status in SATISFIED for parent in parents)
    return ready and (job.not_before is None or job.not_before <= now)


class WorkstreamScopes:
    """The scopes that open workstreams write; finds whom a job would share a path with, as the engine does."""

    def __init__(self) -> None:
        self._held: PathScopes[str] = PathScopes()
        self._titles: dict[str, str] = {}

    @classmethod
    def of(cls, projection: Projection) -> "WorkstreamScopes":
        """The scopes of the unfinished jobs, and the files their workstreams have changed."""
        found, names = cls(), projection.names
        roots: dict[tuple[str, str], str] = {}
        for job in projection.jobs.values():
            if job.status in FINAL:
                continue
            workstream = projection.workstreams.get((job.run_id, job.ws_id))
            roots[job.run_id, job.ws_id] = job.scope_root or (workstream.repo if workstream else None) or ""
            if job.scope_root is not None:
                found.add(job.ws_id, job.scope_root, job.files_scope, title=names.workstream(job.ws_key))
        for file in projection.files.values():
            if file.touched and (root := roots.get((file.run_id, file.ws_id))):
                found.add(file.ws_id, root, [file.path], title=names.workstream((file.run_id, file.ws_id)))
        return found

    def add(self, ws_id: str, root: str, globs: Iterable[str], *, title: str) -> None:
        """Record that a workstream, which people call `title`, writes what these patterns cover below `root`."""
        self._titles[ws_id] = title
        self._held.add(ws_id, root, globs)

    def shared(self, ws_id: str, root: str, globs: Iterable[str]) -> tuple[str, str] | None:
        """The first pattern that another workstream may write as well, and the name of that workstream."""
        conflicts = ((glob, other) for glob in globs for other in self._held.holders(root, [glob]))
        return next(((glob, self._titles[other]) for glob, other in conflicts if other != ws_id), None)


class FileChecker:
    """Checks one file after another, and remembers them, since later ones may conflict with them."""

    def __init__(self, projection: Projection, *, now: float | None = None) -> None:
        self._jobs = projection.jobs
        self._open = WorkstreamScopes.of(projection)
        self._earlier: dict[str, tuple[str, str]] = {}
        self._here = WorkstreamScopes()
        self._now = time.time() if now is None else now

    def check(self, file: DroppedFile, known: KnownJobs) -> FileCheck:
        """Check this file."""
        if file.problems:
            return _invalid(_problems_in_words(file.problems))
        if not file.jobs:
            return _invalid(tr("holds no jobs"))
        check = self._duplicate(file) or self._known_before(file, known) or untrusted_check(file)
        check = check or project_check(file) or self._conflict(file)
        self._remember(file)
        return check or self._valid(file)

    def _duplicate(self, file: DroppedFile) -> FileCheck | None:
        for one in file.jobs:
            first = self._earlier.get(one.spec.job_id)
            if first is None:
                continue
            name, digest = first
            if digest == one.digest:
                return FileCheck(
                    state="skipped",
                    word=tr("Twice here"),
                    reason=tr("the same job as in {name}", name=name),
                    can_add=False,
                    preselected=False,
                )
            job_id = one.spec.job_id
            return _invalid(
                tr("job_id {job} is also in {name}; give one of them another id", job=job_id, name=name)
            )
        return None

    def _known_before(self, file: DroppedFile, known: KnownJobs) -> FileCheck | None:
        for one in file.jobs:
            same = known.by_digest.get(one.digest)
            if same is not None and _is_same_job(file, one, same, known):
                return FileCheck(
                    state="skipped",
                    word=tr("Ran before") if same.status in FINAL else tr("Already here"),
                    reason=tr(
                        "{history}; tick it to run it again as a copy with a new id",
                        history=_history(same, self._now),
                    ),
                    preselected=False,
                    as_copy=any(each.spec.job_id in known.ids for each in file.jobs),
                )
            if one.spec.job_id in known.ids:
                return FileCheck(
                    state="skipped",
                    word=tr("Id is taken"),
                    reason=tr(
                        "another job is called {job}; tick it to add this one under a new id",
                        job=one.spec.job_id,
                    ),
                    preselected=False,
                    as_copy=True,
                )
        return None

    def _conflict(self, file: DroppedFile) -> FileCheck | None:
        for spec, root in _scoped(file):
            for scopes in (self._open, self._here):
                conflict = scopes.shared(spec.workstream_id, root, spec.scope)
                if conflict is not None:
                    path, other = conflict
                    reason = tr("shares {path} with {other}", path=path, other=other)
                    return FileCheck(state="blocked", word=tr("Conflict"), reason=reason)
        return None

    def _valid(self, file: DroppedFile) -> FileCheck:
        own = {one.spec.job_id for one in file.jobs}
        needed = chain.from_iterable(one.spec.metadata.depends_on for one in file.jobs)
        missing = next(
            (one for one in needed if one not in own | self._earlier.keys() | self._jobs.keys()), None
        )
        reason = ""
        if missing is not None:
            reason = tr("waits for {job}, which does not exist yet", job=missing)
        return FileCheck(state="completed", word=tr("Valid"), reason=reason, missing=missing)

    def _remember(self, file: DroppedFile) -> None:
        for one in file.jobs:
            self._earlier.setdefault(one.spec.job_id, (file.path.name, one.digest))
        for spec, root in _scoped(file):
            title = escaped(spec.workstream_title or spec.workstream_id)
            self._here.add(spec.workstream_id, root, spec.scope, title=title)


def untrusted_check(file: DroppedFile) -> FileCheck | None:
    """The check of a file that would run code from a repository, or run unattended, and is not trusted; else None."""
    preview = next((preview for preview in file.previews if preview.needs_review), None)
    if preview is None:
        return None
    own = [concern for concern in preview.concerns if concern != OWN_COMMAND]
    reason = preview.changed or tr(
        "{concerns}; you have not reviewed this yet", concerns=joined_with_and(own)
    )
    also = f"; {file.project_problem}" if file.project_problem else ""
    return FileCheck(state="needsyou", word=tr("Not trusted"), reason=escaped(f"{reason}{also}"))


def project_check(file: DroppedFile) -> FileCheck | None:
    """The check of a file whose jobs can be added, but are held until a person has corrected the project file."""
    if not file.project_problem:
        return None
    return FileCheck(state="held", word=tr("Will be held"), reason=escaped(file.project_problem))


def _scoped(file: DroppedFile) -> Iterator[tuple[JobSpec, str]]:
    """The jobs that write within a scope, with its root, which the reader of the file has found on disk."""
    for one, root in zip(file.jobs, file.scope_roots, strict=False):
        if root is not None:
            yield one.spec, root


def parents_outside(file: DroppedFile) -> Iterator[str]:
    """The jobs outside the file that its jobs wait for."""
    own = {one.spec.job_id for one in file.jobs}
    for one in file.jobs:
        yield from (parent for parent in one.spec.metadata.depends_on if parent not in own)


def waits_for(
    file: DroppedFile, projection: Projection, earlier: Mapping[str, JobSpec], names: ShownNames
) -> str | None:
    """The name of the first workstream or job the file waits for, or None; `earlier` were dropped with it."""
    here = {one.spec.workstream_id for one in file.jobs}
    for parent in parents_outside(file):
        known = projection.jobs.get(parent)
        if known is not None and known.status in SATISFIED:
            continue
        if known is not None:
            is_own = known.ws_id in here or known.ws_id == DEFAULT_WORKSTREAM
            return names.job(known) if is_own else names.workstream(known.ws_key)
        spec = earlier.get(parent)
        return parent if spec is None else escaped(_name_of(spec, here))
    return None


def _name_of(spec: JobSpec, here: Collection[str]) -> str:
    """What a dropped job is called: its workstream, or itself where that is one of these or has no name."""
    if spec.workstream_id not in here and spec.workstream_id != DEFAULT_WORKSTREAM:
        return spec.workstream_title or spec.workstream_id
    return spec.title


def starts_in_queue(position: int, queue: QueueState) -> str:
    """When the job at this position (from 1, after those already waiting) starts."""
    if queue.paused:
        return tr("when resumed")
    if not queue.engine_running:
        return tr("when the engine runs")
    behind = position + queue.waiting - (queue.free or 0)
    if queue.free is None or behind <= 0:
        return tr("at once")
    if behind == 1:
        return tr("next free slot")
    place = _PLACES.get(behind)
    return tr("number {place:,} in queue", place=behind) if place is None else tr(place)


def starts_at(spec: JobSpec, now: float) -> str | None:
    """The start time a job sets, if it is still to come."""
    if spec.start_at is None or spec.start_at <= now:
        return None
    return tr("at {moment}", moment=moment(spec.start_at, now))


def jobs_to_add(rows: Sequence[tuple[DroppedFile, FileCheck]]) -> tuple[Accepted, ...]:
    """The jobs to add: those of copies get new ids, and the dependencies of other jobs follow."""
    renamed: dict[str, str] = {}
    copies: dict[str, JobSpec] = {}
    for file, check in rows:
        if check.as_copy:
            for one in file.jobs:
                copy = one.spec.as_copy()
                copies[one.spec.job_id] = copy
                renamed[one.spec.job_id] = copy.job_id
    jobs = tuple(one for file, _ in rows for one in file.jobs)
    return tuple(_job_to_add(one, copies, renamed) for one in jobs) if renamed else jobs


def _job_to_add(one: Accepted, copies: Mapping[str, JobSpec], renamed: Mapping[str, str]) -> Accepted:
    spec = copies.get(one.spec.job_id, one.spec)
    parents = tuple(renamed.get(parent, parent) for parent in spec.metadata.depends_on)
    if parents != spec.metadata.depends_on:
        spec = spec.evolve(
            job_id=spec.job_id, metadata=spec.metadata.model_copy(update={"depends_on": parents})
        )
    return one if spec is one.spec else replace(one, spec=spec)


def _is_same_job(file: DroppedFile, one: Accepted, same: Job, known: KnownJobs) -> bool:
    """Whether a job with the same content is this one: two files may have the same content and mean two jobs."""
    return file.is_pipeline or one.spec.job_id in known.ids or same.source_path == one.source_path


def without_missing(check: FileCheck) -> FileCheck:
    """The verdict once what it misses has come."""
    return replace(check, reason="", missing=None)


def _problems_in_words(problems: Sequence[FileProblem]) -> str:
    """The first problem with its line, and how many there are besides."""
    first, more = problems[0], len(problems) - 1
    words = str(first)
    if first.line is not None:
        words = tr("line {line}: {problem}", line=first.line, problem=words)
    return (
        tr_count("{problem}; and {n} more", "{problem}; and {n} more", more, problem=words) if more else words
    )


def _invalid(reason: str) -> FileCheck:
    return FileCheck(state="failed", word=tr("Not valid"), reason=reason, can_add=False, preselected=False)


def _history(job: Job, now: float) -> str:
    verb, ended = status_verb(job.status), job.completed_at if job.status in FINAL else None
    if ended is None:
        return tr("{name} {verb}", name=job.job_id, verb=verb)
    return tr("{name} {verb} at {at}", name=job.job_id, verb=verb, at=moment(ended, now))
