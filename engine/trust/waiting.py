"""Which jobs wait for a person's trust. Pure, and apart from what trust is given to."""

from state.records import HoldCause, Job, JobStatus


def waits_for_trust(job: Job) -> bool:
    """Whether a job is held until a person has reviewed what it would start."""
    return job.status is JobStatus.HELD and job.hold_cause in {HoldCause.INBOX, HoldCause.TRUST}
