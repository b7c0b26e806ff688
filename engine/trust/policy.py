"""Decides whether a job may start although nobody looks: at the door, and again at the last moment before its start.

What a person commits has been looked at; what came in by the inbox needs grants. Starts nothing and enters nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.jobfile.spec import JobSpec
from engine.system.tool_paths import search_path
from engine.trust.launch import NEEDS_TRUST, LaunchPlan, concerns_of, differences, start_of, starts_of
from engine.trust.trust_store import TrustStore
from state.records import NOTHING, Job, Origin


@dataclass(frozen=True, kw_only=True)
class LaunchPreview:
    """What a person is shown of a job before it may start: its starts, its task, and what became of earlier grants."""

    job_id: str
    title: str
    starts: tuple[LaunchPlan, ...]
    task: str = ""
    source: str = ""
    changed: str = ""
    granted: bool = False

    @property
    def digests(self) -> tuple[str, ...]:
        """What the look was taken at; a job that makes other starts has not been looked at."""
        return tuple(start.digest for start in self.starts)

    @property
    def needs_look(self) -> bool:
        """Whether it would run what lies in the repository, would ask nobody, or is not as it was trusted."""
        return not self.granted and (bool(self.changed) or any(start.is_of_repo for start in self.starts))

    @property
    def concerns(self) -> tuple[str, ...]:
        """Why the job needs a grant of its own."""
        return concerns_of(self.starts)


class TrustPolicy:
    """The trust of one home. `tool_paths` are the user's settings; may be called from any thread."""

    def __init__(
        self, home_id: str, tool_paths: Mapping[str, str] = NOTHING, *, grants: TrustStore | None = None
    ) -> None:
        self.home_id, self.tool_paths = home_id, tool_paths
        self.grants = TrustStore() if grants is None else grants

    def look(self, spec: JobSpec, *, source: str = "") -> LaunchPreview:
        """What there is to see of a job at this moment."""
        return look_at(spec, self.grants, tool_paths=self.tool_paths, source=source)

    def keep_out(self, spec: JobSpec) -> str | None:
        """Why a job that came in without a person has to wait for one; None where it was granted before."""
        starts = starts_of(spec, self.tool_paths)
        if self.grants.take(self.home_id, spec.job_id, starts):
            return None
        return hold_reason(self._why(starts))

    def objection(self, job: Job, spec: JobSpec) -> str:
        """Why a job must not start after all, as the reason to hold it; empty where it may."""
        if job.origin is not Origin.INBOX:
            return ""
        starts = (start_of(spec, self.tool_paths),)
        if self.grants.covers_job(self.home_id, job.job_id, starts):
            return ""
        return hold_reason(self._why(starts))

    def allow(self, job: Job, spec: JobSpec) -> None:
        """Let this one job start as it is now, also with the tool it has come to; no other job gains by it."""
        self.grants.allow_job(self.home_id, job.job_id, starts_of(at_tool(spec, job.tool), self.tool_paths))

    def _why(self, starts: Sequence[LaunchPlan]) -> str:
        if self.grants.problem:
            return "the file of grants cannot be used"
        return changed_since(starts, self.grants) or _new(starts)


def at_tool(spec: JobSpec, tool: str) -> JobSpec:
    """The job with the tool it has come to: a person may have chosen one that is not of its ladder."""
    return spec if tool in (spec.tool, *spec.metadata.escalate_to) else spec.for_tool(tool)


def look_at(
    spec: JobSpec, grants: TrustStore, *, tool_paths: Mapping[str, str] = NOTHING, source: str = ""
) -> LaunchPreview:
    """What there is to see of a job at this moment."""
    starts = starts_of(spec, tool_paths)
    return LaunchPreview(
        job_id=spec.job_id,
        title=spec.title,
        starts=starts,
        task=spec.prompt or (f"see {spec.metadata.message_file}" if spec.metadata.message_file else ""),
        source=source,
        changed=changed_since(starts, grants),
        granted=grants.covers(starts),
    )


def changed_since(starts: Iterable[LaunchPlan], grants: TrustStore) -> str:
    """What is not as it was when something like it was trusted, as a clause; empty where nothing was."""
    for start in starts:
        near = grants.nearest(start)
        if near is not None and (told := differences(start, near.start)):
            return f"since you trusted it, {', '.join(told)}"
    return ""


def hold_reason(why: str) -> str:
    """The reason a job is held with until a person has looked."""
    return f"{NEEDS_TRUST}{why}; look at it, then let it run or cancel it."


def warm_up() -> None:
    """Ask the login shell for its PATH, which takes its time; call it on a thread that may wait."""
    search_path()


def is_warm() -> bool:
    """Whether looking at a job will not have to wait for the login shell."""
    return search_path.cache_info().currsize > 0


def _new(starts: Sequence[LaunchPlan]) -> str:
    concerns = concerns_of(starts)
    if concerns:
        return f"it {' and '.join(concerns)}"
    return f"{starts[0].tool} in {starts[0].repo} was not trusted before"
