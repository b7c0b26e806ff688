"""The option that every command has; apart from the others, since listing the commands needs no more."""

from pathlib import Path
from typing import Annotated

import typer


def _home_before_command(ctx: typer.Context, value: Path | None) -> Path | None:
    """Accept `--home` before the command as well as after it."""
    before = ctx.parent
    while value is None and before is not None:
        value, before = before.params.get("home"), before.parent
    return value


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="FOLDER",
        callback=_home_before_command,
        help="The Signalbox home, the folder of all state; by default $SIGNALBOX_HOME or a folder for user data.",
        show_default=False,
    ),
]
