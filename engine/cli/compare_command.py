"""The command `compare`: what differs between two attempts of a job, as text or JSON. Changes nothing."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import JsonOption
from engine.cli.printing import print_json, print_line
from engine.cli.word_completion import job_ids
from engine.errors import SignalboxError
from engine.streams.attempt_comparison import (
    AttemptComparison,
    ComparedAttempts,
    LineRole,
    Topic,
    compare_attempts,
    comparison_lines,
    default_pair,
)
from engine.streams.compared_attempts import compared_attempts
from engine.system.formatting import plural
from state import attempt_queries, queries
from state.records import Attempt

_SIGNS = {LineRole.FIRST: "- ", LineRole.SECOND: "+ "}
_STYLES = {LineRole.FIRST: "red", LineRole.SECOND: "green", LineRole.NOTE: "dim"}


def compare(
    job_id: Annotated[str, typer.Argument(metavar="JOB", autocompletion=job_ids, help="The id of the job.")],
    *,
    attempts: Annotated[
        str | None,
        typer.Option(
            "--attempts",
            metavar="N,M",
            help="The numbers of the two attempts; by default the last two.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox compare`."""
    with opened(home) as session:
        found = compare_attempts(_pair(session, job_id, attempts))
    if as_json:
        print_json(_document(job_id, found))
        return
    print_line(f"Attempts {found.first.attempt.number} and {found.second.attempt.number} of {job_id}")
    for topic, lines in comparison_lines(found):
        print_line()
        print_line(topic.value, style="bold")
        for line in lines:
            print_line(f"{_SIGNS.get(line.role, '  ')}{line.text}", style=_STYLES.get(line.role, ""))


def _pair(session: HomeSession, job_id: str, attempts: str | None) -> ComparedAttempts:
    """The attempts to compare.

    Raises:
        SignalboxError: there is no such job, or it has not had these attempts.
    """
    job = session.plain.read(queries.find_job, job_id)
    if job is None:
        raise SignalboxError(f"There is no job {job_id!r} here; see `signalbox jobs`.")
    had = session.plain.read(attempt_queries.attempts_of, job_id)
    pair = default_pair(had) if attempts is None else _named(had, attempts)
    if pair is None:
        raise SignalboxError(f"{job_id} has had {plural(len(had), 'attempt')}; there are no two to compare.")
    return compared_attempts(session.reader, pair, folder=session.home.attempts)


def _named(had: Sequence[Attempt], words: str) -> tuple[Attempt, Attempt]:
    known = {str(attempt.number): attempt for attempt in had}
    named = [known.get(word.strip()) for word in words.split(",")]
    match named:
        case [Attempt() as first, Attempt() as second] if first is not second:
            return first, second
        case _:
            raise SignalboxError(
                f"--attempts {words} does not name two of its {plural(len(had), 'attempt')}; write --attempts 1,2"
            )


def _document(job_id: str, found: AttemptComparison) -> dict[str, Any]:
    return {
        "job_id": job_id,
        "attempts": [found.first.attempt.number, found.second.attempt.number],
        "differs": {str(fact.name): [str(fact.first), str(fact.second)] for fact in found.facts},
        "output_from_line": found.output_from,
        "prompt": [],
        **{
            topic.name.lower(): [{"of": line.role.value, "text": str(line.text)} for line in lines]
            for topic, lines in comparison_lines(found)
            if topic is not Topic.FACTS
        },
    }
