"""Which session the next attempt of a job goes on in, and why it begins a new one."""

from typing import Any

import pytest

from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.scheduling.session_choice import SessionChoice, choose_session, words_for
from state.new_session import NewSession, reason_of
from state.records import Attempt, AttemptStatus, Job

_SPEC: dict[str, Any] = {"job_id": "j", "tool": "claude", "prompt": "Greet."}


def spec(**more: Any) -> JobSpec:
    return job_from_mapping({**_SPEC, **more})


def job(**more: Any) -> Job:
    return Job(job_id="j", run_id="r", ws_id="w", tool="claude", **more)


def attempt(
    number: int, session: str | None = "one", *, status: str = "failed", failure: str = "failed", **more: Any
) -> Attempt:
    fields = {"tool": "claude", "duration_s": 1.0, **more}
    return Attempt(
        id=number, run_id="r", ws_id="w", job_id="j", step_name="", number=number, status=AttemptStatus(status),
        session_id=session, failure_class=None if status == "completed" else failure, **fields,
    )  # fmt: skip


def chosen(*earlier: Attempt, waiting: Job | None = None, **more: Any) -> SessionChoice:
    return choose_session(waiting or job(), earlier, more.pop("file", spec()), **more)


def test_the_first_attempt_has_nothing_to_resume() -> None:
    assert chosen() == SessionChoice()


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("quota", "quota"),
        ("failed", "crash"),
        ("timeout", "timeout"),
        ("timeout", "stalled"),
        ("failed", "tests_failed"),
        ("failed", "bad_edit"),
        ("failed", "auth"),
        ("interrupted", "interrupted"),
        ("interrupted", "stopped"),
        ("cancelled", "cancelled"),
    ],
)
def test_however_an_attempt_ended_its_session_is_resumed(status: str, failure: str) -> None:
    before = attempt(1, status=status, failure=failure)
    assert chosen(before) == SessionChoice(resumed=before)


def test_the_newest_session_is_resumed_even_if_the_last_attempt_was_killed_before_it_said_anything() -> None:
    first, second = attempt(1, "one"), attempt(2, "two")
    assert chosen(first, second).resumed is second
    silent = attempt(3, None, status="interrupted", failure="interrupted")
    assert chosen(first, second, silent).resumed is second


def test_an_attempt_that_was_never_started_leaves_no_session() -> None:
    first = attempt(1, "one")
    given_back = Attempt(
        id=2, run_id="r", ws_id="w", job_id="j", step_name="", number=2, tool="claude", session_id="one",
        status=AttemptStatus.INTERRUPTED, resumes=1,
    )  # fmt: skip
    assert chosen(first, given_back).resumed is first
    assert chosen(given_back) == SessionChoice()


@pytest.mark.parametrize("failure", ["context", "session"])
def test_a_session_that_has_come_to_its_end_is_not_resumed(failure: str) -> None:
    reason = {"context": NewSession.TOO_LONG, "session": NewSession.REFUSED}[failure]
    ended = attempt(2, failure=failure)
    assert chosen(attempt(1), ended) == SessionChoice(new=reason)
    killed = attempt(3, None, status="interrupted", failure="interrupted")
    assert chosen(attempt(1), ended, killed) == SessionChoice(new=reason)
    after = attempt(3, "two")
    assert chosen(attempt(1), ended, after).resumed is after


def test_another_tool_begins_anew_and_the_first_one_goes_on_where_it_was() -> None:
    first, second = attempt(1, "one"), attempt(2, "two", tool="codex")
    assert chosen(second).new is NewSession.OTHER_TOOL
    assert chosen(first, second).resumed is first


def test_another_account_begins_anew() -> None:
    before = attempt(1, account="work")
    assert chosen(before, account="home").new is NewSession.OTHER_ACCOUNT
    assert chosen(before, account="work").resumed is before


def test_attempts_without_a_session_leave_none() -> None:
    assert chosen(attempt(1, None)).new is NewSession.NONE


def test_the_job_file_has_the_last_word_on_what_the_defaults_say() -> None:
    before = attempt(1)
    assert chosen(before, file=spec(session="fresh")).new is NewSession.FORBIDDEN
    assert chosen(before, default="fresh").new is NewSession.FORBIDDEN
    assert chosen(before, default="fresh", file=spec(session="resume")).resumed is before
    assert chosen(before, default="resume", file=spec(session="fresh")).new is NewSession.FORBIDDEN


def test_a_person_may_want_a_new_session_whatever_the_file_says() -> None:
    before = attempt(1)
    wanted = job(follow_up="Again.", fresh_session=True)
    assert chosen(before, waiting=wanted, file=spec(session="resume")).new is NewSession.REQUESTED


def test_what_cannot_be_resumed_says_so() -> None:
    own = job_from_mapping({"job_id": "j", "tool": "claude", "command": {"exe": "true"}})
    assert chosen(attempt(1), file=own).new is NewSession.OWN_COMMAND
    assert chosen(attempt(1), can_resume=False).new is NewSession.CANNOT


def test_a_completed_job_begins_anew_unless_a_person_has_more_to_say() -> None:
    done = attempt(1, status="completed")
    assert chosen(done) == SessionChoice()
    assert chosen(done, waiting=job(follow_up="Use a comma.")).resumed is done


def test_a_new_session_hears_every_word_that_a_resumed_one_has_heard_before() -> None:
    first, second = attempt(1, follow_up="One."), attempt(2, follow_up="Two.")
    waiting = job(follow_up="Three.")
    assert words_for(waiting, [first, second], SessionChoice(resumed=second)) == "Three."
    assert words_for(waiting, [first, second], SessionChoice(new=NewSession.GONE)) == "One.\n\nTwo.\n\nThree."
    assert words_for(job(follow_up="Two."), [first, second], SessionChoice()) == "One.\n\nTwo."
    assert words_for(job(), [first], SessionChoice(resumed=first)) is None


def test_a_session_hears_what_was_said_meanwhile_to_another_tool() -> None:
    first = attempt(1, "one")
    second = attempt(2, "two", tool="codex", follow_up="Use a comma.")
    back = job(follow_up="And a bang.")
    choice = chosen(first, second, waiting=back)
    assert choice.resumed is first
    assert words_for(back, [first, second], choice) == "Use a comma.\n\nAnd a bang."
    assert words_for(job(), [first, second], choice) == "Use a comma."
    third = attempt(3, "one", follow_up="And a bang.")
    assert words_for(job(), [first, second, third], chosen(first, second, third)) is None


def test_words_that_no_attempt_has_heard_are_told_once_however_often_they_came_back() -> None:
    first = attempt(1, None, follow_up="One.")
    second = attempt(2, None, follow_up="One.\n\nTwo.")
    waiting = job(follow_up="One.\n\nTwo.\n\nThree.")
    assert words_for(waiting, [first, second], SessionChoice()) == "One.\n\nTwo.\n\nThree."
    assert words_for(job(follow_up="One.Two."), [first], SessionChoice()) == "One.\n\nOne.Two."


@pytest.mark.parametrize("word", ["of {another} release", "{", "{0}"])
def test_a_reason_of_another_release_for_a_new_session_is_shown_as_it_is(word: str) -> None:
    assert reason_of(word, "claude") == word
