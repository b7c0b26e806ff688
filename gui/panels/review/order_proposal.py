"""A better order of the merge queue in words, from what git predicts. Pure."""

from engine.scheduling.merge_order import MergeFacts
from engine.scheduling.merge_proposal import OrderProposal, propose_orders
from engine.system.plain_text import escape_invisible
from gui.data.projection import Projection, WorkstreamKey
from gui.translation import tr, tr_count
from state.records import Workstream
from state.shown_names import ShownNames
from state.worktree_records import OPEN_MERGES


def merge_proposal(projection: Projection) -> str:
    """In which order fewer would be sent back for a conflict; empty where there is no better one."""
    merges = [merge for merge in projection.merges.values() if merge.state in OPEN_MERGES]
    if not projection.conflicts:
        return ""
    facts = MergeFacts(merges=merges, after={merge.key: _earlier(projection, merge.key) for merge in merges})
    found = propose_orders(facts, projection.conflicts.values())
    names = projection.names
    return escape_invisible(
        "; ".join(f"{target}: {_sentence(each, names)}" for (_, target), each in found.items())
    )


def _sentence(proposal: OrderProposal, names: ShownNames) -> str:
    last = tr(" and ").join(names.workstream(key) for key in proposal.last)
    if len(proposal.last) == 1:
        return tr_count(
            "{n} conflict fewer if {name} comes last.",
            "{n} conflicts fewer if {name} comes last.",
            proposal.fewer,
            name=last,
        )
    return tr_count(
        "{n} conflict fewer if {names} come last.",
        "{n} conflicts fewer if {names} come last.",
        proposal.fewer,
        names=last,
    )


def _earlier(projection: Projection, key: WorkstreamKey) -> list[Workstream]:
    """The other workstreams whose jobs its jobs depend on."""
    needed = [projection.jobs.get(job_id) for job in projection.jobs_of(key) for job_id in job.depends_on]
    keys = dict.fromkeys((job.run_id, job.ws_id) for job in needed if job is not None)
    return [projection.workstreams[each] for each in keys if each != key and each in projection.workstreams]
