"""The steps of a workstream are in the order in which they follow each other, however their files were named."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.accepting import in_step_order
from engine.state_store.job_state_store import JobStateStore
from state import queries
from state.records import Origin


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStateStore]:
    made = JobStateStore(db_path=tmp_path / "test.db")
    yield made
    made.close()


def job(job_id: str, *after: str, of: str = "w") -> Accepted:
    spec = job_from_mapping(
        {
            "job_id": job_id,
            "tool": "shell",
            "command": {"exe": "true"},
            "workstream_id": of,
            "metadata": {"depends_on": list(after)},
        },
        base=Path("/tmp"),
    )
    return Accepted(spec=spec, digest=spec.digest(), source_path=job_id)


def ordered(*jobs: Accepted) -> list[str]:
    return [item.spec.job_id for item in in_step_order(jobs)]


def test_a_step_stands_behind_those_it_waits_for_and_the_others_where_they_came() -> None:
    came = (
        job("a-check", "c-edit", "d-survey"),
        job("b-notes"),
        job("c-edit", "d-survey"),
        job("d-survey"),
        job("e"),
    )
    assert ordered(*came) == ["d-survey", "c-edit", "a-check", "b-notes", "e"]


def test_what_another_workstream_does_first_moves_nothing() -> None:
    assert ordered(job("a", "b", of="one"), job("b", of="two")) == ["a", "b"]


def test_a_chain_of_five_thousand_is_ordered_without_recursion() -> None:
    chain = [job(f"j{n}", *([f"j{n + 1}"] if n < 4_999 else [])) for n in range(5_000)]
    assert ordered(*chain) == [f"j{n}" for n in reversed(range(5_000))]


def test_steps_that_are_accepted_at_once_or_later_are_in_their_order(store: JobStateStore) -> None:
    first = store.accept([job("a-test", "b-edit"), job("b-edit")], origin=Origin.API, run_id="r")
    assert [one.job_id for one in first] == ["b-edit", "a-test"]
    store.accept([job("0-deploy", "a-test")], origin=Origin.API, run_id="r")
    steps = store._access.read(queries.jobs_of_workstream, "r", "w")
    assert [one.job_id for one in steps] == ["b-edit", "a-test", "0-deploy"]
