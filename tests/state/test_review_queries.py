from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from state.database_reader import DatabaseReader
from state.records import Origin
from state.review_queries import ReviewRows, review_rows
from tests.helpers.finished_work import FinishedWork

OTHERS = 60


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStateStore]:
    made = JobStateStore(tmp_path / "signalbox.db")
    yield made
    made.close()


def read(connection: Connection, work: FinishedWork) -> tuple[ReviewRows, int]:
    """What is known of the work, and how many instructions SQLite needed for that."""
    driver = connection.connection.driver_connection
    assert driver is not None
    stream, steps = work.stream, 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    driver.set_progress_handler(count, 1)
    try:
        return review_rows(connection, stream), steps
    finally:
        driver.set_progress_handler(None, 0)


def test_v10_reading_a_review_costs_the_same_however_many_workstreams_its_run_has(
    store: JobStateStore,
) -> None:
    work = FinishedWork(store).done()
    with closing(DatabaseReader(store.database)) as reader:
        alone, steps_alone = reader.read(read, work)
    specs = [
        job_from_mapping(
            {
                "tool": "claude",
                "prompt": "Go on.",
                "job_id": f"other-{number}",
                "run_id": work.run_id,
                "workstream_id": f"other-{number}",
                "metadata": {"files_scope": ["a.py", "b.py"]},
            },
            base=Path(work.repo),
        )
        for number in range(OTHERS)
    ]
    store.accept(
        [Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API, run_id=work.run_id
    )
    with closing(DatabaseReader(store.database)) as reader:
        among_others, steps = reader.read(read, work)
    assert among_others == alone
    assert [job.job_id for job in alone.jobs] == work.job_ids
    assert steps < 2 * steps_alone
