"""The process that engines are forked from, as a history sees it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[3]
DIED = "died"
"""The file in an engine's or an attempt's folder that gets the name of the point at which a process killed itself."""
RECOVERIES = "recoveries"
"""The file in an engine's folder that gets its process id whenever it has searched for attempts of dead engines."""


class Nursery:
    """Forks engines of any home, each broken as its history has it."""

    def __init__(self, *, windows: bool) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.helpers.histories.engine_nursery",
                *["windows"] * windows,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # No login shell: its start takes longer than a job. The log of points is relative, so each has its own.
            env={**os.environ, "SHELL": "", "PYTHONPATH": str(ROOT), "SIGNALBOX_FAULT_LOG": DIED},
        )
        assert self._readline() == "ready"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=PATIENCE_S)

    def fork(self, home: Path, folder: Path, *, mutant: str, window: bool, env: Mapping[str, str]) -> int:
        """The process id of a new engine on the home, which works in the folder."""
        places = {"home": str(home), "folder": str(folder)}
        return int(self._answer({**places, "mutant": mutant, "window": window, "env": env}))

    def exit_of(self, pid: int) -> int:
        """The exit code of an engine; waits for its end."""
        return int(self._answer({"exit_of": pid}))

    def _answer(self, order: dict[str, object]) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._readline()

    def _readline(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()
