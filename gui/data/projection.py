"""The window's copy of the records: loaded from a snapshot and kept current by folding events. No view, no query.

Lives in the GUI thread. The models of the panels read the dictionaries and update only what `folded` names.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QBasicTimer, QObject, QTimerEvent, Signal

from engine.intake.refusals import Refusal
from engine.scheduling.buckets import is_between_steps, needs_person, next_step_due
from engine.scheduling.explainer import Explainer, QueueFacts, Wait, shown_group, shown_state
from engine.scheduling.schedule import slots
from engine.system.plain_text import escape_invisible
from gui.data.job_display import job_state
from gui.data.named_sentences import shown_sentence
from gui.data.shown_older import ShownOlder, shown_older
from gui.data.shown_review import shown_status
from gui.guarded import Guarded
from gui.translation import tr, tr_count
from state.codec import record_from_json
from state.older_work import ReadWorkstreams
from state.records import (
    Attempt,
    AttemptStatus,
    Event,
    GroupStatus,
    Hold,
    HoldKind,
    Job,
    JobStatus,
    Limit,
    LimitKind,
    OlderWorkstream,
    Run,
    Snapshot,
    Workstream,
    WorkstreamFile,
)
from state.shown_names import ShownNames
from state.worktree_records import Merge, PredictedConflict, Worktree

if TYPE_CHECKING:
    from engine.recurring.recurring_rows import RecurringRow

WorkstreamKey = tuple[str, str]
FileKey = tuple[str, str, str]
ConflictKey = tuple[str, str, str, str]


@dataclass(frozen=True, kw_only=True)
class ProjectionChanges:
    """What one batch of events touched."""

    runs: frozenset[str] = frozenset()
    workstreams: frozenset[WorkstreamKey] = frozenset()
    jobs: frozenset[str] = frozenset()
    files: frozenset[FileKey] = frozenset()
    attempts: frozenset[int] = frozenset()
    queue: bool = False
    """Whether holds, limits or the engine changed, so that the reason of every waiting job may differ."""
    refusals: bool = False
    """Whether the inbox has refused files, or a person has dismissed some."""
    recurring: bool = False
    """Whether a recurring run was added, changed or due, or a person has dismissed that one was missed."""
    events: Sequence[Event] = ()


@dataclass(frozen=True, kw_only=True)
class EngineFacts:
    """The state of the engine as this window knows it."""

    running: bool = False
    stopping: bool = False
    problem: str = ""
    starting: bool = False
    """Whether it is being started: nothing is known of it yet but that."""

    @property
    def is_expected(self) -> bool:
        """Whether jobs will start without a person: it runs, or is being started."""
        return self.running or self.starting


class Projection(Guarded, QObject):
    """The records behind every panel.

    Signals:
        reset(): everything was reloaded from a snapshot.
        folded(ProjectionChanges): a batch of events was folded.
        older_requested(run id or None, whole): somebody needs more of what is `older`, or all of it there is of a run.
    """

    reset = Signal()
    folded = Signal(object)
    older_requested = Signal(object, bool)

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._clock = clock
        self.runs: dict[str, Run] = {}
        self.earlier_runs = 0
        """The number of runs besides these, which ended long ago and are not shown."""
        self.workstreams: dict[WorkstreamKey, Workstream] = {}
        self.jobs: dict[str, Job] = {}
        self.running_jobs: set[str] = set()
        """The ids of the jobs that run, each in a slot."""
        self.files: dict[FileKey, WorkstreamFile] = {}
        self.attempts: dict[int, Attempt] = {}
        """Attempts that ran or ended since the window opened; older ones are read on demand."""
        self._last_attempts: dict[str, Attempt] = {}
        self.holds: dict[tuple[HoldKind, str], Hold] = {}
        self.limits: dict[tuple[LimitKind, str], Limit] = {}
        self.worktrees: dict[WorkstreamKey, Worktree] = {}
        self.merges: dict[WorkstreamKey, Merge] = {}
        """The newest of each workstream."""
        self.conflicts: dict[ConflictKey, PredictedConflict] = {}
        """Those that git predicts between branches that are still to be merged, and with their targets."""
        self.engine = EngineFacts()
        self.accounts: Mapping[str, Sequence[str]] = {}
        """The names of the accounts of each tool that has some."""
        self.refusals: Sequence[Refusal] = ()
        """The files that the inbox has refused and nobody has dismissed."""
        self.recurring: Sequence[RecurringRow] = ()
        """The recurring runs, by name."""
        self.older: dict[WorkstreamKey, OlderWorkstream] = {}
        """Workstreams of these runs of which only the totals were read; `OlderReading` reads the rest."""
        self._shown_older: dict[WorkstreamKey, ShownOlder] = {}
        self._missed: dict[WorkstreamKey, int] = {}
        """The newest event of each of them that has come since."""
        self.cursor = 0
        self._jobs_of: dict[WorkstreamKey, list[str]] = {}
        self.between_steps: set[WorkstreamKey] = set()
        """The workstreams that count as running until their next step starts, for a moment at most."""
        self._step_due = QBasicTimer()

    def load(self, snapshot: Snapshot) -> None:
        """Forget everything and start from a snapshot."""
        self.runs = {run.run_id: run for run in snapshot.runs}
        self.earlier_runs = snapshot.earlier_runs
        self.workstreams = {workstream.key: workstream for workstream in snapshot.workstreams}
        self.jobs = {job.job_id: job for job in snapshot.jobs}
        self.running_jobs = {job.job_id for job in snapshot.jobs if job.status is JobStatus.RUNNING}
        self.files = {file.key: file for file in snapshot.files}
        self.attempts = {attempt.id: attempt for attempt in snapshot.attempts}
        self._last_attempts = {attempt.job_id: attempt for attempt in snapshot.attempts}
        self.holds = {(hold.kind, hold.key): hold for hold in snapshot.holds}
        self.limits = {(limit.kind, limit.key): limit for limit in snapshot.limits}
        self.worktrees = {worktree.key: worktree for worktree in snapshot.worktrees}
        self.merges = {merge.key: merge for merge in snapshot.merges}
        self.conflicts = {conflict.key: conflict for conflict in snapshot.conflicts}
        self.older = {older.workstream.key: older for older in snapshot.older}
        self._missed.clear()
        self._shown_older.clear()
        self.cursor = snapshot.cursor
        self._jobs_of = defaultdict(list)
        for job in sorted(self.jobs.values(), key=_in_order):
            self._jobs_of[job.run_id, job.ws_id].append(job.job_id)
        self.between_steps.clear()
        self._note_between_steps(self.workstreams)
        self.reset.emit()

    def take_in(self, read: ReadWorkstreams) -> None:
        """Add workstreams that were read later, unless something has happened to them since: those stay `older`."""
        keys = {key for key in read.keys & self.older.keys() if self._missed.get(key, 0) <= read.cursor}
        for key in keys:
            del self.older[key]
            self._shown_older.pop(key, None)
            self._missed.pop(key, None)
        self.workstreams.update((one.key, one) for one in read.workstreams if one.key in keys)
        self.worktrees.update((one.key, one) for one in read.worktrees if one.key in keys)
        self.merges.update((one.key, one) for one in read.merges if one.key in keys)
        files = {one.key: one for one in read.files if one.key[:2] in keys}
        self.files.update(files)
        jobs = {job.job_id: job for job in read.jobs if job.ws_key in keys}
        self.jobs.update(jobs)
        self.running_jobs |= {job.job_id for job in jobs.values() if job.status is JobStatus.RUNNING}
        for job in sorted(jobs.values(), key=_in_order):
            self._jobs_of.setdefault(job.ws_key, []).append(job.job_id)
        self._note_between_steps(keys)
        self.folded.emit(
            ProjectionChanges(
                runs=frozenset(run_id for run_id, _ in keys),
                workstreams=frozenset(keys),
                jobs=frozenset(jobs),
                files=frozenset(files),
            )
        )

    def fold(self, events: Sequence[Event]) -> None:
        """Bring the records up to these events (ascending ids after `cursor`) and emit `folded` once."""
        fresh = [event for event in events if event.id > self.cursor]
        if not fresh:
            return
        touched: dict[str, set[object]] = defaultdict(set)
        for event in fresh:
            if (key := (event.run_id or "", event.ws_id or "")) in self.older:
                self._missed[key] = (
                    event.id
                )  # what it is after this event is read with all that belongs to it
                touched["workstreams"].add(key)
                touched["queue"].add("changed")
            else:
                self._fold_one(event, touched)
        self.cursor = fresh[-1].id
        self._note_between_steps(touched["workstreams"])  # type: ignore[arg-type]
        self.folded.emit(
            ProjectionChanges(
                runs=frozenset(touched["runs"]),  # type: ignore[arg-type]  # sets of the kinds named by their key
                workstreams=frozenset(touched["workstreams"]),  # type: ignore[arg-type]
                jobs=frozenset(touched["jobs"]),  # type: ignore[arg-type]
                files=frozenset(touched["files"]),  # type: ignore[arg-type]
                attempts=frozenset(touched["attempts"]),  # type: ignore[arg-type]
                queue=bool(touched["queue"]),
                events=tuple(fresh),
            ),
        )

    def observe_engine(self, facts: EngineFacts) -> None:
        """Record the state of the engine, and notify the panels only if it changed."""
        if facts != self.engine:
            self.engine = facts
            self.folded.emit(ProjectionChanges(queue=True))

    def observe_accounts(self, accounts: Mapping[str, Sequence[str]]) -> None:
        """Record the accounts of the tools, and notify the panels only if they changed."""
        if accounts != self.accounts:
            self.accounts = accounts
            self.folded.emit(ProjectionChanges(queue=True))

    def observe_refusals(self, refusals: Sequence[Refusal]) -> None:
        """Record which files the inbox has refused, and notify the panels only if that changed."""
        if refusals != self.refusals:
            self.refusals = refusals
            self.folded.emit(ProjectionChanges(refusals=True))

    def observe_recurring(self, rows: "Sequence[RecurringRow]") -> None:
        """Record the recurring runs, and notify the panels only if they changed."""
        if list(rows) != list(self.recurring):
            self.recurring = rows
            self.folded.emit(ProjectionChanges(recurring=True))

    def running_attempt(self, job: Job) -> Attempt | None:
        """The attempt of a job that runs."""
        attempt = self._last_attempts.get(job.job_id)
        is_running = attempt is not None and attempt.status is AttemptStatus.RUNNING
        return attempt if is_running and job.status is JobStatus.RUNNING else None

    def jobs_of(self, key: WorkstreamKey) -> list[Job]:
        """The jobs of a workstream, in step order."""
        return [self.jobs[job_id] for job_id in self._jobs_of.get(key, ())]

    def workstreams_of(self, run_id: str) -> list[Workstream]:
        """The workstreams of a run, in order."""
        found = [workstream for workstream in self.workstreams.values() if workstream.run_id == run_id]
        return sorted(found, key=lambda workstream: workstream.position)

    @property
    def names(self) -> ShownNames:
        """What the runs, workstreams and jobs are called; ask for it anew after a change."""
        return ShownNames(self.workstreams, self.runs, clean=escape_invisible)

    def shown_sentence(self, recorded: str) -> str:
        """A recorded sentence with names in the place of ids, in the language of the window where that is known."""
        return shown_sentence(recorded, self.jobs, self.names)

    def explainer(self, now: float) -> Explainer:
        """Explains why each job waits, as of `now`; create one per repaint, not per card."""
        facts = QueueFacts(
            jobs=self.jobs,
            holds=tuple(self.holds.values()),
            limits=tuple(self.limits.values()),
            accounts=self.accounts,
            used_accounts={one.job_id: one.account for one in self.attempts.values() if one.account},
            engine_running=self.engine.is_expected,
            stopping=self.engine.stopping,
            names=self.names,
        )
        return Explainer(facts, now)

    def request_older(self, run_id: str | None = None, *, whole: bool = False) -> None:
        """Have more of the `older` workstreams read, the `whole` where a filter looks through all jobs."""
        if self.older:
            self.older_requested.emit(run_id, whole)

    def older_of(self, run_id: str | None) -> list[OlderWorkstream]:
        """The `older` workstreams of a run, or of all."""
        return [one for key, one in self.older.items() if run_id in {None, key[0]}]

    def shown_older(self, run_id: str | None = None) -> list[ShownOlder]:
        """What is shown of them."""
        for key in self.older.keys() - self._shown_older.keys():
            self._shown_older[key] = shown_older(self.older[key])
        return [one for one in self._shown_older.values() if run_id in {None, one.run_id}]

    def older_jobs(self, run_id: str | None = None) -> int:
        """How many jobs of a run, or of all, are not read."""
        return sum(one.number for one in self.older_of(run_id))

    def runs_at_rest(self) -> set[str]:
        """The ids of the runs of which jobs are known and none runs."""
        known = {run_id for (run_id, _), ids in self._jobs_of.items() if ids}
        known |= {run_id for run_id, _ in self.older}
        return known - {self.jobs[job_id].run_id for job_id in self.running_jobs}

    def runs_in_need(self) -> dict[str, str]:
        """The shown state of every run of which nothing runs and something needs a person: that of what does."""
        running = {self.jobs[job_id].run_id for job_id in self.running_jobs}
        found: defaultdict[str, set[str]] = defaultdict(set)
        for job in self.jobs.values():
            if needs_person(job):
                found[job.run_id].add(job_state(job, None))
        for stream in self.workstreams.values():
            if stream.status is GroupStatus.REVIEW:
                found[stream.run_id].add(shown_status(stream.status))
        for older in self.shown_older():
            found[older.run_id].update(older.needing)
        return {
            run_id: shown_group(states)
            for run_id, states in found.items()
            if states and run_id not in running
        }

    def slots(self) -> int | None:
        """The global limit on running jobs."""
        return slots(self.limits.values())

    def slots_words(self) -> str:
        """How many slots are in use: ``5 of 6 slots``, or ``5 running`` without a limit."""
        limit, taken = self.slots(), len(self.running_jobs)
        if limit is None:
            return tr("{running:,} running", running=taken)
        return tr_count("{taken:,} of {n} slots", "{taken:,} of {n} slots", limit, taken=taken)

    def pause(self) -> Hold | None:
        """The hold that pauses everything, or None."""
        return self.holds.get((HoldKind.ENGINE, ""))

    def waits(self, now: float) -> dict[str, Wait]:
        """Why each waiting job waits, by job id."""
        explainer = self.explainer(now)
        found = {job.job_id: explainer.wait(job) for job in self.jobs.values()}
        return {job_id: wait for job_id, wait in found.items() if wait is not None}

    def shown(self, jobs: Iterable[Job], waits: Mapping[str, Wait]) -> str:
        """The shown state of a group of jobs."""
        return shown_group(shown_state(job, waits.get(job.job_id)) for job in jobs)

    def _note_between_steps(self, keys: Iterable[WorkstreamKey]) -> None:
        """Note which of these are between two steps: all counters and cards follow in the same turn."""
        now = self._clock()
        for key in keys:
            is_between = is_between_steps(self.jobs_of(key), now)
            (self.between_steps.add if is_between else self.between_steps.discard)(key)
        due = [at for key in self.between_steps if (at := next_step_due(self.jobs_of(key))) is not None]
        self._step_due.stop()
        if due:
            self._step_due.start(round(max(0.0, min(due) - now) * 1000) + 1, self)

    def timerEvent(self, _event: QTimerEvent) -> None:  # noqa: N802 - Qt's name
        """Count as waiting what has not started its next step in time."""
        before = frozenset(self.between_steps)
        self._note_between_steps(before)
        if ended := before - self.between_steps:
            self.folded.emit(ProjectionChanges(workstreams=ended))

    def _fold_one(self, event: Event, touched: dict[str, set[object]]) -> None:
        payload = event.payload
        if "job" in payload:
            self._put_job(record_from_json(Job, payload["job"]), touched)
        if "attempt" in payload:
            attempt = record_from_json(Attempt, payload["attempt"])
            self.attempts[attempt.id] = attempt
            self._last_attempts[attempt.job_id] = attempt
            touched["attempts"].add(attempt.id)
        if "run" in payload:
            run = record_from_json(Run, payload["run"])
            self.runs[run.run_id] = run
            touched["runs"].add(run.run_id)
        if "workstream" in payload:
            workstream = record_from_json(Workstream, payload["workstream"])
            self.workstreams[workstream.key] = workstream
            touched["workstreams"].add(workstream.key)
        if "worktree" in payload:
            worktree = record_from_json(Worktree, payload["worktree"])
            self.worktrees[worktree.key] = worktree
            touched["workstreams"].add(worktree.key)
        if "merge" in payload:
            merge = record_from_json(Merge, payload["merge"])
            self.merges[merge.key] = merge
            touched["workstreams"].add(merge.key)
        if "conflict" in payload:
            self._fold_conflict(event, touched)
        for value in payload.get("files", ()):
            file = record_from_json(WorkstreamFile, value)
            self.files[file.key] = file
            touched["files"].add(file.key)
            touched["workstreams"].add((file.run_id, file.ws_id))
        self._fold_queue(event, touched)

    def _fold_conflict(self, event: Event, touched: dict[str, set[object]]) -> None:
        conflict = record_from_json(PredictedConflict, event.payload["conflict"])
        if event.event_type == "conflict.gone":
            self.conflicts.pop(conflict.key, None)
        else:
            self.conflicts[conflict.key] = conflict
        touched["workstreams"].update(conflict.workstreams)

    def _put_job(self, job: Job, touched: dict[str, set[object]]) -> None:
        key = (job.run_id, job.ws_id)
        if job.job_id not in self.jobs:
            ids = self._jobs_of.setdefault(key, [])
            ids.append(job.job_id)
            self.jobs[job.job_id] = job
            ids.sort(key=lambda job_id: _in_order(self.jobs[job_id]))
        before = self.jobs[job.job_id].status
        self.jobs[job.job_id] = job
        (self.running_jobs.add if job.status is JobStatus.RUNNING else self.running_jobs.discard)(job.job_id)
        touched["jobs"].add(job.job_id)
        touched["workstreams"].add(key)
        touched["runs"].add(job.run_id)
        if JobStatus.RUNNING in {before, job.status} or before is not job.status:
            touched["queue"].add("changed")

    def _fold_queue(self, event: Event, touched: dict[str, set[object]]) -> None:
        if "hold" in event.payload:
            hold = record_from_json(Hold, event.payload["hold"])
            key = (hold.kind, hold.key)
            if event.event_type == "hold.lifted":
                self.holds.pop(key, None)
            else:
                self.holds[key] = hold
            touched["queue"].add("changed")
        if "limit" in event.payload:
            limit = record_from_json(Limit, event.payload["limit"])
            if event.event_type == "limit.removed":
                self.limits.pop((limit.kind, limit.key), None)
            else:
                self.limits[limit.kind, limit.key] = limit
            touched["queue"].add("changed")


def _in_order(job: Job) -> tuple[int, int]:
    return (job.seq, job.position)
