"""Apply a command to many jobs in short transactions, show how far it is, and stop between two of them on Ctrl-C.

A batch is stored whole or not at all: every job is done or untouched, whenever the command is stopped.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import typer

from engine.cli.interrupts import INTERRUPTED
from engine.cli.printing import print_error, print_json, print_lines, record_json
from engine.cli.progress_line import ProgressLine
from engine.cli.signals import ExitImmediately, StopRequests, exit_immediately
from engine.state_store.job_requests import BATCH
from state.database_errors import DatabaseError
from state.records import Job, JobStatus
from state.status_words import status_in_words
from state.write_commands import Applied


def apply_to_each(
    job_ids: Sequence[str],
    apply: Callable[[Sequence[str]], Applied],
    *,
    as_json: bool,
    sentence: Callable[[Job], str] | None = None,
) -> None:
    """Apply the command to each job, a batch at a time; a refusal does not stop the others.

    `sentence` says what became of a job; by default it is its state.
    Exits with 2 if any job was refused, and with 130 if some were left untouched because a person stopped the command.
    """
    changed: list[Job] = []
    refused: dict[str, str] = {}
    with _stoppable(len(job_ids)) as go_on:
        for start in range(0, len(job_ids), BATCH):
            if not go_on(start):
                break
            done, not_done = _applied(job_ids[start : start + BATCH], apply)
            changed += done
            refused |= not_done
    left = len(job_ids) - len(changed) - len(refused)
    print_changed(changed, refused, as_json=as_json, sentence=sentence or _stands)
    if left:
        print_error(f"Interrupted: {left:,} of {len(job_ids):,} jobs are as they were.")
        raise typer.Exit(INTERRUPTED)
    if refused:
        raise typer.Exit(2)


def apply_to_all(apply: Callable[[], Sequence[Job]]) -> Sequence[Job]:
    """The jobs that a command on all of them or none has changed; a first Ctrl-C lets it end."""
    with _stoppable(0):
        return apply()


def _applied(
    batch: Sequence[str], apply: Callable[[Sequence[str]], Applied]
) -> tuple[Sequence[Job], dict[str, str]]:
    try:
        applied = apply(batch)
    except DatabaseError as error:  # none of the batch was stored
        return [], dict.fromkeys(batch, str(error))
    return applied.changed, {job_id: str(error) for job_id, error in applied.refused.items()}


@contextmanager
def _stoppable(total: int) -> Iterator[Callable[[int], bool]]:
    """What shows how many of `total` jobs are done and says whether to go on; a second signal exits at once."""
    progress = ProgressLine()
    try:
        with StopRequests() as requests:

            def go_on(done: int) -> bool:
                progress.show(f"{done:,} of {total:,} jobs")
                return not requests.requested

            yield go_on
    except ExitImmediately:
        progress.clear()
        print_error(
            "Exited at once: each job is as it was, or has been changed; `signalbox jobs` shows which."
        )
        exit_immediately()
    progress.clear()


def _stands(job: Job) -> str:
    return f"{job.job_id} {_state(job)}."


def print_changed(
    changed: Sequence[Job],
    refused: Mapping[str, str],
    *,
    as_json: bool,
    sentence: Callable[[Job], str] = _stands,
) -> None:
    """Print the result for each job, as a sentence or for programs."""
    if as_json:
        print_json({"changed": [record_json(job) for job in changed], "refused": dict(refused)})
    else:
        print_lines(map(sentence, changed))
    for refusal in refused.values():
        print_error(refusal)


def _state(job: Job) -> str:
    is_stopping = job.status is JobStatus.RUNNING and job.cancel_requested_at is not None
    return "is stopping" if is_stopping else status_in_words(job.status)
