"""Defines what a file `tools/NAME.yaml` says of a coding tool of the user's own: how it runs and how its output reads.

Frozen pydantic models, like job files; reads no files and starts nothing. The JSON Schema in specs/ is generated from
here. A tool is started by its program and arguments, never by a shell, so a description that hands the task to one is
refused.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from engine.jobfile.fields import (
    FORMAT_VERSION,
    NO_FLAG,
    Argument,
    EnvName,
    Flag,
    Line,
    Part,
    RepoPath,
    is_secret_name,
    readable_version,
)
from engine.jobfile.spec import IncompatibleFieldsError
from engine.system.secret_refs import is_reference
from engine.types import Permission

PROMPT, PROMPT_FILE, MODEL, SESSION = "{prompt}", "{prompt_file}", "{model}", "{session}"
WORKING_DIR, ATTEMPT_DIR, JOB_ID = "{working_dir}", "{attempt_dir}", "{job_id}"
_ANYWHERE = (WORKING_DIR, ATTEMPT_DIR, JOB_ID)
_ALL = (PROMPT, PROMPT_FILE, MODEL, SESSION, *_ANYWHERE)
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")

_SHELLS = re.compile(r"^(sh|bash|dash|zsh|ksh|fish|csh|tcsh|cmd|pwsh|powershell)(\.exe)?$", re.IGNORECASE)
_INTERPRETERS = re.compile(
    r"^(python|pypy|node|deno|bun|ruby|perl|php|lua|Rscript|tclsh)[\d.]*(\.exe)?$", re.IGNORECASE
)
_CODE_SWITCH = re.compile(r"^(-[A-Za-z]*[ce]|--eval|--print|-p|-r|eval|/c|-Command)$", re.IGNORECASE)


def _program(value: str) -> str:
    path = PurePath(value)
    if ("/" in value or "\\" in value) and not (path.is_absolute() or value.startswith("~/")):
        raise ValueError(
            "should be the name of a program on PATH or an absolute path: a relative one would start a program of "
            "whatever repository a job works in"
        )
    if value.startswith("-"):
        raise ValueError("should be a program, not a switch")
    if _SHELLS.match(path.name):
        raise ValueError(
            f"is a shell ({path.name}), which could take the task for commands; write a script that starts with "
            "#! and name that"
        )
    return value


def _pattern(value: str) -> str:
    from engine.system.bounded_pattern import bounded_pattern  # noqa: PLC0415 - only where there is a pattern

    bounded_pattern(value, is_case=True, is_for_lines=False)
    return value


def _route(value: str) -> str:
    if not all(value.split(".")):
        raise ValueError("should be the names of fields joined by dots, such as part.state.status")
    return value


def _whole_placeholders(value: str) -> str:
    for found in _PLACEHOLDER.findall(value):
        if found == value and value not in _ALL:
            raise ValueError(f"{value} is not one of {', '.join(_ALL)}")
        if found != value and found in _ALL:
            raise ValueError(f"{found} must be an argument of its own, not a part of {value!r}")
    return value


Program = Annotated[Line, AfterValidator(_program)]
Pattern = Annotated[Line, AfterValidator(_pattern)]
FieldPath = Annotated[Line, AfterValidator(_route)]
"""The names of nested fields, joined by dots."""
FieldPaths = Annotated[tuple[FieldPath, ...], Field(max_length=10)]
Template = Annotated[Argument, AfterValidator(_whole_placeholders)]
Templates = Annotated[tuple[Template, ...], Field(max_length=200)]
Conditions = Annotated[dict[FieldPath, Line | tuple[Line, ...]], Field(max_length=20)]
"""For each field the text it must hold, or several of which it must hold one; `*` at the end stands for any rest."""


class Match(Part):
    """Which events a rule is for: `when` of the event itself, `where` of each object in the list that `each` names.

    The other fields of a rule are found in the event, or in that object where `each` is given.
    """

    when: Conditions = Field(default_factory=dict)
    each: FieldPath | None = None
    where: Conditions = Field(default_factory=dict)


class MessageRule(Match):
    """Events in which the tool speaks; with `delta` they carry pieces of one message."""

    text: FieldPath
    delta: Flag = False


class EditRule(Match):
    """Events that report a changed file; `added` and `removed` count its lines."""

    path: FieldPath
    added: FieldPath | None = None
    removed: FieldPath | None = None


class PlanRule(Match):
    """Events that hold the tool's plan: a list of steps with a `status`, or with `completed` true or false."""

    steps: FieldPath


