"""The watched folder: what lies still is taken in, held unless it was trusted; what is bad goes aside with its reason.

The folder is the truth; a wake-up only asks for another `scan`. Nothing here starts a job. A file leaves the inbox
only after its jobs are committed, and taking one in again after a crash finds them there.
"""

import hashlib
import logging
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engine.errors import JobExistsError, JobFileError, SignalboxError
from engine.interfaces import Accepted
from engine.jobfile.reader import ReadFile, read_source
from engine.jobfile.safe_read import read_bytes
from engine.jobfile.spec import JobSpec
from engine.system.fault_injection import fault
from engine.system.git import work_tree_root
from engine.system.home import Home
from engine.system.locks import KernelLock
from engine.trust.launch import NEEDS_TRUST
from state.database_errors import DatabaseError
from state.records import Job, Origin

log = logging.getLogger(__name__)

STABLE_S = 0.3
"""How long a file must not change before it is read."""
TURN_S = 0.003
"""How long one turn may read files; at least one file is read a turn."""
SUFFIXES = frozenset({".json", ".yaml", ".yml"})
HELD = f"{NEEDS_TRUST}it came in through the inbox; review it, then let it run or cancel it."
_UNFINISHED = (".part", ".tmp", ".crdownload", "~", ".swp", ".swx")
_REJECTED, _TAKING = "rejected", ".taking"
_NAME_BYTES = 180
"""A file system takes names of 255 bytes, and what we put before and behind one must fit too."""


class InboxStore(Protocol):
    """What the inbox asks of the store."""

    def accept_file(
        self, jobs: list[Accepted], *, origin: Origin, held: str | None, title: str, known_by: str
    ) -> list[Job]:
        """Enter jobs of one file; none where a file with sources that begin like `known_by` still has open jobs."""

    def came_from(self, source_path: str) -> bool:
        """Whether a job was entered with this source."""

    def record_event(self, event_type: str, payload: dict[str, object]) -> int:
        """Record that something happened."""


@dataclass
class ScanReport:
    """What one turn did. `more` asks for another turn at once, `settling` for one when files lie still."""

    accepted: list[Path] = field(default_factory=list)
    rejected: list[Path] = field(default_factory=list)
    settling: bool = False
    more: bool = False
    problem: str = ""


