"""Installs the coding tools that the tests run, in the newest version that was tried, into a folder of their own.

``python -m tests.helpers.tool_installation`` uses pip and npm as they are set up here, and skips what is there already.
A tool that cannot be installed is named, and its tests are skipped.
"""

import subprocess
import sys
from pathlib import Path

from engine.adapters.version_windows import VERSION_WINDOWS
from tests.helpers.real_tools import DEFAULT_FOLDER, installed_version, tools_folder


def main() -> None:
    """Install every tool that is not there in the version that is tested."""
    folder = tools_folder() or DEFAULT_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    missing = [
        tool for tool, window in VERSION_WINDOWS.items() if installed_version(tool, folder) != window.newest
    ]
    for tool in missing:
        window = VERSION_WINDOWS[tool]
        print(f"installing {window.package} {window.newest}", flush=True)
        try:
            _install(tool, folder)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{tool} could not be installed, so its tests are skipped: {error}", flush=True)


def _install(tool: str, folder: Path) -> None:
    window = VERSION_WINDOWS[tool]
    if tool == "aider":
        _install_with_pip(f"{window.package}=={window.newest}", folder / tool)
    else:
        _install_with_npm(f"{window.package}@{window.newest}", folder / "npm")


def _install_with_pip(requirement: str, environment: Path) -> None:
    """An environment of its own, since aider pins what it needs."""
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    pip = [
        str(environment / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, requirement], check=True)


def _install_with_npm(package: str, folder: Path) -> None:
    """With its scripts, as claude and opencode get their program from one."""
    folder.mkdir(exist_ok=True)
    quiet = ("--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts=false")
    subprocess.run(["npm", "install", "--prefix", folder, *quiet, package], check=True)


if __name__ == "__main__":
    main()
