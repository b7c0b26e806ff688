"""Find programs: read the login shell's PATH once, and turn a name into an absolute path. Starts no tool.

A desktop launch lacks what the login shell adds to PATH (nvm, pyenv, pipx), so the shell is run to print it.
Symbolic links are never resolved: a virtual environment's python is one.
"""

import os
import secrets
import signal
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from engine.errors import SpawnError
from engine.system.formatting import plural
from engine.system.home import at_home
from state.records import NOTHING

_SHELL_TIMEOUT_S = 5.0


@cache
def search_path() -> str:
    """The PATH on which programs are searched: the login shell's, then that of this process."""
    return joined_paths(login_shell_path(os.environ.get("SHELL", "")), os.environ.get("PATH", os.defpath))


def joined_paths(*paths: str) -> str:
    """Join several PATHs: absolute folders only, each once, in order."""
    folders = (folder for path in paths for folder in path.split(os.pathsep))
    return os.pathsep.join(dict.fromkeys(folder for folder in folders if Path(folder).is_absolute()))


def resolve(
    exe: str,
    *,
    path: str,
    tool_paths: Mapping[str, str] = NOTHING,
    working_dir: Path | None = None,
    hint: str = "",
) -> Path:
    """The absolute path of a program: from the settings, as given, or the first match on `path`.

    A bare name is never searched in the working folder; a relative path with a slash starts there and must stay
    below it.

    Raises:
        SpawnError: the program does not exist or cannot be executed; the message says what to do.
    """
    given = tool_paths.get(exe, exe)
    named = at_home(given)
    if named.is_absolute():
        return _startable(named)
    if os.sep in given or "/" in given:
        return _startable(_below(given, working_dir))
    folders = [folder for folder in joined_paths(path).split(os.pathsep) if folder]  # "" is the current one
    for folder in folders:
        candidate = Path(folder, given)
        if (
            os.access(candidate, os.X_OK) and candidate.is_file()
        ):  # in this order: is_file fails in a closed folder
            return candidate
    advice = hint or f"Install it, or name its path in Settings under {exe!r}."
    where = f"{plural(len(folders), 'folder')}, listed by `signalbox doctor`"
    raise SpawnError(f"{given} was not found on PATH ({where}). {advice}")


def first_found(names: Iterable[str], *, path: str) -> Path | None:
    """The first of several programs that is on `path`, or None."""
    for name in names:
        try:
            return resolve(name, path=path)
        except SpawnError:
            continue
    return None


def _startable(program: Path) -> Path:
    if not program.is_file():
        if not program.exists():
            raise SpawnError(
                f"There is no program at {program}. Correct the path, or leave it out to use PATH."
            )
        raise SpawnError(f"{program} is a folder or device, not a program. Name the program itself.")
    if not os.access(program, os.X_OK):
        raise SpawnError(f"{program} is not executable. Allow it with chmod +x, or name another program.")
    return program


def _below(given: str, working_dir: Path | None) -> Path:
    if working_dir is None:
        raise SpawnError(
            f"{given} is a relative path, but there is no folder to start from. Give the absolute path."
        )
    program = Path(os.path.normpath(working_dir / given))
    if not program.is_relative_to(working_dir):
        raise SpawnError(f"{given} leads out of {working_dir}. Give the absolute path.")
    return program


def login_shell_path(shell: str, *, timeout_s: float = _SHELL_TIMEOUT_S) -> str:
    """The PATH of a shell after its start-up files; empty when it does not print it within `timeout_s`."""
    if not Path(shell).is_absolute() or not os.access(shell, os.X_OK):
        return ""
    mark = secrets.token_hex(8)
    command = [shell, "-ilc", f"printf '%s' '{mark}'\"$PATH\"'{mark}'"]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=Path.home(),
        )
    except OSError:
        return ""
    with process:
        try:
            output, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return ""
    parts = output.decode(errors="replace").split(mark)
    return parts[1] if len(parts) == 3 else ""  # noqa: PLR2004 - text, mark, PATH, mark, text
