"""Kills engines while they run jobs, again and again, and counts what was lost, run twice, or left behind."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.runners import layout
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import JobStatus, Limit, LimitKind, Origin
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]

SCRIPT = 'echo "S $1 $$" >> "$2"; sleep "$3"; echo "E $1 $$" >> "$2"'
"""A job that notes its start and its end; a line this short is appended whole."""


@dataclass
class Account:
    """What came of it: every number but `kills` and `jobs` should be 0."""

    jobs: int = 0
    kills: int = 0
    lost: list[str] = field(default_factory=list)
    started_twice: list[str] = field(default_factory=list)
    completed_twice: list[str] = field(default_factory=list)
    unrecorded: list[str] = field(default_factory=list)
    left_running: list[int] = field(default_factory=list)
    points: Counter[str] = field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        """Whether every promise held."""
        return not any(
            (self.lost, self.started_twice, self.completed_twice, self.unrecorded, self.left_running)
        )


class Nursery:
    """Engines of one home that are started and killed at will."""

    def __init__(self, home: Home, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.engine_nursery", str(home.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "SHELL": "", **env},  # no login shell: its start takes longer than a job
        )
        assert self._readline() == "ready"

    def start(self, faults: str = "") -> int:
        """Start an engine, with faults of its own where any are named, and return its process id."""
        self._say(f"start {faults}".strip())
        return int(self._readline())

    def close(self) -> None:
        """End the nursery; its engines have ended before."""
        self._say("quit")
        self._process.communicate(timeout=PATIENCE_S)

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def _readline(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def nursery(home: Home, env: Mapping[str, str]) -> Iterator[Nursery]:
    """A nursery that is closed at the end."""
    found = Nursery(home, env)
    try:
        yield found
    finally:
        found.close()


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def torture(
    folder: Path,
    *,
    kills: int,
    engines: int = 1,
    batch: int = 40,
    seed: int = 0,
    env: Mapping[str, str] | None = None,
    patience_s: float = 2 * PATIENCE_S,
    finish_s: float = PATIENCE_S,
    longest_s: float = 0.6,
    job_s: tuple[float, float] = (0.01, 0.09),
) -> Account:
    """Run batches of short jobs under engines that are killed at random moments, until `kills` engines were.

    A job takes from the first to the second of `job_s` seconds, a moment lies up to `longest_s` after the start.
    What is then still open has `finish_s` to be brought to its end by an engine that nobody kills.
    `env` may name faults, by which engines kill themselves at named points, and mutants.
    """
    home = Home.at(folder / "home")
    ledger, fault_log = folder / "ledger", folder / "faults"
    ledger.touch()
    account = Account()
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    store = JobStateStore(home=home)
    store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=6))
    until = time.monotonic() + patience_s
    with nursery(home, {"SIGNALBOX_FAULT_LOG": str(fault_log), **(env or {})}) as engines_of:
        while account.kills < kills and time.monotonic() < until:
            accept(store, ledger, batch, lambda: chance.uniform(*job_s), account)
            while _open(store) and account.kills < kills and time.monotonic() < until:
                account.kills += _kill_some(engines_of, engines, chance.uniform(0.01, longest_s))
    with nursery(home, {}) as healthy:  # engines that kill themselves again and again would take for ever
        _finish(store, healthy, time.monotonic() + finish_s)
    _settle_account(store, home, ledger, account)
    if fault_log.exists():
        account.points.update(fault_log.read_text(encoding="utf-8").split())
    store.close()
    return account


def accept(
    store: JobStateStore, ledger: Path, batch: int, length: Callable[[], float], account: Account
) -> None:
    """Enter a batch of jobs of random lengths; each may be run again when its outcome is unknown."""
    specs = [
        job_from_mapping(
            {
                "tool": "shell",
                "job_id": f"job-{account.jobs + number}",
                "command": {
                    "exe": "/bin/sh",
                    "args": [
                        "-c",
                        SCRIPT,
                        "job",
                        f"job-{account.jobs + number}",
                        str(ledger),
                        f"{length():.3f}",
                    ],
                },
                "metadata": {"on_interrupted": "rerun"},
            },
            base=ledger.parent,
        )
        for number in range(batch)
    ]
    store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)
    account.jobs += batch


def _kill_some(engines_of: Nursery, engines: int, after_s: float) -> int:
    """Start engines and see them dead: by our hand, or by their own at a fault point."""
    pids = [engines_of.start() for _ in range(engines)]
    deadline = time.monotonic() + after_s
    while time.monotonic() < deadline and any(alive(pid) for pid in pids):
        time.sleep(0.002)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while any(alive(pid) for pid in pids):
        time.sleep(0.001)
    return len(pids)


def _open(store: JobStateStore) -> bool:
    return not store.is_idle()


def _finish(store: JobStateStore, engines_of: Nursery, deadline: float) -> None:
    while _open(store) and time.monotonic() < deadline:
        pid = engines_of.start()
        while alive(pid) and time.monotonic() < deadline:
            time.sleep(0.01)


def _settle_account(store: JobStateStore, home: Home, ledger: Path, account: Account) -> None:
    lines = [line.split() for line in ledger.read_text(encoding="utf-8").splitlines()]
    starts = Counter(job_id for kind, job_id, _ in lines if kind == "S")
    ends = Counter(job_id for kind, job_id, _ in lines if kind == "E")
    for number in range(account.jobs):
        job_id = f"job-{number}"
        job = store.get_job(job_id)
        attempts = store.list_attempts(job_id)
        if job is None or job.status is not JobStatus.COMPLETED or not ends[job_id]:
            account.lost.append(f"{job_id}: {job.status if job else 'no row'}, {ends[job_id]} ends")
        if ends[job_id] > 1:
            account.completed_twice.append(job_id)
        if starts[job_id] > 1:
            account.started_twice.append(job_id)
        if starts[job_id] > len(attempts):
            account.unrecorded.append(job_id)
    account.left_running = sorted(marked(home))


def marked(home: Home) -> Iterator[int]:
    """Processes that carry the marker of an attempt of this home."""
    names = {folder.name for folder in home.attempts.iterdir()}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environ = (entry / "environ").read_bytes()
            except OSError:
                continue
            for item in environ.split(b"\0"):
                name, _, value = item.partition(b"=")
                if name == layout.MARKER.encode() and value.decode(errors="replace") in names:
                    yield int(entry.name)
