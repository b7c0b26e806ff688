"""Works out what a job would start: the facts a grant is bound to, and which of them need a grant of their own.

Reads files to identify programs but starts none. The grants themselves are kept by `engine.trust.trust_store`.
"""

import hashlib
import json
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePath
from typing import Any

from engine.errors import SpawnError
from engine.jobfile.spec import AGENTS, GitWorktree, JobSpec
from engine.system.secret_refs import KEYRING_REFERENCE, is_reference
from engine.system.tool_paths import first_found, resolve, search_path
from state.records import NOTHING, HoldCause, Job, JobStatus

TASK = "<the task>"
"""Placeholder in the arguments of a coding tool for what changes from job to job: its prompt and its files."""

_LARGEST = 16 * 1024 * 1024
"""A larger file is identified by inode, size and modification time instead of its contents."""

_NO_APPROVAL = re.compile(
    r"^--yes-always\b|^--yes$|^--yolo\b|^--dangerously|^--allow-dangerously|danger-full-access"
    r"|bypassPermissions|^(-c)?approval_policy|^--approval-mode=yolo|^--full-auto\b",
)
_NO_APPROVAL_PAIRS = frozenset(
    {("--approval-mode", "yolo"), ("--ask-for-approval", "never"), ("-a", "never")}
)
_STEERING = re.compile(
    r"^(PATH|ENV|IFS|SHELL|EDITOR|VISUAL|PAGER|BASH_ENV|BASH_FUNC.*|PROMPT_COMMAND|LD_.*|DYLD_.*|GIT_.*|SSH_.*|PYTHON.*"
    r"|NODE_.*|NPM_.*|RUBY.*|PERL.*|JAVA_.*|JDK_.*|_JAVA.*|CARGO_.*|RUSTC.*|.*_PROXY|.*_BASE_URL|.*_API_BASE)$",
    re.IGNORECASE,
)
_INTERPRETERS = re.compile(
    r"^(sh|bash|dash|zsh|ksh|fish|python|pypy|node|deno|bun|ruby|perl|php|lua|Rscript|pwsh|powershell|tclsh)[\d.]*(\.exe)?$"
)
_WRAPPERS = frozenset(
    {"env", "nice", "timeout", "nohup", "setsid", "stdbuf", "time", "xvfb-run", "uv", "poetry", "npx", "sudo"}
)
_INLINE = frozenset(
    {"-c", "-m", "--eval", "--command", "-Command"}
)  # not -e: shells use it as an ordinary switch
_RULES_OF: Mapping[str, tuple[str, ...]] = {
    "make": ("GNUmakefile", "makefile", "Makefile"),
    "gmake": ("GNUmakefile", "makefile", "Makefile"),
    "just": ("justfile", "Justfile"),
    "npm": ("package.json",),
    "yarn": ("package.json",),
    "pnpm": ("package.json",),
}
_VENV_PYTHONS = (".venv/bin/python", "venv/bin/python", ".venv/Scripts/python.exe", "venv/Scripts/python.exe")


@dataclass(frozen=True, kw_only=True)
class LaunchPlan:
    """One program as one job would start it; a grant is bound to every field except the last two.

    Args:
        tool: the tool of the job file.
        repo: the real path of the repository.
        repo_id: identifies the folder at that path, so that another one in its place is noticed.
        cwd: the real path of the folder the program starts in.
        program: the program that is started.
        exe: its real path, which differs where the Python of a virtual environment is a link.
        exe_print: the fingerprint of the program if it is in the repository.
        script: the file of the repository that an interpreter is given to run.
        script_print: the fingerprint of that file.
        args: the arguments, with `TASK` for what changes from job to job.
        env: the names of the job's own variables, with the values of those that decide which code is loaded.
        concerns: why the plan needs a grant of its own, in plain words.
        problem: why the program could not be started at all.
    """

    tool: str
    repo: str
    repo_id: str
    cwd: str
    program: str
    exe: str
    exe_print: str = ""
    script: str = ""
    script_print: str = ""
    args: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    problem: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the fields a grant is bound to."""
        bound = {name: value for name, value in asdict(self).items() if name not in _UNBOUND}
        return hashlib.sha256(json.dumps(bound, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def is_of_repo(self) -> bool:
        """Whether it runs code of the repository, or runs without asking for approval."""
        return any(concern != OWN_COMMAND for concern in self.concerns)

    def to_json(self) -> dict[str, Any]:
        """The plan as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "LaunchPlan":
        """The plan that `to_json` turned into these values.

        Raises:
            ValueError: a field is missing or has the wrong type.
        """
        try:
            values = {field.name: saved[field.name] for field in fields(cls)}
        except (KeyError, TypeError) as error:
            raise ValueError(f"{error} is missing") from None
        for name in _LISTS:
            if not isinstance(values[name], list) or not all(isinstance(each, str) for each in values[name]):
                raise ValueError(f"{name} is not a list of strings")
            values[name] = tuple(values[name])
        if any(not isinstance(value, str) for name, value in values.items() if name not in _LISTS):
            raise ValueError("a field is not a string")
        return cls(**values)


