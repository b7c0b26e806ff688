"""Accept jobs into the queue: everything that was added together, or nothing. Committed means accepted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from engine.errors import SignalboxError
from engine.interfaces import Accepted, IncomingFile
from engine.jobfile.spec import JobSpec
from engine.settings import Settings
from engine.state_store import accepting
from engine.state_store.isolating import Isolation
from engine.state_store.store_access import StoreAccess
from engine.system.fault_injection import fault
from engine.trust.trust_store import TrustStore
from state import event_queries, queries
from state.database import Connection
from state.ledger import NewJob
from state.records import Job, JobHold, Origin

_NOTED = "inbox.noted"
_PATIENCE_S = 5.0


@dataclass(frozen=True, kw_only=True)
class _Together:
    """Jobs of one run, unless they name others: those of a file, or of a command."""

    jobs: Sequence[Accepted]
    origin: Origin
    held: JobHold | None = None
    title: str = ""
    run_id: str | None = None


class _NewAmong:
    """Says which jobs of several files are to be queued, where the first of them count as queued for the others."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._prefixes: set[str] = set()
        self._digests: dict[str, str] = {}

    def of(self, files: Sequence[IncomingFile]) -> list[list[Accepted]]:
        """The new jobs of each file."""
        return [self._of_file(file) for file in files]

    def _of_file(self, file: IncomingFile) -> list[Accepted]:
        if self._is_known(file):
            return []
        taken = self._known([item.spec.job_id for item in file.jobs])
        reasons = file.holds(self._known)
        new = [
            item if reason is None else replace(item, held=reason)
            for item, reason in zip(file.jobs, reasons, strict=True)
            if taken.get(item.spec.job_id) != item.digest
        ]
        if new and file.source_prefix:
            self._prefixes.add(file.source_prefix)
        self._digests.update((item.spec.job_id, item.digest) for item in new)
        return new

    def _is_known(self, file: IncomingFile) -> bool:
        prefix = file.source_prefix
        if prefix and (prefix in self._prefixes or queries.has_open_from(self._connection, prefix)):
            return True
        sources = {item.source_path for item in file.jobs if item.source_path is not None}
        return any(queries.came_from(self._connection, source) for source in sources)

    def _known(self, job_ids: Sequence[str]) -> dict[str, str]:
        """Which of these ids are taken, with the digest of the job that has them."""
        earlier = {job_id: self._digests[job_id] for job_id in job_ids if job_id in self._digests}
        return queries.known_job_ids(self._connection, job_ids) | earlier


class JobAcceptance:
    """Accepts jobs whose files have been read and checked."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self._ledger = access, access.ledger

    def accept(
        self,
        jobs: Sequence[Accepted],
        *,
        origin: Origin,
        held: JobHold | None = None,
        title: str = "",
        run_id: str | None = None,
    ) -> list[Job]:
        """Queue jobs in one transaction; `held` says why they wait for a person, None lets them start."""
        self._read_projects([item.spec for item in jobs])
        with self._ledger.transaction() as connection:
            together = _Together(jobs=jobs, origin=origin, held=held, title=title, run_id=run_id)
            return self._enter(connection, [together])[0]

    def accept_files(self, files: Sequence[IncomingFile]) -> list[list[Job]]:
        """Queue the jobs of several files in one transaction, all or, where one is refused, none.

        None of those of a file that was accepted before under this very name, or with the same contents if it still has
        open jobs: the sources of these begin with the same `source_prefix`. A job whose id is here with the same
        contents is left out too. The `holds` of a file say in the same transaction which of its jobs wait for a person,
        and use up their grants.

        Raises:
            JobExistsError: an id is taken by a job with other contents; nothing was entered.
        """
        self._read_projects([item.spec for file in files for item in file.jobs])
        with self._ledger.transaction() as connection:
            new = _NewAmong(connection).of(files)
            together = [
                _Together(jobs=jobs, origin=file.origin, title=file.title)
                for file, jobs in zip(files, new, strict=True)
            ]
            entered = self._enter(connection, together)
            fault("before_accept")
        return entered

    def _enter(self, connection: Connection, together: Sequence["_Together"]) -> list[list[Job]]:
        """Enter jobs, each with those of its file; what does not depend on the file is done once for all."""
        specs = [item.spec for part in together for item in part.jobs]
        if not specs:
            return [[] for _ in together]
        now, settings = self._access.clock(), self._access.settings()
        self._ledger.owner.claim(self._access.home.home_id())  # first: what is new here is not a copy
        accepting.refuse_taken(specs, queries.known_job_ids(connection, [spec.job_id for spec in specs]))
        accepting.refuse_circles(specs, lambda ids: queries.dependencies(connection, ids))
        places = accepting.Places(settings.tools)
        new: list[NewJob] = []
        for part in together:
            if part.jobs:
                new += self._prepared(connection, part, settings, places=places, now=now)
        entered = iter(self._ledger.jobs.accept(new))
        return [list(islice(entered, len(part.jobs))) for part in together]

    def _prepared(
        self,
        connection: Connection,
        part: "_Together",
        settings: Settings,
        *,
        places: accepting.Places,
        now: float,
    ) -> Sequence[NewJob]:
        """The jobs of one file, whose runs, workstreams and worktrees are entered."""
        jobs = accepting.in_step_order(part.jobs)
        entry = accepting.entry(
            jobs,
            origin=part.origin,
            held=part.held,
            title=part.title,
            run_id=part.run_id or accepting.new_run_id(connection, now),
            now=now,
            places=places,
        )
        isolation = Isolation(connection, settings, self._access.home)
        entry = isolation.isolated(entry, [item.spec for item in jobs])
        for run, streams in entry.runs.values():
            self._ledger.jobs.create_run(run, streams)
        for tree in entry.worktrees:
            self._ledger.worktrees.enter(tree)
        return entry.jobs

    def _read_projects(self, specs: Sequence[JobSpec]) -> None:
        """Read what their repositories say of these jobs.

        Raises:
            SignalboxError: the disk of one of them does not answer.
        """
        repos = {spec.repo_root for spec in specs}
        if late := self._access.read_projects(repos, patience_s=_PATIENCE_S):
            raise SignalboxError(
                f"The disk of {min(late)} does not answer, so nothing was added. Add the jobs again when it does."
            )

    def settle_grants(self, grants: TrustStore) -> None:
        """Remove the grants for one start that queued jobs have used up; those of jobs never queued are unused.

        Raises:
            TrustStoreError: the file of grants cannot be written.
        """
        homes = grants.homes_to_settle()
        if homes and (home_id := self._access.home.home_id()) in homes:
            with self._ledger.transaction() as connection:
                grants.settle(home_id, partial(queries.known_job_ids, connection))

    def came_from(self, source_path: str) -> bool:
        """Whether a job was queued from this source."""
        return self._access.read(queries.came_from, source_path)

    def files_noted(self, folder: str) -> set[str]:
        """The names of the files of a folder on which a note was recorded."""
        notes = self._access.read(event_queries.events_of_type, _NOTED)
        return {
            name
            for note in notes
            if note.payload.get("folder") == folder
            for name in note.payload.get("files", ())
        }

    def note_files(self, folder: str, files: Sequence[str], text: str) -> None:
        """Record a note on files of a folder."""
        self._ledger.record_event("inbox.noted", text, extra={"folder": folder, "files": list(files)})
