"""The defaults of a coding tool that jobs inherit, and its accounts; stored as the setting `tools`.

How the tool of one attempt runs is resolved here and nowhere else. What the project file of a repository says of a tool
counts before the setting (`tools_in`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SerializerFunctionWrapHandler, ValidationError, model_serializer

from engine.jobfile.fields import EnvName, Line, OnQuota, Part, SessionUse, Word
from engine.jobfile.job_sections import Limits, Retry
from engine.jobfile.known_projects import known_project
from engine.jobfile.project_file import ProjectFile, ToolRules, valid_project_of
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_registry import tools as tools_there_are
from engine.types import Permission, ToolRun
from state.records import Attempt

_MOST = 200


class Account(Part):
    """A log-in or key of a tool: its own configuration folder, or variables, or both.

    Values of `env` are plain, or references such as `env:WORK_KEY` where they are secret.
    """

    config_folder: Line | None = None
    env: dict[EnvName, Line] = Field(default_factory=dict, max_length=_MOST)


class ToolDefaults(ToolRules):
    """How a tool runs where neither the job file nor the project file says otherwise.

    `accounts` are by name, in the order in which they are used; `account` limits the tool to one of them. `env` names
    further variables that are passed on to the tool.
    """

    account: Word | None = None
    accounts: Annotated[dict[Word, Account], Field(max_length=_MOST)] = Field(default_factory=dict)
    env: Annotated[tuple[EnvName, ...], Field(max_length=_MOST)] = ()

    @model_serializer(mode="wrap")
    def _without_gaps(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in serialize(self).items() if value not in (None, {}, [])}


NO_DEFAULTS = ToolDefaults()


def tools_in(repo: Path, tools: Mapping[str, ToolDefaults]) -> Mapping[str, ToolDefaults]:
    """The defaults of the tools in a repository: what its project file says counts before the settings. Reads it.

    One that is not valid says nothing here, since no job starts in that repository (`project_problem`).
    """
    return ruled_tools(valid_project_of(repo), tools)


def ruled_tools(project: ProjectFile, tools: Mapping[str, ToolDefaults]) -> Mapping[str, ToolDefaults]:
    """The same, where the project file was read before."""
    ruled = {tool: _ruled(tools.get(tool, NO_DEFAULTS), own) for tool, own in project.tools.items()}
    return {**tools, **ruled} if ruled else tools


def known_tools_in(repo: Path, tools: Mapping[str, ToolDefaults]) -> Mapping[str, ToolDefaults]:
    """The same, as the project file was last read (`read_projects`). Touches no disk."""
    return ruled_tools(known_project(repo).project, tools)


def _ruled(defaults: ToolDefaults, rules: ToolRules) -> ToolDefaults:
    given = {name: value for name in ToolRules.model_fields if (value := getattr(rules, name)) is not None}
    return defaults.model_copy(update=given)


def with_project_limits(spec: JobSpec, given: Limits) -> JobSpec:
    """The job with the limits of its project file where its own file says nothing of them."""
    own = spec.metadata.limits
    missing = {name: getattr(given, name) for name in given.model_fields_set - own.model_fields_set}
    if not missing:
        return spec
    limits = own.model_copy(update=missing)
    return spec.model_copy(update={"metadata": spec.metadata.model_copy(update={"limits": limits})})


def usable_defaults(stored: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The stored defaults that can be used, and a sentence on each that cannot: it costs no other, of no tool.

    Else a tool that may only read could edit, because another release has stored something else beside it.
    """
    kept: dict[str, Any] = {}
    problems = []
    for tool, fields in stored.items():
        own = fields if isinstance(fields, dict) else {"": fields}
        usable = {name: value for name, value in own.items() if _is_usable(name, value)}
        kept |= {tool: usable} if usable else {}
        problems += [
            f"The default {name or fields!r} of {tool} cannot be used and has no effect. "
            f"Set it again, or reset it with `signalbox settings reset tools`."
            for name in own.keys() - usable.keys()
        ]
    return kept, sorted(problems)


def _is_usable(name: str, value: Any) -> bool:
    try:
        ToolDefaults.model_validate({name: value})
    except ValidationError:
        return False
    return True


_FOLDERS: Mapping[str, str] = {
    "claude": "CLAUDE_CONFIG_DIR", "codex": "CODEX_HOME", "gemini": "GEMINI_CLI_HOME"
}  # fmt: skip
"""The variables by which tools find their configuration folder, with the log-in in it."""
FOLDER_VARIABLES = frozenset(_FOLDERS.values())


def has_account_folder(tool: str) -> bool:
    """Whether an account of a tool may be a configuration folder; one of other tools is a key."""
    return tool in _FOLDERS


