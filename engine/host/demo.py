"""Create the demo: a small git repository, the pipeline that extends it, and recordings that play its coding tools.

The caller queues and runs it, in a home of its own: there, and there alone, the recordings take the place of the tools.
"""

import importlib.util
import os
import shlex
import sys
import time
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import count
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from engine.errors import GitError, SignalboxError
from engine.host.demo_history import enter_history
from engine.jobfile.project_file import PROJECT_FILE
from engine.state_store.job_state_store import JobStateStore
from engine.system.git import git
from engine.system.home import Home, default_home

PROJECT = "tramline"
HOME_NAME = "signalbox-demo"
"""The name of the demo's own home, beside that of the user."""
_FOLDER, _PLAYER = "demo", "player"
_TOOLS = ("claude", "codex", "gemini", "aider")
_SESSIONS = ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME")
"""Where the recordings keep their sessions: never where the log-ins of the user lie."""

_PASSED_ON = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"})
"""The git variables that are passed on: others could point it to another repository."""


class DemoError(SignalboxError):
    """The demo could not be created."""


def demo_home() -> Path:
    """The demo's own home."""
    return default_home().with_name(HOME_NAME)


def open_demo(home: Home, *, pace: float = 1.2) -> Path:
    """Create a demo in a home, and return its pipeline file.

    The first one also gives the home its recordings in the place of the coding tools, and a past.

    Raises:
        DemoError: the home holds work of the user, or `make_demo` cannot create the demo.
    """
    store = JobStateStore(home=home)
    try:
        tools = tools_of(home)
        is_new = _refuse_own_home(home, store, tools)
        pipeline = make_demo(home.root / _FOLDER, pace=pace)
        store.queue_control.change_setting("tool_paths", {**store.settings().tool_paths, **tools})
        if is_new:
            enter_history(home, store, pipeline.with_suffix(""), now=time.time())
    finally:
        store.close()
    return pipeline


def tools_of(home: Home) -> dict[str, str]:
    """The programs that play the coding tools in a demo home, by the names of the tools."""
    return {tool: str(home.root / _FOLDER / _PLAYER / "bin" / tool) for tool in _TOOLS}


def _refuse_own_home(home: Home, store: JobStateStore, tools: Mapping[str, str]) -> bool:
    """Whether nothing was ever run in this home; refuse one in which the user works."""
    paths = store.settings().tool_paths
    is_new = not store.list_recent_runs(1)
    if any(paths.get(tool, path) != path for tool, path in tools.items()) or not (
        is_new or tools.items() <= paths.items() or home.root.name == HOME_NAME
    ):
        raise DemoError(
            f"{home.shown} holds work of your own, and the demo plays its coding tools by recordings. "
            "Name another folder with --home."
        )
    return is_new


def make_demo(folder: Path, *, pace: float = 1.2, with_pytest: bool | None = None) -> Path:
    """Create a fresh demo in `folder` and return its pipeline file.

    The project is created next to it under an unused name. `pace` is a factor for the duration of its steps: with 1.2
    the whole demo takes about 40 seconds, with 0 no step waits. The tests are run by pytest if it can be imported, else
    by unittest; `with_pytest` overrides this.

    Raises:
        DemoError: the folder cannot be written, git is missing, or git fails.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        project = _new_project_folder(folder)
        source = files("resources") / "demo"
        _write_player(source / _PLAYER, folder / _PLAYER)
        _copy(source / PROJECT, project)
        _name_python(project / PROJECT_FILE)
        _commit(project)
        content = _pipeline(source / "pipeline.yaml", project=project, pace=pace, with_pytest=with_pytest)
        pipeline = folder / f"{project.name}.yaml"
        with pipeline.open("x", encoding="utf-8") as file:
            _yaml().dump(content, file)
    except OSError as error:
        raise DemoError(
            f"Could not create the demo in {folder}: {error}. Name another folder with --home."
        ) from error
    return pipeline


def _write_player(source: Traversable, player: Path) -> None:
    """Write the recordings, and a program for each tool that plays them."""
    (player / "bin").mkdir(parents=True, exist_ok=True)
    _copy(source, player)
    for tool in _TOOLS:
        program = player / "bin" / tool
        words = shlex.join([sys.executable, "-B", str(player / "player.py"), tool])
        program.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        program.chmod(0o700)


def _name_python(project_file: Path) -> None:
    """Have the check of the project run by this Python."""
    content = _yaml().load(project_file.read_text(encoding="utf-8"))
    content["check"]["exe"] = sys.executable
    with project_file.open("w", encoding="utf-8") as file:
        _yaml().dump(content, file)


def _new_project_folder(folder: Path) -> Path:
    """A new folder for the project; an earlier demo is left as it is."""
    for number in count(1):
        project = folder / (PROJECT if number == 1 else f"{PROJECT}-{number}")
        if not project.with_suffix(".yaml").exists():
            try:
                project.mkdir()
            except FileExistsError:
                continue
            return project
    raise AssertionError  # count() does not end


def _copy(source: Traversable, target: Path) -> None:
    for item in source.iterdir():
        copy = target / item.name
        if item.is_file():
            copy.write_bytes(item.read_bytes())
        elif item.name != "__pycache__":  # installers compile what they install
            copy.mkdir(exist_ok=True)
            _copy(item, copy)


def _commit(project: Path) -> None:
    """Make the folder a git repository with one commit, whatever the user's git configuration says."""
    _git(project, "init", "--quiet", "--template=", "--initial-branch=main")
    for key, value in {
        "user.name": "Signalbox demo",
        "user.email": "demo@signalbox.invalid",
        "commit.gpgSign": "false",
        "core.autocrlf": "false",
    }.items():
        _git(project, "config", key, value)
    _git(project, "add", "--all")
    _git(project, "commit", "--quiet", "--message", "The departure boards")


def _git(project: Path, *arguments: str) -> None:
    try:
        git(arguments, project, env={name: os.environ[name] for name in _PASSED_ON if name in os.environ})
    except GitError as error:
        raise DemoError(f"The demo needs git: {error}") from error


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 1000  # keeps a command on one line, however long the path of Python is
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _pipeline(template: Traversable, *, project: Path, pace: float, with_pytest: bool | None) -> Any:
    """The pipeline, adapted to this machine: its Python, and whether pytest is installed."""
    if with_pytest is None:
        with_pytest = importlib.util.find_spec("pytest") is not None
    pipeline = _yaml().load(template.read_text(encoding="utf-8"))
    pipeline["repo"] = project.name
    env = pipeline["defaults"]["env"]
    env["TRAMLINE_PACE"] = f"{pace:g}"
    env.update(dict.fromkeys(_SESSIONS, str(project.parent / _PLAYER / "sessions")))
    for workstream in pipeline["workstreams"]:
        for step in workstream["steps"]:
            if step["tool"] == "tests" and not with_pytest:
                _run_by_unittest(step)
            command = step.get("command")
            if command is not None and command["exe"] == "python":
                command["exe"] = sys.executable
    return pipeline


def _run_by_unittest(step: Any) -> None:
    arguments = ["-m", "unittest", "--verbose", *_modules(step.pop("tests")["paths"])]
    step.update(tool="shell", command={"exe": "python", "args": arguments})
    step["metadata"] = {"writes": False, "stage": "test"}


def _modules(paths: list[str]) -> list[str]:
    """The unittest arguments for these paths; it finds the tests of a whole folder by itself."""
    return [path.removesuffix(".py").replace("/", ".") for path in paths if path.endswith(".py")]
