"""Run one job to its end while the caller waits, in the queue or with a store that only records."""

import threading
import time

from engine.interfaces import Accepted, Claim, StateInterface
from engine.jobfile.spec import JobSpec
from engine.orchestrator.attempt_preparer import AttemptPreparer, ref_of
from engine.orchestrator.mailbox import Mailbox, Prepared
from engine.orchestrator.parts import EngineParts
from engine.orchestrator.turn import Turn
from engine.tool_defaults import tool_run
from engine.types import Assessment, AttemptEnd, FailureClass, JobResult
from state.lifecycle import FINAL
from state.records import Attempt, AttemptStatus, Job, JobStatus, Origin

_POLL_S = 0.25
"""The longest wait for a message: another engine may have taken over a retry and may write its end."""


def in_queue(turn: Turn, accepted: Accepted) -> JobResult:
    """Accept the job if it is new, claim only this job, and advance until it has ended."""
    queue, job_id = turn.queue, accepted.spec.job_id
    woken = threading.Event()
    turn.on_wake(woken.set)
    # One transaction, or another engine could claim the job in between.
    with queue.transaction([accepted.spec.repo_root]):
        known = queue.get_job(job_id)
        if known is None:
            queue.accept([accepted], origin=Origin.API)
        elif known.status is JobStatus.HELD:
            queue.release(job_id)  # running it by hand overrules the hold
        claim = turn.claim_one(job_id)
    turn.attempts.begin(claim)
    while True:
        try:
            job = _advance(turn, job_id, woken)
        except KeyboardInterrupt:
            turn.cancel(job_id, "interrupted at the keyboard")
            while (job := _advance(turn, job_id, woken)).status not in FINAL:
                pass
            raise
        if job.status in FINAL or job.status is JobStatus.HELD:
            return _last_result(queue, job_id)


def _advance(turn: Turn, job_id: str, woken: threading.Event) -> Job:
    woken.wait(_POLL_S)
    woken.clear()
    now = turn.now()
    turn.advance(now)
    job = turn.queue.get_job(job_id)
    assert job is not None  # noqa: S101 - entered above and never deleted while it is open
    due = job.status is JobStatus.QUEUED and not (job.not_before or 0) > now
    if due and not turn.obstacle():  # a retry waits until jobs may start
        turn.attempts.begin(turn.claim_one(job_id))
    return job


def _last_result(store: StateInterface, job_id: str) -> JobResult:
    ended = [
        attempt for attempt in store.list_attempts(job_id) if attempt.status is not AttemptStatus.RUNNING
    ]
    values = {
        name: value for name, value in ended[-1].result.items() if name in JobResult.__dataclass_fields__
    }
    return JobResult(**values)


def outside(parts: EngineParts, store: StateInterface, spec: JobSpec) -> JobResult:
    """Run the job with a store that only records, and record its start and its end."""
    store.mark_job_running(spec.job_id)
    now = time.time()
    job = Job(job_id=spec.job_id, run_id=spec.run_id or "", ws_id=spec.workstream_id, tool=spec.tool)
    run = tool_run(spec, {})
    attempt = Attempt(
        id=int(now * 1000), run_id=job.run_id, ws_id=job.ws_id, job_id=job.job_id, step_name=spec.name, number=1,
        tool=spec.tool, status=AttemptStatus.RUNNING, token=f"{id(spec):x}", started_at=now,
        model=run.model, permission=run.permission,
    )  # fmt: skip
    result, interrupted = _run_attempt(parts, Claim(job=job, attempt=attempt, spec=spec, run=run))
    store.update_job_result(spec, result)
    if interrupted:
        raise KeyboardInterrupt
    return result


def _run_attempt(parts: EngineParts, claim: Claim) -> tuple[JobResult, bool]:
    """The result of the attempt, and whether a person stopped it at the keyboard."""
    ref = ref_of(claim.attempt)
    preparer = AttemptPreparer(parts, Mailbox())
    woken = threading.Event()
    preparer.mailbox.on_post(woken.set)
    parts.runner.on_end(woken.set)
    preparer.prepare(claim)
    stopping = False
    while True:
        try:
            woken.wait(_POLL_S)
            woken.clear()
            if stopping:
                preparer.runner.stop(ref)
            result = _attend(preparer, claim)
        except KeyboardInterrupt:
            if stopping:
                raise
            stopping = True
            preparer.runner.stop(ref)
            continue
        if result is not None:
            return result, stopping


def _attend(preparer: AttemptPreparer, claim: Claim) -> JobResult | None:
    """Handle what has arrived; return the result once there is one."""
    ref = ref_of(claim.attempt)
    for message in preparer.mailbox.take():
        match message:
            case Prepared(invocation=None, problem=problem, reason=reason):
                end = AttemptEnd(ref=ref, reason=reason, detail=problem)
                return Assessment.unread(end, problem, reason.failure or FailureClass.SPAWN_FAILED).result
            case Prepared(invocation=invocation) if invocation is not None:
                preparer.runner.start(ref, invocation)
            case Assessment(result=result):
                return result
    for end in preparer.runner.ended():
        preparer.assess(claim.attempt, claim.spec, end)
    return None
