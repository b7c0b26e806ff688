"""Notice that the machine was asleep, or that its clock was set: what waited for a time of day is late then."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from engine.recurring.due_notes import LateCause
from engine.state_store.job_state_store import NOTICED_WITHIN_S, JobStateStore
from engine.system.formatting import duration

LEAST_S = 30.0
"""A shorter sleep, or a smaller change of the clock, explains nothing."""
_MOST_GAPS = 50


@dataclass(frozen=True, slots=True)
class _Gap:
    since: float
    until: float
    cause: LateCause


class TimeWatch:
    """Records sleeps and changes of the clock that happened while this engine lived.

    Args:
        store: where they are recorded; once, however many engines notice.
        asleep: for how many seconds the machine has slept since it was switched on.
        since_boot: seconds since it was switched on, sleep included; None where nothing can say.
        clock: the clock that may be set.
    """

    def __init__(
        self,
        store: JobStateStore,
        asleep: Callable[[], float],
        *,
        since_boot: Callable[[], float | None],
        clock: Callable[[], float],
    ) -> None:
        self._store, self._asleep, self._since_boot, self._clock = store, asleep, since_boot, clock
        self._begun = self._clock()
        self._known = asleep()
        self._offset = self._offset_of_clock()
        self._gaps: deque[_Gap] = deque(maxlen=_MOST_GAPS)

    def look(self, now: float) -> None:
        """Record what has just happened.

        Raises:
            DatabaseError: it could not be recorded; the next look tries again.
        """
        self._look_for_sleep(now)
        self._look_for_changes(now)

    def late_cause(self, at: float) -> LateCause:
        """Why nothing was done at this moment of the past."""
        for gap in reversed(self._gaps):
            if gap.since <= at <= gap.until:
                return gap.cause
        return LateCause.NO_ENGINE if at < self._begun else LateCause.HELD_UP

    def _look_for_sleep(self, now: float) -> None:
        total = self._asleep()
        slept = total - self._known
        if slept >= LEAST_S:
            since, text = now - slept, f"The machine was asleep for {duration(slept)}."
            self._gaps.append(_Gap(since, now, LateCause.ASLEEP))
            payload = {"text": text, "since": since, "until": now}
            self._store.record_event_once("engine.slept", payload, after=since)
        self._known = total

    def _look_for_changes(self, now: float) -> None:
        offset = self._offset_of_clock()
        if offset is None or self._offset is None:
            return
        change = offset - self._offset
        if abs(change) >= LEAST_S:
            self._record_change(change, now)
        self._offset = offset

    def _record_change(self, change: float, now: float) -> None:
        amount, since = duration(abs(change)), now - NOTICED_WITHIN_S
        if change > 0:
            payload = {"text": f"The clock was set ahead by {amount}.", "seconds": round(change)}
            self._store.record_event_once("engine.clock_set_ahead", payload, after=since)
            self._gaps.append(_Gap(now - change, now, LateCause.CLOCK_SET))
        else:
            payload = {"text": f"The clock was set back by {amount}.", "seconds": round(-change)}
            self._store.record_event_once("engine.clock_set_back", payload, after=since)
            self._begun += change  # not before it is recorded: what fails is tried again

    def _offset_of_clock(self) -> float | None:
        """By how much the clock is ahead of the time since the machine was switched on."""
        running = self._since_boot()
        return None if running is None else self._clock() - running
