"""Defines the head of a template: its title and the parameters it declares, each with a type.

Frozen pydantic models, like job files; reads no files. The JSON Schema in specs/ is generated from here.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
    model_validator,
)

from engine.jobfile.fields import Argument, Flag, Line, Number, Part
from engine.jobfile.spec import IncompatibleFieldsError
from engine.system.home import at_home

ParameterType = Literal["text", "number", "choice", "path", "repository", "boolean"]
Value = str | int | float | bool
"""What a parameter can hold."""
ParameterName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_WORDS = {"true": True, "yes": True, "false": False, "no": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_SAMPLES: Mapping[str, Value] = {"text": "text", "path": "file", "repository": "/", "boolean": False}


class TemplateParameter(Part):
    """One parameter: required unless it has a `default` or is `optional`."""

    type: ParameterType = "text"
    title: Line | None = None
    help: Line | None = None
    default: Argument | StrictBool | StrictInt | StrictFloat | None = None
    optional: Flag = False
    multiline: Flag = False
    choices: tuple[Line, ...] = Field(default=(), max_length=200)
    min: Number | None = None
    max: Number | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        problems = list(self._misfits())
        if not problems and self.default is not None:
            try:
                self.value_of(self.default_text)
            except ValueError as error:
                problems = [("default", str(error))]
        if problems:
            raise IncompatibleFieldsError(problems)
        return self

    def _misfits(self) -> Iterator[tuple[str, str]]:
        """The fields that do not fit the type, each with the reason."""
        if self.type == "choice" and not self.choices:
            yield "choices", "is missing: a choice needs some"
        if self.min is not None and self.max is not None and self.min > self.max:
            yield "min", "is more than max"
        for field, kind in (
            ("choices", "choice"),
            ("min", "number"),
            ("max", "number"),
            ("multiline", "text"),
        ):
            if getattr(self, field) not in (None, (), False) and self.type != kind:
                yield field, f"is for parameters of the type {kind}"

    @property
    def default_text(self) -> str:
        """The default as a person would write it; empty if there is none."""
        if self.default is None:
            return ""
        return str(self.default).lower() if isinstance(self.default, bool) else str(self.default)

    @property
    def kind_in_words(self) -> str:
        """The type, with what it may hold."""
        match self.type:
            case "choice":
                return f"one of {', '.join(self.choices)}"
            case "boolean":
                return "true or false"
            case "number" if self.min is not None or self.max is not None:
                return f"number{_range(self.min, self.max)}"
            case kind:
                return kind

    @property
    def is_required(self) -> bool:
        """Whether a person has to give a value."""
        return self.default is None and not self.optional

    def value_of(self, text: str) -> Value | None:
        """The value a person has written; an empty text stands for the default, None for an optional value left out.

        Raises:
            ValueError: it does not fit the type; the message is the end of a sentence.
        """
        text = text if text.strip() else self.default_text
        if not text.strip():
            if self.is_required:
                raise ValueError("is missing")
            return None
        return self._read(text if self.multiline else _one_line(text.strip()))

    def _read(self, text: str) -> Value:
        match self.type:
            case "number":
                return self._number(text)
            case "boolean":
                return _true_or_false(text)
            case "choice":
                return self._choice(text)
            case "repository":
                return _whole_path(text)
            case _:
                return text

    def sample(self) -> Value:
        """A value that fits, for checking a template without a person."""
        default = self.value_of("") if self.default is not None else None
        if default is not None:
            return default
        if self.type == "choice":
            return self.choices[0]
        if self.type == "number":
            bound = next((each for each in (self.min, self.max) if each is not None), 1)
            return int(bound) if float(bound).is_integer() else bound
        return _SAMPLES[self.type]

    def _number(self, text: str) -> int | float:
        try:
            number = int(text) if _WHOLE.fullmatch(text) else float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise ValueError(f"should be a number, not {text!r}")
        if (self.min is not None and number < self.min) or (self.max is not None and number > self.max):
            raise ValueError(f"should be a number{_range(self.min, self.max)}, not {text}")
        return int(number) if number == int(number) else number

    def _choice(self, text: str) -> str:
        if text not in self.choices:
            raise ValueError(f"should be one of {', '.join(self.choices)}, not {text!r}")
        return text


class TemplateHead(Part):
    """What a template says of itself."""

    title: Line
    description: Argument | None = None
    parameters: dict[ParameterName, TemplateParameter] = Field(default_factory=dict, max_length=50)


class TemplateFile(BaseModel):
    """A template as a whole, for the schema: its head, and any field of a job or a pipeline."""

    model_config = ConfigDict(extra="allow", frozen=True)

    template: TemplateHead
    tool: Any = None
    workstreams: Any = None


def _true_or_false(text: str) -> bool:
    if text.lower() not in _WORDS:
        raise ValueError(f"should be true or false, not {text!r}")
    return _WORDS[text.lower()]


def _one_line(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise ValueError("should be one line")
    return text


def _whole_path(text: str) -> str:
    folder = at_home(text)
    if not folder.is_absolute():
        raise ValueError("should be the whole path of a repository, starting with / or ~")
    return str(folder)


def _range(least: float | None, most: float | None) -> str:
    if least is None:
        return f" of at most {most:g}"
    return f" of at least {least:g}" if most is None else f" from {least:g} to {most:g}"
