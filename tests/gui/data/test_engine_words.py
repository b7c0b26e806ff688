"""In English the window says of costs, durations, tests and states what the engine and the command line say."""

import math
from dataclasses import replace

import pytest

from engine.host.callback_outcome import callback_outcome
from engine.review import evidence_summary as engine_evidence
from engine.review.comment_answers import CommentAnswer, outcome_words
from engine.review.comment_lines import LineFate, LineNow
from engine.scheduling import conflict_words
from engine.system import cost_text as engine_costs
from gui.data import captions, cost_captions
from gui.data.session_captions import callback_caption, session_caption
from gui.data.status_verbs import status_verb
from gui.panels.review.evidence_words import comment_outcome, result_words, scope_words
from state.costs import Cost, CostSource
from state.new_session import NewSession, session_sentence
from state.records import Attempt, AttemptStatus, CallbackRun, CallbackStatus, GroupStatus, JobStatus
from state.status_words import status_in_words
from state.worktree_records import ReviewComment

ATTEMPT = Attempt(
    id=1,
    run_id="r",
    ws_id="w",
    job_id="j",
    step_name="edit",
    number=2,
    tool="codex",
    runner="local",
    status=AttemptStatus.RUNNING,
    started_at=1.0,
)
CALLBACK = CallbackRun(id=1, job_id="j", run_id="r", tool="shell", job_status=JobStatus.COMPLETED)
AMOUNTS = (None, 0.0, 0.003, 4.18, 1234.5, float("nan"))
COSTS = [Cost(usd, source) for usd in AMOUNTS for source in (None, *CostSource)]


@pytest.mark.parametrize("cost", COSTS)
def test_the_window_says_costs_as_the_command_line_does(cost: Cost) -> None:
    assert cost_captions.cost_text(cost) == engine_costs.cost_text(cost)
    assert cost_captions.cost_caption(cost) == engine_costs.cost_caption(cost)
    assert cost_captions.explained_cost(cost) == engine_costs.explained_cost(cost)


@pytest.mark.parametrize("tokens", [(None, None, None), (1200, 1000, 300), (1200, None, 300), (None, 5, 300)])
def test_the_window_says_tokens_as_the_command_line_does(
    tokens: tuple[int | None, int | None, int | None],
) -> None:
    assert cost_captions.tokens_text(*tokens) == engine_costs.tokens_text(*tokens)


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [
        (-1, "0 seconds"),
        (1, "1 second"),
        (60, "1 minute"),
        (3_599, "59 minutes"),
        (7_300, "2 hours"),
        (math.nan, "unknown"),
    ],
)
def test_a_duration_is_spoken_in_its_largest_unit(seconds: float, spoken: str) -> None:
    assert cost_captions.spoken_duration(seconds) == spoken


@pytest.mark.parametrize("status", [*JobStatus, *GroupStatus, *AttemptStatus])
def test_the_window_says_every_status_as_the_engine_does(
    status: JobStatus | GroupStatus | AttemptStatus,
) -> None:
    assert status_verb(status) == status_in_words(status)


@pytest.mark.parametrize("number", range(6))
def test_the_window_names_files_as_the_command_line_does(number: int) -> None:
    files = [f"{name}.py" for name in "abcdef"[:number]]
    assert captions.files_in_words(files) == conflict_words.files_in_words(files)


EVIDENCE = [
    engine_evidence.EvidenceSummary(),
    engine_evidence.EvidenceSummary(expects_tests=True, scope=("src/**",)),
    engine_evidence.EvidenceSummary(
        tests=engine_evidence.CountedTests(passed=1), scope=("src/**",), outside=("a.py",)
    ),
    engine_evidence.EvidenceSummary(
        tests=engine_evidence.CountedTests(), outside=("a.py", "b.py"), scope=("src/**",)
    ),
    engine_evidence.EvidenceSummary(tests=engine_evidence.CountedTests(passed=2, failed=1)),
]


@pytest.mark.parametrize("evidence", EVIDENCE)
def test_the_window_says_the_evidence_as_the_command_line_does(
    evidence: engine_evidence.EvidenceSummary,
) -> None:
    assert result_words(evidence) == engine_evidence.words_on_tests(evidence)
    assert scope_words(evidence) == engine_evidence.words_on_scope(evidence)


@pytest.mark.parametrize("fate", [None, *LineFate])
@pytest.mark.parametrize("status", [AttemptStatus.RUNNING, AttemptStatus.COMPLETED, AttemptStatus.FAILED])
@pytest.mark.parametrize("last", [3, 5])
def test_the_window_says_what_came_of_a_comment_as_the_command_line_does(
    fate: LineFate | None, status: AttemptStatus, last: int
) -> None:
    comment = ReviewComment(id=1, run_id="r", ws_id="w", text="why", line=3, last_line=last)
    answer = CommentAnswer(attempt=2, tool="codex", status=status)
    now = None if fate is None else LineNow(fate, 3)
    assert comment_outcome(comment, answer, now) == outcome_words(comment, answer, now)


@pytest.mark.parametrize("reason", [None, *NewSession, "of another release"])
@pytest.mark.parametrize("resumes", [None, 2])
def test_the_window_says_which_session_an_attempt_works_in_as_the_command_line_does(
    reason: str | None, resumes: int | None
) -> None:
    attempt = replace(ATTEMPT, new_session=reason, resumes=resumes)
    assert session_caption(attempt) == session_sentence(attempt)


@pytest.mark.parametrize("status", CallbackStatus)
@pytest.mark.parametrize("output", ["", "one\ntwo\n"])
def test_the_window_says_what_became_of_a_command_as_the_command_line_does(
    status: CallbackStatus, output: str
) -> None:
    run = replace(CALLBACK, status=status, output=output, reason="exit code 2")
    assert callback_caption(run) == callback_outcome(run)
