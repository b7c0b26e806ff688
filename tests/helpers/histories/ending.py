"""The end of a history: everything comes to its end within a bound once the faults are over, or says why it does not.

That is liveness, apart from safety: a queue that stands still loses nothing and runs nothing twice. First the engines
alone must bring every job to its end, or `signalbox status` must show what it waits for; then a person, here the test,
releases what is held and runs again what was set aside, and all must have ended.
"""

import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from engine.errors import SignalboxError
from engine.scheduling.explainer import WaitKind
from state.records import JobStatus
from tests.helpers.command_line import CommandLine
from tests.helpers.histories.engines import Engine
from tests.helpers.histories.faults import Faults
from tests.helpers.histories.judge import so_far
from tests.helpers.histories.people import People
from tests.helpers.histories.scene import Scene
from tests.helpers.histories.steps import Start
from tests.helpers.histories.stillness import Stillness
from tests.helpers.patience import at_most
from tests.helpers.sweeper import working_in

BOUND_S = 12.0
"""How long everything may take once the faults are over, on an idle machine."""
POLL_S = 0.1
LATE_S = 7.0
"""Longer than any shim of a history dawdles."""
LAST = 99
"""The number of the engine that is started after the last fault."""
_OF_A_PERSON = frozenset({WaitKind.PAUSED, WaitKind.HELD, WaitKind.HOLD, WaitKind.BLOCKED, WaitKind.QUOTA})
"""What only a person or a distant time ends; nothing else may keep a job from its end."""


class Ending:
    """Brings everything to its end, first without and then with a person, and notes what does not come to it."""

    def __init__(self, scene: Scene, people: People, faults: Faults, signalbox: CommandLine) -> None:
        self._scene, self._people, self._faults, self._signalbox = scene, people, faults, signalbox
        self._engines, self._record = scene.engines, scene.record

    def come(self) -> None:
        """Do so."""
        self._end_faults()
        for name, step in self._record.jobs.items():
            if step.kind == "long":
                self._give("cancel", name)
        self._engines.start(Start(engine=LAST))
        if self._comes_to_rest(with_a_person=False) and self._comes_to_rest(with_a_person=True):
            self._stop_engines()
            self._await_late_shims()

    def _end_faults(self) -> None:
        self._faults.thaw()
        for engine in self._engines.living():
            if engine.is_armed:
                self._engines.kill(engine)
        self._faults.fill(full=False)

    def _comes_to_rest(self, *, with_a_person: bool) -> bool:
        """Whether every open job waits for a person, or with one, none is open and no file lies in the inbox.

        It does not if a promise is broken meanwhile, if time is over, or as soon as nobody is at work any more.
        """
        stillness, deadline = Stillness(self._scene), time.monotonic() + at_most(BOUND_S)
        while True:
            was_idle = self._scene.is_idle()  # before a person looks, who may find nothing to do only then
            acted = with_a_person and self._act_as_a_person()
            is_over = time.monotonic() > deadline or not self._engines.living() or stillness.lasts()
            has_changed = stillness.is_broken()
            if not is_over and (self._scene.open_claims() or not has_changed):
                time.sleep(POLL_S)
                continue
            stuck = self._stuck(with_a_person=with_a_person)
            if not stuck and not acted and (was_idle or not with_a_person):
                return True
            if any(so_far(self._scene)):
                return False
            if is_over:
                waiting = _sentences(stuck) or "files wait in the inbox"
                self._record.breach("stuck", f"After the last fault: {waiting}")
                return False

    def _stuck(self, *, with_a_person: bool) -> list[dict[str, Any]]:
        """The open jobs that should come to their end by themselves."""
        jobs = self._signalbox("status", "--json").json["jobs"]
        return [job for job in jobs if with_a_person or not _waits_for_a_person(job)]

    def _act_as_a_person(self) -> bool:
        """Whether there was anything to be done."""
        control, acted = self._scene.store.queue_control, False
        for hold in control.holds():
            acted |= control.lift_hold(hold.kind, hold.key)
        for name, (rows, _) in self._scene.seen().items():
            if any(row.status is JobStatus.HELD or row.not_before for row in rows):
                acted |= self._give("release", name)
            if any(row.quarantined for row in rows):
                acted |= self._give("retry", name)
                if self._record.jobs[name].kind == "long":
                    self._give("cancel", name)
        return acted

    def _give(self, command: str, name: str) -> bool:
        acted = False
        for row in self._scene.rows(name):
            with suppress(SignalboxError):  # it is not in a state for that
                self._people.give(command, row, name)
                acted = True
        return acted

    def _stop_engines(self) -> None:
        """Every engine that was not killed has lived until now, and ends when it is requested to."""
        for engine in self._engines.living():
            engine.signal(signal.SIGTERM)
        deadline = time.monotonic() + at_most(BOUND_S)
        while self._engines.living() and time.monotonic() < deadline:
            time.sleep(0.01)
        for engine in self._engines.living():
            self._record.breach("deaf", f"Engine {engine.pid} still runs long after SIGTERM.")
            self._engines.kill(engine)
        for engine in self._engines.all:
            self._check_end(engine)

    def _await_late_shims(self) -> None:
        """A shim that dawdles may outlive every engine: what it does then is judged too."""
        deadline = time.monotonic() + LATE_S
        while any(working_in(self._scene.folder)) and time.monotonic() < deadline:
            time.sleep(0.1)

    def _check_end(self, engine: Engine) -> None:
        code = self._engines.reap(engine)
        died_at_its_point = engine.start.dies_at and code == -signal.SIGKILL
        was_starting = code == -signal.SIGTERM and not self._scene.has_worked(engine)
        if code and not engine.was_killed and not died_at_its_point and not was_starting:
            output = (self._scene.folder / f"engine-{engine.pid}.out").read_text("utf-8", "replace")
            self._record.breach("crashed", f"Engine {engine.pid} ended with code {code}: {output[-2000:]}")


def _waits_for_a_person(job: dict[str, Any]) -> bool:
    wait = job["wait"]
    return wait is not None and wait["kind"] in _OF_A_PERSON and bool(wait["sentence"])


def _sentences(jobs: Sequence[dict[str, Any]]) -> str:
    return "; ".join(
        f"{job['job_id']} is {job['state']}: {(job['wait'] or {}).get('sentence')}" for job in jobs
    )
