"""The settings of one home: for each its default, what is valid, its unit and its help. Stores nothing.

A new setting is a field of `Settings`: the command line, the check before a change and `signalbox doctor` follow. Its
row in the window's settings sheet is the second place (specs/adding-a-command.md).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from engine.errors import CommandRefusedError
from engine.jobfile.error_messages import nearest
from engine.jobfile.fields import Isolation
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_registry import tools
from engine.system.home import Home, at_home
from engine.tool_defaults import ToolDefaults, usable_defaults
from state.worktree_records import MergeMethod


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


_MOST_DAYS = 36_500
"""A hundred years: what is older than that is older than any time there is."""
_MOST_MB = 1_000_000_000
"""A petabyte: no disk has as much free."""
_MOST_USD = 1_000_000
Words = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class Settings(BaseModel):
    """What is set for a home, and the defaults of everything else."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    inbox: str | None = Field(
        default=None, title="Inbox folder", description="The folder that is watched for job files."
    )
    tool_paths: Mapping[str, str] = Field(
        default_factory=dict,
        title="Program paths",
        description="The paths of programs that are not on PATH: NAME PATH.",
    )
    callback: Words | None = Field(
        default=None,
        title="Command when a job ends",
        description="A command run at the end of each job; {job_id} {status} {title} {run_id} {tool} are filled in.",
    )
    keep_awake: bool = Field(
        default=True,
        title="Keep the machine awake while jobs run",
        description="Keep the machine awake while jobs run: on, off.",
    )
    keep_history_days: int = Field(
        default=30,
        ge=0,
        le=_MOST_DAYS,
        title="Keep history, days",
        description="Closed runs older than this are pruned each day; 0 keeps them forever.",
        json_schema_extra={"unit": "days"},
    )
    keep_output_days: int = Field(
        default=0,
        ge=0,
        le=_MOST_DAYS,
        title="Keep output, days",
        description="The output of jobs older than this is pruned each day; 0 keeps it as long as their run.",
        json_schema_extra={"unit": "days"},
    )
    free_floor_mb: int | None = Field(
        default=None,
        ge=0,
        le=_MOST_MB,
        title="Keep free on disk, MB",
        description="No job starts with less free space on the disk; 0 turns this off, unset means 500 MB or 2 %.",
        json_schema_extra={"unit": "MB"},
    )
    budget_usd: float | None = Field(
        default=None,
        gt=0,
        le=_MOST_USD,
        allow_inf_nan=False,
        title="Budget, US dollars",
        description="The dashed line in the Dashboard's cost chart; it stops no job.",
        json_schema_extra={"unit": "US dollars"},
    )
    budget_day_usd: float | None = Field(
        default=None,
        gt=0,
        le=_MOST_USD,
        allow_inf_nan=False,
        title="Budget of a day, US dollars",
        description="When the jobs of a day have cost this much, no further one starts until you raise it.",
        json_schema_extra={"unit": "US dollars"},
    )
    budget_run_usd: float | None = Field(
        default=None,
        gt=0,
        le=_MOST_USD,
        allow_inf_nan=False,
        title="Budget of a run, US dollars",
        description="When the jobs of a run have cost this much, no further one of it starts until you raise it.",
        json_schema_extra={"unit": "US dollars"},
    )
    budget_job_usd: float | None = Field(
        default=None,
        gt=0,
        le=_MOST_USD,
        allow_inf_nan=False,
        title="Budget of a job, US dollars",
        description="When the attempts of a job have cost this much, no further one starts until you raise it.",
        json_schema_extra={"unit": "US dollars"},
    )
    isolation: Isolation = Field(
        default="worktree",
        title="Isolation",
        description="Where coding tools work in a git repository: in a worktree of their workstream, or in place.",
    )
    worktrees_folder: str | None = Field(
        default=None,
        title="Worktrees folder",
        description="Where the worktrees of workstreams are made; unset means worktrees in the home.",
    )
    branch_template: str = Field(
        default="signalbox/{run}/{workstream}",
        title="Branch of a workstream",
        description="The name of a workstream's branch; {run} and {workstream} are filled in.",
    )
    merge_method: MergeMethod = Field(
        default=MergeMethod.MERGE,
        strict=False,
        title="Merge method",
        description="How approved work becomes part of its target branch: merge, squash or rebase.",
    )
    snapshot_file_mb: int = Field(
        default=50,
        ge=1,
        le=_MOST_MB,
        title="Largest file in a snapshot, MB",
        description="Larger files that git does not know are left out of the snapshots of worktrees, and named.",
        json_schema_extra={"unit": "MB"},
    )
    worktree_retention_days: int = Field(
        default=14,
        ge=0,
        le=_MOST_DAYS,
        title="Keep worktrees, days",
        description="Worktrees and snapshots of work that was merged or discarded earlier are pruned; 0 keeps them.",
        json_schema_extra={"unit": "days"},
    )
    tools: Mapping[str, ToolDefaults] = Field(
        default_factory=dict,
        title="Coding tools",
        description="How each coding tool runs where a job does not say: model, permission, accounts and more.",
    )
    ladders: Mapping[str, Words] = Field(
        default_factory=dict,
        title="Ladders",
        description="Which tools take over where one has failed, for jobs that name none themselves.",
    )

    @field_validator("branch_template")
    @classmethod
    def _names_a_branch(cls, template: str) -> str:
        try:
            named = template.format(run="run", workstream="workstream")
        except (KeyError, IndexError, ValueError, AttributeError):
            raise ValueError(f"{template!r} may contain only {{run}} and {{workstream}} in braces.") from None
        if "{run}" not in template or "{workstream}" not in template or named.startswith(("-", "/")):
            raise ValueError(
                f"{template!r} must contain {{run}} and {{workstream}}: each workstream has a branch."
            )
        return template

    @field_validator("ladders")
    @classmethod
    def _climbable(cls, ladders: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        known = tools().coding
        for tool, rungs in ladders.items():
            for rung in (tool, *rungs):
                if rung not in known:
                    raise ValueError(f"{rung} is no rung of a ladder; coding tools are {', '.join(known)}.")
            if len({tool, *rungs}) != len(rungs) + 1:
                raise ValueError(f"The ladder of {tool} names a tool twice.")
        return ladders

    def default_ladder(self, spec: JobSpec) -> tuple[str, ...]:
        """The user's ladder for the tool that the file of a job names; the job's own ladder counts first."""
        return self.ladders.get(spec.tool, ()) if spec.has_task else ()

    def inbox_folder(self, home: Home) -> Path:
        """The folder that is watched: the one set, else that of the home."""
        return home.inbox_at(self.inbox)

    def worktrees_root(self, home: Home) -> Path:
        """The folder of all worktrees: the one set, else that of the home."""
        return home.root / at_home(self.worktrees_folder or "worktrees")

    def json_value(self, key: str) -> Any:
        """The value of one setting as it is stored."""
        return self.model_dump(mode="json")[key]

    def changes_since(self, earlier: Self) -> dict[str, Any]:
        """The settings that differ from earlier ones, as they are stored; None for one that is a default again."""
        before, now, default = (
            one.model_dump(mode="json") for one in (earlier, self, type(self).model_construct())
        )
        return {
            key: None if value == default[key] else value
            for key, value in now.items()
            if value != before[key]
        }


@dataclass(frozen=True, kw_only=True)
class ReadSettings:
    """The settings as stored: what could not be used has its default, and a sentence in `problems`."""

    settings: Settings
    stored: frozenset[str]
    """The keys that are set."""
    problems: tuple[str, ...] = ()


def read_settings(stored: Mapping[str, str]) -> ReadSettings:
    """Read settings from the JSON texts that are stored by their keys; never raises for what is stored."""
    problems, values = [], {}
    for key, text in stored.items():
        try:
            values[key], gone = _usable_part(key, json.loads(text))
            check_setting(key, values[key])
            problems.extend(gone)
        except (ValueError, TypeError, RecursionError, CommandRefusedError) as error:
            values.pop(key, None)
            problems.append(_problem(key, error))
    return ReadSettings(
        settings=Settings.model_validate(values),
        stored=frozenset(stored) & frozenset(Settings.model_fields),
        problems=tuple(problems),
    )


def _usable_part(key: str, value: Any) -> tuple[Any, list[str]]:
    """What holds of a setting that is about several tools, and a sentence on each part that has no effect."""
    if not isinstance(value, dict):
        return value, []
    if key == "tools":
        return usable_defaults(value)
    return _without_gone_tools(value) if key == "ladders" else (value, [])


def _without_gone_tools(value: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """Ladders without the tools whose files are gone: the others stay in force."""
    known = tools().coding
    named = {tool: [tool, *rungs] for tool, rungs in value.items() if isinstance(rungs, list)}
    gone = dict.fromkeys(rung for rungs in named.values() for rung in rungs if rung not in known)
    kept = {
        tool: [rung for rung in rungs if rung in known] if isinstance(rungs, list) else rungs
        for tool, rungs in value.items()
        if tool in known
    }
    sentences = [
        f"A part of the stored setting ladders has no effect: {rung} is no rung of a ladder." for rung in gone
    ]
    return {tool: rungs for tool, rungs in kept.items() if rungs}, sentences


def check_setting(key: str, value: object) -> None:
    """Refuse a setting that does not exist and a value, as JSON, that it cannot have.

    Raises:
        CommandRefusedError: says which, and what is possible.
    """
    if value is None:  # a reset; also of what another version stored
        return
    refuse_unknown(key)
    try:
        Settings.model_validate({key: value})
    except ValidationError as error:
        raise CommandRefusedError(_sentence(key, error)) from error


def most(key: str) -> int:
    """The largest value of a setting that is a whole number."""
    bounds = (getattr(one, "le", None) for one in Settings.model_fields[key].metadata)
    return next(int(bound) for bound in bounds if bound is not None)


def refuse_unknown(key: str, known: Iterable[str] = Settings.model_fields) -> None:
    """Refuse a setting that does not exist.

    Raises:
        CommandRefusedError: names those there are.
    """
    if key not in known:
        names = ", ".join(known)
        raise CommandRefusedError(
            f"There is no setting {key!r}{nearest(key, list(known)) or '.'} There are {names}."
        )


_FORMS: Mapping[str, str] = {
    "int_type": "it must be a whole number",
    "float_type": "it must be a number",
    "finite_number": "it must be a finite number",
    "greater_than": "it must be above {gt:g}",
    "greater_than_equal": "it must be at least {ge:g}",
    "less_than_equal": "it must be at most {le:,}",
    "bool_type": "it must be on or off",
}
"""What a value must be, by the type of the error that pydantic reports."""


def _sentence(key: str, error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    form = _FORMS.get(first["type"])
    reason = form.format_map(first.get("ctx", {})) if form else f"{first['msg'][0].lower()}{first['msg'][1:]}"
    return f"{key} cannot be {first['input']!r}: {reason}."


def _problem(key: str, error: Exception) -> str:
    if key not in Settings.model_fields:
        return f"The stored setting {key} is unknown to this version and has no effect."
    reason = str(error) if isinstance(error, CommandRefusedError) else "it is not JSON."
    return (
        f"The stored setting {key} cannot be used, so its default holds: {reason} "
        f"Reset it with `signalbox settings reset {key}`."
    )
