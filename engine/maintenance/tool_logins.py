"""Says whether somebody is logged in to a tool that a file describes, for `signalbox doctor`; asks no provider."""

import os
from collections.abc import Mapping

from engine.jobfile.tool_description import LoginProbe
from engine.jobfile.tool_registry import ToolFileError, tools
from engine.system.home import at_home


def login_problem(tool: str, env: Mapping[str, str] = os.environ) -> str:
    """Why nobody seems to be logged in to a described tool; empty where somebody is, or where it is not known."""
    try:
        login = tools().description(tool).login
    except ToolFileError:
        return ""
    if login is None or _is_logged_in(login, env):
        return ""
    files = " or ".join(login.files)
    missing = [f"{files} does not exist"] if files else []
    if login.variables:
        missing.append(f"none of {', '.join(login.variables)} is set")
    return f"nobody seems to be logged in: {' and '.join(missing)}"


def _is_logged_in(login: LoginProbe, env: Mapping[str, str]) -> bool:
    return any(at_home(file).exists() for file in login.files) or any(map(env.get, login.variables))
