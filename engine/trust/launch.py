"""Works out what a job would start: the facts a grant is bound to, and which of them need a grant of their own.

Reads files to identify programs but starts none. The grants themselves are kept by `engine.trust.trust_store`.
"""

import sys
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path, PurePath

from engine.errors import SpawnError
from engine.jobfile.git_steps import GitWorktree
from engine.jobfile.project_file import ProjectFile
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_names import is_coding_tool
from engine.jobfile.tool_registry import ToolFileError, tools
from engine.system.real_path import real_text
from engine.system.secret_refs import is_reference
from engine.system.tool_paths import first_found, resolve, search_path
from engine.tool_defaults import ToolDefaults, as_permitted, tools_in
from engine.trust.bound_files import BoundFiles, bound_files
from engine.trust.concerns import concerns, may_load_more, unknown_switches
from engine.trust.elsewhere import files_elsewhere
from engine.trust.fingerprints import bound_file, file_fingerprint, identity, is_inside
from engine.trust.harmless_variables import is_harmless
from engine.trust.launch_plan import AFTER_EDITS, OF_PROJECT, OWN_COMMAND, TASK, LaunchPlan
from engine.trust.project_jobs import jobs_in, jobs_of_project
from engine.types import Permission
from state.records import NOTHING

_VENV_PYTHONS = (".venv/bin/python", "venv/bin/python", ".venv/Scripts/python.exe", "venv/Scripts/python.exe")


def launch_plans(
    spec: JobSpec,
    tool_paths: Mapping[str, str] = NOTHING,
    defaults: Mapping[str, ToolDefaults] = NOTHING,
    *,
    isolation: str = "worktree",
) -> tuple[LaunchPlan, ...]:
    """What a job would start: with its own tool first, then on each rung of its ladder, its tests. Starts nothing.

    Last comes what the project file has run around it, where the job has a worktree; `isolation` is that setting.
    `defaults` are those of the tools; they, or the project file, may allow more than the job says.
    """
    rungs = [spec.at_rung(rung, tool) for rung, tool in enumerate((spec.tool, *spec.ladder))]
    there = tools_in(spec.repo_root, defaults)
    plans = (launch_plan(as_permitted(each, there), tool_paths) for each in rungs)
    jobs = jobs_of_project(spec, isolation=isolation)
    return (*dict.fromkeys(plans), *_plans_of_tests(spec, tool_paths), *_plans_beside(jobs, tool_paths))


def attempt_plans(
    spec: JobSpec, tool_paths: Mapping[str, str] = NOTHING, *, around: Sequence[tuple[str, JobSpec]] = ()
) -> tuple[LaunchPlan, ...]:
    """What the next attempt would start: its present tool, its tests, and what is run `around` it."""
    tests = _plans_of_tests(spec, tool_paths)
    return (launch_plan(spec, tool_paths), *tests, *_plans_beside(around, tool_paths))


def project_plans(
    spec: JobSpec, project: ProjectFile, root: Path, tool_paths: Mapping[str, str] = NOTHING
) -> tuple[LaunchPlan, ...]:
    """What a project file has run around a job in this working tree: its setup, teardown and check."""
    return tuple(_plans_beside(jobs_in(spec, project, root), tool_paths))


def _plans_of_tests(spec: JobSpec, tool_paths: Mapping[str, str]) -> Iterator[LaunchPlan]:
    """The tests after the edit, bound to their command and the files that it names.

    What else they load is what the tool has just written: it is not bound, and a concern says so.
    """
    tests = spec.evidence_tests
    if tests is not None:
        yield launch_plan(tests, tool_paths, beside=AFTER_EDITS)


def _plans_beside(jobs: Iterable[tuple[str, JobSpec]], tool_paths: Mapping[str, str]) -> Iterator[LaunchPlan]:
    for field, job in jobs:
        plan = launch_plan(job, tool_paths, beside=OF_PROJECT[field])
        own = tuple(concern for concern in plan.concerns if concern != OWN_COMMAND)
        yield replace(plan, tool=field, concerns=own)


