"""The title of a job that nobody has named: the first words of what it does."""

from pathlib import Path
from typing import Any

import pytest

from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping, read_source
from engine.jobfile.template import make_file, values_of
from engine.jobfile.template_folders import find_templates
from engine.state_store.accepting import entry
from state.records import Origin
from state.shown_names import ShownNames

MADE_UP = "shell-bed4e71e"


def name_of(fields: dict[str, Any], path: str | None = None) -> str:
    """What a new job is called in every list."""
    spec = job_from_mapping(fields, base=Path("/tmp"))
    item = Accepted(spec=spec, digest=spec.digest(), source_path=path)
    (new,) = entry([item], origin=Origin.API, held=None, title="", run_id="r", now=1.0).jobs
    assert new.job.title == new.spec.get("metadata", {}).get("title", ""), "what is stored is what is shown"
    return ShownNames().job(new.job)


def command(*args: str, **more: Any) -> dict[str, Any]:
    return {"job_id": MADE_UP, "tool": "shell", "command": {"exe": args[0], "args": args[1:]}, **more}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (command("/usr/bin/make", "test"), "make test"),
        (command("sh", "-c", "make test | tail"), "make test | tail"),
        (command("grep", "two words"), "grep 'two words'"),
        ({"tool": "claude", "prompt": "\n Round money once.\nIn the cart."}, "Round money once."),
        ({"tool": "tests", "tests": {"paths": ["tests/cart"]}}, "pytest tests/cart"),
        ({"tool": "git", "git": {"action": "commit", "message": "Round once"}}, "git commit Round once"),
        (
            {"tool": "codex", "prompt": "Round every amount of money once, at the line total of the cart"},
            "Round every amount of money once, at the line…",
        ),
        ({"tool": "codex", "prompt": "a" * 60}, "a" * 47 + "…"),
        (command("true", metadata={"title": "Nothing"}), "Nothing"),
        (command("true", job_id="chosen"), "chosen"),
    ],
)
def test_a_job_that_nobody_named_is_called_by_the_first_words_of_its_task(
    fields: dict[str, Any], name: str
) -> None:
    assert name_of(fields) == name


def test_the_name_of_its_file_goes_before_its_task_unless_that_is_made_up_too() -> None:
    assert name_of(command("make"), f"/drafts/{MADE_UP}.json") == "make"
    assert name_of(command("make"), "/jobs/nightly.json") == "nightly"


def test_the_run_of_a_file_with_a_made_up_name_is_called_as_its_job() -> None:
    text = b'{"job_id": "shell-bed4e71e", "tool": "shell", "command": {"exe": "make", "args": ["test"]}}'
    assert read_source(text, f"{MADE_UP}.json").title == "make test"
    assert read_source(text, "nightly.json").title == "nightly"


def test_a_job_of_a_template_is_called_by_its_values_else_as_the_template(tmp_path: Path) -> None:
    found = {one.name: one for one in find_templates(tmp_path, None).templates}
    given = {"run-a-command": {"line": "make test"}, "fix-an-issue": {"issue": "It fails."}}
    titles = {}
    for name, values in given.items():
        template = found[name]
        made = make_file(template, values_of(template, values)[0], base=tmp_path, suffix="0a1b2c3d")
        titles[name] = made.read.jobs[0].title
    assert titles == {"run-a-command": "make test", "fix-an-issue": "Fix an issue"}
