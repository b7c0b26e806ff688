"""What the Night shows, as plain values: rows with bars, waits and estimates; quotas, slots and events. Without Qt."""

from dataclasses import dataclass
from enum import StrEnum

from engine.system.formatting import clock_minute
from gui.data.captions import time_span
from gui.data.cost_captions import spoken_duration
from gui.translation import tr

WorkstreamKey = tuple[str, str]


class BarKind(StrEnum):
    """What a bar stands for."""

    ATTEMPT = "attempt"
    HELD = "held"
    REVIEW = "review"


@dataclass(frozen=True, kw_only=True, slots=True)
class NightBar:
    """A stretch of time in a row: an attempt, or a wait for a person. `end` is None while it goes on.

    `label` names the step or the wait, `letters` the tool; `description` is all of it in words, without its times.
    """

    kind: BarKind
    start: float
    end: float | None
    state: str
    label: str
    description: str
    letters: str = ""
    job_id: str = ""
    attempt_id: int | None = None

    def until(self, now: float) -> float:
        """Its end, or now."""
        return max(self.start, now if self.end is None else self.end)

    def name(self, now: float) -> str:
        """The bar in words: ``cart-totals, edit, attempt 3, claude, running since 02:26, 20 minutes``."""
        took = spoken_duration(self.until(now) - self.start)
        if self.end is not None:
            return f"{self.description}, {time_span(self.start, self.end)}, {took}"
        start = clock_minute(self.start)
        return tr("{what} since {start}, {took}", what=self.description, start=start, took=took)


@dataclass(frozen=True, kw_only=True, slots=True)
class NightWait:
    """A stretch of time in which a workstream could not go on; `end` may lie ahead, or be None while it lasts."""

    start: float
    end: float | None
    words: str
    description: str
    job_id: str = ""

    def until(self, now: float) -> float:
        """Its end, or now."""
        return max(self.start, now if self.end is None else self.end)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ghost:
    """When a job may run, as it is estimated."""

    start: float
    end: float
    label: str
    letters: str
    description: str
    job_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NightRow:
    """One workstream. `fact` is what matters most about it now; `is_urgent` says that a person is needed."""

    key: WorkstreamKey
    name: str
    state: str
    step: str = ""
    fact: str = ""
    is_urgent: bool = False
    job_id: str | None = None
    bars: tuple[NightBar, ...] = ()
    waits: tuple[NightWait, ...] = ()
    ghosts: tuple[Ghost, ...] = ()

    def covers(self, start: float, end: float, now: float) -> bool:
        """Whether anything of it happened, or may happen, within a stretch of time."""
        spans = [(bar.start, bar.until(now)) for bar in self.bars]
        spans += [(ghost.start, ghost.end) for ghost in self.ghosts]
        spans += [(wait.start, wait.until(now)) for wait in self.waits]
        return any(first <= end and last >= start for first, last in spans)


@dataclass(frozen=True, kw_only=True, slots=True)
class NightGroup:
    """The rows of one run or repository under their head; `outcome` says when it ended or may end."""

    key: str
    title: str = ""
    detail: str = ""
    state: str = "queued"
    segments: tuple[tuple[str, int], ...] = ()
    done: int = 0
    total: int = 0
    outcome: str = ""
    rows: tuple[NightRow, ...] = ()
    is_over: bool = False
    """Whether all of it has ended well, so that its rows are folded at first."""


@dataclass(frozen=True, slots=True)
class QuotaWindow:
    """One window of a quota: from when to when it counts; `is_next` is the one that has not begun."""

    start: float
    end: float
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class UsedUp:
    """From when to when nothing of a quota is left."""

    start: float
    end: float


@dataclass(frozen=True, kw_only=True, slots=True)
class QuotaBand:
    """What is known of the quota of one account: its windows, how much was used when, and when it was used up."""

    tool: str
    account: str
    windows: tuple[QuotaWindow, ...] = ()
    use: tuple[tuple[float, float], ...] = ()
    used_up: tuple[UsedUp, ...] = ()
    fact: str = ""

    def is_used_up(self, now: float) -> bool:
        """Whether nothing is left now."""
        return any(span.start <= now < span.end for span in self.used_up)


@dataclass(frozen=True, slots=True)
class Sleep:
    """From when to when the machine was asleep."""

    start: float
    end: float


@dataclass(frozen=True, kw_only=True, slots=True)
class NotableEvent:
    """An event worth knowing: the state whose glyph it has, a few words, and a whole sentence."""

    at: float
    state: str
    words: str
    sentence: str
    rank: int = 0
    """The larger it is, the more urgent."""
    recurring: str = ""
    """The recurring run that will be due then; empty for what has happened."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Night:
    """Everything the Night shows."""

    groups: tuple[NightGroup, ...] = ()
    bands: tuple[QuotaBand, ...] = ()
    more_accounts: int = 0
    slots: tuple[tuple[float, int], ...] = ()
    """From when on how many jobs ran at once."""
    slot_limit: int | None = None
    notable: tuple[NotableEvent, ...] = ()
    due: tuple[NotableEvent, ...] = ()
    """When recurring runs are due next."""
    sleeps: tuple[Sleep, ...] = ()
