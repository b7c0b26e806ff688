"""How many jobs an engine does in a second: a thousand times /bin/true, with everything about them on the disk."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, Figures

ROOT = Path(__file__).resolve().parents[2]
JOBS, LIMIT = 1_000, 8


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
