"""The nouns of a forecast: what it is made from, and what it says of each job, run and account. Always an estimate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from state.forecast_records import NO_ERRORS, ForecastErrors, PastDurations
from state.records import NOTHING, Hold, Job, Limit, nothing

StreamKey = tuple[str, str]
"""A workstream: its run and its id."""


class Basis(StrEnum):
    """What the expected length of a job is taken from.

    `MEASURED`: the same step with the same tool in the same repository. `SIMILAR`: something like it, so less sure.
    `OVERDUE`: it has already run longer than any before it.
    """

    MEASURED = "measured"
    SIMILAR = "similar"
    OVERDUE = "overdue"


class NoEstimate(StrEnum):
    """Why there is no estimate.

    `HELD`: a person has to release or resume it. `BLOCKED`: it comes after a job that failed, was cancelled or does not
    exist. `NO_HISTORY`: nothing like it has ever succeeded. `BEHIND`: it waits for something without an estimate.
    `CANCELLING`: it is being cancelled. `NO_ENGINE`: nothing starts. `TOO_FAR`: the forecast does not reach so far.
    """

    HELD = "held"
    BLOCKED = "blocked"
    NO_HISTORY = "no_history"
    BEHIND = "behind"
    CANCELLING = "cancelling"
    NO_ENGINE = "no_engine"
    TOO_FAR = "too_far"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountUse:
    """How much of one usage window of an account is used.

    `account` is the name of the account, or that of the tool where it has none. `used` is 1.0 for all of it.
    `per_second` is the part of the window that one running job uses in a second; None where that is not known.
    """

    account: str
    tool: str
    window: str
    resets_at: float
    used: float | None = None
    per_second: float | None = None


@dataclass(frozen=True, kw_only=True)
class ForecastFacts:
    """What a forecast is made from; the order of no part matters.

    `jobs` are all open jobs and every known parent of theirs. `repos` are the repositories of their workstreams.
    `running_since` is when the attempts of running jobs started, `used_accounts` which accounts they use, both by the
    ids of the jobs. `accounts` are the names of the accounts of each tool that has some, in the order of their use.
    `errors` are handed on to the forecast.
    """

    jobs: Mapping[str, Job]
    repos: Mapping[StreamKey, str | None] = field(default_factory=dict)
    running_since: Mapping[str, float] = field(default_factory=nothing)
    used_accounts: Mapping[str, str] = field(default_factory=nothing)
    holds: Sequence[Hold] = ()
    limits: Sequence[Limit] = ()
    accounts: Mapping[str, Sequence[str]] = field(default_factory=nothing)
    uses: Sequence[AccountUse] = ()
    durations: Sequence[PastDurations] = ()
    engine_running: bool = True
    errors: ForecastErrors = NO_ERRORS


@dataclass(frozen=True, kw_only=True, slots=True)
class JobEstimate:
    """When a job may start and end.

    `starts_at` is None for a job that runs already, and where there is no estimate of it. `length_s` is how long it is
    expected to take in all, `spread_s` half of the range that the middle half of the past durations lies in, `basis`
    what both are taken from. It is `is_rough` where its times rest on a basis that is not `MEASURED`, its own or that
    of a job it waits for. `none` says why a time is missing; `behind` is the job that it waits for, where it is known.
    `account` is the account that it is expected to use.
    """

    job_id: str
    run_id: str
    is_running: bool = False
    starts_at: float | None = None
    ends_at: float | None = None
    length_s: float | None = None
    spread_s: float = 0.0
    basis: Basis | None = None
    is_rough: bool = False
    none: NoEstimate | None = None
    behind: str | None = None
    account: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunEstimate:
    """When the last open job of a run may end.

    `ends_at` is None where one of them has no estimate; `rest_ends_at` is the end of those that have one, `missing` the
    number of the others and `none` why the first of them has none.
    """

    run_id: str
    ends_at: float | None = None
    rest_ends_at: float | None = None
    is_rough: bool = False
    missing: int = 0
    none: NoEstimate | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountEstimate:
    """What an account whose quota is used up, or will be, keeps from starting before it returns.

    `account` is its name, or that of its tool where that has none; `window` is empty where only the hold is known.
    `used_up_at` is None where it is used up already. `waiting` are the ids of the jobs that will be ready and yet not
    start before `resets_at`, the first one first.
    """

    account: str
    window: str
    resets_at: float
    used_up_at: float | None = None
    waiting: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What may happen, as expected at `made_at`.

    It is complete unless `reaches_to` is set: it then says nothing of what starts after that moment. `errors` are how
    far earlier forecasts were off.
    """

    made_at: float
    jobs: Mapping[str, JobEstimate] = field(default_factory=nothing)
    runs: Mapping[str, RunEstimate] = field(default_factory=nothing)
    accounts: Sequence[AccountEstimate] = ()
    reaches_to: float | None = None
    errors: ForecastErrors = NO_ERRORS


NO_FORECAST = Forecast(made_at=0.0, jobs=NOTHING, runs=NOTHING)
