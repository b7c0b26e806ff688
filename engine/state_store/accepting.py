"""Turn checked job files into rows: choose run and workstream, refuse known ids and circles. Writes nothing."""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain, count, repeat
from pathlib import Path

from engine.errors import JobExistsError, JobFileError
from engine.interfaces import Accepted
from engine.jobfile.dependency_circle import find_circle
from engine.jobfile.spec import JobSpec
from engine.system.git import work_tree_root
from engine.tool_defaults import ToolDefaults, default_retry, known_tools_in
from state import queries
from state.database import Connection
from state.ledger import NewJob
from state.records import NOTHING, Job, JobHold, JobStatus, Origin, Run, Workstream
from state.shown_names import stem_of, workstream_title
from state.worktree_records import Worktree

_SHORT_TRIES = 4


def new_run_id(connection: Connection, now: float) -> str:
    """A run id that shows when it was created, and that no run has; to be used in the same transaction.

    Four digits are easy to read and to type; in a minute with thousands of runs it gets more.
    """
    minute = time.strftime("%m%d-%H%M", time.localtime(now))
    lengths = chain(repeat(2, _SHORT_TRIES), count(4))
    ids = (f"{minute}-{secrets.token_hex(length)}" for length in lengths)
    return next(run_id for run_id in ids if not queries.known_run_ids(connection, [run_id]))


class Places:
    """What holds in the folders of jobs; looked for once in each folder, not for each of a thousand jobs."""

    def __init__(self, tools: Mapping[str, ToolDefaults] = NOTHING) -> None:
        self.root_of = cache(work_tree_root)
        """The working tree around a folder."""
        self.tools_in = cache(partial(known_tools_in, tools=tools))
        """The defaults of tools in a repository, whose project file was read before."""


@dataclass(frozen=True, kw_only=True)
class IncomingJob:
    """Everything that is added at once: runs with their workstreams, the worktrees of these, then the jobs."""

    runs: Mapping[str, tuple[Run, Sequence[Workstream]]]
    jobs: Sequence[NewJob]
    worktrees: Sequence[Worktree] = ()


def entry(
    accepted: Sequence[Accepted],
    *,
    origin: Origin,
    held: JobHold | None,
    title: str,
    run_id: str,
    now: float,
    places: Places | None = None,
) -> IncomingJob:
    """The rows for these jobs; jobs that name no run belong to `run_id`. Their project files were read before."""
    places = places or Places()
    runs: dict[str, tuple[Run, list[Workstream]]] = {}
    steps: Counter[tuple[str, str]] = Counter()
    new = []
    for item in (titled(each, origin) for each in accepted):
        spec = item.spec
        there = places.tools_in(spec.repo_root)
        key = (spec.run_id or run_id, spec.workstream_id)
        job = job_of(
            item,
            run_id=key[0],
            origin=origin,
            held=held,
            now=now,
            tools=there,
            root_of=places.root_of,
            position=steps[key],
        )
        repo = str(spec.repo_root)
        named = item.run_title or title or spec.title
        _, streams = runs.setdefault(job.run_id, (_run_of(spec, job.run_id, title=named, now=now), []))
        if job.ws_id not in {stream.ws_id for stream in streams}:
            run_title = runs[job.run_id][0].title
            named = workstream_title(spec.workstream_title, job.ws_id, run_title=run_title)
            streams.append(
                Workstream(run_id=job.run_id, ws_id=job.ws_id, title=named, repo=repo, created_at=now)
            )
        new.append(NewJob(job=job, spec=spec.to_json()))
        steps[key] += 1
    return IncomingJob(runs=runs, jobs=new)


def _run_of(spec: JobSpec, run_id: str, *, title: str, now: float) -> Run:
    """The row of a new run, of which this is the first job."""
    known = {} if spec.recurring is None else {"recurring": spec.recurring.model_dump()}
    return Run(run_id=run_id, title=title, repo=str(spec.repo_root), created_at=now, metadata=known)


