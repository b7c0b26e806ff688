"""Commands that check: files before they are queued, and the home with its surroundings."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.bad_files import BadFilesError, located
from engine.cli.home_option import HomeOption
from engine.cli.options import (
    Files,
    JsonOption,
)
from engine.cli.printing import print_error, print_json, print_line, print_table, state_text
from engine.cli.submit import read_files
from engine.errors import JobFileError
from engine.jobfile.file_names import is_job_file_name
from engine.jobfile.job_file_reader import JobSpec, ReadFile
from engine.jobfile.project_file import PROJECT_FILE, ProjectFile, read_project_file
from engine.jobfile.template import JobTemplate, check_template
from engine.jobfile.template_folders import is_template_file, read_template
from engine.jobfile.tool_registry import is_tool_file, read_description, tool_problem
from engine.jobfile.unseen_work import unseen_work
from engine.maintenance import doctor as doctors
from engine.maintenance.home_invariants import INVARIANTS, breaches
from engine.system.formatting import plural
from engine.system.home import Home


def validate(
    files: Files,
    *,
    expand: Annotated[bool, typer.Option("--expand", help="Print the jobs of the files as JSON.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox validate`."""
    del home  # accepted like everywhere; a file is valid or not in any home
    checked = _checked(files)
    read, described, projects, bad = checked.read, checked.tools, checked.projects, checked.bad
    if expand and not bad:
        print_json([spec.to_json() for file in read for spec in file.jobs])
    elif as_json:
        errors = [
            {"file": str(path), "line": error.line, "field": error.field, "reason": error.reason}
            for path, error in bad
        ]
        valid = [
            {
                "file": str(file.path),
                "kind": file.kind,
                "title": file.title,
                "jobs": len(file.jobs),
                "warnings": list(unseen_work(file.jobs)),
            }
            for file in read
        ]
        valid += [{"file": str(path), "kind": "tool", "title": path.stem, "jobs": 0} for path in described]
        valid += [
            {"file": str(path), "kind": "project", "title": path.parent.name, "jobs": 0} for path in projects
        ]
        valid += [
            {"file": str(path), "kind": "template", "title": template.head.title, "jobs": 0}
            for path, template in checked.templates.items()
        ]
        print_json({"valid": valid, "errors": errors})
    else:
        for file in read:
            print_line(f"{file.path}: {_described(file)}")
            for warning in unseen_work(file.jobs):
                print_line(f"{file.path}: warning: {warning}")
        for path in described:
            print_line(f"{path}: a valid description of the tool {path.stem}")
        for path, template in checked.templates.items():
            print_line(f"{path}: a valid template with {plural(len(template.parameters), 'parameter')}")
        for path, project in projects.items():
            print_line(f"{path}: {_project_in_words(project)}")
        for path, error in bad:
            print_error(located(path, error))
    if bad:
        raise typer.Exit(2)


@dataclass
class _Checked:
    """The valid files by what they are for, and every error of the others."""

    read: list[ReadFile] = field(default_factory=list)
    tools: list[Path] = field(default_factory=list)
    projects: dict[Path, ProjectFile] = field(default_factory=dict)
    templates: dict[Path, JobTemplate] = field(default_factory=dict)
    bad: list[tuple[Path, JobFileError]] = field(default_factory=list)

    def add(self, path: Path) -> None:
        """Check one file; a folder stands for its job files and its project file."""
        if path.name == PROJECT_FILE:
            self.projects[path] = read_project_file(path, tool_problem=tool_problem)
        elif path.is_file() and is_tool_file(path):
            read_description(path)
            self.tools.append(path)
        elif path.is_file() and is_template_file(path):
            template = read_template(path)
            check_template(template, base=path.absolute().parent)
            self.templates[path] = template
        else:
            self.read += read_files([path])


def _checked(files: Iterable[Path]) -> _Checked:
    found = _Checked()
    for path in _with_project_files(files):
        try:
            found.add(path)
        except BadFilesError as refused:
            found.bad += refused.found
        except JobFileError as error:
            found.bad += [(path, each) for each in error.every]
    return found


def _with_project_files(files: Iterable[Path]) -> Iterator[Path]:
    """The files, and the project file of each folder; such a folder needs no job files."""
    for path in files:
        project = path / PROJECT_FILE
        has_one = os.path.lexists(project)
        if has_one:
            yield project
        if not has_one or any(is_job_file_name(each.name) for each in path.iterdir()):
            yield path


def _project_in_words(project: ProjectFile) -> str:
    runs = [f"{field} runs {' '.join((one.exe, *one.args))}" for field, one in project.runs.items()]
    return f"a valid project file{''.join(f', {each}' for each in runs)}"


def _described(file: ReadFile) -> str:
    if file.kind == "job":
        return f"a valid job for {file.jobs[0].tool}{_tested_by(file.jobs[0])}"
    streams = len({spec.workstream_id for spec in file.jobs})
    return f"a valid pipeline, {plural(len(file.jobs), 'job')} in {plural(streams, 'workstream')}"


def _tested_by(spec: JobSpec) -> str:
    tests = spec.metadata.evidence.tests
    if tests is None:
        return ""
    own = tests.command
    words = ("pytest", *tests.paths) if own is None else (own.exe, *own.args)
    return f", tested after its edit by {' '.join(words)}"


def doctor(
    *,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Check every invariant of this home instead; exit with 1 if one is broken."
        ),
    ] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox doctor`."""
    if strict:
        _check_invariants(Home.existing(home), as_json=as_json)
        return
    place = Home.named(home)
    findings = doctors.examine(Home.existing(home) if home is not None or place.is_there else place)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        rows = [(state_text(finding.level), finding.topic, finding.text) for finding in findings]
        print_table(("", "WHAT", ""), rows)
    if any(finding.level == "problem" for finding in findings):
        raise typer.Exit(1)


def _check_invariants(home: Home, *, as_json: bool) -> None:
    found = breaches(home)
    if as_json:
        broken = [{"invariant": breach.code, "sentence": breach.sentence} for breach in found]
        print_json({"home": str(home.root), "invariants": dict(INVARIANTS), "breaches": broken})
    elif found:
        for breach in found:
            print_error(f"{breach.code} is broken: {breach.sentence}")
        for code in dict.fromkeys(breach.code for breach in found):
            print_error(f"  {code}: {INVARIANTS[code]}")
        if any(breach.code == "I7" for breach in found):
            print_error(doctors.restore_hint(home).strip())
    else:
        print_line(
            f"All invariants hold in {home.shown}: {', '.join(sorted(INVARIANTS, key=lambda code: int(code[1:])))}."
        )
    if found:
        raise typer.Exit(1)
