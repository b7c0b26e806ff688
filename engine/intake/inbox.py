"""Accepts job files from the watched folder, held unless they are trusted; rejects bad files with a reason.

The folder is the truth; a wake-up only requests another `scan`. Nothing here starts a job. A file leaves the inbox only
after its jobs are committed, so that accepting it again after a crash finds them in the queue. What is no job file by
its name stays, and a file that somebody has open for writing is not taken before it is closed.
"""

import hashlib
import logging
import os
import secrets
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engine.errors import JobExistsError, JobFileError, SignalboxError
from engine.intake.folder_check import problem_of_folder
from engine.intake.notes import Notes, NoteStore
from engine.intake.open_files import Writers, writers_of
from engine.intake.refusals import REASON, REJECTED
from engine.interfaces import Accepted, Holds, IncomingFile
from engine.jobfile.file_names import is_job_file_name
from engine.jobfile.job_file_reader import ReadFile, read_source
from engine.jobfile.safe_read import read_bytes
from engine.jobfile.spec import JobSpec
from engine.system.fault_injection import fault
from engine.system.home import Home
from engine.system.private_files import write_private
from engine.trust.policy import needs_trust
from state.database_errors import DatabaseError
from state.locks import KernelLock
from state.records import HoldCause, Job, Origin

log = logging.getLogger(__name__)

STABLE_S = 0.3
"""How long a file must not change before it is read."""
TURN_S = 0.016
"""How long one turn may read files; at least one file is read in each turn."""
UNSURE_STABLE_S = 5.0
"""The same where the system cannot say whether somebody still has the file open for writing."""
OPEN_S = 30.0
"""How long a file that stays open without a change may keep an engine from being idle."""
HELD = needs_trust("it came in through the inbox", cause=HoldCause.INBOX)
MOST_TOGETHER = 64
"""How many files are queued in one transaction at most; others wait for it to write."""
MOST_REVIEWS = 100
"""How many files may be under review at once."""
_TAKING = ".taking"
_NAME_BYTES = 180
"""File systems allow names of 255 bytes, and what is added before and after a name must fit too."""


class FileAcceptance(NoteStore, Protocol):
    """What accepts the jobs of whole files."""

    def accept_files(self, files: Sequence[IncomingFile]) -> list[list[Job]]:
        """Queue the jobs of several files together; none of one if jobs with its source are still open."""

    def came_from(self, source_path: str) -> bool:
        """Whether a job with this source was queued."""


class InboxStore(Protocol):
    """What the inbox needs from the store."""

    @property
    def acceptance(self) -> FileAcceptance:
        """Where jobs are queued."""

    def record_event(self, event_type: str, payload: dict[str, object]) -> int:
        """Record that something happened."""


class _ChangedError(Exception):
    """The file was changed after it was read."""


@dataclass
class ScanReport:
    """What one turn did. `more` requests another turn at once, `settling` one when files have stopped changing."""

    accepted: list[Path] = field(default_factory=list)
    rejected: list[Path] = field(default_factory=list)
    settling: bool = False
    more: bool = False
    problem: str = ""


@dataclass(frozen=True)
class _Review:
    """The jobs of a file, while it is read on another thread what decides whether they are trusted."""

    data: bytes
    read: ReadFile
    holds: "Future[Holds]"


@dataclass(frozen=True)
class _Checked:
    """A file that is in `.taking`, read and reviewed; `jobs` is None where they were queued before."""

    path: Path
    name: str
    target: Path
    jobs: IncomingFile | None


@dataclass
class _Walk:
    """One way through the folder, in as many turns as it takes: to list thousands of files takes as long as a turn."""

    left: "deque[os.DirEntry[str]]"
    seen: dict[str, tuple[tuple[int, int, int], float]] = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)
    still_open: list[str] = field(default_factory=list)
    settling: bool = False


def _hold_all(specs: Sequence[JobSpec]) -> "Future[Holds]":
    done: Future[Holds] = Future()
    done.set_result(lambda _queued: [HELD for _ in specs])
    return done


