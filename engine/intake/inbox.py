"""Accepts job files from the watched folder, held unless they are trusted; rejects bad files with a reason.

The folder is the truth; a wake-up only requests another `scan`. Nothing here starts a job. A file leaves the inbox only
after its jobs are committed, so that accepting it again after a crash finds them in the queue.
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
from engine.jobfile.job_file_reader import ReadFile, read_source
from engine.jobfile.safe_read import read_bytes
from engine.jobfile.spec import JobSpec
from engine.system.fault_injection import fault
from engine.system.git import work_tree_root
from engine.system.home import Home
from engine.system.private_files import write_private
from engine.trust.policy import needs_trust
from state.database_errors import DatabaseError
from state.locks import KernelLock
from state.records import HoldCause, Job, JobHold, Origin

log = logging.getLogger(__name__)

STABLE_S = 0.3
"""How long a file must not change before it is read."""
TURN_S = 0.003
"""How long one turn may read files; at least one file is read in each turn."""
SUFFIXES = frozenset({".json", ".yaml", ".yml"})
HELD = needs_trust("it came in through the inbox", cause=HoldCause.INBOX)
_UNFINISHED = (".part", ".tmp", ".crdownload", "~", ".swp", ".swx")
_REJECTED, _TAKING = "rejected", ".taking"
_NAME_BYTES = 180
"""File systems allow names of 255 bytes, and what is added before and after a name must fit too."""


class FileAcceptance(Protocol):
    """What accepts the jobs of whole files."""

    def accept_file(
        self, jobs: list[Accepted], *, origin: Origin, held: JobHold | None, title: str, source_prefix: str
    ) -> list[Job]:
        """Queue the jobs of one file; none if jobs whose source starts with `source_prefix` are still open."""

    def came_from(self, source_path: str) -> bool:
        """Whether a job with this source was queued."""


class InboxStore(Protocol):
    """What the inbox needs from the store."""

    @property
    def acceptance(self) -> FileAcceptance:
        """Where jobs are queued."""

    def record_event(self, event_type: str, payload: dict[str, object]) -> int:
        """Record that something happened."""


@dataclass
class ScanReport:
    """What one turn did. `more` requests another turn at once, `settling` one when files have stopped changing."""

    accepted: list[Path] = field(default_factory=list)
    rejected: list[Path] = field(default_factory=list)
    settling: bool = False
    more: bool = False
    problem: str = ""


class Inbox:
    """One watched folder. Several engines may scan it; a kernel lock admits one at a time."""

    def __init__(
        self,
        folder: Path,
        home: Home,
        store: InboxStore,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        reason_to_hold: Callable[[JobSpec], JobHold | None] = lambda _spec: HELD,
    ) -> None:
        """Scan `folder`; `reason_to_hold` says why a job must wait for a person, None if it is trusted."""
        self.folder = folder
        self._reason_to_hold = reason_to_hold
        self._home, self._store, self._monotonic = home, store, monotonic
        self._seen: dict[str, tuple[tuple[int, int, int], float]] = {}

    def scan(self) -> ScanReport:
        """Accept files that have stopped changing, for a few milliseconds; never waits."""
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
                self._process_ready(report)
        except OSError as error:
            report.problem = f"The inbox {self.folder} cannot be used: {error.strerror} ({error.filename})."
        return report

    def _process_ready(self, report: ScanReport) -> None:
        until = self._monotonic() + TURN_S
        for path in self._ready(report):
            try:
                self._process(path, report)
            except OSError as error:  # the file stays where it is and does not block the others
                name = path.name.encode(errors="backslashreplace").decode()
                report.problem = f"Could not move {name} out of the inbox: {error.strerror}."
            if self._monotonic() > until:
                report.more = not report.problem
                return

    def _problem(self) -> str:
        """Why this folder is not read, in a sentence; empty if it is."""
        try:
            found = self.folder.stat()
        except OSError as error:
            return f"The inbox {self.folder} cannot be read: {error.strerror}. Create it or choose another in Settings."
        if not stat.S_ISDIR(found.st_mode):
            return f"The inbox {self.folder} is not a folder. Choose another in Settings."
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
            return f"The inbox {self.folder} can be written by others, so no file is accepted. Run chmod 700 on it."
        return self._parent_problem()

    def _parent_problem(self) -> str:
        """Why others could put files here although the folder itself is closed; empty if they cannot."""
        above = self.folder.resolve().parent
        mode = above.stat().st_mode
        if hasattr(os, "getuid") and mode & 0o022 and not mode & stat.S_ISVTX:
            return f"Others could replace the inbox {self.folder} with a folder of their own. Run chmod go-w {above}."
        root = work_tree_root(self.folder)
        ours = self._home.root.resolve()
        if root is not None and not self.folder.resolve().is_relative_to(ours):
            return f"The inbox {self.folder} is inside the repository {root}: files checked out there would come in."
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
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            file_state = (status.st_ino, status.st_size, status.st_mtime_ns)
            known, since = self._seen.get(entry.name, (None, now))
            seen[entry.name] = (file_state, since if known == file_state else now)
            if known == file_state and now - since >= STABLE_S:
                yield Path(entry.path)
            else:
                report.settling = True
        self._seen = seen

    def _process(self, path: Path, report: ScanReport) -> None:
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
            source_prefix = f"{self._home.accepted / hashlib.sha256(data).hexdigest()[:16]}-"
            target = Path(source_prefix + path.name)
            if not self._store.acceptance.came_from(str(target)):
                self._accept(data, name, target, source_prefix)
        except DatabaseError:
            raise  # not the fault of the file: it stays where it is until the next turn
        except SignalboxError as error:
            self._reject(path, name, str(error))
            report.rejected.append(path)
            return
        except OSError:
            raise  # as above
        except Exception as error:  # no file may stop the engine, nor the next engine again
            log.exception("Could not accept %s", name)
            self._reject(path, name, f"Signalbox itself failed on this file: {error!r}. Please report this.")
            report.rejected.append(path)
            return
        fault("before_unlink")
        path.chmod(0o600)
        shutil.move(path, target)
        report.accepted.append(target)

    def _accept(self, data: bytes, name: str, target: Path, source_prefix: str) -> None:
        read = read_source(data, name, base=self.folder)
        fault("parsed")
        accepted = [
            Accepted(
                spec=spec, digest=spec.digest(), source_path=str(target), held=self._reason_to_hold(spec)
            )
            for spec in read.jobs
        ]
        try:
            entered = self._store.acceptance.accept_file(
                accepted,
                origin=Origin.INBOX,
                held=None,
                title=_title(read, name),
                source_prefix=source_prefix,
            )
        except JobExistsError as error:
            raise JobFileError(f"{error}", file=name, field="job_id") from error
        fault("accepted")
        if not entered:
            text = f"{name} repeats what is already in the queue; nothing was added."
            self._store.record_event("inbox.known", {"file": name, "text": text})

    def _reject(self, path: Path, name: str, reason: str) -> None:
        folder = self.folder / _REJECTED
        folder.mkdir(mode=0o700, exist_ok=True)
        target = _free(folder, name)
        note = target.with_name(
            target.name + ".reason"
        )  # written first, so that no rejected file lacks its reason
        write_private(note, f"{reason}\n".encode(errors="backslashreplace"))
        path.rename(target)
        text = f"{name} was rejected: {reason}"
        self._store.record_event(
            "inbox.rejected", {"file": name, "text": text, "level": "error", "reason": reason}
        )


def intake_name(source: Path) -> str:
    """The name the file of an accepted source had while it was being accepted."""
    return source.name.partition("-")[2]


def _read(path: Path, name: str) -> bytes:
    if Path(name).suffix.lower() not in SUFFIXES and path.is_file():
        raise JobFileError(f"job files end in {', '.join(sorted(SUFFIXES))}", file=name)
    try:
        return read_bytes(path)
    except JobFileError as error:
        raise JobFileError(error.reason, file=name) from error


def _plain(name: str) -> str:
    """The name as text that any file system and the database accept, short enough for what is added to it."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    stem, suffix = os.path.splitext(text)  # noqa: PTH122 - Path("..json") would have no suffix
    if len(text.encode()) <= _NAME_BYTES:
        return text
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
