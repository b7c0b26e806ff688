"""Say which fields of a job, each of them valid, do not fit together. Reads no file."""

from typing import TYPE_CHECKING

from engine.jobfile.fields import is_secret_name
from engine.jobfile.tool_names import is_coding_tool
from engine.system.secret_refs import ENV_REFERENCE, is_reference
from engine.types import Permission

if TYPE_CHECKING:
    from engine.jobfile.spec import JobSpec


def incompatible_fields(spec: "JobSpec") -> list[tuple[str, str]]:
    """The fields that do not fit together, as (dotted field, reason)."""
    found = [*_missing(spec), *_foreign_fields(spec)]
    if spec.prompt and spec.metadata.message_file:
        found.append(("prompt", "prompt and metadata.message_file exclude each other"))
    if spec.metadata.escalate_to:
        found.extend(_ladder_problems(spec))
    found.extend(_permission_problems(spec))
    if spec.job_id in spec.metadata.depends_on:
        found.append(("metadata.depends_on", f"the job depends on itself ({spec.job_id})"))
    found.extend(
        (
            f"env.{name}",
            f"a job file must not hold secrets; use {ENV_REFERENCE}{name} to read the environment",
        )
        for name, value in spec.env.items()
        if is_secret_name(name) and value and not is_reference(value)
    )
    if spec.paths.working_dir and not spec.working_dir.is_relative_to(spec.repo_root):
        found.append(("paths.working_dir", f"is outside the repository {spec.repo_root}"))
    return found


def _missing(spec: "JobSpec") -> list[tuple[str, str]]:
    has_command = spec.command is not None
    match spec.tool:
        case "shell" if not has_command:
            return [("command", "tool shell needs a command with exe and args")]
        case "git" if (spec.git is None) == (not has_command):
            return [("git", "tool git needs either git: {action: …} or a command")]
        case tool if is_coding_tool(tool) and not (spec.prompt or spec.metadata.message_file or has_command):
            return [("prompt", f"tool {tool} needs a prompt, a metadata.message_file or a command")]
        case _:
            return []


def _foreign_fields(spec: "JobSpec") -> list[tuple[str, str]]:
    owners = {"git": spec.git, "tests": spec.tests}
    found = [
        (field, f"is only for tool {field}, but the tool of this job is {spec.tool}")
        for field, value in owners.items()
        if value is not None and field != spec.tool
    ]
    if not is_coding_tool(spec.tool):
        found.extend(
            (field, f"is only for coding tools, but the tool of this job is {spec.tool}")
            for field, value in {
                "prompt": spec.prompt,
                "model": spec.model,
                "permission": spec.permission,
                "session": spec.session,
            }.items()
            if value
        )
    return found


def _permission_problems(spec: "JobSpec") -> list[tuple[str, str]]:
    """What a tool that may only read cannot do."""
    named = [("permission", spec.permission)]
    named += [
        (f"metadata.escalate_to[{place}].permission", rung.permission)
        for place, rung in enumerate(spec.metadata.escalate_to)
    ]
    fields = [field for field, permission in named if permission is Permission.READ]
    if spec.names_change and spec.metadata.evidence.change == "required":
        return [
            (field, "read allows no change, but metadata.evidence.change requires one") for field in fields
        ]
    if spec.metadata.writes:
        return [(field, "read allows no change, but metadata.writes is true") for field in fields]
    return []


def _ladder_problems(spec: "JobSpec") -> list[tuple[str, str]]:
    field = "metadata.escalate_to"
    if not (spec.prompt or spec.metadata.message_file):
        return [(field, "needs a prompt or a metadata.message_file to hand on to the next tool")]
    others = [rung.tool for rung in spec.metadata.escalate_to if not is_coding_tool(rung.tool)]
    return [(field, f"{tool} is not a coding tool") for tool in others]
