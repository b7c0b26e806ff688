"""The command line: the same engine without a window. Reads and writes through the store and makes no rules.

Importing this imports nothing of it: its modules take a tenth of a second, in which Ctrl-C has to end it quietly, too.
"""

import gc

from engine.cli.interrupts import end_quietly_from_now_on

__all__ = ["app", "main"]


def __getattr__(name: str) -> object:
    """`app`, the commands as one typer application, imported where it is used."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from engine.cli.root import app  # noqa: PLC0415 - as the module says

    return app


def main() -> None:
    """Run the command line, and end the process with its exit code."""
    end_quietly_from_now_on()
    gc.disable()  # imports leave hardly any garbage, and looking for it takes a sixth of their time
    from engine.cli.root import run  # noqa: PLC0415 - after the lines above

    gc.freeze()
    gc.enable()
    try:
        run()
    finally:
        end_quietly_from_now_on()  # also while Python takes itself down
