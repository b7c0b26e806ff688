"""Defines the content of a job file as one frozen pydantic model; reads no files and starts nothing.

The store keeps `JobSpec`s, and every adapter gets one. The JSON Schema in specs/ is generated from here.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from engine.errors import CommandRefusedError
from engine.jobfile.field_conflicts import incompatible_fields
from engine.jobfile.fields import (
    FORMAT_VERSION,
    NO_FLAG,
    Argument,
    EnvName,
    Line,
    Part,
    Ref,
    RepoPath,
    SessionUse,
    Text,
    ToolName,
    Word,
    readable_version,
)
from engine.jobfile.git_steps import GitCommit, GitDiff, GitMerge, GitStep
from engine.jobfile.job_sections import Command, Metadata, Paths, RecurringMark, Rung, Tests
from engine.jobfile.priorities import PRIORITIES
from engine.jobfile.task_title import task_title
from engine.jobfile.tool_names import is_coding_tool
from engine.system.git import work_tree_root
from engine.system.home import at_home
from engine.system.real_path import absolute_path, real_path
from engine.types import Permission
from state.records import Stage
from state.shown_names import is_made_up

_OWN = frozenset({"job_id", "run_id", "recurring"})
"""What a file that is queued again and again says anew each time."""


class IncompatibleFieldsError(ValueError):
    """Fields that are each valid do not fit together; `problems` are pairs of dotted field and reason."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in problems))


def _new_job_id(data: dict[str, Any]) -> str:
    return f"{data.get('tool', 'job')}-{secrets.token_hex(4)}"


