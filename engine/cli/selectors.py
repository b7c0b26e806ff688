"""Which jobs a command means, by id or by what they have in common, and doing it to each of them. Rules nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import typer

from engine.cli.home_session import HomeSession
from engine.cli.printing import complain, print_json, record_json, say
from engine.errors import CommandRefusedError, JobNotFoundError, SignalboxError
from engine.host.command_kind import CommandKind
from state import queries
from state.command_table import COMMAND_STATES
from state.records import Job, JobStatus


@dataclass(frozen=True, kw_only=True)
class JobSelector:
    """What jobs have in common; all of it where several things are named."""

    states: Sequence[str] | None = None
    run: str | None = None
    workstream: str | None = None
    tool: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything is named."""
        return any((self.states, self.run, self.workstream, self.tool))


def chosen(
    view: HomeSession, kind: CommandKind, job_ids: Sequence[str] | None, common: JobSelector
) -> list[str]:
    """The jobs a command was given: by id, or those that have something in common and that it can mean.

    Raises:
        CommandRefusedError: it can mean none of them.
        JobNotFoundError: there is no job of an id.
    """
    if job_ids:
        if common.says_something:
            told = "name jobs, or choose them with --state, --run, --workstream and --tool, not both."
            raise typer.BadParameter(told)
        for job_id in job_ids:
            if view.reader.read(queries.find_job, job_id) is None:
                raise JobNotFoundError(job_id)
        return list(dict.fromkeys(job_ids))
    if not common.says_something:
        raise typer.BadParameter("name jobs, or choose them with --state, --run, --workstream or --tool.")
    states = common.states or _offered(kind)
    found = view.list_jobs(
        view.moment(),
        states=states,
        run_id=common.run,
        workstream=common.workstream,
        tool=common.tool,
        limit=100_000,
    )
    if not found:
        raise CommandRefusedError(f"There are no jobs here that `{kind.name}` could mean.")
    return [job.job_id for job in found]


def _offered(kind: CommandKind) -> list[str]:
    """The states whose jobs a command means where it is given all that have something in common."""
    if kind.job_command is None:
        return []
    return [status.value for status in COMMAND_STATES[kind.job_command].offered]


def on_each(job_ids: Sequence[str], act: Callable[[str], Job], *, as_json: bool) -> None:
    """Do it to each job; one that refuses does not keep the others from it. Exit code 2 where any refused."""
    changed: list[Job] = []
    refused: dict[str, str] = {}
    for job_id in job_ids:
        try:
            changed.append(act(job_id))
        except SignalboxError as error:
            refused[job_id] = str(error)
    tell(changed, refused, as_json=as_json)


def tell(changed: Sequence[Job], refused: Mapping[str, str], *, as_json: bool) -> None:
    """Print what became of the jobs. Exit code 2 where any refused."""
    if as_json:
        print_json({"changed": [record_json(job) for job in changed], "refused": dict(refused)})
    else:
        for job in changed:
            stopping = job.status is JobStatus.RUNNING and job.cancel_requested_at is not None
            say(f"{job.job_id} is {'asked to stop' if stopping else job.status.value}.")
    for sentence in refused.values():
        complain(sentence)
    if refused:
        raise typer.Exit(2)
