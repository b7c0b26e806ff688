"""What the commits of isolated workstreams are called."""

from contextlib import closing
from pathlib import Path

import pytest

from engine.host.workstream_trees import WorkstreamTrees
from engine.state_store.job_state_store import JobStateStore
from state.ledger import Ledger
from state.records import Run, Workstream


@pytest.mark.parametrize(
    ("ids", "title", "expected"),
    [
        (("rounding", "rules"), "rounding", "rounding"),
        (("rounding", "rules"), "Round to cents", "Round to cents"),
        (("rounding",), "rounding", "rounding and 2 more"),
    ],
)
def test_a_commit_is_called_after_its_own_workstream_not_after_a_run_of_several(
    tmp_path: Path, ids: tuple[str, ...], title: str, expected: str
) -> None:
    with closing(JobStateStore(db_path=str(tmp_path / "state.db"))) as store:
        streams = [Workstream(run_id="r1", ws_id=ws_id, title=title) for ws_id in ids]
        Ledger(store.database).jobs.create_run(Run(run_id="r1", title="rounding and 2 more"), streams)
        assert WorkstreamTrees(store)._title(streams[0]) == expected
