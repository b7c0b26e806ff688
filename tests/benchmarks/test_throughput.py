"""How many jobs an engine does in a second, with everything about them on the disk, and how fast many claim them."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from statistics import median

from huey.storage import SqliteStorage

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import Limit, LimitKind, Origin
from tests.benchmarks.figures import Figure, Figures, spread

ROOT = Path(__file__).resolve().parents[2]
JOBS, LIMIT = 1_000, 8
CLAIMS, CLAIMS_AT_ONCE = 5_000, 128


RIVALS = {
    "threads": f"`subprocess.run` in {LIMIT} threads",
    "huey": f"huey on SQLite, {LIMIT} workers",
    "huey_consumer": f"huey on SQLite, {LIMIT} workers, its consumer in a process of its own",
    "tsp": "task spooler (`tsp`)",
    "parallel": "GNU parallel",
    "dask": f"Dask, one worker of {LIMIT} threads",
    "hyperqueue": f"HyperQueue, one worker of {LIMIT} cores",
}
PYTHON = os.environ.get("RIVALS_PYTHON", sys.executable)
"""The interpreter that has the Python packages of Dask and HyperQueue, which Signalbox itself does not need."""
ROUNDS = 5


MODULES = {"huey": "huey", "huey_consumer": "huey", "dask": "distributed", "hyperqueue": "hyperqueue"}


def is_here(kind: str) -> bool:
    """Whether a rival is installed."""
    if module := MODULES.get(kind):
        return not subprocess.run(
            [python_of(kind), "-c", f"import {module}"], capture_output=True, check=False
        ).returncode
    return kind == "threads" or shutil.which(kind) is not None


def python_of(kind: str) -> str:
    return PYTHON if kind in {"dask", "hyperqueue"} else sys.executable


def measured(kind: str, folder: Path) -> tuple[float, float]:
    """Jobs a second, and milliseconds of a processor for each."""
    folder.mkdir()
    argv = [python_of(kind), "-m", "tests.benchmarks.queues", kind, str(folder), str(JOBS), str(LIMIT)]
    done = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True)
    rate, cpu_ms = done.stdout.split()[-2:]
    return float(rate), float(cpu_ms)


def test_jobs_beside_rivals(figures: Figures, disk: Path) -> None:
    """All of them in turn, round after round: what slows the machine down for a while slows all of them."""
    kinds = ["signalbox", *filter(is_here, RIVALS)]
    rounds = [{kind: measured(kind, disk / f"{kind}-{number}") for kind in kinds} for number in range(ROUNDS)]
    for place, name, unit, better in (
        (0, "", "jobs/s", "higher"),
        (1, "processor time of ", "ms a job", "lower"),
    ):
        what = f"{name}{JOBS:,} jobs of `/bin/true`, {LIMIT} at once, submitting included"
        values = {kind: [found[kind][place] for found in rounds] for kind in kinds}
        ours = values.pop("signalbox")
        for kind, theirs in values.items():
            figures.add(
                Figure(
                    what=what,
                    ours=median(ours),
                    rival=RIVALS[kind],
                    theirs=median(theirs),
                    unit=unit,
                    better=better,
                    ours_range=spread(ours),
                    their_range=spread(theirs),
                )
            )


def claims_per_second(kind: str, place: Path) -> float:
    argv = [sys.executable, "-m", "tests.helpers.claim_race", kind, str(place)]
    done = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True)
    *claimed, last = done.stdout.splitlines()
    assert len(set(claimed)) == len(claimed) == CLAIMS
    took, *codes = last.split()
    assert set(codes) == {"0"}, done.stderr
    return CLAIMS / float(took)


def test_claims_per_second(figures: Figures, disk: Path) -> None:
    home = Home.at(disk / "home")
    with closing(JobStateStore(home=home)) as store:
        store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=CLAIMS_AT_ONCE))
        said = (
            {"tool": "shell", "job_id": f"job-{one}", "command": {"exe": "/bin/true"}}
            for one in range(CLAIMS)
        )
        specs = [job_from_mapping(one, base=disk) for one in said]
        store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)
    queue = SqliteStorage("bench", filename=str(disk / "huey.db"), fsync=True)
    for number in range(CLAIMS):
        queue.enqueue(f"job-{number}".encode())
    queue.close()
    ours = claims_per_second("signalbox", home.root)
    theirs = claims_per_second("huey", disk / "huey.db")
    what = f"8 processes claim and end {CLAIMS:,} jobs of one database, {CLAIMS_AT_ONCE} at once"
    rival = "8 processes take as many out of huey's queue on SQLite"
    figures.add(Figure(what=what, ours=ours, rival=rival, theirs=theirs, unit="jobs/s", better="higher"))
