"""A person's commands on jobs that look at no file and at no setting: cancel, hold, release, retry, skip, note, label.

Apart from the other commands (`JobControl`), since the command line loads no more for them.
"""

from collections.abc import Callable, Iterable, Sequence

from engine.errors import CommandRefusedError
from engine.system.phrase import phrase
from engine.trust.waiting import waits_for_trust
from state import job_changes, queries
from state.command_table import COMMAND_STATES, WAITING, JobCommand
from state.job_changes import JobChange, Plan
from state.job_ledger import JobLedger
from state.job_notes import checked_labels, checked_note
from state.records import HoldCause, Job, JobHold
from state.status_words import status_in_words
from state.write_commands import Applied

HELD_BY_PERSON = JobHold(HoldCause.PERSON, str(phrase("Held by you; release it to queue it.")))
"""The hold that a person sets without giving a reason."""
BATCH = 200
"""So many jobs take a few hundredths of a second of the write lock, and are a small share of what a sync costs."""
Check = Callable[[Job], None]
"""Raises SignalboxError where a command is not to be carried out on a job as it is now."""


def any_job(_job: Job) -> None:
    """Check nothing."""


class JobRequests:
    """Commands on jobs as they are in the database; on several jobs, a refusal does not stop the others."""

    def __init__(self, ledger: JobLedger, clock: Callable[[], float]) -> None:
        self._job_ledger, self._clock = ledger, clock

    def cancel_each(self, job_ids: Sequence[str], reason: str = "", *, check: Check = any_job) -> Applied:
        """Cancel waiting jobs at once, and request that running ones be stopped."""
        plan = job_changes.cancelling(f": {reason}" if reason else "", self._clock())
        return self._apply(job_ids, plan, check)

    def hold_each(self, job_ids: Sequence[str], reason: str = "", *, check: Check = any_job) -> Applied:
        """Keep queued jobs from starting."""
        held = JobHold(HoldCause.PERSON, reason or HELD_BY_PERSON.reason)
        return self._apply(job_ids, job_changes.holding(held), check)

    def release_trusted(self, job_ids: Sequence[str], *, check: Check = any_job) -> Applied:
        """Let held jobs start, and jobs that wait for their time; refuse those that wait for trust."""

        def trusted(job: Job) -> None:
            check(job)
            if waits_for_trust(job):
                raise CommandRefusedError(f"{job.job_id} was held meanwhile: {job.hold_reason}")

        return self._apply(job_ids, job_changes.releasing, trusted)

    def retry_as_is(self, job_ids: Sequence[str], *, check: Check = any_job) -> Applied:
        """Queue ended jobs again, with the same tool."""
        return self._apply(job_ids, job_changes.retrying(None), check)

    def retry_all(self, job_ids: Sequence[str]) -> list[Job]:
        """Queue jobs again with every job that depends on them and did not succeed; all of them or none.

        What was completed or accepted as it is stays so.
        """
        with self._job_ledger.transaction() as connection:
            again = COMMAND_STATES[JobCommand.RETRY].offered
            below = queries.dependents(connection, job_ids)
            found = queries.find_jobs(connection, below)
            fit = [job_id for job_id in below if job_id in found and found[job_id].status in again]
            return self._apply(list(dict.fromkeys([*job_ids, *fit])), job_changes.retrying(None)).all()

    def skip_each(self, job_ids: Sequence[str], reason: str = "") -> Applied:
        """Accept jobs as they are: their dependents may start."""
        why = f": {reason}" if reason else ""
        return self._apply(job_ids, job_changes.skipping(why, self._clock()))

    def note_each(self, job_ids: Sequence[str], note: str, *, check: Check = any_job) -> Applied:
        """Write a note on jobs in place of the one each has; an empty one removes it.

        Raises:
            NoteRefusedError: it is too long.
        """
        return self._apply(job_ids, job_changes.noting(checked_note(note)), check)

    def label_each(
        self, job_ids: Sequence[str], *, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> Applied:
        """Give jobs labels, and take others from them.

        Raises:
            NoteRefusedError: one of them is no label.
        """
        added, removed = checked_labels(add), checked_labels(remove)
        if both := sorted({*added} & {*removed}):
            raise CommandRefusedError(
                f"{both[0]} cannot be added and removed at once; leave one of the two out."
            )
        return self._apply(job_ids, job_changes.labelling(added, removed))

    def set_each_priority(self, job_ids: Sequence[str], priority: int) -> Applied:
        """Move waiting jobs forward or back in the queue."""
        return self._apply(job_ids, job_changes.prioritising(priority), refuse_started)

    def _apply(self, job_ids: Sequence[str], plan: Plan, check: Check = any_job) -> Applied:
        def checked(job: Job) -> JobChange | None:
            check(job)
            return plan(job)

        return self._job_ledger.commands.apply(job_ids, checked)


def refuse_started(job: Job) -> None:
    """Raise CommandRefusedError for a job that has started already."""
    if job.status not in WAITING:
        state = status_in_words(job.status)
        raise CommandRefusedError(f"{job.job_id} {state}; only a waiting job can be changed.")
