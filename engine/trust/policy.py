"""Decides whether a job may start unattended: when it comes in, and again just before it starts.

Jobs a person added have been reviewed; jobs from the inbox need grants. Starts nothing and queues nothing.
"""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.jobfile.project_file import ProjectFile
from engine.jobfile.spec import JobSpec
from engine.system.tool_paths import search_path
from engine.tool_defaults import ToolDefaults
from engine.trust.binding import Binding
from engine.trust.differences import BOUND_TOO_LITTLE, differences
from engine.trust.grant_file import Queued
from engine.trust.grants import FORMAT
from engine.trust.launch import attempt_plans, launch_plans, project_plans
from engine.trust.launch_plan import LaunchPlan, concerns_of
from engine.trust.placed_jobs import PlacedJob, as_in_repository, placed_plans, what_is_more
from engine.trust.repository_state import RepositoryStates
from engine.trust.trust_store import TrustStore, TrustStoreError
from engine.types import TreeContext
from state.records import NOTHING, HoldCause, Job, JobHold, Origin

_RECENT_S = 1.0
_NO_FILE = "the file of grants cannot be used"


@dataclass(frozen=True, kw_only=True)
class LaunchPreview:
    """What a person is shown of a job before it may start: its launch plans, its task, and what changed."""

    job_id: str
    title: str
    plans: tuple[LaunchPlan, ...]
    task: str = ""
    source: str = ""
    changed: str = ""
    granted: bool = False

    @property
    def digests(self) -> tuple[str, ...]:
        """Identify exactly what was shown: a job with other launch plans has not been reviewed."""
        return tuple(plan.shown_digest for plan in self.plans)

    @property
    def lasting(self) -> Binding | None:
        """What a lasting grant would be bound to; None if only one start, or whatever the repository holds."""
        each = {plan.lasting for plan in self.plans}
        return None if None in each else max(each, key=lambda one: one is Binding.REPOSITORY)

    @property
    def needs_review(self) -> bool:
        """Whether it runs code of the repository, skips approval, or has changed since it was trusted."""
        return not self.granted and (bool(self.changed) or any(plan.is_of_repo for plan in self.plans))

    @property
    def concerns(self) -> tuple[str, ...]:
        """Why the job needs a grant of its own."""
        return concerns_of(self.plans)