_UNBOUND = frozenset({"concerns", "problem"})
_LISTS = frozenset({"args", "env", "concerns"})
OWN_COMMAND = "runs a command of its own"


def waits_for_trust(job: Job) -> bool:
    """Whether a job is held until a person has reviewed what it would start."""
    return job.status is JobStatus.HELD and job.hold_cause in {HoldCause.INBOX, HoldCause.TRUST}


def launch_plans(spec: JobSpec, tool_paths: Mapping[str, str] = NOTHING) -> tuple[LaunchPlan, ...]:
    """What a job would start: with its own tool first, then with each tool it may escalate to. Starts nothing."""
    tools = dict.fromkeys((spec.tool, *spec.metadata.escalate_to))
    return tuple(launch_plan(spec.for_tool(tool), tool_paths) for tool in tools)


def may_need_grant(spec: JobSpec) -> bool:
    """Whether a preview could find a reason for a grant of its own; saves the preview where it could not."""
    return (
        spec.tool in {"shell", "tests"}
        or bool(spec.command or spec.extra_args or spec.env)
        or bool(spec.metadata.escalate_to)
    )


def concerns_of(plans: Iterable[LaunchPlan]) -> tuple[str, ...]:
    """Why these plans need a grant of their own, each reason once; empty if they need none."""
    return tuple(dict.fromkeys(concern for plan in plans for concern in plan.concerns))


def differences(now: LaunchPlan, before: LaunchPlan) -> list[str]:
    """What has changed since it was trusted, one plain clause for each change."""
    clauses = {
        "repo": f"it works in {now.repo}, not in {before.repo}",
        "repo_id": "another folder is now where the repository was",
        "tool": f"the tool was {before.tool}",
        "cwd": f"it starts in {now.cwd}, not in {before.cwd}",
        "program": f"the program was {before.program}",
        "exe": f"{PurePath(now.program).name} was {before.exe}",
        "exe_print": f"{PurePath(now.exe).name} has changed",
        "script": f"the script was {before.script or 'none'}",
        "script_print": f"{PurePath(now.script).name} has changed",
        "args": "the arguments differ",
        "env": "the variables differ",
    }
    then, here = asdict(before), asdict(now)
    changed = [name for name in clauses if then[name] != here[name]]
    return [clauses[name] for name in changed if not _follows(name, changed)]


_FOLLOWS = {
    "exe": ("program",),
    "exe_print": ("program", "exe"),
    "script_print": ("script",),
    "repo_id": ("repo",),
}


def _follows(name: str, changed: Sequence[str]) -> bool:
    return any(other in changed for other in _FOLLOWS.get(name, ()))


# --- the facts ------------------------------------------------------------------------------------------------------


def launch_plan(spec: JobSpec, tool_paths: Mapping[str, str] = NOTHING) -> LaunchPlan:
    """What a job would start with its present tool."""
    repo, cwd = os.path.realpath(spec.repo_root), os.path.realpath(spec.working_dir)
    named, problem = "", ""
    try:
        named = _program(spec, tool_paths)
    except SpawnError as error:
        problem = str(error)
    exe = os.path.realpath(named) if named else (spec.command.exe if spec.command else spec.tool)
    script = _script(spec, named or exe, repo)
    return LaunchPlan(
        tool=spec.tool,
        repo=repo,
        repo_id=_identity(repo),
        cwd=cwd,
        program=named or exe,
        exe=exe,
        exe_print=_file_fingerprint(exe) if _inside(exe, repo) else "",
        script=script,
        script_print=_file_fingerprint(script) if script else "",
        args=_template(spec),
        env=tuple(_variables(spec)),
        concerns=tuple(_concerns(spec, [named, exe], script, repo)),
        problem=problem,
    )


