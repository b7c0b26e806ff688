"""Which files of the repository a launch plan is bound to: those its words name, those its program loads by rule."""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_names import is_coding_tool
from engine.jobfile.tool_registry import tools
from engine.system.git import work_tree_root
from engine.system.real_path import real_text
from engine.system.secret_refs import is_reference
from engine.trust.fingerprints import is_inside
from engine.trust.known_programs import AGENT_RULES, LOADED_BY_RULE, loads_nothing, script_argument
from engine.trust.named_files import NamedFiles, named_files, parts, rule_files
from engine.trust.programs_on_reading import ProgramsOnReading, programs_on_reading

_TOO_MANY = "it names too many files to bind each"
_LARGEST_RULES = 256 * 1024
_AIDER_COMMAND = re.compile(
    r"^\s*(?:test-cmd|lint-cmd|notifications-command|load|env-file)\s*:(.*)$", re.MULTILINE
)


@dataclass(frozen=True, kw_only=True)
class BoundFiles:
    """The real paths of the files to bind.

    Args:
        script: the file that an interpreter is certain to run.
        named: the files that the command names, among them `script`.
        by_rule: the files that its program is known to load.
        folders: the folders that the command names.
        perhaps: what else its words may mean.
        env: the variables whose values name something in the repository.
        loads_nothing: whether the program loads no file at all.
        on_reading: what the repository's own settings have git start, which every coding tool runs.
        problem: why not all of them could be found, as a clause.
    """

    script: str = ""
    named: tuple[str, ...] = ()
    by_rule: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    env: frozenset[str] = frozenset()
    loads_nothing: bool = False
    on_reading: tuple[ProgramsOnReading, ...] = ()
    problem: str = ""


def bound_files(spec: JobSpec, program: str, *, repo: str, cwd: str) -> BoundFiles:
    """The files of the repository that a job's program is given or known to load."""
    root = work_tree_root(Path(repo))
    area = repo if root is None else real_text(root)
    words = _words(spec)
    found = named_files(words, cwd, area)
    in_env = {
        name: named_files([value], cwd, area) for name, value in spec.env.items() if not is_reference(value)
    }
    env = {name: each for name, each in in_env.items() if each.files or each.folders}
    by_rule = _by_rule(spec, program, [cwd, repo, area, *found.folders], area)
    is_complete = all(each.is_complete for each in (found, by_rule, *in_env.values()))
    named = dict.fromkeys((*found.files, *(file for each in env.values() for file in each.files)))
    return BoundFiles(
        script=_script(program, words, cwd, found) if spec.command is not None else "",
        named=tuple(named),
        by_rule=tuple(by_rule.files),
        folders=tuple(dict.fromkeys((*found.folders, *(f for each in env.values() for f in each.folders)))),
        perhaps=tuple(found.perhaps),
        env=frozenset(env),
        loads_nothing=not env and loads_nothing(program, real_text(program)),
        on_reading=tuple(map(programs_on_reading, dict.fromkeys((cwd, repo)))) if _is_agent(spec) else (),
        problem="" if is_complete else _TOO_MANY,
    )


def _is_agent(spec: JobSpec) -> bool:
    return is_coding_tool(spec.tool) and spec.command is None


def _words(spec: JobSpec) -> tuple[str, ...]:
    if spec.command is not None:
        return spec.command.args
    own = spec.tests.args if spec.tests is not None else ()
    return (*spec.extra_args, *own)


def _script(program: str, words: tuple[str, ...], cwd: str, found: NamedFiles) -> str:
    argument = script_argument(program, words)
    file = real_text(os.path.join(cwd, argument))  # noqa: PTH118 - a path as text, as everywhere here
    return file if argument and file in found.files else ""


def _by_rule(spec: JobSpec, program: str, folders: Sequence[str], area: str) -> NamedFiles:
    if is_coding_tool(spec.tool):
        return _agent_rules(spec.tool, folders[:3], area)
    programs = {"pytest"} if spec.tool == "tests" else {PurePath(program).name}
    programs |= {PurePath(part).name for word in _words(spec) for part in parts(word)}
    names = dict.fromkeys(name for each in programs for name in LOADED_BY_RULE.get(each, ()))
    return rule_files(names, folders, area) if spec.git is None else NamedFiles()


def _agent_rules(tool: str, folders: Sequence[str], area: str) -> NamedFiles:
    """The rules by which the repository has a coding tool start programs, and the files that they name."""
    above = [
        folder for folder in map(str, Path(folders[0]).parents) if folder == area or is_inside(folder, area)
    ]
    names = AGENT_RULES[tool] if tool in AGENT_RULES else tools().loads(tool)
    rules = rule_files(names, dict.fromkeys((*folders, *above)), area)
    if folders[0] != area and not is_inside(folders[0], area):  # a link leads there
        rules.add(rule_files(names, folders[:1], folders[0]))
    for file in list(rules.files):
        rules.add(named_files(_commands_in(file), folders[1], area))
    return rules


def _commands_in(file: str) -> list[str]:
    """Every text of a file of rules that may be a command: all but what it only permits."""
    try:
        data = Path(file).read_bytes()[:_LARGEST_RULES].decode("utf-8", "replace")
        match PurePath(file).suffix:
            case ".json":
                return list(_texts(json.loads(data)))
            case ".toml":
                return list(_texts(tomllib.loads(data)))
            case ".yml":
                return _AIDER_COMMAND.findall(data)
            case _:
                return []
    except (OSError, ValueError, RecursionError):
        return []  # bound by its contents all the same


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name != "permissions":
                yield from _texts(each)
