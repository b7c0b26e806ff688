"""Keeps what the user has granted in one file of the user's configuration folder: never in a repository.

Identifies launch plans by their digest and judges none. A file that cannot be read is left alone and grants nothing.
"""

import json
import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import SignalboxError
from engine.system.fault_injection import fault
from engine.system.home import config_folder
from engine.system.private_files import write_private
from engine.trust.binding import Binding
from engine.trust.differences import differences
from engine.trust.grant_file import GrantFile, Queued, parsed
from engine.trust.grants import FORMAT, Grant
from engine.trust.launch_plan import LaunchPlan
from engine.trust.repository_state import RepositoryStates
from state.locks import KernelLock

FILE = "trust.json"
_LOCK_TIMEOUT_S = 5.0
_ALIKE = ("program", "exe", "script", "args")
_LARGEST = 32 * 1024 * 1024


class TrustStoreError(SignalboxError):
    """The file of grants cannot be used; it was left unchanged."""


@dataclass(frozen=True)
class _Snapshot:
    """What was read, and the state of the file at that time."""

    file_state: tuple[int, int, int] | None = None
    content: GrantFile = field(default_factory=GrantFile)
    problem: str = ""


class TrustStore:
    """The grants in one folder; safe to use from several threads and processes at once."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or config_folder()).expanduser().absolute()
        self.file = self.folder / FILE
        self._snapshot = _Snapshot()

    @property
    def problem(self) -> str:
        """Why nothing is trusted although there is a file of grants, in a sentence; empty if there is no problem."""
        self._read()
        return self._snapshot.problem

    def grants(self) -> list[Grant]:
        """Every grant that is not used up, oldest first."""
        unused = (each for each in self._read().grants.values() if not each.used_by)
        return sorted(unused, key=lambda grant: grant.at)

    def covers(self, plans: Iterable[LaunchPlan], states: RepositoryStates | None = None) -> bool:
        """Whether every one of these plans was granted."""
        content, reading = self._read(), states or RepositoryStates()
        return all(content.covering(plan, reading) is not None for plan in plans)

    def covers_job(
        self,
        home_id: str,
        job_id: str,
        plans: Iterable[LaunchPlan],
        *,
        states: RepositoryStates | None = None,
    ) -> bool:
        """Whether this job may carry out these plans: granted to all jobs, or to this one alone."""
        content, reading = self._read(), states or RepositoryStates()
        own = content.jobs.get(f"{home_id}/{job_id}", ())
        return all(
            any(_allows(shown, plan, reading) for shown in own)
            or ((grant := content.covering(plan, reading)) is not None and not grant.once)
            for plan in plans
        )

    def nearest(self, plan: LaunchPlan) -> Grant | None:
        """The grant for the same repository and tool that this plan differs least from, or None."""
        found = [grant for grant in self._read().grants.values() if grant.start.repo == plan.repo]
        found = [grant for grant in found if grant.start.tool == plan.tool]
        alike = [grant for grant in found if any(_shares(plan, grant.start, name) for name in _ALIKE)]
        return min(alike, key=lambda grant: (len(differences(plan, grant.start)), -grant.at), default=None)

    def grant(
        self,
        plans: Iterable[LaunchPlan],
        *,
        binding: Binding | None = None,
        source: str = "",
    ) -> list[Grant]:
        """Let these plans start without review, and return the grants.

        Each is bound to what its plan needs, or as `binding` says: for the next job alone, or whatever the repository
        holds. What a plan already carries of the state of its repository is what the person has seen, and is bound.

        Raises:
            TrustStoreError: the file cannot be read or written, or a plan cannot be bound; nothing was granted.
        """
        now, reading = time.time(), RepositoryStates()
        made = [
            Grant(start=plan, at=now, source=source, binding=_binding(plan, binding))
            for plan in (plan.with_state(reading) for plan in plans)
        ]
        with self._update() as content:
            for grant in made:
                content.add(grant)
        return made

    def allow_job(
        self,
        home_id: str,
        job_id: str,
        plans: Iterable[LaunchPlan],
        *,
        states: RepositoryStates | None = None,
    ) -> None:
        """Let one job carry out these plans in all its attempts; no other job is covered.

        Raises:
            TrustStoreError: the file cannot be read or written; nothing was granted.
        """
        reading = states or RepositoryStates()
        shown = [plan.with_state(reading).shown_digest for plan in plans]
        with self._update() as content:
            content.remember(f"{home_id}/{job_id}", shown)

    def redeem(
        self,
        home_id: str,
        jobs: Sequence[tuple[str, Sequence[LaunchPlan]]],
        *,
        queued: Queued,
        states: RepositoryStates,
    ) -> list[bool]:
        """Whether each of these jobs may start without review; a grant for one start then covers that job alone.

        One that is in the queue already uses up nothing: it is the earlier job, or its id is refused.

        Call it in the transaction that queues the jobs, and `settle` after its commit. Where the transaction is not
        committed, the next one of the same home finds the grants unused.

        Raises:
            TrustStoreError: the file cannot be read or written; no grant was used.
        """
        content = self._read()
        found = [[content.covering(plan, states, or_used=True) for plan in plans] for _, plans in jobs]
        if not any(grant is not None and grant.once for each in found for grant in each):
            return [None not in each for each in found]
        with self._update() as fresh:
            fresh.settle(home_id, queued)
            known = queued([job_id for job_id, _ in jobs])
            redeemed = [
                job_id in known or fresh.use(f"{home_id}/{job_id}", plans, states) for job_id, plans in jobs
            ]
        fault("grant_used")
        return redeemed

    def homes_to_settle(self) -> set[str]:
        """The ids of the homes whose jobs have used grants that are to be settled."""
        return self._read().homes

    def settle(self, home_id: str, queued: Queued) -> None:
        """Remove the grants that queued jobs have used up; what jobs used that were never queued is unused.

        Raises:
            TrustStoreError: the file cannot be read or written; nothing was settled.
        """
        with self._update() as content:
            content.settle(home_id, queued)

    def read_ahead(self, plans: Sequence[LaunchPlan], states: RepositoryStates) -> bool:
        """Read every state that `redeem` needs of these plans, use up nothing; whether they are granted."""
        content = self._read()
        found = [content.covering(plan, states, or_used=True) for plan in plans]
        granted = [grant for grant in found if grant is not None]
        if len(granted) < len(plans):
            return False
        if any(grant.once for grant in granted):
            for plan in plans:
                plan.with_state(states)
        return True

    def revoke(self, grant_ids: Iterable[str]) -> list[Grant]:
        """Revoke the grants whose ids start with one of these, and return them.

        Raises:
            TrustStoreError: the file cannot be read or written; nothing was revoked.
        """
        prefixes = tuple(grant_id for grant_id in grant_ids if grant_id)
        with self._update() as content:
            revoked = [each for key, each in content.grants.items() if prefixes and key.startswith(prefixes)]
            gone = {each.start.digest for each in revoked}
            for grant in revoked:
                del content.grants[grant.key]
            for job, shown in list(content.jobs.items()):
                if any(each.partition("@")[0] in gone for each in shown):
                    del content.jobs[job]
        return revoked

    @contextmanager
    def _update(self) -> Iterator[GrantFile]:
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
            content = GrantFile(dict(known.grants), dict(known.jobs))
            yield content
            self._write(content)

    def _read(self, *, force: bool = False) -> GrantFile:
        file_state = _file_state(self.file)
        snapshot = self._snapshot
        if file_state == snapshot.file_state and not force:
            return snapshot.content
        content, problem = GrantFile(), ""
        try:
            content = GrantFile() if file_state is None else parsed(self._bytes())
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

    def _write(self, content: GrantFile) -> None:
        saved = {
            "format": FORMAT,
            "grants": [each.to_json() for each in content.grants.values()],
            "jobs": content.jobs,
        }
        try:
            write_private(self.file, json.dumps(saved, indent=1).encode("utf-8", "surrogatepass"))
        except OSError as error:
            raise TrustStoreError(
                f"Could not write {self.file}: {error.strerror}. Nothing was granted."
            ) from error
        self._snapshot = _Snapshot(_file_state(self.file), GrantFile(content.grants, content.jobs))


def _binding(plan: LaunchPlan, requested: Binding | None) -> Binding:
    if requested in {Binding.ONCE, Binding.ANYTHING}:
        return requested
    if plan.lasting is None:
        reason = plan.unbound or (plan.state.problem if plan.state is not None else "")
        raise TrustStoreError(
            f"{plan.tool} in {plan.repo} cannot be trusted as it is now: {reason}. "
            "Trust it for one start, or whatever the repository holds. Nothing was granted."
        )
    return plan.lasting


def _allows(shown: str, plan: LaunchPlan, states: RepositoryStates) -> bool:
    """Whether a job that was allowed to carry out what was shown may carry out this plan."""
    digest, _, state = shown.partition("@")
    if digest != plan.digest:
        return False
    return not state or plan.with_state(states).shown_digest == shown


def _shares(one: LaunchPlan, other: LaunchPlan, name: str) -> bool:
    mine, theirs = getattr(one, name), getattr(other, name)
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
