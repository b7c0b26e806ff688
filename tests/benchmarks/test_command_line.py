"""What a person waits for on the command line: processor time of short commands, beside programs that do as little."""

import os
import resource
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, Figures
from tests.benchmarks.large_home import OPEN_JOBS, make
from tests.helpers.small_repository import small_repository

JOBS, EVENTS, TIMES = 5_000, 20_000, 5
_SIGNALBOX = Path(sys.executable).with_name("signalbox")
_OPEN = [f"job-{JOBS - number:06d}" for number in range(OPEN_JOBS)]
"""Jobs that wait: by turns for their time and for a person."""
_READING = {
    "status": ("status",),
    "jobs": ("jobs",),
    "show": ("show", "job-001000"),
    "logs": ("logs", "job-001000"),
    "limits": ("limits",),
    "settings": ("settings",),
    "--help": ("--help",),
}
_GIT, _PYTHON, _TSP = "`git status` in a small repository", "`python -c pass`", "`tsp`, its list of 5 jobs"
_ALSO = {"`signalbox jobs`": _TSP, "`signalbox --help`": _PYTHON}
_COMPLETED = {"a command": ("signalbox st", 1), "a job": ("signalbox show job-00", 2)}


def cpu_ms(commands: Iterable[Sequence[str | Path]], cwd: Path, **environment: str) -> float:
    """The processor time of commands and their children in milliseconds, the median of them."""
    took = []
    for argv in commands:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            argv,
            cwd=cwd,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(took) * 1000


@pytest.fixture
def rivals(tmp_path: Path) -> Iterator[dict[str, float]]:
    """What programs take that everybody calls fast, in this very minute."""
    repo = small_repository(tmp_path / "repository")
    found = {
        _GIT: cpu_ms([["git", "status"]] * TIMES, repo),
        _PYTHON: cpu_ms([[sys.executable, "-c", "pass"]] * TIMES, repo),
    }
    if tsp := shutil.which("tsp"):
        socket = {"TS_SOCKET": str(tmp_path / "tsp"), "TMPDIR": str(tmp_path)}
        for _ in range(TIMES):
            subprocess.run([tsp, "true"], env=os.environ | socket, stdout=subprocess.DEVNULL, check=True)
        found[_TSP] = cpu_ms([[tsp]] * TIMES, repo, **socket)
        yield found
        subprocess.run([tsp, "-K"], env=os.environ | socket, check=True)
        return
    yield found


def test_short_commands_on_a_home_of_five_thousand_jobs(
    tmp_path: Path, figures: Figures, rivals: dict[str, float]
) -> None:
    home = tmp_path / "home"
    make(home, JOBS, EVENTS)
    waiting, held = _OPEN[::2], _OPEN[1::2]
    changing: dict[str, list[tuple[str, ...]]] = {
        "hold": [("hold", job_id) for job_id in waiting[:TIMES]],
        "release": [("release", job_id) for job_id in waiting[:TIMES]],
        "cancel": [("cancel", job_id) for job_id in held[:TIMES]],
        "retry": [("retry", job_id) for job_id in held[:TIMES]],
        "note": [("note", job_id, "Ask Anna.") for job_id in held[:TIMES]],
        "label": [("label", job_id, "--add", "flaky") for job_id in held[:TIMES]],
        "pause": [("pause",)] * TIMES,
    }
    commands = {name: [words] * TIMES for name, words in _READING.items()} | changing
    took = {
        f"`signalbox {name}`": cpu_ms(
            [(_SIGNALBOX, *words) for words in each], home, SIGNALBOX_HOME=str(home)
        )
        for name, each in commands.items()
    }
    for what, (words, position) in _COMPLETED.items():
        took[f"completing the name of {what}"] = cpu_ms(
            [(_SIGNALBOX,)] * TIMES,
            home,
            SIGNALBOX_HOME=str(home),
            _SIGNALBOX_COMPLETE="complete_bash",
            COMP_WORDS=words,
            COMP_CWORD=str(position),
        )
    for name, ours in took.items():
        for rival in (_GIT, _ALSO.get(name)):
            if rival in rivals:
                what = f"processor time of {name}, {JOBS:,} jobs"
                figures.add(Figure(what=what, ours=ours, rival=rival, theirs=rivals[rival], unit="ms"))
