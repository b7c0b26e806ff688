"""Keep the rows of the Night: rebuilds those that changed, a few at a time, and puts all together. Without widgets."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.scheduling.explainer import Explainer
from engine.scheduling.forecast_types import Basis, Forecast
from engine.scheduling.forecast_words import error_phrase
from gui.data.card import Card
from gui.data.cards_model import CardsModel
from gui.data.panel_filter import PanelFilter
from gui.data.projection import Projection
from gui.panels.timeline.due_marks import due_marks
from gui.panels.timeline.night_groups import Grouping, groups_of, slots_in_use
from gui.panels.timeline.night_history import NO_PAST, IndexedPast
from gui.panels.timeline.night_records import Night, NightRow, NotableEvent, Sleep, WorkstreamKey
from gui.panels.timeline.night_rows import RowFacts, row_of
from gui.panels.timeline.notable_events import notable_events
from gui.panels.timeline.past_waits import WaitFacts, without_engine, writers_of
from gui.panels.timeline.quota_bands import MOST_BANDS, quota_bands
from gui.panels.timeline.time_axis import NightRange
from gui.translation import tr_phrase
from state.timeline_queries import TimelineEvent


@dataclass(frozen=True, kw_only=True)
class NightEstimates:
    """When jobs may start and end, and runs may end, by their ids."""

    jobs: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    runs: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    """How far earlier estimates were off, in words; empty where too few were checked."""

    @property
    def last(self) -> float | None:
        """The last moment that anything is expected at."""
        return max((end for _, end in self.jobs.values()), default=None)


NO_ESTIMATES = NightEstimates()


def estimates_of(forecast: Forecast) -> NightEstimates:
    """What a forecast says of jobs and runs; without a history of its step a job has no estimate."""
    error = error_phrase(forecast.errors.typical)
    known = [one for one in forecast.jobs.values() if one.ends_at is not None and one.basis is Basis.MEASURED]
    return NightEstimates(
        jobs={one.job_id: (one.starts_at or forecast.made_at, one.ends_at or 0.0) for one in known},
        runs={run_id: run.ends_at for run_id, run in forecast.runs.items() if run.ends_at is not None},
        error="" if error is None else tr_phrase(error),
    )


@dataclass(frozen=True, kw_only=True)
class _AboveRows:
    """What stands above the rows and changes with the past alone; `timed` are the events that name an end."""

    slots: tuple[tuple[float, int], ...]
    notable: tuple[NotableEvent, ...]
    timed: tuple[TimelineEvent, ...]
    sleeps: tuple[Sleep, ...]


class NightBuilder:
    """Makes a `Night` of the projection, the cards and what was read of the past."""

    def __init__(self, projection: Projection, cards: CardsModel) -> None:
        self._projection, self._cards = projection, cards
        self._past: IndexedPast = NO_PAST
        self._estimates = NO_ESTIMATES
        self._rows: dict[WorkstreamKey, NightRow] = {}
        self._stale: dict[WorkstreamKey, None] = {}
        self._waits: WaitFacts | None = None
        self._above: _AboveRows | None = None

    @property
    def past(self) -> IndexedPast:
        """What was read of the past."""
        return self._past

    @property
    def is_done(self) -> bool:
        """Whether every row is up to date."""
        return not self._stale

    def first_start(self, since: float) -> float | None:
        """When the first attempt after a moment began."""
        starts = (attempt.started_at for attempt in self._past.past.attempts)
        return min((at for at in starts if at >= since), default=None)

    def put_past(self, past: IndexedPast) -> None:
        """Use what was read; only rows that it changes are made again."""
        before, self._past, self._waits, self._above = self._past, past, None, None
        if past.past.since != before.past.since:
            self.touch_all()
            return
        for job_id, found in past.attempts.items():
            if found != before.attempts.get(job_id):
                self._touch_job(job_id)
        for job_id, moves in past.moves.items():
            if len(moves) != len(before.moves.get(job_id, ())):
                self._touch_job(job_id)
        self.touch(key for key, found in past.stream_moves.items() if found != before.stream_moves.get(key))

    def put_estimates(self, estimates: NightEstimates) -> None:
        """Use other estimates; only rows that they change are made again."""
        before, self._estimates = self._estimates, estimates
        for job_id in {*before.jobs, *estimates.jobs}:
            if before.jobs.get(job_id) != estimates.jobs.get(job_id):
                self._touch_job(job_id)

    @property
    def estimates(self) -> NightEstimates:
        """The estimates in use."""
        return self._estimates

    def touch(self, keys: Iterable[WorkstreamKey]) -> None:
        """Make the rows of these workstreams again."""
        self._stale.update(dict.fromkeys(keys))

    def touch_open(self) -> None:
        """Make the rows of all workstreams again that have something left to do: why they wait may differ."""
        self._waits = None
        self.touch(card.key for card in self._cards.cards() if card.is_open)

    def touch_all(self) -> None:
        """Make all rows again."""
        self._waits = self._above = None
        self._rows = {}
        self.touch(self._projection.workstreams)

    def work(self, now: float, budget_s: float) -> None:
        """Make rows again until there are none left to make, or the time is used up."""
        deadline = time.perf_counter() + budget_s
        explainer: Explainer | None = None
        while self._stale and time.perf_counter() < deadline:
            key, _ = self._stale.popitem()
            card, stream = self._cards.card(key), self._projection.workstreams.get(key)
            if card is None or stream is None:
                self._rows.pop(key, None)
                continue
            if explainer is None:
                explainer = self._projection.explainer(now)
            jobs = self._projection.jobs_of(key)
            past = self._past
            self._rows[key] = row_of(
                RowFacts(
                    card=card,
                    workstream=stream,
                    jobs=jobs,
                    attempts=past.attempts,
                    moves=past.moves,
                    stream_moves=past.stream_moves.get(key, ()),
                    waits=self._wait_facts(now),
                    wait_of=explainer.wait,
                    estimates=self._estimates.jobs,
                    since=min(past.past.since, now),
                    now=now,
                )
            )

    def rows(self, now: float, shown: NightRange, limits: PanelFilter) -> list[tuple[Card, NightRow]]:
        """What passes, and has something left to do, or did something in the stretch of time shown."""
        return [
            (card, row)
            for card in self._cards.cards()
            if (row := self._rows.get(card.key)) is not None
            and card.passes(limits)
            and (_is_open(card) or row.covers(shown.start, shown.end, now))
        ]

    def night(self, rows: list[tuple[Card, NightRow]], now: float, *, grouping: Grouping) -> Night:
        """All of it as of `now`, with these rows."""
        past, projection = self._past.past, self._projection
        if self._above is None:
            self._above = _AboveRows(
                slots=slots_in_use(past.attempts, now),
                notable=tuple(notable_events(past.events, names=projection.names)),
                timed=tuple(event for event in past.events if event.until is not None),
                sleeps=tuple(
                    Sleep(one.since, one.at)
                    for one in past.events
                    if one.event_type == "engine.slept" and one.since is not None
                ),
            )
        bands = quota_bands(past.usage, self._above.timed, projection.jobs.values(), now=now)
        return Night(
            groups=groups_of(
                rows,
                projection.runs,
                cards=self._cards.cards(),
                grouping=grouping,
                ends=self._estimates.runs,
                now=now,
            ),
            bands=tuple(bands[:MOST_BANDS]),
            more_accounts=max(0, len(bands) - MOST_BANDS),
            slots=self._above.slots,
            slot_limit=projection.slots(),
            notable=self._above.notable,
            due=due_marks(projection.recurring, now),
            sleeps=self._above.sleeps,
        )

    def row(self, key: WorkstreamKey) -> NightRow | None:
        """The row of a workstream, shown or not."""
        return self._rows.get(key)

    def _touch_job(self, job_id: str) -> None:
        job = self._projection.jobs.get(job_id)
        if job is not None:
            self.touch([(job.run_id, job.ws_id)])

    def _titles(self) -> dict[WorkstreamKey, str]:
        names = self._projection.names
        return {key: names.distinct(key) for key in self._projection.workstreams}

    def _wait_facts(self, now: float) -> WaitFacts:
        if self._waits is None:
            past, jobs = self._past, self._projection.jobs
            since = min(past.past.since, now)
            self._waits = WaitFacts(
                jobs=jobs,
                titles=self._titles(),
                holds=past.holds,
                no_engine=without_engine(past.past.lives, since, now) if past is not NO_PAST else (),
                writers=writers_of(past.past.attempts, jobs),
            )
        return self._waits


def _is_open(card: Card) -> bool:
    return card.is_open or card.needs_you
