"""Where the errors of an output begin, and which one is why an attempt failed."""

import pytest

from engine.streams.entries import level_of
from engine.streams.first_error import error_starts, first_error

PYTEST = """\
ERROR    root:upload.py:3 a wanted error of another test
..F
____________________________ test_replay_once ____________________________
E       assert 1 == 3
____________________________ test_replay_twice ____________________________
    def test_replay_twice():
>       assert replay() == 1
E       assert 2 == 1
E        +  where 2 = replay()
=========================== short test summary info ===========================
FAILED test_hooks.py::test_replay_twice - assert 2 == 1
1 failed, 62 passed in 0.31s"""
GO = """\
error: a log line
--- FAIL: TestReplay (0.00s)
    replay_test.go:12: got 2
FAIL"""
CARGO = """\
test tests::replays_twice ... FAILED
---- tests::replays_twice stdout ----
thread 'tests::replays_twice' panicked at src/lib.rs:9:9:
error: left != right"""
UNITTEST = """\
FAIL: test_replay_twice (test_hooks.Hooks.test_replay_twice)
----------------------------------------------------------------------
Traceback (most recent call last):
AssertionError: 2 != 1"""


def found(printed: str, *failing: str) -> str | None:
    texts = printed.split("\n")
    line = first_error(texts, [level_of(text) for text in texts], failing)
    return None if line is None else texts[line]


@pytest.mark.parametrize(
    ("printed", "failing", "line"),
    [
        (PYTEST, "test_hooks::test_replay_twice", "E       assert 2 == 1"),
        (GO, "TestReplay", "--- FAIL: TestReplay (0.00s)"),
        (CARGO, "tests::replays_twice", "error: left != right"),
        (UNITTEST, "test_hooks.Hooks::test_replay_twice", "Traceback (most recent call last):"),
    ],
    ids=["pytest", "go", "cargo", "unittest"],
)
def test_the_first_error_is_the_one_in_the_block_of_the_failed_test(
    printed: str, failing: str, line: str
) -> None:
    assert found(printed, failing) == line


def test_without_a_named_test_it_is_the_first_line_of_the_level_of_an_error() -> None:
    assert found(PYTEST) == PYTEST.split("\n", maxsplit=1)[0]
    assert found(PYTEST, "test_of_another_run") == PYTEST.split("\n", maxsplit=1)[0]
    assert found("fine\nalso fine") is None


def test_errors_that_stand_below_each_other_are_one() -> None:
    assert error_starts([level_of(text) for text in PYTEST.split("\n")]) == [0, 3, 7, 10]
