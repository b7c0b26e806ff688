"""Finds templates: those of the home, of a repository and those that are shipped, in this order of precedence.

Files are read anew each time, since a person edits them. One that is not valid costs itself alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import CommandRefusedError, JobFileError
from engine.jobfile.error_messages import nearest
from engine.jobfile.file_names import is_job_file_name
from engine.jobfile.parsing import parse
from engine.jobfile.safe_read import read_bytes
from engine.jobfile.template import JobTemplate, is_template, parsed_template
from engine.jobfile.yaml_folder import named_files, unlisted
from engine.system.git import work_tree_root

FOLDER = "templates"
REPOSITORY_FOLDER = ".signalbox/templates"
"""Where a repository has its templates, below the top of its working tree."""
SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "templates"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")


@dataclass(frozen=True, kw_only=True)
class FoundTemplates:
    """The templates there are, by name, and the first error of each file that is not valid."""

    templates: Sequence[JobTemplate] = ()
    refused: Sequence[JobFileError] = ()

    def named(self, name: str) -> JobTemplate:
        """The template of this name.

        Raises:
            JobFileError: its file is not valid.
            CommandRefusedError: there is none.
        """
        for template in self.templates:
            if template.name == name:
                return template
        for error in self.refused:
            if Path(error.file or "").stem == name:
                raise error
        names = [template.name for template in self.templates]
        raise CommandRefusedError(
            f"There is no template {name}{nearest(name, names)}. `signalbox new` lists all templates."
        )


def find_templates(home: Path, work_folder: Path | None = None) -> FoundTemplates:
    """The templates of a home, of the repository around a folder, and those shipped; of one name, the first counts."""
    found: dict[str, JobTemplate | JobFileError] = {}
    for origin, folder in _folders(home, work_folder):
        if (error := unlisted(folder)) is not None:
            found.setdefault(f"{folder}/", error)
        for path in named_files(folder, is_job_file_name):
            found.setdefault(path.stem, _read(path, origin))
    each = [found[name] for name in sorted(found)]
    return FoundTemplates(
        templates=[one for one in each if isinstance(one, JobTemplate)],
        refused=[one for one in each if isinstance(one, JobFileError)],
    )


def read_template(path: Path, *, origin: str = "file") -> JobTemplate:
    """Read one template, wherever it is.

    Raises:
        JobFileError: the first error; it carries all others of the file.
    """
    return parsed_template(read_bytes(path, guarded=origin == "repository"), path, origin=origin)


def is_template_file(path: Path) -> bool:
    """Whether a file is meant to be a template: it says so by its head."""
    try:
        return is_template(parse(read_bytes(path, guarded=False), path.name).data)
    except JobFileError:
        return False


def _folders(home: Path, work_folder: Path | None) -> Iterator[tuple[str, Path]]:
    yield "home", home / FOLDER
    if work_folder is not None:
        yield "repository", (work_tree_root(work_folder) or work_folder) / REPOSITORY_FOLDER
    yield "shipped", SHIPPED


def _read(path: Path, origin: str) -> JobTemplate | JobFileError:
    if _NAME.fullmatch(path.stem) is None:
        reason = "is no name for a template: up to 48 small letters, digits, '-' and '_', the first no sign"
        return JobFileError(f"{path.stem!r} {reason}", file=path)
    try:
        return read_template(path, origin=origin)
    except JobFileError as error:
        return JobFileError(error.reason, file=path, line=error.line, field=error.field, others=error.others)
