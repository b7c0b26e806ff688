"""Isolated workstreams whose steps have ended, as rows: what a review begins with. No repository, no process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.types import JobResult
from state import worktree_queries
from state.ledger import Ledger
from state.records import Origin, ReviewState, Run, Workstream
from state.worktree_records import Merge, MergeState, TreeState, Worktree

HEAD = "a" * 40
STEPS: Sequence[dict[str, Any]] = (
    {"job_id": "edit", "tool": "claude", "prompt": "Round once."},
    {"job_id": "test", "tool": "shell", "command": {"exe": "true"}},
)


class FinishedWork:
    """One workstream, `r1/cart`, with an edit step and a test step; `done` ends both well."""

    def __init__(
        self,
        store: JobStateStore,
        *,
        run_id: str = "r1",
        ws_id: str = "cart",
        steps: Sequence[dict[str, Any]] = STEPS,
        needs_review: bool = True,
        target: str | None = "main",
        repo: str = "/srv/shop",
        base: str = "b" * 40,
    ) -> None:
        self.store, self.run_id, self.ws_id, self.repo = store, run_id, ws_id, repo
        self.ledger = Ledger(store.database)
        stream = Workstream(
            run_id=run_id,
            ws_id=ws_id,
            title="Round money once",
            review=ReviewState.WORKING,
            needs_review=needs_review,
        )
        self.ledger.jobs.create_run(Run(run_id=run_id, title="Shop"), [stream])
        self.ledger.worktrees.enter(
            Worktree(
                run_id=run_id,
                ws_id=ws_id,
                repo=repo,
                path=f"/srv/worktrees/{run_id}/{ws_id}",
                branch=f"signalbox/{run_id}/{ws_id}",
                base_commit=base,
                target=target,
                state=TreeState.READY,
            )
        )
        self.job_ids = [self._accept(step, place, ws_id=ws_id) for place, step in enumerate(steps)]

    def _accept(self, step: dict[str, Any], place: int, *, ws_id: str) -> str:
        job_id = step["job_id"] if ws_id == "cart" else f"{ws_id}-{step['job_id']}"
        before = [] if place == 0 else [self.store.list_jobs(self.run_id)[-1].job_id]
        spec = job_from_mapping(
            {
                **step,
                "job_id": job_id,
                "run_id": self.run_id,
                "workstream_id": ws_id,
                "metadata": {"depends_on": before},
            },
            base=Path(self.repo),
        )
        accepted = Accepted(spec=spec, digest=spec.digest())
        self.store.accept([accepted], origin=Origin.API, run_id=self.run_id)
        return job_id

    def end(self, job_id: str, *, success: bool = True, **metadata: Any) -> None:
        """End an attempt of a step from outside."""
        self.store.mark_job_running(job_id)
        code = 0 if success else 1
        self.store.update_job_result(
            {"job_id": job_id}, JobResult(exit_code=code, success=success, metadata=metadata)
        )

    def done(self, head: str | None = HEAD) -> "FinishedWork":
        """End every step well, and commit the work on its branch."""
        for job_id in self.job_ids:
            self.end(job_id)
        self.commit(head)
        return self

    def commit(self, head: str | None) -> None:
        """Have the branch at this commit."""
        self.ledger.worktrees.change(self.run_id, self.ws_id, head=head)

    def returned_from_the_queue(self, state: MergeState, reason: str, *, files: str = "[]") -> list[Merge]:
        """Have the merge queue return the approved work."""
        with self.ledger.transaction() as connection:
            connection.exec_driver_sql(
                "UPDATE merges SET state = ?, reason = ?, files_json = ?", (state, reason, files)
            )
            self.ledger.reviews.move(connection, self.stream, ReviewState.WAITING)
            return worktree_queries.newest_merges(connection, [self.run_id])

    @property
    def stream(self) -> Workstream:
        """The workstream as it is."""
        found = self.store.get_workstream(self.ws_id, run_id=self.run_id)
        assert found is not None
        return found
