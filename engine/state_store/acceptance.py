"""Accept jobs into the queue: everything that was added together, or nothing. Committed means accepted."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from engine.errors import SignalboxError
from engine.interfaces import Accepted, Holds, IncomingFile
from engine.jobfile.spec import JobSpec
from engine.state_store import accepting
from engine.state_store.isolating import Isolation
from engine.state_store.store_access import StoreAccess
from engine.system.fault_injection import fault
from engine.trust.trust_store import TrustStore
from state import event_queries, queries
from state.records import Job, JobHold, Origin

_NOTED = "inbox.noted"
_PATIENCE_S = 5.0


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
        now = self._access.clock()
        specs = [item.spec for item in jobs]
        self._read_projects(specs)
        with self._ledger.transaction() as connection:
            self._ledger.owner.claim(self._access.home.home_id())  # first: what is new here is not a copy
            accepting.refuse_taken(specs, queries.known_job_ids(connection, [spec.job_id for spec in specs]))
            accepting.refuse_circles(specs, lambda ids: queries.dependencies(connection, ids))
            jobs = accepting.in_step_order(jobs)
            settings = self._access.settings()
            entry = accepting.entry(
                jobs,
                origin=origin,
                held=held,
                title=title,
                run_id=run_id or accepting.new_run_id(now),
                now=now,
                tools=settings.tools,
            )
            entry = Isolation(connection, settings, self._access.home).isolated(
                entry, [item.spec for item in jobs]
            )
            for run, streams in entry.runs.values():
                self._ledger.jobs.create_run(run, streams)
            for tree in entry.worktrees:
                self._ledger.worktrees.enter(tree)
            return self._ledger.jobs.accept(entry.jobs)

    def accept_file(
        self,
        jobs: Sequence[Accepted],
        *,
        origin: Origin,
        held: JobHold | None = None,
        holds: Holds | None = None,
        title: str = "",
        source_prefix: str = "",
    ) -> list[Job]:
        """Queue the jobs of one file; none of them if the same file was accepted before and still has open jobs.

        `holds` says in the same transaction which jobs wait for a person, and uses up their grants.
        `source_prefix` is how the sources of the same file begin. A job whose id is here with the same contents is left
        out too.

        Raises:
            JobExistsError: an id is taken by a job with other contents; nothing was entered.
        """
        self._read_projects([item.spec for item in jobs])
        with self._ledger.transaction() as connection:
            if source_prefix and queries.has_open_from(connection, source_prefix):
                return []
            taken = queries.known_job_ids(connection, [item.spec.job_id for item in jobs])
            reasons = holds(partial(queries.known_job_ids, connection)) if holds else [None] * len(jobs)
            new = [
                item if reason is None else replace(item, held=reason)
                for item, reason in zip(jobs, reasons, strict=True)
                if taken.get(item.spec.job_id) != item.digest
            ]
            entered = self.accept(new, origin=origin, held=held, title=title) if new else []
            fault("before_accept")
        return entered

    def accept_files(self, files: Sequence[IncomingFile]) -> list[list[Job]]:
        """Queue the jobs of several files in one transaction, all or, where one is refused, none; see `accept_file`."""
        self._read_projects([item.spec for file in files for item in file.jobs])
        with self._ledger.transaction():
            return [
                self.accept_file(
                    file.jobs,
                    origin=file.origin,
                    holds=file.holds,
                    title=file.title,
                    source_prefix=file.source_prefix,
                )
                for file in files
            ]

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
        home_id = self._access.home.home_id()
        if grants.has_used(home_id):
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
