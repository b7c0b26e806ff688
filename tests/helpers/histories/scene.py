"""The home under test and what can be seen of it: rows, the ledger of the jobs, engines, shims and fault points."""

import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.orchestrator.attempt_preparer import ref_of
from engine.runners import process_tree
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state import attempt_queries, queries
from state.database_reader import DatabaseReader
from state.records import Attempt, Job
from tests.helpers.histories.engines import Engine, Engines
from tests.helpers.histories.jobs import Workshop
from tests.helpers.histories.nursery import DIED
from tests.helpers.histories.record import Record

WAIT_S = 5.0
"""How long a step waits for its moment; a moment that does not come is passed over."""
POLL_S = 0.005
LOOK_AGAIN_S = 0.05
"""How soon a step looks again when nothing was written: a process, too, may have come or gone."""
_ALL = 100_000
T = TypeVar("T")


class Scene:
    """One home, everything that works on it, and the record of what was done to it."""

    def __init__(self, folder: Path, home: Home, engines: Engines) -> None:
        self.folder, self.home, self.engines = folder, home, engines
        self.workshop, self.record = Workshop(folder), Record()
        self.store = JobStateStore(home=home)
        self.reader = DatabaseReader(self.store.database, busy_ms=5_000)
        self.store.queue_control.change_setting("tool_paths", self.workshop.tools)
        self._version = sqlite3.connect(home.database)
        self._owners: dict[int, str | None] = {}
        self.waits_in_vain = 0
        """How many moments in a row did not come while they were waited for."""

    def close(self) -> None:
        """Close the database; the engines are ended by their owner."""
        self._version.close()
        self.reader.close()
        self.store.close()

    def rows(self, job: str) -> list[Job]:
        """The rows of a job of the history; a file of the inbox gets an id of its own each time it is accepted."""
        if job not in self.record.jobs:
            return []
        if self.record.jobs[job].by == "hand":
            found = self.store.get_job(job)
            return [] if found is None else [found]
        return [row for row in self.reader.read(queries.list_jobs) if _name_of(row) == job]

    def attempts(self, job: str) -> list[Attempt]:
        """Every attempt of a job of the history."""
        return [attempt for row in self.rows(job) for attempt in self.store.list_attempts(row.job_id)]

    def seen(self) -> dict[str, tuple[list[Job], list[Attempt]]]:
        """Every job of the history by its name there, with its rows and attempts, as they are at one moment."""
        with self.reader.connection() as connection:
            rows, made = queries.list_jobs(connection), attempt_queries.recent_attempts(connection, _ALL)
        attempts: dict[str, list[Attempt]] = defaultdict(list)
        for one in made:
            attempts[one.job_id].append(one)
        found: dict[str, tuple[list[Job], list[Attempt]]] = {name: ([], []) for name in self.record.jobs}
        for row in rows:
            if (of_name := found.get(_name_of(row))) is not None:
                of_name[0].append(row)
                of_name[1].extend(attempts[row.job_id])
        return found

    def open_claims(self) -> list[Attempt]:
        """The running attempts; nobody may have taken one from an engine that lives."""
        found = self.reader.read(attempt_queries.running_attempts)
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
        row = self.store.get_job(attempt.job_id)
        return "" if row is None else _name_of(row)

    def owner(self, attempt: Attempt) -> Engine | None:
        """The living engine an attempt belongs to."""
        return next((one for one in self.engines.living() if one.owns(attempt.engine_id)), None)

    def has_worked(self, engine: Engine) -> bool:
        """Whether any attempt is or was the engine's; before that a signal may end it like any program that starts."""
        return any(engine.owns(one.engine_id) for name in self.record.jobs for one in self.attempts(name))

    def shim_of(self, attempt: Attempt) -> int | None:
        """The process id of its shim, as long as that lives."""
        shims = process_tree.shims_on(self.home.attempts / ref_of(attempt).folder_name)
        return next((pid for pid, _ in shims), None)

    def check_held(self, job: str) -> None:
        """A held job has not started since."""
        started = len(self.attempts(job)) - self.record.held.get(job, len(self.attempts(job)))
        if started:
            self.record.breach("held", f"{job} is held and was started {started} times.")

    def killed_shims(self) -> set[str]:
        """The attempts whose shim was killed, or killed itself at a point."""
        died = {file.parent.name for file in self.home.attempts.glob(f"*/{DIED}")}
        return self.record.shims_killed | died

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
            self._await_change()
        self.waits_in_vain = self.waits_in_vain + 1 if found is None else 0
        return found

    def _await_change(self) -> None:
        """Wait a little, or shorter if the database or the ledger changes: that is cheap to know."""
        before, until = self.state(), time.monotonic() + LOOK_AGAIN_S
        while time.monotonic() < until and self.state() == before:
            time.sleep(POLL_S)

    def state(self) -> tuple[object, int]:
        """What is another as soon as the database or the ledger is written to."""
        version = self._version.execute("PRAGMA data_version").fetchone()
        return version, self.workshop.ledger.stat().st_size


def _name_of(row: Job) -> str:
    """The name in the history: a file of the inbox is renamed, and its job gets an id of its own."""
    return (
        Path(row.source_path).name.split("-", 2)[2].removesuffix(".json") if row.source_path else row.job_id
    )
