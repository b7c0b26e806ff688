"""The words that a terminal completes: jobs, labels, recurring runs. Imports next to nothing before it has to."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

import typer

_Found = TypeVar("_Found")
_BUSY_MS = 1_000
_OFFERED = 200


def job_ids(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """The ids of the newest jobs that begin so."""
    from state import completion_queries  # noqa: PLC0415 - with SQLite, only to complete words

    newest = _read(ctx, partial(completion_queries.newest_job_ids, limit=_OFFERED)) or []
    yield from (job_id for job_id in newest if job_id.startswith(incomplete))


def known_labels(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """The labels that jobs have and that begin so."""
    from state import completion_queries  # noqa: PLC0415 - as above

    yield from (
        label for label in _read(ctx, completion_queries.used_labels) or () if label.startswith(incomplete)
    )


def recurring_names(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """The names of recurring runs that begin so."""
    from engine.jobfile.file_names import is_job_file_name  # noqa: PLC0415 - takes longer than a short command
    from engine.jobfile.yaml_folder import named_files  # noqa: PLC0415 - as above
    from engine.system.home import SCHEDULES  # noqa: PLC0415 - as above

    names = (path.stem for path in named_files(_home_of(ctx) / SCHEDULES, is_job_file_name))
    yield from (name for name in names if name.startswith(incomplete))


def _home_of(ctx: typer.Context) -> Path:
    from engine.system.home import default_home  # noqa: PLC0415 - as above

    named, before = ctx.params.get("home"), ctx.parent
    while not named and before is not None:
        named, before = before.params.get("home"), before.parent
    return Path(named) if named else default_home()


def _read(ctx: typer.Context, query: Callable[..., _Found]) -> _Found | None:
    """What a query finds; None where nothing can be read, since completing a word must not print errors."""
    from engine.errors import SignalboxError  # noqa: PLC0415 - as above
    from engine.system.home import Home  # noqa: PLC0415 - as above
    from state.plain_reader import PlainReader  # noqa: PLC0415 - as above

    root = _home_of(ctx)
    if not (root / "signalbox.db").exists():
        return None
    try:
        home = Home.at(root)
        with closing(PlainReader(home.database, backups=home.backups, busy_ms=_BUSY_MS)) as reader:
            return reader.read(query)
    except SignalboxError:
        return None
