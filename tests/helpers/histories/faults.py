"""The faults of a history: engines, shims and windows that are killed or sleep, and a disk that is full."""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress

from engine.orchestrator.attempt_preparer import ref_of
from state.records import Attempt
from tests.helpers.disks import Disk
from tests.helpers.histories.engines import Engine, alive
from tests.helpers.histories.scene import Scene
from tests.helpers.histories.steps import Freeze, Kill, Start

_NAMES = {"engine": "engine", "shim": "shim", "both": "shim and engine"}


class Faults:
    """Carries them out; only what is at work is killed, and only such kills count."""

    def __init__(self, scene: Scene, disk: Disk | None) -> None:
        self._scene, self._engines, self._record, self._disk = scene, scene.engines, scene.record, disk
        self._point, self._hits_before = "", 0

    def start(self, step: Start) -> None:
        running = self._engines.get(step.engine)
        is_armed = bool(step.dies_at or step.shims)
        if is_armed:
            self._point = step.dies_at or step.shims.partition(":")[0]
            self._hits_before = self._scene.hits()[self._point]
        if running is not None and (is_armed or running.is_armed):
            if any(running.owns(attempt.engine_id) for attempt in self._scene.open_claims()):
                self._count(running, "engine", claimed=True)
            self._engines.kill(running)
            running = None
        if running is None:
            self._engines.start(step)

    def kill(self, step: Kill) -> None:
        if step.when == "point":
            self._scene.wait(lambda: self._scene.hits()[self._point] > self._hits_before or None)
            return
        claimed = step.when == "claimed"
        found = self._scene.at_work(lambda attempt: self._is_hit(step, attempt), claimed=claimed)
        if found is None:
            self._record.missed += 1
            return
        engine = self._scene.owner(found)
        self._count(engine, _NAMES[step.what], claimed=claimed)
        if step.what != "engine":
            self._record.shims_killed.add(ref_of(found).folder_name)
            os.kill(self._scene.shim_of(found) or 0, signal.SIGKILL)
        if step.what != "shim" and engine is not None:
            self._engines.kill(engine)

    def _count(self, engine: Engine | None, what: str, *, claimed: bool) -> None:
        is_window = engine is not None and engine.start.window
        name = what.replace("engine", "window") if is_window else what
        self._record.kills[f"{name}, {'a claim open' if claimed else 'its tool running'}"] += 1

    def _is_hit(self, step: Kill, attempt: Attempt) -> bool:
        """Whether the attempt still runs once that which is to be killed stands still."""
        engine, shim = self._scene.owner(attempt), self._scene.shim_of(attempt)
        if step.engine is not None and engine is not self._engines.get(step.engine):
            return False
        if step.job and self._scene.name_of(attempt) != step.job:
            return False
        needed = [
            *([None if engine is None else engine.pid] if step.what != "shim" else []),
            *([shim] if step.what != "engine" else []),
        ]
        pids = [pid for pid in needed if pid is not None]
        if len(pids) < len(needed):
            return False
        _send(pids, signal.SIGSTOP)
        if any(one.id == attempt.id for one in self._scene.open_claims()) and all(map(alive, pids)):
            return True
        _send(pids, signal.SIGCONT)
        return False

    def freeze(self, step: Freeze) -> None:
        """Let the engine that is first at work, or has this job at work, sleep."""
        found = self._scene.at_work(lambda attempt: self._may_sleep(step, attempt))
        engine = None if found is None else self._scene.owner(found)
        if engine is not None:
            engine.freeze()

    def _may_sleep(self, step: Freeze, attempt: Attempt) -> bool:
        engine = self._scene.owner(attempt)
        is_awake = engine is not None and not engine.is_frozen
        return is_awake and (not step.job or self._scene.name_of(attempt) == step.job)

    def thaw(self) -> None:
        """Wake every engine that sleeps."""
        for engine in self._engines.living():
            engine.freeze(thaw=True)

    def fill(self, *, full: bool) -> None:
        """Fill the disk, or make room; nothing where no small disk can be mounted."""
        if self._disk is not None:
            self._disk.clear()
            if full:
                self._disk.fill()


def _send(pids: Sequence[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
