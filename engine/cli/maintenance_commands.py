"""Commands that look after what was recorded: backup, prune, export, import."""

import re
import time
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import HomeOption, JsonOption
from engine.cli.printing import print_json, print_table, record_json, say
from engine.errors import SignalboxError
from engine.maintenance import backups, pruning
from engine.maintenance import export as exports
from engine.maintenance.home_invariants import reading
from engine.maintenance.import_run import import_run
from engine.settings import read_settings
from engine.state_store.job_state_store import JobStateStore
from engine.system.formatting import date_second, iso, plural, size
from engine.system.home import Home
from state import queries
from state.backup_check import problem_of
from state.database import Database

_UNITS = {"h": 3600.0, "d": 24 * 3600.0, "w": 7 * 24 * 3600.0}


def _age(value: str | None) -> str | None:
    if value is not None and _seconds(value) is None:
        raise typer.BadParameter(f"{value!r} is no age; say 12h, 30d or 8w.")
    return value


def _seconds(age: str) -> float | None:
    found = re.fullmatch(r"(\d{1,5})([hdw])", age)
    return None if found is None else int(found[1]) * _UNITS[found[2]]


def backup(
    path: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to; else into the backups of the home.")
    ] = None,
    *,
    restore: Annotated[
        Path | None,
        typer.Option(
            "--restore", metavar="FILE", help="Put this backup in place, and move the present file aside."
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="List the backups there are.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Copy the database while it is in use, or put a copy in its place again."""
    place = Home.at(home)
    if show:
        _list(place, as_json=as_json)
        return
    if restore is not None:
        aside = backups.restore(place, restore.expanduser().absolute())
        moved = f" The file that was there is {aside} now." if aside else ""
        say(f"{restore} is in place.{moved} The queue is paused: look at it, then `signalbox resume`.")
        return
    with closing(Database(place.database, backups=place.backups)) as database:
        said = backups.take(place, database, path)
    if as_json:
        print_json({"backup": str(said)})
    else:
        say(str(said))


def _list(place: Home, *, as_json: bool) -> None:
    found = backups.newest_first(place)
    if as_json:
        print_json([record_json(one, path=str(one.path), problem=problem_of(one.path)) for one in found])
        return
    rows = [
        (date_second(one.at), size(one.bytes), problem_of(one.path) or "sound", str(one.path))
        for one in found
    ]
    if rows:
        print_table(("TAKEN", "SIZE", "STATE", "FILE"), rows)
    else:
        say(
            f"There are no backups in {place.backups} yet; `signalbox backup` makes one, an engine one each day."
        )


def prune(
    *,
    older_than: Annotated[
        str | None,
        typer.Option(
            "--older-than", metavar="AGE", callback=_age, help="12h, 30d, 8w; else as the settings say."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run/--now", help="Only tell what would go; --now takes it away.")
    ] = True,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Take away old history: runs that are closed, their output, and events. What is open or needed still stays."""
    place = Home.at(home)
    with closing(Database(place.database, backups=place.backups)) as database:
        before = time.time() - (_seconds(older_than) if older_than else _kept_s(place))  # type: ignore[operator]  # checked above
        found = (pruning.preview if dry_run else pruning.prune)(place, database, before=before)
    if as_json:
        print_json(record_json(found, before=iso(before), before_epoch=before, dry_run=dry_run))
    elif not found.anything:
        say(f"Nothing that ended before {date_second(before)} can go.")
    elif dry_run:
        say(
            f"Would go, with all that ended before {date_second(before)}: {found.sentence}. Do it with --now."
        )
    else:
        say(f"Gone: {found.sentence}.")


def _kept_s(place: Home) -> float:
    with reading(place) as reader:
        days = read_settings(reader.read(queries.all_settings)).settings.keep_history_days
    if not days:
        raise SignalboxError("The settings keep history for ever; say how old it must be with --older-than.")
    return days * pruning.DAY_S


def export(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="The id of a run.")],
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="A folder to be made; else one called like the run."),
    ] = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Write a run with everything recorded of it and all its output into a folder; --json prints the records alone."""
    place = Home.at(home)
    with reading(place) as reader:
        history = exports.gather(reader, run_id)
    if as_json and folder is None:
        print_json(exports.to_json(history))
        return
    target = (folder or Path(f"signalbox-{run_id}")).expanduser().absolute()
    try:
        exports.write(place, history, target)
    except OSError as error:
        raise SignalboxError(f"{target} cannot be written: {error.strerror}.") from error
    told = [plural(len(history.jobs), "job"), plural(len(history.attempts), "attempt")]
    say(f"{', '.join(told)} and {plural(len(history.events), 'event')}: {target}")


def import_(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What `export` has written.")],
    *,
    home: HomeOption = None,
) -> None:
    """Take an exported run into this home as finished history. Nothing of it is started."""
    place = Home.at(home)
    with closing(JobStateStore(home=place)) as store:
        history = import_run(place, store, folder.expanduser().absolute())
    say(f"Run {history.run.run_id} with {plural(len(history.jobs), 'job')} is history here now.")
