"""Defines and reads what a person writes of a recurring run: what to run, with which values, and when.

Frozen pydantic models, like job files. Starts nothing and looks for nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, StrictBool, StrictFloat, StrictInt, model_validator

from engine.errors import JobFileError
from engine.jobfile.error_messages import validated
from engine.jobfile.fields import Argument, Flag, Line, Part
from engine.jobfile.parsing import parse
from engine.jobfile.safe_read import read_bytes
from engine.jobfile.spec import IncompatibleFieldsError
from engine.jobfile.template_head import ParameterName
from engine.recurring.recurrence import Recurrence, recurrence_of, zone_of
from engine.system.home import at_home

IfMissed = Literal["once", "skip"]
IfRunning = Literal["skip", "queue"]
_ANY_DAY = 1_700_000_000.0
"""Whether a recurrence is ever due does not depend on the day this is looked at."""


class RecurringRun(Part):
    """What recurs: a template with values, or a job or pipeline file, and when it is due."""

    every: Line
    template: Line | None = None
    values: dict[ParameterName, Argument | StrictBool | StrictInt | StrictFloat] = Field(
        default_factory=dict, max_length=50
    )
    file: Line | None = None
    repo: Line | None = None
    enabled: Flag = True
    timezone: Line | None = None
    if_missed: IfMissed = "once"
    if_running: IfRunning = "skip"

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if problems := [*self._misfits(), *self._wrong_times()]:
            raise IncompatibleFieldsError(problems)
        return self

    def _misfits(self) -> list[tuple[str, str]]:
        found = []
        if self.template is None and self.file is None:
            found.append(("template", "is missing: name a template, or a job or pipeline file as file"))
        if self.template is not None and self.file is not None:
            found.append(("file", "does not go with template; remove one of them"))
        if self.file is not None and self.values:
            found.append(("values", "are for a template"))
        if self.template is not None and self.repo is None:
            found.append(("repo", "is missing: name the repository its jobs work in"))
        for field in ("repo", "file"):
            path = getattr(self, field)
            if path is not None and not at_home(path).is_absolute():
                found.append((field, "should be a whole path, starting with / or ~"))
        return found

    def _wrong_times(self) -> list[tuple[str, str]]:
        try:
            zone_of(self.timezone)
        except ValueError as error:
            return [("timezone", str(error))]
        try:
            recurrence_of(self.every, self.timezone, at=_ANY_DAY)
        except ValueError as error:
            return [("every", str(error))]
        return []

    @cached_property
    def recurrence(self) -> Recurrence:
        """When it is due."""
        return recurrence_of(self.every, self.timezone, at=_ANY_DAY)

    @property
    def what(self) -> str:
        """The template or the file, for lists."""
        return self.template or Path(self.file or "").name

    @property
    def given(self) -> Mapping[str, str]:
        """The values as a person would write them."""
        return {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in self.values.items()
        }

    @property
    def base(self) -> Path | None:
        """The repository its jobs work in."""
        return None if self.repo is None else at_home(self.repo)

    def to_json(self) -> dict[str, Any]:
        """The fields that are not left at their defaults, for writing the file."""
        return self.model_dump(mode="json", exclude_defaults=True)


@dataclass(frozen=True, kw_only=True)
class NamedRecurringRun:
    """A recurring run under its name, or why its file is not valid."""

    name: str
    path: Path
    run: RecurringRun | None = None
    error: JobFileError | None = None


def read_recurring_run(path: Path) -> RecurringRun:
    """Read the file of a recurring run.

    Raises:
        JobFileError: the first error; it carries all others of the file.
    """
    return validated(RecurringRun, parse(read_bytes(path), path.name))
