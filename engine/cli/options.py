"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.word_completion import job_ids, known_labels
from state.job_notes import NoteRefusedError, checked_labels
from state.records import JobStatus

SHOWN_STATES = ("waiting", "blocked", "quarantined")
"""States that are computed; `--state` accepts them like the stored ones."""
STATES = (*JobStatus, *SHOWN_STATES)


def _state(value: list[str] | None) -> list[str] | None:
    for word in value or ():
        if word not in STATES:
            raise typer.BadParameter(f"{word!r} is not a state; use one of {', '.join(STATES)}.")
    return value


def _labels(value: list[str] | None) -> list[str] | None:
    try:
        return list(checked_labels(value)) if value else value
    except NoteRefusedError as error:
        raise typer.BadParameter(str(error)) from None


def _states(incomplete: str) -> list[str]:
    return [word for word in STATES if word.startswith(incomplete)]


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
GivenValues = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="The value of a parameter; may be repeated.",
        show_default=False,
    ),
]
Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...", help="Job or pipeline files, or folders that contain them.", show_default=False
    ),
]
JobIds = Annotated[
    list[str] | None,
    typer.Argument(metavar="JOB...", help="Job ids.", autocompletion=job_ids, show_default=False),
]
JobId = Annotated[
    str, typer.Argument(metavar="JOB", help="Job id.", autocompletion=job_ids, show_default=False)
]
StateOption = Annotated[
    list[str] | None,
    typer.Option(
        "--state",
        metavar="STATE",
        callback=_state,
        autocompletion=_states,
        help="Only jobs in this state; may be repeated.",
        show_default=False,
    ),
]
RunOption = Annotated[
    str | None,
    typer.Option("--run", metavar="RUN", help="Only jobs of this run.", show_default=False),
]
WorkstreamOption = Annotated[
    str | None,
    typer.Option(
        "--workstream", metavar="WS", help="Only jobs of this workstream: WS or RUN/WS.", show_default=False
    ),
]
ToolOption = Annotated[
    str | None,
    typer.Option("--tool", metavar="TOOL", help="Only jobs of this tool.", show_default=False),
]
LabelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--label",
        metavar="LABEL",
        callback=_labels,
        autocompletion=known_labels,
        help="Only jobs with this label; may be repeated.",
        show_default=False,
    ),
]
ReasonOption = Annotated[
    str,
    typer.Option("--reason", metavar="TEXT", help="A reason, recorded with the event.", show_default=False),
]
CopyOption = Annotated[
    bool, typer.Option("--copy", help="Add jobs whose id already exists as copies under a new id.")
]
TrustOption = Annotated[
    bool,
    typer.Option(
        "--trust",
        help="You have reviewed the files: let their jobs start, even when nobody is at the terminal.",
    ),
]
PriorityOption = Annotated[
    str | None,
    typer.Option(
        "--priority",
        metavar="WORD|NUMBER",
        help="low, normal, high, urgent, or a number from -100 to 100.",
        show_default=False,
    ),
]
