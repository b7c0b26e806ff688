"""Whether the next attempt of a real coding tool continues the session of the one before it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.helpers.loopback_model.scenario import Scenario
from tests.helpers.loopback_model.script import Request
from tests.helpers.loopback_model.server import LoopbackModel
from tests.helpers.tool_bench import ToolBench
from tests.helpers.tool_cases import EDIT

pytestmark = pytest.mark.tools
EARLIER = "I would rather not, says the first attempt."
"""The model's own words of an attempt that changes nothing."""
WORDS = "Please do it all the same."


def second_attempt(tool: str, bench: ToolBench, model: LoopbackModel, session: str) -> Sequence[Request]:
    """What a second attempt requested, after a first one that only answered."""
    model.play(Scenario(final=EARLIER), Scenario(root=str(bench.repo), edits=(EDIT,)))
    job = bench.job(tool, session=session, metadata={"retry": {"limit": 1, "interval_sec": 0}})
    with bench.running(job) as process:
        first = bench.ended(tool, process)
        assert bench.ended(tool, process, number=2).status == "completed"
    return [request for request in model.requests if request.at > (first.completed_at or 0)]


def remembers(request: Request) -> bool:
    """Whether the model is shown its earlier words as its own; a prompt may quote them."""
    own = [message for message in request.messages if message.role in {"assistant", "model"}]
    return any(EARLIER in message.text for message in own)


def test_the_next_attempt_continues_the_session(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    assert remembers(second_attempt(tool, bench, connected, "resume")[0])


def test_a_job_that_wants_fresh_sessions_gets_them(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    assert not any(map(remembers, second_attempt(tool, bench, connected, "fresh")))


def test_words_of_a_person_reach_the_model_in_the_same_session(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    connected.play(Scenario(final=EARLIER), Scenario(root=str(bench.repo), edits=(EDIT,)))
    bench.measured(bench.job(tool))
    bench.command_line("follow-up", tool, WORDS)
    before = len(connected.requests)
    with bench.command_line.process("engine", "--until-idle") as process:
        assert bench.ended(tool, process, number=2).status == "completed"
        process.communicate()
    request = connected.requests[before]
    assert (remembers(request), request.contains(WORDS)) == (True, True)


def test_a_session_that_the_tool_has_lost_is_put_back(
    tool: str, bench: ToolBench, connected: LoopbackModel
) -> None:
    if tool not in {"claude", "codex"}:
        pytest.skip("it keeps its session elsewhere")
    connected.play(Scenario(final=EARLIER), Scenario(root=str(bench.repo), edits=(EDIT,)))
    session = bench.measured(bench.job(tool)).attempt.session_id
    assert session is not None
    kept = bench.command_line.home.attempts
    short = session.rpartition("-")[2] if tool == "codex" else session.partition("-")[0]
    roots = {bench.folder, Path.home()}
    own = {file for root in roots for file in root.rglob(f"*{short}*.jsonl") if kept not in file.parents}
    assert own
    for file in own:
        file.unlink()
    bench.command_line("follow-up", tool, WORDS)
    before = len(connected.requests)
    with bench.command_line.process("engine", "--until-idle") as process:
        assert bench.ended(tool, process, number=2).resumes == 1
        process.communicate()
    assert remembers(connected.requests[before])
