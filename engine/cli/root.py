"""All commands by name, and what they have in common: the home, exit codes, errors as sentences."""

import sys
from typing import Annotated, Any

import typer

from engine.cli import (
    hold_commands,
    job_commands,
    log_commands,
    maintenance_commands,
    queue_commands,
    run_commands,
    settings_commands,
    show_commands,
    trust_commands,
    validate_commands,
)
from engine.cli.help_format import WholeSentences
from engine.cli.open_window import open_window
from engine.cli.options import HomeOption
from engine.cli.printing import is_done, print_error, print_line
from engine.cli.signals import INTERRUPTED
from engine.cli.submit import BadFilesError
from engine.cli.wait_command import WAIT_HELP, wait
from engine.errors import NotTrustedError, SignalboxError
from engine.host import commands
from engine.system.environment import check_variables
from engine.system.home import Home
from engine.system.inherited_signals import keep_from_children
from engine.system.standard_streams import Printing, make_safe
from state.database import Database

BAD_USE, NOT_TRUSTED, OUTPUT_LOST = 2, 3, 74
_QUEUE = frozenset({"run", "submit"})
_EXIT_CODES = (
    "Exit codes: 0 done, 1 a job failed or a check found a problem, 2 wrong use, 3 not trusted, 74 output could not be "
    "written and nothing was changed, 130 interrupted. What a command has done decides its code, printed or not."
)


class _Commands(WholeSentences):
    """Prints known errors as sentences; any other error is a bug and shows its traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            check_variables()
            return super().invoke(ctx)
        except NotTrustedError as error:
            print_error(str(error))
            raise typer.Exit(NOT_TRUSTED) from error
        except SignalboxError as error:
            print_error(str(error))
            if isinstance(error, BadFilesError):
                print_error(
                    "Nothing was queued." if ctx.invoked_subcommand in _QUEUE else "Nothing was changed."
                )
            raise typer.Exit(BAD_USE) from error
        except KeyboardInterrupt as error:
            raise typer.Exit(INTERRUPTED) from error


app = typer.Typer(
    name="signalbox",
    cls=_Commands,
    epilog=_EXIT_CODES,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # boxes and colours clutter pipes and wrap badly in a narrow terminal
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:  # noqa: FBT001 - Typer's callbacks are called so
    if value:
        from importlib.metadata import version  # noqa: PLC0415 - costs every other command 40 ms

        print_line(f"signalbox {version('signalbox')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def signalbox(
    ctx: typer.Context,
    *,
    home: HomeOption = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Signalbox, a desktop control room for AI-coding jobs. Without a command it opens the window."""
    if ctx.invoked_subcommand is None:
        open_window(Home.at(home))


for command in (
    run_commands.run, run_commands.submit, run_commands.engine, show_commands.status, show_commands.jobs,
    show_commands.show, log_commands.logs, validate_commands.validate, validate_commands.doctor, run_commands.demo,
    maintenance_commands.backup, maintenance_commands.prune, maintenance_commands.export,
):  # fmt: skip
    app.command()(command)

for verb, kind in (
    (job_commands.cancel, commands.CancelJobs.kind), (job_commands.retry, commands.RetryJobs.kind),
    (job_commands.hold, commands.HoldJobs.kind), (job_commands.release, commands.ReleaseJobs.kind),
    (job_commands.skip, commands.SkipJobs.kind), (queue_commands.priority, commands.SetPriority.kind),
    (queue_commands.move, commands.MoveInQueue.kind), (queue_commands.edit, commands.EditJob.kind),
    (hold_commands.pause, commands.Pause.kind), (hold_commands.resume, commands.Resume.kind),
    (hold_commands.drain, commands.Drain.kind),
):  # fmt: skip
    app.command(kind.name, help=kind.help)(verb)


app.command("wait", help=WAIT_HELP)(wait)
app.command("import")(maintenance_commands.import_)
app.add_typer(trust_commands.app, name="trust")
app.add_typer(hold_commands.limits, name="limits")
app.add_typer(hold_commands.ladders, name="ladders")
app.add_typer(settings_commands.app, name="settings")


def main() -> None:
    """Run the command line, and end the process with its exit code, whatever became of its output."""
    keep_from_children()
    printing = make_safe()
    try:
        app(prog_name="signalbox")
    except SystemExit as end:
        raise SystemExit(_exit_code(end.code, printing)) from None


def _exit_code(code: "str | int | None", printing: Printing) -> "str | int | None":
    """The code of the command: what it has done stands, printed or not. If its output was all there was to it, 74."""
    sys.stdout.flush()
    if not printing.problem:
        return code
    done = Database.has_written or is_done()
    after = " What it reports has been done; `signalbox status` shows it." if done and not code else ""
    print_error(f"Standard output could not be written: {printing.problem}.{after}")
    return code if done or code else OUTPUT_LOST
