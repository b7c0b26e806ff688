"""Turns this process into the window, or has it drawn into a picture; knows nothing of what is in it."""

import os
import subprocess
import sys
from pathlib import Path

import typer

from engine.errors import SignalboxError
from engine.system.display import cannot_open
from engine.system.formatting import duration
from engine.system.home import Home

_PATIENCE_S = 90.0


def open_window(home: Home, *more: str) -> None:
    """Turn this process into the window on a home.

    Raises:
        SignalboxError: no window can be opened here; says why.
    """
    if problem := cannot_open():
        raise SignalboxError(problem)
    argv = [sys.executable, "-m", "gui", "--home", str(home.root), *more]
    if sys.platform == "win32":  # there, exec gives the terminal back while the window is still open
        raise typer.Exit(subprocess.call(argv))
    os.execv(sys.executable, argv)  # noqa: S606 - an argv, never a shell


def draw_window(home: Home, picture: Path) -> None:
    """Have the window on a home drawn into a picture, without any display.

    Raises:
        SignalboxError: it could not be drawn; says why.
    """
    argv = [sys.executable, "-m", "gui", "--home", str(home.root), "--screenshot", str(picture)]
    try:
        drawn = subprocess.run(
            argv,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
            umask=-1 if sys.platform == "win32" else 0o077,
        )
    except subprocess.TimeoutExpired as error:
        raise SignalboxError(f"The window was not drawn within {duration(_PATIENCE_S)}.") from error
    if drawn.returncode or not picture.exists():
        said = drawn.stderr.decode(errors="replace").strip().splitlines()
        raise SignalboxError(f"The window could not be drawn: {said[-1] if said else 'it did not say why.'}")
