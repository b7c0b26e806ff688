"""What an engine itself costs: for each job, beside the programs that it runs, and while there is nothing to do."""

import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.benchmarks.engine_costs import CHAIN, JOBS, LIMIT, WORKSTREAM
from tests.benchmarks.figures import Figure, Figures, spread

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
HUEY = f"huey on SQLite, {LIMIT} workers"
LINKED = f", with a retry policy, in chains of {CHAIN} and workstreams of {WORKSTREAM}"
OURS = {
    "engine": "",
    "linked_engine": LINKED,
    "whole_engine": f"{LINKED}, from the inbox with trust checked and a command at the end of each "
    "(what starts it is counted, the command itself is not)",
}


def measured(kind: str, folder: Path) -> list[float]:
    folder.mkdir()
    argv = [sys.executable, "-m", "tests.benchmarks.engine_costs", kind, str(folder)]
    done = subprocess.run(argv, cwd=ROOT, check=True, capture_output=True, text=True)
    return [float(one) for one in done.stdout.split()]


def test_a_job_that_ends_at_once(figures: Figures, disk: Path) -> None:
    kinds = (*OURS, "huey")
    rounds = [{kind: measured(kind, disk / f"{kind}-{number}") for kind in kinds} for number in range(ROUNDS)]
    for place, name, unit in ((0, "processor time of the engine", "ms a job"), (1, "statements", "a job")):
        for kind, how in OURS.items():
            ours, theirs = ([found[each][place] for found in rounds] for each in (kind, "huey"))
            figures.add(
                Figure(
                    what=f"{name}, {JOBS:,} jobs that end at once, {LIMIT} at once{how}",
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
