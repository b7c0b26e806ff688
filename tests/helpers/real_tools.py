"""Where the real coding tools lie that `make test-tools` installs, and whether one is there. Installs nothing."""

import json
import os
from functools import cache
from pathlib import Path

import pytest

from engine.adapters.version_windows import VERSION_WINDOWS

FOLDER_VARIABLE = "SIGNALBOX_TOOLS"
DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / ".tools"
_AIDER = "aider"


def tools_folder() -> Path | None:
    """The folder that the environment names; tests run real tools only where it does."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).absolute() if named else None


def program_folders(folder: Path) -> list[Path]:
    """The folders of programs, as they go in front of PATH."""
    return [folder / "npm" / "node_modules" / ".bin", folder / _AIDER / "bin"]


def installed_version(tool: str, folder: Path) -> str | None:
    """The version that is installed in the folder, read from its package; no tool is started."""
    package = VERSION_WINDOWS[tool].package
    if tool == _AIDER:
        found = [*folder.glob("aider/lib/python*/site-packages/aider_chat-*.dist-info")]
        return found[0].name.removesuffix(".dist-info").rpartition("-")[2] if found else None
    described = folder / "npm" / "node_modules" / package / "package.json"
    if not described.is_file():
        return None
    return str(json.loads(described.read_text(encoding="utf-8"))["version"])


@cache
def version_under_test(tool: str) -> str:
    """The version of a tool that the tests run; the test is skipped where there is none."""
    folder = tools_folder()
    if folder is None:
        pytest.skip("runs the real coding tools; `make test-tools` installs them and runs this")
    version = installed_version(tool, folder)
    if version is None:
        pytest.skip(f"{tool} is not installed in ${FOLDER_VARIABLE}; `make test-tools` installs it")
    return version
