"""Whether the next attempt of a real coding tool continues the session of the one before it."""

from collections.abc import Sequence

import pytest

from tests.helpers.loopback_model.scenario import Scenario
from tests.helpers.loopback_model.script import Request
from tests.helpers.loopback_model.server import LoopbackModel
from tests.helpers.tool_bench import ToolBench
from tests.helpers.tool_cases import EDIT

pytestmark = pytest.mark.tools
EARLIER = "I would rather not, says the first attempt."
"""The model's own words, which only the session has: no prompt repeats them."""


def second_attempt(tool: str, bench: ToolBench, model: LoopbackModel, session: str) -> Sequence[Request]:
    """What a second attempt requested, after a first one that only answered."""
    model.play(Scenario(final=EARLIER), Scenario(root=str(bench.repo), edits=(EDIT,)))
    job = bench.job(tool, session=session, metadata={"retry": {"limit": 1, "interval_sec": 0}})
    with bench.running(job) as process:
        first = bench.ended(tool, process)
        assert bench.ended(tool, process, number=2).status == "completed"
    return [request for request in model.requests if request.at > (first.completed_at or 0)]


def test_the_next_attempt_continues_the_session(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    assert second_attempt(tool, bench, connected, "resume")[0].contains(EARLIER)


def test_a_job_that_wants_fresh_sessions_gets_them(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    requests = second_attempt(tool, bench, connected, "fresh")
    assert not any(request.contains(EARLIER) for request in requests)
