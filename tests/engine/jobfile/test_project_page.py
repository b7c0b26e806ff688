"""The page on the project file says what the model says, and its example is valid."""

import re

import pytest

from engine.jobfile.project_file import ProjectFile, read_project_file
from engine.jobfile.schemas import SPECS
from engine.jobfile.tool_registry import tool_problem
from tests.engine.jobfile.test_job_file_page import fields

PAGE = (SPECS / "project-file.md").read_text(encoding="utf-8")
EXAMPLES = sorted((SPECS / "projects").glob("*"))


def test_the_page_lists_every_field_of_a_project_file_with_its_default() -> None:
    part = PAGE.split("\n## ", 1)[0]
    listed = dict(re.findall(r"^\| `([\w.]+)` \| (.+?) \|", part, re.MULTILINE))
    assert listed == dict(fields(ProjectFile))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_a_project_file_that_sets_every_field(path: object) -> None:
    (example,) = EXAMPLES
    assert path == example
    project = read_project_file(example, tool_problem=tool_problem)
    assert project.model_fields_set == set(ProjectFile.model_fields) - {"schema_version"}
