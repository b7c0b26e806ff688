"""What a job file may say, as frozen pydantic models; reads no files and starts nothing.

`JobSpec` is what the store keeps and every adapter gets. The JSON Schema in specs/ is generated from here.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from state.records import Stage

FORMAT_VERSION = 1
"""The newest job file format this code reads."""

ToolName = Literal["shell", "tests", "git", "aider", "codex", "claude", "gemini"]
AGENTS: frozenset[str] = frozenset({"aider", "codex", "claude", "gemini"})
"""Tools that get a prompt and edit files by themselves."""

PRIORITIES: Mapping[str, int] = {"low": -10, "normal": 0, "high": 10, "urgent": 50}
ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
ENV_REFERENCE = "env:"
"""A value of `env` that starts so names a variable of Signalbox's own environment."""

_SECRET_NAME = re.compile(
    r"(^|_)((API|ACCESS|SECRET|PRIVATE|AUTH|SIGNING)_?KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$",
    re.IGNORECASE,
)
_YEAR = 366 * 86400


def _plain_text(value: str) -> str:
    if "\0" in value:
        raise ValueError("holds a NUL character, which no program can be given")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half a character (a lone surrogate); write it as UTF-8") from None
    return value


def _inside(value: str) -> str:
    parts = Path(value).parts
    if not value or Path(value).is_absolute() or ".." in parts:
        raise ValueError("must be a path inside the repository, without '..'")
    return value


def is_secret_name(name: str) -> bool:
    """Whether an environment variable of this name usually holds a secret."""
    return _SECRET_NAME.search(name) is not None


def _not_an_option(value: str) -> str:
    if value.startswith("-"):
        raise ValueError("must not start with '-', or git would take it for an option")
    return value


def _priority(value: object) -> object:
    text = str(value).strip().lower()
    if isinstance(value, bool) or not (text in PRIORITIES or re.fullmatch(r"[+-]?\d{1,3}", text)):
        raise ValueError(f"should be {', '.join(PRIORITIES)} or a whole number from -100 to 100")
    number = PRIORITIES.get(text)
    if number is None and not -100 <= (number := int(text)) <= 100:  # noqa: PLR2004 - said in the message
        raise ValueError("should lie between -100 and 100")
    return text if text in PRIORITIES else number


def readable_version(value: int) -> int:
    """The format version, unless it is newer than this code."""
    if value > FORMAT_VERSION:
        raise ValueError(f"format {value} needs a newer Signalbox; this one reads format {FORMAT_VERSION}")
    return value


Text = Annotated[str, AfterValidator(_plain_text)]
Line = Annotated[Text, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\r\n]*$")]
Word = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""An id: letters, digits, dot, underscore and hyphen, up to 64, not starting with a sign."""
Argument = Annotated[Text, StringConstraints(max_length=128 * 1024)]
RepoPath = Annotated[Line, AfterValidator(_inside)]
Ref = Annotated[Line, AfterValidator(_not_an_option)]
"""The name of a branch, tag or commit."""
ENV_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]{0,127}$"
EnvName = Annotated[str, StringConstraints(pattern=ENV_PATTERN)]
Priority = Annotated[Literal["low", "normal", "high", "urgent"] | int, BeforeValidator(_priority)]
Seconds = Annotated[float, Field(gt=0, le=_YEAR)]


class Part(BaseModel):
    """What all parts of a job file share: nothing unknown, nothing changed later."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_enum_values=False,
        validate_default=False,
    )


class Command(Part):
    """A program and its arguments, taken exactly as written; no shell reads them."""

    exe: Line
    args: tuple[Argument, ...] = Field(default=(), max_length=10_000)


class Paths(Part):
    """Where a job works. Relative paths start at the folder of the job file, `working_dir` at `repo_root`."""

    repo_root: Line | None = None
    working_dir: Line | None = None
    log_file: Line | None = None
    error_report: Line | None = None


