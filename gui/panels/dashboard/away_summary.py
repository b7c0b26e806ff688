"""What happened while a person was away, in figures and words. Pure, without Qt."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.system.formatting import short_duration
from gui.data.captions import time_span
from gui.data.cost_captions import cost_text
from gui.data.failure_cause import by_cause
from gui.figures import figure
from gui.translation import tr, tr_count
from state.costs import NO_COST, Cost
from state.records import GroupStatus, ReviewState
from state.span_queries import SpanRecords


@dataclass(frozen=True, slots=True)
class AwayFigure:
    """One number with its state and words; `short` are the words where there is little room."""

    state: str
    number: int
    words: str
    short: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AwaySummary:
    """Numbers of workstreams from `since` to `until`; of those that failed, how many causes there were."""

    since: float
    until: float
    merged: int = 0
    done: int = 0
    failed: int = 0
    causes: int = 0
    reviews: int = 0
    missed_runs: int = 0
    cost: Cost = NO_COST
    worked_s: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether nothing ended."""
        return not any((self.merged, self.done, self.failed, self.reviews, self.missed_runs))

    @property
    def figures(self) -> tuple[AwayFigure, ...]:
        """What is not zero."""
        return tuple(figure for figure in self._figures() if figure.number)

    @property
    def span(self) -> str:
        """From when to when."""
        return time_span(self.since, self.until)

    @property
    def spent(self) -> str:
        """The cost with how certain it is; empty where nothing was spent."""
        return cost_text(self.cost)

    @property
    def worked(self) -> str:
        """How long attempts ran, added up: ``3 h 12 m of work``."""
        return tr("{lasted} of work", lasted=short_duration(self.worked_s)) if self.worked_s >= 1 else ""

    @property
    def sentence(self) -> str:
        """Everything for a screen reader."""
        counted = [f"{figure(one.number)} {one.words}" for one in self.figures]
        parts = [tr("While you were away, {span}", span=self.span), *counted, self.spent, self.worked]
        return f"{', '.join(part for part in parts if part)}."

    def _figures(self) -> Iterator[AwayFigure]:
        yield AwayFigure("completed", self.merged, tr("merged"), tr("merged"))
        yield AwayFigure("completed", self.done, tr("done"), tr("done"))
        same_way = self.failed > 1 and self.causes == 1
        yield AwayFigure(
            "failed", self.failed, tr("failed the same way") if same_way else tr("failed"), tr("failed")
        )
        waits = tr_count("waits for review", "wait for review", self.reviews)
        yield AwayFigure("needsyou", self.reviews, waits, tr("to review"))
        missed = tr_count("recurring run missed", "recurring runs missed", self.missed_runs)
        yield AwayFigure("timeout", self.missed_runs, missed, tr("missed"))


def away_summary(records: SpanRecords, since: float, until: float) -> AwaySummary:
    """The summary of what happened in this span."""
    streams = records.workstreams
    ended = [stream for stream in streams if _is_within(stream.completed_at, since, until)]
    waiting = [stream for stream in streams if _is_within(stream.waits_since, since, until)]
    return AwaySummary(
        since=since,
        until=until,
        merged=sum(stream.review is ReviewState.MERGED for stream in ended),
        done=sum(
            stream.review is ReviewState.NONE and stream.status is GroupStatus.COMPLETED for stream in ended
        ),
        failed=len({(job.run_id, job.ws_id) for job in records.failed}),
        causes=len(by_cause(records.failed)),
        reviews=sum(stream.review is ReviewState.WAITING for stream in waiting),
        missed_runs=records.missed_runs,
        cost=records.cost,
        worked_s=records.worked_s,
    )


def _is_within(at: float | None, since: float, until: float) -> bool:
    return at is not None and since <= at < until
