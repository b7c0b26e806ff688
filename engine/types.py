"""Values that pass between the orchestrator, the adapters and the runners; frozen, without behaviour of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from state.records import nothing


class FailureClass(StrEnum):
    """Why an attempt did not succeed; the policy decides by this word."""

    QUOTA = "quota"
    AUTH = "auth"
    RATE = "rate"
    NETWORK = "network"
    CONTEXT = "context"
    NO_CHANGE = "no_change"
    TESTS_FAILED = "tests_failed"
    BAD_EDIT = "bad_edit"
    SPAWN_FAILED = "spawn_failed"
    STALLED = "stalled"
    TIMEOUT = "timeout"
    CRASH = "crash"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class JobResult:
    """What one attempt came to.

    `stdout` and `stderr` are the last 64 KiB as text; the whole lies in the attempt's folder.
    `metadata` holds what the adapter could read: ``summary`` (one plain sentence), ``failure_class`` (a
    `FailureClass`), ``tests`` {passed, failed, skipped, errors, failing: [names]}, ``usage`` {input_tokens,
    output_tokens, cost_usd}, ``changed_files`` [{path, added, removed}], ``quota_until`` (epoch seconds), ``answer``
    (what a coding tool said at its end, at most 4,000 characters).
    """

    exit_code: int | None = None
    error_report_path: str | None = None
    duration_s: float = 0.0
    stdout: str = ""
    stderr: str = ""
    success: bool = False
    metadata: Mapping[str, Any] = field(default_factory=nothing)

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
class Invocation:
    """Exactly what is started for one attempt. `argv[0]` is absolute; nothing passes a shell.

    `env` is the whole environment of the tool. `stdin_file` None means /dev/null. Timeouts are seconds, None
    for none. `output_cap` bytes of each stream are kept (head and last megabyte). `secrets` are literal values
    masked in what is kept. `stop_signal` names the first signal of a stop ("TERM", "INT").
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


@dataclass(frozen=True, order=True)
class AttemptRef:
    """The name of one attempt on this host; its folder is called ``<attempt_id>-<token>``."""

    attempt_id: int
    token: str

    @property
    def folder_name(self) -> str:
        """The name of the attempt's folder under ``<home>/attempts``."""
        return f"{self.attempt_id}-{self.token}"


class EndReason(StrEnum):
    """How an attempt came to its end, as the runner saw it."""

    EXITED = "exited"
    TIMEOUT = "timeout"
    SILENCE = "silence"
    CANCELLED = "cancelled"
    SPAWN_FAILED = "spawn_failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class AttemptEnd:
    """The end of an attempt as the runner saw it, before an adapter has judged it.

    `exit_code` is negative for a signal (as subprocess has it), None where none is known. `leftovers` counts
    descendants that had to be killed after the tool itself had ended. `detail` is a sentence for people.
    """

    ref: AttemptRef
    reason: EndReason
    exit_code: int | None = None
    duration_s: float = 0.0
    leftovers: int = 0
    detail: str = ""


class Recovery(StrEnum):
    """What a runner found of an attempt whose engine is gone."""

    ADOPTED = "adopted"
    ENDED = "ended"
    NEVER_STARTED = "never_started"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class AttemptContext:
    """What an adapter may use for one attempt: its private folder, settings of the user, and what went before."""

    ref: AttemptRef
    number: int
    folder: Path
    tool_paths: Mapping[str, str] = field(default_factory=nothing)
    base_env: Mapping[str, str] = field(default_factory=nothing, repr=False)
    previous_failure: str | None = None


@dataclass(frozen=True, kw_only=True)
class ToolProbe:
    """What `doctor` and Settings say of a tool: where it is and which version answered, or why it cannot be used."""

    tool: str
    path: str | None = None
    version: str | None = None
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class Done:
    """The job is completed."""

    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class RetryAt:
    """Another attempt, not before `at`; `free` where it costs no retry (quota, an interruption)."""

    at: float
    why: str
    summary: str = ""
    free: bool = False


@dataclass(frozen=True, kw_only=True)
class EscalateTo:
    """Another attempt with the next tool of the ladder."""

    tool: str
    at: float
    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class WaitForQuota:
    """The account is out of quota; every job of it waits until `until`, and no retry is spent."""

    account: str
    until: float
    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class GiveUp:
    """No further attempt by itself: `status` is failed, timeout, cancelled or held; `quarantined` asks for a person."""

    status: str
    summary: str = ""
    quarantined: bool = False


@dataclass(frozen=True, kw_only=True)
class QueuePosition:
    """A place in the line to move jobs to; `job_id` names the neighbour of `before` and `after`."""

    where: Literal["top", "bottom", "up", "down", "before", "after"]
    job_id: str | None = None

    def __post_init__(self) -> None:
        if (self.job_id is not None) is not (self.where in {"before", "after"}):
            raise ValueError(f"a spot {self.where} with job_id {self.job_id!r} is none")

    def __str__(self) -> str:
        match self.where:
            case "before" | "after":
                return f"{self.where} {self.job_id}"
            case "top" | "bottom":
                return f"to the {self.where}"
            case _:
                return self.where


Decision = Done | RetryAt | EscalateTo | WaitForQuota | GiveUp