class Retry(Part):
    """Whether and when a failed job is started again; `exit_code` narrows that to these codes."""

    limit: int = Field(default=0, ge=0, le=100)
    interval_sec: float = Field(default=5.0, ge=0, le=_YEAR)
    backoff: Literal["immediate", "linear", "exponential", "fibonacci"] = "exponential"
    max_interval_sec: float = Field(default=900.0, ge=0, le=_YEAR)
    exit_code: tuple[Annotated[int, Field(ge=-255, le=255)], ...] = Field(default=(), max_length=50)


class Evidence(Part):
    """What must be seen before an attempt of a coding tool counts as done."""

    change: Literal["required", "optional", "forbidden"] = "required"
    scope: Literal["enforced", "reported"] = "enforced"


class Limits(Part):
    """Ceilings of one attempt; those a tool has no switch for are not enforced while it runs."""

    max_turns: int | None = Field(default=None, ge=1, le=10_000)
    max_cost_usd: float | None = Field(default=None, gt=0, le=10_000)
    output_mb: int = Field(default=32, ge=1, le=1024)


class Metadata(Part):
    """How a job is queued, retried, watched and shown."""

    title: Line | None = None
    priority: Annotated[Literal["low", "normal", "high", "urgent"] | int, BeforeValidator(_priority)] = (
        "normal"
    )
    depends_on: tuple[Word, ...] = Field(default=(), max_length=1000)
    timeout_seconds: Seconds | None = None
    silence_timeout_seconds: Seconds | None = None
    retry: Retry = Retry()
    escalate_to: tuple[ToolName, ...] = Field(default=(), max_length=10)
    files_scope: tuple[RepoPath, ...] = Field(default=(), max_length=1000)
    message_file: RepoPath | None = None
    on_interrupted: Literal["rerun", "hold", "fail"] | None = None
    isolation: Literal["none", "worktree"] = "none"
    evidence: Evidence = Evidence()
    limits: Limits = Limits()
    stage: Stage | None = None
    group: Word = "default"
    account: Word | None = None
    start_at: AwareDatetime | None = None
    writes: bool | None = None


class GitBranch(Part):
    """Make a branch at `start` and, unless told otherwise, switch to it."""

    action: Literal["branch"]
    name: Ref
    start: Ref = "HEAD"
    switch: bool = True


class GitApply(Part):
    """Apply a patch, given as a file of the repository or written out here."""

    action: Literal["apply"]
    patch: Text | None = None
    patch_file: RepoPath | None = None
    three_way: bool = False

    @model_validator(mode="after")
    def _one_patch(self) -> Self:
        if (self.patch is None) == (self.patch_file is None):
            raise ValueError("needs exactly one of patch and patch_file")
        return self


class GitCommit(Part):
    """Commit `files`, or everything that changed; nothing to commit is a failure unless `allow_empty`."""

    action: Literal["commit"]
    message: Annotated[Text, StringConstraints(min_length=1, pattern=r"\S")]
    files: tuple[RepoPath, ...] = ()
    allow_empty: bool = False


class GitDiff(Part):
    """Print the difference to `base`, of the working tree or of `head`; changes nothing."""

    action: Literal["diff"]
    base: Ref = "HEAD"
    head: Ref | None = None
    files: tuple[RepoPath, ...] = ()


class GitWorktree(Part):
    """Add a working tree at `path` on a new branch, or remove a clean one."""

    action: Literal["worktree"]
    operation: Literal["add", "remove"] = "add"
    path: Line
    branch: Ref | None = None
    start: Ref = "HEAD"

    @model_validator(mode="after")
    def _branch_to_add(self) -> Self:
        if self.operation == "add" and self.branch is None:
            raise ValueError("needs a branch to add a working tree")
        return self


class GitMerge(Part):
    """Merge a branch into the one that is checked out; a conflict is undone and reported."""

    action: Literal["merge"]
    branch: Ref
    message: Text | None = None
    fast_forward: Literal["allow", "never", "only"] = "allow"


GitStep = Annotated[
    GitBranch | GitApply | GitCommit | GitDiff | GitWorktree | GitMerge,
    Field(discriminator="action"),
]


class Tests(Part):
    """What pytest is given: paths or node ids, and further arguments."""

    __test__ = False  # pytest would collect a class of this name

    paths: tuple[RepoPath, ...] = Field(default=(), max_length=1000)
    args: tuple[Argument, ...] = Field(default=(), max_length=1000)


