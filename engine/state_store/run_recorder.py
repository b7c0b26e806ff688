"""Record runs, jobs and events of others: of a script, or of a job that was run on its own."""

from collections.abc import Mapping
from typing import Any

from engine.errors import SignalboxError
from engine.jobfile.spec import JobSpec
from engine.state_store.accepting import new_run_id
from engine.state_store.budget_holds import BudgetHolds
from engine.state_store.settling import usage_of
from engine.state_store.store_access import StoreAccess
from engine.types import JobResult
from state import attempt_queries, queries
from state.ledger import AttemptOutcome, Following, NewJob
from state.records import AttemptStatus, GroupStatus, Job, JobStatus, Origin, Run, Workstream

OUTSIDE = "outside"
"""The run and workstream of jobs that are recorded from outside and name none."""


class RunRecorder:
    """The writing half of `StateInterface`."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self._ledger = access, access.ledger
        self._budgets = BudgetHolds(access)

    def create_run(
        self,
        ws_id: str | None = None,
        *,
        metadata: Mapping[str, Any] | None = None,
        run_id: str | None = None,
    ) -> str:
        """Record a new run, with a first workstream if `ws_id` is given, and return its id."""
        given = dict(metadata or {})
        with self._ledger.transaction() as connection:
            chosen = run_id or new_run_id(connection, self._access.clock())
            run = Run(
                run_id=chosen, title=str(given.get("title", "")), repo=given.get("repo"), metadata=given
            )
            streams = [] if ws_id is None else [Workstream(run_id=chosen, ws_id=ws_id)]
            self._ledger.jobs.create_run(run, streams)
        return chosen

    def update_run_status(self, run_id: str, status: str) -> None:
        """Set the status of a run that has no jobs in the queue; otherwise it follows from the jobs.

        Raises:
            SignalboxError: the status is not valid, there is no such run, or the run has jobs.
        """
        try:
            requested = GroupStatus(status)
        except ValueError:
            raise SignalboxError(
                f"{status!r} is not a status of a run; use one of {', '.join(GroupStatus)}."
            ) from None
        with self._ledger.transaction() as connection:
            if queries.jobs_of_run(connection, run_id):
                raise SignalboxError(f"Run {run_id} has jobs in the queue; its status follows from them.")
            self._ledger.jobs.set_run_status(run_id, requested)

    def mark_job_running(self, job_id: str) -> None:
        """Record from outside that a job runs; creates missing rows. Its attempt is `external` and never adopted."""
        with self._ledger.transaction():
            self._enter_outside({"job_id": job_id})
            self._ledger.attempts.start_external(job_id)

    def update_job_result(self, job: Mapping[str, Any] | JobSpec, result: JobResult) -> None:
        """Record from outside how a job ended; creates missing rows.

        `job` needs at least ``job_id``; ``run_id``, ``workstream_id`` and ``tool`` are optional.
        """
        fields = job.to_json() if isinstance(job, JobSpec) else dict(job)
        with self._ledger.transaction() as connection:
            job_id = self._enter_outside(fields)
            running = attempt_queries.running_attempts(connection, job_id=job_id)
            attempt = running[0] if running else self._ledger.attempts.start_external(job_id)
            result, done = result.storable(), result.success
            outcome = AttemptOutcome(
                status=AttemptStatus.COMPLETED if done else AttemptStatus.FAILED,
                result={**result.to_json(), "job_id": job_id},
                exit_code=result.exit_code,
                duration_s=result.duration_s,
                failure_class=result.metadata.get("failure_class"),
                summary=str(result.metadata.get("summary", "")),
                **usage_of(result),
            )
            following = Following(status=JobStatus.COMPLETED if done else JobStatus.FAILED)
            now = self._access.clock()
            self._ledger.attempts.end(attempt, outcome, following, now=now)
            self._budgets.after_ends(connection, [attempt.run_id], now)

    def _enter_outside(self, fields: Mapping[str, Any]) -> str:
        job_id = str(fields["job_id"])
        if self._access.read(queries.find_job, job_id) is not None:
            return job_id
        run_id, ws_id = str(fields.get("run_id") or OUTSIDE), str(fields.get("workstream_id") or OUTSIDE)
        self._ledger.jobs.create_run(
            Run(run_id=run_id, title=run_id), [Workstream(run_id=run_id, ws_id=ws_id, title=ws_id)]
        )
        job = Job(
            job_id=job_id,
            run_id=run_id,
            ws_id=ws_id,
            tool=str(fields.get("tool") or "shell"),
            origin=Origin.API,
        )
        self._ledger.jobs.accept([NewJob(job=job, spec=fields)])
        return job_id

    def record_event(self, event_type: str, payload: Mapping[str, Any]) -> int:
        """Record that something happened and return the event's id.

        ``run_id``, ``ws_id``, ``job_id`` and ``tool`` of the payload say what it concerns; ``text`` (or ``message``) is
        its sentence.
        """
        subject = {name: payload.get(name) for name in ("run_id", "ws_id", "job_id", "tool")}
        message = str(payload.get("text") or payload.get("message") or event_type)
        return self._ledger.record_event(
            event_type, message, level=str(payload.get("level", "info")), extra=payload, **subject
        )
