"""What was done in a history and what was noticed meanwhile: the facts its end is judged by."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.helpers.histories.steps import Submit


@dataclass(frozen=True)
class Breach:
    """A promise that did not hold: its kind, by which histories are compared, and what happened."""

    kind: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.sentence}"


@dataclass
class Record:
    """What people did with the jobs, by the names of the history, and what was killed."""

    jobs: dict[str, Submit] = field(default_factory=dict)
    """What was accepted, or lies in the inbox."""
    cancelled: dict[str, int] = field(default_factory=dict)
    """Jobs whose cancel was accepted, with their number of attempts at that time."""
    held: dict[str, int] = field(default_factory=dict)
    """Jobs that are held, with the same number."""
    retried: Counter[str] = field(default_factory=Counter)
    """How often a person had a job run again."""
    shims_killed: set[str] = field(default_factory=set)
    """The attempts whose shim was killed: how their tool ended may be unknown."""
    kills: Counter[str] = field(default_factory=Counter)
    """Kills that hit something at work, by kind."""
    missed: int = 0
    """Kills that found nothing at work in time, and were not carried out."""
    breaches: list[Breach] = field(default_factory=list)

    def breach(self, kind: str, sentence: str) -> None:
        """Note a promise that did not hold."""
        self.breaches.append(Breach(kind, sentence))


@dataclass(frozen=True)
class Verdict:
    """What came of one history."""

    breaches: Sequence[Breach]
    kills: Counter[str]
    jobs: int
    missed: int = 0

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(breach.kind for breach in self.breaches)
