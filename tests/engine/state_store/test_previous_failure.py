"""The prompt of the next attempt says in words how the last one failed, never by a slice of printed data."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.state_store.previous_failure import failure_in_words
from engine.types import FailureClass
from state.records import Attempt, AttemptStatus

CAPTURES = Path(__file__).parents[1] / "adapters" / "captures"


def failed(tool: str = "shell", *, summary: str = "It failed.", **result: Any) -> Attempt:
    failure = result.get("metadata", {}).get("failure_class")
    return Attempt(
        id=1,
        run_id="run",
        ws_id="ws",
        job_id="job",
        step_name="edit",
        number=1,
        tool=tool,
        status=AttemptStatus.FAILED,
        token="token",
        started_at=0.0,
        summary=summary,
        failure_class=failure,
        result=result,
    )


@pytest.mark.parametrize("failure", list(FailureClass))
def test_each_class_of_failure_has_its_words(failure: FailureClass) -> None:
    words = failure_in_words(failed(summary="The sentence.", metadata={"failure_class": failure.value}))
    assert words is not None
    first, second = words.splitlines()
    assert first == "The sentence."
    assert second.startswith("In short: ")
    assert "_" not in second


def test_an_unknown_class_leaves_the_sentence() -> None:
    assert failure_in_words(failed(metadata={"failure_class": "brand_new"})) == "It failed."


def test_failing_tests_are_named() -> None:
    tests = {"passed": 3, "failed": 2, "failing": ["tests.test_sum::test_one", "tests.test_sum::test_two"]}
    words = failure_in_words(failed("tests", metadata={"tests": tests, "failure_class": "tests_failed"}))
    assert words is not None
    assert "Failing tests: tests.test_sum::test_one, tests.test_sum::test_two." in words


def test_what_was_denied_and_what_lay_outside_the_scope_is_named() -> None:
    metadata = {"denied": ["git push", "curl x"], "outside_scope": ["README.md"]}
    words = failure_in_words(failed("claude", metadata=metadata))
    assert words is not None
    assert "Not allowed: git push, curl x." in words
    assert "Changed outside its files: README.md." in words


def test_of_very_many_names_the_first_are_listed_and_the_others_counted() -> None:
    tests = {"failing": [f"tests.test_many::test_{number}" for number in range(90)]}
    words = failure_in_words(failed("tests", metadata={"tests": tests}))
    assert words is not None
    assert "test_29 and 60 more." in words
    assert "test_30" not in words


@pytest.mark.parametrize(
    ("tool", "case"),
    [
        (file.parent.name, file.stem)
        for tool in ("aider", "claude", "codex", "gemini")
        for file in sorted((CAPTURES / tool).glob("*.stdout"))
    ],
)
def test_no_recorded_run_leaves_data_in_the_words(tool: str, case: str) -> None:
    printed = {
        stream: file.read_text(errors="replace") if file.exists() else ""
        for stream in ("stdout", "stderr")
        for file in [CAPTURES / tool / f"{case}.{stream}"]
    }
    words = failure_in_words(failed(tool, **printed, metadata={"failure_class": "failed"})) or ""
    assert '{"' not in words
    assert '":' not in words


def test_a_command_that_failed_and_a_denial_are_told_as_the_agent_met_them() -> None:
    printed = (CAPTURES / "claude" / "dontask_mode.stdout").read_text()
    words = failure_in_words(failed("claude", stdout=printed, metadata={}))
    assert words is not None
    assert "denied: touch x" in words


def test_the_end_of_what_a_command_printed_is_told_without_its_data() -> None:
    printed = "E assert 3 == 4\n" + json.dumps({"data": [1, 2]}) + '\n{\n  "more": 1\n}\n'
    words = failure_in_words(failed(stdout=printed, metadata={"failure_class": "failed"}))
    assert words is not None
    assert "E assert 3 == 4" in words
    assert "{" not in words


@pytest.mark.parametrize("tool", ["aider", "claude", "codex", "gemini", "shell"])
@pytest.mark.parametrize(
    "printed",
    [
        'ts","is_error":true,"session_id":"x","uuid":"y"}\nThe end.\n',
        'return \\"a\\"\\n","status":"failed"}}\nThe end.\n',
        '\\"type\\":\\"error\\"\nThe end.\n',
        "x" * 300 + " += 1\\n    y" + "z = 1\\n" * 10_000 + '","exit_code":1}\nThe end.\n',
    ],
)  # fmt: skip
def test_the_end_of_an_event_that_was_cut_is_no_word(tool: str, printed: str) -> None:
    words = failure_in_words(failed(tool, stdout=printed, metadata={"failure_class": "failed"}))
    assert words is not None
    assert words.splitlines()[2:] == ["The end."]


def test_a_summary_with_data_is_told_without_them() -> None:
    odd = 'codex failed: stream error {"code": [1], "more": {"a": 1}}'
    assert failure_in_words(failed("codex", summary=odd, metadata={})) == "codex failed: stream error…"


@pytest.mark.parametrize(
    "metadata", ["m", ["m"], {"tests": ["m"]}, {"tests": {"failing": {"a": 1}}, "denied": 5}]
)
@pytest.mark.parametrize("printed", ["x", 5, ["x"], {"a": 1}, "{" * 10_000])
def test_a_result_that_somebody_else_recorded_may_hold_anything(metadata: object, printed: object) -> None:
    odd = replace(failed("claude"), result={"metadata": metadata, "stdout": printed})
    assert str(failure_in_words(odd)).startswith("It failed.")


def test_a_success_is_no_failure() -> None:
    assert failure_in_words(None) is None