def in_step_order(jobs: Sequence[Accepted]) -> list[Accepted]:
    """The jobs as they came, but each behind those of its workstream that it waits for.

    They are the steps of it in this order everywhere, and files of a folder come in that of their names. There is no
    circle among them (`refuse_circles`).
    """
    known = {item.spec.job_id: item for item in jobs}
    placed: dict[str, Accepted] = {}
    for item in jobs:
        stack = [item]
        while stack:
            spec = stack[-1].spec
            named = (known[parent] for parent in spec.metadata.depends_on if parent in known)
            missing = [
                one
                for one in named
                if one.spec.job_id not in placed
                and (one.spec.run_id, one.spec.workstream_id) == (spec.run_id, spec.workstream_id)
            ]
            if missing:
                stack += reversed(missing)
            else:
                placed.setdefault(spec.job_id, stack.pop())
    return list(placed.values())


def job_of(
    item: Accepted,
    *,
    run_id: str,
    origin: Origin,
    held: JobHold | None,
    now: float,
    tools: Mapping[str, ToolDefaults] = NOTHING,
    root_of: Callable[[Path], Path | None] = work_tree_root,
    position: int = 0,
) -> Job:
    """The row of a new job; `position` is its place among the steps of its workstream.

    `tools` are the defaults of the tools in its repository, `root_of` finds the working tree around a folder.
    """
    spec = item.spec
    starts, retry = spec.start_at, default_retry(spec, tools)
    held = item.held or held
    return Job(
        job_id=spec.job_id,
        run_id=run_id,
        ws_id=spec.workstream_id,
        step_name=spec.name,
        position=position,
        title=spec.metadata.title or "",
        tool=spec.tool,
        stage=spec.resolved_stage,
        status=JobStatus.QUEUED if held is None else JobStatus.HELD,
        hold_cause=held.cause if held else None,
        hold_reason=held.reason if held else None,
        priority=spec.priority_value,
        depends_on=spec.metadata.depends_on,
        group_name=spec.metadata.group,
        account=spec.metadata.account,
        tree=spec.tree_in(root_of),
        files_scope=spec.scope,
        scope_root=spec.scope_root,
        origin=origin,
        source_path=item.source_path,
        digest=item.digest,
        max_attempts=spec.max_attempts if retry is None else 1 + retry.limit,
        not_before=starts,
        waits_for="start_at" if starts is not None else None,
        created_at=now,
    )


def titled(item: Accepted, origin: Origin) -> Accepted:
    """The job with the first words of its task as its title, where nobody has named it: its spec is kept with it."""
    spec = item.spec
    if spec.metadata.title or spec.step_name:
        return item
    title = spec.title_for(stem_of(item.source_path, origin) or spec.job_id)
    named = spec.metadata.model_copy(update={"title": title})
    return replace(item, spec=spec.evolve(metadata=named)) if title else item


def refuse_taken(specs: Iterable[JobSpec], known: Mapping[str, str]) -> None:
    """Raise JobExistsError if an id exists already, or occurs twice among the new jobs."""
    seen: set[str] = set()
    for spec in specs:
        if spec.job_id in seen:
            raise JobExistsError(
                spec.job_id,
                f"The job_id {spec.job_id!r} occurs twice among the new jobs; ids must be unique.",
            )
        if spec.job_id in known:
            raise JobExistsError(spec.job_id)
        seen.add(spec.job_id)


def refuse_circles(
    specs: Sequence[JobSpec], parents_of: Callable[[Sequence[str]], Mapping[str, Sequence[str]]]
) -> None:
    """Raise JobFileError, naming the circle, if jobs wait for each other.

    `parents_of` returns the parents of jobs that were queued before.
    """
    graph: dict[str, Sequence[str]] = {spec.job_id: spec.metadata.depends_on for spec in specs}
    frontier = {parent for parents in graph.values() for parent in parents} - graph.keys()
    while frontier:
        known = parents_of(sorted(frontier))
        graph.update({job_id: known.get(job_id, ()) for job_id in frontier})
        frontier = {parent for job_id in frontier for parent in graph[job_id]} - graph.keys()
    if circle := find_circle(graph):
        raise JobFileError(
            f"these jobs wait for each other: {' -> '.join(circle)}", field="metadata.depends_on"
        )
