"""The command that lists and writes what helps others to find a fault: support-bundle."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.home_option import HomeOption
from engine.cli.options import JsonOption
from engine.cli.printing import note_done, print_json, print_line, print_table
from engine.errors import CommandRefusedError
from engine.maintenance import support_bundle as bundles
from engine.system.formatting import size
from engine.system.home import Home


def support_bundle(
    *,
    show: Annotated[bool, typer.Option("--list", help="List what it would hold; write nothing.")] = False,
    output: Annotated[
        Path,
        typer.Option("--output", metavar="FILE", help="Where to write it, as a ZIP archive."),
    ] = Path("signalbox-support.zip"),
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="NAME", help="Leave this file out.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox support-bundle`."""
    files = bundles.collect(Home.existing(home))
    left_out = set(without or ())
    unknown = left_out - {file.name for file in files}
    if unknown:
        raise CommandRefusedError(
            f"The bundle has no file {', '.join(sorted(unknown))}; `signalbox support-bundle --list` names them."
        )
    kept = [file for file in files if file.name not in left_out]
    if not show:
        _write(output, kept)
    if as_json:
        print_json([{"name": file.name, "bytes": len(file.content), "holds": file.holds} for file in kept])
        return
    print_table(
        ("FILE", "SIZE", "HOLDS"), [(file.name, size(len(file.content)), file.holds) for file in kept]
    )
    if not show:
        print_line(f"Written to {output}. Nothing was sent; look into it before you pass it on.")


def _write(output: Path, files: list[bundles.BundleFile]) -> None:
    try:
        bundles.write_bundle(output, files)
    except OSError as error:
        raise CommandRefusedError(
            f"{output} cannot be written: {error.strerror}. Name another file with --output."
        ) from error
    note_done()
