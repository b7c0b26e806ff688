"""A person's words start another attempt in the session of its tool, given to the real command line."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.helpers.claude_job import ClaudeJob
from tests.helpers.command_line import python


@pytest.fixture
def greet(tmp_path: Path) -> ClaudeJob:
    return ClaudeJob(tmp_path)


def test_a_completed_job_gets_another_attempt_with_these_words_in_its_session(greet: ClaudeJob) -> None:
    greet.run()
    assert "greet is queued" in greet.signalbox("follow-up", "greet", "Use a comma.").out
    greet.finish()
    first, second = greet.heard()
    assert first["resumed"] is None
    assert second["prompt"] == "Use a comma.\n"
    assert second["before"] == ["Greet the world.\n"]
    before, after = greet.attempts()
    assert (after.session_id, after.resumes, after.follow_up) == (before.session_id, 1, "Use a comma.")
    assert after.new_session is None
    assert (greet.job().status, greet.job().follow_up) == ("completed", None)


def test_a_failed_job_goes_on_with_these_words_and_hears_what_went_wrong(greet: ClaudeJob) -> None:
    greet.run("fail", code=1)
    greet.signalbox("follow-up", "greet", "Mind the comma.")
    greet.finish()
    prompt = greet.heard()[1]["prompt"]
    assert prompt.startswith("Mind the comma.")
    assert "It went wrong." in prompt
    assert "Greet the world." not in prompt


def test_the_words_come_from_a_file_or_from_standard_input_as_they_are(
    greet: ClaudeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    greet.run()
    text = "Use a comma:\n\n  - `Hello, world`\n  - ünïcode\n"
    (tmp_path / "more.md").write_text(text)
    greet.signalbox("follow-up", "greet", "--file", tmp_path / "more.md")
    greet.finish()
    assert greet.heard()[1]["prompt"] == text
    with (tmp_path / "more.md").open() as source:
        monkeypatch.setattr(sys, "stdin", source)
        assert greet.signalbox.result_of("follow-up", "greet", "--file", tmp_path / "none").code == 2
    assert "cannot be read" in greet.signalbox("follow-up", "greet", "--file", tmp_path, code=2).err


@pytest.mark.parametrize("text", ["a" * 500_000, "漢" * 200_000, "é" * 300_000, "\U0001f600" * 100_001])
def test_a_text_that_is_too_long_is_refused_for_its_length_in_any_script(
    greet: ClaudeJob, tmp_path: Path, text: str
) -> None:
    (tmp_path / "long.md").write_text(text, encoding="utf-8")
    refused = greet.signalbox("follow-up", "greet", "--file", tmp_path / "long.md", code=2)
    assert "too long: 100,000 characters are the most" in refused.err
    (tmp_path / "cut.md").write_bytes("Use a commä".encode()[:-1])
    refused = greet.signalbox("follow-up", "greet", "--file", tmp_path / "cut.md", code=2)
    assert "is not UTF-8 text" in refused.err


def test_a_fresh_follow_up_begins_a_new_session_with_the_whole_task(greet: ClaudeJob) -> None:
    greet.run()
    greet.signalbox("follow-up", "greet", "Use a comma.", "--fresh")
    greet.finish()
    second = greet.heard()[1]
    assert second["resumed"] is None
    assert second["prompt"].startswith("Greet the world.")
    assert "Use a comma." in second["prompt"]
    assert greet.attempts()[1].new_session == "requested"
    greet.signalbox("follow-up", "greet", "And a bang.")
    greet.finish()
    assert greet.heard()[2]["resumed"] == greet.attempts()[1].session_id


def test_a_job_file_may_forbid_to_resume_and_later_words_do_not_forget_earlier_ones(greet: ClaudeJob) -> None:
    greet.run(session="fresh")
    for words in ("Use a comma.", "And a bang."):
        greet.signalbox("follow-up", "greet", words)
        greet.finish()
    assert [each["resumed"] for each in greet.heard()] == [None, None, None]
    assert "Use a comma." in greet.heard()[2]["prompt"]
    assert "And a bang." in greet.heard()[2]["prompt"]
    assert [each.new_session for each in greet.attempts()] == [None, "forbidden", "forbidden"]


def test_a_retry_goes_on_in_the_session_and_hears_why(greet: ClaudeJob) -> None:
    greet.run("fail", metadata={"retry": {"limit": 1, "backoff": "immediate"}})
    first, second = greet.heard()
    assert second["before"] == [first["prompt"]]
    assert "It went wrong." in second["prompt"]
    assert "Greet the world." not in second["prompt"]


def test_words_that_an_attempt_has_heard_are_not_repeated(greet: ClaudeJob) -> None:
    greet.run()
    greet.plan("fail")
    greet.signalbox("follow-up", "greet", "Use a comma.")
    greet.finish()
    greet.signalbox("retry", "greet")
    greet.finish()
    assert "Use a comma." not in greet.heard()[2]["prompt"]
    assert "Use a comma.\n" in greet.heard()[2]["before"]


def test_a_session_that_is_lost_costs_no_retry_and_the_job_says_so(greet: ClaudeJob) -> None:
    greet.run("fail", code=1)
    shutil.rmtree(greet.config)
    [attempt] = greet.attempts()
    (greet.signalbox.home.attempts / attempt.folder_name / "session.jsonl").unlink()
    greet.signalbox("follow-up", "greet", "Use a comma.")
    greet.finish()
    last = greet.attempts()[-1]
    assert (last.status, last.new_session, last.resumes) == ("completed", "gone", None)
    assert "Greet the world." in greet.heard()[1]["prompt"]
    assert "Use a comma." in greet.heard()[1]["prompt"]
    assert "A new session: the one before is lost or damaged" in greet.signalbox("show", "greet").out


def test_a_session_that_the_tool_refuses_costs_no_retry(greet: ClaudeJob) -> None:
    greet.run()
    greet.plan("refuse")
    greet.signalbox("follow-up", "greet", "Use a comma.")
    greet.finish()
    _, refused, last = greet.attempts()
    assert (refused.failure_class, last.status, last.new_session) == ("session", "completed", "refused")
    assert last.follow_up == "Use a comma."
    assert "Greet the world." in greet.heard()[2]["prompt"]


def test_a_session_that_has_grown_too_long_is_left_for_a_new_one(greet: ClaudeJob) -> None:
    greet.run()
    greet.plan("long")
    greet.signalbox("follow-up", "greet", "Use a comma.")
    greet.finish()
    _, full, last = greet.attempts()
    assert (full.failure_class, last.status, last.new_session) == ("context", "completed", "too_long")
    assert "Use a comma." in greet.heard()[2]["prompt"]


def test_a_job_that_waits_keeps_waiting_and_hears_all_words_at_once(greet: ClaudeJob) -> None:
    greet.run()
    greet.signalbox("pause")
    greet.signalbox("follow-up", "greet", "Use a comma.")
    greet.signalbox("follow-up", "greet", "And a bang.")
    assert greet.job().status == "queued"
    greet.signalbox("resume")
    greet.finish()
    assert greet.heard()[1]["prompt"] == "Use a comma.\n\nAnd a bang.\n"


def test_a_fresh_session_that_was_requested_stays_requested_when_more_words_follow(greet: ClaudeJob) -> None:
    greet.run()
    greet.signalbox("pause")
    greet.signalbox("follow-up", "greet", "Use a comma.", "--fresh")
    greet.signalbox("follow-up", "greet", "And a bang.")
    greet.signalbox("resume")
    greet.finish()
    assert greet.heard()[1]["resumed"] is None
    assert greet.attempts()[1].new_session == "requested"


def test_words_for_a_job_that_a_person_holds_wait_with_it(greet: ClaudeJob) -> None:
    greet.run()
    greet.signalbox("follow-up", "greet", "Use a comma.")
    greet.signalbox("hold", "greet")
    greet.signalbox("follow-up", "greet", "And a bang.")
    assert greet.job().status == "held"
    greet.signalbox("release", "greet")
    greet.finish()
    assert greet.heard()[1]["prompt"] == "Use a comma.\n\nAnd a bang.\n"


def test_a_cancelled_follow_up_is_not_forgotten_when_the_job_is_retried(greet: ClaudeJob) -> None:
    greet.run()
    greet.signalbox("follow-up", "greet", "Use a comma.")
    greet.signalbox("cancel", "greet")
    greet.signalbox("retry", "greet")
    greet.finish()
    assert greet.heard()[1]["prompt"] == "Use a comma.\n"


@pytest.mark.parametrize("words", ["", "  \n ", "x" * 100_001])
def test_words_that_say_nothing_or_too_much_are_refused(greet: ClaudeJob, words: str) -> None:
    greet.run()
    assert "follow-up" in greet.signalbox("follow-up", "greet", words, code=2).err
    assert greet.job().status == "completed"


def test_the_text_is_given_once(greet: ClaudeJob) -> None:
    for words in ([], ["Use a comma.", "--file", "more.md"]):
        assert "Give the text once" in greet.signalbox("follow-up", "greet", *words, code=2).err


def test_a_job_that_takes_no_words_refuses_them(greet: ClaudeJob) -> None:
    greet.signalbox("run", greet.signalbox.file("a.json", python("print(1)", "a")))
    assert "takes no words; retry it instead" in greet.signalbox("follow-up", "a", "More.", code=2).err
    assert "no job 'none'" in greet.signalbox("follow-up", "none", "More.", code=2).err


def test_json_shows_the_job(greet: ClaudeJob) -> None:
    greet.run()
    answer = greet.signalbox("follow-up", "greet", "Use a comma.", "--json").json
    assert [(one["job_id"], one["status"], one["follow_up"]) for one in answer["changed"]] == [
        ("greet", "queued", "Use a comma.")
    ]
