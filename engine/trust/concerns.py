"""Why a launch plan needs a grant of its own: what it runs of the repository, skips, sets or reads."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_names import is_coding_tool
from engine.system.git import work_tree_root
from engine.system.secret_refs import ENV_REFERENCE, KEYRING_REFERENCE
from engine.trust.bound_files import BoundFiles
from engine.trust.fingerprints import is_inside
from engine.trust.harmless_switches import not_harmless, switch_name
from engine.trust.harmless_variables import is_own_key, sets
from engine.trust.launch_plan import OWN_COMMAND
from engine.types import Permission

_NO_APPROVAL = re.compile(
    r"^--yes-always\b|^--yes$|^--yolo\b|^--dangerously|^--allow-dangerously|danger-full-access"
    r"|bypassPermissions|^(-c)?approval_policy|^--approval-mode=yolo|^--full-auto\b",
)
_NO_APPROVAL_PAIRS = frozenset(
    {("--approval-mode", "yolo"), ("--ask-for-approval", "never"), ("-a", "never")}
)
_APPROVAL_SWITCHES = frozenset({"--permission-mode", "--sandbox", "-s", "--config", "-c"})
_READ_AS_SWITCH = re.compile(r"[-@]")
_NAMED = 3


def concerns(spec: JobSpec, programs: Sequence[str], bound: BoundFiles, repo: str) -> Iterator[str]:
    """Each reason why a job needs a grant of its own, as a clause that follows `it`."""
    if spec.command is not None:
        yield OWN_COMMAND
    inside = next((program for program in programs if program and is_inside(program, repo)), None)
    if inside is not None:
        yield f"runs {_relative(inside, repo)} of the repository"
    yield from _of_repository(spec, bound, repo)
    yield from _on_reading(bound)
    if spec.permission is Permission.FULL and spec.command is None:
        yield "runs with full permission, so it may start any command without asking"
    own = (*(spec.command.args if spec.command else ()), *spec.extra_args)
    if switches := list(dict.fromkeys(_without_approval(own))):
        yield f"runs without asking for approval ({_joined(switches)})"
    yield from _unknown(spec)
    yield from _of_environment(spec)


def unknown_switches(spec: JobSpec) -> tuple[tuple[str, ...], ...]:
    """What the job adds to the tool's own command line that may start programs, each switch with its values."""
    if spec.command is not None:
        return ()  # a concern as a whole
    if spec.tool == "tests":
        run = spec.tests
        return not_harmless("tests", (*run.args, *filter(_READ_AS_SWITCH.match, run.paths))) if run else ()
    found = not_harmless(spec.tool, spec.extra_args) if is_coding_tool(spec.tool) else ()
    return tuple(words for words in found if not _only_skips_approval(words))


def may_load_more(spec: JobSpec) -> bool:
    """Whether switches or variables of the job may have its program load or start what no word of it names."""
    return bool(unknown_switches(spec) or sets(spec.env))


def _unknown(spec: JobSpec) -> Iterator[str]:
    names = list(dict.fromkeys(map(switch_name, unknown_switches(spec))))
    if names:
        tool = "pytest" if spec.tool == "tests" else spec.tool
        yield f"gives {tool} {_listed(names)}, which {'is' if len(names) == 1 else 'are'} not known to be harmless"


def _of_environment(spec: JobSpec) -> Iterator[str]:
    if names := list(sets(spec.env)):
        yield f"sets {_joined(names)}"
    keys, variables = [], []
    for name, value in sorted(spec.env.items()):
        if value.startswith(KEYRING_REFERENCE):
            keys.append(value.removeprefix(KEYRING_REFERENCE))
        elif (
            value.startswith(ENV_REFERENCE)
            and spec.command is None
            and not is_own_key(spec.tool, name, value)
        ):
            variables.append(value.removeprefix(ENV_REFERENCE))
    if keys:
        yield f"reads {_joined(keys)} from the keyring"
    if variables:
        yield f"reads {_joined(variables)} from the environment"


def _without_approval(arguments: Sequence[str]) -> Iterator[str]:
    for argument, following in zip(arguments, (*arguments[1:], ""), strict=False):
        if _NO_APPROVAL.search(argument):
            yield argument[:80]
        elif (argument, following) in _NO_APPROVAL_PAIRS:
            yield f"{argument} {following}"


def _only_skips_approval(words: Sequence[str]) -> bool:
    """Whether a switch skips approval and does no more, which is a concern with words of its own."""
    switch, values = words[0], words[1:]
    if not values:
        return _NO_APPROVAL.search(switch) is not None
    return len(values) == 1 and (
        (switch, values[0]) in _NO_APPROVAL_PAIRS
        or (switch in _APPROVAL_SWITCHES and _NO_APPROVAL.search(values[0]) is not None)
    )


def _of_repository(spec: JobSpec, bound: BoundFiles, repo: str) -> Iterator[str]:
    """What the command is certain to run of the repository, else what it names or may load of it."""
    if bound.script:
        yield f"runs {_relative(bound.script, repo)} of the repository"
    elif bound.named and not bound.loads_nothing:
        yield f"names {_files(bound.named, repo)} of the repository"
    elif bound.by_rule and spec.command is not None:
        place = "repository" if work_tree_root(Path(repo)) is not None else "folder"
        yield f"may load any file of the {place}"
    if bound.by_rule and spec.command is None and is_coding_tool(spec.tool):
        yield f"may load {_files(bound.by_rule, repo)} of the repository, which can name programs to start"


def _on_reading(bound: BoundFiles) -> Iterator[str]:
    if keys := list(dict.fromkeys(key for each in bound.on_reading for key in each.keys)):
        yield f"has git start programs that the repository names ({_listed(keys)})"
    if not all(each.is_known for each in bound.on_reading):
        yield "may have git start programs: the repository's settings of git cannot be read"


def _files(paths: Sequence[str], repo: str) -> str:
    return _listed([_relative(path, repo) for path in paths], "more files")


def _listed(names: Sequence[str], more: str = "more") -> str:
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED:,} {more}"
    return _joined(names)


def _joined(names: Sequence[str]) -> str:
    """All the names, as a sentence lists them."""
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder)
