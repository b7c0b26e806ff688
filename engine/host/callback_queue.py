"""The commands promised at the ends of jobs, run one at a time in the order of the ends.

They are promised in the transaction that ends the job, claimed once, and never started a second time: what an engine
left behind unstarted is run by the next one, and what it had started counts as failed, since nobody knows whether it
finished.
"""

import logging
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from queue import Empty, SimpleQueue

from engine.adapters.invocations import secrets_in
from engine.errors import CommandRefusedError, JobNotFoundError
from engine.health_problems import HealthProblem
from engine.host.job_hook import MARKER, TIMEOUT_S, Callback, CallbackEnd
from engine.jobfile.spec import JobSpec
from engine.runners import layout, process_tree
from engine.state_store.job_state_store import JobStateStore
from engine.system.secret_refs import ENV_REFERENCE, is_reference
from state.database_errors import DatabaseError
from state.records import CallbackRun
from state.shown_names import job_title

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
"""How often to look for commands of other engines."""
CLAIMED_BEFORE = "it was started before the database was replaced by an older one"
LOST = "its engine was killed while it ran, so nobody knows whether it finished"


class CallbackQueue:
    """Runs the commands of a home in one engine; every call comes from the engine's thread.

    Args:
        engine_id: the id of this engine.
        is_alive: whether the engine with an id is alive.
    """

    def __init__(
        self, store: JobStateStore, *, engine_id: str, is_alive: Callable[[str | None], bool]
    ) -> None:
        self._store, self._engine_id, self._is_alive = store, engine_id, is_alive
        self._callback = Callback(lambda: list(store.settings().callback or ()))
        self._ends: SimpleQueue[tuple[int, CallbackEnd]] = SimpleQueue()
        self._unwritten: list[tuple[int, CallbackEnd]] = []
        self._running = False
        self._look_at, self._stamp = 0.0, -1
        self._look_for_lost_at = 0.0
        self.on_end: Callable[[], None] = lambda: None
        """Called from another thread when a command has ended: `step` has something to do."""
        self.remaining = 0
        """At least how many commands waited or ran when `step` looked last; 0 where none did."""

    @property
    def problem(self) -> HealthProblem | None:
        """Why the last command failed; None when it did not."""
        return self._callback.problem

    def step(self) -> None:
        """Record the command that has ended, and start the next one; costs microseconds when nothing is due."""
        self._take_ends()
        if self._unwritten:
            self._end_and_start()
            return
        stamp, now = self._store.callback_stamp(), time.monotonic()
        if self._running or (stamp == self._stamp and now < self._look_at):
            return
        self._stamp, self._look_at = stamp, now + LOOK_EVERY_S
        self.remaining = self._store.open_callbacks()
        if self.remaining and now >= self._look_for_lost_at:  # looks at every process there is
            self._look_for_lost_at = self._look_at
            self._give_up_lost()
        if self.remaining:
            self._start()

    def close(self, timeout_s: float = 5.0) -> int:
        """Let the running command end within `timeout_s`, then kill it; return how many are left to the next engine."""
        self._callback.close(timeout_s)
        try:
            self._take_ends()
            self._record()
            return self._store.open_callbacks()
        except DatabaseError as error:  # the next engine records that nobody knows how it ended
            log.warning("Could not record how the command at the end of a job ended: %s", error)
            return self.remaining

    def _end_and_start(self) -> None:
        """Record what has ended and claim the next command in one transaction: each costs a sync of the disk."""
        try:
            self._start()
        except DatabaseError:  # the next one may be what cannot be read
            self._record()
            raise

    def _start(self) -> None:
        with self._store.transaction():  # what cannot be read must not be claimed either
            self._write_ends()
            claimed = self._store.callbacks.claim_next(self._engine_id)
            if claimed is not None:
                folder = self._store.attempt_folder(claimed.job_id, claimed.attempt)
                spec = self._spec(claimed.job_id)
                values, secrets = self._values(claimed, spec), self._secrets(spec)
        self._forget_ends()
        if claimed is None:
            self.remaining = self._store.open_callbacks()
            return
        self._running, self.remaining = True, max(self.remaining, 1)
        if folder is not None and _was_claimed_before(folder):
            self._ended(claimed.id, CallbackEnd(reason=CLAIMED_BEFORE))
            return
        done = partial(self._ended, claimed.id)
        self._callback.run(values, done, mark=self._mark(claimed), secrets=secrets)

    def _spec(self, job_id: str) -> JobSpec | None:
        try:
            return self._store.job_spec(job_id)
        except (CommandRefusedError, JobNotFoundError):
            return None

    def _values(self, one: CallbackRun, spec: JobSpec | None) -> dict[str, str]:
        """The values of the placeholders."""
        return {
            "job_id": one.job_id,
            "run_id": one.run_id,
            "tool": one.tool,
            "status": one.job_status.value,
            "title": self._title(one.job_id, spec),
        }

    def _title(self, job_id: str, spec: JobSpec | None) -> str:
        job = self._store.get_job(job_id)
        return job_id if job is None else job_title(job, step_name="" if spec is None else spec.step_name)

    def _secrets(self, spec: JobSpec | None) -> Sequence[str]:
        """What is masked in an attempt of the job, as far as the command can see it."""
        env = {} if spec is None else spec.env  # a file that this release cannot read has had no attempt here
        named = [value.removeprefix(ENV_REFERENCE) for value in env.values() if is_reference(value)]
        return secrets_in(os.environ, (os.environ[name] for name in named if name in os.environ))

    def _ended(self, callback_id: int, end: CallbackEnd) -> None:
        self._ends.put((callback_id, end))
        self.on_end()

    def _take_ends(self) -> None:
        with suppress(Empty):
            while True:
                self._unwritten.append(self._ends.get_nowait())

    def _record(self) -> None:
        if self._unwritten:
            with self._store.transaction():
                self._write_ends()
            self._forget_ends()
            self.remaining = self._store.open_callbacks()

    def _write_ends(self) -> None:
        for callback_id, end in self._unwritten:
            self._store.callbacks.end(
                callback_id, exit_code=end.exit_code, reason=end.reason, output=end.output
            )

    def _forget_ends(self) -> None:
        """Let go of the ends that are committed."""
        if self._unwritten:
            self._unwritten.clear()
            self._running, self._look_at = False, 0.0

    def _give_up_lost(self) -> None:
        """End the commands of engines that are gone; one that still runs gets the time that every command gets."""
        for one in self._store.running_callbacks():
            if self._is_alive(one.engine_id):
                continue
            until = (one.started_at or 0.0) + TIMEOUT_S
            if time.time() < until and process_tree.marked(f"{MARKER}={self._mark(one)}"):
                continue
            process_tree.sweep(f"{MARKER}={self._mark(one)}")
            self._store.callbacks.end(one.id, reason=LOST)

    def _mark(self, one: CallbackRun) -> str:
        return f"{self._home_id}-{one.id}"

    @cached_property
    def _home_id(self) -> str:
        return self._store.home.home_id()


def _was_claimed_before(folder: Path) -> bool:
    """Note in the folder of an attempt that its command is claimed; an older database brought back meets it."""
    try:
        (folder / layout.CALLBACK).touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return True
    except OSError as error:  # no folder, or no room: the row alone has it
        log.info("That a command is claimed could not be noted in %s: %s", folder, error)
    return False
