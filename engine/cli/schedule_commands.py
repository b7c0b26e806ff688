"""Commands on recurring runs: list, add, remove, rename, pause, resume, run at once."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.bad_files import BadFilesError
from engine.cli.help_format import WholeSentences
from engine.cli.home_option import HomeOption
from engine.cli.home_session import opened
from engine.cli.options import GivenValues, JsonOption
from engine.cli.printing import note_done, print_error, print_json, print_line, print_table, timed
from engine.cli.template_commands import values_given
from engine.cli.word_completion import recurring_names
from engine.errors import CommandRefusedError, JobFileError, SignalboxError
from engine.jobfile.file_names import is_job_file_name
from engine.recurring.due_file import due_file
from engine.recurring.recurring_folder import (
    checked_run,
    remove_recurring_run,
    rename_recurring_run,
    save_recurring_run,
    switch_recurring_run,
)
from engine.recurring.recurring_rows import RecurringRow, next_due_times, queue_now, recurring_rows, valid_run
from engine.recurring.recurring_run import RecurringRun
from engine.recurring.recurring_trust import due_previews
from engine.system.formatting import date_minute
from engine.system.git import work_tree_root
from engine.system.home import SCHEDULES, Home
from engine.system.plain_text import escape_invisible
from engine.trust.policy import LaunchPreview

app = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
)
Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        autocompletion=recurring_names,
        help="The name of the recurring run.",
        show_default=False,
    ),
]

What = Annotated[
    str,
    typer.Argument(
        metavar="TEMPLATE|FILE", help="A template, or a job or pipeline file.", show_default=False
    ),
]
Every = Annotated[
    str,
    typer.Option(
        "--every",
        metavar="WHEN",
        help='When: "every night 22:00", "every monday 08:00", "every 15 minutes", or a cron expression.',
        show_default=False,
    ),
]
RepoFolder = Annotated[
    Path | None,
    typer.Option(
        "--repo",
        metavar="FOLDER",
        help="The repository its jobs work in; by default the one around this folder.",
        show_default=False,
    ),
]
Zone = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE",
        help="Whose clock counts, such as Europe/Berlin; by default that of this computer.",
        show_default=False,
    ),
]
IfMissedOption = Annotated[
    str, typer.Option(help="What becomes of a time that passes while no engine runs: once, or skip.")
]
IfRunningOption = Annotated[
    str, typer.Option(help="What becomes of a time at which the run before is not over: skip, or queue.")
]


@app.callback(invoke_without_command=True)
def schedules(ctx: typer.Context, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List the recurring runs, when each is due next, and what came of its last due time."""
    if ctx.invoked_subcommand is not None:
        return
    paths = Home.existing(home)
    rows = recurring_rows(paths.root, time.time())
    if as_json:
        print_json({"schedules": [_as_json(row) for row in rows]})
        return
    valid = [row for row in rows if row.run is not None]
    if valid:
        print_table(("NAME", "RUNS", "WHEN", "NEXT", "LAST"), [_cells(row) for row in valid])
    elif not rows:
        print_line(
            'Nothing recurs yet. `signalbox schedules add NAME TEMPLATE --every "every night 22:00"` has a template '
            f"or a job file run again and again; its file is kept in {paths.root / SCHEDULES}."
        )
    for row in rows:
        for error in () if row.error is None else row.error.every:
            print_error(escape_invisible(f"{row.path}: {error.in_file}"))


@app.command()
def add(
    name: Name,
    what: What,
    *,
    every: Every,
    given: GivenValues = None,
    repo: RepoFolder = None,
    timezone: Zone = None,
    if_missed: IfMissedOption = "once",
    if_running: IfRunningOption = "skip",
    home: HomeOption = None,
) -> None:
    """Have a template or a job file run again and again."""
    fields: dict[str, Any] = {"every": every, "if_missed": if_missed, "if_running": if_running}
    fields |= {} if timezone is None else {"timezone": timezone}
    fields |= _file_fields(what, repo) if _is_file(what) else _template_fields(what, repo, given or [])
    if _is_file(what) and given:
        raise CommandRefusedError("--set gives values to a template; a job file has none.")
    now, root = time.time(), Home.at(home).root
    run = _tried_out(root, name, fields=fields, what=what, now=now)
    save_recurring_run(root, name, fields=fields, now=now)
    note_done()
    times = ", ".join(date_minute(due) for due in next_due_times(run, now))
    print_line(f"{name} is due at {times} and so on, while a window or `signalbox engine` is open.")
    _report_trust(home, name, run=run, now=now)


def _report_trust(home: Path | None, name: str, *, run: RecurringRun, now: float) -> None:
    """Say that the runs will wait for trust, before a night passes without them."""
    previews: Sequence[LaunchPreview] = ()
    with (
        suppress(SignalboxError),
        opened(home) as session,
    ):  # the command itself is done; the next due time reports it
        settings = session.settings()
        previews = due_previews(session.home.root, run, name=name, settings=settings, now=now)
    if all(preview.granted for preview in previews):
        return
    meanwhile = "are skipped" if run.if_running == "skip" else "wait behind it"
    print_line(
        "What it starts is not trusted yet: its next run waits until you trust it, "
        f"and due times meanwhile {meanwhile}. `signalbox trust show --recurring {name}` shows what it starts, "
        f"and `signalbox trust grant --recurring {name}` trusts it now."
    )


