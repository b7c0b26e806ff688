"""Where programs are: the login shell's PATH, read once, and a name made an absolute path. Starts no tool.

A desktop start lacks what the login shell adds to PATH (nvm, pyenv, pipx), so the shell is asked for it. A path
is never taken through symbolic links: a virtual environment's python is one.
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

_SHELL_PATIENCE = 5.0


@cache
def search_path() -> str:
    """The PATH programs are looked for in: the login shell's, then what this process was given besides."""
    return joined_paths(login_shell_path(os.environ.get("SHELL", "")), os.environ.get("PATH", os.defpath))


def joined_paths(*paths: str) -> str:
    """Several PATHs as one: absolute folders only, each once, in order."""
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
    """The program as an absolute path: as the settings say, as given, or the first of its name on `path`.

    A bare name is never looked for in the working folder; a relative path with a slash starts there and must
    stay below it.

    Raises:
        SpawnError: there is no such program, or it cannot be started; says what to do about it.
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
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    told = hint or f"Install it, or name its path in Settings under {exe!r}."
    where = f"{plural(len(folders), 'folder')}, listed by `signalbox doctor`"
    raise SpawnError(f"{given} was not found on PATH ({where}). {told}")


def first_found(names: Iterable[str], *, path: str) -> Path | None:
    """The first of several names that is on `path`, or None."""
    for name in names:
        try:
            return resolve(name, path=path)
        except SpawnError:
            continue
    return None


def _startable(program: Path) -> Path:
    if not program.exists():
        raise SpawnError(f"There is no program at {program}. Correct the path, or leave it out to use PATH.")
    if not program.is_file():
        raise SpawnError(f"{program} is not a program but a folder or device. Name the program itself.")
    if not os.access(program, os.X_OK):
        raise SpawnError(f"{program} may not be executed. Allow it with chmod +x, or name another program.")
    return program


def _below(given: str, working_dir: Path | None) -> Path:
    if working_dir is None:
        raise SpawnError(f"{given} is relative to no known folder. Give the absolute path.")
    program = Path(os.path.normpath(working_dir / given))
    if not program.is_relative_to(working_dir):
        raise SpawnError(f"{given} leads out of {working_dir}. Give the absolute path.")
    return program


def login_shell_path(shell: str, *, patience: float = _SHELL_PATIENCE) -> str:
    """What a shell has as PATH after its start-up files; empty where it does not say so within `patience` s."""
    if not Path(shell).is_absolute() or not os.access(shell, os.X_OK):
        return ""
    mark = secrets.token_hex(8)
    command = [shell, "-ilc", f"printf '%s' '{mark}'\"$PATH\"'{mark}'"]
    try:
        asked = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=Path.home(),
        )
    except OSError:
        return ""
    with asked:
        try:
            said, _ = asked.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            os.killpg(asked.pid, signal.SIGKILL)
            return ""
    parts = said.decode(errors="replace").split(mark)
    return parts[1] if len(parts) == 3 else ""  # noqa: PLR2004 - text, mark, PATH, mark, text
