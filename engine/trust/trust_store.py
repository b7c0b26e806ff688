"""Keeps what the user has granted in one file of the user's configuration folder: never in a repository.

Identifies launch plans by their digest and judges none. A file that cannot be read is left alone and grants nothing.
"""

import json
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from engine.errors import SignalboxError
from engine.system.private_files import write_private
from engine.trust.differences import differences
from engine.trust.launch_plan import LaunchPlan
from state.locks import KernelLock

FORMAT = 1
FILE = "trust.json"
_LOCK_TIMEOUT_S = 5.0
_MAX_JOBS = 5_000
"""How many jobs that were allowed singly are remembered; the oldest beyond that need trust again."""
_LARGEST = 32 * 1024 * 1024


def default_folder() -> Path:
    """``$SIGNALBOX_CONFIG``, or the platform's folder for user configuration."""
    named = os.environ.get("SIGNALBOX_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("signalbox", appauthor=False))


class TrustStoreError(SignalboxError):
    """The file of grants cannot be used; it was left unchanged."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Permission to carry out a launch plan without review; with `once`, the next job that matches uses it up."""

    start: LaunchPlan
    at: float
    source: str = ""
    once: bool = False

    @property
    def grant_id(self) -> str:
        """The first characters of the digest, by which `revoke` finds it."""
        return self.start.digest[:12]


@dataclass
class _Content:
    grants: dict[str, Grant] = field(default_factory=dict)
    jobs: dict[str, list[str]] = field(default_factory=dict)
    """The digests of the plans of each job that was allowed singly, by ``<home_id>/<job_id>``."""


@dataclass(frozen=True)
class _Snapshot:
    """What was read, and the state of the file at that time."""

    file_state: tuple[int, int, int] | None = None
    content: _Content = field(default_factory=_Content)
    problem: str = ""


class TrustStore:
    """The grants in one folder; safe to use from several threads and processes at once."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or default_folder()).expanduser().absolute()
        self.file = self.folder / FILE
        self._snapshot = _Snapshot()

    @property
    def problem(self) -> str:
        """Why nothing is trusted although there is a file of grants, in a sentence; empty if there is no problem."""
        self._read()
        return self._snapshot.problem

    def grants(self) -> list[Grant]:
        """Every grant, oldest first."""
        return sorted(self._read().grants.values(), key=lambda grant: grant.at)

    def covers(self, plans: Iterable[LaunchPlan]) -> bool:
        """Whether every one of these plans was granted."""
        granted = self._read().grants
        return all(plan.digest in granted for plan in plans)

    def covers_job(self, home_id: str, job_id: str, plans: Iterable[LaunchPlan]) -> bool:
        """Whether this job may carry out these plans: granted to all jobs, or to this one alone."""
        content = self._read()
        own = content.jobs.get(f"{home_id}/{job_id}", ())
        standing = {digest for digest, grant in content.grants.items() if not grant.once}
        return all(plan.digest in standing or plan.digest in own for plan in plans)

    def nearest(self, plan: LaunchPlan) -> Grant | None:
        """The grant for the same repository and tool that this plan differs least from, or None."""
        found = [grant for grant in self._read().grants.values() if grant.start.repo == plan.repo]
        found = [grant for grant in found if grant.start.tool == plan.tool]
        same = ("program", "exe", "script", "args")
        alike = [grant for grant in found if any(_shares(plan, grant.start, name) for name in same)]
        return min(alike, key=lambda grant: (len(differences(plan, grant.start)), -grant.at), default=None)

    def grant(
        self, plans: Iterable[LaunchPlan], *, source: str = "", once: bool = False, at: float | None = None
    ) -> None:
        """Let these plans start without review from now on, or with `once` for the next job alone.

        Raises:
            TrustStoreError: the file cannot be read or written; nothing was granted.
        """
        now = time.time() if at is None else at
        with self._update() as content:
            for plan in plans:
                known = content.grants.get(plan.digest)
                if known is None or known.once:
                    content.grants[plan.digest] = Grant(start=plan, at=now, source=source, once=once)

    def allow_job(self, home_id: str, job_id: str, plans: Iterable[LaunchPlan]) -> None:
        """Let one job carry out these plans in all its attempts; no other job is covered.

        Raises:
            TrustStoreError: the file cannot be read or written; nothing was granted.
        """
        with self._update() as content:
            _remember(content, f"{home_id}/{job_id}", [plan.digest for plan in plans])

    def redeem(self, home_id: str, job_id: str, plans: Sequence[LaunchPlan]) -> bool:
        """Whether this job may start without review; a grant for one start is used up and then covers this job."""
        content = self._read()
        granted = [content.grants.get(plan.digest) for plan in plans]
        if not all(granted):
            return False
        used = [grant.start.digest for grant in granted if grant is not None and grant.once]
        if used:
            with self._update() as fresh:
                if any(digest not in fresh.grants for digest in used):
                    return False  # another job was first
                for digest in used:
                    del fresh.grants[digest]
                _remember(fresh, f"{home_id}/{job_id}", [plan.digest for plan in plans])
        return True

    def revoke(self, grant_ids: Iterable[str]) -> list[Grant]:
        """Revoke the grants whose ids start with one of these, and return them.

        Raises:
            TrustStoreError: the file cannot be read or written; nothing was revoked.
        """
        prefixes = tuple(grant_id for grant_id in grant_ids if grant_id)
        with self._update() as content:
            revoked = [
                each for digest, each in content.grants.items() if prefixes and digest.startswith(prefixes)
            ]
            for grant in revoked:
                del content.grants[grant.start.digest]
                for key, digests in list(content.jobs.items()):
                    if grant.start.digest in digests:
                        del content.jobs[key]
        return revoked

    @contextmanager
    def _update(self) -> Iterator[_Content]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise TrustStoreError(
                f"Could not create {self.folder}: {error.strerror}. Nothing was granted."
            ) from error
        if stat.S_IMODE(self.folder.stat().st_mode) & 0o077:
            self.folder.chmod(0o700)
        with _locked(self.folder / "trust.lock"):
            known = self._read(force=True)
            if problem := self._snapshot.problem:
                raise TrustStoreError(f"{problem} Move it away, then grant again.")
            content = _Content(dict(known.grants), dict(known.jobs))
            yield content
            self._write(content)

    def _read(self, *, force: bool = False) -> _Content:
        file_state = _file_state(self.file)
        snapshot = self._snapshot
        if file_state == snapshot.file_state and not force:
            return snapshot.content
        content, problem = _Content(), ""
        try:
            content = _Content() if file_state is None else _parsed(self._bytes())
        except (OSError, ValueError) as error:
            reason = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else str(error)
            problem = f"Nothing is trusted: {self.file} {reason}. The file was left unchanged."
        self._snapshot = _Snapshot(
            file_state, content, problem
        )  # one assignment: other threads read it meanwhile
        return content

    def _bytes(self) -> bytes:
        _refuse_others(self.folder.stat())
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(self.file, flags), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
                raise ValueError("is not a file of grants")
            _refuse_others(found)
            return file.read(_LARGEST + 1)

    def _write(self, content: _Content) -> None:
        saved = {
            "format": FORMAT,
            "grants": [
                {"at": each.at, "source": each.source, "once": each.once, "start": each.start.to_json()}
                for each in content.grants.values()
            ],
            "jobs": content.jobs,
        }
        try:
            write_private(self.file, json.dumps(saved, indent=1).encode("utf-8", "surrogatepass"))
        except OSError as error:
            raise TrustStoreError(
                f"Could not write {self.file}: {error.strerror}. Nothing was granted."
            ) from error
        self._snapshot = _Snapshot(_file_state(self.file), content)


def _remember(content: _Content, key: str, digests: list[str]) -> None:
    content.jobs.pop(key, None)  # keeps the newest last
    content.jobs[key] = digests
    for oldest in list(content.jobs)[: max(0, len(content.jobs) - _MAX_JOBS)]:
        del content.jobs[oldest]


def _parsed(data: bytes) -> _Content:
    try:
        saved = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is damaged ({error})") from None
    if not isinstance(saved, dict) or not isinstance(saved.get("format"), int):
        raise ValueError("is not a file of grants")  # noqa: TRY004 - the content of a file, not a wrong call
    if saved["format"] > FORMAT:
        raise ValueError(
            f"was written by a newer Signalbox (format {saved['format']}, this one reads {FORMAT})"
        )
    try:
        grants = [_grant(each) for each in saved["grants"]]
        jobs = {str(key): [str(digest) for digest in digests] for key, digests in saved["jobs"].items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"is not valid ({error})") from None
    return _Content(grants={grant.start.digest: grant for grant in grants}, jobs=jobs)


def _grant(saved: Mapping[str, Any]) -> Grant:
    plan = LaunchPlan.from_json(saved["start"])
    return Grant(start=plan, at=float(saved["at"]), source=str(saved["source"]), once=bool(saved["once"]))


def _shares(one: LaunchPlan, other: LaunchPlan, name: str) -> bool:
    mine, theirs = one.to_json()[name], other.to_json()[name]
    return bool(mine) and mine == theirs


def _file_state(file: Path) -> tuple[int, int, int] | None:
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
    """Hold the lock, waiting for another process that is changing the file."""
    try:
        lock = KernelLock.take(file, timeout_s=_LOCK_TIMEOUT_S)
    except TimeoutError as error:
        raise TrustStoreError(
            f"{file} is locked by another process. Nothing was granted; try again."
        ) from error
    except OSError as error:
        raise TrustStoreError(f"{file} cannot be locked: {error.strerror}. Nothing was granted.") from error
    with lock:
        yield
