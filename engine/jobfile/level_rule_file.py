"""Defines the file of level rules: which lines of output are shown at which level. Reads no files.

Frozen pydantic models, like job files. The JSON Schema in specs/ is generated from here.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engine.jobfile.fields import FORMAT_VERSION, Flag, Line, Part, readable_version
from engine.jobfile.spec import IncompatibleFieldsError
from engine.system.bounded_pattern import bounded_pattern


class LevelRule(Part):
    """A pattern, and the level of the lines in which it is found."""

    pattern: Line
    level: Literal["error", "warning", "info", "output", "debug"]
    case: Flag = True

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        try:
            bounded_pattern(self.pattern, is_case=self.case)
        except ValueError as error:
            raise IncompatibleFieldsError([("pattern", str(error))]) from error
        return self


class LevelRuleFile(Part):
    """The rules in order: the first that fits a line decides; a line that none fits keeps its level."""

    version: Annotated[int, AfterValidator(readable_version)] = FORMAT_VERSION
    rules: Annotated[tuple[LevelRule, ...], Field(max_length=40)] = ()
