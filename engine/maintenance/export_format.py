"""What the document of an export may hold: the types and bounds of every field, checked before any of it is used.

Knows no files. Keys of newer releases are ignored, as everywhere. `state.records` has the meaning of the fields; a test
compares their names.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from engine.jobfile.document import MAX_DEPTH, Document
from engine.jobfile.error_messages import validated
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_registry import tools
from engine.types import Permission
from state.costs import CostSource
from state.forecast_records import ForecastSubject
from state.job_notes import MOST_LABELS, MOST_NOTE, NoteRefusedError, checked_label
from state.new_session import NewSession
from state.records import AttemptStatus, GroupStatus, HoldCause, JobStatus, Origin, ReviewState, Stage
from state.times import checked_duration, checked_time
from state.worktree_records import CommentState, DiffSide

_MOST = 10_000
_WHOLE = 2**53


def _printable(text: str) -> str:
    if not text.isprintable() or text.startswith("-"):
        raise ValueError(
            f"should begin with no '-' and contain only characters that can be seen, not {text[:60]!r}"
        )
    return text


def _moment(value: float) -> float:
    return value if value == 0 else checked_time(value)  # 0: it is not known when


def _plain(value: Any) -> Any:
    waiting = [(value, 0)]
    while waiting:
        here, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise ValueError(f"is nested more than {MAX_DEPTH} levels deep")
        match here:
            case str():
                _whole_characters(here)
            case Mapping():
                waiting += [(part, depth + 1) for pair in here.items() for part in pair]
            case list():
                waiting += [(part, depth + 1) for part in here]
    return value


def _whole_characters(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("contains half a character (a lone surrogate)") from None


def _label(text: str) -> str:
    try:
        return checked_label(text)
    except NoteRefusedError as error:
        raise ValueError(f"should be a label: {error}") from None


def _object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError("should be a mapping of keys to values")  # noqa: TRY004 - pydantic wants a ValueError
    return value


Id = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
Token = Annotated[str, StringConstraints(max_length=120, pattern=r"^([A-Za-z0-9]+([.-][A-Za-z0-9]+)*)?$")]
Text = Annotated[str, StringConstraints(max_length=1_000_000)]
Line = Annotated[str, StringConstraints(max_length=500)]
Path = Annotated[str, StringConstraints(max_length=10_000)]
Moment = Annotated[float, AfterValidator(_moment)]
Duration = Annotated[float, AfterValidator(checked_duration)]
Money = Annotated[float, Field(ge=0, le=1e12)]
Count = Annotated[int, Field(ge=0, le=_WHOLE)]
Number = Annotated[int, Field(ge=-_WHOLE, le=_WHOLE)]
Label = Annotated[str, AfterValidator(_label)]
PlainObject = Annotated[dict[str, Any], BeforeValidator(_object), AfterValidator(_plain)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


class ChangedFileRecord(_Part):
    """A file that an attempt has changed."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    path: Path
    added: Count | None = None
    removed: Count | None = None


class Usage(_Part):
    """What a tool reported of its use."""

    input_tokens: Count | None = None
    cached_tokens: Count | None = None
    output_tokens: Count | None = None
    cost_usd: Money | None = None
    cost_source: Annotated[CostSource, Field(strict=False)] | None = None


class TestCounts(_Part):
    """What a test run counted."""

    __test__ = False  # pytest would collect a class of this name

    passed: Count | None = None
    failed: Count | None = None
    skipped: Count | None = None
    errors: Count | None = None
    failing: Annotated[list[Text], Field(max_length=_MOST)] | None = None


class ResultMetadata(_Part):
    """What an adapter could read."""

    summary: Text | None = None
    failure_class: Id | None = None
    answer: Text | None = None
    tests: TestCounts | None = None
    usage: Usage | None = None
    changed_files: Annotated[list[ChangedFileRecord], Field(max_length=_MOST * 10)] | None = None
    changes_unknown: Text | None = None
    job_changed_files: Annotated[list[ChangedFileRecord], Field(max_length=_MOST * 10)] | None = None
    job_changes_unknown: Text | None = None


