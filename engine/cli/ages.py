"""Ages as the command line takes them, ``12h``, ``30d``, ``8w``; and how long jobs have run."""

import re
from typing import Annotated

import typer

from state.records import Job, JobStatus

_UNITS = {"h": 3600.0, "d": 24 * 3600.0, "w": 7 * 24 * 3600.0}


def _checked_age(value: str | None) -> str | None:
    """The callback of an option: refuses what is not an age."""
    if value is not None and not re.fullmatch(r"[0-9]{1,5}[hdw]", value):
        raise typer.BadParameter(f"{value!r} is not an age; use a form such as 12h, 30d or 8w.")
    return value


def seconds_of(age: str) -> float:
    """The seconds of an age that was checked."""
    return int(age[:-1]) * _UNITS[age[-1]]


def elapsed(job: Job, now: float) -> float | None:
    """How long the job has run; None when it has not started or waits again."""
    if job.started_at is None or job.status in {JobStatus.QUEUED, JobStatus.HELD}:
        return None
    return max((job.completed_at or now) - job.started_at, 0.0)


OlderThanOption = Annotated[
    str | None,
    typer.Option(
        "--older-than",
        metavar="AGE",
        callback=_checked_age,
        help="The age, such as 12h, 30d or 8w; by default that of the settings.",
    ),
]
