"""The records behind forecasts: how long past attempts took. Knows no SQLAlchemy."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PastDurations:
    """How long the newest successful attempts of one step took with one tool in one repository.

    `seconds` are their durations, in any order. `repo` is None for work outside of any repository.
    """

    repo: str | None
    step_name: str
    tool: str
    seconds: Sequence[float]
