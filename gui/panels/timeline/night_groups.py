"""Group rows by run or repository under heads with their progress; slots in use over time. Pure, without Qt."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from engine.system.formatting import clock_minute
from engine.system.plain_text import escape_invisible
from gui.data.card import Card
from gui.data.cost_captions import cost_text
from gui.data.job_display import tally
from gui.data.state_of_cards import state_of_cards
from gui.panels.timeline.night_records import NightGroup, NightRow
from gui.panels.timeline.night_rows import about
from gui.translation import tr
from state.costs import Cost, total_cost
from state.records import Attempt, Run

_SATISFIED = frozenset({"completed", "skipped"})


class Grouping(StrEnum):
    """What the rows are grouped by."""

    RUN = "run"
    REPOSITORY = "repository"
    NONE = "none"


def groups_of(
    rows: Iterable[tuple[Card, NightRow]],
    runs: Mapping[str, Run],
    *,
    cards: Iterable[Card],
    grouping: Grouping = Grouping.RUN,
    ends: Mapping[str, float],
    now: float,
) -> tuple[NightGroup, ...]:
    """The groups: those with something left to do first, the newest run first; `ends` are estimated, by run.

    Their heads count all `cards`: a filter, or another stretch of time, hides rows and changes nothing of a run.
    """
    members: dict[str, list[tuple[Card, NightRow]]] = defaultdict(list)
    every: dict[str, list[Card]] = defaultdict(list)
    for card, row in rows:
        members[_key_of(card, grouping)].append((card, row))
    for card in cards:
        if (key := _key_of(card, grouping)) in members:
            every[key].append(card)
    groups = [
        _group(
            key,
            [row for _, row in found],
            every[key] or [card for card, _ in found],
            grouping=grouping,
            run=runs.get(key),
            end=ends.get(key),
            now=now,
        )
        for key, found in members.items()
    ]
    created = {group.key: max(_created(card, runs) for card, _ in members[group.key]) for group in groups}
    return tuple(sorted(groups, key=lambda group: (group.is_over, -created[group.key], group.key)))


def _key_of(card: Card, grouping: Grouping) -> str:
    match grouping:
        case Grouping.RUN:
            return card.run_id
        case Grouping.REPOSITORY:
            return card.repo
        case Grouping.NONE:
            return ""


def _created(card: Card, runs: Mapping[str, Run]) -> float:
    run = runs.get(card.run_id)
    return run.created_at if run else 0.0


def _group(
    key: str,
    members: Sequence[NightRow],
    cards: Sequence[Card],
    *,
    grouping: Grouping,
    run: Run | None,
    end: float | None,
    now: float,
) -> NightGroup:
    rows = tuple(members)
    if grouping is Grouping.NONE:
        return NightGroup(key="", rows=rows)
    states = [state for card in cards for state in card.steps]
    by_run = grouping is Grouping.RUN
    repos = list(dict.fromkeys(card.repo for card in cards if card.repo))
    title = cards[0].run_title if by_run else key or tr("Without a repository")
    return NightGroup(
        key=key,
        title=title if by_run else escape_invisible(title),
        detail=escape_invisible(", ".join(repos[:2])) if by_run else "",
        state=state_of_cards(cards),
        segments=tally(states),
        done=sum(state in _SATISFIED for state in states),
        total=len(states),
        outcome=_outcome(cards, run if by_run else None, end, now),
        rows=rows,
        is_over=bool(states)
        and all(state in _SATISFIED for state in states)
        and not any(c.is_open for c in cards),
    )


def _outcome(cards: Sequence[Card], run: Run | None, end: float | None, now: float) -> str:
    if any(card.is_open for card in cards):
        return tr("done by {at}", at=about(end, now)) if end is not None else ""
    cost = cost_text(total_cost(Cost.of(card.cost, card.cost_source) for card in cards))
    known = [card.since for card in cards if card.since is not None]
    ended = run.completed_at if run and run.completed_at else max(known, default=None)
    return ", ".join(
        part for part in (tr("ended {at}", at=clock_minute(ended)) if ended else "", cost) if part
    )


def slots_in_use(attempts: Iterable[Attempt], now: float) -> tuple[tuple[float, int], ...]:
    """From when on how many jobs ran at once, beginning with none."""
    changes: dict[float, int] = defaultdict(int)
    for attempt in attempts:
        changes[attempt.started_at] += 1
        changes[now if attempt.completed_at is None else attempt.completed_at] -= 1
    found, count = [], 0
    for at in sorted(changes):
        if changes[at]:
            count += changes[at]
            if at < now:
                found.append((at, count))
    return tuple(found)
