"""Carries out the commands of a person who has seen what jobs would start, if they would still start just that."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import CommandRefusedError, JobNotFoundError
from engine.host.commands import AddJobs, ReleaseJobs, TrustJob
from engine.host.launch_reader import Launches, LaunchReader, ReadLaunch
from engine.interfaces import Accepted
from engine.jobfile.safe_read import refuse_changed
from engine.state_store.job_requests import HELD_BY_PERSON
from engine.state_store.job_state_store import JobStateStore
from engine.trust.binding import Binding
from engine.trust.launch_plan import LaunchPlan
from engine.trust.policy import LaunchPreview, TrustPolicy, needs_trust
from state.records import Job


class ReviewedJobs:
    """Adds, trusts and releases jobs as they were shown; every call comes from the engine's thread."""

    def __init__(self, store: JobStateStore, trust_policy: TrustPolicy, reader: LaunchReader) -> None:
        self._store, self._trust_policy, self._reader = store, trust_policy, reader

    def add(self, command: AddJobs, read: Launches) -> list[Job]:
        """Queue everything a person added, in one transaction, held if requested."""
        held = HELD_BY_PERSON if command.held else None
        refuse_changed(
            (Path(one.source_path), one.file_digest)
            for one in command.jobs
            if one.source_path and one.file_digest
        )
        jobs = [
            _as_shown(item, command.shown.get(item.spec.job_id), read.get(item.spec.job_id))
            for item in command.jobs
        ]
        for reviewed in command.trusted:
            self._grant(reviewed.preview, reviewed.binding)
        return self._store.accept(
            jobs,
            origin=command.origin,
            held=held,
            title=command.title,
            run_id=command.run_id,
        )

    def trust(self, command: TrustJob, read: Launches) -> Job:
        """Release a job whose launch a person trusts."""
        if command.job_id not in read:
            raise JobNotFoundError(command.job_id)
        preview = self._unchanged(command.job_id, command, read).preview
        if preview.digests != tuple(command.digests):
            raise _changed(command.job_id)
        if command.binding is not Binding.ONCE:
            self._grant(preview, command.binding)
        return self._store.job_control.release(command.job_id, reviewed=preview.plans)

    def plans(self, job_id: str, command: ReleaseJobs, read: Launches) -> Sequence[LaunchPlan]:
        """What the job that is to be released would start."""
        return self._unchanged(job_id, command, read).preview.plans

    def _unchanged(self, job_id: str, command: TrustJob | ReleaseJobs, read: Launches) -> ReadLaunch:
        """What was read of a job, which has neither been edited nor held anew since."""
        if [read[job_id].job] != self._reader.jobs_of(command):
            raise _changed(job_id)
        return read[job_id]

    def _grant(self, preview: LaunchPreview, binding: Binding) -> None:
        """Grant what a person has seen: whatever the repository holds, or bound to what each plan needs."""
        requested = binding if binding is Binding.ANYTHING else None
        self._trust_policy.grants.grant(preview.plans, binding=requested, source=preview.source)


def _as_shown(item: Accepted, shown: Sequence[str] | None, read: ReadLaunch | None) -> Accepted:
    """The job, held if it is not what the person has seen."""
    if shown is None or (read is not None and tuple(shown) == read.preview.digests):
        return item
    return replace(item, held=needs_trust("it changed while you reviewed it"))


def _changed(job_id: str) -> CommandRefusedError:
    return CommandRefusedError(f"{job_id} is no longer what was shown; review it again.")
