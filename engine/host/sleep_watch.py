"""Notice that the machine was asleep: nothing ran meanwhile, and what waited for a time of day is late."""

from collections.abc import Callable

from engine.state_store.job_state_store import JobStateStore
from engine.system.formatting import duration

LEAST_S = 30.0
"""A shorter sleep explains nothing."""


class SleepWatch:
    """Records an ``engine.slept`` event after each sleep of the machine that began while this engine lived.

    `asleep` returns for how many seconds the machine has slept since it was switched on.
    """

    def __init__(self, store: JobStateStore, asleep: Callable[[], float]) -> None:
        self._store, self._asleep = store, asleep
        self._known = asleep()

    def look(self, now: float) -> None:
        """Record a sleep that has just ended.

        Raises:
            DatabaseError: it could not be recorded; the next look tries again.
        """
        total = self._asleep()
        slept = total - self._known
        if slept >= LEAST_S:
            text = f"The machine was asleep for {duration(slept)}."
            payload = {"text": text, "since": now - slept, "until": now}
            self._store.record_event("engine.slept", payload)
        self._known = total
