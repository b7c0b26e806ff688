"""Commands on the queue: the pause, holds on groups, accounts and tools, limits; and the settings."""

from dataclasses import replace
from pathlib import Path

from engine.errors import CommandRefusedError
from engine.settings import check_setting
from engine.state_store.budget_holds import BUDGETS, BudgetHolds
from engine.state_store.store_access import StoreAccess
from state import hold_queries, queue_queries
from state.records import Hold, HoldCause, HoldKind, Limit, LimitKind


class QueueControl:
    """Commands on the queue as a whole. A single job is held by `JobControl`."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self._ledger = access, access.ledger
        self._budgets = BudgetHolds(access)

    def pause(self, reason: str = "", *, cause: HoldCause = HoldCause.PERSON) -> None:
        """Start nothing until `resume`."""
        self.set_hold(Hold(kind=HoldKind.ENGINE, key="", reason=reason, since=0.0, cause=cause))

    def resume(self) -> None:
        """Lift the pause.

        Raises:
            CommandRefusedError: there is none.
        """
        if not self.lift_hold(HoldKind.ENGINE, ""):
            raise CommandRefusedError("Nothing is paused.")

    def set_hold(self, hold: Hold) -> Hold:
        """Hold a group, an account or a tool; from now on if `since` is 0."""
        return self._ledger.holds.set(replace(hold, since=hold.since or self._access.clock()))

    def lift_hold(self, kind: HoldKind, key: str) -> bool:
        """Lift a hold; False if there is none."""
        return self._ledger.holds.lift(kind, key)

    def set_limit(self, limit: Limit) -> Limit:
        """Set how many jobs of a kind run at once.

        Raises:
            CommandRefusedError: the number is not at least 1, or a needed key is missing.
        """
        if limit.value < 1:
            raise CommandRefusedError("A limit is at least 1; to start nothing, pause.")
        if (limit.kind is LimitKind.GLOBAL) is bool(limit.key):
            problem = "takes no name" if limit.key else "needs the name of what it counts"
            raise CommandRefusedError(f"A {limit.kind} limit {problem}.")
        return self._ledger.limits.set(limit)

    def remove_limit(self, kind: LimitKind, key: str) -> None:
        """Remove a limit.

        Raises:
            CommandRefusedError: there is none.
        """
        if not self._ledger.limits.remove(kind, key):
            raise CommandRefusedError(f"There is no limit for {kind}{f' {key}' if key else ''}.")

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
