"""What a running job takes up, without all else that is known of it: a decision about the queue needs no more."""

from collections.abc import Sequence
from typing import NamedTuple

from state.records import Job


class RunningJob(NamedTuple):
    """What a running job takes up: slots, an account, and the files it writes."""

    job_id: str
    tool: str
    group_name: str
    account: str | None
    tree: str | None
    scope_root: str | None
    files_scope: Sequence[str]

    @classmethod
    def of(cls, job: Job, *, account: str | None) -> "RunningJob":
        """What a job takes up that starts with this account."""
        return cls(job.job_id, job.tool, job.group_name, account, job.tree, job.scope_root, job.files_scope)
