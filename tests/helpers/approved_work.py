"""Finished, isolated workstreams on branches of a real repository, which are approved and so wait to be merged."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.types import JobResult
from state.ledger import Ledger
from state.records import Origin, ReviewState, Run, Workstream
from state.worktree_records import Merge, SeenWorkstream, TreeState, Worktree
from tests.helpers.attempts import git_caller


class ApprovedWork:
    """One run in a repository; `approve` adds a workstream whose branch writes some files."""

    def __init__(self, store: JobStateStore, repo: Path, *, run_id: str = "r1") -> None:
        self.store, self.repo, self.run_id = store, repo.resolve(), run_id
        self.git = git_caller(repo)
        self.ledger = Ledger(store.database)
        self.ledger.jobs.create_run(Run(run_id=run_id, title="Shop"), [])

    def add(
        self,
        ws_id: str,
        files: Mapping[str, str],
        *,
        after: Sequence[str] = (),
        needs_review: bool = True,
        priority: int = 0,
        origin: Origin = Origin.API,
        base: str = "main",
    ) -> str:
        """Finish a workstream whose branch writes these files on its base, and return its commit."""
        branch, head = f"signalbox/{self.run_id}/{ws_id}", self._commit(ws_id, files, base)
        stream = Workstream(
            run_id=self.run_id,
            ws_id=ws_id,
            title=f"Work of {ws_id}",
            review=ReviewState.WORKING,
            needs_review=needs_review,
        )
        with self.ledger.transaction() as connection:
            self.ledger.jobs._enter_workstream(connection, stream)
            self.ledger.worktrees.enter(
                Worktree(
                    run_id=self.run_id,
                    ws_id=ws_id,
                    repo=str(self.repo),
                    path=f"/nowhere/{self.run_id}/{ws_id}",
                    branch=branch,
                    base_commit=self.git("rev-parse", base),
                    target="main",
                    state=TreeState.READY,
                )
            )
        self._finish(ws_id, after, priority=priority, origin=origin)
        self.ledger.worktrees.change(self.run_id, ws_id, head=head)
        return head

    def approve(
        self, ws_id: str, files: Mapping[str, str], *, after: Sequence[str] = (), priority: int = 0
    ) -> str:
        """The same, and a person approves it."""
        head = self.add(ws_id, files, after=after, priority=priority)
        self.store.reviews.approve(SeenWorkstream(self.run_id, ws_id))
        return head

    def stream(self, ws_id: str) -> Workstream:
        """The workstream as it is."""
        found = self.store.get_workstream(ws_id, run_id=self.run_id)
        assert found is not None
        return found

    def merge(self, ws_id: str) -> Merge:
        """The newest merge of a workstream."""
        found = [*self.store.merges.ended(), *self.store.merges.queues()]
        return max((one.merge for one in found if one.merge.ws_id == ws_id), key=lambda merge: merge.id)

    def subjects(self, name: str = "main") -> Sequence[str]:
        """What was merged, newest first."""
        return self.git("log", "--first-parent", "--format=%s", name).splitlines()

    def _commit(self, ws_id: str, files: Mapping[str, str], base: str) -> str:
        tree = self.repo.parent / f"{self.repo.name}-{ws_id}"
        self.git("worktree", "add", "-q", "-b", f"signalbox/{self.run_id}/{ws_id}", str(tree), base)
        for name, content in files.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(content)
        git = git_caller(tree)
        git("add", "-A")
        git("commit", "-qm", f"Write {', '.join(files)}")
        self.git("worktree", "remove", "--force", str(tree))
        return self.git("rev-parse", f"signalbox/{self.run_id}/{ws_id}")

    def _finish(self, ws_id: str, after: Sequence[str], *, priority: int, origin: Origin) -> None:
        job_id = f"{self.run_id}-{ws_id}"
        job = {
            "job_id": job_id,
            "tool": "claude",
            "prompt": "Write it.",
            "run_id": self.run_id,
            "workstream_id": ws_id,
            "metadata": {
                "depends_on": [f"{self.run_id}-{other}" for other in after],
                "priority": priority,
            },
        }
        spec = job_from_mapping(job, base=self.repo)
        self.store.accept([Accepted(spec=spec, digest=spec.digest())], origin=origin, run_id=self.run_id)
        self.store.mark_job_running(job_id)
        self.store.update_job_result({"job_id": job_id}, JobResult(exit_code=0, success=True))
