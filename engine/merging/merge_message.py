"""The message of the commit that a merge makes: what a person reads in the history of the target."""

from collections.abc import Sequence

from engine.system.plain_text import one_line
from state.worktree_records import MergeMethod

_SUBJECT = 72
_MOST_JOBS = 20


def merge_message(
    method: MergeMethod, *, title: str, workstream: str, run: str, branch: str, jobs: Sequence[str]
) -> str:
    """The message: the title of the workstream, then where the work comes from, and its jobs."""
    subject = one_line(f"Merge {title}" if method is MergeMethod.MERGE else title)
    if len(subject) > _SUBJECT:
        subject = f"{subject[: _SUBJECT - 1].rstrip()}…"
    left = len(jobs) - _MOST_JOBS
    named = [f"- {one_line(job)}" for job in jobs[:_MOST_JOBS]] + ([f"- and {left} more"] if left > 0 else [])
    lines = [
        subject,
        "",
        one_line(f"Workstream {workstream} of {run}, on branch {branch}."),
        "",
        "Jobs:",
        *named,
    ]
    return "\n".join(lines) + "\n"
