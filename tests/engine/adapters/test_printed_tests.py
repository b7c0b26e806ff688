"""The names of failed tests, out of what runners print that write no report."""

import sys
from pathlib import Path

import pytest

from engine.adapters.junit import Report
from engine.adapters.printed_tests import failed_tests_in
from engine.system.plain_text import plain_lines
from tests.helpers.attempts import Attempts

PYTEST = """\
..F
=========== short test summary info ===========
FAILED tests/hooks/test_replay.py::test_replay_twice - assert 2 == 1
ERROR tests/hooks/test_sign.py::test_sign[a b] - KeyError: 'key'
==== 1 failed, 62 passed, 1 error, 2 skipped in 3.20s ====
"""
UNITTEST = """\
ERROR: test_open (tests.test_disk.Disk)
----------------------------------------------------------------------
FAIL: test_replay_twice (tests.test_hooks.Hooks.test_replay_twice) (i=2)
----------------------------------------------------------------------
Ran 65 tests in 0.012s

FAILED (failures=1, errors=1, skipped=1)
"""
JEST = """\
FAIL src/cart.test.js
  ● Console
  ● Cart \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} rounds once

    expect(received).toBe(expected)

FAIL src/broken.test.js
  ● Test suite failed to run

Summary of all failing tests
FAIL src/cart.test.js
  ● Cart \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} rounds once

Test Suites: 2 failed, 3 passed, 5 total
Tests:       1 failed, 62 passed, 63 total
"""
VITEST = """\
 FAIL  src/cart.test.ts > Cart > rounds once
AssertionError: expected 2 to be 1
 FAIL  src/broken.test.ts [ src/broken.test.ts ]

 Test Files  2 failed | 3 passed (5)
      Tests  1 failed | 62 passed (63)
"""
GO = """\
--- FAIL: TestReplay (0.00s)
    --- FAIL: TestReplay/twice (0.00s)
        replay_test.go:12: got 2
FAIL
FAIL\texample.com/hooks\t0.005s
FAIL\texample.com/broken [build failed]
ok  \texample.com/cart\t0.004s
"""
CARGO = """\
test tests::opens ... ok
test tests::replays_twice ... FAILED

---- tests::replays_twice stdout ----
thread 'tests::replays_twice' panicked at src/lib.rs:9:9:

test result: FAILED. 62 passed; 1 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.00s
"""


@pytest.mark.parametrize(
    ("printed", "failing", "sentence"),
    [
        (
            PYTEST,
            ("tests/hooks/test_replay.py::test_replay_twice", "tests/hooks/test_sign.py::test_sign[a b]"),
            "test_replay_twice and test_sign[a b] failed; 62 passed, 2 skipped",
        ),
        (
            UNITTEST,
            ("tests.test_disk.Disk::test_open", "tests.test_hooks.Hooks::test_replay_twice"),
            "test_open and test_replay_twice failed; 62 passed, 1 skipped",
        ),
        (
            JEST,
            ("Cart \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} rounds once", "src/broken.test.js"),
            "rounds once and src/broken.test.js failed; 62 passed",
        ),
        (
            VITEST,
            ("src/cart.test.ts > Cart > rounds once", "src/broken.test.ts"),
            "rounds once and src/broken.test.ts failed; 62 passed",
        ),
        (GO, ("TestReplay/twice", "example.com/broken"), "TestReplay/twice and example.com/broken failed"),
        (CARGO, ("tests::replays_twice",), "replays_twice failed; 62 passed, 3 skipped"),
    ],
    ids=["pytest", "unittest", "jest", "vitest", "go", "cargo"],
)
def test_the_failed_tests_of_each_runner_are_named(
    printed: str, failing: tuple[str, ...], sentence: str
) -> None:
    report = failed_tests_in(plain_lines(f"\x1b[31mnoise\x1b[0m\n{printed}"))
    assert report is not None
    assert report.failing == failing
    assert report.failure_in_words() == sentence


@pytest.mark.parametrize(
    "printed",
    [
        "ERROR disk\nFAILED upload - no route\n",
        "FAIL: everything (is.lost)\n",
        "3 passed in 0.1s\n",
        "--- FAIL: but no count of go\n",
        "",
    ],
)
def test_output_without_the_count_of_a_runner_names_no_test(printed: str) -> None:
    assert failed_tests_in(plain_lines(printed)) is None


def test_many_failures_are_named_up_to_three_and_namesakes_in_full() -> None:
    many = Report(passed=9, failed=7, skipped=0, errors=0, failing=tuple(f"t::test_{n}" for n in range(7)))
    assert many.failure_in_words() == "test_0, test_1, test_2 and 4 more failed; 9 passed"
    twins = Report(passed=None, failed=2, skipped=0, errors=0, failing=("a::test_one", "b::test_one"))
    assert twins.failure_in_words() == "a::test_one and b::test_one failed"


def test_a_command_whose_tests_fail_says_which_and_keeps_the_names_as_data(
    attempts: Attempts, repo: Path
) -> None:
    (repo / "test_hooks.py").write_text(
        "import unittest\nclass Hooks(unittest.TestCase):\n"
        "    def test_once(self): pass\n    def test_replay_twice(self): self.fail()\n"
    )
    command = {"exe": sys.executable, "args": ["-m", "unittest", "test_hooks"]}
    result = attempts.run({"tool": "shell", "paths": {"repo_root": str(repo)}, "command": command})
    assert result.metadata["summary"] == "test_replay_twice failed; 1 passed"
    assert result.metadata["failure_class"] == "failed"
    assert result.metadata["tests"]["failing"] == ["test_hooks.Hooks::test_replay_twice"]
