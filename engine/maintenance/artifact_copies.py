"""Writes the copies a job file requests: its log and its error report, only below the repository or the log folder.

The job file that names the paths is not trusted, so no link is followed and no existing file is overwritten, except a
copy that the same job wrote earlier. Decides nothing about the job.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from engine.adapters.tool_files import read_tool_file
from engine.errors import SignalboxError
from engine.jobfile.spec import JobSpec
from engine.runners import output
from engine.system.home import at_home, config_folder
from engine.system.private_files import write_private
from engine.system.real_path import real_path
from engine.types import JobResult

_NOTES = ".copies"
_FOLDER = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_LARGEST_NOTE = 4096


class CopyRefusedError(SignalboxError):
    """A copy was not written; the message says why."""


def write_copies(spec: JobSpec, result: JobResult, attempt: Path, *, logs: Path) -> JobResult:
    """Write the copies that `spec.paths` requests; the returned result says where they are, or why they are missing.

    `attempt` is the folder of the attempt, `logs` the log folder of the home. An error report is written only after a
    failure, and removed after a success.
    """
    written, refused = {}, []
    for name, given in (("log_file", spec.paths.log_file), ("error_report", spec.paths.error_report)):
        if given is None:
            continue
        try:
            content = _log(attempt) if name == "log_file" else _report(result)
            if _write(_CopyTarget(spec, given, logs), content):
                written[name] = given
        except CopyRefusedError as error:
            refused.append(f"paths.{name} {given}: {error}")
        except OSError as error:
            refused.append(f"paths.{name} {given}: {error.strerror}")
        except ValueError as error:  # not a possible file name
            refused.append(f"paths.{name} {given}: {error}")
    if not written and not refused:
        return result
    metadata = dict(result.metadata)
    if written:
        metadata["copies"] = written
    if refused:
        metadata["not_copied"] = refused
        metadata["summary"] = " ".join(
            (str(metadata.get("summary", "")), f"Not copied: {'; '.join(refused)}.")
        ).strip()
    return replace(result, metadata=metadata)


def _log(attempt: Path) -> Iterator[bytes]:
    return (piece.text for piece in output.pieces(attempt))


def _report(result: JobResult) -> list[bytes] | None:
    return None if result.error_report_path is None else [read_tool_file(Path(result.error_report_path))]


@dataclass(frozen=True)
class _Note:
    """Which job wrote a copy, and the state of the file afterwards."""

    job_id: str
    file_state: tuple[int, int, int, int]


class _CopyTarget:
    """The path of a copy: the root it must stay below, and the names that lead there."""

    def __init__(self, spec: JobSpec, given: str, logs: Path) -> None:
        self.job_id = spec.job_id
        self.target = Path(os.path.abspath(spec.repo_root / at_home(given)))  # noqa: PTH100 - not through links
        self._logs = logs
        roots = (spec.repo_root, real_path(spec.repo_root), logs, real_path(logs))
        self.root = next((root for root in roots if self.target.is_relative_to(root)), None)
        self.names = self.target.relative_to(self.root).parts if self.root is not None else ()

    def check(self) -> Path:
        """The root to write below.

        Raises:
            CopyRefusedError: a copy must not be written to this path.
        """
        if self.root is None:
            raise CopyRefusedError("it is neither in the repository nor in the log folder.")
        if not self.names:
            raise CopyRefusedError("it is a folder.")
        if any(name.lower() == ".git" for name in self.names):
            raise CopyRefusedError("Signalbox does not write to .git.")
        ours = (self._logs.parent, config_folder())
        if any(self.target.is_relative_to(folder) for folder in ours) and not self.target.is_relative_to(
            self._logs
        ):
            raise CopyRefusedError("Signalbox keeps its own files there.")
        return self.root

    @property
    def note_file(self) -> Path:
        """The file that records which job wrote the copy."""
        name = hashlib.sha256(os.fsencode(self.target)).hexdigest()
        return self._logs / _NOTES / name

    def noted(self) -> _Note | None:
        """The note about an earlier copy, or None if there is none that can be read."""
        try:
            with self.note_file.open("rb") as file:
                note = json.loads(file.read(_LARGEST_NOTE))
            return _Note(str(note["job_id"]), (note["dev"], note["ino"], note["size"], note["mtime_ns"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def note(self, found: os.stat_result) -> None:
        """Record that this job wrote the copy."""
        self.note_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        dev, ino, size, mtime_ns = _file_state(found)
        note = {"job_id": self.job_id, "dev": dev, "ino": ino, "size": size, "mtime_ns": mtime_ns}
        write_private(self.note_file, json.dumps(note))


def _write(target: _CopyTarget, content: Iterable[bytes] | None) -> bool:
    """Write the copy, or without content remove the earlier one. Returns whether there is a copy now."""
    root = target.check()
    with _folder(root, target.names[:-1], make=content is not None) as folder:
        if folder is None:
            return False
        _remove_own(target, folder)
        if content is None:
            return False
        try:
            descriptor = os.open(target.names[-1], _NEW, 0o600, dir_fd=folder)
        except FileExistsError:
            raise CopyRefusedError("a file exists there that is not a copy of this job.") from None
        with os.fdopen(descriptor, "wb") as file:
            for part in content:
                file.write(part)
            file.flush()
            target.note(os.fstat(descriptor))
    return True


def _remove_own(target: _CopyTarget, folder: int) -> None:
    """Remove the copy this job wrote earlier, unless it was changed since."""
    try:
        found = os.stat(target.names[-1], dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    note = target.noted()
    if note is not None and note.job_id == target.job_id and note.file_state == _file_state(found):
        os.unlink(target.names[-1], dir_fd=folder)


def _file_state(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


@contextmanager
def _folder(root: Path, names: Iterable[str], *, make: bool) -> Iterator[int | None]:
    """The folder below `root`, opened name by name so that no link is followed; None if it is missing and not made."""
    descriptor = os.open(real_path(root), _FOLDER)
    try:
        for name in names:
            try:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(name, 0o700, dir_fd=descriptor)
                inner = os.open(name, _FOLDER, dir_fd=descriptor)
            except FileNotFoundError:
                yield None
                return
            except NotADirectoryError:
                raise CopyRefusedError(f"{name} is a link or not a folder.") from None
            except OSError as error:
                raise CopyRefusedError(f"{name} cannot be opened: {error.strerror}.") from None
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)
