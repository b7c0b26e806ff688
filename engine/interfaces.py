"""The ports: what the orchestrator needs of a store, an adapter and a runner.

The orchestrator depends on these Protocols and on nothing else; real parts and the fakes beside them are held to
the same contract suites in tests/.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from engine.types import (
    AttemptContext,
    AttemptEnd,
    AttemptRef,
    Decision,
    Invocation,
    JobResult,
    Recovery,
    ToolProbe,
)
from state.records import Attempt, Engine, Event, Hold, Job, Limit, Origin, Run, Workstream

if TYPE_CHECKING:
    from engine.jobfile.spec import JobSpec


LADDERS = "ladders"
"""The setting that names, by tool, the tools that follow where a job names none itself."""


class StateInterface(Protocol):
    """The verbs of recording; enough for `Orchestrator.run_job`."""

    def create_run(
        self,
        ws_id: str | None = None,
        *,
        metadata: Mapping[str, Any] | None = None,
        run_id: str | None = None,
    ) -> str:
        """Record a new run, with a first workstream where `ws_id` is given, and return its id."""

    def get_run(self, run_id: str) -> Run | None:
        """The run, or None."""

    def update_run_status(self, run_id: str, status: str) -> None:
        """Set the status of a run that has no queue jobs; runs with jobs follow from them."""

    def list_recent_runs(self, limit: int = 10) -> list[Run]:
        """The newest runs, newest first."""

    def list_workstreams(self, run_id: str) -> list[Workstream]:
        """The workstreams of a run, in order."""

    def get_workstream(self, ws_id: str, *, run_id: str | None = None) -> Workstream | None:
        """The workstream of that run, or the newest of that name."""

    def mark_job_running(self, job_id: str) -> None:
        """Record from outside that a job runs; makes missing rows."""

    def update_job_result(self, job: "Mapping[str, Any] | JobSpec", result: JobResult) -> None:
        """Record from outside what a job came to; makes missing rows."""

    def get_job(self, job_id: str) -> Job | None:
        """The job, or None."""

    def list_jobs(self, run_id: str) -> list[Job]:
        """The jobs of a run, in order."""

    def list_attempts(self, job_id: str) -> list[Attempt]:
        """The attempts of a job, oldest first."""

    def record_event(self, event_type: str, payload: Mapping[str, Any]) -> int:
        """Record that something happened and return the event's id."""

    def list_events(self, after_id: int = 0, limit: int = 500, run_id: str | None = None) -> list[Event]:
        """Events after a cursor, oldest first."""

    def subscribe_to_events(self, after_id: int | None = None) -> AbstractContextManager[Iterator[Event]]:
        """Follow events, those of other processes too; None follows from now."""

    def transaction(self) -> AbstractContextManager[None]:
        """Join several verbs: all or nothing."""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """One job to be entered into the queue, with everything its file said already checked and resolved.

    `run_title` is what its file calls the run it names, where several such files are entered together. `held` is why
    this one waits for a person, whatever becomes of the others.
    """

    spec: "JobSpec"
    digest: str
    source_path: str | None = None
    run_title: str = ""
    held: str | None = None


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A job this engine has just claimed: the attempt row is committed, nothing has been started yet."""

    job: Job
    attempt: Attempt
    spec: "JobSpec"
    previous_failure: str | None = None


@dataclass(frozen=True, kw_only=True)
class QueueView:
    """What a decision is made on, read inside the claiming transaction."""

    running: Sequence[Job]
    candidates: Sequence[Job]
    holds: Sequence[Hold]
    limits: Sequence[Limit]


Choose = Callable[[QueueView, float], Sequence[str]]
"""Pure: the ids of the candidates to start now, in order."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """An attempt that is over, and what it came to; nothing of that is written yet."""

    attempt: Attempt
    end: AttemptEnd
    result: JobResult


Decide = Callable[[Job, Ended], Decision]
"""What follows the end of an attempt of this job, which is read inside the settling transaction."""


@runtime_checkable
class QueueStore(StateInterface, Protocol):
    """What the queue and the engine need besides recording."""

    def accept(
        self,
        jobs: Sequence[Accepted],
        *,
        origin: Origin,
        held: str | None = None,
        title: str = "",
        run_id: str | None = None,
    ) -> list[Job]:
        """Enter jobs in one transaction; `held` is the reason they wait for a person, None lets them start.

        Raises:
            JobExistsError: one of the ids is taken; nothing was entered.
            JobFileError: the jobs depend on each other in a circle; nothing was entered.
        """

    def claim(self, engine: Engine, choose: Choose, now: float, *, runner: str) -> list[Claim]:
        """Decide and claim in one immediate transaction."""

    def claim_one(self, job_id: str, engine: Engine, now: float, *, runner: str) -> Claim:
        """Claim just this job, outside the slot limits; raises JobAlreadyRunningError, CommandRefusedError."""

    def settle(self, ended: "Sequence[Ended]", decide: Decide, now: float) -> "list[Job | None]":
        """Write the ends of attempts and what follows, in one transaction.

        Returns:
            The jobs as they are after; None where another engine has taken the attempt over, or the job is gone.
        """

    def unclaim(self, attempt: Attempt, why: str, now: float) -> Job | None:
        """Give back a claim whose attempt never started: interrupted, costs no retry."""

    def cancel_requests(self, engine_id: str) -> list[Attempt]:
        """Running attempts of this engine whose job was asked to stop."""

    def request_cancel(self, job_id: str, reason: str = "") -> Job:
        """Cancel a waiting job at once, ask for a running one to be stopped."""

    def hold(self, job_id: str, reason: str = "") -> Job:
        """Keep a queued job from starting."""

    def release(self, job_id: str) -> Job:
        """Let a held job start."""

    def retry(self, job_id: str) -> Job:
        """Queue a failed, timed out or cancelled job again."""

    def skip(self, job_id: str, reason: str = "") -> Job:
        """Accept a job as it is: its dependents may start."""

    def pause(self, reason: str = "") -> None:
        """Nothing starts until `resume`."""

    def resume(self) -> None:
        """Lift the pause."""

    def set_priority(self, job_id: str, priority: int) -> Job:
        """Move a waiting job forward or back in the line."""

    def job_spec(self, job_id: str) -> "JobSpec":
        """The job as its file said it."""

    def engine_started(self, engine: Engine) -> None:
        """Record that an engine took up work."""

    def engine_stopped(self, engine_id: str, why: str = "") -> None:
        """Record that an engine laid down its work."""

    def running_elsewhere(self, engine: Engine) -> list[Attempt]:
        """Running attempts of this home that belong to another engine."""

    def running_of(self, engine_id: str) -> list[Attempt]:
        """Running attempts of one engine."""

    def take_over(self, attempt: Attempt, engine_id: str) -> Attempt | None:
        """Compare and set the owner of a running attempt; None where somebody else was first."""

    def backing_off(self) -> list[Job]:
        """Jobs that wait because their last attempt failed."""

    def bring_forward(self, job_id: str, was: float, due: float) -> Job | None:
        """Let such a job start at `due` already; None where it does not wait until `was` any more."""

    def next_due(self, now: float) -> float | None:
        """The earliest time after `now` at which a waiting job may start, or None."""

    def is_idle(self) -> bool:
        """Whether nothing runs and nothing can start without a person."""

    def setting(self, key: str, default: Any = None) -> Any:
        """A setting by key, as JSON."""

    def previous_failure(self, job_id: str) -> str | None:
        """What the last ended attempt of a job failed with, for the next one to know."""

    def change_stamp(self) -> int:
        """A number that differs once another connection has written; costs microseconds."""

    def change_setting(self, key: str, value: Any) -> None:
        """Change a setting; one event tells it."""


class Adapter(Protocol):
    """One tool: how a job becomes a command, and what its end means. Called on a pool thread."""

    tool: str
    """The word of a job file's `tool` field."""
    tile: str
    """Two letters for the tile on a card."""

    def prepare(self, spec: "JobSpec", context: AttemptContext) -> Invocation:
        """The exact command; raises SpawnError where it cannot be built (tool or folder missing)."""

    def result(self, spec: "JobSpec", context: AttemptContext, end: AttemptEnd) -> JobResult:
        """Judge an ended attempt by exit code and structured output; never raises for what a tool printed."""

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """Where the tool is and which version answers, within five seconds."""