class MisfitError(ValueError):
    """Fields that are right each by itself do not fit together; `problems` are (dotted field, reason)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in problems))


def _made_job_id(data: dict[str, Any]) -> str:
    return f"{data.get('tool', 'job')}-{secrets.token_hex(4)}"


class JobSpec(Part):
    """One tool to be run, as its job file says; what the store keeps and what adapters get."""

    schema_version: Annotated[int, Field(ge=1), AfterValidator(readable_version)] = FORMAT_VERSION
    tool: ToolName
    job_id: Word = Field(default_factory=_made_job_id)
    run_id: Word | None = None
    workstream_id: Word = "main"
    workstream_title: Line | None = None
    step_name: str = Field(default="", max_length=64, pattern=r"^([A-Za-z0-9][A-Za-z0-9 ._-]*)?$")
    command: Command | None = None
    prompt: Annotated[Text, StringConstraints(min_length=1, pattern=r"\S")] | None = None
    model: Ref | None = None
    files: tuple[RepoPath, ...] = Field(default=(), max_length=1000)
    extra_args: tuple[Argument, ...] = Field(default=(), max_length=1000)
    git: GitStep | None = None
    tests: Tests | None = None
    env: dict[EnvName, Argument] = Field(default_factory=dict, max_length=200)
    paths: Paths = Paths()
    metadata: Metadata = Metadata()

    @model_validator(mode="after")
    def _fits_its_tool(self) -> Self:
        if problems := _misfits(self):
            raise MisfitError(problems)
        return self

    @property
    def name(self) -> str:
        """The name of the step: `step_name`, else the tool."""
        return self.step_name or self.tool

    @property
    def title(self) -> str:
        """What to call the job on screen."""
        return self.metadata.title or self.step_name or self.job_id

    @property
    def priority_value(self) -> int:
        """The priority as a number from -100 to 100; higher starts first."""
        given = self.metadata.priority
        return given if isinstance(given, int) else PRIORITIES[given]

    @property
    def resolved_stage(self) -> Stage:
        """The stage the file names, else the one its tool usually works in."""
        return self.metadata.stage or _usual_stage(self)

    @property
    def max_attempts(self) -> int:
        """How often the job may be started by itself: once, and once for each retry."""
        return 1 + self.metadata.retry.limit

    @property
    def start_at(self) -> float | None:
        """The earliest start in seconds since the epoch, or None."""
        at = self.metadata.start_at
        return at.timestamp() if isinstance(at, datetime) else None

    @property
    def repo_root(self) -> Path:
        """The absolute folder of the repository (not through symlinks)."""
        return self.root_from(Path.cwd())

    def root_from(self, base: Path) -> Path:
        """`repo_root` where relative paths start at `base`; an absolute `working_dir` may stand for it."""
        folder = self.paths.working_dir or ""
        given = self.paths.repo_root or (folder if Path(folder).is_absolute() else "")
        return Path(os.path.abspath(base / Path(given).expanduser()))  # noqa: PTH100 - not through symlinks

    @property
    def working_dir(self) -> Path:
        """The absolute folder the tool starts in (not through symlinks)."""
        return Path(os.path.abspath(self.repo_root / (self.paths.working_dir or "")))  # noqa: PTH100 - as above

    @property
    def writes(self) -> bool:
        """Whether the job changes files of its working tree."""
        if self.metadata.writes is not None:
            return self.metadata.writes
        return not (self.tool == "tests" or isinstance(self.git, GitDiff))

    @property
    def when_interrupted(self) -> Literal["rerun", "hold", "fail"]:
        """What follows an attempt of unknown outcome: as the file says, else a rerun only where it cannot hurt."""
        return self.metadata.on_interrupted or ("hold" if self.writes else "rerun")

    @property
    def tree(self) -> str | None:
        """The real path of the working tree this job must be the only writer of.

        None for a job that only reads, and for a plain command outside any git repository: there is no tree
        to protect there, and a thousand small commands in one folder may run side by side.
        """
        if not self.writes:
            return None
        here = self.working_dir.resolve()
        root = next((str(folder) for folder in (here, *here.parents) if (folder / ".git").exists()), None)
        outside = None if self.tool == "shell" and self.metadata.writes is None else str(here)
        return root or outside

    def to_json(self) -> dict[str, Any]:
        """The job as plain JSON values, of which `job_from_mapping` makes the same job; holds no secret."""
        return self.model_dump(mode="json", exclude_defaults=True) | {
            "tool": self.tool,
            "job_id": self.job_id,
        }

    def digest(self) -> str:
        """SHA-256 of what the job says apart from its own id and run: equal for a file taken in twice."""
        content = {key: value for key, value in self.to_json().items() if key not in {"job_id", "run_id"}}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def evolve(self, **changes: Any) -> "JobSpec":
        """The same job with some fields changed, checked again."""
        said = {field: getattr(self, field) for field in self.model_fields_set}
        return JobSpec.model_validate(said | {"job_id": self.job_id} | changes)

    def as_copy(self) -> "JobSpec":
        """The same job under a new id, so that it can run beside the first."""
        return self.evolve(job_id=_made_job_id({"tool": self.job_id[:50].rstrip("._-")}))

    def for_tool(self, tool: str) -> "JobSpec":
        """The same task for the next tool of its ladder, without the command and the model of the first."""
        return self if tool == self.tool else self.evolve(tool=tool, command=None, model=None, extra_args=())


def _usual_stage(spec: JobSpec) -> Stage:
    match spec.tool, spec.git:
        case "tests", _:
            return Stage.TEST
        case "shell", _:
            return Stage.CHECK
        case "git", GitDiff():
            return Stage.REVIEW
        case "git", GitCommit() | GitMerge():
            return Stage.MERGE
        case _:
            return Stage.EDIT


def _misfits(spec: JobSpec) -> list[tuple[str, str]]:
    """What does not fit together, as (dotted field, reason)."""
    said = spec.command is not None
    found = []
    if spec.tool == "shell" and not said:
        found.append(("command", "tool shell needs a command with exe and args"))
    if spec.tool == "git" and (spec.git is None) == (not said):
        found.append(("git", "tool git needs either git: {action: …} or a command"))
    if spec.tool in AGENTS and not (spec.prompt or spec.metadata.message_file or said):
        found.append(("prompt", f"tool {spec.tool} needs a prompt, a metadata.message_file or a command"))
    if spec.prompt and spec.metadata.message_file:
        found.append(("prompt", "prompt and metadata.message_file exclude each other"))
    if spec.git is not None and spec.tool != "git":
        found.append(("git", f"is only for tool git, this job's tool is {spec.tool}"))
    if spec.tests is not None and spec.tool != "tests":
        found.append(("tests", f"is only for tool tests, this job's tool is {spec.tool}"))
    if spec.tool not in AGENTS:
        found.extend(
            (name, f"is only for coding tools ({', '.join(sorted(AGENTS))}), this job's tool is {spec.tool}")
            for name, value in (("prompt", spec.prompt), ("model", spec.model))
            if value
        )
    if spec.metadata.escalate_to:
        found.extend(_broken_ladder(spec))
    if spec.job_id in spec.metadata.depends_on:
        found.append(("metadata.depends_on", f"the job depends on itself ({spec.job_id})"))
    found.extend(
        (f"env.{name}", f"a job file holds no secrets; {ENV_REFERENCE}{name} takes it from the environment")
        for name, value in spec.env.items()
        if is_secret_name(name) and value and not value.startswith(ENV_REFERENCE)
    )
    if not spec.working_dir.is_relative_to(spec.repo_root):
        found.append(("paths.working_dir", f"lies outside the repository {spec.repo_root}"))
    return found


def _broken_ladder(spec: JobSpec) -> list[tuple[str, str]]:
    field = "metadata.escalate_to"
    if not (spec.prompt or spec.metadata.message_file):
        return [(field, "needs a prompt or a metadata.message_file to hand on to the next tool")]
    odd = [tool for tool in spec.metadata.escalate_to if tool not in AGENTS]
    return [(field, f"{tool} is no coding tool ({', '.join(sorted(AGENTS))})") for tool in odd]
