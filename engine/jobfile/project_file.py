"""Defines and reads the project file: what a repository says of every job that works in it.

It is `.signalbox.yaml` in the user's own working tree, so that a job in a worktree of its own cannot change its own
check. A job file counts before it, and it counts before the settings. Starts nothing and runs no git.
"""

import os
import re
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from engine.errors import JobFileError
from engine.jobfile.error_messages import validated
from engine.jobfile.fields import (
    FORMAT_VERSION,
    NO_FLAG,
    Flag,
    OnQuota,
    Part,
    Ref,
    RepoPath,
    Seconds,
    SessionUse,
    ToolName,
    readable_version,
)
from engine.jobfile.job_sections import Command, Limits, Retry
from engine.jobfile.safe_read import read_bytes
from engine.system.branch_names import short_branch
from engine.system.disk_errors import is_of_disk
from engine.system.git import work_tree_root
from engine.types import Permission

PROJECT_FILE = ".signalbox.yaml"
"""The name of the project file, at the top of the working tree."""
_WORKSTREAM = "{workstream}"
_PLACEHOLDERS = frozenset({"{run}", _WORKSTREAM})
_BRACED = re.compile(r"\{[^}]*\}?")
_NO_BRANCH = re.compile(r"[\s~^:?*\[\\}\x7f]|\.\.|@\{|//|/\.|^[./]|[./]$|\.lock(/|$)")
"""What git allows in no name of a branch."""
_TICK_NS = 2_000_000_000

Stamp = tuple[int, int, int, int, int]
"""What identifies the file that was read: its device, inode, size and time, and when it was last changed."""


def _branch_template(value: str) -> str:
    if odd := [word for word in _BRACED.findall(value) if word not in _PLACEHOLDERS]:
        raise ValueError(f"{odd[0]} is not one of {', '.join(sorted(_PLACEHOLDERS))}")
    if _WORKSTREAM not in value:
        raise ValueError(f"needs {_WORKSTREAM}: each workstream has a branch of its own")
    if _NO_BRANCH.search(_BRACED.sub("x", value)):
        raise ValueError(f"{value!r} is no name that git allows for a branch")
    return value


BranchTemplate = Annotated[Ref, AfterValidator(_branch_template)]
"""The name of a branch, with `{run}` and `{workstream}` in the places of their ids."""


class ProjectCommand(Command):
    """A program that the project has run in a tree, and after which time it is ended."""

    timeout_seconds: Seconds = 600.0


class ToolRules(Part):
    """How a coding tool runs where the job file and the rung do not say otherwise."""

    model: Ref | None = None
    permission: Permission | None = None
    on_quota: OnQuota | None = None
    retry: Retry | None = None
    session: SessionUse | None = None


class ProjectFile(Part):
    """What a repository says of the jobs that work in it; None where the settings decide.

    `carry` and `link` name files that git ignores, which a new tree gets as copies and as links. `tools` says neither
    with which account nor with which variables a tool runs: these belong to the user.
    """

    schema_version: Annotated[int, Field(ge=1), AfterValidator(readable_version), NO_FLAG] = FORMAT_VERSION
    carry: tuple[RepoPath, ...] = Field(default=(), max_length=200)
    link: tuple[RepoPath, ...] = Field(default=(), max_length=200)
    setup: ProjectCommand | None = None
    teardown: ProjectCommand | None = None
    check: ProjectCommand | None = None
    target: Annotated[Ref, AfterValidator(short_branch)] | None = None
    branch: BranchTemplate | None = None
    merge: Literal["merge", "squash", "rebase"] | None = None
    base: Ref | None = None
    fetch: Flag | None = None
    isolation: Literal["worktree", "in_place"] | None = None
    review: Literal["required", "none"] | None = None
    limits: Limits = Limits()
    tools: dict[ToolName, ToolRules] = Field(default_factory=dict, max_length=200)

    @property
    def runs(self) -> dict[str, ProjectCommand]:
        """The commands that it has run, by their fields."""
        given = {"setup": self.setup, "teardown": self.teardown, "check": self.check}
        return {field: command for field, command in given.items() if command is not None}


NO_PROJECT_FILE = ProjectFile()


def project_of(repo: Path) -> ProjectFile:
    """What the repository around this folder says of its jobs; nothing where it has no project file.

    Cheap where the file has not changed: it looks at its state alone. For a workstream with a worktree of its own, name
    the user's.

    Raises:
        JobFileError: the first error; it carries all others of the file.
    """
    try:
        file = project_file_of(repo)
    except OSError as error:
        raise JobFileError(f"cannot be looked for: {error.strerror}", file=repo / PROJECT_FILE) from error
    stamp = _stamp(file)
    if stamp is None:
        return NO_PROJECT_FILE
    is_settled = time.time_ns() - stamp[-1] > _TICK_NS  # else it may change again and look the same
    return _remembered(file, stamp) if is_settled else read_project_file(file)


def valid_project_of(repo: Path) -> ProjectFile:
    """The same; nothing where the file is not valid, since no job starts there until it is corrected."""
    try:
        return project_of(repo)
    except JobFileError:
        return NO_PROJECT_FILE


def project_file_of(repo: Path) -> Path:
    """Where the project file of the repository around this folder is, or would be."""
    return (work_tree_root(repo) or repo) / PROJECT_FILE


def project_problem(repo: Path) -> str:
    """Why the project file of a repository cannot be used, as a sentence; empty where it can, or there is none.

    Empty, too, where a disk does not answer: what starts there waits for the disk.
    """
    try:
        project_of(repo)
    except JobFileError as error:
        return problem_of(repo, error)
    return ""


def problem_of(repo: Path, error: JobFileError) -> str:
    """The same, where reading the project file has failed with this error."""
    if is_of_disk(error):
        return ""
    file = Path(error.file or project_file_of(repo))
    # The reason first: a card shows two lines, which the path of a repository alone may fill.
    return (
        f"{error}. Correct the project file in {file.parent}; `signalbox validate {file}` shows every error."
    )


def read_project_file(file: Path, *, tool_problem: Callable[[object], str] | None = None) -> ProjectFile:
    """Read one project file; `tool_problem` says why a tool that it names cannot be used, else any name is one.

    Raises:
        JobFileError: the first error; it carries all others of the file.
    """
    if os.path.islink(file):  # noqa: PTH114 - the method fails where nothing can be seen
        raise JobFileError("is a symbolic link; put the file itself there", file=file)
    return parsed_project_file(read_bytes(file, guarded=False), str(file), tool_problem=tool_problem)


def parsed_project_file(
    data: bytes, name: str, *, tool_problem: Callable[[object], str] | None = None
) -> ProjectFile:
    """The project file with these bytes; `name` appears in errors.

    Raises:
        JobFileError: the first error; it carries all others of the file.
    """
    from engine.jobfile.parsing import parse  # noqa: PLC0415 - slow to load, and most repositories have no such file

    document = parse(data, name)
    if document.data is None:  # comments alone
        return NO_PROJECT_FILE
    if not isinstance(document.data, dict):
        raise JobFileError("is not a mapping of keys to values", file=name, line=document.line_of(()))
    return validated(ProjectFile, document, tool_problem=tool_problem)


@lru_cache(maxsize=256)
def _remembered(file: Path, stamp: Stamp) -> ProjectFile:
    del stamp  # another state of the file is read anew
    return read_project_file(file)


def _stamp(file: Path) -> Stamp | None:
    """The state of the file as it is now, None where there is none; what cannot be seen is reported when it is read."""
    try:
        found = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return (0, 0, 0, 0, 0)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
