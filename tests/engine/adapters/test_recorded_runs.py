"""Every recorded run of a coding tool is judged as it ended: the contract of our adapters and the real programs."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from engine.adapters import ADAPTERS
from engine.jobfile.job_file_reader import job_from_mapping
from engine.types import JobResult
from tests.helpers.attempts import Attempts

CAPTURES = Path(__file__).with_name("captures")
TABLE = Path(__file__).parents[2] / "data" / "capture_classes.yaml"
EXPECTED: Mapping[str, Mapping[str, Mapping[str, Any]]] = YAML(typ="safe").load(TABLE)
CASES = [(tool, case) for tool, cases in EXPECTED.items() for case in cases]
PRINTED = {"stdout": "stdout", "stderr": "stderr", "analytics.jsonl": "events.jsonl"}


@pytest.fixture
def tools(tmp_path: Path) -> dict[str, str]:
    """Programs of these names; what they would do is played by the test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in EXPECTED:
        (folder / tool).write_text("#!/bin/sh\n")
        (folder / tool).chmod(0o755)
    return {file.name: str(file) for file in folder.iterdir()}


def replay(attempts: Attempts, repo: Path, tools: Mapping[str, str], *, tool: str, case: str) -> JobResult:
    """The result of an attempt that printed and changed what was recorded."""
    spec = job_from_mapping({"tool": tool, "prompt": "Greet.", "paths": {"repo_root": str(repo)}})
    context = attempts.context(tool_paths=tools)
    ADAPTERS[tool].prepare(spec, context)
    for name in EXPECTED[tool][case].get("changes", ()):
        (repo / name).parent.mkdir(exist_ok=True)
        (repo / name).write_text("edited\n")
    for suffix, name in PRINTED.items():
        if (recorded := CAPTURES / tool / f"{case}.{suffix}").exists():
            shutil.copy(recorded, context.folder / name)
    code = int((CAPTURES / tool / f"{case}.exit").read_text())
    return ADAPTERS[tool].result(spec, context, attempts.ended(context, code))


@pytest.mark.parametrize(("tool", "case"), CASES)
def test_each_recorded_run_is_judged_as_it_ended(
    attempts: Attempts, repo: Path, tools: dict[str, str], *, tool: str, case: str
) -> None:
    result = replay(attempts, repo, tools, tool=tool, case=case)
    assert result.metadata.get("failure_class", "success") == EXPECTED[tool][case]["class"], result.metadata[
        "summary"
    ]


def test_every_recorded_run_of_a_tool_is_in_the_table() -> None:
    recorded = {
        (file.parent.name, file.stem)
        for tool in EXPECTED
        for file in (CAPTURES / tool).glob("*.exit")
        if file.with_suffix(".stdout").exists() or file.with_suffix(".stderr").exists()
    }
    assert recorded == set(CASES)
