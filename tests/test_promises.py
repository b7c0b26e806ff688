"""Every test that specs/promises.md names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMED = set(re.findall(r"`(test_\w+)`", (ROOT / "specs" / "promises.md").read_text(encoding="utf-8")))


def test_every_test_that_a_promise_is_shown_by_exists() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py"))
    there = set(re.findall(r"^ *def (test_\w+)", written, flags=re.MULTILINE))
    assert len(NAMED) > 50
    assert NAMED - there == set()
