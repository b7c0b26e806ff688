"""The engines of a history as this process sees them: started in the nursery, frozen, killed, and their exit codes."""

import os
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.system.home import Home
from tests.helpers.histories.nursery import RECOVERIES, Nursery
from tests.helpers.histories.steps import Start


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


@dataclass
class Engine:
    """One engine that was started, and what we did to it."""

    pid: int
    start: Start
    was_killed: bool = False
    is_frozen: bool = False
    exit_code: int | None = None

    @property
    def is_alive(self) -> bool:
        return self.exit_code is None and alive(self.pid)

    @property
    def is_armed(self) -> bool:
        """Whether it, or a shim of it, kills itself some time."""
        return bool(self.start.dies_at or self.start.shims)

    def owns(self, engine_id: str | None) -> bool:
        """Whether that is the id of this engine: engines are named by their process."""
        return engine_id is not None and engine_id.startswith(f"{self.pid}-")

    def signal(self, number: int) -> None:
        """Send it a signal, if it lives."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def freeze(self, *, thaw: bool = False) -> None:
        """Stop it as if its machine slept, or wake it."""
        self.is_frozen = not thaw
        self.signal(signal.SIGCONT if thaw else signal.SIGSTOP)


class Engines:
    """Every engine of one home, the living by their number."""

    def __init__(self, home: Home, folder: Path, nursery: Nursery, *, mutant: str) -> None:
        self._home, self._folder, self._nursery, self._mutant = home, folder, nursery, mutant
        self.all: list[Engine] = []
        self.by_number: dict[int, Engine] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for engine in self.all:
            if engine.exit_code is None:
                self.kill(engine)

    def living(self) -> list[Engine]:
        """Those that run, frozen ones included."""
        return [engine for engine in self.all if engine.is_alive]

    def get(self, number: int) -> Engine | None:
        """The living engine of this number."""
        engine = self.by_number.get(number)
        return engine if engine is not None and engine.is_alive else None

    def start(self, step: Start) -> Engine:
        """Start one, with faults of its own where the step names them."""
        faults = ",".join(filter(None, (step.dies_at, step.shims)))
        env = {"SIGNALBOX_FAULT": faults, "SIGNALBOX_CLOCK": f"{step.clock:+d}"}
        home, folder = self._home.root, self._folder
        pid = self._nursery.fork(home, folder, mutant=self._mutant, window=step.window, env=env)
        engine = Engine(pid, step)
        self.all.append(engine)
        self.by_number[step.engine] = engine
        return engine

    def kill(self, engine: Engine) -> None:
        """Kill it, and wait until no thread of it is left."""
        engine.was_killed = True
        engine.signal(signal.SIGKILL)
        self.reap(engine)

    def reap(self, engine: Engine) -> int:
        """The exit code of an engine; waits for its end."""
        if engine.exit_code is None:
            engine.exit_code = self._nursery.exit_of(engine.pid)
        return engine.exit_code

    def recoveries(self) -> Counter[int]:
        """How often each engine, by its process, has searched for the attempts of dead engines."""
        file = self._folder / RECOVERIES
        return Counter(map(int, file.read_text("utf-8").split())) if file.exists() else Counter()
