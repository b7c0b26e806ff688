"""Leaves the copies a job asked for: its log and its error report, below the repository or the log folder alone.

Where they lie is said by a file nobody vouches for, so nothing is followed and nothing that is there is written over,
but for a copy this very job left before. Decides nothing about the job.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import SignalboxError
from engine.jobfile.fields import at_home
from engine.jobfile.spec import JobSpec
from engine.runners import output
from engine.trust.trust_store import default_folder
from engine.types import JobResult

_LEFT = ".copies"
_FOLDER = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_LARGEST_NOTE = 4096


class CopyRefusedError(SignalboxError):
    """A copy was not left, and why."""


def leave_copies(spec: JobSpec, result: JobResult, *, attempt: Path, logs: Path) -> JobResult:
    """Leave what `spec.paths` asks for of the attempt in that folder; the result tells where, or why not.

    `logs` is the folder for logs in the home. A report is left of a failure only, and taken away after a success.
    """
    left, refused = {}, []
    for name, given in (("log_file", spec.paths.log_file), ("error_report", spec.paths.error_report)):
        if given is None:
            continue
        try:
            content = _log(attempt) if name == "log_file" else _report(result)
            if _leave(_Place(spec, given, logs), content):
                left[name] = given
        except CopyRefusedError as error:
            refused.append(f"paths.{name} {given}: {error}")
        except OSError as error:
            refused.append(f"paths.{name} {given}: {error.strerror}")
        except ValueError as error:  # what no file can be called
            refused.append(f"paths.{name} {given}: {error}")
    if not left and not refused:
        return result
    metadata = dict(result.metadata)
    if left:
        metadata["copies"] = left
    if refused:
        metadata["not_copied"] = refused
        metadata["summary"] = " ".join(
            (str(metadata.get("summary", "")), f"Not copied: {'; '.join(refused)}.")
        ).strip()
    return replace(result, metadata=metadata)


def _log(attempt: Path) -> Iterator[bytes]:
    return (piece.text for piece in output.pieces(attempt))


def _report(result: JobResult) -> list[bytes] | None:
    return None if result.error_report_path is None else [Path(result.error_report_path).read_bytes()]


@dataclass(frozen=True)
class _Note:
    """Whose copy a file is, and how it looked when it was left."""

    job_id: str
    looks: tuple[int, int, int, int]


class _Place:
    """Where a copy is to lie: below which root, and by which names."""

    def __init__(self, spec: JobSpec, given: str, logs: Path) -> None:
        self.job_id = spec.job_id
        self.target = Path(os.path.abspath(spec.repo_root / at_home(given)))  # noqa: PTH100 - not through links
        self._logs = logs
        roots = (spec.repo_root, spec.repo_root.resolve(), logs, logs.resolve())
        self.root = next((root for root in roots if self.target.is_relative_to(root)), None)
        self.names = self.target.relative_to(self.root).parts if self.root is not None else ()

    def check(self) -> Path:
        """The root, unless the place is none for a copy."""
        if self.root is None:
            raise CopyRefusedError("it lies neither in the repository nor in the log folder.")
        if not self.names:
            raise CopyRefusedError("it is a folder.")
        if any(name.lower() == ".git" for name in self.names):
            raise CopyRefusedError("what git keeps for itself is not written to.")
        ours = (self._logs.parent, default_folder())
        if any(self.target.is_relative_to(folder) for folder in ours) and not self.target.is_relative_to(
            self._logs
        ):
            raise CopyRefusedError("Signalbox keeps its own files there.")
        return self.root

    @property
    def note_file(self) -> Path:
        """Where it is noted whose copy lies there."""
        name = hashlib.sha256(os.fsencode(self.target)).hexdigest()
        return self._logs / _LEFT / name

    def noted(self) -> _Note | None:
        """Whose copy lies there, as far as is known."""
        try:
            with self.note_file.open("rb") as file:
                said = json.loads(file.read(_LARGEST_NOTE))
            return _Note(str(said["job_id"]), (said["dev"], said["ino"], said["size"], said["mtime_ns"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def note(self, found: os.stat_result) -> None:
        """Remember that the copy is this job's."""
        self.note_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        dev, ino, size, mtime_ns = _looks(found)
        said = {"job_id": self.job_id, "dev": dev, "ino": ino, "size": size, "mtime_ns": mtime_ns}
        with os.fdopen(os.open(self.note_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(said, file)


def _leave(place: _Place, content: Iterable[bytes] | None) -> bool:
    """Write the copy; with no content take away the one that was left before. Whether one lies there now."""
    root = place.check()
    with _folder(root, place.names[:-1], make=content is not None) as folder:
        if folder is None:
            return False
        _remove_own(place, folder)
        if content is None:
            return False
        try:
            descriptor = os.open(place.names[-1], _NEW, 0o600, dir_fd=folder)
        except FileExistsError:
            raise CopyRefusedError(
                "something lies there already, and it is not a copy of this job."
            ) from None
        with os.fdopen(descriptor, "wb") as file:
            for part in content:
                file.write(part)
            file.flush()
            place.note(os.fstat(descriptor))
    return True


def _remove_own(place: _Place, folder: int) -> None:
    """Take away what this job left there before, unless somebody changed it since."""
    try:
        found = os.stat(place.names[-1], dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    note = place.noted()
    if note is not None and note.job_id == place.job_id and note.looks == _looks(found):
        os.unlink(place.names[-1], dir_fd=folder)


def _looks(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


@contextmanager
def _folder(root: Path, names: Iterable[str], *, make: bool) -> Iterator[int | None]:
    """The folder below `root`, reached name by name and over no link; None where it is not there and not made."""
    descriptor = os.open(root.resolve(), _FOLDER)
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
                raise CopyRefusedError(f"{name} is a link or no folder.") from None
            except OSError as error:
                raise CopyRefusedError(f"{name} cannot be entered: {error.strerror}.") from None
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)