class Gate(Protocol):
    """The last look at a job before its program starts. Called on a pool thread."""

    def objection(self, job: Job, spec: "JobSpec") -> str:
        """The reason to hold the job instead, because it is not what was trusted; empty where it may start."""


class Runner(Protocol):
    """Starts, watches and stops attempts; knows nothing of jobs. `name` is stored with each attempt."""

    name: str

    def on_end(self, wake: Callable[[], None]) -> None:
        """Call `wake` (from any thread, it must only signal) when `ended` has something new."""

    def folder(self, ref: AttemptRef) -> Path:
        """Where the attempt's files lie: made by `make_folder`, kept after the end."""

    def make_folder(self, ref: AttemptRef) -> Path:
        """Make the attempt's folder exclusively; raises SpawnError where it is there already."""

    def start(self, ref: AttemptRef, invocation: Invocation) -> None:
        """Start the attempt; a failure to spawn arrives as an end with reason `spawn_failed`."""

    def stop(self, ref: AttemptRef) -> None:
        """Ask for the whole tree to be stopped: TERM, grace, KILL; the end arrives as `cancelled`."""

    def recover(self, ref: AttemptRef) -> tuple[Recovery, AttemptEnd | None]:
        """Look at an attempt of a dead engine: adopt it, or say how it ended. May block while it sweeps."""

    def ended(self) -> list[AttemptEnd]:
        """Ends seen since the last call; never blocks."""

    def running(self) -> frozenset[AttemptRef]:
        """Attempts started or adopted here that have not ended."""

    def close(self) -> None:
        """Stop watching; what runs goes on and can be adopted."""
