"""Resolves how the tools of jobs that start now run: jobs, rungs and defaults as the claiming transaction finds them.

Keeps what it has read, so that the claims are made of the same. Writes nothing.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.errors import CommandRefusedError
from engine.jobfile.error_messages import sentence_of
from engine.jobfile.known_projects import known_project
from engine.jobfile.spec import JobSpec
from engine.scheduling.session_choice import SessionChoice
from engine.state_store.next_session import with_session
from engine.state_store.store_access import StoreAccess
from engine.tool_defaults import (
    ToolDefaults,
    ruled_tools,
    tool_run,
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
        self._rows: dict[str, Mapping[str, Any]] = {}
        self._specs: dict[str, JobSpec] = {}

    def describe(self, connection: Connection, jobs: Sequence[Job]) -> Mapping[str, AttemptRun]:
        """What the rows of the attempts record."""
        specs = self._stored(connection, [job.job_id for job in jobs])
        again = [job.job_id for job in jobs if job.attempts]
        self.earlier = attempt_queries.attempts_so_far(connection, again) if again else {}
        for job in jobs:
            self._read(job, specs[job.job_id])
        return {
            job_id: _recorded(spec, run, self._choices[job_id]) for job_id, (spec, run) in self.read.items()
        }

    def repositories(self, connection: Connection, job_ids: Sequence[str]) -> Mapping[str, Path]:
        """The repositories that these jobs name, as far as this release can read their files."""
        found = {}
        for job_id, stored in self._stored(connection, job_ids).items():
            with suppress(ValidationError):
                found[job_id] = self._spec(job_id, stored).repo_root
        return found

    def _stored(self, connection: Connection, job_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        self._rows |= queries.job_specs(connection, [each for each in job_ids if each not in self._rows])
        return {job_id: self._rows[job_id] for job_id in job_ids if job_id in self._rows}

    def _spec(self, job_id: str, stored: Mapping[str, Any]) -> JobSpec:
        if job_id not in self._specs:
            self._specs[job_id] = JobSpec.model_validate(stored)
        return self._specs[job_id]

    def _read(self, job: Job, stored: Mapping[str, Any]) -> None:
        try:
            spec = self._spec(job.job_id, stored).at_rung(job.rung, job.tool)
            account = self._accounts.get(job.job_id, job.account)
            known = known_project(spec.repo_root)
            tools = ruled_tools(known.project, self._access.settings().tools)
            if problem := known.problem or unknown_account(spec, account, tools):
                self.refused[job.job_id] = problem
                return
            run = self._run(spec, tools, account)
            run, choice = with_session(job, spec, run, self.earlier.get(job.job_id, ()), tools)
            limited = with_project_limits(spec, known.project.limits)
            self.read[job.job_id] = (with_permission(limited, run.permission), run)
            self._choices[job.job_id] = choice
        except ValidationError as error:
            problem = sentence_of(error, stored)
            self.refused[job.job_id] = f"This release cannot read its job file: {problem}."
        except CommandRefusedError as error:
            self.refused[job.job_id] = str(error)

    def _run(self, spec: JobSpec, tools: Mapping[str, ToolDefaults], account: str | None) -> ToolRun:
        run = tool_run(spec, tools, account=account)
        if run.permission is not Permission.FULL:
            return run
        without = tool_run(spec, self._access.settings().tools, account=account)
        return replace(run, full_by_project=without.permission is not Permission.FULL)


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
