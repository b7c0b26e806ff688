"""What the user has granted, in one file of the user's configuration folder: never in a repository, never inherited.

Knows starts by their digest and judges none. A file that cannot be read is kept as it is, and grants nothing.
"""

import json
import os
import secrets
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from engine.errors import SignalboxError
from engine.system.locks import KernelLock
from engine.trust.launch import LaunchPlan, differences

FORMAT = 1
FILE = "trust.json"
_PATIENCE_S = 5.0
_MOST_JOBS = 5_000
"""So many jobs that may start once are remembered, the newest; older ones ask again."""
_LARGEST = 32 * 1024 * 1024


def default_folder() -> Path:
    """``$SIGNALBOX_CONFIG``, else the platform's folder for the user's configuration."""
    named = os.environ.get("SIGNALBOX_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("signalbox", appauthor=False))


class TrustStoreError(SignalboxError):
    """The file of grants cannot be used; it was left as it is."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A start that needs nobody's look any more; with `once` the next job that makes it uses the grant up."""

    start: LaunchPlan
    at: float
    source: str = ""
    once: bool = False

    @property
    def grant_id(self) -> str:
        """The first letters of the digest, by which `revoke` knows it."""
        return self.start.digest[:12]


@dataclass
class _Content:
    grants: dict[str, Grant] = field(default_factory=dict)
    jobs: dict[str, list[str]] = field(default_factory=dict)
    """Of each job that may start once, ``<home_id>/<job_id>``, the digests of its starts."""


@dataclass(frozen=True)
class _Seen:
    """What was read, and how the file looked then."""

    looks: tuple[int, int, int] | None = None
    content: _Content = field(default_factory=_Content)
    problem: str = ""


class TrustStore:
    """The grants in one folder; several processes, and several threads of one, may use it at once."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or default_folder()).expanduser().absolute()
        self.file = self.folder / FILE
        self._seen = _Seen()

    @property
    def problem(self) -> str:
        """Why nothing is trusted although there is a file of grants, in a sentence; empty where all is well."""
        self._read()
        return self._seen.problem

    def grants(self) -> list[Grant]:
        """Every grant, oldest first."""
        return sorted(self._read().grants.values(), key=lambda grant: grant.at)

    def covers(self, starts: Iterable[LaunchPlan]) -> bool:
        """Whether every one of these was granted."""
        granted = self._read().grants
        return all(start.digest in granted for start in starts)

    def covers_job(self, home_id: str, job_id: str, starts: Iterable[LaunchPlan]) -> bool:
        """Whether this job may make these starts: granted for all, or to this job alone."""
        content = self._read()
        own = content.jobs.get(f"{home_id}/{job_id}", ())
        standing = {digest for digest, grant in content.grants.items() if not grant.once}
        return all(start.digest in standing or start.digest in own for start in starts)

    def nearest(self, start: LaunchPlan) -> Grant | None:
        """The grant this start differs least from, among those for the same repository, or None."""
        found = [grant for grant in self._read().grants.values() if grant.start.repo == start.repo]
        found = [grant for grant in found if grant.start.tool == start.tool]
        same = ("program", "exe", "script", "args")
        alike = [grant for grant in found if any(_shares(start, grant.start, name) for name in same)]
        return min(alike, key=lambda grant: (len(differences(start, grant.start)), -grant.at), default=None)

    def grant(
        self, starts: Iterable[LaunchPlan], *, source: str = "", once: bool = False, at: float | None = None
    ) -> None:
        """Let these start from now on without a look, or the next job that makes them.

        Raises:
            TrustStoreError: the file cannot be read or written; nothing was granted.
        """
        now = time.time() if at is None else at
        with self._changing() as content:
            for start in starts:
                known = content.grants.get(start.digest)
                if known is None or known.once:
                    content.grants[start.digest] = Grant(start=start, at=now, source=source, once=once)

    def allow_job(self, home_id: str, job_id: str, starts: Iterable[LaunchPlan]) -> None:
        """Let one job make these starts, as often as it is tried; no other job gains by it.

        Raises:
            TrustStoreError: as above.
        """
        with self._changing() as content:
            _remember(content, f"{home_id}/{job_id}", [start.digest for start in starts])

    def take(self, home_id: str, job_id: str, starts: Sequence[LaunchPlan]) -> bool:
        """Whether this job may start by itself; a grant for once is used up and the job's own from now on."""
        content = self._read()
        granted = [content.grants.get(start.digest) for start in starts]
        if not all(granted):
            return False
        used = [grant.start.digest for grant in granted if grant is not None and grant.once]
        if used:
            with self._changing() as fresh:
                if any(digest not in fresh.grants for digest in used):
                    return False  # another job was first
                for digest in used:
                    del fresh.grants[digest]
                _remember(fresh, f"{home_id}/{job_id}", [start.digest for start in starts])
        return True

    def revoke(self, grant_ids: Iterable[str]) -> list[Grant]:
        """Take grants back; those with none of these ids stay.

        Raises:
            TrustStoreError: as above.
        """
        wanted = tuple(grant_id for grant_id in grant_ids if grant_id)
        with self._changing() as content:
            gone = [grant for digest, grant in content.grants.items() if wanted and digest.startswith(wanted)]
            for grant in gone:
                del content.grants[grant.start.digest]
                for key, digests in list(content.jobs.items()):
                    if grant.start.digest in digests:
                        del content.jobs[key]
        return gone

    @contextmanager
    def _changing(self) -> Iterator[_Content]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise TrustStoreError(
                f"{self.folder} cannot be made: {error.strerror}. Nothing was granted."
            ) from error
        if stat.S_IMODE(self.folder.stat().st_mode) & 0o077:
            self.folder.chmod(0o700)
        with _locked(self.folder / "trust.lock"):
            known = self._read(anew=True)
            if problem := self._seen.problem:
                raise TrustStoreError(f"{problem} Move it away, and grant anew.")
            content = _Content(dict(known.grants), dict(known.jobs))
            yield content
            self._write(content)

    def _read(self, *, anew: bool = False) -> _Content:
        looks = _looks_of(self.file)
        seen = self._seen
        if looks == seen.looks and not anew:
            return seen.content
        content, problem = _Content(), ""
        try:
            content = _Content() if looks is None else _parsed(self._bytes())
        except (OSError, ValueError) as error:
            told = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else str(error)
            problem = f"Nothing is trusted: {self.file} {told}. The file was left as it is."
        self._seen = _Seen(looks, content, problem)  # in one step: other threads look at the same time
        return content

    def _bytes(self) -> bytes:
        _refuse_others(self.folder.stat())
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(self.file, flags), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
                raise ValueError("is no file of grants")
            _refuse_others(found)
            return file.read(_LARGEST + 1)

    def _write(self, content: _Content) -> None:
        said = {
            "format": FORMAT,
            "grants": [
                {"at": each.at, "source": each.source, "once": each.once, "start": each.start.to_json()}
                for each in content.grants.values()
            ],
            "jobs": content.jobs,
        }
        draft = self.folder / f".{FILE}.{secrets.token_hex(6)}"
        try:
            descriptor = os.open(
                draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600
            )
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass") as file:
                json.dump(said, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.file)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise TrustStoreError(
                f"{self.file} cannot be written: {error.strerror}. Nothing was granted."
            ) from error
        self._seen = _Seen(_looks_of(self.file), content)


def _remember(content: _Content, key: str, digests: list[str]) -> None:
    content.jobs.pop(key, None)  # the newest stand last
    content.jobs[key] = digests
    for oldest in list(content.jobs)[: max(0, len(content.jobs) - _MOST_JOBS)]:
        del content.jobs[oldest]


def _parsed(data: bytes) -> _Content:
    try:
        said = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is torn ({error})") from None
    if not isinstance(said, dict) or not isinstance(said.get("format"), int):
        raise ValueError("is no file of grants")  # noqa: TRY004 - what a file says, not a wrong call
    if said["format"] > FORMAT:
        raise ValueError(
            f"was written by a newer Signalbox (format {said['format']}, this one reads {FORMAT})"
        )
    try:
        grants = [_grant(each) for each in said["grants"]]
        jobs = {str(key): [str(digest) for digest in digests] for key, digests in said["jobs"].items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"cannot be understood ({error})") from None
    return _Content(grants={grant.start.digest: grant for grant in grants}, jobs=jobs)


def _grant(said: Mapping[str, Any]) -> Grant:
    start = LaunchPlan.from_json(said["start"])
    return Grant(start=start, at=float(said["at"]), source=str(said["source"]), once=bool(said["once"]))


def _shares(one: LaunchPlan, other: LaunchPlan, name: str) -> bool:
    mine, theirs = one.to_json()[name], other.to_json()[name]
    return bool(mine) and mine == theirs


def _looks_of(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _refuse_others(found: os.stat_result) -> None:
    if hasattr(os, "geteuid") and (found.st_uid not in {0, os.geteuid()} or found.st_mode & 0o022):
        raise ValueError("can be written by others")


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold the lock, waiting for another process that changes the file at this moment."""
    deadline = time.monotonic() + _PATIENCE_S
    while (lock := KernelLock.try_take(file)) is None:
        if time.monotonic() > deadline:
            raise TrustStoreError(f"{file} is held by another process. Nothing was granted; try again.")
        time.sleep(0.01)
    with lock:
        yield
