"""Defines the sections of a job file, such as `paths` and `metadata`, as frozen pydantic models."""

from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from engine.jobfile.fields import (
    NO_FLAG,
    YEAR,
    Argument,
    Flag,
    Isolation,
    Line,
    Number,
    OnQuota,
    Part,
    Priority,
    Ref,
    RepoPath,
    ReviewNeed,
    Seconds,
    Time,
    ToolName,
    Whole,
    Word,
)
from engine.types import Permission
from state.records import Stage


class Command(Part):
    """A program and its arguments, used exactly as written; no shell is involved."""

    exe: Line
    args: tuple[Argument, ...] = Field(default=(), max_length=10_000)


class RecurringMark(Part):
    """The recurring run that has queued a run, at its due time or by hand; Signalbox writes this itself."""

    name: Word
    by_hand: Flag = False


class Paths(Part):
    """Where a job works. `repo_root` is relative to the folder of the job file, the others to `repo_root`.

    `log_file` and `error_report` get copies at the end if they are in the repository or in Signalbox's log folder; in
    `RUN/JOB/` of the log folder for a job in a worktree.
    """

    repo_root: Line | None = None
    working_dir: Line | None = None
    log_file: Line | None = None
    error_report: Line | None = None


class Retry(Part):
    """Whether and when a failed job is retried; `exit_code` limits that to these codes."""

    limit: Whole = Field(default=0, ge=0, le=100)
    interval_sec: Number = Field(default=5.0, ge=0, le=YEAR)
    backoff: Literal["immediate", "linear", "exponential", "fibonacci"] = "exponential"
    max_interval_sec: Number = Field(default=900.0, ge=0, le=YEAR)
    exit_code: tuple[Annotated[int, Field(ge=-255, le=255), NO_FLAG], ...] = Field(default=(), max_length=50)


class Rung(Part):
    """The tool that takes over when those before it on the ladder have failed, with settings of its own.

    In a job file a plain name stands for a tool with its defaults.
    """

    tool: ToolName
    model: Ref | None = None
    account: Word | None = None
    permission: Permission | None = None
    on_quota: OnQuota | None = None

    @model_serializer(mode="wrap")
    def _shortest(self, serialize: SerializerFunctionWrapHandler) -> Any:
        return self.tool if self == Rung(tool=self.tool) else serialize(self)


def _rung(value: Any) -> Any:
    return {"tool": value} if isinstance(value, str) else value


class EvidenceTests(Part):
    """The tests that an attempt runs after its edit: a command as it is written, else pytest with these paths."""

    command: Command | None = None
    paths: tuple[RepoPath, ...] = Field(default=(), max_length=1000)


class Evidence(Part):
    """What must be seen before an attempt of a coding tool counts as done."""

    change: Literal["required", "optional", "forbidden"] = "required"
    scope: Literal["enforced", "reported"] = "enforced"
    denied: Literal["allowed", "forbidden"] = "allowed"
    tests: EvidenceTests | None = None


class Limits(Part):
    """Limits of one attempt; those a tool has no switch for are not enforced while it runs."""

    max_turns: Annotated[int, Field(ge=1, le=10_000), NO_FLAG] | None = None
    max_cost_usd: Annotated[float, Field(gt=0, le=10_000), NO_FLAG] | None = None
    output_mb: Whole = Field(default=32, ge=1, le=2048)
    budget_usd: Annotated[float, Field(gt=0, le=1_000_000), NO_FLAG] | None = None


class Metadata(Part):
    """How a job is queued, retried, supervised and shown."""

    title: Line | None = None
    priority: Priority = "normal"
    depends_on: tuple[Word, ...] = Field(default=(), max_length=1000)
    timeout_seconds: Seconds | None = None
    silence_timeout_seconds: Seconds | None = None
    retry: Retry = Retry()
    escalate_to: tuple[
        Annotated[Rung, BeforeValidator(_rung, json_schema_input_type=Rung | ToolName)], ...
    ] = Field(default=(), max_length=10)
    files_scope: tuple[RepoPath, ...] = Field(default=(), max_length=1000)
    message_file: RepoPath | None = None
    on_interrupted: Literal["rerun", "hold", "fail"] | None = None
    on_quota: OnQuota | None = None
    isolation: Isolation | None = None
    base: Ref | None = None
    fetch: Flag | None = None
    review: ReviewNeed | None = None
    on_retry: Literal["restore", "continue"] | None = None
    evidence: Evidence = Evidence()
    limits: Limits = Limits()
    stage: Stage | None = None
    group: Word = "default"
    account: Word | None = None
    start_at: Time | None = None
    writes: Flag | None = None


class Tests(Part):
    """What is passed to pytest: paths or node ids, and further arguments."""

    __test__ = False  # pytest would collect a class of this name

    paths: tuple[RepoPath, ...] = Field(default=(), max_length=1000)
    args: tuple[Argument, ...] = Field(default=(), max_length=1000)
