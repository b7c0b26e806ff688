"""Running one job to its end while the caller waits, in the queue or beside any store that merely records."""

import threading
import time
from typing import TYPE_CHECKING

from engine.interfaces import Accepted, Claim, StateInterface
from engine.jobfile.spec import JobSpec
from engine.orchestrator.attempt_preparer import AttemptPreparer, failed, ref_of
from engine.orchestrator.mailbox import Judged, Prepared
from engine.types import AttemptEnd, EndReason, FailureClass, JobResult
from state.lifecycle import FINAL
from state.records import Attempt, AttemptStatus, Job, JobStatus, Origin

if TYPE_CHECKING:
    from engine.orchestrator.orchestrator import Orchestrator

_POLL_S = 0.25
"""How long to wait for a message at most: another engine may have taken a retry over and writes its end."""


def in_queue(orchestrator: "Orchestrator", item: Accepted) -> JobResult:
    """Accept the job if it is new, claim only it, and step until it has ended."""
    queue, job_id = orchestrator.queue, item.spec.job_id
    rung = threading.Event()
    orchestrator.on_wake(rung.set)
    with queue.transaction():  # in one, or another engine could claim it in between
        known = queue.get_job(job_id)
        if known is None:
            queue.accept([item], origin=Origin.API)
        elif known.status is JobStatus.HELD:
            queue.release(job_id)  # who runs it by hand wants it to run
        claim = _claim(orchestrator, job_id)
    orchestrator.attempts.begin(claim)
    while True:
        try:
            job = _advance(orchestrator, job_id, rung)
        except KeyboardInterrupt:
            orchestrator.cancel(job_id, "interrupted at the keyboard")
            while (job := _advance(orchestrator, job_id, rung)).status not in FINAL:
                pass
            raise
        if job.status in FINAL or job.status is JobStatus.HELD:
            return _last_result(queue, job_id)


def _claim(orchestrator: "Orchestrator", job_id: str) -> Claim:
    parts = orchestrator.parts
    return orchestrator.queue.claim_one(
        job_id, parts.identity.engine, orchestrator.now(), runner=parts.runner.name
    )


def _advance(orchestrator: "Orchestrator", job_id: str, rung: threading.Event) -> Job:
    rung.wait(_POLL_S)
    rung.clear()
    now = orchestrator.now()
    orchestrator.turn(now)
    job = orchestrator.queue.get_job(job_id)
    assert job is not None  # noqa: S101 - entered above and never deleted while it is open
    due = job.status is JobStatus.QUEUED and not (job.not_before or 0) > now
    if due and not orchestrator.obstacle():  # a retry waits for room
        orchestrator.attempts.begin(_claim(orchestrator, job_id))
    return job


def _last_result(store: StateInterface, job_id: str) -> JobResult:
    ended = [
        attempt for attempt in store.list_attempts(job_id) if attempt.status is not AttemptStatus.RUNNING
    ]
    values = {
        name: value for name, value in ended[-1].result.items() if name in JobResult.__dataclass_fields__
    }
    return JobResult(**values)


def outside(desk: AttemptPreparer, store: StateInterface, spec: JobSpec) -> JobResult:
    """Run the job for a store that only records: it is told of the start and of the end."""
    store.mark_job_running(spec.job_id)
    now = time.time()
    job = Job(job_id=spec.job_id, run_id=spec.run_id or "", ws_id=spec.workstream_id, tool=spec.tool)
    attempt = Attempt(
        id=int(now * 1000), run_id=job.run_id, ws_id=job.ws_id, job_id=job.job_id, step_name=spec.name, number=1,
        tool=spec.tool, status=AttemptStatus.RUNNING, token=f"{id(spec):x}", started_at=now,
    )  # fmt: skip
    result = _run_attempt(desk, Claim(job=job, attempt=attempt, spec=spec))
    store.update_job_result(spec, result)
    return result


def _run_attempt(desk: AttemptPreparer, claim: Claim) -> JobResult:
    ref = ref_of(claim.attempt)
    rung = threading.Event()
    desk.mailbox.on_post(rung.set)
    desk.prepare(claim)
    stopping = False
    while True:
        try:
            rung.wait(_POLL_S)
            rung.clear()
            result = _attend(desk, claim)
        except KeyboardInterrupt:
            if stopping:
                raise
            stopping = True
            desk.runner.stop(ref)
            continue
        if result is not None and stopping:
            raise KeyboardInterrupt
        if result is not None:
            return result


def _attend(desk: AttemptPreparer, claim: Claim) -> JobResult | None:
    """Handle what came in; the result once there is one."""
    ref = ref_of(claim.attempt)
    for message in desk.mailbox.take():
        match message:
            case Prepared(invocation=None, problem=problem):
                end = AttemptEnd(ref=ref, reason=EndReason.SPAWN_FAILED, detail=problem)
                return failed(end, problem, FailureClass.SPAWN_FAILED)
            case Prepared(invocation=invocation) if invocation is not None:
                desk.runner.start(ref, invocation)
            case Judged(result=result):
                return result
    for end in desk.runner.ended():
        desk.judge(claim.attempt, claim.spec, end)
    return None
