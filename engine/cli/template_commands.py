"""The command that makes a job or pipeline file of a template; without a name it lists the templates."""

import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.bad_files import BadFilesError
from engine.cli.home_option import HomeOption
from engine.cli.home_session import opened
from engine.cli.options import (
    GivenValues,
    JsonOption,
)
from engine.cli.printing import note_done, print_error, print_json, print_line, print_table
from engine.errors import CommandRefusedError, JobFileError
from engine.jobfile.file_names import is_job_file_name
from engine.jobfile.template import JobTemplate, MadeFile, make_file, missing_sentence, values_of
from engine.jobfile.template_folders import FOLDER, REPOSITORY_FOLDER, find_templates, read_template
from engine.system.git import work_tree_root
from engine.system.home import Home
from engine.system.plain_text import one_line
from engine.system.private_files import write_private


def new(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="TEMPLATE",
            help="The name of a template, or a template file; without it, all templates are listed.",
            show_default=False,
        ),
    ] = None,
    *,
    given: GivenValues = None,
    repo: Annotated[
        Path | None,
        typer.Option(
            "--repo",
            metavar="FOLDER",
            help="The repository its jobs work in, whose templates count too; by default the one around this folder.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the file and write nothing.")] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="Write the file here instead of into the inbox.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox new`."""
    folder = Path.cwd() if repo is None else repo.expanduser().absolute()
    if not folder.is_dir():
        raise CommandRefusedError(f"{folder} is no folder. Name a repository with --repo.")
    folder = work_tree_root(folder) or folder
    if name is None:
        _list_templates(Home.named(home), folder, as_json=as_json)
        return
    template = _template(name, Home.named(home), folder)
    made = _made(template, values_given(given or ()), folder)
    if dry_run:
        sys.stdout.write(made.text)
    elif output is not None:
        _write_new(output, made)
    else:
        _write_to_inbox(made, home)


def _list_templates(home: Home, folder: Path, *, as_json: bool) -> None:
    found = find_templates(home.root, folder)
    if as_json:
        print_json(
            {
                "templates": [_as_json(template) for template in found.templates],
                "errors": [
                    {"file": str(one.file), "line": one.line, "field": one.field, "reason": one.reason}
                    for error in found.refused
                    for one in error.every
                ],
            }
        )
        return
    rows = [(one.name, one.origin, one.head.title, _parameters(one)) for one in found.templates]
    print_table(("NAME", "FROM", "TITLE", "PARAMETERS"), rows)
    for error in found.refused:
        print_error(f"{error.file}: {error.in_file}")
    print_line()
    print_line(
        f"`signalbox new NAME --set KEY=VALUE` makes a job of one. Your own go into {home.root / FOLDER}, "
        f"those of a repository into {REPOSITORY_FOLDER}."
    )


def _parameters(template: JobTemplate) -> str:
    return " ".join(
        name if parameter.is_required else f"[{name}]" for name, parameter in template.parameters.items()
    )


def _as_json(template: JobTemplate) -> dict[str, Any]:
    head = template.head.model_dump(mode="json", exclude_none=True)
    return {"name": template.name, "from": template.origin, "file": str(template.path), **head}


def _template(name: str, home: Home, folder: Path) -> JobTemplate:
    """The template of this name; what looks like a file is one."""
    path = Path(name)
    try:
        if is_job_file_name(path.name) or len(path.parts) > 1:
            return read_template(path)
        return find_templates(home.root, folder).named(name)
    except JobFileError as error:
        raise BadFilesError([(Path(error.file or path), each) for each in error.every]) from error


def values_given(words: Sequence[str]) -> dict[str, str]:
    """The values of parameters in words such as ``KEY=VALUE``.

    Raises:
        CommandRefusedError: a word is not of this form, or a key is given twice.
    """
    found: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise CommandRefusedError(f"--set {one_line(word)} has no value; write --set KEY=VALUE.")
        if key in found:
            raise CommandRefusedError(f"--set {one_line(key)} is given twice; give it once.")
        found[key] = value
    return found


def _made(template: JobTemplate, given: dict[str, str], folder: Path) -> MadeFile:
    values, problems = values_of(template, given)
    if problems and sys.stdin.isatty() and problems.keys() <= template.parameters.keys() - given.keys():
        given |= _answers(template, problems)
        values, problems = values_of(template, given)
    if problems:
        raise CommandRefusedError(
            f"{missing_sentence(template, problems)}\nNothing was made; give values with --set KEY=VALUE."
        )
    try:
        return make_file(template, values, base=folder, suffix=secrets.token_hex(4))
    except JobFileError as error:
        raise BadFilesError([(template.path, each) for each in error.every]) from error


def _answers(template: JobTemplate, missing: Mapping[str, str]) -> dict[str, str]:
    """What a person at the terminal enters for the missing parameters."""
    return {name: str(typer.prompt(_question(template, name))) for name in missing}


def _question(template: JobTemplate, name: str) -> str:
    parameter = template.parameters[name]
    return one_line(f"{parameter.title or name} ({parameter.kind_in_words})")


def _write_new(file: Path, made: MadeFile) -> None:
    try:
        write_private(file, made.text, replace=False)
    except FileExistsError:
        raise CommandRefusedError(f"{file} exists already; name another file with --output.") from None
    except OSError as error:
        raise CommandRefusedError(f"{file} cannot be written: {error.strerror}.") from error
    note_done()
    print_line(f"Wrote {file}; `signalbox submit {file}` queues it.")


def _write_to_inbox(made: MadeFile, home: Path | None) -> None:
    with opened(home, creates=True) as session:
        inbox = session.inbox
    file = inbox / made.name
    try:
        write_private(file, made.text)
    except OSError as error:
        raise CommandRefusedError(f"{file} cannot be written: {error.strerror}.") from error
    note_done()
    print_line(
        f"Wrote {file}. The window or `signalbox engine` takes it in; `signalbox status` shows its jobs."
    )
