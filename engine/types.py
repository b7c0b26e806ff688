"""Defines the frozen values that pass between the orchestrator, the adapters and the runners."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from state.new_session import NewSession
from state.records import AttemptStatus, nothing
from state.storable import storable, storable_text


class FailureClass(StrEnum):
    """Why an attempt did not succeed; the retry policy decides by it."""

    QUOTA = "quota"
    AUTH = "auth"
    RATE = "rate"
    NETWORK = "network"
    CONTEXT = "context"
    NO_CHANGE = "no_change"
    TESTS_FAILED = "tests_failed"
    BAD_EDIT = "bad_edit"
    UNVERIFIED = "unverified"
    SPAWN_FAILED = "spawn_failed"
    STALLED = "stalled"
    TIMEOUT = "timeout"
    CRASH = "crash"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    DISK = "disk"
    SESSION = "session"
    SETUP_FAILED = "setup_failed"
    FAILED = "failed"


class Permission(StrEnum):
    """What a coding tool may do without asking: only read, also edit files, or run any command as well."""

    READ = "read"
    EDIT = "edit"
    FULL = "full"


@dataclass(frozen=True, kw_only=True)
class ToolRun:
    """How the tool of one attempt runs, as its job file, its rung and the defaults of the tool say.

    `account` is the name of an account and `account_env` the variables that select it. `env_names` are variables of
    Signalbox's own environment that are passed on besides the usual ones. `session_id` names the session that is
    resumed, None for a new one. `follow_up` is what a person adds to the task for this attempt.
    `full_by_project` says that the permission is full because the project file of the repository says so.
    """

    model: str | None = None
    permission: Permission = Permission.EDIT
    account: str | None = None
    account_env: Mapping[str, str] = field(default_factory=nothing, repr=False)
    env_names: tuple[str, ...] = ()
    session_id: str | None = None
    follow_up: str | None = None
    full_by_project: bool = False


AS_BUILT_IN = ToolRun()


class Confidence(StrEnum):
    """How sure the class of a failure is: read from a field, from words marked as the provider's, or from less.

    What is `UNSURE` is an ordinary failure: it never holds an account or a tool.
    """

    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, kw_only=True)
class JobResult:
    """The result of one attempt.

    `stdout` and `stderr` are the last 64 KiB as text; the whole output is in the attempt's folder.
    `metadata` holds what the adapter could read: ``summary`` (one plain sentence), ``failure_class`` (a
    `FailureClass`), ``tests`` {passed, failed, skipped, errors, failing: [names]}, ``usage`` {input_tokens
    (those from a cache included), cached_tokens, output_tokens, cost_usd, cost_source} (None is what is not known),
    ``changed_files`` [{path, added, removed}] or ``changes_unknown`` (why git cannot say),
    ``job_changed_files`` or ``job_changes_unknown`` (the same of all attempts since it began, where they are more),
    ``compared_by_date`` (paths too large to be stored, compared by size and time), ``quota_until`` (epoch seconds),
    ``windows`` [{name, used, resets_at}] (how much of the account's quota is used), ``retry_at`` (epoch seconds: a
    rate limit ends then), ``confidence`` (a `Confidence`, where words or fields of a provider were read), ``answer``
    (the final answer of a coding tool, at most 4,000 characters), ``session_id`` (of the tool's session) and
    ``resumed`` (whether it is one of an attempt before).
    """

    exit_code: int | None = None
    error_report_path: str | None = None
    duration_s: float = 0.0
    stdout: str = ""
    stderr: str = ""
    success: bool = False
    metadata: Mapping[str, Any] = field(default_factory=nothing)

    def storable(self) -> "JobResult":
        """The same result as the database can hold it: whole characters, and None for numbers that are none."""
        fields = storable(self.to_json())
        return JobResult(**{**fields, "duration_s": fields["duration_s"] or 0.0})

    def to_json(self) -> dict[str, Any]:
        """The result as plain JSON values."""
        return {
            "exit_code": self.exit_code,
            "error_report_path": self.error_report_path,
            "duration_s": self.duration_s,
            "stdout": self.stdout,
            "stderr": self.stderr,
            "success": self.success,
            "metadata": dict(self.metadata),
        }


@dataclass(frozen=True, kw_only=True)
class EvidenceCommand:
    """The tests that an attempt runs in place of its tool, under the same supervision, once that ended well.

    `after` are the exit codes of a tool that ended well; empty where its exit code says nothing. `env` is the whole
    environment of the tests. What they print is the stream ``tests`` of the attempt.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    stop_signal: str = "TERM"
    after: tuple[int, ...] = (0,)


@dataclass(frozen=True, kw_only=True)
class SetupCommand:
    """What prepares a worktree before the tool of an attempt, under the same supervision.

    `cwd` is the top of the worktree, `env` its whole environment, `timeout_s` its own time limit; those of the attempt
    count from the tool's start. `digest` identifies what was set up, once that has succeeded. What it prints is the
    stream ``setup`` of the attempt.
    """

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(repr=False)
    timeout_s: float
    digest: str
    stop_signal: str = "TERM"


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """Exactly what is started for one attempt, without a shell.

    `argv[0]` is absolute. `env` is the whole environment of the tool. `stdin_file` None means /dev/null. Timeouts are
    in seconds, None means none. `output_cap` bytes of each stream are kept (the beginning and the last megabyte).
    `secrets` are literal values masked in what is kept. `stop_signal` is the first signal of a stop ("TERM", "INT").
    `tests` are started after it. `success_codes` are the exit codes with which the tool may have ended well; empty
    where they say nothing. `new_session` says why the tool begins a new session where it was to resume one. `setup` is
    run first, and nothing else where it fails.
    """

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(repr=False)
    stdin_file: Path | None = None
    timeout_s: float | None = None
    silence_timeout_s: float | None = None
    grace_s: float = 5.0
    output_cap: int = 32 * 1024 * 1024
    secrets: tuple[str, ...] = field(default=(), repr=False)
    stop_signal: str = "TERM"
    new_session: NewSession | None = None
    setup: SetupCommand | None = None
    tests: EvidenceCommand | None = None
    success_codes: tuple[int, ...] = (0,)


@dataclass(frozen=True, order=True)
class AttemptRef:
    """Identifies one attempt on this host; its folder is called ``<attempt_id>-<token>``."""

    attempt_id: int
    token: str

    @property
    def folder_name(self) -> str:
        """The name of the attempt's folder under ``<home>/attempts``."""
        return f"{self.attempt_id}-{self.token}"


class EndReason(StrEnum):
    """How an attempt ended, as the runner saw it.

    `CANCELLED` is a person's will. `STOPPED` is the engine's: it stopped in an orderly way and ended the attempt with
    itself, which says nothing about the job. `INTERRUPTED` was lost with its shim or its machine. `DISK` could not be
    started because of the state of a disk (`engine.system.disk_errors`), which says nothing about the job either.
    """

    EXITED = "exited"
    TIMEOUT = "timeout"
    SILENCE = "silence"
    CANCELLED = "cancelled"
    SPAWN_FAILED = "spawn_failed"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    DISK = "disk"

    @property
    def failure(self) -> FailureClass | None:
        """The failure class of an attempt that did not end by itself; None for one that did."""
        return _FAILURES.get(self)


_FAILURES = {
    EndReason.TIMEOUT: FailureClass.TIMEOUT,
    EndReason.SILENCE: FailureClass.STALLED,
    EndReason.CANCELLED: FailureClass.CANCELLED,
    EndReason.SPAWN_FAILED: FailureClass.SPAWN_FAILED,
    EndReason.INTERRUPTED: FailureClass.INTERRUPTED,
    EndReason.STOPPED: FailureClass.STOPPED,
    EndReason.DISK: FailureClass.DISK,
}


@dataclass(frozen=True, kw_only=True)
class EvidenceEnd:
    """How the tests of an attempt ended; without an exit code they could not be started, and `detail` says why."""

    exit_code: int | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class SetupEnd:
    """How the setup of an attempt ended; without an exit code it was not started or too slow, and `detail` says so."""

    exit_code: int | None = None
    detail: str = ""
    digest: str = ""

    @property
    def was_successful(self) -> bool:
        """Whether the tree is set up."""
        return self.exit_code == 0


@dataclass(frozen=True, kw_only=True)
class AttemptEnd:
    """The end of an attempt as the runner saw it, before an adapter has assessed it.

    `exit_code` is negative for a signal (as in subprocess), None if unknown. `leftovers` counts the descendants that
    had to be killed after the tool itself had ended. `detail` is a sentence for people. `tests` is None where no tests
    were started after the tool, or they did not end by themselves. `setup` is None where none ran, or it was stopped;
    where it failed, the tool was not started.
    """

    ref: AttemptRef
    reason: EndReason
    exit_code: int | None = None
    duration_s: float = 0.0
    leftovers: int = 0
    detail: str = ""
    tests: EvidenceEnd | None = None
    setup: SetupEnd | None = None


@dataclass(frozen=True, slots=True)
class AttemptProblem:
    """What the files of an attempt refused, as a sentence; the attempt counts as running until that is settled."""

    ref: AttemptRef
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """An ended attempt, assessed: its end as the runner saw it, and the result as an adapter read it.

    `status` is its outcome in a word, `str` in a sentence. An attempt that did not end by itself was not successful,
    whatever it printed before.
    """

    end: AttemptEnd
    result: JobResult

    @classmethod
    def of(cls, end: AttemptEnd, result: JobResult) -> "Assessment":
        """The result made consistent with the end, and such that it can be stored."""
        result = result.storable()
        if end.reason.failure is None:
            return cls(end=end, result=result)
        metadata = {**result.metadata, "failure_class": end.reason.failure.value}
        metadata["summary"] = storable_text(end.detail) or metadata.get("summary", "")
        return cls(end=end, result=replace(result, success=False, metadata=metadata))

    @classmethod
    def unread(cls, end: AttemptEnd, summary: str, failure: FailureClass) -> "Assessment":
        """An attempt whose result no adapter could read."""
        metadata = {"summary": summary, "failure_class": failure.value}
        return cls.of(end, JobResult(exit_code=end.exit_code, duration_s=end.duration_s, metadata=metadata))

    def __str__(self) -> str:
        return str(self.result.metadata.get("summary") or self.end.detail)

    def was_successful(self) -> bool:
        """Whether the tool ended by itself and its adapter found no problem."""
        return self.end.reason is EndReason.EXITED and self.result.success

    @property
    def failure(self) -> FailureClass | None:
        """Why the attempt did not succeed; None if it did."""
        if self.was_successful():
            return None
        return FailureClass(self.result.metadata.get("failure_class", FailureClass.FAILED))

    @property
    def is_sure(self) -> bool:
        """Whether the class of the failure may hold an account or a tool."""
        return self.result.metadata.get("confidence") != Confidence.UNSURE

    @property
    def status(self) -> AttemptStatus:
        """The outcome of the attempt in a word."""
        if self.end.reason is not EndReason.EXITED:
            return _STATUSES[self.end.reason]
        if self.was_successful():
            return AttemptStatus.COMPLETED
        if self.failure is FailureClass.DISK:
            return AttemptStatus.INTERRUPTED
        is_quota = self.failure is FailureClass.QUOTA and self.is_sure
        return AttemptStatus.QUOTA if is_quota else AttemptStatus.FAILED


_STATUSES = {
    EndReason.CANCELLED: AttemptStatus.CANCELLED,
    EndReason.TIMEOUT: AttemptStatus.TIMEOUT,
    EndReason.SILENCE: AttemptStatus.TIMEOUT,
    EndReason.SPAWN_FAILED: AttemptStatus.SPAWN_FAILED,
    EndReason.INTERRUPTED: AttemptStatus.INTERRUPTED,
    EndReason.STOPPED: AttemptStatus.INTERRUPTED,
    EndReason.DISK: AttemptStatus.INTERRUPTED,
}


class Recovery(StrEnum):
    """What a runner found out about an attempt whose engine is gone."""

    ADOPTED = "adopted"
    ENDED = "ended"
    NEVER_STARTED = "never_started"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class TreeContext:
    """The worktree in which an attempt runs, and the setup that has yet to be run there.

    `path` is its top, `repo` that of the user's own working tree, and `base_commit` what it was made of. `port_base` is
    the first of the ports that its workstream has for itself. `setup` is a program with its arguments, empty where the
    worktree is set up; `setup_digest` identifies what it is set up with then.
    """

    run_id: str
    ws_id: str
    job_id: str
    path: Path
    port_base: int | None = None
    setup: tuple[str, ...] = ()
    setup_timeout_s: float = 600.0
    setup_digest: str = ""
    repo: Path | None = None
    base_commit: str = "HEAD"

    @property
    def variables(self) -> dict[str, str]:
        """What every program that runs there has in its environment."""
        found = {
            "SIGNALBOX_RUN": self.run_id,
            "SIGNALBOX_WORKSTREAM": self.ws_id,
            "SIGNALBOX_JOB": self.job_id,
            "SIGNALBOX_WORKTREE": str(self.path),
            "SIGNALBOX_PORT_BASE": "" if self.port_base is None else str(self.port_base),
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, kw_only=True)
class AttemptContext:
    """What an adapter may use for one attempt: its private folder, the user's settings, how the tool runs.

    `earlier` are the folders of the attempts whose work this one goes on with, oldest first; they may be pruned.
    `session_folder` is the folder of the attempt whose session is resumed, `new_session` why none is. `task_root` is
    where a file with the task is looked for, the job's `repo_root` where it is None. `worktree` is None for a job that
    works in place.
    """

    ref: AttemptRef
    number: int
    folder: Path
    tool_paths: Mapping[str, str] = field(default_factory=nothing)
    base_env: Mapping[str, str] = field(default_factory=nothing, repr=False)
    previous_failure: str | None = None
    run: ToolRun = AS_BUILT_IN
    earlier: tuple[Path, ...] = ()
    session_folder: Path | None = None
    task_root: Path | None = None
    new_session: NewSession | None = None
    worktree: TreeContext | None = None


class LogIn(StrEnum):
    """Whether somebody is logged in to a coding tool, as far as its keys and files say."""

    LOGGED_IN = "logged_in"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class ToolProbe:
    """What `doctor` and Settings show of a tool: its path and version, or why it cannot be used.

    `login` is None for a tool that nobody logs in to. `note` is a warning, as a clause: a version that was never
    tried, that nobody is logged in.
    """

    tool: str
    path: str | None = None
    version: str | None = None
    problem: str | None = None
    login: LogIn | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class QueuePosition:
    """The queue position to move jobs to; `job_id` names the neighbour for `before` and `after`."""

    where: Literal["top", "bottom", "up", "down", "before", "after"]
    job_id: str | None = None

    def __post_init__(self) -> None:
        if (self.job_id is not None) is not (self.where in {"before", "after"}):
            raise ValueError(f"{self.where!r} with job_id {self.job_id!r} is not a queue position")

    def __str__(self) -> str:
        match self.where:
            case "before" | "after":
                return f"{self.where} {self.job_id}"
            case "top" | "bottom":
                return f"to the {self.where}"
            case _:
                return self.where
