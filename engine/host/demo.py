"""Create the demo: a small git repository whose tests fail, and the pipeline that repairs it.

Only creates files; the caller queues and runs them.
"""

import importlib.util
import os
import sys
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import count
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from engine.errors import GitError, SignalboxError
from engine.system.git import git

PROJECT = "tramline"

_PASSED_ON = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"})
"""The git variables that are passed on: others could point it to another repository."""


class DemoError(SignalboxError):
    """The demo could not be created."""


def make_demo(folder: Path, *, pace: float = 1.35, with_pytest: bool | None = None) -> Path:
    """Create a fresh demo in `folder` and return its pipeline file.

    The project is created next to it under an unused name. `pace` is a factor for the duration of its steps: with 1.35
    the whole demo takes about 40 seconds, with 0 no step waits. The tests are run by pytest if it can be imported, else
    by unittest; `with_pytest` overrides this.

    Raises:
        DemoError: the folder cannot be written, git is missing, or git fails.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        project = _new_project_folder(folder)
        source = files("resources") / "demo"
        _copy(source / PROJECT, project)
        _commit(project)
        content = _pipeline(source / "pipeline.yaml", repo=project.name, pace=pace, with_pytest=with_pytest)
        pipeline = folder / f"{project.name}.yaml"
        with pipeline.open("x", encoding="utf-8") as file:
            _yaml().dump(content, file)
    except OSError as error:
        raise DemoError(
            f"Could not create the demo in {folder}: {error}. Name another folder with --home."
        ) from error
    return pipeline


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
            copy.mkdir()
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


def _pipeline(template: Traversable, *, repo: str, pace: float, with_pytest: bool | None) -> Any:
    """The pipeline, adapted to this machine: its Python, and whether pytest is installed."""
    if with_pytest is None:
        with_pytest = importlib.util.find_spec("pytest") is not None
    pipeline = _yaml().load(template.read_text(encoding="utf-8"))
    pipeline["repo"] = repo
    pipeline["defaults"]["env"]["TRAMLINE_PACE"] = f"{pace:g}"
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
