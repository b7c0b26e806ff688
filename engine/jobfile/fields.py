"""Defines the values in job files, such as ids, paths, references and tool names, and what each may look like."""

import difflib
import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)

from engine.jobfile.priorities import PRIORITIES
from engine.jobfile.tool_names import BUILT_IN, TOOL_PATTERN
from state.times import RANGE, is_time

FORMAT_VERSION = 1
"""The newest job file format this code reads."""

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"

_SECRET_NAME = re.compile(
    r"(^|_)((API|ACCESS|SECRET|PRIVATE|AUTH|SIGNING)_?KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$",
    re.IGNORECASE,
)
YEAR = 366 * 86400


def _plain_text(value: str) -> str:
    if "\0" in value:
        raise ValueError("contains a NUL character, which cannot be passed to a program")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("contains half a character (a lone surrogate); write it as UTF-8") from None
    return value


def _inside(value: str) -> str:
    parts = Path(value).parts
    if not value or Path(value).is_absolute() or ".." in parts:
        raise ValueError("must be a path inside the repository, without '..'")
    return value


@lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """Whether an environment variable of this name usually holds a secret."""
    return _SECRET_NAME.search(name) is not None


def _not_an_option(value: str) -> str:
    if value.startswith("-"):
        raise ValueError("must not start with '-', because git would read it as an option")
    return value


def _known_tool(value: object, info: ValidationInfo) -> object:
    """The name, unless what is read now must name a tool there is: what is stored may name one that is gone."""
    if info.context is not None and (problem := info.context(value)):
        raise ValueError(problem)
    return value


def _priority(value: object) -> object:
    text = str(value).strip().lower()
    if isinstance(value, bool) or not (text in PRIORITIES or re.fullmatch(r"[+-]?[0-9]{1,3}", text)):
        near = difflib.get_close_matches(text, PRIORITIES, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"should be {', '.join(PRIORITIES)} or a whole number from -100 to 100{hint}")
    number = PRIORITIES.get(text)
    if number is None and not -100 <= (number := int(text)) <= 100:  # noqa: PLR2004 - named in the message
        raise ValueError("should be between -100 and 100")
    return text if text in PRIORITIES else number


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(f"should be a number, not {str(value).lower()}")  # noqa: TRY004 - pydantic catches it
    return value


def _no_number(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"should be true or false, not {value}")  # noqa: TRY004
    return value


def _written_as_time(value: object) -> object:
    """Not a number, which could be meant as a date, a time of day or seconds since the epoch."""
    is_written = isinstance(value, str) and not re.fullmatch(r"[+-]?[\d_.eE+]+", value.strip())
    if not (is_written or isinstance(value, datetime)):
        raise ValueError(f"should be a time with its zone, such as 2030-12-31T18:00:00+01:00, not {value!r}")
    return value


def _known_time(value: datetime) -> datetime:
    if not is_time(value.timestamp()):
        raise ValueError(f"should be a time {RANGE}, not {value.isoformat()}")
    return value


def readable_version(value: int) -> int:
    """The format version, unless it is newer than this code."""
    if value > FORMAT_VERSION:
        raise ValueError(f"format {value} needs a newer Signalbox; this one reads format {FORMAT_VERSION}")
    return value


OnQuota = Literal["wait", "escalate", "fail"]
"""What follows when an account is out of quota: wait for it, let the next tool of the ladder take over, or fail."""
SessionUse = Literal["resume", "fresh"]
"""Whether a further attempt goes on in the session of the one before, or begins a new one."""
Isolation = Annotated[
    Literal["worktree", "in_place"],
    BeforeValidator(
        lambda value: "in_place" if value == "none" else value,
        json_schema_input_type=Literal["worktree", "in_place", "none"],
    ),
]
"""Whether a workstream works in a git worktree of its own, or where its job files say; `none` is a former word."""
ReviewNeed = Literal["required", "none"]
"""Whether a person has to review what a workstream has made before it goes into the merge queue."""
Text = Annotated[str, AfterValidator(_plain_text)]
Line = Annotated[Text, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\r\n]*$")]
Word = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""An id: letters, digits, dot, underscore and hyphen, up to 64, not starting with a sign."""
Argument = Annotated[Text, StringConstraints(max_length=128 * 1024)]
RepoPath = Annotated[Line, AfterValidator(_inside)]
Ref = Annotated[Line, AfterValidator(_not_an_option)]
"""The name of a branch, tag or commit."""
ToolName = Annotated[
    str,
    StringConstraints(pattern=TOOL_PATTERN),
    Field(examples=list(BUILT_IN)),
    BeforeValidator(_known_tool),
]
"""The name of a tool; `engine.jobfile.tool_registry` says which there are."""
ENV_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]{0,127}$"
EnvName = Annotated[str, StringConstraints(pattern=ENV_PATTERN)]
Priority = Annotated[Literal["low", "normal", "high", "urgent"] | int, BeforeValidator(_priority)]
NO_FLAG = BeforeValidator(_no_flag)
"""Of a number: true is none. Behind the bounds in an annotation, or the schema loses them."""
Whole = Annotated[int, NO_FLAG]
Number = Annotated[float, NO_FLAG]
Flag = Annotated[bool, BeforeValidator(_no_number)]
"""True or false; 1 is neither."""
Seconds = Annotated[float, Field(gt=0, le=YEAR), NO_FLAG]
Time = Annotated[AwareDatetime, BeforeValidator(_written_as_time), AfterValidator(_known_time)]


class Part(BaseModel):
    """The base of all parts of a job file: no unknown keys, no changes after reading."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_enum_values=False,
        validate_default=False,
    )
