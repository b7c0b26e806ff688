"""One engine for a host to drive: the turn, the inbox and a person's commands, in one thread, one step at a time.

A host (the window's QThread, the command line, a test) decides how to sleep between steps. Nothing here sleeps,
except `close`, which waits as its mode says.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import assert_never

from engine.errors import CommandRefusedError
from engine.health_problems import HealthProblem, HealthProblemKind, database_problem
from engine.host import assembly
from engine.host.command_runner import CommandRunner
from engine.host.commands import (
    AddJobs,
    Drain,
    EngineCommand,
    LiftHold,
    Pause,
    Redo,
    ReleaseJobs,
    RemoveLimit,
    Resume,
    SetHold,
    SetLimit,
    TrustJob,
    Undo,
)
from engine.host.host_commands import (
    ChangeSetting,
    DismissMissedRuns,
    DismissRefusals,
    HostCommand,
    PutBackRecurringRun,
    RecurringCommand,
    RemoveRecurringRun,
    RunRecurringRuns,
    SaveCopy,
    ShowMissedRuns,
    ShowRefusals,
    StartAgain,
    StopStarting,
)
from engine.host.host_events import HostEvents
from engine.host.job_hook import problem_of as callback_problem
from engine.host.launch_reader import LaunchReader, ReadFirst
from engine.host.missed_runs import run_missed, settle_missed
from engine.host.outcome import Outcome
from engine.host.reviewed_jobs import ReviewedJobs
from engine.host.side_tasks import SideTasks
from engine.host.time_watch import TimeWatch
from engine.host.tool_watch import ToolWatch
from engine.host.watched_inbox import WatchedInbox
from engine.intake.refusals import dismiss, show_again
from engine.maintenance.daily_tasks import DailyTasks
from engine.orchestrator.turn import BUSY_RETRY_S, REST_EVERY_S, StepReport, Turn
from engine.recurring.recurring_folder import put_back, remove_recurring_run
from engine.recurring.recurring_runs import RecurringRuns
from engine.recurring.removed_run import RemovedRun
from engine.state_store.job_state_store import JobStateStore
from engine.system.clock import asleep, since_boot, wall
from engine.system.home import Home
from engine.trust.policy import TrustPolicy, warm_up
from engine.types import ToolProbe
from state.database_errors import DatabaseError
from state.records import BACKGROUND_KIND
from state.written_files import WrittenFiles

POLL_S = 0.25
"""How often to check for writes of other processes."""
REST_POLL_S = 2.0
"""How often a host that is woken after such writes has to be stepped while nothing can start."""
RESCAN_S = 2 * REST_POLL_S
"""How often the inbox is scanned although nothing woke us: file watchers lose events.

