"""What a day and a run have cost, for `status` and `show`: as text with how certain it is, and as JSON."""

import time
from typing import Any

from engine.cli.home_session import HomeSession
from engine.scheduling import budgets
from engine.system.cost_text import cost_text
from engine.system.formatting import money
from state import statistics
from state.costs import Cost


def today_json(session: HomeSession) -> dict[str, Any]:
    """What this day has cost so far, and its budget."""
    return {**cost_json(_today(session)), "budget_usd": session.setting("budget_day_usd")}


def today_line(session: HomeSession) -> str:
    """The same as a line: ``Cost today: at least $20.31 of $30.00``; empty where nothing was spent."""
    text, budget = cost_text(_today(session)), session.setting("budget_day_usd")
    of = "" if budget is None else f" of {money(budget)}"
    return f"Cost today: {text}{of}" if text else ""


def run_cost(session: HomeSession, run_id: str) -> Cost:
    """What the jobs of a run have cost."""
    return session.plain.read(statistics.spent_by_run, run_id)


def cost_json(cost: Cost) -> dict[str, Any]:
    """A cost for programs."""
    return {"cost_usd": cost.usd, "cost_source": cost.source}


def _today(session: HomeSession) -> Cost:
    now = time.time()
    return session.plain.read(statistics.spent, budgets.day_start(now), budgets.day_end(now))
