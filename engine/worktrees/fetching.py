"""Fetch what a base commit may be in: the one call that talks to a remote, with the user's own credentials.

It never asks for anything, and runs no program that the repository itself names.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from engine.errors import WorktreeError
from engine.system.bounded_call import bounded_call
from engine.system.git import ENVIRONMENT, INHERITED, SAFE, git, git_program

TIMEOUT_S = 120.0
_ALLOWED = "file:git:http:https:ssh"
_CREDENTIALS = ("SSH_AUTH_SOCK", "SSH_AGENT_PID", "GNUPGHOME", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_NAMES_PROGRAM = (
    r"^(core\.(sshcommand|gitproxy|askpass|alternaterefscommand)|credential\..*|remote\..*\.(uploadpack|vcs)"
    r"|url\..*|protocol\..*|http\..*)$"
)
_ADVICE = "Fetch yourself, then release the job; or correct `fetch`."


def fetch(repo: Path, base: str) -> None:
    """Fetch from the remote that `base` names, else from the usual one of the branch that is checked out.

    Raises:
        WorktreeError: that is not possible, or takes longer than two minutes; no ref of the user's is lost.
    """
    named = git(
        ["config", "--local", "-z", "--name-only", "--get-regexp", _NAMES_PROGRAM], repo, accepted=(0, 1)
    )
    if named:
        setting = os.fsdecode(named.split(b"\0")[0])
        raise WorktreeError(f"{repo} was not fetched: its own configuration has {setting}. {_ADVICE}")
    remotes = os.fsdecode(git(["remote"], repo)).split()
    if not remotes:
        raise WorktreeError(f"{repo} was not fetched: it has no remote. {_ADVICE}")
    first = base.removeprefix("refs/remotes/").partition("/")[0]
    _run(repo, [first] if first in remotes else [])


def _run(repo: Path, remote: list[str]) -> None:
    words = ["fetch", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-fetch-head", *remote]
    argv = [git_program() or "git", *SAFE, *words]
    try:
        done = bounded_call(argv, repo, env=_environment(), timeout_s=TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise WorktreeError(f"{repo} was not fetched within {TIMEOUT_S:g} s. {_ADVICE}") from error
    except OSError as error:
        raise WorktreeError(f"{repo} was not fetched: {error.strerror}. {_ADVICE}") from error
    if done.returncode:
        raise WorktreeError(f"{repo} was not fetched: {_reason(done.stderr)}. {_ADVICE}")


def _environment() -> Mapping[str, str]:
    names = (*INHERITED, *_CREDENTIALS, *_PROXIES)
    inherited = {name: os.environ[name] for name in names if name in os.environ}
    given = {**ENVIRONMENT, "GIT_ALLOW_PROTOCOL": _ALLOWED, "GIT_ASKPASS": "true", "SSH_ASKPASS": "true"}
    return {**inherited, **given, "GIT_SSH_VARIANT": "ssh", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}


def _reason(output: bytes) -> str:
    lines = re.split(r"[\r\n]+", output.decode(errors="replace"))
    given = [
        line for line in lines if line.startswith(("fatal:", "error:", "ssh:", "Host key", "Permission"))
    ]
    return (given or [line for line in lines if line] or ["git says no more"])[0].rstrip(".")
