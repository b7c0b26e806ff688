"""The program that all queues run, and what each has to do for it: its output in a file, a session of its own."""

import subprocess
from pathlib import Path

JOB = "/bin/true"


def run_kept(folder: Path, number: int) -> int:
    """Run it as a queue must whose jobs nobody watches; returns its exit code."""
    with (folder / f"output-{number}").open("xb") as output:
        done = subprocess.run(
            [JOB],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return done.returncode


def outputs(folder: Path) -> int:
    """How many outputs are kept in a folder."""
    return sum(1 for _ in folder.glob("output-*"))
