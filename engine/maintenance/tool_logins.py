"""Says whether somebody is logged in to a coding tool, for `signalbox doctor` and lists of tools; asks no provider."""

import os
from collections.abc import Mapping

from engine.adapters.log_ins import log_in
from engine.types import LogIn


def login_problem(tool: str, env: Mapping[str, str] = os.environ) -> str:
    """Why nobody seems to be logged in to a tool; empty where somebody is, or where it is not known."""
    login, reason = log_in(tool, env)
    return reason if login is LogIn.NO else ""
