"""A person's commands on the queue that look at no file and at no setting: the pause, holds, limits.

Apart from the other commands (`QueueControl`), since the command line loads no more for them.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.errors import CommandRefusedError
from state.records import Hold, HoldCause, HoldKind, Limit, LimitKind

if TYPE_CHECKING:
    from state.write_holds import HoldWriter
    from state.write_limits import LimitWriter


class QueueRequests:
    """Commands on the queue as a whole; `clock` gives epoch seconds."""

    def __init__(self, holds: "HoldWriter", limits: "LimitWriter", *, clock: Callable[[], float]) -> None:
        self._holds, self._limits, self._clock = holds, limits, clock

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
        return self._holds.set(replace(hold, since=hold.since or self._clock()))

    def lift_hold(self, kind: HoldKind, key: str) -> bool:
        """Lift a hold; False if there is none."""
        return self._holds.lift(kind, key)

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
        return self._limits.set(limit)

    def remove_limit(self, kind: LimitKind, key: str) -> None:
        """Remove a limit.

        Raises:
            CommandRefusedError: there is none.
        """
        if not self._limits.remove(kind, key):
            raise CommandRefusedError(f"There is no limit for {kind}{f' {key}' if key else ''}.")
