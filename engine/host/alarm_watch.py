"""Watch what jobs print for the filter sets that are alarms: report a line that matches, and hold its workstream.

Reads on a thread of its own, each line once, and only while an alarm is switched on and a job runs. Of several engines
that share a home one watches, until it closes. No window is needed.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDoneError
from contextlib import suppress
from dataclasses import dataclass, field

from engine.filters.filter_folder import FilterFolder, SavedFilter, refused_filters
from engine.health_problems import HealthProblem, HealthProblemKind
from engine.host.launch_reader import ReadingThread
from engine.jobfile.filter_set import AlarmAction, SetMatcher
from engine.jobfile.yaml_folder import Stamp
from engine.state_store.job_state_store import JobStateStore
from engine.streams.attempt_output import AttemptOutput, reader_in
from engine.system.fault_injection import fault
from engine.system.formatting import clock_second
from state.database_errors import DatabaseError
from state.locks import KernelLock
from state.records import Attempt

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
_BYTES_A_LOOK = 1024 * 1024
"""What is read of one attempt in one look; the rest is read in the next ones."""
_SHOWN = 200
_CLOSE_S = 5.0


@dataclass(frozen=True, slots=True)
class AlarmMatch:
    """The first line of a job that matched an alarm."""

    attempt: Attempt
    alarm: SavedFilter
    at: float
    text: str

    @property
    def sentence(self) -> str:
        """What matched, and when."""
        text = self.text if len(self.text) <= _SHOWN else f"{self.text[:_SHOWN]}…"
        return f"The alarm {self.alarm.name} matched at {clock_second(self.at)}: {text}"


@dataclass
class _Tail:
    """How far the output of an attempt was read, and what is held because of it."""

    attempt: Attempt
    output: AttemptOutput
    ended: bool = False
    reasons: dict[str, str] = field(default_factory=dict)
    """Why its workstream is held, by alarm."""
    held: set[str] = field(default_factory=set)
    """What was held: a person who releases it is not contradicted."""


class AlarmWatch:
    """Watches for one engine; every call comes from the engine's thread."""

    def __init__(self, store: JobStateStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._folder = FilterFolder(store.home.root)
        self._thread = ReadingThread("alarm-watch")
        self._running: Future[Sequence[AlarmMatch]] | None = None
        self._lock: KernelLock | None = None
        self._stamp: Stamp | None = None
        self._alarms: Sequence[tuple[SavedFilter, SetMatcher]] = ()
        self._tails: dict[int, _Tail] = {}
        self._recorded: set[tuple[str, str]] | None = None
        self._look_at = 0.0
        self._newest: int | None = store.alarms.newest()
        """The newest attempt that was looked at, for those too short to be seen running."""
        self._matched: list[AlarmMatch] = []
        """What is not recorded yet: each line is read once, so it waits here while the database is busy."""
        self._refused = ""
        self.on_end: Callable[[], None] = lambda: None
        """Called from another thread when a look has ended: `step` has something to do."""

    @property
    def problem(self) -> HealthProblem | None:
        """Which files are not valid; None if all of them are."""
        if not self._refused:
            return None
        return HealthProblem(kind=HealthProblemKind.ALARM, sentence=self._refused, stops=False)

    def step(self) -> None:
        """Record what matched, and look again once a second; costs microseconds without an alarm."""
        if self._running is not None:
            if not self._running.done():
                return
            self._take_up(self._running)
        elif self._matched:
            self._act_on_all()
        now = self._clock()
        if not now < self._look_at <= now + LOOK_EVERY_S:
            self._look_at = now + LOOK_EVERY_S
            self._look()

    def close(self) -> None:
        """Look once more, since a job may have printed its last line just now, and end."""
        with suppress(NotDoneError, OSError, DatabaseError):
            if self._running is not None:
                self._running.result(_CLOSE_S)
                self._take_up(self._running)
            self._look()
            if self._running is not None:
                self._running.result(_CLOSE_S)
                self._take_up(self._running)
        self._thread.close()
        if self._lock is not None:
            self._lock.release()

    def _take_up(self, ended: "Future[Sequence[AlarmMatch]]") -> None:
        self._running = None
        try:
            self._matched += ended.result()
        except Exception:  # the engine goes on, and so does the next look
            log.exception("Could not look for alarms")
        self._act_on_all()

    def _act_on_all(self) -> None:
        while self._matched:
            self._act_on(self._matched[0])
            del self._matched[0]
        self._hold_all()

    def _look(self) -> None:
        self._read_alarms()
        if not self._alarms:
            self._tails.clear()
            self._newest = None
            return
        if self._newest is None:
            self._newest = self._store.alarms.newest()
        running = {attempt.id: attempt for attempt in self._store.alarms.running()}
        started = self._store.alarms.started_after(self._newest)
        for tail in self._tails.values():
            tail.ended = tail.attempt.id not in running
        if not (running or started or self._tails) or not self._is_ours():
            return
        for attempt in (*running.values(), *started):
            self._newest = max(self._newest, attempt.id)
            if attempt.id not in self._tails:
                folder = self._store.home.attempts / attempt.folder_name
                output = AttemptOutput(folder, reader_in(folder, attempt.tool))
                self._tails[attempt.id] = _Tail(attempt, output, attempt.id not in running)
        if self._recorded is None:
            self._recorded = self._store.alarms.recorded()
        tails, alarms, known = list(self._tails.values()), self._alarms, frozenset(self._recorded)
        self._running = self._thread.submit(lambda: _matches(tails, alarms, known))
        self._running.add_done_callback(lambda _done: self.on_end())

    def _read_alarms(self) -> None:
        """Compile the alarms again when a file has changed."""
        stamp = self._folder.stamp()
        if stamp != self._stamp:
            found = self._folder.find()
            self._report_refused(refused_filters(found.refused))
            alarms = [each for each in found.filters if each.content.alarm is not None]
            self._alarms = [(each, SetMatcher(each.content)) for each in alarms]
            self._stamp = stamp

    def _report_refused(self, sentence: str) -> None:
        """Record once that a file is not valid: whoever wrote an alarm relies on it."""
        if sentence and sentence != self._refused:
            self._store.record_event("alarm.refused", {"text": sentence, "level": "warning"})
        self._refused = sentence

    def _act_on(self, match: AlarmMatch) -> None:
        key = (match.attempt.job_id, match.alarm.name)
        if self._recorded is None or key in self._recorded:
            return
        tail = self._tails.get(match.attempt.id)
        if match.alarm.content.alarm is not AlarmAction.NOTIFY and tail is not None:
            tail.reasons[match.alarm.name] = match.sentence
            self._hold(
                tail
            )  # an engine killed before the line is recorded finds it again, and not after that
            fault("alarm_held")
        self._store.alarms.record(
            match.attempt.job_id,
            match.sentence,
            alarm=match.alarm.name,
            attempt_id=match.attempt.id,
            printed_at=match.at,
            text=match.text[:_SHOWN],
        )
        fault("alarm_recorded")
        self._recorded.add(key)

    def _hold_all(self) -> None:
        """Hold what is queued behind a line that matched, also the job itself if it is to be retried."""
        for tail in list(self._tails.values()):
            self._hold(tail)
            if tail.ended and not tail.output.behind:
                del self._tails[tail.attempt.id]

    def _hold(self, tail: _Tail) -> None:
        for reason in tail.reasons.values():
            key = (tail.attempt.run_id, tail.attempt.ws_id)
            tail.held |= set(self._store.alarms.hold_queued(key, reason, but=tail.held))

    def _is_ours(self) -> bool:
        if self._lock is None:
            self._recorded = None  # the engine that watched so far may have recorded more
            with suppress(OSError):  # the disk is full or read-only: the next look tries again
                self._lock = KernelLock.try_take(self._store.home.root / "alarms.lock")
        return self._lock is not None


def _matches(
    tails: Sequence[_Tail],
    alarms: Sequence[tuple[SavedFilter, SetMatcher]],
    known: frozenset[tuple[str, str]],
) -> Sequence[AlarmMatch]:
    """Read on in every attempt, and find the first line that matches each alarm it has not matched yet."""
    found: dict[tuple[str, str], AlarmMatch] = {}
    for tail in tails:
        one = tail.attempt
        due = [
            (alarm, matcher)
            for alarm, matcher in alarms
            if (one.job_id, alarm.name) not in known
            and matcher.covers(tool=one.tool, ws_id=one.ws_id, job_id=one.job_id)
        ]
        entries = list(tail.output.read(_BYTES_A_LOOK))
        if tail.ended and not tail.output.behind:
            entries += tail.output.rest()
        for ns, entry in entries:
            for alarm, matcher in due:
                key, at = (one.job_id, alarm.name), ns / 1e9
                is_new = key not in found and at >= alarm.changed_at
                if is_new and matcher.matches_text(entry.text, entry.level.word):
                    found[key] = AlarmMatch(one, alarm, at, entry.text)
    return list(found.values())