def _program(spec: JobSpec, tool_paths: Mapping[str, str]) -> str:
    """The program the adapter of the tool would start, found by the same rules but without running anything."""
    if spec.command is not None:
        exe = spec.command.exe
    elif spec.tool == "tests" and "python" not in tool_paths:
        return _python(spec)
    else:
        exe = {"tests": "python"}.get(spec.tool, spec.tool)
    return str(resolve(exe, path=search_path(), tool_paths=tool_paths, working_dir=spec.working_dir))


def _python(spec: JobSpec) -> str:
    """The Python of the repository if there is one, which the tests adapter uses if it has pytest."""
    folders = dict.fromkeys((spec.working_dir, spec.repo_root))
    own = next(
        (folder / python for folder in folders for python in _VENV_PYTHONS if (folder / python).is_file()),
        None,
    )
    return str(own or first_found(["python3", "python"], path=search_path()) or sys.executable)


def _template(spec: JobSpec) -> tuple[str, ...]:
    if spec.command is not None:
        return spec.command.args
    if spec.tool in AGENTS:
        model = ("--model", spec.model) if spec.model else ()
        reads_only = ("read-only",) if spec.metadata.evidence.change == "forbidden" else ()
        return (*model, *reads_only, *spec.extra_args, TASK)
    if spec.git is not None:  # the names and contents in the step do not decide which program runs
        return (spec.git.action, *((spec.git.path,) if isinstance(spec.git, GitWorktree) else ()), TASK)
    return ("-m", "pytest", *(spec.tests.args if spec.tests else ()), TASK)


def _variables(spec: JobSpec) -> Iterator[str]:
    for name, value in sorted(spec.env.items()):
        binds_value = is_reference(value) or _STEERING.match(name) is not None
        yield f"{name}={value}" if binds_value else name


def _concerns(spec: JobSpec, programs: Sequence[str], script: str, repo: str) -> Iterator[str]:
    if spec.tool == "shell":
        yield OWN_COMMAND
    inside = next((program for program in programs if program and _inside(program, repo)), None)
    if inside is not None:
        yield f"runs {_relative(inside, repo)} of the repository"
    if script:
        yield f"runs {_relative(script, repo)} of the repository"
    own = (*(spec.command.args if spec.command else ()), *spec.extra_args)
    for switch in _without_approval(own):
        yield f"runs without asking for approval ({switch})"
    for name, value in sorted(spec.env.items()):
        if _STEERING.match(name) and not is_reference(value):
            yield f"sets {name}"
        elif value.startswith(KEYRING_REFERENCE):
            yield f"reads {value.removeprefix(KEYRING_REFERENCE)} from the keyring"


def _without_approval(arguments: Sequence[str]) -> Iterator[str]:
    for argument, following in zip(arguments, (*arguments[1:], ""), strict=False):
        if _NO_APPROVAL.search(argument):
            yield argument[:80]
        elif (argument, following) in _NO_APPROVAL_PAIRS:
            yield f"{argument} {following}"


def _script(spec: JobSpec, program: str, repo: str) -> str:
    """The real path of the repository file that an interpreter is given to run; empty if none can be recognised."""
    if spec.command is None:
        return ""
    name = PurePath(program).name
    if name in _RULES_OF:
        candidates: Iterable[str] = _RULES_OF[name]
    elif name in _WRAPPERS:
        candidates = [argument for argument in spec.command.args if not argument.startswith("-")]
    elif _INTERPRETERS.match(name):
        candidates = _operands(spec.command.args)
    else:
        return ""
    for candidate in candidates:
        file = os.path.realpath(spec.working_dir / candidate)
        if _inside(file, repo) and Path(file).is_file():
            return file
    return ""


def _operands(arguments: Sequence[str]) -> Iterator[str]:
    for argument in arguments:
        if argument in _INLINE:
            return
        if not argument.startswith("-"):
            yield argument


# --- the file system ------------------------------------------------------------------------------------------------


def fingerprint(data: bytes) -> str:
    """The text that identifies these contents in a grant."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _file_fingerprint(path: str) -> str:
    flags = (
        os.O_RDONLY
        | getattr(os, "O_NOFOLLOW", 0)
        | getattr(os, "O_NONBLOCK", 0)
        | getattr(os, "O_CLOEXEC", 0)
    )
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return "no file"  # part of digests granted earlier: the words must stay
        if found.st_size > _LARGEST:
            return f"stat:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}"
        return fingerprint(file.read(_LARGEST + 1))


def _identity(folder: str) -> str:
    try:
        found = Path(folder).stat()
    except OSError:
        return ""
    return f"{found.st_dev}:{found.st_ino}"


def _inside(path: str, folder: str) -> bool:
    return path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder)
