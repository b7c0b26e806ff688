"""Defines a saved filter set: which lines it shows or hides, of which time, and whether it is an alarm.

Frozen pydantic models, like job files; reads no files. The JSON Schema in specs/ is generated from here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from engine.jobfile.fields import FORMAT_VERSION, Flag, Line, Part, ToolName, Word, readable_version
from engine.jobfile.spec import IncompatibleFieldsError
from engine.system.bounded_pattern import bounded_pattern

LevelWord = Literal["error", "warning", "info", "output", "event", "debug"]
TimeRange = Literal["all", "hour", "day", "week"]
RANGE_S = {"hour": 3_600.0, "day": 86_400.0, "week": 7 * 86_400.0}
"""Seconds back from now, by the word for them."""


class AlarmAction(StrEnum):
    """What happens when a line matches: a message alone, or the workstream is held, too."""

    NOTIFY = "notify"
    HOLD = "hold"


def _as_mapping(value: object) -> object:
    return {"find": value} if isinstance(value, str) else value


class SoughtText(Part):
    """A text that is looked for in lines."""

    find: Line
    regex: Flag = False
    case: Flag = False

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        if self.regex:
            try:
                bounded_pattern(self.find, is_case=self.case)
            except ValueError as error:
                raise IncompatibleFieldsError([("find", str(error))]) from error
        return self

    def test(self) -> Callable[[str], bool]:
        """Whether a line has it, prepared for many lines."""
        if self.regex:
            return bounded_pattern(self.find, is_case=self.case).finds
        sought = self.find if self.case else self.find.lower()
        return lambda text: sought in (text if self.case else text.lower())


Texts = Annotated[tuple[Annotated[SoughtText, BeforeValidator(_as_mapping)], ...], Field(max_length=40)]


class LineSelection(Part):
    """What lines have: of several texts, levels or sources one is enough."""

    text: Texts = ()
    levels: tuple[LevelWord, ...] = Field(default=(), max_length=6)
    tools: tuple[ToolName, ...] = Field(default=(), max_length=40)
    workstreams: tuple[Word, ...] = Field(default=(), max_length=40)
    jobs: tuple[Word, ...] = Field(default=(), max_length=40)

    @property
    def is_empty(self) -> bool:
        """Whether it selects nothing in particular."""
        return not (self.text or self.levels or self.tools or self.workstreams or self.jobs)


class FilterSet(Part):
    """A filter set as its file says it."""

    version: Annotated[int, AfterValidator(readable_version)] = FORMAT_VERSION
    title: Line | None = None
    show: LineSelection = LineSelection()
    hide: LineSelection = LineSelection()
    time: TimeRange = "all"
    alarm: AlarmAction | None = None

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        if self.alarm is not None and not (self.show.text or self.show.levels):
            raise IncompatibleFieldsError(
                [("alarm", "needs a text or a level under show: it would be every line")]
            )
        return self


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a filter set decides by."""

    text: str
    level: str
    tool: str = ""
    ws_id: str = ""
    job_id: str = ""


class SetMatcher:
    """A filter set prepared for many lines."""

    def __init__(self, of: FilterSet) -> None:
        self._show, self._hide = of.show, of.hide
        self._shown = [each.test() for each in of.show.text]
        self._hidden = [each.test() for each in of.hide.text]

    @property
    def needed_texts(self) -> tuple[tuple[str, ...], bool]:
        """Texts of which each line that it shows has one, and whether as they are; none where that is not known."""
        shown = self._show.text
        is_case = any(one.case for one in shown)
        if any(one.regex or one.case is not is_case for one in shown):
            return (), False
        return tuple(one.find for one in shown), is_case

    def covers(self, *, tool: str, ws_id: str, job_id: str) -> bool:
        """Whether any line of this source can match."""
        facts = (("tools", tool), ("workstreams", ws_id), ("jobs", job_id))
        return all(
            _lets_pass(getattr(self._show, kind), getattr(self._hide, kind), value) for kind, value in facts
        )

    def matches(self, line: LineFacts) -> bool:
        """Whether it shows a line."""
        return self.covers(tool=line.tool, ws_id=line.ws_id, job_id=line.job_id) and self.matches_text(
            line.text, line.level
        )

    def matches_text(self, text: str, level: str) -> bool:
        """Whether it shows a line of a source that it covers."""
        if not _lets_pass(self._show.levels, self._hide.levels, level):
            return False
        if self._shown and not any(test(text) for test in self._shown):
            return False
        return not any(test(text) for test in self._hidden)


def _lets_pass(shown: Sequence[str], hidden: Sequence[str], value: str) -> bool:
    return value not in hidden and (not shown or value in shown)