class TrustPolicy:
    """The trust policy of one home. `tool_paths` come from the user's settings. May be called from any thread."""

    def __init__(
        self,
        home_id: str,
        tool_paths: Mapping[str, str] = NOTHING,
        *,
        grants: TrustStore | None = None,
        home: Path | None = None,
        defaults: Callable[[], Mapping[str, ToolDefaults]] = lambda: NOTHING,
        isolation: Callable[[], str] = lambda: "worktree",
    ) -> None:
        """`home` is the folder that is no part of a repository, even if it is inside one.

        `defaults` returns how tools run where jobs do not say, `isolation` where, as it is set at that moment.
        """
        self.home_id, self.tool_paths, self._defaults = home_id, tool_paths, defaults
        self._isolation = isolation
        self.grants = TrustStore() if grants is None else grants
        self._apart = () if home is None else (home,)
        self._recent, self._recent_until = self.states(), 0.0

    def states(self) -> RepositoryStates:
        """Reads the states of repositories for one decision."""
        return RepositoryStates(self._apart)

    def preview(
        self, spec: JobSpec, *, source: str = "", states: RepositoryStates | None = None
    ) -> LaunchPreview:
        """What a job would start as things are now."""
        return preview_launch(
            spec,
            self.grants,
            tool_paths=self.tool_paths,
            defaults=self._defaults(),
            isolation=self._isolation(),
            source=source,
            states=states or self.states(),
        )

    def review(self, specs: Sequence[JobSpec]) -> Callable[[Queued], list[JobHold | None]]:
        """Read what decides whether jobs that nobody added by hand may start; may take long.

        What is returned decides at once, in the transaction that queues the jobs: why each job must wait for a person,
        None if it was granted before or is in the queue already. It reads a repository only where a grant was made or
        revoked meanwhile.
        """
        states = self._recent_states()
        defaults, isolation = self._defaults(), self._isolation()
        plans = [launch_plans(spec, self.tool_paths, defaults, isolation=isolation) for spec in specs]
        seen = ["" if self.grants.read_ahead(each, states) else self._why(each, states) for each in plans]
        self._recent_until = min(self._recent_until, time.monotonic() + _RECENT_S)
        named = [(spec.job_id, each) for spec, each in zip(specs, plans, strict=True)]
        return lambda queued: self._holds(named, seen, queued, states)

    def _holds(
        self,
        jobs: Sequence[tuple[str, Sequence[LaunchPlan]]],
        seen: Sequence[str],
        queued: Queued,
        states: RepositoryStates,
    ) -> list[JobHold | None]:
        """Why jobs must wait; `seen` is what was found out ahead, since comparing many grants takes seconds."""
        known = queued([job_id for job_id, _ in jobs])
        try:
            redeemed = self.grants.redeem(self.home_id, jobs, queued=queued, states=states)
        except TrustStoreError:
            return [None if job_id in known else needs_trust(_NO_FILE) for job_id, _ in jobs]
        return [
            None if job_id in known or is_granted else needs_trust(self._why(plans, states, seen=why))
            for (job_id, plans), is_granted, why in zip(jobs, redeemed, seen, strict=True)
        ]

    def objection(
        self,
        job: Job,
        spec: JobSpec,
        *,
        full_by_project: bool = False,
        placed: JobSpec | None = None,
        worktree: TreeContext | None = None,
    ) -> JobHold | None:
        """Why to hold a job that must not start after all; None if it may start.

        A job that a person added needs a grant, too, where the project file gives its tool full permission: that was
        decided by the repository. `placed` is the job as it runs in the worktree of its workstream: what lies there is
        what counts, and a grant for the repository holds for it.
        """
        if job.origin is not Origin.INBOX and not full_by_project:
            return None
        there = None if placed is None or worktree is None else PlacedJob.of(placed, worktree)
        around = () if there is None else there.around(there.repo)
        plans = attempt_plans(spec, self.tool_paths, around=around)
        states = self.states().seen_from(job.source_path or "")
        if there is not None:
            return self._placed_objection(job, there, plans, states)
        if self.grants.covers_job(self.home_id, job.job_id, plans, states=states):
            return None
        return needs_trust(self._why(plans, states))

    def _placed_objection(
        self, job: Job, placed: PlacedJob, plans: Sequence[LaunchPlan], states: RepositoryStates
    ) -> JobHold | None:
        """Why to hold a job in a worktree: neither what lies there was granted, nor the same in the user's own tree."""
        there = placed_plans(placed, self.tool_paths, states)
        moved = as_in_repository(there, placed)
        covers = partial(self.grants.covers_job, self.home_id, job.job_id, states=states)
        if covers(there) or covers(moved):
            return None
        if not covers(plans):
            return needs_trust(self._why(moved, states))
        clauses = what_is_more(moved, [plan.with_state(states) for plan in plans], placed)
        return needs_trust(f"in its worktree, {', '.join(clauses)}") if clauses else None

    def project_objection(self, job: Job, spec: JobSpec, project: ProjectFile, root: Path) -> str:
        """Why what the project file has run around a job must not run, as a clause; empty where it may."""
        if job.origin is not Origin.INBOX:
            return ""
        plans = project_plans(spec, project, root, self.tool_paths)
        states = self.states().seen_from(job.source_path or "")
        is_covered = self.grants.covers_job(self.home_id, job.job_id, plans, states=states)
        return "" if is_covered else self._why(plans, states)

    def allow(
        self,
        job: Job,
        spec: JobSpec,
        *,
        reviewed: Sequence[LaunchPlan] = (),
        placed: JobSpec | None = None,
        worktree: TreeContext | None = None,
    ) -> None:
        """Let this one job start as it was `reviewed`, or as it is now, with its current tool too; no other job.

        Without a review that includes what lies in its `worktree` now, where it runs as `placed`.
        """
        states = self.states().seen_from(job.source_path or "")
        plans = reviewed or launch_plans(
            with_current_tool(spec, job.tool), self.tool_paths, self._defaults(), isolation=self._isolation()
        )
        if placed is not None and worktree is not None and not reviewed:
            plans = (*plans, *placed_plans(PlacedJob.of(placed, worktree), self.tool_paths, states))
        self.grants.allow_job(self.home_id, job.job_id, plans, states=states)

    def _recent_states(self) -> RepositoryStates:
        """States of a moment ago, for many files that arrive together: each job is checked anew before it starts."""
        if time.monotonic() > self._recent_until:
            self._recent, self._recent_until = self.states(), math.inf  # until they have been read
        return self._recent

    def _why(self, plans: Sequence[LaunchPlan], states: RepositoryStates, *, seen: str = "") -> str:
        if self.grants.problem:
            return _NO_FILE
        return seen or changed_since(plans, self.grants, states) or _new(plans)


