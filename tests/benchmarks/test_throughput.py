"""How many jobs an engine does in a second, with everything about them on the disk, and how fast many claim them."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from huey.storage import SqliteStorage

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import Limit, LimitKind, Origin
from tests.benchmarks.figures import Figure, Figures

ROOT = Path(__file__).resolve().parents[2]
JOBS, LIMIT = 1_000, 8
CLAIMS, CLAIMS_AT_ONCE = 5_000, 128


def jobs_per_second(kind: str, folder: Path) -> float:
    argv = [sys.executable, "-m", "tests.benchmarks.queues", kind, str(folder), str(JOBS), str(LIMIT)]
    return float(subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize(
    ("kind", "rival"),
    [("threads", f"`subprocess.run` in {LIMIT} threads"), ("huey", f"huey on SQLite, {LIMIT} workers")],
)
def test_jobs_per_second(kind: str, rival: str, figures: Figures, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    ours = jobs_per_second("signalbox", tmp_path / "ours")
    theirs = jobs_per_second(kind, tmp_path)
    what = f"{JOBS:,} jobs of `/bin/true`, {LIMIT} at once"
    figures.add(Figure(what=what, ours=ours, rival=rival, theirs=theirs, unit="jobs/s", better="higher"))


def claims_per_second(kind: str, place: Path) -> float:
    argv = [sys.executable, "-m", "tests.helpers.claim_race", kind, str(place)]
    done = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True)
    *claimed, last = done.stdout.splitlines()
    assert len(set(claimed)) == len(claimed) == CLAIMS
    took, *codes = last.split()
    assert set(codes) == {"0"}, done.stderr
    return CLAIMS / float(took)


def test_claims_per_second(figures: Figures, tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    with closing(JobStateStore(home=home)) as store:
        store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=CLAIMS_AT_ONCE))
        said = (
            {"tool": "shell", "job_id": f"job-{one}", "command": {"exe": "/bin/true"}}
            for one in range(CLAIMS)
        )
        specs = [job_from_mapping(one, base=tmp_path) for one in said]
        store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)
    queue = SqliteStorage("bench", filename=str(tmp_path / "huey.db"), fsync=True)
    for number in range(CLAIMS):
        queue.enqueue(f"job-{number}".encode())
    queue.close()
    ours = claims_per_second("signalbox", home.root)
    theirs = claims_per_second("huey", tmp_path / "huey.db")
    what = f"8 processes claim and end {CLAIMS:,} jobs of one database, {CLAIMS_AT_ONCE} at once"
    rival = "8 processes take as many out of huey's queue on SQLite"
    figures.add(Figure(what=what, ours=ours, rival=rival, theirs=theirs, unit="jobs/s", better="higher"))
