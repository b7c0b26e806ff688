"""Commands on the recorded history: backup, prune, export, import."""

import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.ages import OlderThanOption, seconds_of
from engine.cli.home_option import HomeOption
from engine.cli.interrupts import INTERRUPTED
from engine.cli.options import JsonOption
from engine.cli.printing import note_done, print_error, print_json, print_line, print_table, record_json
from engine.cli.progress_line import ProgressLine
from engine.cli.signals import ExitImmediately, StopRequests
from engine.errors import SignalboxError
from engine.host import restoring
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


def backup(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="Where to write the copy; by default to the backups of the home."
        ),
    ] = None,
    *,
    restore: Annotated[
        Path | None,
        typer.Option(
            "--restore",
            metavar="FILE",
            help="Restore this backup, and keep the present database under another name.",
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="List the backups.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox backup`."""
    paths = Home.existing(home) if restore is None else Home.at(home)
    if show:
        _list(paths, as_json=as_json)
        return
    if restore is not None:
        aside, running = restoring.restore(paths, restore.expanduser().absolute())
        note_done()
        moved = f" The previous database is now {aside}." if aside else ""
        still = f" Still running: {', '.join(job.job_id for job in running)}." if running else ""
        print_line(
            f"Restored {restore}.{moved}{still} The queue is paused: check it, then run `signalbox resume`."
        )
        return
    with closing(Database(paths.database, backups=paths.backups)) as database:
        copy = backups.take(paths, database, path)
    note_done()
    if as_json:
        print_json({"backup": str(copy)})
    else:
        print_line(str(copy))


def _list(paths: Home, *, as_json: bool) -> None:
    found = backups.newest_first(paths)
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
        print_line(
            f"There are no backups in {paths.backups} yet; `signalbox backup` makes one, and an engine makes one a day."
        )


def prune(
    *,
    older_than: OlderThanOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run/--now", help="Only list what would be deleted; --now deletes it.")
    ] = True,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox prune`."""
    paths = Home.existing(home)
    with closing(Database(paths.database, backups=paths.backups)) as database:
        before = time.time() - (seconds_of(older_than) if older_than else _keep_s(paths))
        found = (
            pruning.preview(paths, database, before=before) if dry_run else _pruned(paths, database, before)
        )
    if as_json:
        print_json(record_json(found, before=iso(before), before_epoch=before, dry_run=dry_run))
    elif not found.anything:
        print_line(f"There is nothing to delete that ended before {date_second(before)}.")
    elif dry_run:
        print_line(
            f"Would delete what ended before {date_second(before)}: {found.sentence}. Delete it with --now."
        )
    else:
        print_line(f"Deleted: {found.sentence}.")


class _InterruptedError(Exception):
    """A person wants the command to end."""


def _pruned(paths: Home, database: Database, before: float) -> pruning.PruneSummary:
    """Prune, show how far it is, and stop between two of its steps on Ctrl-C."""
    line, done, whole = ProgressLine(), pruning.PruneSummary(), pruning.PruneSummary()
    try:
        with StopRequests() as requests:

            def show(so_far: pruning.PruneSummary, all_of_it: pruning.PruneSummary) -> None:
                nonlocal done, whole
                done, whole = so_far, all_of_it
                jobs = f"{done.jobs:,} of {whole.jobs:,} jobs"
                line.show(f"{jobs} and {done.events:,} of {whole.events:,} events deleted")

            rest = partial(_rest, requests)
            return pruning.prune(paths, database, before=before, rest=rest, progress=show)
    except (_InterruptedError, ExitImmediately) as error:
        line.clear()
        print_error(
            f"Interrupted: {done.jobs:,} of {plural(whole.jobs, 'job')} and {done.events:,} of "
            f"{plural(whole.events, 'event')} were deleted. Run it again, and it goes on."
        )
        raise typer.Exit(INTERRUPTED) from error
    finally:
        line.clear()


def _rest(requests: StopRequests, seconds: float) -> None:
    if requests.requested:
        raise _InterruptedError
    time.sleep(seconds)


def _keep_s(paths: Home) -> float:
    with reading(paths) as reader:
        days = read_settings(reader.read(queries.all_settings)).settings.keep_history_days
    if not days:
        raise SignalboxError("The settings keep history forever; name the age with --older-than.")
    return days * pruning.DAY_S


def export(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="The id of a run.")],
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="A new folder; by default signalbox-RUN."),
    ] = None,
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox export`."""
    paths = Home.existing(home)
    with reading(paths) as reader:
        history = exports.gather(reader, run_id)
    if as_json and folder is None:
        print_json(exports.to_json(history))
        return
    target = (folder or Path(f"signalbox-{run_id}")).expanduser().absolute()
    try:
        exports.write(paths, history, target)
    except OSError as error:
        raise SignalboxError(f"{target} cannot be written: {error.strerror}.") from error
    note_done()
    counts = [plural(len(history.jobs), "job"), plural(len(history.attempts), "attempt")]
    print_line(f"Exported {', '.join(counts)} and {plural(len(history.events), 'event')} to {target}")


def import_(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that `export` has written.")],
    *,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox import`."""
    paths = Home.at(home)
    with closing(JobStateStore(home=paths)) as store:
        history = import_run(paths, store, folder.expanduser().absolute())
    print_line(f"Run {history.run.run_id} with {plural(len(history.jobs), 'job')} was imported as history.")
