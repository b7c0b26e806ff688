"""Lays out the demo: a small git repository whose tests fail, and the pipeline that mends it.

Makes files only; queueing and running them is the caller's part.
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

_KEPT = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"})
"""The variables of git's that are passed on: the others would lead it to another repository."""


class DemoError(SignalboxError):
    """The demo could not be laid out."""


def make_demo(folder: Path, *, pace: float = 1.35, with_pytest: bool | None = None) -> Path:
    """Lay out a fresh demo in `folder` and return its pipeline file.

    The project lies beside it, under a name that is not taken yet. `pace` stretches the time its steps take:
    with 1.35 the whole demo takes about 40 seconds, with 0 no step waits. The tests are run by pytest where it
    can be imported, else by unittest; `with_pytest` decides it beforehand.

    Raises:
        DemoError: the folder cannot be written, or git is missing or refuses.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        project = _free(folder)
        source = files("resources") / "demo"
        _copy(source / PROJECT, project)
        _commit(project)
        said = _pipeline(source / "pipeline.yaml", repo=project.name, pace=pace, with_pytest=with_pytest)
        pipeline = folder / f"{project.name}.yaml"
        with pipeline.open("x", encoding="utf-8") as file:
            _yaml().dump(said, file)
    except OSError as error:
        raise DemoError(f"The demo cannot be laid out in {folder}: {error}. Name another folder.") from error
    return pipeline


def _free(folder: Path) -> Path:
    """A folder of the project's own, just made; an earlier demo is left as it is."""
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
    """Make the folder a repository of its own with one commit, whatever the user's git is set to."""
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


def _git(project: Path, *words: str) -> None:
    try:
        git(words, project, env={name: os.environ[name] for name in _KEPT if name in os.environ})
    except GitError as error:
        raise DemoError(f"The demo needs git: {error}") from error


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 1000  # a command stays on one line, however long the path of Python is
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _pipeline(template: Traversable, *, repo: str, pace: float, with_pytest: bool | None) -> Any:
    """The pipeline with what only this machine knows: its Python, and whether pytest is there."""
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
    words = ["-m", "unittest", "--verbose", *_modules(step.pop("tests")["paths"])]
    step.update(tool="shell", command={"exe": "python", "args": words})
    step["metadata"] = {"writes": False, "stage": "test"}


def _modules(paths: list[str]) -> list[str]:
    """What unittest is given for these paths; it finds the tests of the whole folder by itself."""
    return [path.removesuffix(".py").replace("/", ".") for path in paths if path.endswith(".py")]
