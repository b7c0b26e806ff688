"""Resolves how the tools of jobs that start now run: jobs, rungs and defaults as the claiming transaction finds them.

Keeps what it has read, so that the claims are made of the same. Writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.jobfile.error_messages import sentence_of
from engine.jobfile.project_file import project_problem
from engine.jobfile.spec import JobSpec
from engine.scheduling.session_choice import SessionChoice
from engine.state_store.next_session import with_session
from engine.state_store.store_access import StoreAccess
from engine.tool_defaults import (
    ToolDefaults,
    tool_run,
    tools_in,
    unknown_account,
    with_permission,
    with_project_limits,
)
from engine.types import Permission, ToolRun
from state import attempt_queries, queries
from state.database import Connection
from state.ledger import AttemptRun
from state.records import NOTHING, Attempt, Job


class ClaimedRuns:
    """How the tools of the jobs of one claim run.

    Attributes:
        read: each job at its rung with how its tool runs, by the ids of the jobs.
        refused: why the other jobs cannot be run as their files say.
        earlier: the attempts of jobs that have started before, oldest first and without their results.
    """

    def __init__(self, access: StoreAccess, accounts: Mapping[str, str | None] = NOTHING) -> None:
        """`accounts` are those that the jobs use, by the ids of the jobs; another job uses its own."""
        self._access, self._accounts = access, accounts
        self.read: dict[str, tuple[JobSpec, ToolRun]] = {}
        self.refused: dict[str, str] = {}
        self.earlier: Mapping[str, Sequence[Attempt]] = {}
        self._choices: dict[str, SessionChoice] = {}
        self._projects: dict[Path, _Project] = {}

    def describe(self, connection: Connection, jobs: Sequence[Job]) -> Mapping[str, AttemptRun]:
        """What the rows of the attempts record."""
        specs = queries.job_specs(connection, [job.job_id for job in jobs])
        again = [job.job_id for job in jobs if job.attempts]
        self.earlier = attempt_queries.attempts_so_far(connection, again) if again else {}
        for job in jobs:
            self._read(job, specs[job.job_id])
        return {
            job_id: _recorded(spec, run, self._choices[job_id]) for job_id, (spec, run) in self.read.items()
        }

    def _read(self, job: Job, stored: Mapping[str, Any]) -> None:
        try:
            spec = JobSpec.model_validate(stored).at_rung(job.rung, job.tool)
            account = self._accounts.get(job.job_id, job.account)
            project = self._project(spec.repo_root)
            if problem := project.problem or unknown_account(spec, account, project.tools):
                self.refused[job.job_id] = problem
                return
            run = self._run(spec, project.tools, account)
            run, choice = with_session(job, spec, run, self.earlier.get(job.job_id, ()), project.tools)
            self.read[job.job_id] = (with_permission(with_project_limits(spec), run.permission), run)
            self._choices[job.job_id] = choice
        except ValidationError as error:
            problem = sentence_of(error, stored)
            self.refused[job.job_id] = f"This release cannot read its job file: {problem}."

    def _run(self, spec: JobSpec, tools: Mapping[str, ToolDefaults], account: str | None) -> ToolRun:
        run = tool_run(spec, tools, account=account)
        if run.permission is not Permission.FULL:
            return run
        without = tool_run(spec, self._access.settings().tools, account=account)
        return replace(run, full_by_project=without.permission is not Permission.FULL)

    def _project(self, repo: Path) -> "_Project":
        if repo not in self._projects:
            tools = tools_in(repo, self._access.settings().tools)
            self._projects[repo] = _Project(tools, project_problem(repo))
        return self._projects[repo]


@dataclass(frozen=True)
class _Project:
    """What the project file of a repository comes to: the defaults of the tools there, or why it cannot be used."""

    tools: Mapping[str, ToolDefaults]
    problem: str


def _recorded(spec: JobSpec, run: ToolRun, choice: SessionChoice) -> AttemptRun:
    """A command of the job's own has the permission that it takes."""
    has_permission = spec.command is None and spec.is_agent
    return AttemptRun(
        account=run.account,
        model=run.model,
        permission=run.permission if has_permission else None,
        session_id=run.session_id,
        resumes=None if choice.resumed is None else choice.resumed.number,
        new_session=choice.new,
    )
