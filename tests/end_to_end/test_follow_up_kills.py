"""Words that a person has given to a job are heard, and heard in order, whenever its engine is killed."""

import os
import signal
from pathlib import Path

import pytest

from engine.runners import process_tree
from tests.helpers.claude_job import ClaudeJob
from tests.helpers.command_line import until

WORDS = "Use a comma."


@pytest.fixture
def greet(tmp_path: Path) -> ClaudeJob:
    job = ClaudeJob(tmp_path)
    job.run()
    job.signalbox("follow-up", "greet", WORDS)
    return job


def engine_is_killed(greet: ClaudeJob) -> None:
    with greet.signalbox.process("engine", "--until-idle") as engine:
        engine.wait()
    assert engine.returncode < 0


@pytest.mark.parametrize(
    "point", ["before_claim", "after_claim", "before_finish", "mid_finish", "after_finish"]
)
def test_an_engine_killed_at_any_point_loses_no_word_and_repeats_no_work(
    greet: ClaudeJob, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    monkeypatch.setenv("SIGNALBOX_FAULT", point)
    engine_is_killed(greet)
    monkeypatch.delenv("SIGNALBOX_FAULT")
    greet.finish()
    assert [each["prompt"] for each in greet.heard()] == ["Greet the world.\n", f"{WORDS}\n"]
    assert (greet.job().status, greet.job().follow_up) == ("completed", None)
    assert greet.attempts()[-1].follow_up == WORDS


@pytest.mark.parametrize("step", ["hang", "mute"])
def test_an_attempt_lost_with_its_engine_is_followed_by_one_that_hears_the_same_words(
    greet: ClaudeJob, step: str
) -> None:
    greet.plan(step)
    with greet.signalbox.process("engine", "--until-idle") as engine:
        until(lambda: greet.heard()[1:] or None)
        ((shim, _),) = process_tree.shims_on(greet.folder_of(-1))
        engine.kill()
        os.kill(shim, signal.SIGKILL)
        engine.wait()
    greet.finish()
    assert (greet.job().status, greet.job().follow_up) == ("held", WORDS)
    greet.signalbox("release", "greet")
    greet.finish()
    *_, last = greet.heard()
    assert last["prompt"].startswith(WORDS)
    assert last["resumed"] == greet.attempts()[0].session_id
    assert [each.follow_up for each in greet.attempts()] == [None, WORDS, WORDS]
    assert (greet.job().status, greet.job().follow_up) == ("completed", None)
