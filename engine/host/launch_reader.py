"""Reads on a thread of its own what jobs would start, so that the engine goes on while a large repository is read.

Decides nothing: what was read is judged in the engine's thread.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import NamedTuple, TypeVar

from engine.host.commands import AddJobs, EngineCommand, Redo, ReleaseJobs, TrustJob
from engine.host.review_commands import ApproveWorkstreams, SeenWorkstream
from engine.host.review_runner import NO_WORKS, Works
from engine.interfaces import Holds
from engine.jobfile.spec import JobSpec
from engine.state_store.job_state_store import JobStateStore
from engine.trust.policy import LaunchPreview, TrustPolicy, with_current_tool
from engine.trust.waiting import waits_for_trust
from state.records import NOTHING, JobHold


@dataclass(frozen=True, kw_only=True)
class JobToRead:
    """A job of a command as it is when the command arrives; `held` is None for a job to be added."""

    spec: JobSpec
    source: str = ""
    held: JobHold | None = None


@dataclass(frozen=True, kw_only=True)
class ReadLaunch:
    """A job as it was when the command arrived, and what it would start."""

    job: JobToRead
    preview: LaunchPreview


Launches = Mapping[str, ReadLaunch]
"""What jobs would start, by their ids."""


class ReadFirst(NamedTuple):
    """What was read for a command: what its jobs would start, and what has to be viewed of the work it approves."""

    launches: Launches = NOTHING
    works: Works = NO_WORKS


T = TypeVar("T")


class ReadingThread:
    """Reads one thing after the other; a pool's thread would keep the process until it has read a whole repository."""

    def __init__(self, name: str) -> None:
        self._waiting: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._read, name=name, daemon=True)

    def submit(self, read: Callable[[], T]) -> "Future[T]":
        """Begin to read as soon as everything submitted before has been read."""
        if self._thread.ident is None:
            self._thread.start()
        reading: Future[T] = Future()
        self._waiting.put(partial(_fill, reading, read))
        return reading

    def close(self) -> None:
        """Begin nothing more; does not wait for what is being read."""
        with suppress(Empty):
            while True:
                self._waiting.get_nowait()
        self._waiting.put(None)

    def _read(self) -> None:
        while (next_one := self._waiting.get()) is not None:
            next_one()


def _fill(reading: "Future[T]", read: Callable[[], T]) -> None:
    try:
        result = read()
    except BaseException as error:  # noqa: BLE001 - whoever waits for the reading gets it
        reading.set_exception(error)
    else:
        reading.set_result(result)


class LaunchReader:
    """Reads for one engine: files that come in one after the other, and beside them what commands need."""

    def __init__(self, store: JobStateStore, trust_policy: TrustPolicy) -> None:
        self._store, self._trust_policy = store, trust_policy
        self._incoming = ReadingThread("inbox-review")
        self._commands = ReadingThread("launch-reader")

    def review(self, specs: Sequence[JobSpec], done: Callable[[], None]) -> "Future[Holds]":
        """Begin to read what decides whether the jobs of a file are trusted; `done` is called on any thread."""
        reading: Future[Holds] = self._incoming.submit(lambda: self._trust_policy.review(specs))
        reading.add_done_callback(lambda _reading: done())
        return reading

    def read_first(self, command: EngineCommand) -> "Future[ReadFirst] | None":
        """Begin to read what the command needs; None if it needs nothing."""
        jobs, works = self.jobs_of(command), approvals_in(command)
        return self._commands.submit(lambda: self._read(jobs, works)) if jobs or works else None

    def read_now(self, command: EngineCommand) -> ReadFirst:
        """Read what the command needs; may take long."""
        return self._read(self.jobs_of(command), approvals_in(command))

    def _read(self, jobs: Sequence[JobToRead], works: Sequence[SeenWorkstream]) -> ReadFirst:
        found = {seen: self._store.reviews.to_view(seen) for seen in works}
        known = {seen: work for seen, work in found.items() if work is not None}
        return ReadFirst(launches=self.read(jobs), works=known)

    def jobs_of(self, command: EngineCommand) -> list[JobToRead]:
        """The jobs of a command that depends on what they would start."""
        match command:
            case AddJobs():
                shown = [item for item in command.jobs if item.spec.job_id in command.shown]
                return [JobToRead(spec=item.spec, source=item.source_path or "") for item in shown]
            case TrustJob():
                return self._stored(command.job_id)
            case ReleaseJobs(job_ids=[job_id]):
                job = self._store.get_job(job_id)
                return self._stored(job_id) if job is not None and waits_for_trust(job) else []
            case _:
                return []

    def read(self, jobs: Sequence[JobToRead]) -> Launches:
        """What these jobs would start; may take long."""
        states = self._trust_policy.states()
        return {
            job.spec.job_id: ReadLaunch(
                job=job, preview=self._trust_policy.preview(job.spec, source=job.source, states=states)
            )
            for job in jobs
        }

    def close(self) -> None:
        """Begin nothing more; a file under review stays where it is for the next engine."""
        for thread in (self._incoming, self._commands):
            thread.close()

    def _stored(self, job_id: str) -> list[JobToRead]:
        job = self._store.get_job(job_id)
        if job is None:
            return []
        spec = with_current_tool(self._store.job_spec(job_id), job.tool)
        return [JobToRead(spec=spec, source=job.source_path or "", held=job.held)]


def approvals_in(command: EngineCommand) -> Sequence[SeenWorkstream]:
    """The work that a command approves, also where it does so again."""
    match command:
        case ApproveWorkstreams():
            return command.workstreams
        case Redo(undo=undo) if undo.undone is ApproveWorkstreams.kind:
            return undo.workstreams
        case _:
            return ()
