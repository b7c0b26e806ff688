"""What an engine reads and writes about branches that would conflict."""

from collections.abc import Sequence

from engine.state_store.store_access import StoreAccess
from state import conflict_queries
from state.worktree_records import PredictedConflict, UnmergedBranch


class ConflictStore:
    """The unmerged branches of a home and the conflicts that are predicted between them."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self._ledger = access, access.ledger

    def change_stamp(self) -> int:
        """A number that differs once a branch may have been added, moved or merged."""
        return self._access.change_stamp(*conflict_queries.READ)

    def unmerged_branches(self) -> list[UnmergedBranch]:
        """The branches that are still to be merged."""
        return self._access.read(conflict_queries.unmerged_branches)

    def predicted(self) -> list[PredictedConflict]:
        """The conflicts that are recorded."""
        return self._access.read(conflict_queries.predicted_conflicts)

    def record(
        self, found: Sequence[PredictedConflict], *, gone: Sequence[tuple[str, str, str, str]] = ()
    ) -> None:
        """Record what a rehearsal has found and what is gone, in one transaction."""
        self._ledger.conflicts.record(found, gone=gone)
