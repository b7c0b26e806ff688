"""What an attempt did differently from the one before it, in one phrase. Pure: reads only what both recorded."""

import re
from collections.abc import Iterator

from engine.system.failed_tests import names_in_words
from gui.data.attempt_captions import attempt_word
from gui.translation import tr, tr_count
from state.attempt_result import changed_paths, count_of_failed_tests, failing_tests
from state.records import Attempt, AttemptStatus

_MOST_PARTS = 2
_NUMBERS = re.compile(r"\d+")


def difference(before: Attempt | None, attempt: Attempt) -> str:
    """What is different now: ``same failure``, ``other test: test_b``, ``claude instead of aider, same failure``.

    Empty for the first attempt, and where nothing that is recorded differs.
    """
    if before is None:
        return ""
    return ", ".join(list(_parts(before, attempt))[:_MOST_PARTS])


def _parts(before: Attempt, attempt: Attempt) -> Iterator[str]:
    if attempt.tool != before.tool:
        yield tr("{tool} instead of {before}", tool=attempt.tool, before=before.tool)
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
        if before.status is AttemptStatus.RUNNING:
            return ""
        return tr("{now} instead of {was}", now=attempt_word(attempt.status), was=attempt_word(before.status))
    if attempt.status is AttemptStatus.COMPLETED:
        return ""
    same = attempt.failure_class == before.failure_class and _alike(attempt.summary, before.summary)
    return tr("same failure") if same else tr("another failure")


def _tests(before: Attempt, attempt: Attempt) -> str:
    """How the tests that failed differ; both attempts name some."""
    old, new = failing_tests(before), failing_tests(attempt)
    was, now = count_of_failed_tests(before), count_of_failed_tests(attempt)
    if set(old) == set(new):
        return tr("same failure") if was == now else _counted(was, now)
    others = [name for name in new if name not in old]
    if others and len(others) == len(new):
        return tr_count("other test: {names}", "other tests: {names}", now, names=names_in_words(new, now))
    if now == was:
        return tr("now also {names}", names=names_in_words(others)) if others else tr("same failure")
    return _counted(was, now)


def _counted(was: int, now: int) -> str:
    return tr("now {now:,} failed instead of {was:,}", now=now, was=was)


def _files(before: Attempt, attempt: Attempt) -> str:
    was, now = changed_paths(before), changed_paths(attempt)
    if now == was:
        return ""
    if len(now) == len(was):
        return tr_count("changed {n} other file", "changed {n} other files", len(now - was))
    more = len(now) - len(was)
    if more > 0:
        return tr_count("changed {n} more file", "changed {n} more files", more)
    return tr_count("changed {n} fewer file", "changed {n} fewer files", -more)


def _alike(one: str, other: str) -> bool:
    """Whether two sentences differ in numbers alone, such as times and counts."""
    return _NUMBERS.sub("", one) == _NUMBERS.sub("", other)
