"""What every adapter needs to make a command: the environment of a tool, its program, its folder. Knows no tool."""

import os
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from engine.adapters.environment_names import SECRETS
from engine.errors import SpawnError
from engine.jobfile.fields import is_secret_name
from engine.jobfile.spec import JobSpec
from engine.system.looks import seen
from engine.system.real_path import real_path
from engine.system.secret_refs import is_reference, resolve_reference
from engine.system.tool_paths import joined_paths, resolve, search_path
from engine.tool_defaults import FOLDER_VARIABLES
from engine.types import AttemptContext, Invocation
from state.records import NOTHING

_ALLOWED = frozenset(
    {"PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TERM", "TMPDIR", "USER", "LOGNAME", "SHELL"}
    | {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR"}
    | {"SYSTEMROOT", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE"}
)
_QUIET = {"PYTHONUNBUFFERED": "1", "TERM": "dumb", "NO_COLOR": "1"}
_MASKABLE = 4
"""Shorter values are not masked: they would blank out half the log."""


def plain_environment() -> dict[str, str]:
    """The variables that a program of ours gets which belongs to no job: nothing secret is among them."""
    names = {name for name in os.environ if name in _ALLOWED or name.startswith("LC_")}
    return {**{name: os.environ[name] for name in names}, "PATH": search_path(), **_QUIET}


def path_of(context: AttemptContext) -> str:
    """The PATH in which the programs of an attempt are found."""
    return joined_paths(context.base_env["PATH"]) if "PATH" in context.base_env else search_path()


def program(exe: str, spec: JobSpec, context: AttemptContext) -> str:
    """The absolute path of a program of this job; one of the worktree may be made by the setup before it.

    Raises:
        SpawnError: it cannot be found or started.
    """
    try:
        found = resolve(
            exe, path=path_of(context), tool_paths=context.tool_paths, working_dir=spec.working_dir
        )
    except SpawnError:
        made = _made_by_setup(exe, spec, context)
        if made is None:
            raise
        return made
    return str(found)


def _made_by_setup(exe: str, spec: JobSpec, context: AttemptContext) -> str | None:
    """Where a program of the worktree will be, if the setup that runs before it makes it; else nothing."""
    given = Path(context.tool_paths.get(exe, exe))
    path = Path(os.path.normpath(spec.working_dir / given))  # as `resolve` does it
    is_inside = len(given.parts) > 1 and path.is_relative_to(spec.working_dir)
    is_awaited = context.worktree is not None and bool(context.worktree.setup)
    return str(path) if is_inside and is_awaited and not os.path.lexists(path) else None


def invocation(
    spec: JobSpec,
    context: AttemptContext,
    argv: Sequence[str],
    *,
    env: Mapping[str, str] = NOTHING,
    pass_on: Iterable[str] = (),
    stdin_file: Path | None = None,
    stop_signal: str = "TERM",
    grace_s: float = 5.0,
) -> Invocation:
    """The command with everything around it: folder, environment, timeouts, caps and what is to be masked.

    `env` is what the adapter sets, `pass_on` what it takes over from Signalbox's own environment; then come the
    variables of the account, and the job's own `env`. Which worktree it runs in, nothing of these can change.

    Raises:
        SpawnError: the working folder is no folder, or the job names a variable that is not set.
    """
    check_folder(spec)
    theirs = context.base_env or os.environ
    names = _ALLOWED.union(_passed_on(pass_on, context), context.run.env_names)
    inherited = seen((invocation, id(theirs), names), lambda: _inherited(theirs, names))
    own, referred = _resolved({**context.run.account_env, **spec.env}, theirs)
    placed = {} if context.worktree is None else context.worktree.variables
    whole = {**inherited, "PATH": path_of(context), **_QUIET, **env, **own, **placed}
    return Invocation(
        argv=tuple(argv),
        cwd=spec.working_dir,
        env=whole,
        stdin_file=stdin_file,
        timeout_s=spec.metadata.timeout_seconds,
        silence_timeout_s=spec.metadata.silence_timeout_seconds,
        grace_s=grace_s,
        output_cap=spec.metadata.limits.output_mb * 1024 * 1024,
        secrets=secrets_in(whole, referred),
        stop_signal=stop_signal,
    )


def _inherited(theirs: Mapping[str, str], names: Container[str]) -> Mapping[str, str]:
    return {name: theirs[name] for name in theirs if name in names or name.startswith("LC_")}


def secrets_in(env: Mapping[str, str], referred: Iterable[str]) -> tuple[str, ...]:
    """What is masked in the output of whoever has this environment: its secrets, and what a job refers to."""
    secret = {*referred, *(env[name] for name in env if is_secret_name(name) or name in SECRETS)}
    return tuple(sorted(value for value in secret if len(value) >= _MASKABLE))


def check_folder(spec: JobSpec) -> None:
    """Raise `SpawnError` unless the working folder is a folder inside the repository."""
    folder = spec.working_dir
    if not seen((check_folder, folder), folder.is_dir):
        what = "is not a folder" if folder.exists() else "does not exist"
        raise SpawnError(f"The working folder {folder} {what}. Correct paths.working_dir or make the folder.")
    if not real_path(folder).is_relative_to(real_path(spec.repo_root)):
        raise SpawnError(
            f"The working folder {folder} leads out of {spec.repo_root} by a link. Name the real folder."
        )


def _passed_on(names: Iterable[str], context: AttemptContext) -> Iterable[str]:
    """An account with a folder of its own has a log-in there: a key of Signalbox's environment would count more."""
    has_folder = FOLDER_VARIABLES & context.run.account_env.keys()
    return [name for name in names if not (has_folder and is_secret_name(name))]


def _resolved(env: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    own, referred = {}, set()
    for name, value in env.items():
        own[name] = resolve_reference(name, value, theirs) if is_reference(value) else value
        if is_reference(value):
            referred.add(own[name])
    return own, referred
