"""What folders of YAML files have in common: templates, filter sets, recurring runs. Checks nothing."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from engine.errors import UnlistedFolderError
from engine.jobfile.safe_read import unreadable_words

Stamp = tuple[tuple[str, int, int], ...]
"""What identifies files as they were read: name, time and size of each."""
_UNLISTED: Stamp = (("", 0, 0),)
_NEVER_WRAPPED = 4096


def named_files(folder: Path, is_meant: Callable[[str], bool]) -> list[Path]:
    """The files of a folder whose names are meant, by name; none in a folder that cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(folder / entry.name for entry in entries if is_meant(entry.name))
    except OSError:
        return []


def unlisted(folder: Path) -> UnlistedFolderError | None:
    """Why nobody knows which files a folder has; None where that is known, or where there is no folder."""
    try:
        with os.scandir(folder):
            return None
    except FileNotFoundError:
        return None
    except OSError as error:
        return UnlistedFolderError(folder, unreadable_words(error))


def folder_stamp_of(folder: Path, is_meant: Callable[[str], bool]) -> Stamp:
    """What changes whenever a file of a folder does, or whether it can be listed; cheap."""
    return stamp_of(named_files(folder, is_meant)) if unlisted(folder) is None else _UNLISTED


def with_status(paths: Iterable[Path]) -> Iterator[tuple[Path, os.stat_result]]:
    """These files with their times and sizes."""
    for path in paths:
        with suppress(OSError):  # a link to nothing, or it has just gone: that hides no other
            yield path, path.stat()


def stamp_of(paths: Iterable[Path]) -> Stamp:
    """What changes whenever one of these files does; costs microseconds where there are few."""
    return tuple((path.name, found.st_mtime_ns, found.st_size) for path, found in with_status(paths))


def yaml_text(fields: Mapping[str, Any]) -> str:
    """The text of a file with these fields."""
    yaml, text = YAML(), io.StringIO()
    yaml.width = _NEVER_WRAPPED
    yaml.dump(dict(fields), text)
    return text.getvalue()
