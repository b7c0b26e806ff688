"""Commands that check: files before they are queued, and the home with its surroundings."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.bad_files import BadFilesError, located
from engine.cli.options import Files, HomeOption, JsonOption
from engine.cli.printing import print_error, print_json, print_line, print_table, state_text
from engine.cli.submit import read_files
from engine.errors import JobFileError
from engine.jobfile.job_file_reader import JobSpec, ReadFile
from engine.jobfile.tool_registry import is_tool_file, read_description
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
    """Check files of jobs, pipelines and tools, and report every error with file, line, field and reason."""
    del home  # accepted like everywhere; a file is valid or not in any home
    read, described, bad = _checked(files)
    if expand and not bad:
        print_json([spec.to_json() for file in read for spec in file.jobs])
    elif as_json:
        errors = [
            {"file": str(path), "line": error.line, "field": error.field, "reason": error.reason}
            for path, error in bad
        ]
        valid = [
            {"file": str(file.path), "kind": file.kind, "title": file.title, "jobs": len(file.jobs)}
            for file in read
        ]
        valid += [{"file": str(path), "kind": "tool", "title": path.stem, "jobs": 0} for path in described]
        print_json({"valid": valid, "errors": errors})
    else:
        for file in read:
            print_line(f"{file.path}: {_described(file)}")
        for path in described:
            print_line(f"{path}: a valid description of the tool {path.stem}")
        for path, error in bad:
            print_error(located(path, error))
    if bad:
        raise typer.Exit(2)


def _checked(files: Iterable[Path]) -> tuple[list[ReadFile], list[Path], list[tuple[Path, JobFileError]]]:
    """The valid files of jobs, those that describe tools, and every error of the others."""
    read: list[ReadFile] = []
    described: list[Path] = []
    bad: list[tuple[Path, JobFileError]] = []
    for path in files:
        try:
            if path.is_file() and is_tool_file(path):
                read_description(path)
                described.append(path)
            else:
                read += read_files([path])
        except BadFilesError as refused:
            bad += refused.found
        except JobFileError as found:
            bad += [(path, each) for each in found.every]
    return read, described, bad


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
    """Check tools, database, inbox and window; with --strict every invariant of the home."""
    if strict:
        _check_invariants(Home.at(home), as_json=as_json)
        return
    findings = doctors.examine(Home.at(home))
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
            f"All invariants hold in {home.root}: {', '.join(sorted(INVARIANTS, key=lambda code: int(code[1:])))}."
        )
    if found:
        raise typer.Exit(1)
