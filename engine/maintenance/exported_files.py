"""The files of an exported folder: only what its list of checksums names, each a plain file that is unchanged.

Opens nothing that is a link, a FIFO or a device. What the files mean is checked in `export`.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from io import BufferedReader
from pathlib import Path

from engine.errors import JobFileError, SignalboxError
from engine.jobfile import json_text
from engine.jobfile.document import Document

DOCUMENT, SUMS, OUTPUTS = "run.json", "sums.json", "outputs"
KEPT = re.compile(
    r"(stdout|stderr|tests|index)(\.\d+)?|result\.json|invocation\.json|shim\.log|error_report\.json"
)
"""The files of an attempt that an export keeps."""
NOTHING_IMPORTED = "nothing was imported"
_FOLDER = re.compile(r"\d{1,18}-[A-Za-z0-9.-]{0,120}")
_SUM = re.compile(r"[0-9a-f]{64}")
_LARGEST_DOCUMENT = 256 * 1024 * 1024
_LARGEST_OUTPUT = 2 * 1024 * 1024 * 1024
"""The largest cap of a stream that a job file can name is 1 GiB."""
_MOST = 1_000_000
_SHOWN = 5
_CHUNK = 1024 * 1024


def checked_sums(folder: Path, format_known: int) -> dict[str, str]:
    """The checksum of each file by its name, after checking that the folder holds these files and nothing else.

    Raises:
        SignalboxError: it names the file, and what is wrong with it.
    """
    sums = _sums(folder, format_known)
    found = set(_scan(folder))
    if missing := sorted(sums.keys() - found):
        raise refused(folder / missing[0], "is missing")
    if extra := sorted(found - sums.keys() - {SUMS}):
        more = f" and {len(extra) - _SHOWN} more" if len(extra) > _SHOWN else ""
        raise refused(folder / SUMS, f"does not list {', '.join(extra[:_SHOWN])}{more}")
    for name, checksum in sums.items():
        if sum_of(folder / name) != checksum:
            raise refused(folder / name, "was changed after the export")
    return sums


def read_document(file: Path) -> Document:
    """A JSON file of an export as plain data with its lines.

    Raises:
        SignalboxError: it is not JSON, is too large, or could be read in two ways.
    """
    try:
        with _opened(file, _LARGEST_DOCUMENT) as opened:
            text = opened.read(_LARGEST_DOCUMENT + 1).decode()
        document = json_text.document(text, file.name)
    except JobFileError as error:
        raise refused(file, error.in_file) from error
    except UnicodeDecodeError as error:
        raise refused(file, f"is not UTF-8 (byte {error.start})") from error
    except RecursionError as error:
        raise refused(file, "is nested too deeply") from error
    if not isinstance(document.data, dict):
        raise refused(file, "is not a file of an export")
    return document


def sum_of(file: Path) -> str:
    """The checksum of a file."""
    with _opened(file, _LARGEST_OUTPUT) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def copy_checked(source: Path, target: Path, checksum: str) -> None:
    """Copy a file, and fail if it is not any more what was checked.

    Raises:
        SignalboxError: it was changed meanwhile, or cannot be copied.
    """
    digest = hashlib.sha256()
    try:
        with (
            _opened(source, _LARGEST_OUTPUT) as opened,
            os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as copy,
        ):
            while chunk := opened.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
    except OSError as error:
        raise refused(target, f"cannot be written: {error.strerror}") from error
    if digest.hexdigest() != checksum:
        raise refused(source, "was changed while it was imported")


def refused(file: Path, reason: str) -> SignalboxError:
    """Why nothing of the folder is imported."""
    return SignalboxError(f"{file}: {reason}; {NOTHING_IMPORTED}.")


def _sums(folder: Path, format_known: int) -> dict[str, str]:
    document = read_document(folder / SUMS)
    written = document.data.get("format")
    if type(written) is not int or written != format_known:
        reason = f"has format {str(written)[:60]}, and this release reads format {format_known}"
        raise refused(folder / SUMS, reason)
    sums = document.data.get("sha256")
    if not isinstance(sums, Mapping):
        raise refused(folder / SUMS, "sha256: should be a mapping of files to checksums")
    for name, checksum in sums.items():
        if not _is_name(name):
            raise refused(folder / SUMS, f"names {name[:200]!r}, which is not a file of an export")
        if not isinstance(checksum, str) or not _SUM.fullmatch(checksum):
            raise refused(folder / SUMS, f"sha256.{name}: should be a checksum")
    if DOCUMENT not in sums:
        raise refused(folder / SUMS, f"does not list {DOCUMENT}")
    return dict(sums)


def _is_name(name: str) -> bool:
    if name == DOCUMENT:
        return True
    parts = name.split("/")
    return (
        len(parts) == 3  # noqa: PLR2004 - outputs, the attempt, the file
        and parts[0] == OUTPUTS
        and _FOLDER.fullmatch(parts[1]) is not None
        and KEPT.fullmatch(parts[2]) is not None
    )


def _scan(folder: Path) -> Iterator[str]:
    """The names of all plain files."""
    waiting, seen = [""], 0
    while waiting:
        inside = waiting.pop()
        for entry in _entries(folder / inside):
            seen += 1
            name = f"{inside}{entry.name}"
            mode = entry.stat(follow_symlinks=False).st_mode
            if seen > _MOST:
                raise refused(folder, "holds more files than any export")
            if stat.S_ISDIR(mode) and (
                name == OUTPUTS or (inside == f"{OUTPUTS}/" and _FOLDER.fullmatch(entry.name))
            ):
                waiting.append(f"{name}/")
            elif stat.S_ISREG(mode):
                yield name
            else:
                raise refused(folder / name, f"is {_kind(mode)}, not a file of an export")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise refused(folder, f"cannot be read: {error.strerror}") from error


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFLNK: "a link",
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
    }
    return kinds.get(stat.S_IFMT(mode), "a device")


def _opened(file: Path, most: int) -> BufferedReader:
    """The file, if it is a plain one that is not too large; never waits for a FIFO."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        opened = os.fdopen(os.open(file, flags), "rb")
    except OSError as error:
        hint = " Name a folder written by `signalbox export`" if file.name == SUMS else ""
        raise refused(file, f"cannot be read: {error.strerror}.{hint}".rstrip(".")) from error
    found = os.fstat(opened.fileno())
    if stat.S_ISREG(found.st_mode) and found.st_size <= most:
        return opened
    opened.close()
    raise refused(file, "is too large" if stat.S_ISREG(found.st_mode) else f"is {_kind(found.st_mode)}")
