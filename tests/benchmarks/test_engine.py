"""What an engine itself costs: for each job, beside the programs that it runs, and while there is nothing to do."""

import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.benchmarks.engine_costs import JOBS, LIMIT
from tests.benchmarks.figures import Figure, Figures, spread

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
HUEY = f"huey on SQLite, {LIMIT} workers"


def measured(kind: str, folder: Path) -> list[float]:
    folder.mkdir()
    argv = [sys.executable, "-m", "tests.benchmarks.engine_costs", kind, str(folder)]
    done = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True)
    return [float(one) for one in done.stdout.split()]


def test_a_job_that_ends_at_once(figures: Figures, tmp_path: Path) -> None:
    rounds = [
        {kind: measured(kind, tmp_path / f"{kind}-{number}") for kind in ("engine", "huey")}
        for number in range(ROUNDS)
    ]
    for place, name, unit in ((0, "processor time of the engine", "ms a job"), (1, "statements", "a job")):
        ours, theirs = ([found[kind][place] for found in rounds] for kind in ("engine", "huey"))
        what = f"{name}, {JOBS:,} jobs that end at once, {LIMIT} at once"
        figures.add(
            Figure(
                what=what,
                ours=median(ours),
                rival=HUEY,
                theirs=median(theirs),
                unit=unit,
                ours_range=spread(ours),
                their_range=spread(theirs),
            )
        )


def test_an_engine_with_nothing_to_do(figures: Figures, tmp_path: Path) -> None:
    ours, theirs = (measured(kind, tmp_path / kind)[0] for kind in ("idle_engine", "idle_huey"))
    what = "share of a processor that an engine takes which waits for jobs"
    figures.add(Figure(what=what, ours=ours, rival=HUEY, theirs=theirs, unit="%"))