class Inbox:
    """One watched folder. Several engines may scan it; a kernel lock admits one at a time."""

    def __init__(
        self,
        folder: Path,
        home: Home,
        store: InboxStore,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        review: Callable[[Sequence[JobSpec]], "Future[Holds]"] = _hold_all,
    ) -> None:
        """Scan `folder`; `review` starts to read what decides which jobs of a file are trusted, and never waits."""
        self.folder = folder
        self._review = review
        self._reviews: dict[Path, _Review] = {}
        self._home, self._store, self._monotonic = home, store, monotonic
        self._seen: dict[str, tuple[tuple[int, int, int], float]] = {}
        self._walk: _Walk | None = None
        self._notes = Notes(folder, store.acceptance)

    def place(self, name: str, text: str) -> None:
        """Have `scan` take in a file as if it were dropped; one with the same name and text is accepted once.

        Raises:
            OSError: it cannot be written.
        """
        token = hashlib.sha256(f"{name}\n{text}".encode()).hexdigest()[:16]
        taking, draft = self.folder / _TAKING, self.folder / f".{token}-{name}"
        taking.mkdir(mode=0o700, exist_ok=True)
        write_private(draft, text)
        draft.rename(taking / f"{token}-{name}")

    def is_waiting(self, name: str) -> bool:
        """Whether a file of this name was dropped and its jobs are not queued yet."""
        if os.path.lexists(self.folder / name):
            return True
        try:
            return any(intake_name(path) == name for path in (self.folder / _TAKING).iterdir())
        except OSError:
            return False

    def scan(self) -> ScanReport:
        """Accept files that have stopped changing, for a few milliseconds; never waits."""
        report = ScanReport()
        problem = problem_of_folder(self.folder, self._home)
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
        """Read files for a few milliseconds, and queue what they hold: in one transaction, synced once."""
        until = self._monotonic() + TURN_S
        checked: list[_Checked] = []
        for path in self._ready(report):
            if self._is_under_review(path):
                report.settling = True
                continue
            with self._staying(path, report):
                checked += self._checked(path, report)
            if self._monotonic() > until or len(checked) == MOST_TOGETHER:
                report.more = not report.problem
                break
        self._take_in(checked, report)

    def _is_under_review(self, path: Path) -> bool:
        known = self._reviews.get(path)
        return known is not None and not known.holds.done()

    def _ready(self, report: ScanReport) -> Iterator[Path]:
        # Left by an engine that was killed, still being written, or under review; in the order of their names.
        taken = sorted(self._taken(), key=lambda path: (intake_name(path), path.name))
        self._reviews = {path: self._reviews[path] for path in taken if path in self._reviews}
        yield from taken
        if self._walk is None:
            self._walk = _Walk(deque(self._entries()))
        else:
            self._walk.settling = True  # what came since it began is in no list yet
        walk = self._walk
        now = self._monotonic()
        while walk.left:
            if len(self._reviews) >= MOST_REVIEWS:
                report.settling = True
                return
            entry = walk.left.popleft()
            try:
                status = os.lstat(entry.path)
            except FileNotFoundError:
                continue
            file_state = (status.st_ino, status.st_size, status.st_mtime_ns)
            known, since = self._seen.get(entry.name, (None, now))
            walk.seen[entry.name] = (file_state, since if known == file_state else now)
            rested_s = now - since if known == file_state else 0.0
            name = _plain(entry.name)
            if not is_job_file_name(entry.name):
                walk.settling |= rested_s < STABLE_S and not self._notes.is_noted(name)
                walk.foreign += [name] if rested_s >= STABLE_S else []
            elif self._is_complete(Path(entry.path), rested_s):
                yield Path(entry.path)
            elif rested_s < OPEN_S:
                walk.settling = True
            else:
                walk.still_open.append(name)
        self._walk = None
        report.settling |= walk.settling
        self._seen = walk.seen
        self._notes.no_job_files(walk.foreign)
        self._notes.still_open(walk.still_open)

    def _taken(self) -> list[Path]:
        """What is in `.taking`, which is made where it is missing."""
        taking = self.folder / _TAKING
        try:
            return list(taking.iterdir())
        except FileNotFoundError:
            taking.mkdir(mode=0o700, exist_ok=True)
            return []

    def _entries(self) -> list["os.DirEntry[str]"]:
        with os.scandir(self.folder) as entries:
            found = [entry for entry in entries if entry.name not in {REJECTED, _TAKING}]
        return sorted(found, key=lambda entry: entry.name)

    def _is_complete(self, path: Path, rested_s: float) -> bool:
        """Whether nobody writes the file any more."""
        if rested_s < STABLE_S:
            return False
        writers = writers_of(path)
        return writers is Writers.NONE or (writers is Writers.UNKNOWN and rested_s >= UNSURE_STABLE_S)

    def _checked(self, path: Path, report: ScanReport) -> list[_Checked]:
        """Move a file aside and check it; nothing where it is gone, is being written, under review, or refused."""
        fault("file_seen")
        was_aside = path.parent != self.folder
        if not was_aside:
            named = path
            path = self.folder / _TAKING / f"{secrets.token_hex(8)}-{_plain(path.name)}"
            try:
                named.rename(path)
            except FileNotFoundError:
                return []
        name = path.name.partition("-")[2]
        if writers_of(path) is Writers.SOME:  # opened before it was moved; nobody else can open it now
            report.settling = True
            return []
        with self._refusing(path, name, report):
            data = _read(path, name)
            source_prefix = f"{self._home.accepted / hashlib.sha256(data).hexdigest()[:16]}-"
            target = Path(source_prefix + path.name)
            # Left by an engine that was killed? What is under review is looked up in the transaction that queues it.
            is_left = was_aside and path not in self._reviews
            is_known = is_left and self._store.acceptance.came_from(str(target))
            return [
                _Checked(path, name, target, None if is_known else self._incoming(data, name, path, target))
            ]
        return []

    @contextmanager
    def _staying(self, path: Path, report: ScanReport) -> Iterator[None]:
        """Leave a file that cannot be moved where it is; it does not block the others."""
        try:
            yield
        except OSError as error:
            name = path.name.encode(errors="backslashreplace").decode()
            report.problem = f"Could not move {name} out of the inbox: {error.strerror}."

    @contextmanager
    def _refusing(self, path: Path, name: str, report: ScanReport) -> Iterator[None]:
        """Reject a file with the reason why it is refused."""
        try:
            yield
        except _ChangedError:
            report.settling = True
            return
        except (DatabaseError, OSError):
            raise  # not the fault of the file: it stays where it is until the next turn
        except JobExistsError as error:
            self._reject(path, name, str(JobFileError(f"{error}", file=name, field="job_id")))
        except JobFileError as error:
            # What is known only once it is compared with the queue has no name of a file yet.
            self._reject(path, name, str(error) if error.file else f"{name}: {error}")
        except SignalboxError as error:
            self._reject(path, name, str(error))
        except Exception as error:  # no file may stop the engine, nor the next engine again
            log.exception("Could not accept %s", name)
            self._reject(path, name, f"Signalbox itself failed on this file: {error!r}. Please report this.")
        else:
            return
        report.rejected.append(path)

    def _take_in(self, checked: Sequence[_Checked], report: ScanReport) -> None:
        """Queue the jobs of these files in one transaction, then move the files; where one is refused, one by one."""
        new = [one for one in checked if one.jobs is not None]
        try:
            queued = self._queue(new)
        except DatabaseError:
            raise
        except Exception:
            if len(checked) > 1:
                for one in checked:
                    self._take_in([one], report)
                return
            with self._refusing(checked[0].path, checked[0].name, report):
                raise
            return
        entered = {one.path: bool(jobs) for one, jobs in zip(new, queued, strict=True)}
        for one in checked:
            with self._staying(one.path, report):
                self._keep(one, report, is_repeated=not entered.get(one.path, True))

    def _queue(self, new: Sequence[_Checked]) -> list[list[Job]]:
        """Queue the jobs of these files; once this returns, they are committed."""
        files = [one.jobs for one in new if one.jobs is not None]
        return self._store.acceptance.accept_files(files) if files else []

    def _keep(self, one: _Checked, report: ScanReport, *, is_repeated: bool) -> None:
        """Move a file whose jobs are queued to where they say that they came from."""
        if one.jobs is not None:
            fault("accepted")
        if is_repeated:
            text = f"{one.name} repeats what is already in the queue; nothing was added."
            self._store.record_event("inbox.known", {"file": one.name, "text": text})
        fault("before_unlink")
        one.path.chmod(0o600)
        shutil.move(one.path, one.target)
        report.accepted.append(one.target)

    def _incoming(self, data: bytes, name: str, path: Path, target: Path) -> IncomingFile:
        """What the file holds, reviewed; raises _ChangedError where it has changed since it was read."""
        review = self._reviewed(data, name, path)
        read = review.read
        accepted = [Accepted(spec=spec, digest=spec.digest(), source_path=str(target)) for spec in read.jobs]
        if _read(path, name) != data or writers_of(path) is Writers.SOME:
            raise _ChangedError
        return IncomingFile(
            jobs=accepted,
            origin=Origin.INBOX,
            holds=review.holds.result(),
            title=read.title,
            source_prefix=str(target).removesuffix(path.name),
        )

    def _reviewed(self, data: bytes, name: str, path: Path) -> _Review:
        """The finished review of these bytes; it begins with the first call.

        Raises:
            _ChangedError: it has not ended yet.
        """
        review = self._reviews.pop(path, None)
        if review is None or review.data != data:
            read = read_source(data, name, base=self.folder)
            fault("parsed")
            review = _Review(data, read, self._review(read.jobs))
        if not review.holds.done():
            self._reviews[path] = review
            raise _ChangedError
        return review

    def _reject(self, path: Path, name: str, reason: str) -> None:
        folder = self.folder / REJECTED
        folder.mkdir(mode=0o700, exist_ok=True)
        target = _free(folder, name)
        note = target.with_name(
            target.name + REASON
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


def _free(folder: Path, name: str) -> Path:
    target, number = folder / name, 1
    while target.exists() or target.is_symlink():
        number += 1
        target = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return target
