"""What a filter set would have matched in the output of the last days, before it becomes an alarm."""

from collections.abc import Sequence
from dataclasses import dataclass

from gui.translation import tr, tr_count


@dataclass(frozen=True, slots=True)
class TriedJob:
    """A job of which lines would have matched: its name, how many lines, and when and what the first of them was."""

    name: str
    lines: int
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What a filter set would have matched: the newest jobs, the number of all jobs, and of all lines."""

    jobs: Sequence[TriedJob]
    number: int
    lines: int

    @property
    def sentence(self) -> str:
        """How often the alarm would have been set off."""
        from engine.filters.filter_trial import TRIAL_DAYS  # noqa: PLC0415 - slow to load

        if not self.number:
            return tr("It would have matched no line in the last {number} days.", number=TRIAL_DAYS)
        lines = tr_count("{n} line", "{n} lines", self.lines)
        return tr_count(
            "In the last {days} days it would have matched {lines} of {n} job.",
            "In the last {days} days it would have matched {lines} of {n} jobs.",
            self.number,
            days=TRIAL_DAYS,
            lines=lines,
        )
