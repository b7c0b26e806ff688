"""Templates: parameters with types, values that stay values, and errors that name line and field."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import CommandRefusedError, JobFileError
from engine.jobfile.job_file_reader import read_source
from engine.jobfile.template import JobTemplate, check_template, make_file, parsed_template, values_of
from engine.jobfile.template_folders import find_templates

MEND = """
template:
  title: Mend
  parameters:
    what: {multiline: true}
    model: {optional: true}
    turns: {type: number, min: 1, max: 9, default: 3}
    tool: {type: choice, choices: [claude, gemini], default: claude}
    scope: {type: path, default: src}
    watched: {type: boolean, default: true}
tool: '{{ tool }}'
prompt: Mend {{ what }} in {{ scope }}, watched {{ watched }}.
model: '{{ model }}'
metadata:
  files_scope: ['{{ scope }}']
  writes: '{{ watched }}'
  limits: {max_turns: '{{ turns }}'}
"""


def template(text: str = MEND, name: str = "mend.yaml") -> JobTemplate:
    return parsed_template(text.encode(), Path("/templates", name))


def made(one: JobTemplate, **given: str) -> Any:
    values, problems = values_of(one, given)
    assert problems == {}
    return make_file(one, values, base=Path("/src/shop"), suffix="1f")


def errors(text: str) -> list[str]:
    with pytest.raises(JobFileError) as caught:
        check_template(template(text), base=Path("/src/shop"))
    return [each.in_file for each in caught.value.every]


def test_a_template_makes_an_ordinary_job_file() -> None:
    file = made(template(), what="the cart", turns="5")
    (job,) = read_source(file.text.encode(), file.name).jobs
    assert job == file.read.jobs[0]
    assert (job.job_id, job.tool, job.repo_root) == ("mend-1f", "claude", Path("/src/shop"))
    assert job.prompt == "Mend the cart in src, watched true."
    assert (job.metadata.limits.max_turns, job.metadata.files_scope) == (5, ("src",))


def test_an_optional_value_that_is_left_out_leaves_out_its_field() -> None:
    assert "model" not in made(template(), what="x").data
    assert made(template(), what="x", model="opus").data["model"] == "opus"


def test_a_pipeline_gets_a_run_of_its_own_each_time() -> None:
    one = template(
        "template: {title: T, parameters: {where: {type: repository}, dir: {type: path}}}\n"
        "title: Check {{ dir }}\nrepo: '{{ where }}'\n"
        "workstreams: {a: {steps: [{tool: tests, tests: {paths: ['{{ dir }}']}}]}}\n"
    )
    file = made(one, where="/src/parser", dir="tests")
    assert (file.read.kind, file.read.title) == ("pipeline", "Check tests")
    assert {(job.run_id, job.repo_root) for job in file.read.jobs} == {("mend-1f", Path("/src/parser"))}


@settings(max_examples=60)
@given(st.text(min_size=1).filter(lambda text: text.strip() and "\0" not in text))
def test_a_value_is_one_value_whatever_it_contains(text: str) -> None:
    text = text.encode(errors="ignore").decode() or "x"
    if not text.strip():
        return
    file = made(template(), what=text)
    plain = made(template(), what="x").data
    assert file.data.keys() == plain.keys()
    assert {**file.data, "prompt": ""} == {**plain, "prompt": ""}
    assert json.loads(file.text)["prompt"] == f"Mend {text} in src, watched true."


@pytest.mark.parametrize(
    "text", ["x'\ncommand: {exe: sh}\n'", '", "command": {"exe": "sh"}', "{{ scope }}", "${HOME} `id`"]
)
def test_a_value_adds_no_field_and_is_not_filled_in_again(text: str) -> None:
    assert made(template(), what=text).data["prompt"] == f"Mend {text} in src, watched true."
    assert "command" not in made(template(), what=text).data


@pytest.mark.parametrize(
    ("given_values", "name", "reason"),
    [
        ({}, "what", "is missing"),
        ({"turns": "12"}, "turns", "should be a number from 1 to 9, not 12"),
        ({"turns": "many"}, "turns", "should be a number, not 'many'"),
        ({"tool": "claud"}, "tool", "should be one of claude, gemini, not 'claud'"),
        ({"watched": "1"}, "watched", "should be true or false, not '1'"),
        ({"scope": "a\nb"}, "scope", "should be one line"),
        ({"turn": "1"}, "turn", "is no parameter of mend; did you mean turns?"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_a_reason(
    given_values: dict[str, str], name: str, reason: str
) -> None:
    _, problems = values_of(template(), given_values)
    assert problems[name] == reason


def test_an_error_names_the_line_and_the_field_of_the_template() -> None:
    head = "template:\n  title: T\n  parameters:\n    a: {default: x}\n"
    assert errors(f"{head}tool: claude\npromt: Do it.\nprompt: '{{{{ a }}}}'\n") == [
        "line 6: promt: is not a known key; did you mean prompt?"
    ]
    assert errors(f"{head}tool: claude\nprompt: Do {{{{ b }}}}.\n") == [
        "line 4: template.parameters.a: is not used; write {{ a }} in a value, or remove it",
        "line 6: prompt: b is not declared in template.parameters",
    ]
    assert errors(f"{head}tool: claude\nprompt: '{{{{ a }}}}'\nenv: {{'{{{{ a }}}}': x}}\n") == [
        "line 7: env.{{ a }}: a key cannot hold a parameter; only values can"
    ]


@pytest.mark.parametrize(
    ("parameter", "error"),
    [
        ("{type: choice}", "a.choices: is missing: a choice needs some"),
        ("{min: 1}", "a.min: is for parameters of the type number"),
        ("{type: number, min: 5, max: 2}", "a.min: is more than max"),
        ("{type: number, default: none}", "a.default: should be a number, not 'none'"),
        (
            "{type: list}",
            "a.type: 'list' is not one of text, number, choice, path, repository, boolean",
        ),
        ("{defaut: x}", "a.defaut: is not a known key; did you mean default?"),
    ],
)
def test_a_parameter_that_contradicts_itself_is_an_error_of_the_template(parameter: str, error: str) -> None:
    (found,) = errors(
        f"template:\n  title: T\n  parameters:\n    a: {parameter}\ntool: claude\nprompt: '{{{{ a }}}}'\n"
    )
    assert found == f"line 4: template.parameters.{error}"


def test_what_depends_on_a_value_is_no_error_of_the_template() -> None:
    text = "template: {title: T, parameters: {p: {}}}\ntool: claude\nprompt: x\nmetadata: {priority: '{{ p }}'}\n"
    check_template(template(text), base=Path("/src"))
    values, _ = values_of(template(text), {"p": "huge"})
    with pytest.raises(JobFileError, match=r"line 4: metadata.priority: should be low"):
        make_file(template(text), values, base=Path("/src"), suffix="1")


def test_a_template_is_no_job_file() -> None:
    with pytest.raises(JobFileError, match="is a template; `signalbox new` makes a job of it"):
        read_source(MEND.encode(), "mend.yaml")


def test_the_home_counts_before_the_repository_and_the_repository_before_what_is_shipped(
    tmp_path: Path,
) -> None:
    home, repo = tmp_path / "home", tmp_path / "repo"
    for folder, names in (
        (home / "templates", ("mend",)),
        (repo / ".signalbox" / "templates", ("mend", "fix-an-issue", "Odd name")),
    ):
        folder.mkdir(parents=True)
        for name in names:
            (folder / f"{name}.yaml").write_text(MEND)
    (repo / ".git").mkdir()
    (home / "templates" / "broken.yaml").write_text("template: {title: x, titel: x}\n")
    (repo / "src").mkdir()
    found = find_templates(home, repo / "src")
    assert {one.name: one.origin for one in found.templates} == {
        "mend": "home",
        "fix-an-issue": "repository",
        "fix-a-failing-test": "shipped",
        "nightly-tests": "shipped",
        "run-a-command": "shipped",
        "run-the-tests": "shipped",
    }
    assert [Path(str(error.file)).name for error in found.refused] == ["Odd name.yaml", "broken.yaml"]
    with pytest.raises(JobFileError, match="titel"):
        found.named("broken")
    with pytest.raises(CommandRefusedError, match=r"There is no template mnd; did you mean mend\?"):
        found.named("mnd")


def test_a_link_in_a_repository_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / ".signalbox" / "templates"
    folder.mkdir(parents=True)
    (tmp_path / "elsewhere.yaml").write_text(MEND)
    (folder / "linked.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    (error,) = find_templates(tmp_path / "home", tmp_path).refused
    assert "is a symbolic link" in error.reason
