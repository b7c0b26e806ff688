"""Lead the attempts of one engine from claim to settled end. Decides nothing about the queue.

Every change of an attempt arrives as a message or an end and is handled in the engine's thread.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from engine.attempt_decisions import Decision
from engine.errors import CommandRefusedError
from engine.interfaces import Choose, Claim, QueueStore, Settlement
from engine.jobfile.spec import JobSpec
from engine.orchestrator.attempt_preparer import AttemptPreparer, ref_of
from engine.orchestrator.mailbox import Message, Prepared, Recovered
from engine.scheduling import retry_policy
from engine.system.fault_injection import fault
from engine.system.looks import looked_once
from engine.tool_defaults import attempted, default_on_quota, default_retry, known_tools_in
from engine.types import (
    Assessment,
    AttemptEnd,
    AttemptProblem,
    AttemptRef,
    EndReason,
    FailureClass,
    Invocation,
    Recovery,
)
from state.database_errors import DatabaseBusyError, DatabaseError
from state.recordable import recordable
from state.records import Attempt, Engine, Job, JobHold, JobStatus

log = logging.getLogger(__name__)
_LONGEST_REASON = 300


@dataclass
class _Live:
    attempt: Attempt
    spec: JobSpec
    started: bool = False
    stop: EndReason | None = None
    """Why it is being stopped: a person cancelled it, or the engine stops; None while it is not."""
    is_plain: bool = False
    """Whether it is assessed at once where it ends well, without another thread."""
    is_readable: bool = True
    """Whether this release can read the job file; `spec` only stands for it where it cannot."""


class LiveAttempts:
    """Starts, stops, assesses and settles the attempts of this engine."""

    def __init__(
        self, store: QueueStore, preparer: AttemptPreparer, *, engine: Engine, clock: Callable[[], float]
    ) -> None:
        self._store, self._preparer, self._engine, self._clock = store, preparer, engine, clock
        self._live: dict[AttemptRef, _Live] = {}
        self._assessed: dict[AttemptRef, Assessment] = {}
        """The ends of this step, which are written together when the step ends."""
        self._unwritten: list[Message] = []
        """Ends that the database could not take; the next step writes them first."""
        self._unstorable: set[AttemptRef] = set()
        """Attempts whose result the database has refused."""
        self.write_error: DatabaseError | None = None
        """Why ends wait for the database, None when none does."""

    def __len__(self) -> int:
        return len(self._live)

    @property
    def tools(self) -> frozenset[str]:
        """The tools at work."""
        return frozenset(live.attempt.tool for live in self._live.values())

    @property
    def must_write(self) -> bool:
        """Whether an end still waits for the database."""
        return bool(self._unwritten)

    def begin_all(self, claims: Iterable[Claim]) -> None:
        """Take on claims that were made together."""
        with looked_once():
            for claim in claims:
                self.begin(claim)

    def begin(self, claim: Claim) -> None:
        """Take on a claim and have its command prepared."""
        fault("after_claim")
        self._live[ref_of(claim.attempt)] = _Live(claim.attempt, claim.spec)
        prepared = self._preparer.prepare_at_once(claim)
        if prepared is None:
            self._preparer.prepare(claim)
            return
        self._prepared(prepared)
        if self._assessed or self._unwritten:  # it has ended before it began, which the next step writes
            self._preparer.mailbox.ring()

    def stop(self, attempts: Iterable[Attempt], reason: EndReason = EndReason.CANCELLED) -> bool:
        """Stop these attempts and return whether any was new; their ends are written when their trees are gone."""
        fresh = [
            live
            for attempt in attempts
            if (live := self._live.get(ref_of(attempt))) is not None and live.stop is None
        ]
        for live in fresh:
            live.stop = reason
            if live.started:
                self._preparer.runner.stop(ref_of(live.attempt), reason)
        return bool(fresh)

    @property
    def is_stopping(self) -> bool:
        """Whether a stop that was requested has not been carried out yet."""
        return any(live.stop is not None for live in self._live.values())

    def repeat_stops(self) -> None:
        """Request again every stop that has not been carried out; the runner knows when it needs stronger means."""
        for ref, live in self._live.items():
            if live.stop is not None and live.started:
                self._preparer.runner.stop(ref, live.stop)

    def stop_job(self, job_id: str) -> bool:
        """Stop a running job whatever the database says; False when no job of that id runs here."""
        found = [live.attempt for live in self._live.values() if live.attempt.job_id == job_id]
        self.stop(found)
        return bool(found)

    def stop_every(self, reason: EndReason) -> None:
        """Stop everything that runs here."""
        self.stop([live.attempt for live in self._live.values()], reason)

    def process_messages(self, choose: Choose | None = None) -> bool:
        """Handle everything that has arrived; return whether anything has.

        Where something has ended, what `choose` selects is claimed with it and begun.
        """
        unwritten = list(self._unwritten)
        self._unwritten.clear()
        self.write_error = None
        messages = [*unwritten, *self._preparer.mailbox.take()]
        ends = self._preparer.runner.ended()
        for problem in self._preparer.runner.problems():
            self._record_problem(problem)
        for message in messages:
            self._handle(message)
        for end in ends:
            self._ended(end)
        assessed = list(self._assessed.values())
        self._assessed.clear()
        if assessed and (choose is None or not self._settle_and_claim(assessed, choose)):
            self._settle(assessed)
        return len(messages) + len(ends) > len(self._unwritten)

    def _handle(self, message: Message) -> None:
        match message:
            case Prepared():
                self._prepared(message)
            case Assessment():
                self._assessed[message.end.ref] = message
            case Recovered():
                self._recovered(message)

    def _prepared(self, message: Prepared) -> None:
        live = self._live[message.ref]
        if live.stop is EndReason.STOPPED:
            self._give_back(message, live.attempt, recordable("Not started: the engine stopped."))
        elif live.stop is not None:
            self._settle_unstarted(message.ref, live.stop, recordable("Cancelled before it started."))
        elif message.held is not None:
            self._hold_back(message, message.held)
        elif message.invocation is None:
            self._settle_unstarted(message.ref, message.reason, message.problem)
        elif self._recorded_session(message, live, message.invocation):
            live.started, live.is_plain = True, message.is_plain
            self._preparer.runner.start(message.ref, message.invocation)

    def _recorded_session(self, message: Prepared, live: _Live, invocation: Invocation) -> bool:
        """Whether it is written that the tool begins a new session, where it was to resume one."""
        if invocation.new_session is None or live.attempt.resumes is None:
            return True
        try:
            live.attempt = self._store.begin_new_session(live.attempt, invocation.new_session)
        except DatabaseError:
            self._unwritten.append(message)
            return False
        return True

    def _hold_back(self, message: Prepared, held: JobHold) -> None:
        """Give the claim back and hold the job: nobody has reviewed what it would start."""
        attempt = self._live[message.ref].attempt
        try:
            with self._store.transaction():
                job = self._store.unclaim(attempt, f"Not started: {held.reason}", self._clock())
                if job is not None and job.status is JobStatus.QUEUED:
                    self._store.hold(job.job_id, held.reason, cause=held.cause)
        except DatabaseError:
            self._unwritten.append(message)
            return
        del self._live[message.ref]

    def _settle_unstarted(self, ref: AttemptRef, reason: EndReason, detail: str) -> None:
        end = AttemptEnd(ref=ref, reason=reason, detail=detail)
        self._assessed[ref] = Assessment.unread(end, detail, reason.failure or FailureClass.SPAWN_FAILED)

    def _ended(self, end: AttemptEnd) -> None:
        live = self._live.get(end.ref)
        if live is None:
            log.warning(
                "Attempt %s ended here, but no attempt of this engine has that name", end.ref.folder_name
            )
        else:
            self._assess(live, end)

    def _assess(self, live: _Live, end: AttemptEnd) -> None:
        if live.is_readable:
            one = (live.attempt, live.spec, end)
            if live.is_plain and (assessed := self._preparer.assess_at_once(*one)) is not None:
                self._assessed[end.ref] = assessed
            else:
                self._preparer.assess(*one)
            return
        summary = recordable("It ended, but this release cannot read its job file, so its result is unknown.")
        self._assessed[end.ref] = Assessment.unread(end, summary, end.reason.failure or FailureClass.FAILED)

    def _settle_and_claim(self, assessed: Sequence[Assessment], choose: Choose) -> bool:
        """Write these ends and claim what may start now, in one transaction; False where nothing was written."""
        now = self._clock()
        try:
            settled, claims = self._store.settle_and_claim(
                self._settlement(assessed, now), self._engine, choose, now, runner=self._preparer.runner.name
            )
        except DatabaseBusyError as error:
            self.write_error = error
            self._unwritten += assessed
            return True
        except Exception:  # noqa: BLE001 - whatever it is comes again without the claims, and is handled then
            return False
        self._conclude(assessed, settled)
        self.begin_all(claims)
        return True

    def _settle(self, assessed: Sequence[Assessment]) -> None:
        """Write these ends and what follows from them together; ends that cannot be written now wait."""
        if isinstance(self.write_error, DatabaseBusyError):  # each further write would wait for seconds
            self._unwritten += assessed
            return
        try:
            now = self._clock()
            settled = self._store.settle(self._settlement(assessed, now), now)
        except DatabaseError as error:
            if len(assessed) > 1 and not isinstance(error, DatabaseBusyError):
                self._settle_each(assessed)
                return
            # Busy, or a full disk: the ends are kept and written later.
            self.write_error = error
            self._unwritten += assessed
            return
        except Exception as error:  # noqa: BLE001 - no result may stop the engine, nor the next engine again
            self._settle_without(assessed, error)
            return
        self._conclude(assessed, settled)

    def _conclude(self, assessed: Sequence[Assessment], settled: Sequence[Job | None]) -> None:
        """Let go of attempts whose ends are committed."""
        for message, job in zip(assessed, settled, strict=True):
            fault("after_finish")
            del self._live[message.end.ref]
            self._unstorable.discard(message.end.ref)
            if job is None:
                log.warning("Attempt %s belongs to another engine or was pruned", message.end.ref.folder_name)

    def _settle_each(self, assessed: Sequence[Assessment]) -> None:
        """Write these ends one by one: one that cannot be written must not block the others."""
        for message in assessed:
            self._settle([message])

    def _settle_without(self, assessed: Sequence[Assessment], error: Exception) -> None:
        """Find the end that cannot be written, and write in its place that its job failed for that reason.

        Raises:
            Exception: not even the reason could be written.
        """
        if len(assessed) > 1:
            self._settle_each(assessed)
            return
        end = assessed[0].end
        if end.ref in self._unstorable:  # not even the reason could be: the fault is ours and must be seen
            raise error
        self._unstorable.add(end.ref)
        cause = str(getattr(error, "orig", None) or error)[:_LONGEST_REASON]
        log.warning(
            "The result of attempt %s could not be stored: %s", end.ref.folder_name, cause, exc_info=error
        )
        reason = f"Its result could not be stored: {cause}. The output of the attempt is kept."
        self._settle([Assessment.unread(end, reason, FailureClass.CRASH)])

    def _settlement(self, assessed: Sequence[Assessment], now: float) -> Settlement:
        """These ends, with what decides what follows."""
        ended = [(self._live[one.end.ref].attempt, one) for one in assessed]

        def decide(job: Job, assessment: Assessment) -> Decision:
            ladder = () if assessment.was_successful() else self._default_ladder(job)
            live = self._live[assessment.end.ref]
            is_repeated = assessment.failure in {FailureClass.DISK, FailureClass.QUOTA}
            earlier = self._store.list_attempts(job.job_id) if is_repeated else ()
            tools = known_tools_in(live.spec.repo_root, self._store.settings().tools)
            decision = retry_policy.decide(
                live.spec,
                job,
                assessment,
                now=now,
                default_ladder=ladder,
                default_retry=default_retry(live.spec, tools),
                default_on_quota=default_on_quota(live.spec, tools),
                earlier=earlier,
            )
            is_foreign = self._preparer.is_foreign(live.attempt)
            return retry_policy.of_another_home(decision, assessment) if is_foreign else decision

        for _ in ended:
            fault("before_finish")
        projects = {self._live[one.end.ref].spec.repo_root for one in assessed}
        return Settlement(ended=ended, decide=decide, projects=projects)

    def _record_problem(self, problem: AttemptProblem) -> None:
        live = self._live.get(problem.ref)
        if live is None:
            return
        text = f"The files of {live.attempt.job_id} cannot be used as they should: {problem.sentence}"
        try:
            self._store.record_event(
                "attempt.problem", {**_subject(live.attempt), "text": text, "level": "warning"}
            )
        except DatabaseError as error:
            log.warning("%s (Not recorded: %s)", text, error)

    def _default_ladder(self, job: Job) -> Sequence[str]:
        """The tools to escalate to when the job names none."""
        settings = self._store.settings()
        spec = self._readable_spec(job.job_id) if settings.ladders else None
        return () if spec is None else settings.default_ladder(spec)

    def _readable_spec(self, job_id: str) -> JobSpec | None:
        try:
            return self._store.job_spec(job_id)
        except CommandRefusedError:  # another release wrote it
            return None

    def _attempted_spec(self, attempt: Attempt) -> JobSpec | None:
        try:
            return attempted(self._store.job_spec(attempt.job_id), attempt)
        except CommandRefusedError:  # another release wrote it, or it does not fit its tool
            return None

    # --- attempts of engines that are gone ----------------------------------------------------------------------

    def take_over(self, attempt: Attempt, engine_id: str) -> None:
        """Take over an attempt of a dead engine, unless another engine was first, and have it inspected."""
        mine = self._store.take_over(attempt, engine_id)
        if mine is not None:
            fault("in_recovery")
            spec = self._attempted_spec(mine)
            self._live[ref_of(mine)] = _Live(
                mine,
                _stand_in(mine.job_id) if spec is None else spec,
                started=True,
                is_readable=spec is not None,
            )
            self._preparer.recover(mine)

    def _recovered(self, message: Recovered) -> None:
        ref = ref_of(message.attempt)
        live = self._live[ref]
        match message.found:
            case Recovery.ADOPTED:
                if live.stop is not None:
                    self._preparer.runner.stop(ref, live.stop)
            case Recovery.NEVER_STARTED:
                self._give_back(
                    message, message.attempt, recordable("Its engine ended before anything was started.")
                )
            case _ if message.end is not None:
                self._assess(live, message.end)
            case _:
                end = AttemptEnd(
                    ref=ref,
                    reason=EndReason.INTERRUPTED,
                    detail=recordable("Its engine and its shim were killed."),
                )
                self._assess(live, end)

    def _give_back(self, message: Message, attempt: Attempt, why: str) -> None:
        try:
            self._store.unclaim(attempt, why, self._clock())
        except DatabaseError:
            self._unwritten.append(message)
            return
        del self._live[ref_of(attempt)]


def _subject(attempt: Attempt) -> dict[str, str]:
    """Whose attempt an event is about."""
    return {
        "run_id": attempt.run_id,
        "ws_id": attempt.ws_id,
        "job_id": attempt.job_id,
        "tool": attempt.tool,
    }


def _stand_in(job_id: str) -> JobSpec:
    """A job file without retries, for an attempt whose own this release cannot read."""
    return JobSpec.model_validate({"job_id": job_id, "tool": "shell", "command": {"exe": "true"}})
