"""The content of the new-job form: the job file it makes, and its problems. Pure functions."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import JobFileError
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.tool_names import is_coding_tool
from gui.translation import tr

_FIELD_OF: tuple[tuple[str, str], ...] = (
    ("workstream_id", "workstream"),
    ("paths", "where"),
    ("command", "task"),
    ("prompt", "task"),
    ("git", "task"),
    ("tests.args", "task"),
    ("tests.paths", "files"),
    ("files", "files"),
    ("metadata.files_scope", "files"),
    ("metadata.title", "title"),
    ("metadata.priority", "priority"),
    ("metadata.depends_on", "depends_on"),
)


_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "fish", "cmd", "pwsh", "powershell"})
_FOR_A_SHELL = re.compile(r".*[^\\];|;|&&|\|\|?|&|[0-9]?>>?.*|<.*|\$[A-Za-z_{(].*|`.*")
"""Words that only a shell interprets: lists, pipes, redirections, variables, command substitutions."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The form as filled in; without a title the job is called by its task.

    `timeout_minutes` 0 means none, `files` and `depends_on` are lists of words.
    """

    job_id: str
    tool: str = "shell"
    title: str = ""
    workstream: str = ""
    where: str = ""
    task: str = ""
    files: str = ""
    priority: str = "normal"
    depends_on: str = ""
    retries: int = 0
    timeout_minutes: int = 0


def job_file(draft: Draft) -> dict[str, Any]:
    """The job in job-file form, without the empty fields.

    Raises:
        ValueError: the command line or the list of files has a quotation mark without its partner.
    """
    metadata = {
        "title": draft.title.strip() or None,
        "priority": draft.priority if draft.priority != "normal" else None,
        "depends_on": draft.depends_on.replace(",", " ").split() or None,
        "retry": {"limit": draft.retries} if draft.retries else None,
        "timeout_seconds": draft.timeout_minutes * 60 or None,
    }
    values = {
        "job_id": draft.job_id,
        "tool": draft.tool,
        "workstream_id": draft.workstream.strip() or None,
        **task_fields(draft),
        "paths": {"repo_root": str(_folder(draft))} if draft.where.strip() else None,
        "metadata": {name: value for name, value in metadata.items() if value is not None} or None,
    }
    return {name: value for name, value in values.items() if value is not None}


def problems(draft: Draft) -> dict[str, str]:
    """The problems by field of the draft; empty if the job can be added. `form` stands for the whole form."""
    found: dict[str, str] = {}
    if not draft.where.strip():
        found["where"] = tr("Choose the folder the job works in.")
    elif not _folder(draft).is_absolute():
        found["where"] = tr("Enter the whole path, starting with / or ~.")
    if not draft.task.strip() and draft.tool != "tests":
        found["task"] = (
            tr("Describe the task.") if is_coding_tool(draft.tool) else tr("Enter the command line.")
        )
    try:
        values = job_file(draft)
    except ValueError as error:
        return {"task": tr("The command line is not complete: {lower}.", lower=str(error).lower())} | found
    try:
        job_from_mapping(values, base=Path.home())
    except JobFileError as error:
        for one in error.every:
            found.setdefault(_field(one.field), f"{one.reason[:1].upper()}{one.reason[1:]}.")
    return found


def name_without_title(draft: Draft) -> str:
    """What the job will be called as long as nobody gives it a title; empty before there is a task."""
    try:
        return job_from_mapping(job_file(replace(draft, title="")), base=Path.home()).title_for(draft.job_id)
    except (JobFileError, ValueError):
        return ""


def hint(draft: Draft) -> str:
    """A hint for those who expect a shell to read the command line; empty if it has no shell syntax."""
    if draft.tool != "shell":
        return ""
    try:
        words = shlex.split(draft.task)
    except ValueError:
        return ""
    if len(words) > 1 and Path(words[0]).name in _SHELLS:
        return ""
    found = next((word for word in words if _FOR_A_SHELL.fullmatch(word)), None)
    if found is None:
        return ""
    return tr(
        "No shell reads this: {found} goes to {words} as it is. For a shell line write sh -c '…'.",
        found=found,
        words=words[0],
    )


def as_text(draft: Draft) -> str:
    """The job file as it would be written; only id and tool while the command line is not complete."""
    try:
        values: Mapping[str, Any] = job_file(draft)
    except ValueError:
        values = {"job_id": draft.job_id, "tool": draft.tool}
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def task_fields(draft: Draft) -> dict[str, Any]:
    """The fields that hold the task of a tool, and its files.

    Raises:
        ValueError: the command line or the list of files has a quotation mark without its partner.
    """
    task, files = draft.task.strip(), _paths(draft.files)
    scope = {"files": files or None}
    match draft.tool:
        case "tests":
            options = {"paths": files, "args": shlex.split(task)}
            return {"tests": {name: value for name, value in options.items() if value} or None}
        case tool if is_coding_tool(tool):
            return {"prompt": task or None, **scope}
        case "git":
            words = shlex.split(task)
            return (
                {"command": {"exe": "git", "args": words[1:] if words[:1] == ["git"] else words}, **scope}
                if words
                else scope
            )
        case _:
            words = shlex.split(task)
            return {"command": {"exe": words[0], "args": words[1:]}, **scope} if words else scope


def _folder(draft: Draft) -> Path:
    return Path(draft.where.strip()).expanduser()


def _paths(text: str) -> list[str]:
    return shlex.split(text.replace(",", " "))


def _field(dotted: str) -> str:
    return next((field for prefix, field in _FIELD_OF if dotted.startswith(prefix)), "form")