def account_pools(tools: Mapping[str, ToolDefaults]) -> dict[str, tuple[str, ...]]:
    """The names of the accounts that jobs of each tool may use which name none, in order."""
    limited = {tool: (one.account,) if one.account else tuple(one.accounts) for tool, one in tools.items()}
    return {tool: names for tool, names in limited.items() if names}


def account_env(tool: str, account: str | None, tools: Mapping[str, ToolDefaults]) -> dict[str, str]:
    """The variables that select an account: its folder, and its own; references are resolved at the start."""
    named = tools.get(tool, NO_DEFAULTS).accounts.get(account or "")
    if named is None:
        return {}
    variable = _FOLDERS.get(tool)
    folder = None if named.config_folder is None else str(Path(named.config_folder).expanduser())
    return {**({variable: folder} if variable and folder else {}), **named.env}


def unknown_account(spec: JobSpec, account: str | None, tools: Mapping[str, ToolDefaults]) -> str:
    """Why a job must not start with an account that its tool does not have; "" where it has it, or has none at all.

    Without accounts in the settings, the name only says whose limit and whose quota counts.
    """
    known = tools.get(spec.tool, NO_DEFAULTS).accounts
    if account is None or not known or account in known or spec.command is not None or not spec.is_agent:
        return ""
    return (
        f"{spec.tool} has no account {account}, only {', '.join(sorted(known))}: with another log-in it would not be "
        f"the job that was filed. Edit the job, or add the account with "
        f"`signalbox tools account {spec.tool} {account}`, then release it."
    )


def tool_run(spec: JobSpec, tools: Mapping[str, ToolDefaults], *, account: str | None = None) -> ToolRun:
    """How the tool of a job runs: as its file or its rung says, else as the defaults of the tool, else as built in.

    `spec` is the job at its rung (`JobSpec.at_rung`), `account` what it uses, `tools` the defaults in its repository
    (`tools_in`). A command of the job's own is run as it is.
    """
    defaults = tools.get(spec.tool, NO_DEFAULTS)
    if spec.command is not None or not spec.is_agent:
        return ToolRun(env_names=defaults.env, account=account)
    reads_only = spec.metadata.evidence.change == "forbidden" and tools_there_are().can_only_read(spec.tool)
    return ToolRun(
        model=spec.model or defaults.model,
        permission=spec.permission
        or (Permission.READ if reads_only else defaults.permission or Permission.EDIT),
        account=account,
        account_env=account_env(spec.tool, account, tools),
        env_names=defaults.env,
    )


def attempted(spec: JobSpec, attempt: Attempt) -> JobSpec:
    """The job as an attempt runs it: at its rung, counting as what its permission lets it do."""
    at_rung = spec.at_rung(attempt.rung, attempt.tool)
    return with_permission(at_rung, Permission(attempt.permission) if attempt.permission else None)


def run_of(attempt: Attempt) -> ToolRun:
    """How the tool of an attempt was started, as far as its row records that."""
    return ToolRun(
        model=attempt.model,
        permission=Permission(attempt.permission or Permission.EDIT),
        account=attempt.account,
        session_id=attempt.session_id,
        follow_up=attempt.follow_up,
    )


def as_permitted(spec: JobSpec, tools: Mapping[str, ToolDefaults]) -> JobSpec:
    """A job at its rung with the permission that its tool has there."""
    return with_permission(spec, tool_run(spec, tools).permission)


def with_permission(spec: JobSpec, permission: Permission | None) -> JobSpec:
    """The job with the permission that its tool has, so that it counts as what it may do.

    A default may contradict the job, which stays as it is: then git decides.
    """
    same = permission in {None, spec.permission, Permission.EDIT}
    return spec if same else spec.model_copy(update={"permission": permission})


def default_retry(spec: JobSpec, tools: Mapping[str, ToolDefaults]) -> Retry | None:
    """Whether and when a job of a coding tool is retried that does not say so itself; None where nothing is set."""
    if spec.names_retry or not spec.is_agent:
        return None
    return tools.get(spec.tool, NO_DEFAULTS).retry


def default_session(spec: JobSpec, tools: Mapping[str, ToolDefaults]) -> SessionUse | None:
    """Whether a further attempt resumes a session, where the job file does not say so."""
    return tools.get(spec.tool, NO_DEFAULTS).session


def default_on_quota(spec: JobSpec, tools: Mapping[str, ToolDefaults]) -> OnQuota:
    """What a job does when the quota of its tool is used up, where neither its file nor its rung says so."""
    return tools.get(spec.tool, NO_DEFAULTS).on_quota or "wait"
