"""Find steps that wait for work which they will not see in their worktrees; their pipeline is valid all the same."""

from collections.abc import Iterator, Sequence

from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_names import is_coding_tool

_TOO_LATE = (
    "but its worktree was made before its first step, so it has nothing of that work. Make it the first step of a "
    "workstream of its own."
)
_TOO_EARLY = (
    "which is not the last step of its workstream, so its worktree has only what is committed by then. Commit it in a "
    "step, or wait for the workstream."
)


def unseen_work(jobs: Sequence[JobSpec]) -> Iterator[str]:
    """A sentence for each step that may miss work it waits for, of another workstream of the same repository.

    A worktree is made once, before the first step of its workstream, from what those before it have committed; all of
    the work of a workstream is committed after its last step.
    """
    known = {spec.job_id: spec for spec in jobs}
    first = {spec.workstream_id: spec.job_id for spec in reversed(jobs)}
    last = {spec.workstream_id: spec.job_id for spec in jobs}
    isolated = {spec.workstream_id for spec in jobs if _may_be_isolated(spec)}
    for spec in jobs:
        for other in (known[job_id] for job_id in spec.metadata.depends_on if job_id in known):
            streams = {spec.workstream_id, other.workstream_id}
            if len(streams) == 1 or not streams <= isolated or spec.repo_root != other.repo_root:
                continue
            begins = known[first[spec.workstream_id]]
            if spec is not begins and other.job_id not in begins.metadata.depends_on:
                yield f"{_name(spec)} waits for {_name(other)}, {_TOO_LATE}"
            elif spec is begins and other.job_id != last[other.workstream_id]:
                yield f"{_name(spec)} waits for {_name(other)}, {_TOO_EARLY}"


def _may_be_isolated(spec: JobSpec) -> bool:
    return (
        spec.may_write and is_coding_tool(spec.tool) and spec.metadata.isolation not in {"in_place", "none"}
    )


def _name(spec: JobSpec) -> str:
    return f"{spec.workstream_id}/{spec.step_name or spec.job_id}"
