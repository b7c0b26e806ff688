"""Keeps filter sets as files: `filters/NAME.yaml` in a home, to be shared. One that is not valid costs itself alone."""

import io
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from engine.errors import CommandRefusedError, JobFileError, UnlistedFolderError
from engine.jobfile.error_messages import nearest, validated
from engine.jobfile.filter_set import AlarmAction, FilterSet
from engine.jobfile.parsing import parse
from engine.jobfile.safe_read import read_bytes
from engine.jobfile.yaml_folder import Stamp, folder_stamp_of, named_files, unlisted, with_status, yaml_text
from engine.system.home import FILTERS
from engine.system.plain_text import escape_invisible
from engine.system.private_files import write_private

_SUFFIX = ".yaml"
_NAME = re.compile(r"[\w][\w .()+-]{0,59}")
_NAME_RULE = "up to 60 letters, digits, spaces and . ( ) + - _, the first a letter or digit"


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedFilter:
    """A filter set with its name, and since when its file is as it is (epoch seconds)."""

    name: str
    content: FilterSet
    changed_at: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundFilters:
    """The filter sets there are, by name, and the first error of each file that is not valid."""

    filters: Sequence[SavedFilter] = ()
    refused: Sequence[JobFileError] = ()


class FilterFolder:
    """The filter sets of one home."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILTERS

    def stamp(self) -> Stamp:
        """What changes when a file does; costs microseconds where there are few."""
        return folder_stamp_of(self.path, _is_meant)

    def find(self) -> FoundFilters:
        """Every filter set."""
        filters: list[SavedFilter] = []
        refused: list[JobFileError] = []
        if (closed := unlisted(self.path)) is not None:
            refused.append(closed)
        for path, found in with_status(self._files()):
            try:
                _check_name(path)
                content = read_filter(path)
            except JobFileError as error:
                refused.append(error)
                continue
            changed_at = min(found.st_mtime, time.time())  # a copy may bring a time along that is yet to come
            filters.append(SavedFilter(name=path.stem, content=content, changed_at=changed_at))
        return FoundFilters(filters=filters, refused=refused)

    def named(self, name: str) -> FilterSet:
        """The filter set of this name.

        Raises:
            JobFileError: its file is not valid.
            CommandRefusedError: there is none.
        """
        path = self._file(name)
        if (error := unlisted(self.path)) is not None:
            raise error
        if not path.is_file():
            names = [known.stem for known in self._files() if _is_name(known.stem)]
            listed = f" There are {', '.join(names)}." if names else " None is saved yet."
            raise CommandRefusedError(f"There is no filter set {name!r}{nearest(name, names) or '.'}{listed}")
        return read_filter(path)

    def save(self, name: str, content: FilterSet, *, replaces: bool = True) -> None:
        """Write a filter set.

        Raises:
            CommandRefusedError: the name cannot be one, or is taken and nothing is to be replaced.
            OSError: the file cannot be written.
        """
        path = self._file(name)
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            write_private(path, filter_text(content), replace=replaces)
        except FileExistsError:
            raise CommandRefusedError(_taken(name)) from None

    def rename(self, name: str, to: str) -> None:
        """Give a filter set another name.

        Raises:
            CommandRefusedError: there is none, or the new name is taken or cannot be one.
        """
        self.named(name)
        try:
            os.link(self._file(name), self._file(to))  # unlike a rename, it never replaces one made meanwhile
        except FileExistsError:
            raise CommandRefusedError(_taken(to)) from None
        self._file(name).unlink()

    def set_alarm(self, name: str, action: AlarmAction | None) -> None:
        """Make a filter set an alarm, or none; the comments of its file stay.

        Raises:
            JobFileError: it is not valid, or cannot be an alarm.
            CommandRefusedError: there is none of this name.
            OSError: the file cannot be written.
        """
        self.named(name)
        path, yaml, text = self._file(name), YAML(), io.StringIO()
        fields = yaml.load(read_bytes(path, guarded=False).decode())
        fields.pop("alarm", None)
        if action is not None:
            fields["alarm"] = action.value
        yaml.dump(fields, text)
        validated(FilterSet, parse(text.getvalue().encode(), path.name))
        write_private(path, text.getvalue())

    def delete(self, name: str) -> FilterSet:
        """Remove a filter set, and return it so that it can be saved again."""
        found = self.named(name)
        self._file(name).unlink()
        return found

    def _file(self, name: str) -> Path:
        if not _is_name(name):
            raise CommandRefusedError(f"{name!r} cannot be the name of a filter set: {_NAME_RULE}.")
        return self.path / f"{name}{_SUFFIX}"

    def _files(self) -> list[Path]:
        return named_files(self.path, _is_meant)


def refused_filters(refused: Sequence[JobFileError]) -> str:
    """What it means that files of filter sets are not valid, as a sentence; empty where all of them are."""
    if not refused:
        return ""
    if isinstance(refused[0], UnlistedFolderError):
        return f"No filter set is known, so none is an alarm: {refused[0]}."
    others = len(refused) - 1
    more = f" So {'is' if others == 1 else 'are'} {others:,} more of the filter sets." if others else ""
    return (
        f"A filter set is not valid, so it is no alarm either: {str(refused[0]).rstrip('.')}.{more} "
        f"Mend or delete the file in the folder {FILTERS} of the home."
    )


def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name == name.strip()


def _is_meant(file_name: str) -> bool:
    """Whether a file is to be a filter set; hidden ones are the drafts and locks of editors."""
    return file_name.endswith(_SUFFIX) and not file_name.startswith(".")


def _check_name(path: Path) -> None:
    if not _is_name(path.stem):
        name = escape_invisible(path.name.encode(errors="surrogateescape").decode(errors="backslashreplace"))
        raise JobFileError(f"its name cannot be that of a filter set: {_NAME_RULE}", file=name)


def _taken(name: str) -> str:
    return f"There is a filter set {name!r} already; choose another name."


def read_filter(path: Path) -> FilterSet:
    """Read one filter set, wherever it is.

    Raises:
        JobFileError: names file, line and field; it carries all others of the file.
    """
    return validated(FilterSet, parse(read_bytes(path, guarded=False), path.name))


def import_filter(folder: FilterFolder, path: Path) -> str:
    """Take up a shared file under its own name, without its alarm: whether it fits is for this home to say.

    Raises:
        JobFileError: it is not valid.
        CommandRefusedError: its name is taken or cannot be one.
        OSError: it cannot be written here.
    """
    folder.save(path.stem, read_filter(path).model_copy(update={"alarm": None}), replaces=False)
    return path.stem


def checked_filter(name: str, fields: Mapping[str, Any]) -> FilterSet:
    """The filter set with these fields, checked as if it were read from its file.

    Raises:
        JobFileError: it would not be valid; names line and field of the file that was not written.
    """
    return validated(FilterSet, parse(yaml_text(fields).encode(), f"{name}{_SUFFIX}"))


def filter_text(content: FilterSet) -> str:
    """A filter set as the text of its file."""
    return yaml_text(content.model_dump(mode="json", exclude_defaults=True) | {"version": content.version})
