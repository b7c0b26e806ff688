"""The nouns of Signalbox as frozen records, and the values of their states.

This module knows no SQLAlchemy: every room may hold these records, in any thread.
Times are seconds since the epoch, UTC, as floats; durations are seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from state.costs import Cost, CostSource
from state.worktree_records import Merge, PredictedConflict, Worktree

NOTHING: Mapping[str, Any] = MappingProxyType({})


def nothing() -> Mapping[str, Any]:
    """`NOTHING`, as a default of a dataclass field: Python 3.11 takes no unhashable default."""
    return NOTHING


def names_one_path(pattern: str) -> bool:
    """Whether an entry of `files_scope` is a plain path: the grammar has only the wildcards ``*`` and ``?``."""
    return "*" not in pattern and "?" not in pattern


class JobStatus(StrEnum):
    """The eight states a job is stored in; finer distinctions are computed by `engine.scheduling.schedule`."""

    HELD = "held"
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"


class AttemptStatus(StrEnum):
    """The status of an attempt; all but `RUNNING` are final."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    QUOTA = "quota"
    SPAWN_FAILED = "spawn_failed"


class GroupStatus(StrEnum):
    """The status of a run or a workstream, derived from its jobs, and once they have ended well from its review."""

    HELD = "held"
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    QUARANTINED = "quarantined"
    REVIEW = "review"
    MERGING = "merging"
    MERGED = "merged"
    DISCARDED = "discarded"


class ReviewState(StrEnum):
    """Where a workstream stands between its work and the branch it is for.

    `NONE`: it is not isolated, so there is nothing to review. `WORKING`: its jobs have not all ended well.
    `WAITING`: a person has to review it. `APPROVED`: it is in the merge queue. `MERGED` and `DISCARDED`: it is done.
    """

    NONE = "none"
    WORKING = "working"
    WAITING = "waiting"
    APPROVED = "approved"
    MERGED = "merged"
    DISCARDED = "discarded"


class Stage(StrEnum):
    """The stage of the pipeline a step belongs to; the Radar draws a ring for each, and `CHECK` with `TEST`."""

    EDIT = "edit"
    CHECK = "check"
    TEST = "test"
    REVIEW = "review"
    MERGE = "merge"


class Origin(StrEnum):
    """The way a job was added."""

    WINDOW = "window"
    INBOX = "inbox"
    COMMAND_LINE = "command_line"
    API = "api"


class HoldKind(StrEnum):
    """What a hold applies to: everything, one group, one account, one tool, or whatever a budget pays for."""

    ENGINE = "engine"
    GROUP = "group"
    ACCOUNT = "account"
    TOOL = "tool"
    BUDGET = "budget"


_LONGEST_DAY_S = 26 * 3600.0
"""A local day has an hour or two more when the clocks change."""
DAY_BUDGET = "day"
"""The key of the hold on everything that the budget of a day places."""
_OF_RUN = "run:"


def run_budget(run_id: str) -> str:
    """The key of the hold that the budget of a run places."""
    return f"{_OF_RUN}{run_id}"


def run_of_budget(key: str) -> str | None:
    """The run whose budget has placed the hold of this key; None for the one of the day."""
    return key.removeprefix(_OF_RUN) if key.startswith(_OF_RUN) else None


class HoldCause(StrEnum):
    """Why something is held; code decides on the cause, the reason beside it is a sentence for people.

    `INBOX` and `TRUST` wait until a person has reviewed what would start: the job came through the inbox, or it is
    not what was trusted. `UNREADABLE` holds a job that cannot be run as its file says: this release cannot read it, or
    its tool does not have the account named there. `UNVERIFIED` holds one of which git cannot say what it changed,
    `COPIED` one that was queued in the home that this one is a copy of. `CONFLICT` holds the first job of a workstream
    whose start, the merged work of those before it, has conflicts, and `FETCH` one whose start could not be fetched.
    `ALARM` holds what follows a job that has printed a line which a saved filter set is to hold for.
    """

    PERSON = "person"
    INBOX = "inbox"
    TRUST = "trust"
    INTERRUPTED = "interrupted"
    UNREADABLE = "unreadable"
    UNVERIFIED = "unverified"
    COPIED = "copied"
    BREAKER = "breaker"
    QUOTA = "quota"
    DRAIN = "drain"
    BUDGET = "budget"
    CONFLICT = "conflict"
    FETCH = "fetch"
    ALARM = "alarm"


