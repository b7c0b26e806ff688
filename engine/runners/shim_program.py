"""Which program runs beside an attempt: the compiled shim where there is one, else the one in Python.

Both keep the same protocol of files (`layout`), so an engine adopts attempts of either. The one in Python masks secrets
and runs everywhere; the compiled one starts in a tenth of the time.
"""

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from engine.errors import ShimError
from engine.runners import native_shim, process_tree

CHOICE = "SIGNALBOX_SHIM"
"""The environment variable that names the shim to use; the tests of what both must do set it."""
_SCRIPT = Path(__file__).with_name("shim.py")


class ShimKind(StrEnum):
    """How a shim was made."""

    COMPILED = "compiled"
    PYTHON = "python"


@dataclass(frozen=True)
class ShimProgram:
    """A shim that can be started: `command`, the attempt's folder, and `libraries` to import from."""

    kind: ShimKind
    command: tuple[str, ...]
    libraries: tuple[str, ...] = ()

    @property
    def masks(self) -> bool:
        """Whether it can mask secrets in what the tool prints."""
        return self.kind is ShimKind.PYTHON

    @property
    def opens_log(self) -> bool:
        """Whether it makes its log by itself, and only once there is something to write in it."""
        return self.kind is ShimKind.COMPILED

    def argv(self, folder: Path) -> list[str]:
        """The command line for the attempt with this folder."""
        return [*self.command, str(folder), *self.libraries]


def python_shim(python: str = sys.executable) -> ShimProgram:
    """The shim that needs nothing but an interpreter."""
    libraries = () if process_tree.LINUX else (str(Path(psutil.__file__).parent.parent),)
    return ShimProgram(ShimKind.PYTHON, (python, "-I", "-S", "-X", "utf8", str(_SCRIPT)), libraries)


def chosen_shim() -> ShimProgram:
    """The compiled shim where it was built of the sources beside it, unless the environment names another.

    Raises:
        ShimError: the environment names a shim that is not here.
    """
    choice = os.environ.get(CHOICE, "")
    if choice == ShimKind.PYTHON:
        return python_shim()
    if choice not in {"", ShimKind.COMPILED}:
        raise ShimError(
            f"{CHOICE} is {choice!r}; it can be {ShimKind.COMPILED} or {ShimKind.PYTHON}, or left out."
        )
    if (program := native_shim.built()) is not None:
        return ShimProgram(ShimKind.COMPILED, (str(program),))
    if choice:
        raise ShimError(
            f"{CHOICE} asks for the compiled shim, which is not built here: {native_shim.HOW_TO_BUILD}"
        )
    return python_shim()
