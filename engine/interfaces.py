"""Defines the ports: what the orchestrator needs from a store, an adapter and a runner.

The orchestrator depends on these protocols and on nothing else. The real implementations and their fakes pass the same
contract suites in tests/.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from engine.attempt_decisions import Decision
from engine.health_problems import HealthProblem
from engine.types import (
    AS_BUILT_IN,
    Assessment,
    AttemptContext,
    AttemptEnd,
    AttemptProblem,
    AttemptRef,
    EndReason,
    Invocation,
    JobResult,
    Recovery,
    ToolProbe,
    ToolRun,
    TreeContext,
)
from state.new_session import NewSession
from state.records import (
    Attempt,
    Engine,
    Event,
    Hold,
    HoldCause,
    Job,
    JobHold,
    Limit,
    Origin,
    Run,
    Workstream,
    nothing,
)
from state.running_job import RunningJob

if TYPE_CHECKING:
    from engine.jobfile.spec import JobSpec
    from engine.settings import Settings

Holds = Callable[[Callable[[Sequence[str]], Container[str]]], Sequence[JobHold | None]]
"""Says of each job of a file why it must wait for a person, None if it is trusted.

Called in the transaction that queues the jobs, with what says which ids are those of queued jobs; reads nothing else.
"""


class StateInterface(Protocol):
    """Records runs, jobs and events; enough for `Orchestrator.run_job`."""

    def create_run(
        self,
        ws_id: str | None = None,
        *,
        metadata: Mapping[str, Any] | None = None,
        run_id: str | None = None,
    ) -> str:
        """Record a new run, with a first workstream if `ws_id` is given, and return its id."""

    def get_run(self, run_id: str) -> Run | None:
        """The run, or None."""

    def update_run_status(self, run_id: str, status: str) -> None:
        """Set the status of a run without queued jobs; otherwise the status follows from the jobs."""

    def list_recent_runs(self, limit: int = 10) -> list[Run]:
        """The newest runs, newest first."""

    def list_workstreams(self, run_id: str) -> list[Workstream]:
        """The workstreams of a run, in order."""

    def get_workstream(self, ws_id: str, *, run_id: str | None = None) -> Workstream | None:
        """The workstream of that run, or the newest with that id."""

    def mark_job_running(self, job_id: str) -> None:
        """Record that a job is running outside the queue; creates missing rows."""

    def update_job_result(self, job: "Mapping[str, Any] | JobSpec", result: JobResult) -> None:
        """Record the result of a job that ran outside the queue; creates missing rows."""

    def get_job(self, job_id: str) -> Job | None:
        """The job, or None."""

    def list_jobs(self, run_id: str) -> list[Job]:
        """The jobs of a run, in order."""

    def list_attempts(self, job_id: str) -> list[Attempt]:
        """The attempts of a job, oldest first."""

    def record_event(self, event_type: str, payload: Mapping[str, Any]) -> int:
        """Record that something happened and return the event's id."""

    def list_events(self, after_id: int = 0, limit: int = 500, run_id: str | None = None) -> list[Event]:
        """The events after a cursor, oldest first."""

    def subscribe_to_events(self, after_id: int | None = None) -> AbstractContextManager[Iterator[Event]]:
        """Follow events, including those of other processes; None follows from now on."""

    def transaction(self) -> AbstractContextManager[None]:
        """Combine several changes: all or nothing."""


