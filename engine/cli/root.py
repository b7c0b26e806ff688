"""The command line as a whole: what all commands have in common, the home, exit codes, errors as sentences."""

import os
import sys
from typing import Annotated, Any

import typer

from engine.cli.command_list import COMMANDS
from engine.cli.home_option import HomeOption
from engine.cli.interrupts import INTERRUPTED
from engine.cli.lazy_commands import OWN_PROCESS, LazyGroup
from engine.system.inherited_signals import keep_from_children
from engine.system.standard_streams import Printing, make_safe

OUTPUT_LOST = 74
_EXIT_CODES = (
    "Exit codes: 0 done, 1 a job failed or a check found a problem, 2 wrong use, 3 not trusted, 74 output could not be "
    "written and nothing was changed, 130 interrupted. What a command has done decides its code, printed or not."
)


class _Commands(LazyGroup):
    """Prints known errors as sentences; any other error is a bug and shows its traceback."""

    table = COMMANDS

    def invoke(self, ctx: Any) -> Any:
        from engine.cli.known_errors import reported  # noqa: PLC0415 - help and completion need none of it
        from engine.system.environment import check_variables  # noqa: PLC0415 - as above

        with reported(ctx):
            check_variables()
            return super().invoke(ctx)


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

        from engine.cli.printing import print_line  # noqa: PLC0415 - as in `invoke`

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
        from engine.cli.open_window import open_window  # noqa: PLC0415 - commands need neither
        from engine.system.home import Home  # noqa: PLC0415 - as above

        open_window(Home.at(home))


def run() -> None:
    """Run the command line, and end the process with its exit code, whatever became of its output."""
    keep_from_children()
    printing = make_safe()
    if "_SIGNALBOX_COMPLETE" in os.environ:
        sys.modules["rich"] = None  # type: ignore[assignment]  # Typer would load it to look for markup; help has none
    try:
        app(prog_name="signalbox", obj=OWN_PROCESS)
    except SystemExit as end:
        raise SystemExit(_exit_code(end.code, printing)) from None
    except KeyboardInterrupt:
        raise SystemExit(_exit_code(INTERRUPTED, printing)) from None


def _exit_code(code: "str | int | None", printing: Printing) -> "str | int | None":
    """The code of the command: what it has done stands, printed or not. If its output was all there was to it, 74."""
    sys.stdout.flush()
    if not printing.problem:
        return code
    from engine.cli.printing import is_done, print_error  # noqa: PLC0415 - as in `invoke`

    done = is_done() or _has_written()
    after = " What it reports has been done; `signalbox status` shows it." if done and not code else ""
    print_error(f"Standard output could not be written: {printing.problem}.{after}")
    return code if done or code else OUTPUT_LOST


def _has_written() -> bool:
    from state.change_counts import ChangeCounts  # noqa: PLC0415 - hardly ever needed

    return ChangeCounts.has_written
