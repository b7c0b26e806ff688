"""Group cards into lanes by repository or by run, and compute the facts of each lane. Pure functions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gui.data.card import Card
from gui.data.job_display import tally
from gui.translation import tr, tr_count
from state.costs import Cost, CostSource, total_cost
from state.records import Run

_SATISFIED = frozenset({"completed", "skipped"})


class Lanes(StrEnum):
    """How the board groups its cards into lanes."""

    NONE = "none"
    REPOSITORY = "repository"
    RUN = "run"


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardLane:
    """One lane: its name, the totals of its cards, and when its work began and ended (None while it continues)."""

    key: str
    title: str
    detail: str = ""
    segments: tuple[tuple[str, int], ...] = ()
    done: int = 0
    total: int = 0
    started_at: float | None = None
    ended_at: float | None = None
    cost: float | None = None
    cost_source: CostSource | None = None


def lane_key(card: Card, by: Lanes) -> str:
    """The key of the lane a card belongs to."""
    match by:
        case Lanes.REPOSITORY:
            return card.repo
        case Lanes.RUN:
            return card.run_id
        case Lanes.NONE:
            return ""


def lanes_of(cards: Iterable[Card], by: Lanes, runs: Mapping[str, Run]) -> list[BoardLane]:
    """The lanes of these cards: those with open work first, otherwise in the order of their first card.

    Without lanes it is one without a name or facts, as nothing shows them.
    """
    if by is Lanes.NONE:
        return [BoardLane(key="", title="")]
    gathered: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        gathered[lane_key(card, by)].append(card)
    lanes = [_lane(key, members, by, runs) for key, members in gathered.items()]
    return sorted(lanes, key=lambda lane: lane.ended_at is not None)


def _lane(key: str, cards: Sequence[Card], by: Lanes, runs: Mapping[str, Run]) -> BoardLane:
    states = [state for card in cards for state in card.steps]
    cost = total_cost(Cost.of(card.cost, card.cost_source) for card in cards)
    run_ids = list(dict.fromkeys(card.run_id for card in cards))
    began = [run.started_at for run_id in run_ids if (run := runs.get(run_id)) and run.started_at]
    title, detail = _names(key, cards, by, run_ids)
    return BoardLane(
        key=key,
        title=title,
        detail=detail,
        segments=tally(states),
        done=sum(state in _SATISFIED for state in states),
        total=len(states),
        started_at=min(began, default=None),
        ended_at=_ended(cards),
        cost=cost.usd,
        cost_source=cost.source,
    )


def _names(key: str, cards: Sequence[Card], by: Lanes, run_ids: Sequence[str]) -> tuple[str, str]:
    if by is Lanes.RUN:
        repos = list(dict.fromkeys(card.repo for card in cards if card.repo))
        return cards[0].run_title, ", ".join(
            [*repos, tr("run {key}", key=key)] if cards[0].run_title != key else repos
        )
    if len(run_ids) > 1:
        return key or tr("No repository"), tr_count("{n} run", "{n} runs", len(run_ids))
    title = cards[0].run_title
    run = tr("run {key}", key=run_ids[0])
    return key or tr("No repository"), run if title == run_ids[0] else f"{title}, {run}"


def _ended(cards: Sequence[Card]) -> float | None:
    if any(card.is_open for card in cards):
        return None
    return max((card.since for card in cards if card.since is not None), default=None)
