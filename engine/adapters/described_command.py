"""The command line and the environment of a tool that a file describes: placeholders are whole arguments, no shell."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.errors import SpawnError
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_description import (
    ATTEMPT_DIR,
    JOB_ID,
    MODEL,
    PROMPT,
    PROMPT_FILE,
    SESSION,
    WORKING_DIR,
    PermissionSwitches,
    ToolDescription,
)
from engine.types import AttemptContext

_LONGEST_ARGUMENT = 128 * 1024 - 1
"""Bytes; Linux starts no program with a longer one."""


def arguments(
    name: str, tool: ToolDescription, spec: JobSpec, context: AttemptContext, *, task: Path
) -> list[str]:
    """The arguments of the tool for this attempt.

    Raises:
        SpawnError: the job wants a model or permission that the description has no switch for, or its task is too long.
    """
    values = {
        PROMPT_FILE: str(task),
        WORKING_DIR: str(spec.working_dir),
        ATTEMPT_DIR: str(context.folder),
        JOB_ID: spec.job_id,
    }
    if tool.prompt == "argument":
        values[PROMPT] = _as_argument(name, task)
    templates = [
        *tool.args,
        *_switches(name, tool, context).args,
        *_of_model(name, tool, context, values),
        *_of_session(tool, context, values),
    ]
    filled = [values.get(each, each) for each in templates]
    return [*filled, *spec.extra_args, *(values.get(each, each) for each in tool.last_args)]


def environment(tool: ToolDescription, context: AttemptContext) -> dict[str, str]:
    """The variables that the description sets, those of the permission last."""
    switches = tool.permissions.given.get(context.run.permission, PermissionSwitches())
    return {**tool.env, **switches.env}


def _switches(name: str, tool: ToolDescription, context: AttemptContext) -> PermissionSwitches:
    needed = context.run.permission
    switches = tool.permissions.given.get(needed)
    if switches is None:
        known = ", ".join(tool.permissions.given) or "none"
        raise SpawnError(
            f"{name} cannot be kept to permission {needed}: its description has {known}. "
            f"Change the permission of the job, or add permissions.{needed} to the description."
        )
    return switches


def _of_model(
    name: str, tool: ToolDescription, context: AttemptContext, values: dict[str, str]
) -> Sequence[str]:
    model = context.run.model
    if not model:
        return ()
    if tool.model_args is None:
        raise SpawnError(
            f"{name} has no switch for a model. Take the model out of the job, or add model_args to the description."
        )
    values[MODEL] = model
    return tool.model_args


def _of_session(tool: ToolDescription, context: AttemptContext, values: dict[str, str]) -> Iterator[str]:
    if context.run.session_id is not None:
        values[SESSION] = context.run.session_id
        yield from tool.resume_args or ()


def _as_argument(name: str, task: Path) -> str:
    text = task.read_text(encoding="utf-8")
    if len(text.encode()) > _LONGEST_ARGUMENT:
        raise SpawnError(
            f"The task is too long for an argument, which is how {name} gets it. "
            "Shorten it, or give the task as a file or on standard input in the description."
        )
    return text