class LimitKind(StrEnum):
    """Which running jobs a limit counts."""

    GLOBAL = "global"
    TOOL = "tool"
    ACCOUNT = "account"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class RecurringSource:
    """The recurring run that queued a run, by the name it had: at its due time, or because a person did so by hand."""

    name: str
    by_hand: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Everything that was added together."""

    run_id: str
    title: str = ""
    status: GroupStatus = GroupStatus.QUEUED
    repo: str | None = None
    created_at: float = 0.0
    started_at: float | None = None
    completed_at: float | None = None
    metadata: Mapping[str, Any] = field(default_factory=nothing)

    @property
    def recurring(self) -> RecurringSource | None:
        """The recurring run that queued it; None for a run that was added otherwise."""
        match self.metadata.get("recurring"):
            case {"name": str(name), **more}:
                return RecurringSource(name, by_hand=more.get("by_hand") is True)
            case _:
                return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Workstream:
    """A line of work inside a run: ordered jobs over a set of files.

    `waits_since` is since when it waits for a review. With `needs_review` false it is merged without one.
    `reviewed_commit` is what a person saw when they last sent it back, and `reviewed_at` when that was.
    """

    run_id: str
    ws_id: str
    title: str = ""
    status: GroupStatus = GroupStatus.QUEUED
    position: int = 0
    repo: str | None = None
    created_at: float = 0.0
    started_at: float | None = None
    completed_at: float | None = None
    review: ReviewState = ReviewState.NONE
    needs_review: bool = True
    waits_since: float | None = None
    reviewed_commit: str | None = None
    reviewed_at: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The identity: (run_id, ws_id)."""
        return (self.run_id, self.ws_id)


