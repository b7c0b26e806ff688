"""Options and arguments that several commands share, and how a terminal completes them."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from engine.errors import SignalboxError
from engine.system.home import SCHEDULES, Home, default_home
from state.job_notes import NoteRefusedError, checked_labels
from state.records import JobStatus

_Found = TypeVar("_Found")
_BUSY_MS = 1_000
_OFFERED = 200
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


def _job_ids(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    from state import queries  # noqa: PLC0415 - takes longer than a short command

    newest = _read(ctx, partial(queries.newest_job_ids, limit=_OFFERED)) or []
    yield from (job_id for job_id in newest if job_id.startswith(incomplete))


def known_labels(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """The labels that jobs have and that begin so."""
    from state import queries  # noqa: PLC0415 - takes longer than a short command

    yield from (label for label in _read(ctx, queries.used_labels) or () if label.startswith(incomplete))


def recurring_names(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """The names of recurring runs that begin so."""
    from engine.jobfile.file_names import is_job_file_name  # noqa: PLC0415 - takes longer than a short command
    from engine.jobfile.yaml_folder import named_files  # noqa: PLC0415 - as above

    names = (path.stem for path in named_files(_home_of(ctx) / SCHEDULES, is_job_file_name))
    yield from (name for name in names if name.startswith(incomplete))


def _home_of(ctx: typer.Context) -> Path:
    named, before = ctx.params.get("home"), ctx.parent
    while not named and before is not None:
        named, before = before.params.get("home"), before.parent
    return Path(named) if named else default_home()


def _read(ctx: typer.Context, query: Callable[..., _Found]) -> _Found | None:
    """What a query finds; None where nothing can be read, since completing a word must not print errors."""
    from state.plain_reader import PlainReader  # noqa: PLC0415 - only to complete words

    root = _home_of(ctx)
    if not (root / "signalbox.db").exists():
        return None
    try:
        home = Home.at(root)
        with closing(PlainReader(home.database, backups=home.backups, busy_ms=_BUSY_MS)) as reader:
            return reader.read(query)
    except SignalboxError:
        return None


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
    typer.Argument(metavar="JOB...", help="Job ids.", autocompletion=_job_ids, show_default=False),
]
JobId = Annotated[
    str, typer.Argument(metavar="JOB", help="Job id.", autocompletion=_job_ids, show_default=False)
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
