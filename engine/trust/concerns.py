"""Why a launch plan needs a grant of its own: what it runs of the repository, skips, sets or reads."""

import os
import re
from collections.abc import Iterator, Sequence

from engine.jobfile.spec import JobSpec
from engine.system.secret_refs import KEYRING_REFERENCE, is_reference
from engine.trust.bound_files import BoundFiles
from engine.trust.fingerprints import is_inside
from engine.trust.launch_plan import OWN_COMMAND

_NO_APPROVAL = re.compile(
    r"^--yes-always\b|^--yes$|^--yolo\b|^--dangerously|^--allow-dangerously|danger-full-access"
    r"|bypassPermissions|^(-c)?approval_policy|^--approval-mode=yolo|^--full-auto\b",
)
_NO_APPROVAL_PAIRS = frozenset(
    {("--approval-mode", "yolo"), ("--ask-for-approval", "never"), ("-a", "never")}
)
STEERING = re.compile(
    r"^(PATH|ENV|IFS|SHELL|EDITOR|VISUAL|PAGER|BASH_ENV|BASH_FUNC.*|PROMPT_COMMAND|LD_.*|DYLD_.*|GIT_.*|SSH_.*|PYTHON.*"
    r"|NODE_.*|NPM_.*|RUBY.*|PERL.*|JAVA_.*|JDK_.*|_JAVA.*|CARGO_.*|RUSTC.*|MAKE.*|.*FLAGS|CC|CXX|CLASSPATH|LESS.*|MANPAGER|BROWSER|AWK.*|GO.*|PHP.*|LUA.*|R_.*|PYTEST_.*|TOX_.*"
    r"|.*_PROXY|.*_BASE_URL|.*_API_BASE)$",
    re.IGNORECASE,
)

_NAMED = 3


def concerns(spec: JobSpec, programs: Sequence[str], bound: BoundFiles, repo: str) -> Iterator[str]:
    """Each reason why a job needs a grant of its own, as a clause that follows `it`."""
    if spec.tool == "shell":
        yield OWN_COMMAND
    inside = next((program for program in programs if program and is_inside(program, repo)), None)
    if inside is not None:
        yield f"runs {_relative(inside, repo)} of the repository"
    yield from _of_repository(spec, bound, repo)
    own = (*(spec.command.args if spec.command else ()), *spec.extra_args)
    for switch in _without_approval(own):
        yield f"runs without asking for approval ({switch})"
    for name, value in sorted(spec.env.items()):
        if STEERING.match(name) and not is_reference(value):
            yield f"sets {name}"
        elif value.startswith(KEYRING_REFERENCE):
            yield f"reads {value.removeprefix(KEYRING_REFERENCE)} from the keyring"


def _without_approval(arguments: Sequence[str]) -> Iterator[str]:
    for argument, following in zip(arguments, (*arguments[1:], ""), strict=False):
        if _NO_APPROVAL.search(argument):
            yield argument[:80]
        elif (argument, following) in _NO_APPROVAL_PAIRS:
            yield f"{argument} {following}"


def _of_repository(spec: JobSpec, bound: BoundFiles, repo: str) -> Iterator[str]:
    """What the command is certain to run of the repository, else what it names or may load of it."""
    if bound.script:
        yield f"runs {_relative(bound.script, repo)} of the repository"
    elif bound.named and not bound.loads_nothing:
        names = [_relative(file, repo) for file in bound.named]
        more = f" and {len(names) - _NAMED:,} more files" if len(names) > _NAMED else ""
        yield f"names {', '.join(names[:_NAMED])}{more} of the repository"
    elif bound.by_rule and spec.command is not None:
        yield "may load any file of the repository"


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder)