class RejectedRule(Match):
    """Events that report an edit that was not made; `why` gives the reason."""

    why: FieldPath


class CommandRule(Match):
    """Events that report a command that ran."""

    command: FieldPath
    exit_code: FieldPath | None = None


class DeniedRule(Match):
    """Events that report what the tool was not allowed to do; `what` names it."""

    what: FieldPath


class UsageRule(Match):
    """Events that count tokens; the fields of a list are added up, and so are the events unless `total` is `last`.

    `input` is all that was sent, with what came from a cache; `cached` is that part of it.
    """

    input: FieldPaths
    cached: FieldPaths = ()
    output: FieldPaths
    cost_usd: FieldPath | None = None
    total: Literal["sum", "last"] = "sum"


class SessionRule(Match):
    """Events that name the session, which can be resumed by that id."""

    id: FieldPath


class ErrorRule(Match):
    """Events in which the provider or the tool reports why it cannot go on; `status` is an HTTP status."""

    message: FieldPath
    status: FieldPath | None = None


class FinishedRule(Match):
    """Events that only a run that came to its end prints."""


class Events(Part):
    """How the JSON objects that the tool prints, one a line, read; each kind has a list of rules."""

    message: tuple[MessageRule, ...] = Field(default=(), max_length=20)
    edit: tuple[EditRule, ...] = Field(default=(), max_length=20)
    plan: tuple[PlanRule, ...] = Field(default=(), max_length=20)
    rejected: tuple[RejectedRule, ...] = Field(default=(), max_length=20)
    command: tuple[CommandRule, ...] = Field(default=(), max_length=20)
    denied: tuple[DeniedRule, ...] = Field(default=(), max_length=20)
    usage: tuple[UsageRule, ...] = Field(default=(), max_length=20)
    session: tuple[SessionRule, ...] = Field(default=(), max_length=20)
    error: tuple[ErrorRule, ...] = Field(default=(), max_length=20)
    finished: tuple[FinishedRule, ...] = Field(default=(), max_length=20)


class PermissionSwitches(Part):
    """What keeps the tool to one permission: arguments, and variables of its environment."""

    args: Templates = ()
    env: dict[EnvName, Argument] = Field(default_factory=dict, max_length=50)


class Permissions(Part):
    """How a job is kept to reading, to editing files, or to nothing; a job that needs one left out is refused."""

    read: PermissionSwitches | None = None
    edit: PermissionSwitches | None = None
    full: PermissionSwitches | None = None

    @property
    def given(self) -> dict[Permission, PermissionSwitches]:
        """Those that the tool can be kept to."""
        every = {Permission.READ: self.read, Permission.EDIT: self.edit, Permission.FULL: self.full}
        return {level: switches for level, switches in every.items() if switches is not None}


class Success(Part):
    """When a run counts as successful, besides the change that git must see.

    `exit_codes` empty means that the exit code says nothing. `finished` demands an event of `events.finished`.
    """

    exit_codes: tuple[Annotated[int, Field(ge=0, le=255), NO_FLAG], ...] = Field(default=(0,), max_length=50)
    finished: Flag | None = None


class VersionProbe(Part):
    """How the tool prints its version; group 1 of `pattern` or the whole of what it matches is the version."""

    args: Annotated[tuple[Argument, ...], Field(max_length=20)] = ("--version",)
    pattern: Pattern | None = None


class LoginProbe(Part):
    """What exists where somebody is logged in: one of these files, or one of these environment variables."""

    files: tuple[Line, ...] = Field(default=(), max_length=20)
    variables: tuple[EnvName, ...] = Field(default=(), max_length=50)


