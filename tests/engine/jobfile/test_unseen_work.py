"""Steps that wait for work which their worktrees do not have are named."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.jobfile.job_file_reader import read_job_file
from engine.jobfile.unseen_work import unseen_work


def pipeline(folder: Path, web: list[dict[str, Any]], **more: Any) -> list[str]:
    edit = {"tool": "claude", "prompt": "x"}
    api = {"id": "api", "steps": [{**edit, "name": "model"}, {**edit, "name": "views"}], **more}
    streams = [api, {"id": "web", "steps": [{**edit, **step} for step in web]}]
    file = folder / "p.json"
    file.write_text(json.dumps({"title": "p", "workstreams": streams}))
    return list(unseen_work(read_job_file(file)))


def test_a_first_step_that_waits_for_one_in_the_middle_sees_only_what_is_committed(tmp_path: Path) -> None:
    (found,) = pipeline(tmp_path, [{"name": "page", "after": ["api/model"]}])
    assert found.startswith("web/page waits for api/model, which is not the last step")


def test_a_later_step_gets_nothing_of_what_it_waits_for(tmp_path: Path) -> None:
    (found,) = pipeline(tmp_path, [{"name": "page"}, {"name": "form", "after": ["api"]}])
    assert "web/form waits for api/views, but its worktree was made before its first step" in found


@pytest.mark.parametrize("isolation", ["worktree", "in_place"])
def test_a_step_that_waits_for_a_whole_workstream_or_for_work_in_place_sees_all_of_it(
    tmp_path: Path, isolation: str
) -> None:
    after = "api" if isolation == "worktree" else "api/model"
    steps = [{"name": "page", "after": [after]}, {"name": "form", "after": [after]}]
    assert pipeline(tmp_path, steps, isolation=isolation) == []
