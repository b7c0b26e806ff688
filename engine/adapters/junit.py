"""How many tests did what and the names of those that failed, also in words; reads the JUnit report pytest writes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from engine.adapters.tool_files import read_tool_file
from engine.system.failed_tests import names_in_words

_MAX_NAMES = 200
_LONGEST_NAME = 500


@dataclass(frozen=True, kw_only=True)
class Report:
    """The counts of one run. `errors` are tests that broke outside their own body, files that did not load too.

    `passed` is None where the tool does not say it.
    """

    passed: int | None
    failed: int
    skipped: int
    errors: int
    failing: tuple[str, ...]

    @property
    def broken(self) -> int:
        """Tests that failed or broke."""
        return self.failed + self.errors

    def names_in_words(self) -> str:
        """The tests that failed: ``test_a, test_b, test_c and 4 more``."""
        return names_in_words(self.failing, self.broken)

    def failure_in_words(self) -> str:
        """What failed, then what went well: ``test_replay_twice failed; 62 passed``."""
        others = ((self.passed, "passed"), (self.skipped, "skipped"))
        rest = ", ".join(f"{count:,} {word}" for count, word in others if count)
        return "; ".join(filter(None, (f"{self.names_in_words()} failed", rest)))

    def in_words(self) -> str:
        """``12 passed, 1 failed``."""
        counts = (
            (self.passed, "passed"),
            (self.failed, "failed"),
            (self.errors, "broken"),
            (self.skipped, "skipped"),
        )
        return ", ".join(f"{count} {word}" for count, word in counts if count) or "no tests"

    def to_json(self) -> dict[str, Any]:
        """As `JobResult.metadata["tests"]` holds it."""
        return {
            "passed": self.passed,
            "failed": self.failed,
            "skipped": self.skipped,
            "errors": self.errors,
            "failing": list(self.failing),
        }


def read(file: Path) -> Report | None:
    """The report, or None where there is none that can be read: the run then crashed."""
    try:
        return _counted(fromstring(read_tool_file(file), forbid_dtd=True))
    except (OSError, ParseError, DefusedXmlException, ValueError):
        return None


def _counted(root: Element) -> Report:
    # A test stopped by SIGINT is a case without a name: it neither passed nor failed.
    cases = [case for case in root.iter("testcase") if case.get("name")]
    kinds = [_kind(case) for case in cases]
    failing = [_name(case) for case, kind in zip(cases, kinds, strict=True) if kind in {"failure", "error"}]
    return Report(
        passed=kinds.count(""),
        failed=kinds.count("failure"),
        skipped=kinds.count("skipped"),
        errors=kinds.count("error"),
        failing=tuple(dict.fromkeys(failing))[:_MAX_NAMES],
    )


def _kind(case: Element) -> str:
    found = {child.tag for child in case}
    return next((kind for kind in ("failure", "error", "skipped") if kind in found), "")


def _name(case: Element) -> str:
    holder = case.get("classname") or ""
    name = f"{holder}::{case.get('name')}" if holder else str(case.get("name"))
    return name[:_LONGEST_NAME]
