"""What the command line says of workstreams whose work is complete: that a person has to review it, and how."""

from collections.abc import Collection

from engine.cli.home_session import HomeSession
from engine.system.formatting import plural
from state import queries
from state.records import ReviewState

_NAMED = 5


def review_line(session: HomeSession, run_ids: Collection[str]) -> str:
    """Which workstreams of these runs wait for review, and what to do next; empty if none does."""
    streams = [one for run_id in run_ids for one in session.plain.read(queries.workstreams_of, run_id)]
    waiting = [f"{one.run_id}/{one.ws_id}" for one in streams if one.review is ReviewState.WAITING]
    if not waiting:
        return ""
    verb = "waits" if len(waiting) == 1 else "wait"
    named = ", ".join(waiting[:_NAMED]) + (", …" if len(waiting) > _NAMED else "")
    return f"{plural(len(waiting), 'workstream')} {verb} for review ({named}): signalbox review"
