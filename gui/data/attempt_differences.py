"""What an attempt did differently from the one before it, in one phrase. Pure: reads only what both recorded."""

import re
from collections.abc import Iterator

from engine.system.failed_tests import names_in_words
from engine.system.formatting import plural
from state.attempt_result import changed_paths, count_of_failed_tests, failing_tests
from state.records import Attempt, AttemptStatus

_MOST_PARTS = 2
_NUMBERS = re.compile(r"\d+")
_WORDS = {
    AttemptStatus.COMPLETED: "completed",
    AttemptStatus.FAILED: "failed",
    AttemptStatus.TIMEOUT: "timed out",
    AttemptStatus.CANCELLED: "cancelled",
    AttemptStatus.INTERRUPTED: "interrupted",
    AttemptStatus.QUOTA: "out of quota",
    AttemptStatus.SPAWN_FAILED: "not started",
}


def difference(before: Attempt | None, attempt: Attempt) -> str:
    """What is different now: ``same failure``, ``other test: test_b``, ``claude instead of aider, same failure``.

    Empty for the first attempt, and where nothing that is recorded differs.
    """
    if before is None:
        return ""
    return ", ".join(list(_parts(before, attempt))[:_MOST_PARTS])


def _parts(before: Attempt, attempt: Attempt) -> Iterator[str]:
    if attempt.tool != before.tool:
        yield f"{attempt.tool} instead of {before.tool}"
    if attempt.status is AttemptStatus.RUNNING:
        return
    if outcome := _outcome(before, attempt):
        yield outcome
    if files := _files(before, attempt):
        yield files


def _outcome(before: Attempt, attempt: Attempt) -> str:
    """How its end differs from the end of the one before."""
    old, new = failing_tests(before), failing_tests(attempt)
    if old and new and attempt.status is before.status:
        return _tests(before, attempt)
    if attempt.status is not before.status:
        was, now = _WORDS.get(before.status), _WORDS.get(attempt.status)
        return f"{now} instead of {was}" if was and now else ""
    if attempt.status is AttemptStatus.COMPLETED:
        return ""
    same = attempt.failure_class == before.failure_class and _alike(attempt.summary, before.summary)
    return "same failure" if same else "another failure"


def _tests(before: Attempt, attempt: Attempt) -> str:
    """How the tests that failed differ; both attempts name some."""
    old, new = failing_tests(before), failing_tests(attempt)
    was, now = count_of_failed_tests(before), count_of_failed_tests(attempt)
    if set(old) == set(new):
        return "same failure" if was == now else f"now {now:,} failed instead of {was:,}"
    others = [name for name in new if name not in old]
    if others and len(others) == len(new):
        return f"other {'test' if now == 1 else 'tests'}: {names_in_words(new, now)}"
    if now == was:
        return f"now also {names_in_words(others)}" if others else "same failure"
    return f"now {now:,} failed instead of {was:,}"


def _files(before: Attempt, attempt: Attempt) -> str:
    was, now = changed_paths(before), changed_paths(attempt)
    if now == was:
        return ""
    if len(now) == len(was):
        return f"changed {plural(len(now - was), 'other file')}"
    more = len(now) - len(was)
    return f"changed {abs(more):,} {'more' if more > 0 else 'fewer'} {'file' if abs(more) == 1 else 'files'}"


def _alike(one: str, other: str) -> bool:
    """Whether two sentences differ in numbers alone, such as times and counts."""
    return _NUMBERS.sub("", one) == _NUMBERS.sub("", other)
