"""The queue of huey whose consumer runs in a process of its own, as its documentation shows: loaded by both processes.

The variable ``HUEY_FOLDER`` says where its database and the output of its tasks lie.
"""

import os
from pathlib import Path

from huey import SqliteHuey

from tests.benchmarks.programs import run_kept

FOLDER = Path(os.environ["HUEY_FOLDER"])
queue = SqliteHuey("bench", filename=str(FOLDER / "huey.db"), fsync=True)


@queue.task()  # type: ignore[untyped-decorator]
def run(number: int) -> int:
    """Run the program once."""
    return run_kept(FOLDER, number)
