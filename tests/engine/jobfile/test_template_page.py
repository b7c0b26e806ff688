"""The page on templates says what the models say, and the shipped templates are valid."""

import re
from pathlib import Path

import pytest

from engine.jobfile.schemas import SPECS
from engine.jobfile.template import check_template, make_file, parsed_template, values_of
from engine.jobfile.template_folders import SHIPPED, read_template
from engine.jobfile.template_head import TemplateHead, TemplateParameter
from tests.engine.jobfile.test_job_file_page import shown, table_of

PAGE = (SPECS / "templates.md").read_text(encoding="utf-8")


def test_the_page_lists_every_field_of_a_template_with_its_default() -> None:
    head = {
        f"template.{name}": "{}"
        if name == "parameters"
        else shown(field.get_default(), required=field.is_required())
        for name, field in TemplateHead.model_fields.items()
    }
    parameter = {
        name: shown(field.get_default(), required=field.is_required())
        for name, field in TemplateParameter.model_fields.items()
    }
    assert table_of(PAGE, "## The head") == head
    assert table_of(PAGE, "## Parameters") == parameter


def test_the_example_of_the_page_makes_the_job_it_describes(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
    template = parsed_template(text.encode(), tmp_path / "mend.yaml")
    values, problems = values_of(template, {"module": "src/cart.py"})
    assert problems == {}
    (job,) = make_file(template, values, base=tmp_path, suffix="1").read.jobs
    assert (job.prompt, job.metadata.files_scope) == ("Mend src/cart.py.", ("src/cart.py",))
    assert job.metadata.retry.limit == 1


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*")), ids=lambda path: path.name)
def test_a_shipped_template_is_valid(path: Path, tmp_path: Path) -> None:
    check_template(read_template(path), base=tmp_path)
