"""Decide whether a budget is used up, and say so: those of a day, of a run and of a job. Pure, but for the time zone.

A budget counts what is known; where a part of it is not, its sentence says "at least".
"""

from datetime import datetime, timedelta

from engine.system.cost_text import cost_text
from engine.system.formatting import money
from state.costs import Cost
from state.records import DAY_BUDGET, Hold, HoldCause, HoldKind, JobHold, run_budget

BUDGETS = frozenset({"budget_day_usd", "budget_run_usd", "budget_job_usd"})
"""The settings that hold and release jobs."""


def day_start(now: float) -> float:
    """When the local day of `now` began."""
    return _midnight(now, days=0)


def day_end(now: float) -> float:
    """When the local day of `now` ends."""
    return _midnight(now, days=1)


def of_day(budget: float | None, spent: Cost, now: float) -> Hold | None:
    """The hold on everything until the next local day, where the budget of this one is used up."""
    if budget is None or not _is_used_up(budget, spent):
        return None
    reason = (
        f"The day's budget of {money(budget)} is used up: {_spent(spent)} since midnight. "
        "Nothing new starts until you raise it (budget_day_usd) or the day ends."
    )
    return _hold(DAY_BUDGET, reason, now, until=day_end(now))


def of_run(budget: float | None, spent: Cost, run_id: str, *, now: float) -> Hold | None:
    """The hold on the jobs of a run whose budget is used up."""
    if budget is None or not _is_used_up(budget, spent):
        return None
    reason = (
        f"The budget of run {run_id}, {money(budget)}, is used up: {_spent(spent)}. "
        "No further job of it starts until you raise it (budget_run_usd)."
    )
    return _hold(run_budget(run_id), reason, now)


def of_job(budget: float | None, spent: Cost) -> JobHold | None:
    """Why a job whose budget is used up waits for a person before a further attempt."""
    if budget is None or not _is_used_up(budget, spent):
        return None
    reason = (
        f"The job's budget of {money(budget)} is used up: {_spent(spent)}. "
        "No further attempt starts until you raise it, or release the job for one more."
    )
    return JobHold(HoldCause.BUDGET, reason)


def _is_used_up(budget: float, spent: Cost) -> bool:
    return spent.usd is not None and spent.usd >= budget


def _spent(spent: Cost) -> str:
    return f"{cost_text(spent)} {'was' if spent.usd == 1 else 'were'} spent"


def _hold(key: str, reason: str, now: float, *, until: float | None = None) -> Hold:
    return Hold(kind=HoldKind.BUDGET, key=key, reason=reason, since=now, until=until, cause=HoldCause.BUDGET)


def _midnight(now: float, *, days: int) -> float:
    """The local midnight that begins the day of `now`, or one some days later, whatever the clocks do in between."""
    day = datetime.fromtimestamp(now).astimezone().date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day).astimezone().timestamp()