class Result(_Part):
    """The result of an attempt, as `engine.types.JobResult` is stored; empty where it has none."""

    exit_code: Number | None = None
    error_report_path: Path | None = None
    duration_s: Duration = 0.0
    stdout: Text = ""
    stderr: Text = ""
    success: bool = False
    metadata: ResultMetadata = ResultMetadata()


class RunRecord(_Part):
    """`state.records.Run`."""

    run_id: Id
    title: Text = ""
    status: Annotated[GroupStatus, Field(strict=False)] = GroupStatus.QUEUED
    repo: Path | None = None
    created_at: Moment = 0.0
    started_at: Moment | None = None
    completed_at: Moment | None = None
    metadata: PlainObject = {}


class WorkstreamRecord(_Part):
    """`state.records.Workstream`."""

    run_id: Id
    ws_id: Id
    title: Text = ""
    status: Annotated[GroupStatus, Field(strict=False)] = GroupStatus.QUEUED
    position: Count = 0
    repo: Path | None = None
    created_at: Moment = 0.0
    started_at: Moment | None = None
    completed_at: Moment | None = None
    review: Annotated[ReviewState, Field(strict=False)] = ReviewState.NONE
    needs_review: bool = True
    waits_since: Moment | None = None
    reviewed_commit: Id | None = None
    reviewed_at: Moment | None = None


class JobRecord(_Part):
    """`state.records.Job`, with its job file."""

    job_id: Id
    run_id: Id
    ws_id: Id
    seq: Count = 0
    step_name: Text = ""
    position: Count = 0
    tool: Id = "shell"
    stage: Annotated[Stage, Field(strict=False)] = Stage.EDIT
    status: Annotated[JobStatus, Field(strict=False)] = JobStatus.QUEUED
    priority: Number = 0
    depends_on: Annotated[list[Id], Field(max_length=_MOST)] = []
    group_name: Id = "default"
    account: Id | None = None
    tree: Path | None = None
    files_scope: Annotated[list[Path], Field(max_length=_MOST)] = []
    origin: Annotated[Origin, Field(strict=False)] = Origin.API
    source_path: Path | None = None
    digest: Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9:_-]*$")] = ""
    hold_reason: Text | None = None
    quarantined: bool = False
    attempts: Count = 0
    max_attempts: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    interruptions: Count = 0
    not_before: Moment | None = None
    waits_for: Id | None = None
    cancel_requested_at: Moment | None = None
    created_at: Moment = 0.0
    started_at: Moment | None = None
    completed_at: Moment | None = None
    exit_code: Number | None = None
    summary: Text = ""
    failure_class: Id | None = None
    cost_usd: Money | None = None
    queue_position: Annotated[float, Field(ge=-1e15, le=1e15)] | None = None
    scope_root: Path | None = None
    hold_cause: Annotated[HoldCause, Field(strict=False)] | None = None
    rung: Count = 0
    follow_up: Text | None = None
    title: Text = ""
    input_tokens: Count | None = None
    cached_tokens: Count | None = None
    output_tokens: Count | None = None
    cost_source: Annotated[CostSource, Field(strict=False)] | None = None
    fresh_session: bool = False
    denied: Count = 0
    note: Annotated[str, StringConstraints(max_length=MOST_NOTE), AfterValidator(_plain)] = ""
    labels: Annotated[list[Label], Field(max_length=MOST_LABELS)] = []
    place: Annotated[float, Field(ge=-1e15, le=1e15)] | None = None
    """What a former release calls `queue_position`."""
    spec: PlainObject


