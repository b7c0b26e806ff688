"""One engine for a host to drive: orchestrator, inbox and the commands of a person, in one thread, one step at a time.

A host (the window's QThread, the command line, a test) decides how to sleep between steps. Nothing here sleeps,
but for `close`, which waits for what it was told to wait for.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine import assembly
from engine.errors import CommandRefusedError, SignalboxError
from engine.home import Home
from engine.inbox import Inbox
from engine.inbox_watch import InboxWatch
from engine.interfaces import Accepted
from engine.orchestrator.orchestrator import Orchestrator, StepReport
from engine.state_store.job_state_store import JobStateStore
from state.records import Job, JobStatus, Limit, LimitKind, Origin

RESCAN_S = 3.0
"""How often the inbox is looked at although nothing woke us: watchers lose events."""
POLL_S = 0.25
"""How often other processes' writes are looked for."""
SETTLING_S = 0.15
STOP_PATIENCE_S = 20.0
"""How long `close("stop")` waits for trees to be gone: each has its own grace, then is killed."""


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """What a person adds in one go: all of it, or nothing."""

    jobs: Sequence[Accepted]
    held: bool = False
    run_id: str | None = None
    title: str = ""
    origin: Origin = Origin.WINDOW


@dataclass(frozen=True, kw_only=True)
class Selected:
    """A command's targets and what it needs besides."""

    job_ids: Sequence[str]
    reason: str = ""
    tool: str | None = None
    priority: int = 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a command on several jobs came to: those it changed, and for each other one the sentence why not."""

    changed: Sequence[Job] = ()
    refused: dict[str, str] = field(default_factory=dict)


class Engine:
    """The engine of one home in this process. Build it, drive it and close it in one thread."""

    def __init__(
        self, home: Home, *, kind: str = "command_line", clock: Callable[[], float] = time.time
    ) -> None:
        self.home = home
        self.store = JobStateStore(home=home, clock=clock)
        self.orchestrator = Orchestrator(
            self.store, parts=assembly.default_parts(self.store, kind=kind), clock=clock
        )
        self._clock = clock
        self._rung = threading.Event()
        self._bell: Callable[[], None] = lambda: None
        self.orchestrator.on_wake(self._ring)
        self._inbox = Inbox(Path(self.store.setting("inbox", str(home.inbox))), home, self.store)
        self._watch = InboxWatch(self._inbox.folder, self._on_inbox)
        self._look_again = 0.0
        self._stamp = -1
        self._report: StepReport | None = None
        self._told = ""

    def on_wake(self, wake: Callable[[], None]) -> None:
        """Call `wake`, from any thread, when a step is due before its time."""
        self._bell = wake

    def wait(self, timeout_s: float) -> None:
        """Sleep until a step is due or the time is over; for hosts without an event loop."""
        self._rung.wait(timeout_s)

    def step(self, now: float | None = None) -> StepReport:
        """One turn of everything. When nothing is due it costs microseconds and writes nothing."""
        at = self._clock() if now is None else now
        rung = self._rung.is_set()
        self._rung.clear()
        scanned = self._scan(at)
        stamp = self.store.change_stamp()
        before = self._report
        if before is None or rung or scanned or stamp != self._stamp or at >= (before.next_wake or at):
            self._stamp = stamp
            self._report = self.orchestrator.step(at)
        else:
            self._report = replace(before, changed=False)
        due = [
            at + POLL_S,
            self._look_again,
            *([] if self._report.next_wake is None else [self._report.next_wake]),
        ]
        return replace(self._report, next_wake=min(due), changed=self._report.changed or scanned)

    def _scan(self, now: float) -> bool:
        if now < self._look_again and self._look_again - now <= RESCAN_S:
            return False
        report = self._inbox.scan()
        self._look_again = now + (0.0 if report.more else SETTLING_S if report.settling else RESCAN_S)
        problem = report.problem or self._watch.problem
        if problem != self._told:
            self._told = problem
            text = problem or "The inbox can be read again."
            self.store.record_event(
                "inbox.problem", {"text": text, "level": "warning" if problem else "info"}
            )
        return bool(report.accepted or report.rejected)

    # --- commands ----------------------------------------------------------------------------------------------

    def carry_out(self, command: str, arguments: Any) -> Any:
        """Do what a person asked for.

        Raises:
            SignalboxError: with a sentence for the person; nothing was changed.
        """
        match command, arguments:
            case "commit", Commitment():
                return self.commit(arguments)
            case (("cancel" | "hold" | "release" | "retry" | "skip" | "set_priority"), Selected()):
                return self._on_each(command, arguments)
            case "pause", _:
                self.store.pause(str(arguments or ""))
            case "resume", _:
                self.orchestrator.draining = False
                self.store.resume()
            case "drain", _:
                self.orchestrator.draining = True
            case "set_limit", Limit():
                self.store.set_limit(arguments)
            case "change_setting", (str() as key, value):
                self._change_setting(key, value)
            case _:
                raise CommandRefusedError(f"There is no command {command!r} that takes {arguments!r}.")
        return None

    def commit(self, commitment: Commitment) -> list[Job]:
        """Enter everything a person added, in one transaction; it starts unless it shall be held."""
        held = "Held by you; release it to queue it." if commitment.held else None
        return self.store.accept(
            commitment.jobs,
            origin=commitment.origin,
            held=held,
            title=commitment.title,
            run_id=commitment.run_id,
        )

    def _on_each(self, command: str, selected: Selected) -> Outcome:
        changed, refused = [], {}
        for job_id in selected.job_ids:
            try:
                changed.append(self._on_one(command, job_id, selected))
            except SignalboxError as error:
                refused[job_id] = str(error)
        if refused and not changed:
            raise CommandRefusedError(" ".join(refused.values()))
        return Outcome(changed=changed, refused=refused)

    def _on_one(self, command: str, job_id: str, selected: Selected) -> Job:
        match command:
            case "cancel":
                return self.orchestrator.cancel(job_id, selected.reason)
            case "hold":
                return self.store.hold(job_id, selected.reason)
            case "release":
                return self.store.release(job_id)
            case "retry":
                return self.store.retry(job_id, tool=selected.tool)
            case "skip":
                return self.store.skip(job_id, selected.reason)
            case _:
                return self.store.set_priority(job_id, selected.priority)

    def _change_setting(self, key: str, value: Any) -> None:
        if key == "max_running":
            self.store.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=int(value)))
            return
        self.store.change_setting(key, value)
        if key == "inbox":
            self._watch.close()
            self._inbox = Inbox(Path(value or self.home.inbox), self.home, self.store)
            self._watch = InboxWatch(self._inbox.folder, self._on_inbox)
            self._look_again = 0.0
        if key == "tool_paths":
            self.orchestrator.desk.tool_paths = value or {}

    # --- the end -----------------------------------------------------------------------------------------------

    def close(self, mode: str = "leave") -> None:
        """Lay down the work: ``leave`` the jobs running, ``finish`` them first, or ``stop`` them first.

        What is left running goes on under its shim and is adopted by the next engine.
        """
        match mode:
            case "finish":
                self.orchestrator.draining = True
                self._step_until_quiet(patience_s=None)
            case "stop":
                self.orchestrator.stop_all()
                self._step_until_quiet(patience_s=STOP_PATIENCE_S)
        self._watch.close()
        self.orchestrator.close(
            {"finish": "its jobs have finished", "stop": "its jobs were stopped"}.get(mode, "")
        )
        self.store.close()

    def _step_until_quiet(self, *, patience_s: float | None) -> None:
        started = time.monotonic()
        while len(self.orchestrator.attempts):
            self.orchestrator.step()
            self._rung.wait(0.05)
            self._rung.clear()
            if patience_s is not None and time.monotonic() - started > patience_s:
                return

    def _ring(self) -> None:
        self._rung.set()
        self._bell()

    def _on_inbox(self) -> None:
        self._look_again = 0.0
        self._ring()


def detach(home: Home) -> int:
    """Start an engine of its own that goes on until it is idle, and return its process id."""
    argv = [sys.executable, "-m", "engine", "engine", "--until-idle", "--home", str(home.root)]
    nothing = subprocess.DEVNULL
    return subprocess.Popen(argv, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True).pid


def has_work(jobs: Sequence[Job]) -> bool:
    """Whether closing would leave anything running or waiting to start."""
    return any(job.status in {JobStatus.RUNNING, JobStatus.QUEUED} for job in jobs)
