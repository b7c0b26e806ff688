"""The records behind forecasts: how long past attempts took, and how far forecasts were off. No SQLAlchemy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_ENOUGH = 5
"""With fewer, a typical error says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastDurations:
    """How long the newest successful attempts of one step took with one tool in one repository.

    `seconds` are their durations, in any order. `repo` is None for work outside of any repository.
    """

    repo: str | None
    step_name: str
    tool: str
    seconds: Sequence[float]


class ForecastSubject(StrEnum):
    """What a kept forecast is about."""

    JOB = "job"
    RUN = "run"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptForecast:
    """The first forecast of a job or a run, kept to be compared with what happened.

    `subject_id` is the id of the job or the run, `made_at` when it was made. Of a run only the end is kept, and no
    start of a job that ran already.
    """

    subject: ForecastSubject
    subject_id: str
    run_id: str
    made_at: float
    ends_at: float
    starts_at: float | None = None


@dataclass(frozen=True, slots=True)
class ForecastError:
    """How far forecasts were from what happened, in seconds.

    `off_s` is the median of how far they were off in either direction, `bias_s` the median of how much later than
    forecast it happened (negative: earlier), both over `number` forecasts; None where there were none.
    """

    number: int = 0
    off_s: float | None = None
    bias_s: float | None = None


NO_ERROR = ForecastError()


@dataclass(frozen=True, kw_only=True, slots=True)
class ForecastErrors:
    """The errors of the starts and ends of jobs, and of the ends of runs."""

    starts: ForecastError = NO_ERROR
    ends: ForecastError = NO_ERROR
    runs: ForecastError = NO_ERROR

    @property
    def typical(self) -> ForecastError:
        """The one to show beside an estimated end: that of runs, or of jobs where too few runs have ended."""
        found = self.runs if self.runs.number >= _ENOUGH else self.ends
        return found if found.number >= _ENOUGH else NO_ERROR


NO_ERRORS = ForecastErrors()
"""Nothing was checked yet."""


@dataclass(frozen=True, slots=True)
class UsageReport:
    """An attempt that has ended, and the metadata of its result as far as it says how much of a quota is used."""

    tool: str
    account: str | None
    started_at: float
    completed_at: float
    metadata: Mapping[str, Any]
