"""Asks a tool for its version, within five seconds and without its standard input."""

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.adapters.log_ins import log_in
from engine.adapters.version_windows import outside_window
from engine.errors import SpawnError
from engine.system.tool_paths import resolve, search_path
from engine.types import LogIn, ToolProbe

_TIMEOUT_S = 5.0
_LONGEST_VERSION = 80
_VERSION = re.compile(r"\d+(?:\.\d+)+[\w.+-]*")


def probed(
    tool: str,
    exe: str,
    tool_paths: Mapping[str, str],
    *,
    arguments: Sequence[str] = ("--version",),
    pattern: str | None = None,
) -> ToolProbe:
    """Where the program is and which version it reports, or why it cannot be used."""
    try:
        path = str(resolve(exe, path=search_path(), tool_paths=tool_paths))
    except SpawnError as error:
        return ToolProbe(tool=tool, problem=str(error))
    try:
        answer = _printed([path, *arguments])
    except subprocess.TimeoutExpired:
        problem = f"{path} did not print its version within {_TIMEOUT_S:g} seconds"
        return ToolProbe(tool=tool, path=path, problem=problem)
    except (OSError, subprocess.SubprocessError) as error:
        return ToolProbe(tool=tool, path=path, problem=f"{path} does not print its version: {error}")
    version = _version_in(answer, pattern)[:_LONGEST_VERSION]
    return ToolProbe(tool=tool, path=path, version=version or None)


def _version_in(answer: str, pattern: str | None) -> str:
    """What the pattern finds in what a tool prints, or else its first line."""
    if pattern is None:
        found = _VERSION.search(answer)
        version = found[0] if found else None
    else:
        from engine.system.bounded_pattern import bounded_pattern  # noqa: PLC0415 - only where there is a pattern

        version = bounded_pattern(pattern, is_case=True, is_for_lines=False).text_in(answer)
    return answer.strip().partition("\n")[0] if version is None else version


def with_facts(probe: ToolProbe, env: Mapping[str, str] = os.environ) -> ToolProbe:
    """The probe with who is logged in, and a warning about that or about a version that was never tried."""
    login, reason = log_in(probe.tool, env)
    notes = [outside_window(probe.tool, probe.version or ""), reason if login is LogIn.NO else ""]
    return replace(probe, login=login, note="; ".join(filter(None, notes)))


def _printed(argv: Sequence[str]) -> str:
    env = {**os.environ, "PATH": search_path(), "NO_COLOR": "1", "TERM": "dumb"}
    with subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env,
        start_new_session=True,
    ) as process:
        try:
            printed, _ = process.communicate(timeout=_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return printed.decode(errors="replace")
