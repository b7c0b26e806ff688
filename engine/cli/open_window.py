"""Replace this process with the window, or let the window be drawn to a picture."""

import os
import subprocess
import sys
from pathlib import Path

import typer

from engine.errors import SignalboxError
from engine.system.display import window_problem
from engine.system.formatting import duration
from engine.system.home import Home

_TIMEOUT_S = 90.0


def open_window(home: Home, *more: str) -> None:
    """Replace this process with the window on a home.

    Raises:
        SignalboxError: no window can be opened here; the message says why.
    """
    if problem := window_problem():
        raise SignalboxError(problem)
    argv = [sys.executable, "-m", "gui", "--home", str(home.root), *more]
    if sys.platform == "win32":  # there, exec returns to the terminal while the window is still open
        raise typer.Exit(subprocess.call(argv))
    os.execv(sys.executable, argv)  # noqa: S606 - an argv, never a shell


def draw_window(home: Home, picture: Path) -> None:
    """Draw the window on a home to a picture, without a display.

    Raises:
        SignalboxError: the window could not be drawn; the message says why.
    """
    argv = [sys.executable, "-m", "gui", "--home", str(home.root), "--screenshot", str(picture)]
    try:
        drawn = subprocess.run(
            argv,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
            umask=-1 if sys.platform == "win32" else 0o077,
        )
    except subprocess.TimeoutExpired as error:
        raise SignalboxError(f"The window was not drawn within {duration(_TIMEOUT_S)}.") from error
    if drawn.returncode or not picture.exists():
        lines = drawn.stderr.decode(errors="replace").strip().splitlines()
        raise SignalboxError(f"The window could not be drawn: {lines[-1] if lines else 'it gave no reason.'}")