@dataclass(frozen=True, kw_only=True)
class IncomingFile:
    """A file whose jobs are to be queued: what `accept_files` needs of it."""

    jobs: list["Accepted"]
    origin: Origin
    holds: Holds
    title: str
    source_prefix: str


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """One job to be queued, with everything in its file already checked and resolved.

    `run_title` is the title its file gives to the run, for several such files queued together. `held` is why this job
    waits for a person, regardless of the others. `file_digest` is the SHA-256 of the file as it was shown to a person:
    the job is refused if the file has changed since then.
    """

    spec: "JobSpec"
    digest: str
    source_path: str | None = None
    file_digest: str = ""
    run_title: str = ""
    held: JobHold | None = None


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A job this engine has just claimed: its attempt is recorded, nothing has been started yet.

    `spec` is the job at its rung, `run` how its tool runs.
    `earlier` are the attempts of the job before this one, oldest first and without their results.
    """

    job: Job
    attempt: Attempt
    spec: "JobSpec"
    run: ToolRun = AS_BUILT_IN
    previous_failure: str | None = None
    earlier: Sequence[Attempt] = ()


@dataclass(frozen=True, kw_only=True)
class QueueView:
    """The queue as seen by a decision, read inside the claiming transaction.

    `accounts` are the names of the accounts of each tool that has several, in the order in which they are used; a job
    that runs has the account that its attempt uses.
    """

    running: Sequence[Job | RunningJob]
    candidates: Sequence[Job]
    holds: Sequence[Hold]
    limits: Sequence[Limit]
    accounts: Mapping[str, Sequence[str]] = field(default_factory=nothing)


Choose = Callable[[QueueView, float], Sequence[str]]
"""A pure function that returns the ids of the candidates to start now, in order."""


Decide = Callable[[Job, Assessment], Decision]
"""Decides what follows the end of an attempt; the job is read inside the settling transaction."""


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """Attempts that have ended, and what decides what follows; `projects` are the repositories that it asks about."""

    ended: Sequence[tuple[Attempt, Assessment]]
    decide: Decide
    projects: Collection[Path] = ()


@runtime_checkable
class QueueStore(StateInterface, Protocol):
    """What the queue and the engine need in addition to recording."""

    def transaction(self, projects: Iterable[Path] = ()) -> AbstractContextManager[None]:
        """Combine several changes: all or nothing; the project files of these repositories are read before."""

    def accept(
        self,
        jobs: Sequence[Accepted],
        *,
        origin: Origin,
        held: JobHold | None = None,
        title: str = "",
        run_id: str | None = None,
    ) -> list[Job]:
        """Queue jobs in one transaction; `held` says why they wait for a person, None lets them start.

        Raises:
            JobExistsError: one of the ids is taken; nothing was queued.
            JobFileError: the jobs depend on each other in a circle; nothing was queued.
        """

    def claim(self, engine: Engine, choose: Choose, now: float, *, runner: str) -> list[Claim]:
        """Decide and claim in one immediate transaction; costs nothing while nothing can have become due."""

    def settle_and_claim(
        self, settlement: Settlement, engine: Engine, choose: Choose, now: float, *, runner: str
    ) -> tuple[list[Job | None], list[Claim]]:
        """Settle and then claim, in one transaction; where that fails, neither is done."""

    def claim_one(self, job_id: str, engine: Engine, now: float, *, runner: str) -> Claim:
        """Claim this job alone, outside the slot limits.

        Raises:
            JobAlreadyRunningError: the job is running.
            CommandRefusedError: it cannot start in its present state.
        """

    def settle(self, settlement: Settlement, now: float) -> list[Job | None]:
        """Record the ends of attempts and what follows, in one transaction; None where the attempt is not ours."""

    def unclaim(self, attempt: Attempt, why: str, now: float) -> Job | None:
        """Return a claim whose attempt never started: it counts as interrupted and costs no retry."""

    def begin_new_session(self, attempt: Attempt, reason: NewSession) -> Attempt:
        """Record that the tool of an attempt begins a new session where it was to resume one."""

    def cancel_requests(self, engine_id: str) -> list[Attempt]:
        """The running attempts of this engine whose jobs are to be cancelled."""

    def request_cancel(self, job_id: str, reason: str = "") -> Job:
        """Cancel a waiting job at once, or request that a running one be stopped."""

    def hold(self, job_id: str, reason: str = "", *, cause: HoldCause = HoldCause.PERSON) -> Job:
        """Keep a queued job from starting."""

    def release(self, job_id: str) -> Job:
        """Let a held job start."""

    def job_spec(self, job_id: str) -> "JobSpec":
        """The job as its file describes it."""

    def engine_started(self, engine: Engine) -> None:
        """Record that an engine started; what is queued in a database of another home is held."""

    def engine_stopped(self, engine_id: str, why: str = "") -> None:
        """Record that an engine stopped."""

    def running_elsewhere(self, engine: Engine) -> list[Attempt]:
        """The running attempts that belong to other engines, of this home or of one that the database comes from."""

    def running_of(self, engine_id: str) -> list[Attempt]:
        """The running attempts of one engine."""

    def take_over(self, attempt: Attempt, engine_id: str) -> Attempt | None:
        """Compare and set the owner of a running attempt; None if another engine was first."""

    def last_attempt_id(self) -> int:
        """The greatest id that an attempt ever had in this database."""

    def put_back(self, newer: Sequence[Attempt], now: float) -> list[Job]:
        """Record as running what was started after the last attempt: this is an older copy of the database."""

    def backing_off(self) -> list[Job]:
        """The jobs that wait because their last attempt failed."""

    def bring_forward(self, job_id: str, was: float, due: float) -> Job | None:
        """Let such a job start at `due` instead of `was`; None if it no longer waits until `was`."""

    def next_due(self, now: float) -> float | None:
        """The earliest time after `now` at which a waiting job may start, or None."""

    def is_idle(self) -> bool:
        """Whether nothing runs and nothing can start without a person."""

    def settings(self) -> "Settings":
        """The settings of the home, with defaults for those that are not set."""


class Adapter(Protocol):
    """One tool: turns a job into a command, and the end of an attempt into a result. Called on a pool thread."""

    tool: str
    """The value of a job file's `tool` field."""

    @property
    def tile(self) -> str:
        """Two letters for the tile on a card."""

    def prepare(self, spec: "JobSpec", context: AttemptContext) -> Invocation:
        """The exact command.

        Raises:
            SpawnError: it cannot be built, because the tool or a folder is missing.
        """

    def result(self, spec: "JobSpec", context: AttemptContext, end: AttemptEnd) -> JobResult:
        """The result of an ended attempt, from its exit code and output; never raises for what a tool printed."""

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """Where the tool is and which version it reports, within five seconds."""


