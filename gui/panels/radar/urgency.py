"""Order workstreams by how much they need a person: the rows of the matrix, and who may have a label. Pure."""

from collections.abc import Collection, Sequence

from engine.scheduling.explainer import SHOWN_PRECEDENCE
from gui.panels.radar.pipeline_records import RadarLane, Survey, WorkstreamKey
from gui.panels.radar.stuck_files import StuckFiles

_RANK = {state: rank for rank, state in enumerate(SHOWN_PRECEDENCE)}
_NEEDS, _FAILED, _CONFLICT, _RUNNING, _STUCK, _WAITING, _DONE = range(7)
_RANK_OF_STATE = {
    "needsyou": _NEEDS,
    "quarantined": _NEEDS,
    "failed": _FAILED,
    "timeout": _FAILED,
    "running": _RUNNING,
    "completed": _DONE,
    "cancelled": _DONE,
    "skipped": _DONE,
}


def state_rank(state: str) -> int:
    """The urgency of a displayed state; 0 is the most urgent."""
    return _RANK.get(state, len(_RANK))


def by_urgency(survey: Survey, stuck: Sequence[StuckFiles]) -> list[RadarLane]:
    """The lanes in the order of the matrix; equally urgent ones keep the order of the disc.

    First those that need a person, then failed ones, real conflicts, running ones, those that are stuck (the longest
    first), waiting ones, and those that are done.
    """
    meeting = {side[:2] for one in survey.conflicts if one.is_real for side in (one.first, one.second)}
    since = {one.workstream: one.since for one in stuck}

    def key(lane: RadarLane) -> tuple[int, float]:
        rank = _rank(lane, meeting, is_stuck=lane.key in since)
        return rank, since[lane.key] if rank == _STUCK else 0.0

    return sorted(survey.lanes, key=key)


def _rank(lane: RadarLane, meeting: Collection[WorkstreamKey], *, is_stuck: bool) -> int:
    rank = _RANK_OF_STATE.get(lane.state, _WAITING)
    if rank > _CONFLICT and (lane.is_check_red or lane.key in meeting):
        return _CONFLICT
    return _STUCK if rank == _WAITING and is_stuck else rank