def _tried_out(root: Path, name: str, *, fields: Mapping[str, Any], what: str, now: float) -> RecurringRun:
    """The recurring run of these fields, whose file could be made now."""
    try:
        run = checked_run(name, fields)
    except JobFileError as error:
        reasons = "; ".join(each.in_file for each in error.every)
        raise CommandRefusedError(f"{reasons}. Nothing was added.") from error
    try:
        due_file(root, run, name=name, at=now)
    except JobFileError as error:
        raise BadFilesError([(Path(error.file or what), each) for each in error.every]) from error
    return run


@app.command()
def remove(name: Name, *, home: HomeOption = None) -> None:
    """Remove a recurring run; what it has queued stays."""
    remove_recurring_run(Home.existing(home).root, name, now=time.time())
    note_done()
    print_line(f"Removed {name}.")


@app.command()
def rename(
    name: Name,
    to: Annotated[str, typer.Argument(metavar="NEW", help="The name it gets.", show_default=False)],
    *,
    home: HomeOption = None,
) -> None:
    """Give a recurring run another name; what was due is neither done again nor forgotten."""
    try:
        rename_recurring_run(Home.existing(home).root, name, to, now=time.time())
    except JobFileError as error:
        raise CommandRefusedError(f"{to!r} {error.reason}. Nothing was renamed.") from error
    note_done()
    print_line(f"{name} is called {to} from now on.")


@app.command()
def pause(name: Name, *, home: HomeOption = None) -> None:
    """Have a recurring run wait until it is resumed; nothing counts as missed meanwhile."""
    _switch(home, name, enabled=False)
    print_line(f"{name} is paused; `signalbox schedules resume {name}` lets it go on.")


@app.command()
def resume(name: Name, *, home: HomeOption = None) -> None:
    """Let a paused recurring run go on."""
    _switch(home, name, enabled=True)
    print_line(f"{name} goes on.")
    _report_trust(home, name, run=valid_run(Home.existing(home).root, name), now=time.time())


@app.command("run-now")
def run_now(name: Name, *, home: HomeOption = None) -> None:
    """Queue what recurs at once, besides its due times."""
    with opened(home) as session:
        inbox = session.settings().inbox_folder(session.home)
    try:
        run_id = queue_now(Home.existing(home).root, name, inbox=inbox, now=time.time())
    except JobFileError as error:
        raise BadFilesError([(Path(error.file or name), each) for each in error.every]) from error
    note_done()
    print_line(f"{run_id} is in the inbox. The window or `signalbox engine` takes it in.")
    _report_trust(home, name, run=valid_run(Home.existing(home).root, name), now=time.time())


def _switch(home: Path | None, name: str, *, enabled: bool) -> None:
    try:
        switch_recurring_run(Home.existing(home).root, name, enabled=enabled, now=time.time())
    except JobFileError as error:
        raise BadFilesError([(Path(error.file or name), each) for each in error.every]) from error
    note_done()


def _is_file(what: str) -> bool:
    return is_job_file_name(Path(what).name) or len(Path(what).parts) > 1


def _file_fields(what: str, repo: Path | None) -> dict[str, Any]:
    named = Path(what).expanduser().absolute()
    file = named.resolve() if named.is_symlink() else named  # at a due time no link is followed
    if not file.is_file():
        raise CommandRefusedError(f"{file} is no file. Name a template, or a job or pipeline file.")
    return {"file": str(file)} | ({} if repo is None else {"repo": str(repo.expanduser().absolute())})


def _template_fields(what: str, repo: Path | None, given: list[str]) -> dict[str, Any]:
    folder = Path.cwd() if repo is None else repo.expanduser().absolute()
    return {
        "template": what,
        "repo": str(work_tree_root(folder) or folder),
        "values": values_given(given),
    }


def _cells(row: RecurringRow) -> tuple[str, ...]:
    if row.run is None:
        return (row.name, "", "", "", "")
    due = "paused" if row.next_due is None else date_minute(row.next_due)
    zone = f" {row.run.timezone}" if row.run.timezone else ""
    return (row.name, row.run.what, f"{row.run.every}{zone}", due, str(row.last or "-"))


def _as_json(row: RecurringRow) -> dict[str, Any]:
    note = row.note
    return {
        "name": row.name,
        "file": str(row.path),
        "fields": None if row.run is None else row.run.model_dump(mode="json"),
        "errors": [
            {"line": each.line, "field": each.field, "reason": each.reason}
            for each in (() if row.error is None else row.error.every)
        ],
        **timed({"next_at": row.next_due, "last_at": None if note is None else note.due_at}),
        "last_result": None if note is None else note.result,
        "last_detail": str(note.reason or "") if note is not None else "",
        "last_run_id": None if note is None else note.run_id,
    }
