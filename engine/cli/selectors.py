"""Select the jobs of a command, by id or by common properties, and apply the command to each of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import typer

from engine.cli.home_session import HomeSession
from engine.cli.printing import print_error, print_json, print_line, record_json
from engine.errors import CommandRefusedError, JobNotFoundError, SignalboxError
from engine.host.command_kind import CommandKind
from state import queries
from state.command_table import COMMAND_STATES
from state.database_errors import DatabaseError
from state.records import Job, JobStatus
from state.status_words import status_in_words

_BATCH = 100


@dataclass(frozen=True, kw_only=True)
class JobSelector:
    """Common properties of the selected jobs; all of them must match."""

    states: Sequence[str] | None = None
    run: str | None = None
    workstream: str | None = None
    tool: str | None = None

    @property
    def is_given(self) -> bool:
        """Whether any property is given."""
        return any((self.states, self.run, self.workstream, self.tool))


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
                "name jobs, or select them with --state, --run, --workstream and --tool, not both."
            )
        for job_id in job_ids:
            if session.reader.read(queries.find_job, job_id) is None:
                raise JobNotFoundError(job_id)
        return list(dict.fromkeys(job_ids))
    if not selector.is_given:
        raise typer.BadParameter("name jobs, or select them with --state, --run, --workstream or --tool.")
    states = selector.states or _offered(kind)
    found = session.list_jobs(
        session.snapshot(),
        states=states,
        run_id=selector.run,
        workstream=selector.workstream,
        tool=selector.tool,
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


def apply_to_each(
    session: HomeSession, job_ids: Sequence[str], act: Callable[[str], Job], *, as_json: bool
) -> None:
    """Apply the command to each job; a refusal does not stop the others. Exits with 2 if any was refused.

    Several jobs share a transaction: syncing the disk for each of thousands would take most of the time. An engine
    writes between the batches.
    """
    changed: list[Job] = []
    refused: dict[str, str] = {}
    for start in range(0, len(job_ids), _BATCH):
        batch = job_ids[start : start + _BATCH]
        try:
            with session.store.transaction():
                done, not_done = _each(batch, act)
        except DatabaseError as error:  # none of the batch was stored
            done, not_done = [], dict.fromkeys(batch, str(error))
        changed += done
        refused |= not_done
    print_outcome(changed, refused, as_json=as_json)


def _each(job_ids: Sequence[str], act: Callable[[str], Job]) -> tuple[list[Job], dict[str, str]]:
    changed: list[Job] = []
    refused: dict[str, str] = {}
    for job_id in job_ids:
        try:
            changed.append(act(job_id))
        except DatabaseError:
            raise
        except SignalboxError as error:
            refused[job_id] = str(error)
    return changed, refused


def print_outcome(changed: Sequence[Job], refused: Mapping[str, str], *, as_json: bool) -> None:
    """Print the result for each job. Exits with 2 if any was refused."""
    if as_json:
        print_json({"changed": [record_json(job) for job in changed], "refused": dict(refused)})
    else:
        for job in changed:
            stopping = job.status is JobStatus.RUNNING and job.cancel_requested_at is not None
            print_line(f"{job.job_id} {'is stopping' if stopping else status_in_words(job.status)}.")
    for sentence in refused.values():
        print_error(sentence)
    if refused:
        raise typer.Exit(2)