A multiple of the pauses at rest, so that no step is due for a scan alone.
"""
STOP_TIMEOUT_S = 20.0
"""How long `close("stop")` waits for process trees to be gone: each has its own grace period, then is killed."""
_GIVES_WAY_S = 1.0
"""How often an engine in the background looks for a window that has taken over."""
_WHY_STOPPED = {
    "finish": "its jobs have finished",
    "stop": "its jobs were stopped with it",
    "cancel": "its jobs were cancelled",
}


class EngineService:
    """The engine of one home in this process. Build it, drive it and close it in one thread."""

    def __init__(
        self,
        home: Home,
        *,
        kind: str = "command_line",
        clock: Callable[[], float] = wall,
        rest_poll_s: float = POLL_S,
        asleep: Callable[[], float] = asleep,
        since_boot: Callable[[], float | None] = since_boot,
    ) -> None:
        """An engine on `home`; while nothing can start it asks for a step each `rest_poll_s` seconds."""
        self.home = home
        self._rest_poll_s = rest_poll_s
        self.store = JobStateStore(home=home, clock=clock)
        self.trust_policy = TrustPolicy(
            home.home_id(),
            self.store.settings().tool_paths,
            home=home.root,
            defaults=lambda: self.store.settings().tools,
            isolation=lambda: self.store.settings().isolation,
        )
        parts = replace(assembly.default_parts(self.store, kind=kind), launch_policy=self.trust_policy)
        self.turn = Turn(self.store, parts, clock=clock)
        parts.pool.submit(warm_up)
        self._side_tasks = SideTasks(self.store, parts.pool, parts.identity, clock=clock)
        self._side_tasks.on_end(self._ring)
        self.callbacks_left = 0
        """How many commands at the ends of jobs `close` has left to the next engine."""
        self._clock = clock
        self._wake_requested = threading.Event()
        self._bell: Callable[[], None] = lambda: None
        self.turn.on_wake(self._ring)
        self._reader = LaunchReader(self.store, self.trust_policy)
        self._reviewed_jobs = ReviewedJobs(self.store, self.trust_policy, self._reader)
        self._commands = CommandRunner(self.store, cancel=self.turn.cancel)
        self._stamp = -1
        self._files = WrittenFiles(self.store.database.path)
        self._report: StepReport | None = None
        self._problems: Sequence[HealthProblem] = ()
        self._looked_at = 0.0
        self._inbox = WatchedInbox(
            home,
            self.store,
            trust_policy=self.trust_policy,
            review=self._reader.review,
            wake=self._ring,
            rescan_s=RESCAN_S,
        )
        self._build_watches(asleep, since_boot)

    def _build_watches(self, asleep: Callable[[], float], since_boot: Callable[[], float | None]) -> None:
        """What is looked after in each step besides the queue: the machine, its tools, what is due."""
        parts = self.turn.parts
        self._daily_tasks = DailyTasks(self.home, parts.pool, self.store.settings, now=self._clock())
        self._host_events = HostEvents(self.store, parts.identity)
        self._time_watch = TimeWatch(self.store, asleep, since_boot=since_boot, clock=self._clock)
        self._tool_watch = ToolWatch(self.store, parts.pool, self._probe)
        self._recurring_runs = RecurringRuns(
            self.home,
            parts.pool,
            store=self.store,
            place=self._inbox.place,
            is_in_inbox=self._inbox.is_waiting,
            wake=self._ring,
            late_cause=self._time_watch.late_cause,
        )

    def on_wake(self, wake: Callable[[], None]) -> None:
        """Call `wake`, from any thread, when a step is due before its time."""
        self._bell = wake

    def wait(self, timeout_s: float, until: Callable[[], bool] = lambda: False) -> None:
        """Sleep until a step is due, `until` is true or the timeout has passed; for hosts without an event loop.

        Writes of other processes are looked for meanwhile, which costs a hundredth of a step.
        """
        over = time.monotonic() + timeout_s
        while not until() and (left := over - time.monotonic()) > 0:
            if self._wake_requested.wait(min(left, POLL_S)) or self._has_changed():
                return

    def _has_changed(self) -> bool:
        """Whether anybody has written since the last step began."""
        if self._files.are_as_noted():
            return False
        self._files.note()
        try:
            return self.store.change_stamp() != self._stamp
        except DatabaseError:
            return True  # the step reports it

    def step(self, now: float | None = None) -> StepReport:
        """Carry out everything that is due. When nothing is, it costs microseconds and writes nothing."""
        at = self._clock() if now is None else now
        try:
            with self.store.database.looked_once():
                return self._advance(at)
        except DatabaseError as error:  # of the inbox or of reading: the turn reports its own
            return self._report_problem(at, database_problem(error))

    def _advance(self, at: float) -> StepReport:
        woken = self._wake_requested.is_set()
        self._wake_requested.clear()
        problems = self.turn.problems()
        is_there = self._is_there(problems)
        scanned = self._inbox.scan_if_due(at) if is_there else False
        self._inbox.is_coming_in &= is_there
        stamp = self.store.change_stamp()
        before = self._report
        wake = at if before is None or before.next_wake is None else before.next_wake
        # No step is due later than that; if one seems to be, the clock was set back.
        is_time = at >= wake or wake - at > REST_EVERY_S
        due = woken or scanned or is_time or stamp != self._stamp
        if stamp != self._stamp:
            self._follow_settings()
        if before is None or due or problems != self._problems:
            self._stamp, self._problems = stamp, problems
            self._report = self.turn.step(at)
        else:
            self._report = replace(before, changed=False)
        self._host_events.look(problems, at)
        if not self._report.problem:
            self._time_watch.look(at)
            self._daily_tasks.run_if_due(at)
            if is_there:
                self._tool_watch.look(self.turn.attempts.tools, at)
                self._recurring_runs.run_if_due(at)
        if not any(problem.stops for problem in problems):
            self._side_tasks.run_callbacks()
            self._side_tasks.finish_trees()
            self._side_tasks.merge(may_begin=not self.turn.draining)
            self._side_tasks.predict_conflicts()
            self._side_tasks.look_after_worktrees()
            self._side_tasks.keep_forecasts()
            self._side_tasks.watch_for_alarms()
        if due:
            self._side_tasks.keep_awake(running=bool(self.turn.running))
        is_idle = self._report.idle and not self._inbox.is_coming_in and not self._side_tasks.is_finishing
        is_at_rest = is_idle and not self._side_tasks.remaining and not self._side_tasks.is_rehearsing
        times = [
            at + (self._rest_poll_s if is_at_rest else POLL_S),
            self._inbox.next_scan_at,
            *([] if self._report.next_wake is None else [self._report.next_wake]),
        ]
        others = (self._daily_tasks.problem, self._recurring_runs.problem)
        more = [*(one for one in others if one is not None), *self._side_tasks.problems]
        return replace(
            self._report,
            next_wake=min(times),
            changed=self._report.changed or scanned,
            idle=is_at_rest,
            only_callbacks=is_idle and not self._side_tasks.is_merging,
            problems=(*self._report.problems, *more),
        )

    def _report_problem(self, at: float, problem: HealthProblem) -> StepReport:
        self._report = None
        return StepReport(
            next_wake=at + BUSY_RETRY_S,
            changed=False,
            running=self.turn.running,
            idle=False,
            problem=problem.sentence,
            problems=(problem,),
        )

    def _is_there(self, problems: Sequence[HealthProblem]) -> bool:
        """Whether the database file still exists; jobs accepted into a deleted one would be lost."""
        return all(problem.kind is not HealthProblemKind.GONE for problem in problems)

    def _probe(self, tool: str) -> ToolProbe:
        return self.turn.parts.adapters[tool].probe(self.trust_policy.tool_paths)

    # --- commands ----------------------------------------------------------------------------------------------

    def read_first(self, command: EngineCommand) -> "Future[ReadFirst] | None":
        """Begin to read on another thread what `carry_out` needs for this command; None if it needs nothing.

        Raises:
            SignalboxError: a job of the command cannot be read.
        """
        return self._reader.read_first(command)

    def carry_out(self, command: EngineCommand, read: ReadFirst | None = None) -> Outcome:
        """Carry out a person's command; what `read_first` begins to read is read here if it is not passed.

        Raises:
            SignalboxError: nothing was changed; the message says why.
        """
        self._refuse_where_gone(command)
        command = _about_files(command)
        known = self._reader.read_now(command) if read is None else read
        launches = known.launches
        match command:
            case AddJobs():
                return Outcome(changed=self._reviewed_jobs.add(command, launches))
            case TrustJob():
                return Outcome(changed=[self._reviewed_jobs.trust(command, launches)])
            case ReleaseJobs(job_ids=[job_id]) if job_id in launches:
                reviewed = self._reviewed_jobs.plans(job_id, command, launches)
                return self._commands.carry_out(replace(command, reviewed=reviewed))
            case (
                ChangeSetting()
                | SaveCopy()
                | StopStarting()
                | StartAgain()
                | DismissRefusals()
                | ShowRefusals()
                | DismissMissedRuns()
                | ShowMissedRuns()
                | RunRecurringRuns()
                | RemoveRecurringRun()
                | PutBackRecurringRun()
            ):
                return self._on_host(command)
            case Pause() | Drain() | Resume() | SetHold() | LiftHold() | SetLimit() | RemoveLimit():
                if isinstance(command, Resume):
                    self.turn.draining = False
                return self._commands.on_queue(command)
            case _:
                return self._commands.carry_out(command, known.works)

    def _on_host(self, command: HostCommand) -> Outcome:
        match command:
            case DismissRefusals(names=names):
                return self._inbox.settle_refusals(names, "dismissed", dismiss)
            case ShowRefusals(names=names):
                return self._inbox.settle_refusals(names, "shown again", show_again)
            case ChangeSetting():
                self._change_setting(command.key, command.value)
            case SaveCopy():
                self.store.database.save_copy(command.target)
            case StopStarting():
                self.turn.draining = True
            case StartAgain():
                self.turn.draining = False
            case _:
                return self._on_recurring_runs(command)
        return Outcome()

    def _on_recurring_runs(self, command: RecurringCommand) -> Outcome:
        root, now = self.home.root, self._clock()
        match command:
            case DismissMissedRuns(missed=missed):
                return settle_missed(self.store, root, missed, acknowledged=True)
            case ShowMissedRuns(missed=missed):
                return settle_missed(self.store, root, missed, acknowledged=False)
            case RunRecurringRuns(missed=missed):
                run_missed(self.store, root, missed, inbox=self._inbox.folder, now=now)
                self._inbox.scan_soon()
                return Outcome()
            case RemoveRecurringRun(name=name):
                return Outcome(removed=remove_recurring_run(root, name, now=now))
            case PutBackRecurringRun(removed=removed):
                put_back(root, removed, now=now)
                return Outcome(removed=removed)
            case _:
                assert_never(command)

    def _refuse_where_gone(self, command: EngineCommand) -> None:
        gone = [one for one in self.turn.problems() if one.kind is HealthProblemKind.GONE]
        if gone and command.kind.needs_database:
            raise CommandRefusedError(gone[0].sentence)

    def _change_setting(self, key: str, value: object) -> None:
        if key == "callback" and (problem := callback_problem(value)):
            raise CommandRefusedError(problem)
        self.store.queue_control.change_setting(key, value)
        self._follow_settings()

    def _follow_settings(self) -> None:
        """Apply the current settings, whichever process has changed them."""
        self._inbox.follow_settings()
        tool_paths = self.store.settings().tool_paths
        if tool_paths != self.trust_policy.tool_paths:
            self.turn.preparer.tool_paths = self.trust_policy.tool_paths = tool_paths

    @property
    def stays_for_recurring_runs(self) -> bool:
        """Whether this engine was left in the background and a recurring run is due later: nobody else queues it."""
        return self.turn.parts.identity.engine.kind == BACKGROUND_KIND and self._recurring_runs.is_awaiting

    # --- the end -----------------------------------------------------------------------------------------------

    def gives_way(self) -> bool:
        """Whether this engine was left in the background and a window has taken over since: that one goes on."""
        identity, now = self.turn.parts.identity, time.monotonic()
        if identity.engine.kind != BACKGROUND_KIND or now - self._looked_at < _GIVES_WAY_S:
            return False
        self._looked_at = now
        try:
            engines = self.store.open_engines()
        except DatabaseError:
            return False  # reported by the turns
        since = identity.engine.started_at
        return any(
            one.kind == "window" and one.started_at > since and identity.is_alive(one.engine_id)
            for one in engines
        )

    def close(self, mode: str = "leave") -> None:
        """Stop working: ``leave`` the jobs running, ``finish`` them, ``stop`` them, or ``cancel`` them first.

        Jobs left running continue under their shims, and the next engine adopts them. Stopped ones are queued again or
        held, by their rule for interruptions; cancelled ones stay cancelled, as by a person.
        """
        why = _WHY_STOPPED.get(mode, "") if self.turn.running else ""
        match mode:
            case "finish":
                self.turn.draining = True
                self._step_until_quiet(timeout_s=None)
            case "stop":
                self.turn.stop_all()
                self._step_until_quiet(timeout_s=STOP_TIMEOUT_S)
            case "cancel":
                self.turn.cancel_all("you stopped all jobs")
                self._step_until_quiet(timeout_s=STOP_TIMEOUT_S)
        try:
            self._daily_tasks.close()
            self._inbox.close()
            self._bell = lambda: None  # a review that is still running has nobody to wake
            self._reader.close()
            self.callbacks_left = self._side_tasks.close()
            self.turn.close(why)
        finally:
            self.store.close()

    def _step_until_quiet(self, *, timeout_s: float | None) -> None:
        started = time.monotonic()
        while self.turn.running:
            self.turn.step()
            self._wake_requested.wait(0.05)
            self._wake_requested.clear()
            if timeout_s is None and self.turn.parts.runner.running():
                # Once every process has ended, only the database can delay the end.
                started = time.monotonic()
            if time.monotonic() - started > (STOP_TIMEOUT_S if timeout_s is None else timeout_s):
                return

    def _ring(self) -> None:
        self._wake_requested.set()
        self._bell()


def _about_files(command: EngineCommand) -> EngineCommand:
    """The command itself, or what undoes or redoes one on refused files or on recurring runs."""
    undo = command.undo if isinstance(command, Redo) else command
    again, found = command is not undo, command
    match undo:
        case Undo(refusals=[_, *_] as names):
            found = DismissRefusals(names=names) if again else ShowRefusals(names=names)
        case Undo(missed_runs=[_, *_] as missed):
            found = DismissMissedRuns(missed=missed) if again else ShowMissedRuns(missed=missed)
        case Undo(removed=RemovedRun() as removed):
            found = RemoveRecurringRun(name=removed.name) if again else PutBackRecurringRun(removed=removed)
    return found


_OUTLIVING: list[subprocess.Popen[bytes]] = []
"""Engines that are meant to outlive this process: kept so that Python does not warn that nobody waits for them."""


def detach(home: Home) -> int:
    """Start a separate engine that runs until it is idle and no recurring run is enabled; return its process id."""
    argv = [
        sys.executable,
        "-m",
        "engine",
        "engine",
        "--until-idle",
        "--background",
        "--home",
        str(home.root),
    ]
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(argv, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True)
    _OUTLIVING.append(process)
    return process.pid
