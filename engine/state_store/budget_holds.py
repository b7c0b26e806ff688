"""Hold what a used-up budget pays for in the transaction that uses it up; let it go on in the one that raises it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.jobfile.known_projects import known_project
from engine.scheduling import budgets
from engine.settings import Settings
from engine.state_store.store_access import StoreAccess
from state import hold_queries, queries, queue_queries, statistics
from state.costs import Cost, total_cost
from state.database import Connection
from state.ledger import AttemptOutcome
from state.records import DAY_BUDGET, Hold, HoldCause, HoldKind, Job, JobHold, run_budget, run_of_budget


class BudgetHolds:
    """Compares what was spent with the budgets that are set; every other method belongs into a transaction."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self._ledger = access, access.ledger

    def repositories(self, jobs: Iterable[Job]) -> set[Path]:
        """The repositories whose project files have to be read before the budgets of these jobs are compared."""
        specs = self._access.read(queries.job_specs, [job.job_id for job in jobs])
        return {repo for spec in specs.values() if (repo := _repository(spec)) is not None}

    def after_ends(self, connection: Connection, run_ids: Iterable[str], now: float) -> None:
        """Hold what may not start any more, now that attempts of these runs have ended."""
        settings = self._access.settings()
        held = {hold.key: hold for hold in _held(connection)}
        if settings.budget_day_usd is not None or DAY_BUDGET in held:
            self._day(connection, settings, held, now)
        for run_id in run_ids:
            if settings.budget_run_usd is not None or run_budget(run_id) in held:
                self._run(connection, run_id, settings, held, now)

    def after_change(self, connection: Connection, now: float) -> None:
        """Hold and release what follows from a change of the budgets."""
        held = {run for hold in _held(connection) if (run := run_of_budget(hold.key)) is not None}
        self.after_ends(connection, held | queue_queries.runs_with_open_jobs(connection), now)
        for job in queue_queries.held_for(connection, HoldCause.BUDGET):
            self.release_if_paid(connection, job)

    def of_job(self, connection: Connection, job: Job, ended: AttemptOutcome) -> JobHold | None:
        """Why the job whose attempt has ended may start no further one; None if it may."""
        spent = total_cost((job.cost, Cost.of(ended.cost_usd, ended.cost_source)))
        return None if not spent.usd else budgets.of_job(self._budget(connection, job), spent)

    def release_if_paid(self, connection: Connection, job: Job) -> Job:
        """Let a job go on that its budget held and no longer does."""
        if job.hold_cause is not HoldCause.BUDGET:
            return job
        held = budgets.of_job(self._budget(connection, job), job.cost)
        return self._ledger.commands.release(job.job_id) if held is None else job

    def _budget(self, connection: Connection, job: Job) -> float | None:
        """The budget of a job: its own, or the one of its project file, or the one of the settings."""
        spec = queries.job_spec(connection, job.job_id)
        own = _own_budget(spec)
        given = own if own is not None else _project_budget(spec)
        return given if given is not None else self._access.settings().budget_job_usd

    def _day(self, connection: Connection, settings: Settings, held: Mapping[str, Hold], now: float) -> None:
        spent = statistics.spent(connection, budgets.day_start(now), budgets.day_end(now))
        self._put(DAY_BUDGET, budgets.of_day(settings.budget_day_usd, spent, now), held)

    def _run(
        self,
        connection: Connection,
        run_id: str,
        settings: Settings,
        held: Mapping[str, Hold],
        now: float,
    ) -> None:
        spent = statistics.spent_by_run(connection, run_id)
        hold = budgets.of_run(settings.budget_run_usd, spent, run_id, now=now)
        self._put(run_budget(run_id), hold, held)

    def _put(self, key: str, hold: Hold | None, held: Mapping[str, Hold]) -> None:
        before = held.get(key)
        if hold is None:
            if before is not None:
                self._ledger.holds.lift(HoldKind.BUDGET, key)
        elif before is None or (before.reason, before.until) != (hold.reason, hold.until):
            self._ledger.holds.set(hold)


def _held(connection: Connection) -> list[Hold]:
    return [hold for hold in hold_queries.all_holds(connection) if hold.kind is HoldKind.BUDGET]


def _own_budget(spec: Mapping[str, Any]) -> float | None:
    """What the job file says; another release may have written what this one does not know."""
    limits = (spec.get("metadata") or {}).get("limits") or {}
    budget = limits.get("budget_usd")
    return float(budget) if isinstance(budget, int | float) and not isinstance(budget, bool) else None


def _project_budget(spec: Mapping[str, Any]) -> float | None:
    repo = _repository(spec)
    return None if repo is None else known_project(repo).project.limits.budget_usd


def _repository(spec: Mapping[str, Any]) -> Path | None:
    """The folder of its repository, by which its project file was read."""
    folder = (spec.get("paths") or {}).get("repo_root")
    return Path(folder) if isinstance(folder, str) else None