def launch_plan(spec: JobSpec, tool_paths: Mapping[str, str] = NOTHING, *, beside: str = "") -> LaunchPlan:
    """What a job would start with its present tool; `beside` is the concern of what runs beside that of another job.

    Such a program is bound to its command and the files that it names: it may load what the tool has just written. What
    is known to be loaded by rule is bound of what runs before that.
    """
    repo, cwd = real_text(spec.repo_root), real_text(spec.working_dir)
    named, problem = "", ""
    try:
        named = _program(spec, tool_paths)
    except SpawnError as error:
        problem = str(error)
    exe = real_text(named) if named else (spec.command.exe if spec.command else spec.tool)
    bound = bound_files(spec, named or exe, repo=repo, cwd=cwd)
    on_reading = {each for found in bound.on_reading for each in found.bound}
    elsewhere = files_elsewhere(_words(spec), cwd, repo)
    by_rule = bound.by_rule if beside in {"", OF_PROJECT["setup"]} else ()
    return LaunchPlan(
        tool=spec.tool,
        repo=repo,
        repo_id=identity(repo),
        cwd=cwd,
        program=named or exe,
        exe=exe,
        exe_print=file_fingerprint(exe) if is_inside(exe, repo) else "",
        script=bound.script,
        files=tuple(sorted({*map(bound_file, {*bound.named, *by_rule, *elsewhere}), *on_reading})),
        folders=tuple(dict.fromkeys((*bound.folders, *bound.perhaps, *_linked(cwd, repo)))),
        args=_template(spec),
        env=tuple(_variables(spec, bound.env)),
        loads_any=not beside and _loads_any(spec, bound),
        unbound=bound.problem,
        concerns=(*concerns(spec, [named, exe], bound, repo), *filter(None, (beside,))),
        problem=problem,
    )


def _words(spec: JobSpec) -> Iterator[str]:
    """What may name files outside of the repository: a command that the job has of its own, what it adds to others."""
    if spec.command is not None:
        yield from (*((spec.command.exe,) if PurePath(spec.command.exe).name != spec.command.exe else ()),)
        yield from spec.command.args
    yield from chain.from_iterable(unknown_switches(spec))
    yield from (
        value for name, value in spec.env.items() if not is_reference(value) and not is_harmless(name, value)
    )


def _linked(cwd: str, repo: str) -> tuple[str, ...]:
    """The folder it starts in, if a link of the repository leads there."""
    return () if cwd == repo or is_inside(cwd, repo) else (cwd,)


def _loads_any(spec: JobSpec, bound: BoundFiles) -> bool:
    """Whether the program may load files of the repository that the plan does not name.

    Coding tools change the repository all night: of their own accord they load what is bound by rule, and no more. What
    the job adds to their command line or environment may have them load anything.
    """
    own = spec.tool == "tests" if spec.command is None else not bound.loads_nothing
    return own or may_load_more(spec)


def _program(spec: JobSpec, tool_paths: Mapping[str, str]) -> str:
    """The program the adapter of the tool would start, found by the same rules but without running anything."""
    if spec.command is not None:
        exe = spec.command.exe
    elif spec.tool == "tests" and "python" not in tool_paths:
        return _python(spec)
    else:
        exe = "python" if spec.tool == "tests" else _exe(spec.tool, tool_paths)
    return str(resolve(exe, path=search_path(), tool_paths=tool_paths, working_dir=spec.working_dir))


def _exe(tool: str, tool_paths: Mapping[str, str]) -> str:
    try:
        return tools().program(tool, tool_paths)
    except ToolFileError as error:
        raise SpawnError(str(error)) from error


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
    if is_coding_tool(spec.tool):
        model = ("--model", spec.model) if spec.model else ()
        return (
            *tools().words(spec.tool, spec.permission or Permission.EDIT),
            *model,
            *_permission(spec),
            *spec.extra_args,
            TASK,
        )
    if spec.git is not None:  # the names and contents in the step do not decide which program runs
        return (spec.git.action, *((spec.git.path,) if isinstance(spec.git, GitWorktree) else ()), TASK)
    return ("-m", "pytest", *(spec.tests.args if spec.tests else ()), TASK)


def _permission(spec: JobSpec) -> tuple[str, ...]:
    """What the tool may do, where it is not the usual: a grant for that covers nothing else."""
    if spec.permission is Permission.FULL:
        return ("full permission",)
    reads_only = spec.permission is Permission.READ or spec.metadata.evidence.change == "forbidden"
    return ("read-only",) if reads_only else ()


def _variables(spec: JobSpec, names_files: Container[str]) -> Iterator[str]:
    """Each variable by its name; with its value unless that is known to be harmless."""
    for name, value in sorted(spec.env.items()):
        binds_value = is_reference(value) or name in names_files or not is_harmless(name, value)
        yield f"{name}={value}" if binds_value else name
