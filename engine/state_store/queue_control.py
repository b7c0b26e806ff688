"""Commands on the queue: the pause, holds on groups, accounts and tools, limits; and the settings."""

from pathlib import Path

from engine.scheduling.budgets import BUDGETS
from engine.settings import check_setting
from engine.state_store.budget_holds import BudgetHolds
from engine.state_store.queue_requests import QueueRequests
from engine.state_store.store_access import StoreAccess
from state import hold_queries, queue_queries
from state.records import Hold, HoldCause, Limit


class QueueControl(QueueRequests):
    """Commands on the queue as a whole. A single job is held by `JobControl`."""

    def __init__(self, access: StoreAccess) -> None:
        super().__init__(access.ledger.holds, access.ledger.limits, clock=access.clock)
        self._access, self._ledger = access, access.ledger
        self._budgets = BudgetHolds(access)

    def change_setting(self, key: str, value: object) -> None:
        """Change a setting; what a raised budget pays for goes on.

        Raises:
            CommandRefusedError: there is no such setting, or it cannot have this value.
        """
        check_setting(key, value)
        self._access.read_projects(self.projects_for(key))
        with self._ledger.transaction() as connection:
            self._ledger.settings.change(key, value)
            if key in BUDGETS:
                self._budgets.after_change(connection, self._access.clock())

    def projects_for(self, key: str) -> set[Path]:
        """The repositories whose project files count when this setting is changed."""
        if key not in BUDGETS:
            return set()
        return self._budgets.repositories(self._access.read(queue_queries.held_for, HoldCause.BUDGET))

    def holds(self) -> list[Hold]:
        """Every hold."""
        return self._access.read(hold_queries.all_holds)

    def limits(self) -> list[Limit]:
        """Every limit of running jobs."""
        return self._access.read(hold_queries.all_limits)
