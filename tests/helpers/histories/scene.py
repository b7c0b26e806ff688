"""The home under test and what can be seen of it: rows, the ledger of the jobs, engines, shims and fault points."""

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.orchestrator.attempt_preparer import ref_of
from engine.runners import layout
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state import queries
from state.database_reader import DatabaseReader
from state.records import Attempt, Job
from tests.helpers.histories.engines import DIED, Engine, Engines, alive
from tests.helpers.histories.jobs import Workshop
from tests.helpers.histories.record import Record

WAIT_S = 3.0
"""How long a step waits for its moment; a moment that does not come is passed over."""
POLL_S = 0.005
T = TypeVar("T")


class Scene:
    """One home, everything that works on it, and the record of what was done to it."""

    def __init__(self, folder: Path, home: Home, engines: Engines) -> None:
        self.folder, self.home, self.engines = folder, home, engines
        self.workshop, self.record = Workshop(folder), Record()
        self.store = JobStateStore(home=home)
        self.reader = DatabaseReader(self.store.database, busy_ms=5_000)
        self.store.queue_control.change_setting("tool_paths", self.workshop.tools)
        self._owners: dict[int, str | None] = {}

    def close(self) -> None:
        """Close the database; the engines are ended by their owner."""
        self.reader.close()
        self.store.close()

    def rows(self, job: str) -> list[Job]:
        """The rows of a job of the history; a file of the inbox gets an id of its own each time it is accepted."""
        if job not in self.record.jobs:
            return []
        if self.record.jobs[job].by == "hand":
            found = self.store.get_job(job)
            return [] if found is None else [found]
        every = self.reader.read(queries.list_jobs)
        return [row for row in every if row.source_path and row.source_path.endswith(f"-{job}.json")]

    def attempts(self, job: str) -> list[Attempt]:
        """Every attempt of a job of the history."""
        return [attempt for row in self.rows(job) for attempt in self.store.list_attempts(row.job_id)]

    def open_claims(self) -> list[Attempt]:
        """The running attempts; nobody may have taken one from an engine that lives."""
        found = self.reader.read(queries.running_attempts)
        for attempt in found:
            before = self._owners.get(attempt.id, attempt.engine_id)
            robbed = (
                [one for one in self.engines.living() if one.owns(before)]
                if before != attempt.engine_id
                else []
            )
            if robbed:
                self.record.breach(
                    "robbed", f"Attempt {attempt.id} was taken from engine {before}, which lives."
                )
            self._owners[attempt.id] = attempt.engine_id
        return found

    def hits(self) -> Counter[str]:
        """How often a process killed itself at each named point: engines in the folder, shims in their attempt's."""
        files = [self.folder / DIED, *self.home.attempts.glob(f"*/{DIED}")]
        return Counter(point for file in files if file.exists() for point in file.read_text("utf-8").split())

    def is_idle(self) -> bool:
        """Whether nothing can come by itself any more."""
        lying = (entry for entry in self.home.inbox.iterdir() if entry.suffix == ".json")
        taking = self.home.inbox / ".taking"
        # In the way of a file: one that leaves a place while this looks is met at the next.
        return not any(lying) and not (taking.is_dir() and any(taking.iterdir())) and self.store.is_idle()

    def name_of(self, attempt: Attempt) -> str:
        """The name in the history of an attempt's job."""
        return next(
            (name for name in self.record.jobs if attempt.job_id in {row.job_id for row in self.rows(name)}),
            "",
        )

    def owner(self, attempt: Attempt) -> Engine | None:
        """The living engine an attempt belongs to."""
        return next((one for one in self.engines.living() if one.owns(attempt.engine_id)), None)

    def has_worked(self, engine: Engine) -> bool:
        """Whether any attempt is or was the engine's; before that a signal may end it like any program that starts."""
        return any(engine.owns(one.engine_id) for name in self.record.jobs for one in self.attempts(name))

    def shim_of(self, attempt: Attempt) -> int | None:
        """The process id of its shim, as long as that lives."""
        try:
            file = self.home.attempts / ref_of(attempt).folder_name / layout.SHIM
            pid = int(json.loads(file.read_text(encoding="utf-8"))["pid"])
        except (OSError, ValueError):
            return None
        return pid if alive(pid) else None

    def check_held(self, job: str) -> None:
        """A held job has not started since."""
        started = len(self.attempts(job)) - self.record.held.get(job, len(self.attempts(job)))
        if started:
            self.record.breach("held", f"{job} is held and was started {started} times.")

    def at_work(self, fits: Callable[[Attempt], bool], *, claimed: bool = False) -> Attempt | None:
        """An attempt that fits, and whose tool runs unless a claim is enough; None if none comes in time."""

        def look() -> Attempt | None:
            at_work = set() if claimed else self.workshop.at_work()
            for attempt in self.open_claims():
                if (claimed or ref_of(attempt).folder_name in at_work) and fits(attempt):
                    return attempt
            return None

        return self.wait(look)

    def wait(self, look: Callable[[], T | None]) -> T | None:
        """What `look` finds, as long as something can still come and the wait is not too long."""
        deadline = time.monotonic() + WAIT_S
        while (found := look()) is None and time.monotonic() < deadline:
            if self.is_idle() or all(engine.is_frozen for engine in self.engines.living()):
                return look()
            time.sleep(POLL_S)
        return found
