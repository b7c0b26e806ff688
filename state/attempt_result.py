"""What an attempt recorded in its result, each part checked: a result that somebody else recorded may hold anything."""

from collections.abc import Mapping, Sequence
from typing import Any

from state.records import Attempt


def failing_tests(attempt: Attempt) -> tuple[str, ...]:
    """The names of the tests that failed."""
    names = _mapping(_metadata(attempt).get("tests")).get("failing")
    return tuple(name for name in _listed(names) if isinstance(name, str))


def count_of_failed_tests(attempt: Attempt) -> int:
    """How many tests failed or broke; more than are named where there are too many to name."""
    tests = _mapping(_metadata(attempt).get("tests"))
    counts = [tests.get(kind) for kind in ("failed", "errors")]
    return max(sum(count for count in counts if isinstance(count, int)), len(failing_tests(attempt)))


def changed_paths(attempt: Attempt) -> frozenset[str]:
    """The files that the attempt changed, as far as git could say."""
    files = [_mapping(file).get("path") for file in _listed(_metadata(attempt).get("changed_files"))]
    return frozenset(path for path in files if isinstance(path, str))


def _metadata(attempt: Attempt) -> Mapping[str, Any]:
    return _mapping(attempt.result.get("metadata"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()
