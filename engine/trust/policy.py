"""Decides whether a job may start unattended: when it comes in, and again just before it starts.

Jobs a person added have been reviewed; jobs from the inbox need grants. Starts nothing and queues nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.jobfile.spec import JobSpec
from engine.system.tool_paths import search_path
from engine.trust.differences import differences
from engine.trust.launch import launch_plan, launch_plans
from engine.trust.launch_plan import LaunchPlan, concerns_of
from engine.trust.trust_store import TrustStore
from state.records import NOTHING, HoldCause, Job, JobHold, Origin


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
        return tuple(plan.digest for plan in self.plans)

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
        self, home_id: str, tool_paths: Mapping[str, str] = NOTHING, *, grants: TrustStore | None = None
    ) -> None:
        self.home_id, self.tool_paths = home_id, tool_paths
        self.grants = TrustStore() if grants is None else grants

    def preview(self, spec: JobSpec, *, source: str = "") -> LaunchPreview:
        """What a job would start as things are now."""
        return preview_launch(spec, self.grants, tool_paths=self.tool_paths, source=source)

    def reason_to_hold(self, spec: JobSpec) -> JobHold | None:
        """Why a job that nobody added by hand must wait for a person; None if it was granted before."""
        plans = launch_plans(spec, self.tool_paths)
        if self.grants.redeem(self.home_id, spec.job_id, plans):
            return None
        return needs_trust(self._why(plans))

    def objection(self, job: Job, spec: JobSpec) -> JobHold | None:
        """Why to hold a job that must not start after all; None if it may start."""
        if job.origin is not Origin.INBOX:
            return None
        plans = (launch_plan(spec, self.tool_paths),)
        if self.grants.covers_job(self.home_id, job.job_id, plans):
            return None
        return needs_trust(self._why(plans))

    def allow(self, job: Job, spec: JobSpec) -> None:
        """Let this one job start as it is now, with its current tool too; no other job is covered."""
        self.grants.allow_job(
            self.home_id, job.job_id, launch_plans(with_current_tool(spec, job.tool), self.tool_paths)
        )

    def _why(self, plans: Sequence[LaunchPlan]) -> str:
        if self.grants.problem:
            return "the file of grants cannot be used"
        return changed_since(plans, self.grants) or _new(plans)


def with_current_tool(spec: JobSpec, tool: str) -> JobSpec:
    """The job with its current tool, which may be one that the user chose and the job file does not list."""
    return spec if tool in (spec.tool, *spec.metadata.escalate_to) else spec.for_tool(tool)


def preview_launch(
    spec: JobSpec, grants: TrustStore, *, tool_paths: Mapping[str, str] = NOTHING, source: str = ""
) -> LaunchPreview:
    """What a job would start as things are now, and whether it is granted."""
    plans = launch_plans(spec, tool_paths)
    return LaunchPreview(
        job_id=spec.job_id,
        title=spec.title,
        plans=plans,
        task=spec.prompt or (f"see {spec.metadata.message_file}" if spec.metadata.message_file else ""),
        source=source,
        changed=changed_since(plans, grants),
        granted=grants.covers(plans),
    )


def changed_since(plans: Iterable[LaunchPlan], grants: TrustStore) -> str:
    """What has changed since something similar was trusted, as a clause; empty if nothing similar was trusted."""
    for plan in plans:
        near = grants.nearest(plan)
        if near is not None and (changes := differences(plan, near.start)):
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