class Inbox:
    """One watched folder. Several engines may scan it: a kernel lock lets one at a time do so."""

    def __init__(
        self,
        folder: Path,
        home: Home,
        store: InboxStore,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        reason_to_hold: Callable[[JobSpec], str | None] = lambda _spec: HELD,
    ) -> None:
        """Watch `folder`; `reason_to_hold` says why a job must wait for a person, None if it is trusted."""
        self.folder = folder
        self._reason_to_hold = reason_to_hold
        self._home, self._store, self._monotonic = home, store, monotonic
        self._seen: dict[str, tuple[tuple[int, int, int], float]] = {}

    def scan(self) -> ScanReport:
        """Take in what lies still, for a few milliseconds; never waits."""
        report = ScanReport()
        problem = self._problem()
        if problem:
            report.problem = problem
            return report
        try:
            lock = KernelLock.try_take(self._home.root / "inbox.lock")
            if lock is None:
                report.settling = True
                return report
            with lock:
                self._take_ready(report)
        except OSError as error:
            report.problem = f"The inbox {self.folder} cannot be used: {error.strerror} ({error.filename})."
        return report

    def _take_ready(self, report: ScanReport) -> None:
        until = self._monotonic() + TURN_S
        for path in self._ready(report):
            try:
                self._take(path, report)
            except OSError as error:  # it stays where it is, and does not keep the others out
                named = path.name.encode(errors="backslashreplace").decode()
                report.problem = f"{named} in the inbox cannot be moved: {error.strerror}."
            if self._monotonic() > until:
                report.more = not report.problem
                return

    def _problem(self) -> str:
        """Why this folder is not read, in a sentence; empty where it is."""
        try:
            found = self.folder.stat()
        except OSError as error:
            return f"The inbox {self.folder} cannot be read: {error.strerror}. Make it, or name another in Settings."
        if not stat.S_ISDIR(found.st_mode):
            return f"The inbox {self.folder} is no folder. Name another in Settings."
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
            return (
                f"The inbox {self.folder} can be written by others; nothing is taken from it. Use chmod 700."
            )
        return self._problem_around()

    def _problem_around(self) -> str:
        """Why somebody else could put files here although the folder is closed; empty where nobody can."""
        above = self.folder.resolve().parent
        mode = above.stat().st_mode
        if hasattr(os, "getuid") and mode & 0o022 and not mode & stat.S_ISVTX:
            return f"Others can put a folder of theirs in place of the inbox {self.folder}. Use chmod go-w {above}."
        root = work_tree_root(self.folder)
        ours = self._home.root.resolve()
        if root is not None and not self.folder.resolve().is_relative_to(ours):
            return f"The inbox {self.folder} lies in the repository {root}: what is checked out there would come in."
        return ""

    def _ready(self, report: ScanReport) -> Iterator[Path]:
        taking = self.folder / _TAKING
        taking.mkdir(mode=0o700, exist_ok=True)
        yield from sorted(taking.iterdir())  # left behind by an engine that was killed
        now = self._monotonic()
        seen = {}
        with os.scandir(self.folder) as entries:
            found = sorted(
                (entry for entry in entries if not _is_ours(entry.name)), key=lambda entry: entry.name
            )
        for entry in found:
            try:
                looks = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            print_ = (looks.st_ino, looks.st_size, looks.st_mtime_ns)
            known, since = self._seen.get(entry.name, (None, now))
            seen[entry.name] = (print_, since if known == print_ else now)
            if known == print_ and now - since >= STABLE_S:
                yield Path(entry.path)
            else:
                report.settling = True
        self._seen = seen

    def _take(self, path: Path, report: ScanReport) -> None:
        fault("file_seen")
        if path.parent == self.folder:
            named = path
            path = self.folder / _TAKING / f"{secrets.token_hex(8)}-{_plain(path.name)}"
            try:
                named.rename(path)
            except FileNotFoundError:
                return
        name = path.name.partition("-")[2]
        try:
            data = _read(path, name)
            known_by = f"{self._home.accepted / hashlib.sha256(data).hexdigest()[:16]}-"
            target = Path(known_by + path.name)
            if not self._store.came_from(str(target)):
                self._accept(data, name, target, known_by)
        except DatabaseError:
            raise  # the file is not to blame: it stays where it is, and its turn comes again
        except SignalboxError as error:
            self._reject(path, name, str(error))
            report.rejected.append(path)
            return
        except OSError:
            raise  # nor here
        except Exception as error:  # no file may bring the engine down, and the next one again
            log.exception("%s could not be taken in", name)
            self._reject(path, name, f"Signalbox itself failed on it: {error!r}. Please report this.")
            report.rejected.append(path)
            return
        fault("before_unlink")
        path.chmod(0o600)
        shutil.move(path, target)
        report.accepted.append(target)

    def _accept(self, data: bytes, name: str, target: Path, known_by: str) -> None:
        read = read_source(data, name, base=self.folder)
        fault("parsed")
        accepted = [
            Accepted(
                spec=spec, digest=spec.digest(), source_path=str(target), held=self._reason_to_hold(spec)
            )
            for spec in read.jobs
        ]
        try:
            entered = self._store.accept_file(
                accepted, origin=Origin.INBOX, held=None, title=_title(read, name), known_by=known_by
            )
        except JobExistsError as error:
            raise JobFileError(f"{error}", file=name, field="job_id") from error
        fault("accepted")
        if not entered:
            told = f"{name} says what is in the queue already; nothing was added."
            self._store.record_event("inbox.known", {"file": name, "text": told})

    def _reject(self, path: Path, name: str, reason: str) -> None:
        folder = self.folder / _REJECTED
        folder.mkdir(mode=0o700, exist_ok=True)
        target = _free(folder, name)
        note = target.with_name(target.name + ".reason")  # before the file: it never lies there without one
        descriptor = os.open(note, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(reason + "\n")
        path.rename(target)
        told = f"{name} was not taken: {reason}"
        self._store.record_event(
            "inbox.rejected", {"file": name, "text": told, "level": "error", "reason": reason}
        )


def intake_name(source: Path) -> str:
    """What the file of an accepted source was called while it was taken in."""
    return source.name.partition("-")[2]


def _read(path: Path, name: str) -> bytes:
    if Path(name).suffix.lower() not in SUFFIXES and path.is_file():
        raise JobFileError(f"job files end in {', '.join(sorted(SUFFIXES))}", file=name)
    try:
        return read_bytes(path)
    except JobFileError as error:
        raise JobFileError(error.reason, file=name) from error


def _plain(name: str) -> str:
    """The name as text any file system and the database take, and short enough for what is put around it."""
    told = os.fsencode(name).decode("utf-8", "backslashreplace")
    stem, suffix = os.path.splitext(told)  # noqa: PTH122 - Path("..json") would have no suffix
    if len(told.encode()) <= _NAME_BYTES:
        return told
    return stem.encode()[: _NAME_BYTES - len(suffix.encode())].decode(errors="ignore") + suffix


def _is_ours(name: str) -> bool:
    return name == _REJECTED or name.startswith(".") or name.endswith(_UNFINISHED)


def _title(read: ReadFile, name: str) -> str:
    return read.title or name


def _free(folder: Path, name: str) -> Path:
    target, number = folder / name, 1
    while target.exists() or target.is_symlink():
        number += 1
        target = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return target
