"""What people do with jobs and with the queue, and the note that it was accepted."""

import json
from contextlib import suppress

from engine.errors import SignalboxError
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.trust.policy import TrustPolicy
from engine.types import QueuePosition
from state.records import Job, Limit, LimitKind, Origin
from tests.helpers.histories.scene import Scene
from tests.helpers.histories.steps import Command, Queue, Submit

URGENT = 1000


class People:
    """Submits jobs and gives commands; what is refused was not done."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._record = scene, scene.record
        self._trust = TrustPolicy(scene.home.home_id(), {})

    def submit(self, step: Submit) -> None:
        fields = self._scene.workshop.job(step)
        with suppress(SignalboxError, OSError):  # refused, for the disk is full: it was not accepted
            if step.by == "inbox":
                self._drop(step.job, {name: value for name, value in fields.items() if name != "job_id"})
            else:
                spec = job_from_mapping(fields, base=self._scene.workshop.folder)
                self._scene.store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)
            self._record.jobs[step.job] = step

    def _drop(self, job: str, fields: dict[str, object]) -> None:
        spec = job_from_mapping(fields, base=self._scene.home.inbox)
        self._trust.grants.grant(self._trust.preview(spec).plans)
        draft = self._scene.home.inbox / f".{job}.part"
        try:
            draft.write_text(json.dumps(fields), encoding="utf-8")
            draft.rename(self._scene.home.inbox / f"{job}.json")
        finally:
            draft.unlink(missing_ok=True)

    def command(self, step: Command) -> None:
        found = (
            self._scene.at_work(lambda attempt: step.job in {"*", self._scene.name_of(attempt)})
            if step.when == "running"
            else None
        )
        job = self._scene.name_of(found) if found is not None and step.job == "*" else step.job
        for row in self._scene.rows(job):
            with suppress(SignalboxError):  # refused in its present state
                self.give(step.name, row, job)

    def give(self, name: str, row: Job, job: str) -> None:
        """Give a command, and note that it was accepted.

        Raises:
            SignalboxError: it was refused.
        """
        control, record = self._scene.store.job_control, self._record
        match name:
            case "cancel":
                control.request_cancel(row.job_id)
                record.cancelled[job] = len(self._scene.attempts(job))
            case "retry":
                control.retry(row.job_id)
                record.retried[job] += 1
                record.cancelled.pop(job, None)
            case "hold":
                control.hold(row.job_id)
                record.held[job] = len(self._scene.attempts(job))
            case "release":
                self._scene.check_held(job)
                record.held.pop(job, None)
                control.release(row.job_id)
            case "urgent":
                control.set_priority(row.job_id, URGENT)
            case "top" | "bottom":
                control.move([row.job_id], QueuePosition(where=name))

    def queue(self, step: Queue) -> None:
        control = self._scene.store.queue_control
        with suppress(SignalboxError):  # nothing is paused
            match step.name:
                case "pause":
                    control.pause()
                case "resume":
                    control.resume()
                case "limit":
                    control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=step.limit))
