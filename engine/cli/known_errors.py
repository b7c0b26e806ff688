"""Prints known errors of commands as sentences and ends with their exit codes; any other error is a bug."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from engine.cli.bad_files import BadFilesError
from engine.cli.interrupts import INTERRUPTED
from engine.cli.printing import print_error
from engine.errors import NotTrustedError, SignalboxError

BAD_USE, NOT_TRUSTED = 2, 3
_QUEUE = frozenset({"run", "submit"})


@contextmanager
def reported(ctx: typer.Context) -> Iterator[None]:
    """Report known errors of the command that is invoked in the context."""
    try:
        yield
    except NotTrustedError as error:
        print_error(str(error))
        raise typer.Exit(NOT_TRUSTED) from error
    except SignalboxError as error:
        print_error(str(error))
        if isinstance(error, BadFilesError):
            print_error("Nothing was queued." if ctx.invoked_subcommand in _QUEUE else "Nothing was changed.")
        raise typer.Exit(BAD_USE) from error
    except KeyboardInterrupt as error:
        raise typer.Exit(INTERRUPTED) from error