@dataclass(frozen=True, kw_only=True)
class Placement:
    """The job of an attempt as it runs: in the worktree of its workstream, or where its file says.

    `task_root` is the folder that a file with its task is in, where that is not the job's `repo_root`: the user's own.
    `worktree` is None for a job that works in place.
    """

    spec: "JobSpec"
    task_root: Path | None = None
    worktree: TreeContext | None = None


class Trees(Protocol):
    """The worktrees of isolated workstreams, as attempts need them. Called on a pool thread."""

    def prepare(self, claim: Claim) -> Placement | JobHold:
        """Where the attempt runs, with its worktree made and its files as the attempt is to find them.

        Returns why the job must be held instead, where its worktree has nothing to start from.

        Raises:
            SignalboxError: that is not possible; the message is the reason why the attempt fails.
        """

    def is_in_place(self, job: Job, spec: "JobSpec") -> bool:
        """Whether a job works where its file says, so that it waits for no git. For any thread; waits for nothing."""

    def is_made(self, claim: Claim) -> bool:
        """Whether the attempt runs in a worktree that is there already."""

    def placed(self, attempt: Attempt, spec: "JobSpec") -> "JobSpec":
        """The job as an attempt of it ran."""

    def finish(self, job_id: str) -> None:
        """Commit what the workstream of a job has made, if all of its jobs have ended well; otherwise do nothing."""


class LaunchPolicy(Protocol):
    """The last check of a job before its program starts. Called on a pool thread."""

    def objection(
        self,
        job: Job,
        spec: "JobSpec",
        *,
        full_by_project: bool = False,
        placed: "JobSpec | None" = None,
        worktree: TreeContext | None = None,
    ) -> JobHold | None:
        """Why to hold the job instead, because it is not what was trusted; None if it may start.

        `full_by_project` says that its tool has full permission only because the project file says so. `placed` is the
        job as it runs in its `worktree`, which has been made by then.
        """


