"""The facts of a selected attempt for the block at the foot of the Night. Pure functions, without Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.system.formatting import clock_second, exact_duration
from engine.system.plain_text import escape_invisible
from gui.data.attempt_captions import attempt_word
from gui.data.captions import added, removed, time_span
from gui.data.card import Card
from gui.data.cost_captions import cost_text
from gui.panels.timeline.night_rows import about
from gui.translation import tr, tr_count, tr_recorded
from gui.widgets.fact import Fact
from state.lifecycle import FINAL
from state.records import Attempt, Job


@dataclass(frozen=True, kw_only=True)
class SelectedAttempt:
    """An attempt with what its facts are made of; `later` are the open jobs that come after it in its workstream."""

    card: Card
    job: Job
    attempt: Attempt
    earlier: Sequence[Attempt] = ()
    later: Sequence[Job] = ()
    estimates: Mapping[str, tuple[float, float]]
    now: float


def facts_of(selected: SelectedAttempt) -> list[Fact]:
    """Six facts: tool, time, change, output, what was before and what comes then."""
    attempt = selected.attempt
    return [
        Fact(tr("Tool"), _tool(selected)),
        Fact(tr("Time"), _time(attempt, selected.now)),
        Fact(tr("Change"), _change(selected)),
        Fact(tr("Output"), escape_invisible(tr_recorded(attempt.summary)) or tr("nothing to say yet")),
        Fact(tr("Before"), _before(selected.earlier)),
        Fact(tr("Then"), _then(selected)),
    ]


def _tool(selected: SelectedAttempt) -> str:
    attempt = selected.attempt
    other = next((one.tool for one in reversed(selected.earlier) if one.tool != attempt.tool), "")
    parts = [attempt.tool, attempt.account or "", attempt.model or ""]
    if other:
        parts.append(tr("escalated from {tool}", tool=other))
    return ", ".join(escape_invisible(part) for part in parts if part)


def _time(attempt: Attempt, now: float) -> str:
    end = attempt.completed_at
    took = exact_duration((now if end is None else end) - attempt.started_at)
    if end is None:
        return tr("{start} to now, {took}", start=clock_second(attempt.started_at), took=took)
    return f"{time_span(attempt.started_at, end, precise=True)}, {took}"


def _change(selected: SelectedAttempt) -> str:
    card = selected.card
    lines = " ".join(part for part in (added(card.added), removed(card.removed)) if part)
    files = f"{tr_count('{n} file', '{n} files', card.files)} {lines}".strip() if card.files else ""
    cost = cost_text(selected.attempt.cost)
    return ", ".join(part for part in (files, cost) if part) or tr("nothing yet")


def _before(earlier: Sequence[Attempt]) -> str:
    if not earlier:
        return tr("the first attempt")
    last = earlier[-1]
    ended = tr_recorded(last.summary) or attempt_word(last.status)
    return f"{last.number}: {escape_invisible(ended)}"


def _then(selected: SelectedAttempt) -> str:
    names = [escape_invisible(job.step_name or job.tool) for job in selected.later if job.status not in FINAL]
    if not names:
        return tr("nothing more in this workstream")
    first = next(job for job in selected.later if job.status not in FINAL)
    expected = selected.estimates.get(first.job_id)
    steps = tr(", then ").join(names[:3])
    if expected is None:
        return steps
    return tr("{steps}, estimated to start at {at}", steps=steps, at=about(expected[0], selected.now))