class ToolDescription(Part):
    """One coding tool: started as exe, args, permissions, model_args, resume_args, what the job adds, last_args."""

    schema_version: Annotated[int, Field(ge=1), AfterValidator(readable_version), NO_FLAG] = FORMAT_VERSION
    exe: Program
    args: Templates = ()
    last_args: Templates = ()
    prompt: Literal["stdin", "file", "argument"] = "stdin"
    model_args: Templates | None = None
    permissions: Permissions = Permissions(edit=PermissionSwitches())
    resume_args: Templates | None = None
    output: Literal["text", "jsonl"] = "text"
    events: Events = Events()
    success: Success = Success()
    version: VersionProbe = VersionProbe()
    login: LoginProbe | None = None
    env_names: tuple[EnvName, ...] = Field(default=(), max_length=200)
    env: dict[EnvName, Argument] = Field(default_factory=dict, max_length=200)
    loads: tuple[RepoPath, ...] = Field(default=(), max_length=100)
    tile: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{2}$")] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = [
            *_prompt_problems(self),
            *_placeholder_problems(self),
            *_code_problems(self),
            *_event_problems(self),
            *_env_problems(self),
        ]
        if problems:
            raise IncompatibleFieldsError(problems)
        return self

    @property
    def needs_finished(self) -> bool:
        """Whether a run that printed no event of `events.finished` was not successful."""
        return bool(self.events.finished) if self.success.finished is None else self.success.finished


Problems = Iterator[tuple[str, str]]


def _prompt_problems(tool: ToolDescription) -> Problems:
    given = {"args": tool.args, "last_args": tool.last_args}
    needed = {"file": PROMPT_FILE, "argument": PROMPT}.get(tool.prompt)
    if needed and not any(needed in arguments for arguments in given.values()):
        yield "prompt", f"{tool.prompt} needs {needed} among args or last_args"
    for field, arguments in given.items():
        for index, argument in enumerate(arguments):
            if argument in {PROMPT, PROMPT_FILE} and argument != needed:
                yield f"{field}.{index}", f"{argument} does not fit prompt: {tool.prompt}"


def _placeholder_problems(tool: ToolDescription) -> Problems:
    own: dict[str, tuple[Sequence[str] | None, tuple[str, ...]]] = {
        "args": (tool.args, (PROMPT, PROMPT_FILE)),
        "last_args": (tool.last_args, (PROMPT, PROMPT_FILE)),
        "model_args": (tool.model_args, (MODEL,)),
        "resume_args": (tool.resume_args, (SESSION,)),
        **{f"permissions.{level}.args": (one.args, ()) for level, one in tool.permissions.given.items()},
    }
    for field, (arguments, fit) in own.items():
        for index, argument in enumerate(arguments or ()):
            if argument in _ALL and argument not in (*_ANYWHERE, *fit):
                yield f"{field}.{index}", f"{argument} has no meaning here"
    if tool.model_args is not None and MODEL not in tool.model_args:
        yield "model_args", f"needs {MODEL}"


def _code_problems(tool: ToolDescription) -> Problems:
    """A shell or an interpreter must not be handed the task as a program to run."""
    words = (tool.exe, *tool.args, *tool.last_args)
    for word, following in zip(words, (*words[1:], ""), strict=True):
        name = PurePath(word).name
        if _SHELLS.match(name) and (following == PROMPT or _CODE_SWITCH.match(following)):
            yield "args", f"starts a shell ({name}), which could take the task for commands"
    if not _INTERPRETERS.match(PurePath(tool.exe).name):
        return
    if any(_CODE_SWITCH.match(before) and after == PROMPT for before, after in pairwise(words)):
        yield "args", f"hands the task to {tool.exe} as a program to run"
    elif all(word.startswith("-") or word in _ALL for word in words[1:]):
        yield "args", f"names no script, so {tool.exe} would run the task as a program"


def _event_problems(tool: ToolDescription) -> Problems:
    if tool.output == "text" and tool.events != Events():
        yield "events", "is only for output: jsonl"
    if tool.success.finished and not tool.events.finished:
        yield "success.finished", "needs a rule in events.finished"
    if not tool.success.exit_codes and not tool.needs_finished:
        yield (
            "success",
            "needs an exit code or an event in events.finished; nothing else says how a run ended",
        )
    if tool.resume_args is not None and SESSION in tool.resume_args and not tool.events.session:
        yield "resume_args", f"{SESSION} needs a rule in events.session, which finds its id"
    for kind, rules in tool.events:
        for index, rule in enumerate(rules):
            if rule.where and rule.each is None:
                yield f"events.{kind}.{index}.where", "needs each, the list whose objects it is about"


def _env_problems(tool: ToolDescription) -> Problems:
    levels = tool.permissions.given.items()
    for field, env in (("env", tool.env), *((f"permissions.{level}.env", one.env) for level, one in levels)):
        for name, value in env.items():
            if is_reference(value) or (is_secret_name(name) and value):
                yield (
                    f"{field}.{name}",
                    "must not hold a secret; name the variable in env_names, which passes it on",
                )