@dataclass(frozen=True, slots=True)
class JobHold:
    """Why a job is held: the cause, which code decides on, and the reason, a sentence for people."""

    cause: HoldCause
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One tool to be run, as its job file says, and its progress.

    `seq` orders jobs by acceptance; `queue_position` replaces it in the queue where a person has moved the job.
    `attempts` counts starts so far, `max_attempts` is 1 + the retry limit.
    `not_before` is the earliest start (backoff, quota, start-at) and `waits_for` says which of these it is.
    `tree` is the real path of the working tree whose exclusive writer the job is, None for one that only reads.
    `hold_cause` and `hold_reason` say why it is held, and are None while it is not.
    `scope_root` is the real folder the paths of `files_scope` start at, None where the job writes none of them.
    `summary` is the last outcome in one plain sentence, `failure_class` one of the words of
    `engine.types.FailureClass`. Tokens and `cost_usd` are the sums over its attempts of what is known;
    `cost_source` says how certain that is (`state.costs`).
    `rung` is where on its ladder the job stands: 0 as its file says, n for the n-th rung.
    `denied` counts what the last attempt wanted to do and was not allowed to.
    `follow_up` is what a person adds to the task for the next attempt, which begins a new session of its tool where the
    person wants a `fresh_session`. `title` is what its file calls it; empty where it calls it nothing.
    `note` and `labels` are what a person has written on it (`state.job_notes`).
    """

    job_id: str
    run_id: str
    ws_id: str
    seq: int = 0
    step_name: str = ""
    position: int = 0
    tool: str = "shell"
    stage: Stage = Stage.EDIT
    status: JobStatus = JobStatus.QUEUED
    priority: int = 0
    depends_on: Sequence[str] = ()
    group_name: str = "default"
    account: str | None = None
    tree: str | None = None
    files_scope: Sequence[str] = ()
    origin: Origin = Origin.API
    source_path: str | None = None
    digest: str = ""
    hold_reason: str | None = None
    quarantined: bool = False
    attempts: int = 0
    max_attempts: int = 1
    interruptions: int = 0
    not_before: float | None = None
    waits_for: str | None = None
    cancel_requested_at: float | None = None
    created_at: float = 0.0
    started_at: float | None = None
    completed_at: float | None = None
    exit_code: int | None = None
    summary: str = ""
    failure_class: str | None = None
    cost_usd: float | None = None
    queue_position: float | None = None
    scope_root: str | None = None
    hold_cause: HoldCause | None = None
    rung: int = 0
    follow_up: str | None = None
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    cost_source: CostSource | None = None
    denied: int = 0
    fresh_session: bool = False
    title: str = ""
    note: str = ""
    labels: Sequence[str] = ()

    @property
    def ws_key(self) -> tuple[str, str]:
        """The identity of its workstream: (run_id, ws_id)."""
        return (self.run_id, self.ws_id)

    @property
    def cost(self) -> Cost:
        """What its attempts have cost."""
        return Cost.of(self.cost_usd, self.cost_source)

    @property
    def held(self) -> JobHold | None:
        """Why it is held, or None."""
        return None if self.hold_cause is None else JobHold(self.hold_cause, self.hold_reason or "")

    @property
    def queue_key(self) -> tuple[int, float]:
        """The sort key of the queue: higher priority first, then the queue position."""
        return (-self.priority, self.seq if self.queue_position is None else self.queue_position)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One start of a job; never changed once ended. `number` counts from 1 within the job.

    `runner` is `local`, `fake`, or `external` for attempts written by `mark_job_running` from outside,
    which no engine adopts. `result` is the whole JobResult as JSON once the attempt has ended.
    `account`, `model` and `permission` are what its tool ran with, `session_id` names the session of the tool, which a
    later attempt may resume, and `follow_up` is what a person added to the task. `input_tokens` include
    `cached_tokens`. Earlier releases wrote no `cost_source`: their costs are the tools' own words.
    `resumes` is the number of the attempt whose session it resumes; `new_session` says why it resumes none, in a word
    of `state.new_session.NewSession`.
    """

    id: int
    run_id: str
    ws_id: str
    job_id: str
    step_name: str
    number: int
    tool: str
    status: AttemptStatus
    runner: str = "local"
    engine_id: str | None = None
    home_id: str | None = None
    token: str = ""
    started_at: float = 0.0
    completed_at: float | None = None
    exit_code: int | None = None
    duration_s: float | None = None
    failure_class: str | None = None
    summary: str = ""
    cost_usd: float | None = None
    result: Mapping[str, Any] = field(default_factory=nothing, repr=False)
    rung: int = 0
    account: str | None = None
    model: str | None = None
    permission: str | None = None
    session_id: str | None = None
    follow_up: str | None = None
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None
    cost_source: CostSource | None = None
    resumes: int | None = None
    new_session: str | None = None

    @property
    def cost(self) -> Cost:
        """What it has cost."""
        return Cost.of(self.cost_usd, self.cost_source)

    @property
    def folder_name(self) -> str:
        """The name of its folder under ``<home>/attempts``; for two values see `engine.types.AttemptRef`."""
        return f"{self.id}-{self.token}"


class CallbackStatus(StrEnum):
    """The status of a command at the end of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class CallbackRun:
    """The user's command at the end of one job, promised when the job ended with `job_status`.

    `attempt` is the number of the attempt that ended with the job; None where none ran. `engine_id` is the engine that
    has claimed it, `reason` why it failed, `output` the end of what it printed.
    """

    id: int
    job_id: str
    run_id: str
    tool: str
    job_status: JobStatus
    attempt: int | None = None
    status: CallbackStatus = CallbackStatus.WAITING
    engine_id: str | None = None
    created_at: float = 0.0
    started_at: float | None = None
    ended_at: float | None = None
    exit_code: int | None = None
    reason: str = ""
    output: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened, written in the same transaction as the change.

    `event_type` is `<noun>.<what happened>` as listed in specs/events.md. `message` is one plain sentence for
    people. `payload` carries the state after: under `job`, `attempt`, `run`, `workstream`, `files`, `hold`,
    `limit` the whole record as JSON, from which `state.codec.record_from_json` makes the record again.
    """

    id: int
    at: float
    event_type: str
    level: str = "info"
    run_id: str | None = None
    ws_id: str | None = None
    job_id: str | None = None
    attempt_id: int | None = None
    tool: str | None = None
    message: str = ""
    payload: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkstreamFile:
    """A file a workstream declares or has changed; `added` and `removed` count lines since its first step."""

    run_id: str
    ws_id: str
    path: str
    declared: bool = False
    touched: bool = False
    added: int | None = None
    removed: int | None = None
    job_id: str | None = None
    tool: str | None = None
    updated_at: float = 0.0

    @property
    def key(self) -> tuple[str, str, str]:
        """The identity: (run_id, ws_id, path)."""
        return (self.run_id, self.ws_id, self.path)


