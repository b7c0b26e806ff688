"""Workstreams with worktrees for tests: a small repository, coding tools that are lines of shell, the command line."""

import subprocess
from pathlib import Path
from typing import Any

from state import queries, worktree_queries
from state.database import Database
from state.database_reader import DatabaseReader
from state.records import Workstream
from state.worktree_records import Worktree, WorktreeSnapshot
from tests.helpers.attempts import git_caller
from tests.helpers.command_line import CommandLine
from tests.helpers.small_repository import small_repository


def agent(line: str, **more: Any) -> dict[str, Any]:
    """A step or job whose coding tool is a line of shell."""
    return {"tool": "aider", "prompt": "x", "command": {"exe": "/bin/sh", "args": ["-c", line]}, **more}


def shell(line: str, **more: Any) -> dict[str, Any]:
    """A step or job that is a line of shell."""
    return {"tool": "shell", "command": {"exe": "/bin/sh", "args": ["-c", line]}, **more}


class IsolatedWork:
    """A home and a repository, and what there is of isolated workstreams in both."""

    def __init__(self, folder: Path) -> None:
        self.signalbox = CommandLine(folder)
        self.repo = small_repository(folder / "repo")
        self.git = git_caller(self.repo)

    def job(self, line: str, job_id: str = "one", *, run: str = "run", **more: Any) -> dict[str, Any]:
        """A job in the repository, in the workstream `main` of a run."""
        paths = {"repo_root": str(self.repo)}
        return agent(line, job_id=job_id, run_id=run, paths=paths, **more)

    def run(self, *jobs: dict[str, Any], code: int = 0) -> str:
        """Run job files to the end; returns what is printed."""
        files = [self.signalbox.file(f"{job['job_id']}.json", job) for job in jobs]
        return self.signalbox("run", *files, code=code).out

    def run_pipeline(self, *workstreams: dict[str, Any], code: int = 0, **more: Any) -> str:
        """Run a pipeline whose run is called `run` to the end."""
        pipeline = {"title": "run", "run_id": "run", "repo": str(self.repo), "workstreams": [*workstreams]}
        return self.signalbox(
            "run", self.signalbox.file("pipeline.json", {**pipeline, **more}), code=code
        ).out

    def tree(self, ws_id: str = "main", run: str = "run") -> Worktree:
        found = self._read(worktree_queries.find_worktree, run, ws_id)
        assert isinstance(found, Worktree)
        return found

    def has_tree(self, ws_id: str = "main", run: str = "run") -> bool:
        return self._read(worktree_queries.find_worktree, run, ws_id) is not None

    def snapshots(self, ws_id: str = "main", run: str = "run") -> list[WorktreeSnapshot]:
        return list(self._read(worktree_queries.snapshots_of, run, ws_id))

    def stream(self, ws_id: str = "main", run: str = "run") -> Workstream:
        found = self._read(queries.find_workstream, ws_id, run)
        assert isinstance(found, Workstream)
        return found

    def content(self, commit: str | None, file: str = "hello.py") -> str:
        """A file as it is in a commit."""
        return self.git("show", f"{commit}:{file}")

    def status(self) -> str:
        """What git says of the user's own tree."""
        words = ["git", "status", "--porcelain", "--branch", "--untracked-files=all"]
        return subprocess.run(words, cwd=self.repo, capture_output=True, text=True, check=True).stdout

    def _read(self, query: Any, *arguments: Any) -> Any:
        database = Database(self.signalbox.home.database)
        reader = DatabaseReader(database)
        try:
            return reader.read(query, *arguments)
        finally:
            reader.close()
            database.close()
