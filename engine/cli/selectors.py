"""Select the jobs of a command, by id or by common properties."""

from collections.abc import Sequence
from dataclasses import dataclass

import typer

from engine.cli.home_session import HomeSession
from engine.cli.options import SHOWN_STATES
from engine.errors import CommandRefusedError, JobNotFoundError
from engine.host.command_kind import CommandKind
from state import queries
from state.command_table import COMMAND_STATES


@dataclass(frozen=True, kw_only=True)
class JobSelector:
    """Common properties of the selected jobs; all of them must match."""

    states: Sequence[str] | None = None
    run: str | None = None
    workstream: str | None = None
    tool: str | None = None
    labels: Sequence[str] | None = None

    @property
    def is_given(self) -> bool:
        """Whether any property is given."""
        return any((self.states, self.run, self.workstream, self.tool, self.labels))


def selected_jobs(
    session: HomeSession, kind: CommandKind, job_ids: Sequence[str] | None, selector: JobSelector
) -> list[str]:
    """The ids of the jobs a command applies to: those named, or those the selector matches.

    Raises:
        CommandRefusedError: the selector matches no job that the command applies to.
        JobNotFoundError: there is no job with a given id.
    """
    if job_ids:
        if selector.is_given:
            raise typer.BadParameter(
                "name jobs, or select them with --state, --run, --workstream, --tool and --label, not both."
            )
        known = session.plain.read(queries.known_job_ids, job_ids)
        unknown = [job_id for job_id in dict.fromkeys(job_ids) if job_id not in known]
        if len(unknown) > 1:
            listed = ", ".join(map(repr, unknown))
            raise CommandRefusedError(
                f"There are no jobs {listed} here; `signalbox jobs` lists all jobs. Nothing was changed."
            )
        if unknown:
            raise JobNotFoundError(unknown[0])
        return list(dict.fromkeys(job_ids))
    if not selector.is_given:
        raise typer.BadParameter(
            "name jobs, or select them with --state, --run, --workstream, --tool or --label."
        )
    states = selector.states or _offered(kind)
    found = session.list_jobs(
        session.snapshot() if any(state in SHOWN_STATES for state in states) else None,
        states=states,
        run_id=selector.run,
        workstream=selector.workstream,
        tool=selector.tool,
        labels=selector.labels or (),
        limit=100_000,
    )
    if not found:
        raise CommandRefusedError(f"No job matches that `{kind.name}` applies to.")
    return [job.job_id for job in found]


def _offered(kind: CommandKind) -> list[str]:
    """The states of the jobs a command applies to when the selector names no state."""
    if kind.job_command is None:
        return []
    return [status.value for status in COMMAND_STATES[kind.job_command].offered]