BACKGROUND_KIND = "background"
"""The kind of an engine that a window has left behind, and that ends when another takes over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """An engine that was started; its kernel lock, not this record, shows whether it is still alive."""

    engine_id: str
    home_id: str
    host: str
    pid: int
    kind: str = "command_line"
    started_at: float = 0.0
    stopped_at: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """Keeps what it covers from starting until it is lifted or `until` has passed."""

    kind: HoldKind
    key: str
    reason: str
    since: float
    until: float | None = None
    cause: HoldCause = HoldCause.PERSON

    def is_in_force(self, now: float) -> bool:
        """Whether it holds anything now; that of a day's budget does on its own day alone, if a clock is set back."""
        if self.until is None:
            return True
        is_of_a_day = self.kind is HoldKind.BUDGET
        return now < self.until and (not is_of_a_day or self.until - now <= _LONGEST_DAY_S)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """At most `value` jobs of this kind and key run at once; the key of `GLOBAL` is ``""``."""

    kind: LimitKind
    key: str
    value: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorCount:
    """How often a failure with the same signature occurred, and when it last did."""

    signature: str
    tool: str
    count: int
    first_at: float
    last_at: float
    last_job_id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class JobTotal:
    """The jobs of one workstream that are alike: their number, the first of them, and what they cost in all."""

    status: JobStatus
    quarantined: bool
    hold_cause: HoldCause | None
    cost_source: CostSource | None
    number: int
    first_seq: int
    cost_usd: float | None

    @property
    def like(self) -> Job:
        """A job in the state that all of them are in, with nothing that only one of them has."""
        return _job_like(self.status, self.quarantined, self.hold_cause)

    @property
    def cost(self) -> Cost:
        """What all of them cost."""
        return Cost.of(self.cost_usd, self.cost_source)


@cache
def _job_like(status: JobStatus, quarantined: bool, hold_cause: HoldCause | None) -> Job:  # noqa: FBT001 - of a record
    """One job for each of the few states: a long past has thousands of totals."""
    return Job(job_id="", run_id="", ws_id="", status=status, quarantined=quarantined, hold_cause=hold_cause)


@dataclass(frozen=True, kw_only=True, slots=True)
class OlderWorkstream:
    """A workstream of which only the totals were read."""

    workstream: Workstream
    jobs: Sequence[JobTotal]
    merge: Merge | None = None

    @property
    def number(self) -> int:
        """How many jobs it has."""
        return sum(total.number for total in self.jobs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """Rows and the highest event id, read in one transaction; models start here and then fold events."""

    cursor: int
    runs: Sequence[Run] = ()
    workstreams: Sequence[Workstream] = ()
    jobs: Sequence[Job] = ()
    files: Sequence[WorkstreamFile] = ()
    holds: Sequence[Hold] = ()
    limits: Sequence[Limit] = ()
    attempts: Sequence[Attempt] = ()
    """Those that run."""
    worktrees: Sequence[Worktree] = ()
    merges: Sequence[Merge] = ()
    """The newest of each workstream of these runs."""
    conflicts: Sequence[PredictedConflict] = ()
    """Those there are, of all runs."""
    older: Sequence[OlderWorkstream] = ()
    """Workstreams of these runs of which only the totals were read."""
    earlier_runs: int = 0
    """The number of runs besides these, of which nothing was read."""