class JobSpec(Part):
    """One run of a tool as its job file describes it; the store keeps it and adapters get it."""

    schema_version: Annotated[int, Field(ge=1), AfterValidator(readable_version), NO_FLAG] = FORMAT_VERSION
    tool: ToolName
    job_id: Word = Field(default_factory=_new_job_id)
    run_id: Word | None = None
    recurring: RecurringMark | None = None
    workstream_id: Word = "main"
    workstream_title: Line | None = None
    step_name: str = Field(default="", max_length=64, pattern=r"^([A-Za-z0-9][A-Za-z0-9 ._-]*)?$")
    command: Command | None = None
    prompt: Annotated[Text, StringConstraints(min_length=1, pattern=r"\S")] | None = None
    model: Ref | None = None
    permission: Permission | None = None
    session: SessionUse | None = None
    files: tuple[RepoPath, ...] = Field(default=(), max_length=1000)
    extra_args: tuple[Argument, ...] = Field(default=(), max_length=1000)
    git: GitStep | None = None
    tests: Tests | None = None
    env: dict[EnvName, Argument] = Field(default_factory=dict, max_length=200)
    paths: Paths = Paths()
    metadata: Metadata = Metadata()

    @model_validator(mode="after")
    def _fits_its_tool(self) -> Self:
        if problems := incompatible_fields(self):
            raise IncompatibleFieldsError(problems)
        return self

    @property
    def name(self) -> str:
        """The name of the step: `step_name`, or the tool."""
        return self.step_name or self.tool

    @property
    def title(self) -> str:
        """The title of the job on screen."""
        return self.metadata.title or self.step_name or self.title_for(self.job_id) or self.job_id

    def title_for(self, stem: str) -> str:
        """The first words of the task, for a job that came from a file of this name; empty if somebody chose it."""
        if not is_made_up(stem, self.tool):
            return ""
        return task_title(prompt=self.prompt, command=self.command, git=self.git, tests=self.tests)

    @property
    def priority_value(self) -> int:
        """The priority as a number from -100 to 100; higher starts first."""
        given = self.metadata.priority
        return given if isinstance(given, int) else PRIORITIES[given]

    @property
    def resolved_stage(self) -> Stage:
        """The stage the file names, or the usual one of its tool."""
        return self.metadata.stage or _usual_stage(self)

    @property
    def ladder(self) -> tuple[str, ...]:
        """The tools that take over when this one has failed, in order."""
        return tuple(rung.tool for rung in self.metadata.escalate_to)

    @property
    def is_agent(self) -> bool:
        """Whether its tool is a coding tool, which works on a task in words."""
        return is_coding_tool(self.tool)

    @property
    def evidence_tests(self) -> "JobSpec | None":
        """The tests that follow the edit, as a job for the tool `tests` would run them; None where none do."""
        tests = self.metadata.evidence.tests
        if tests is None:
            return None
        fields = {
            "job_id": self.job_id,
            "env": self.env,
            "paths": self.paths,
            "tests": Tests(paths=tests.paths),
        }
        return JobSpec.model_validate({**fields, "tool": "tests", "command": tests.command})

    @property
    def has_task(self) -> bool:
        """Whether there is a task in words, which could be handed to another coding tool."""
        return bool(self.prompt or self.metadata.message_file)

    @property
    def names_retry(self) -> bool:
        """Whether the job says itself how it is retried, be it not at all; else the default of its tool applies."""
        return "retry" in self.metadata.model_fields_set

    @property
    def max_attempts(self) -> int:
        """How often the job may start without a person: once, and once for each retry."""
        return 1 + self.metadata.retry.limit

    @property
    def start_at(self) -> float | None:
        """The earliest start time in seconds since the epoch, or None."""
        at = self.metadata.start_at
        return at.timestamp() if isinstance(at, datetime) else None

    @property
    def repo_root(self) -> Path:
        """The absolute folder of the repository (not through symlinks)."""
        return self.root_from(os.curdir)

    def root_from(self, base: Path | str) -> Path:
        """`repo_root` relative to `base`; if it is not given, an absolute `working_dir` is used instead."""
        folder = self.paths.working_dir
        given = self.paths.repo_root or (folder if folder and Path(folder).is_absolute() else "")
        return absolute_path(base, str(at_home(given)) if given.startswith("~") else given)

    @property
    def working_dir(self) -> Path:
        """The absolute folder the tool starts in (not through symlinks)."""
        return absolute_path(self.repo_root, self.paths.working_dir or "")

    @property
    def writes(self) -> bool:
        """Whether the job changes files of its working tree.

        One that must change nothing counts as a writer too: git can only tell while nobody else writes there.
        """
        if self.metadata.writes is not None:
            return self.metadata.writes
        if self.permission is Permission.READ and not self.names_change:
            return False
        return not (self.tool == "tests" or isinstance(self.git, GitDiff))

    @property
    def names_change(self) -> bool:
        """Whether the job says itself that there must be a change, or none, so that git looks in any case."""
        evidence = self.metadata.evidence
        required = evidence.change == "required" and "change" in evidence.model_fields_set
        return required or evidence.change == "forbidden"

    @property
    def may_write(self) -> bool:
        """Whether the job changes files of its working tree now or on a rung of its ladder."""
        rungs = self.metadata.escalate_to if self.metadata.writes is None else ()
        return self.writes or any(rung.permission not in {None, Permission.READ} for rung in rungs)

    @property
    def when_interrupted(self) -> Literal["rerun", "hold", "fail"]:
        """What follows an attempt of unknown outcome: as the file says, or a rerun only if that is harmless."""
        return self.metadata.on_interrupted or ("hold" if self.writes else "rerun")

    @property
    def tree(self) -> str | None:
        """The real path of the working tree that this job must be the only writer of; see `tree_in`."""
        return self.tree_in(work_tree_root)

    def tree_in(self, root_of: Callable[[Path], Path | None]) -> str | None:
        """The same; `root_of` finds the working tree around a folder, for many jobs perhaps from a memory of its own.

        None for a job that only reads, and for a plain command outside any git repository: there is no tree to protect,
        and a thousand small commands in one folder may run side by side.
        """
        if not self.may_write:
            return None
        if (root := root_of(self.working_dir)) is not None:
            return str(root)
        plain_command = self.tool == "shell" and self.metadata.writes is None
        return None if plain_command else str(real_path(self.working_dir))

    @property
    def scope(self) -> tuple[str, ...]:
        """The patterns of the files the job works on; none where it does not say."""
        return self.metadata.files_scope or self.files

    @property
    def scope_root(self) -> str | None:
        """The real folder the patterns of `scope` start at; None for a job that writes none of them."""
        return str(real_path(self.repo_root)) if self.may_write and self.scope else None

    def to_json(self) -> dict[str, Any]:
        """The job as plain JSON values without secrets; `job_from_mapping` turns them into the same job."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        if self.names_retry and "retry" not in plain.get("metadata", {}):
            plain["metadata"] = {**plain.get("metadata", {}), "retry": {}}  # it names that there is none
        if self.names_change:
            metadata = plain.get("metadata", {})
            change = {"change": self.metadata.evidence.change}
            plain["metadata"] = {**metadata, "evidence": {**metadata.get("evidence", {}), **change}}
        return plain | {"tool": self.tool, "job_id": self.job_id}

    def digest(self) -> str:
        """SHA-256 of the job without its own id and run: equal for a file that is added twice."""
        content = {key: value for key, value in self.to_json().items() if key not in _OWN}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def evolve(self, **changes: Any) -> "JobSpec":
        """The same job with some fields changed, validated again; a tool among them must be one there is."""
        from engine.jobfile.tool_registry import tool_problem  # noqa: PLC0415 - it needs these models

        return self._changed(changes, tool_problem if "tool" in changes else None)

    def as_copy(self) -> "JobSpec":
        """The same job under a new id, so that it can run alongside the first."""
        return self.evolve(job_id=_new_job_id({"tool": self.job_id[:50].rstrip("._-")}), recurring=None)

    def for_tool(self, tool: str) -> "JobSpec":
        """The same task for another tool, without the command, model and arguments of the first.

        Raises:
            CommandRefusedError: that tool cannot do what the job says.
        """
        return self if tool == self.tool else self._on(tool)

    def at_rung(self, rung: int, tool: str) -> "JobSpec":
        """The same task with `tool` at this position of its ladder: 0 as its file says, n for the n-th rung.

        Where the file names no such rung, the tool comes from the user's own ladder, or a person chose it.

        Raises:
            CommandRefusedError: that tool cannot do what the job says.
        """
        if rung == 0:
            return self.for_tool(tool)
        named = self.metadata.escalate_to[rung - 1 : rung]
        return self._on(tool, named[0] if named and named[0].tool == tool else None)

    def _on(self, tool: str, rung: Rung | None = None) -> "JobSpec":
        named = {} if rung is None else {"account": rung.account, "on_quota": rung.on_quota}
        own = {field: value for field, value in named.items() if value is not None}
        changes = {
            "tool": tool,
            "command": None,
            "model": rung.model if rung else None,
            "permission": (rung and rung.permission) or self.permission,
            "extra_args": self.extra_args if tool == self.tool else (),
            "metadata": self.metadata.model_copy(update=own),
        }
        try:
            return self._changed(changes, None)
        except ValidationError as error:
            from engine.jobfile.error_messages import sentence_of  # noqa: PLC0415 - it needs this model

            reason = sentence_of(error, self.to_json())
            raise CommandRefusedError(f"{self.job_id} cannot be run with {tool}: {reason}.") from error

    def _changed(self, changes: dict[str, Any], tool_problem: Callable[[object], str] | None) -> "JobSpec":
        fields = {field: getattr(self, field) for field in self.model_fields_set}
        return JobSpec.model_validate(fields | {"job_id": self.job_id} | changes, context=tool_problem)


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