class AttemptRecord(_Part):
    """`state.records.Attempt`."""

    id: Count
    run_id: Id
    ws_id: Id
    job_id: Id
    step_name: Text
    number: Count
    tool: Id
    status: Annotated[AttemptStatus, Field(strict=False)]
    runner: Id = "local"
    engine_id: Id | None = None
    home_id: Id | None = None
    token: Token = ""
    started_at: Moment = 0.0
    completed_at: Moment | None = None
    exit_code: Number | None = None
    duration_s: Duration | None = None
    failure_class: Id | None = None
    summary: Text = ""
    cost_usd: Money | None = None
    rung: Count = 0
    account: Id | None = None
    model: Line | None = None
    permission: Annotated[Permission, Field(strict=False)] | None = None
    session_id: Line | None = None
    follow_up: Text | None = None
    input_tokens: Count | None = None
    cached_tokens: Count | None = None
    output_tokens: Count | None = None
    cost_source: Annotated[CostSource, Field(strict=False)] | None = None
    resumes: Count | None = None
    new_session: Annotated[NewSession, Field(strict=False)] | None = None
    result: Annotated[Result, BeforeValidator(_plain)] = Result()


class FileRecord(_Part):
    """`state.records.WorkstreamFile`."""

    run_id: Id
    ws_id: Id
    path: Path
    declared: bool = False
    touched: bool = False
    added: Count | None = None
    removed: Count | None = None
    job_id: Id | None = None
    tool: Id | None = None
    updated_at: Moment = 0.0


class CommentRecord(_Part):
    """`state.worktree_records.ReviewComment`."""

    id: Count
    run_id: Id
    ws_id: Id
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_plain)]
    path: Annotated[Path, AfterValidator(_plain)] | None = None
    side: Annotated[DiffSide, Field(strict=False)] = DiffSide.NEW
    line: Count | None = None
    last_line: Count | None = None
    commit: Id | None = None
    quoted: Annotated[Text, AfterValidator(_plain)] = ""
    state: Annotated[CommentState, Field(strict=False)] = CommentState.DRAFT
    attempt: Count | None = None
    created_at: Moment = 0.0
    sent_at: Moment | None = None


class ViewedRecord(_Part):
    """`state.worktree_records.ViewedFile`."""

    run_id: Id
    ws_id: Id
    path: Annotated[Path, AfterValidator(_plain)]
    blob: Id


class ForecastRecord(_Part):
    """`state.forecast_records.KeptForecast`."""

    subject: Annotated[ForecastSubject, Field(strict=False)]
    subject_id: Id
    run_id: Id
    made_at: Moment
    ends_at: Moment
    starts_at: Moment | None = None


class EventRecord(_Part):
    """`state.records.Event`."""

    id: Count
    at: Moment
    event_type: Id | None = None
    kind: Id | None = None
    """What the first release calls `event_type`."""
    level: Id = "info"
    run_id: Id | None = None
    ws_id: Id | None = None
    job_id: Id | None = None
    attempt_id: Count | None = None
    tool: Id | None = None
    message: Text = ""
    payload: PlainObject = {}


class OutsideSpec(_Part):
    """What a script recorded of a job that ran outside the queue."""

    model_config = ConfigDict(strict=True, extra="forbid")

    job_id: Id
    run_id: Id | None = None
    workstream_id: Id | None = None
    tool: Id | None = None


def check_spec(document: Document) -> None:
    """Refuse a job file that is none.

    Raises:
        JobFileError: it names the line and the field.
    """
    is_outside = document.data.keys() <= OutsideSpec.model_fields.keys()
    if is_outside:
        validated(OutsideSpec, document)
    else:
        validated(JobSpec, document, tool_problem=tools().problem)


class ExportDocument(_Part):
    """The whole of ``run.json``."""

    run: RunRecord
    workstreams: list[WorkstreamRecord]
    jobs: list[JobRecord]
    attempts: list[AttemptRecord]
    files: list[FileRecord]
    events: list[EventRecord]
    comments: list[CommentRecord] = []
    viewed: list[ViewedRecord] = []
    forecasts: list[ForecastRecord] = []