class Runner(Protocol):
    """Starts, watches and stops attempts; knows nothing of jobs. `name` is stored with each attempt.

    What the files of an attempt refuse is never raised: it is one of its `problems`, and in the end of its processes
    the attempt is `interrupted`.
    """

    name: str

    def begin(self, last_attempt_id: int) -> None:
        """Get to know the newest attempt of all, before any is recovered or started by this engine."""

    def on_end(self, wake: Callable[[], None]) -> None:
        """Call `wake`, from any thread, when `ended` has something new; it must only signal."""

    def folder(self, ref: AttemptRef) -> Path:
        """The folder of the attempt's files: created by `make_folder`, kept after the end."""

    def make_folder(self, ref: AttemptRef) -> Path:
        """Create the attempt's folder exclusively.

        Raises:
            SpawnError: the folder exists already.
        """

    def start(self, ref: AttemptRef, invocation: Invocation) -> None:
        """Start the attempt; a failure to spawn arrives as an end with reason `spawn_failed`."""

    def stop(self, ref: AttemptRef, reason: EndReason = EndReason.CANCELLED) -> None:
        """Request that the whole process tree be stopped: TERM, grace, KILL.

        The end arrives as `cancelled` or `stopped`, whichever `reason` is; it is kept beside the attempt, so that
        whichever engine finds the end reads the same. It may be repeated until the end has arrived, which then uses
        stronger means.
        """

    def recover(self, ref: AttemptRef, *, is_foreign: bool = False) -> tuple[Recovery, AttemptEnd | None]:
        """Adopt an attempt of a dead engine, or report how it ended. May block while it kills leftovers.

        One of another home (`is_foreign`) may run there, so nothing of it is killed.
        """

    def ended(self) -> list[AttemptEnd]:
        """The ends seen since the last call; never blocks."""

    def problems(self) -> list[AttemptProblem]:
        """What the files of attempts have refused since the last call, once for each attempt; never blocks."""

    def running(self) -> frozenset[AttemptRef]:
        """The attempts started or adopted here that have not ended."""

    def close(self) -> None:
        """Stop watching; running attempts go on and can be adopted."""


WriteCopies = Callable[["JobSpec", JobResult, Path], JobResult]
"""Writes the copies a job wants of the attempt in that folder; the result names them, or says why there are none."""


class Pool(Protocol):
    """Where work waits that must not hold up the engine's thread; `ThreadPoolExecutor` is one."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any) -> Any:
        """Run `work(*arguments)` some time, on some thread."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as Python's own
        """Take no more work, and wait for what is being done."""


class InlinePool:
    """Does the work at once, in the caller's thread; the fake of the port `Pool`."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any) -> None:
        """Run it now."""
        work(*arguments)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as above
        """Nothing is ever waiting."""


class StartNotes(Protocol):
    """Notes beside the attempts of what they are, which outlive the database."""

    def write(self, attempt: Attempt) -> None:
        """Note an attempt whose folder was just made. Called on a pool thread; never raises for a full disk."""

    def newer_than(self, attempt_id: int) -> Sequence[Attempt]:
        """The noted attempts with a greater id, oldest first: the database is an older copy where there are any."""


class Identity(Protocol):
    """Who an engine is, proved to all others by something that ends with its process."""

    @property
    def engine(self) -> Engine:
        """The row of this engine."""

    def take(self) -> None:
        """Be alive to the others from now on; must come before the first claim."""

    def is_alive(self, engine_id: str | None) -> bool:
        """Whether the engine of this id still lives."""

    def release(self) -> None:
        """Be gone for the others."""


class HealthCheck(Protocol):
    """Finds what is wrong with the home and its database."""

    def problems(self) -> Sequence[HealthProblem]:
        """Everything that is wrong now; cheap enough for every step."""
