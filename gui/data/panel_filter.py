"""What every panel is limited to: a run and shown states. Holds ids, never records; one rule decides what passes."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from gui.data.job_display import WaitOf, job_state
from state.records import Job


class FilterPart(Enum):
    """One kind of limit; a panel may follow some and not others."""

    STATE = "state"
    RUN = "run"


ALL_PARTS = frozenset(FilterPart)


@dataclass(frozen=True, slots=True)
class PanelFilter:
    """The limits that are on; without any, everything passes. True while at least one is on."""

    run_id: str | None = None
    states: frozenset[str] = frozenset()
    """Shown states (``"failed"``, ``"needsyou"``...); empty passes all."""

    @property
    def parts(self) -> tuple[FilterPart, ...]:
        """The kinds of limit that are on."""
        on = {FilterPart.STATE: bool(self.states), FilterPart.RUN: self.run_id is not None}
        return tuple(part for part in FilterPart if on[part])

    def __bool__(self) -> bool:
        return bool(self.parts)

    def only(self, parts: Collection[FilterPart]) -> "PanelFilter":
        """The same filter without the parts a panel does not follow."""
        return PanelFilter(
            run_id=self.run_id if FilterPart.RUN in parts else None,
            states=self.states if FilterPart.STATE in parts else frozenset(),
        )

    def without(self, part: FilterPart) -> "PanelFilter":
        """The same filter with one limit lifted."""
        return self.only(ALL_PARTS - {part})

    def keeps(self, run_id: str, *states: str) -> bool:
        """Whether something of this run passes that is shown in at least one of these states."""
        is_of_run = self.run_id is None or self.run_id == run_id
        return is_of_run and (not self.states or not self.states.isdisjoint(states))

    def keeps_job(self, job: Job, wait_of: WaitOf) -> bool:
        """Whether a job passes; `wait_of` says why it waits and is called only if that decides."""
        if not self.states:
            return self.keeps(job.run_id)
        return self.keeps(job.run_id, job_state(job, wait_of(job)))
