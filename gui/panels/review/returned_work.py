"""Work that the merge queue has returned, in words: what it ran into, and with which other workstream. Pure."""

from dataclasses import replace

from engine.review.evidence_summary import EvidenceSummary
from engine.system.plain_text import escape_invisible
from gui.data.captions import files_in_words
from gui.data.projection import Projection
from gui.panels.review.review_records import WorkstreamKey
from gui.translation import tr
from state.records import ReviewState
from state.worktree_records import Merge, MergeState


def returned_merge(projection: Projection, key: WorkstreamKey) -> Merge | None:
    """The merge that ended in a conflict or a red check, as long as the work waits and is what it was then."""
    merge, tree = projection.merges.get(key), projection.worktrees.get(key)
    waits = projection.workstreams[key].review is ReviewState.WAITING
    failed = merge is not None and merge.state in {MergeState.CONFLICT, MergeState.RED}
    is_new = merge is not None and tree is not None and merge.head == tree.head
    return merge if waits and failed and is_new else None


def returned_sentence(projection: Projection, key: WorkstreamKey) -> str:
    """What happened to it in the merge queue, and what approving it does; empty where nothing did."""
    merge = returned_merge(projection, key)
    if merge is None:
        return ""
    if merge.state is MergeState.RED:
        red = tr("The check was red on top of {target}; approving tries again", target=merge.target)
        return escape_invisible(red)
    files = files_in_words(merge.files)
    other = rival_of(projection, merge) or merge.target
    words = tr("Conflict with {name}; approving tries again", name=other)
    if files:
        words = tr("Conflict with {name} in {files}; approving tries again", name=other, files=files)
    return escape_invisible(words)


def rival_of(projection: Projection, merge: Merge) -> str:
    """The workstream merged last of those that changed a file in conflict too; empty where none is known."""
    changed = {
        (file.run_id, file.ws_id)
        for file in projection.files.values()
        if file.touched and file.path in merge.files
    }
    merged = [one for one in projection.merges.values() if _is_before(one, merge) and one.key in changed]
    if not merged:
        return ""
    return projection.names.workstream(max(merged, key=lambda one: (one.ended_at or 0.0, one.id)).key)


def with_rival(projection: Projection, key: WorkstreamKey, evidence: EvidenceSummary) -> EvidenceSummary:
    """The evidence with the name of the other workstream: ``price-rules also changed totals.py``."""
    merge = returned_merge(projection, key)
    rival = rival_of(projection, merge) if merge is not None else ""
    if merge is None or not rival or evidence.is_predicted or not evidence.conflict:
        return evidence
    return replace(
        evidence,
        conflict=tr("{name} also changed {files}", name=rival, files=files_in_words(merge.files)),
    )


def _is_before(one: Merge, merge: Merge) -> bool:
    same = (one.repo, one.target) == (merge.repo, merge.target)
    return same and one.key != merge.key and one.state is MergeState.MERGED
