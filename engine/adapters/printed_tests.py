"""Which tests failed, read from what pytest, unittest, jest, vitest, go test and cargo print. Pure; decides nothing.

For commands that write no report. A name is taken only from output that ends with the count of its tool, so that a
log line that begins with the same word names no test.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from engine.adapters.junit import Report

_LONGEST_NAME = 500
_PYTEST_COUNTS = re.compile(r"^=*\s*(?:\d+ [a-z]+, )*\d+ (?:failed|errors?|passed)\b.* in [\d.:]+ ?s?\b")
_PYTEST_NAME = re.compile(r"^(?:FAILED|ERROR) (?P<name>\S+?(?:\[.*\])?)(?: - .*)?$")
_UNITTEST_COUNTS = re.compile(r"^Ran (?P<ran>\d+) tests? in ")
_UNITTEST_NAME = re.compile(r"^(?:FAIL|ERROR): (?P<test>\S+) \((?P<holder>[\w.<>]+)\)")
_UNITTEST_END = re.compile(r"^FAILED \((?P<counts>[\w ,=]+)\)$")
_JEST_COUNTS = re.compile(r"^Tests:\s+(?P<counts>.*\d+ total)$")
_JEST_NAME = re.compile(r"^\s*\N{BLACK CIRCLE} (?P<name>.+)$")
_JEST_FILE = re.compile(r"^FAIL (?P<name>\S+)")
_JEST_SUITE = "Test suite failed to run"
_JEST_NOTES = ("Console", "Validation ", "Deprecation ", "Cannot log after")
_VITEST_COUNTS = re.compile(r"^\s*Tests\s+(?P<counts>(?:\d+ \w+(?: \| )?)+) \(\d+\)$")
_VITEST_FILES = re.compile(r"^\s*Test Files\s+.*\d+ failed")
_VITEST_NAME = re.compile(r"^\s*FAIL\s+(?P<name>\S.*?)(?: \[ .* \])?$")
_GO_NAME = re.compile(r"^\s*--- (?P<how>FAIL|PASS|SKIP): (?P<name>\S+) \([\d.]+s\)$")
_GO_PACKAGE = re.compile(r"^FAIL\s+(?P<name>\S+)\s+(?P<how>[\d.]+s|\[(?:build|setup) failed\])$")
_CARGO_COUNTS = re.compile(
    r"^test result: \w+\. (?P<passed>\d+) passed; (?P<failed>\d+) failed; (?P<ignored>\d+) ignored"
)
_CARGO_NAME = re.compile(r"^test (?P<name>\S+)(?: - should panic)? \.\.\. FAILED$")


def failed_tests_in(lines: Sequence[str]) -> Report | None:
    """The tests that failed and the counts of the run, from plain lines; None where no test is named."""
    found = (read(lines) for read in _READERS)
    return next((report for report in found if report is not None and report.failing), None)


def _pytest(lines: Sequence[str]) -> Report | None:
    counts = next((line for line in reversed(lines) if _PYTEST_COUNTS.match(line)), None)
    return None if counts is None else _report(_named(lines, _PYTEST_NAME), counts)


def _unittest(lines: Sequence[str]) -> Report | None:
    ran = _last(lines, _UNITTEST_COUNTS)
    end = _last(lines, _UNITTEST_END)
    if ran is None or end is None:
        return None
    counts = {name: int(number) for name, number in re.findall(r"(\w[\w ]*)=(\d+)", end["counts"])}
    found = filter(None, map(_UNITTEST_NAME.match, lines))
    return Report(
        passed=max(0, int(ran["ran"]) - sum(counts.values())),
        failed=counts.get("failures", 0),
        skipped=counts.get("skipped", 0),
        errors=counts.get("errors", 0),
        failing=_once(f"{one['holder'].removesuffix('.' + one['test'])}::{one['test']}" for one in found),
    )


def _jest(lines: Sequence[str]) -> Report | None:
    counts = _last(lines, _JEST_COUNTS)
    if counts is None:
        return None
    file, names = "", []
    for line in lines:
        if begun := _JEST_FILE.match(line):
            file = begun["name"]
        elif (found := _JEST_NAME.match(line)) and not found["name"].startswith(_JEST_NOTES):
            names.append(file if found["name"] == _JEST_SUITE else found["name"])
    return _report(filter(None, names), counts["counts"])


def _vitest(lines: Sequence[str]) -> Report | None:
    counts = _last(lines, _VITEST_COUNTS)
    if counts is None and _last(lines, _VITEST_FILES) is None:
        return None
    return _report(_named(lines, _VITEST_NAME), counts["counts"] if counts else "", known=counts is not None)


def _go(lines: Sequence[str]) -> Report | None:
    if not any(line.startswith(("FAIL\t", "FAIL ")) or line == "FAIL" for line in lines):
        return None
    tests = [found for found in map(_GO_NAME.match, lines) if found]
    names = [one["name"] for one in tests if one["how"] == "FAIL"]
    names = [name for name in names if not any(other.startswith(f"{name}/") for other in names)]
    broken = [found["name"] for found in map(_GO_PACKAGE.match, lines) if found and "[" in found["how"]]
    passed = sum(one["how"] == "PASS" for one in tests)
    return Report(
        passed=passed or None,  # without -v it prints only what failed
        failed=len(_once(names)),
        skipped=sum(one["how"] == "SKIP" for one in tests),
        errors=len(_once(broken)),
        failing=_once([*names, *broken]),
    )


def _cargo(lines: Sequence[str]) -> Report | None:
    runs = [found for found in map(_CARGO_COUNTS.match, lines) if found]
    if not runs:
        return None
    passed, failed, skipped = (
        sum(int(run[kind]) for run in runs) for kind in ("passed", "failed", "ignored")
    )
    names = _once(_named(lines, _CARGO_NAME))
    return Report(passed=passed, failed=failed, skipped=skipped, errors=0, failing=names)


_READERS: tuple[Callable[[Sequence[str]], Report | None], ...] = (
    _pytest,
    _unittest,
    _jest,
    _vitest,
    _cargo,
    _go,
)


def _report(names: Iterable[str], counts: str, *, known: bool = True) -> Report:
    """The report of a tool that writes its counts as ``1 failed, 62 passed``; `known` is whether it wrote any."""
    numbers = {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", counts)}
    return Report(
        passed=numbers.get("passed", 0) if known else None,
        failed=numbers.get("failed", 0),
        skipped=numbers.get("skipped", 0),
        errors=numbers.get("error", 0) + numbers.get("errors", 0),
        failing=_once(names),
    )


def _named(lines: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    return [found["name"] for found in map(pattern.match, lines) if found]


def _last(lines: Sequence[str], pattern: re.Pattern[str]) -> re.Match[str] | None:
    return next(filter(None, map(pattern.match, reversed(lines))), None)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name[:_LONGEST_NAME] for name in names))