def with_current_tool(spec: JobSpec, tool: str) -> JobSpec:
    """The job with its current tool, which may be one that the user chose and the job file does not list."""
    return spec if tool in (spec.tool, *spec.ladder) else spec.for_tool(tool)


def preview_launch(
    spec: JobSpec,
    grants: TrustStore,
    *,
    tool_paths: Mapping[str, str] = NOTHING,
    defaults: Mapping[str, ToolDefaults] = NOTHING,
    isolation: str = "worktree",
    source: str = "",
    states: RepositoryStates | None = None,
    plans: Sequence[LaunchPlan] | None = None,
) -> LaunchPreview:
    """What a job would start as things are now, or with these `plans`, and whether it is granted."""
    reading = (states or RepositoryStates()).seen_from(source)
    found = launch_plans(spec, tool_paths, defaults, isolation=isolation) if plans is None else plans
    plans = tuple(plan.with_state(reading) for plan in found)
    return LaunchPreview(
        job_id=spec.job_id,
        title=spec.title,
        plans=plans,
        task=spec.prompt or (f"see {spec.metadata.message_file}" if spec.metadata.message_file else ""),
        source=source,
        changed=changed_since(plans, grants, reading),
        granted=grants.covers(plans, reading),
    )


def changed_since(plans: Iterable[LaunchPlan], grants: TrustStore, states: RepositoryStates) -> str:
    """What has changed since something similar was trusted, as a clause; empty if nothing similar was trusted."""
    for plan in plans:
        near = grants.nearest(plan)
        if near is None or grants.covers([plan], states):
            continue
        if near.format < FORMAT and near.start.command_digest == plan.command_digest:
            return BOUND_TOO_LITTLE
        now = plan if near.start.state is None else plan.with_state(states)
        if changes := differences(now, near.start):
            return f"since you trusted it, {', '.join(changes)}"
    return ""


def needs_trust(why: str, *, cause: HoldCause = HoldCause.TRUST) -> JobHold:
    """The hold of a job until a person has reviewed what it would start."""
    return JobHold(cause, f"needs trust: {why}; review it, then let it run or cancel it.")


def warm_up() -> None:
    """Read the PATH of the login shell ahead of time. Slow: call it on a thread that may wait."""
    search_path()


def is_warm() -> bool:
    """Whether a preview no longer has to wait for the login shell."""
    return search_path.cache_info().currsize > 0


def _new(plans: Sequence[LaunchPlan]) -> str:
    concerns = concerns_of(plans)
    if concerns:
        return f"it {' and '.join(concerns)}"
    return f"{plans[0].tool} in {plans[0].repo} was not trusted before"
