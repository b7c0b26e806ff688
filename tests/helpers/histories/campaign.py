"""Runs histories one after the other, adds up what they hit, and stops at the first that breaks a promise."""

import itertools
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.helpers import sweeper
from tests.helpers.disks import can_mount
from tests.helpers.histories import driver
from tests.helpers.histories.generator import generate
from tests.helpers.histories.nursery import Nursery
from tests.helpers.histories.record import Verdict
from tests.helpers.histories.shrinking import shrink
from tests.helpers.histories.steps import History, Start

SHRINK_S = 240.0
_TRIES = 3
"""How often a history is run before it counts as harmless: moments differ from run to run."""


class Campaign:
    """Histories that run in a folder, each in one of its own that is removed again; closed with its context."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, itertools.count()
        self.kills: Counter[str] = Counter()
        self.histories = self.jobs = self.missed = 0
        self.failed: History | None = None
        """The first history that broke a promise; `verdict` says which."""
        self.verdict = Verdict([], Counter(), 0)
        self._nurseries: dict[bool, Nursery] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind}: {number}" for kind, number in sorted(self.kills.items()))
        return (
            f"{self.kills.total()} kills in {self.histories} histories with {self.jobs} jobs, "
            f"{self.missed} more found nothing at work ({kinds})"
        )

    def run(self, history: History) -> Verdict:
        """Run one, and count it."""
        verdict = self._verdict_on(history)
        self.histories, self.jobs = self.histories + 1, self.jobs + verdict.jobs
        self.kills += verdict.kills
        self.missed += verdict.missed
        if verdict.breaches:
            self.failed, self.verdict = replace(history, breach=str(verdict.breaches[0])), verdict
        return verdict

    def go_on(
        self,
        *,
        seconds: float,
        kills: int | None = None,
        seed: int = 0,
        engines: int = 0,
        mutant: str = "",
        with_disk: bool = True,
        each: Callable[[int, Verdict], None] = lambda _seed, _verdict: None,
    ) -> None:
        """Run generated histories with one to three engines until the time or the number of kills is reached."""
        until = time.monotonic() + seconds
        fills = with_disk and can_mount(self._folder)
        for one in itertools.count(seed):
            enough = kills is not None and self.kills.total() >= kills
            if enough or self.failed is not None or time.monotonic() > until:
                return
            history = generate(one, engines=engines or 1 + one % 3, with_disk=fills)
            each(one, self.run(replace(history, mutant=mutant)))

    def fails(self, history: History, kinds: frozenset[str] = frozenset()) -> Verdict | None:
        """The verdict of the first of a few runs that breaks a promise, one of these kinds if any are named."""
        for _ in range(_TRIES):
            verdict = self._verdict_on(history)
            if verdict.kinds & (kinds or verdict.kinds):
                return verdict
        return None

    def shrunk(self, history: History, *, seconds: float = SHRINK_S) -> History:
        """The shortest history that still breaks the promise named in it."""
        kind = frozenset({history.breach.partition(":")[0]})
        return shrink(history, lambda one: self.fails(one, kind) is not None, seconds=seconds)

    def report(self) -> str:
        """What was broken, by which history, and how to see it again."""
        assert self.failed is not None
        return "\n".join(
            [
                *map(str, self.verdict.breaches),
                "Save this as history.json and run: python -m tests.helpers.histories replay history.json",
                self.shrunk(self.failed).to_json(),
            ]
        )

    def _verdict_on(self, history: History) -> Verdict:
        folder = self._folder / f"{os.getpid()}-{next(self._numbers)}"
        try:
            return driver.run(history, folder, self._nursery_for(history))
        finally:
            sweeper.sweep(folder)
            shutil.rmtree(folder, ignore_errors=True)

    def _nursery_for(self, history: History) -> Nursery:
        """Where its engines are forked; it serves many histories, as its own start takes longest."""
        windows = any(isinstance(step, Start) and step.window for step in history.steps)
        if windows not in self._nurseries:
            self._nurseries[windows] = self._open.enter_context(Nursery(windows=windows))
        return self._nurseries[windows]
