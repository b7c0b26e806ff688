"""The long form of a soak: an hour of work, with kills, whose resources stay flat.

`make soak` runs them; SIGNALBOX_SOAK_S says how many seconds the soak lasts.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.maintenance.home_invariants import breaches
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import Origin
from tests.helpers.command_line import python
from tests.helpers.counts import counted
from tests.helpers.marked_processes import marked

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parents[2]
SOAK_S = float(os.environ.get("SIGNALBOX_SOAK_S", "3600"))
JOBS_A_SECOND = 2
KILL_EVERY_S = min(60.0, SOAK_S / 6)


@pytest.mark.timeout(SOAK_S + 600)
def test_l07_a_soak_with_kills_keeps_descriptors_threads_and_memory_flat(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    words = [sys.executable, "-m", "engine", "engine", "--home", str(home.root)]
    quiet = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    samples: list[tuple[int, int, int]] = []
    kills = number = 0
    with closing(JobStateStore(home=home)) as store, subprocess.Popen(words, **quiet) as watched:  # type: ignore[call-overload]  # plain keywords
        victim = subprocess.Popen(words, **quiet)  # type: ignore[call-overload]  # as above
        try:
            process, begun = psutil.Process(watched.pid), time.monotonic()
            killed_at = begun
            while (now := time.monotonic()) - begun < SOAK_S:
                _enter(store, number, base=tmp_path)
                number += 1
                if now - killed_at > KILL_EVERY_S:
                    killed_at, kills = now, kills + 1
                    victim.kill()
                    victim.wait()
                    victim = subprocess.Popen(words, **quiet)  # type: ignore[call-overload]  # as above
                samples.append((process.num_fds(), process.num_threads(), process.memory_info().rss))
                time.sleep(max(0.0, 1 / JOBS_A_SECOND - (time.monotonic() - now)))
            deadline = time.monotonic() + 120
            while not store.is_idle() and time.monotonic() < deadline:
                time.sleep(0.1)
            assert store.is_idle()
        finally:
            for one in (victim, watched):
                one.send_signal(signal.SIGTERM)
                one.wait(30)
    middle, end = (
        _typical(samples[len(samples) // 2 : -len(samples) // 6]),
        _typical(samples[-len(samples) // 6 :]),
    )
    counted(f"L7: {SOAK_S:g} s, {number} jobs, {kills} kills; descriptors, threads, RSS: {middle} then {end}")
    assert breaches(home) == []
    assert list(marked(home)) == []
    for before, after in zip(middle, end, strict=True):
        assert after <= before * 1.05 + 2


def _enter(store: JobStateStore, number: int, *, base: Path) -> None:
    spec = job_from_mapping(
        python("print(1)", f"job-{number}", metadata={"on_interrupted": "rerun"}), base=base
    )
    store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)


def _typical(samples: list[tuple[int, int, int]]) -> tuple[int, ...]:
    """The median of each."""
    return tuple(sorted(column)[len(column) // 2] for column in zip(*samples, strict=True))
