"""Records of isolated workstreams whose branches are in a real repository."""

from collections.abc import Mapping
from dataclasses import replace

from engine.state_store.job_state_store import JobStateStore
from state.database import Database
from state.ledger import Ledger
from state.lifecycle import workstream_status
from state.records import GroupStatus, ReviewState, Run, Workstream
from state.worktree_records import UnmergedBranch


def enter_branches(database: Database, branches: Mapping[str, UnmergedBranch]) -> None:
    """Enter a workstream that waits for review, and its worktree, for each of these branches."""
    ledger = Ledger(database)
    for each in branches.values():
        run_id, ws_id = each.worktree.key
        stream = Workstream(run_id=run_id, ws_id=ws_id, review=ReviewState.WAITING, status=GroupStatus.REVIEW)
        ledger.jobs.create_run(Run(run_id=run_id), [stream])
        ledger.worktrees.enter(each.worktree)


def set_review(store: JobStateStore, ws_id: str, review: ReviewState, *, run_id: str = "r1") -> None:
    """Move a workstream to another state of its review."""
    writer = Ledger(store.database).conflicts._writer
    for each in (ReviewState.APPROVED, review) if review is ReviewState.MERGED else (review,):
        stream = store.get_workstream(ws_id, run_id=run_id)
        assert stream is not None
        with writer.transaction() as connection:
            status = workstream_status(GroupStatus.COMPLETED, each)
            writer.write_workstream(connection, replace(stream, review=each), status)
