"""What a file that describes a tool may say, and what is refused: it must never hand the task to a shell."""

from pathlib import Path

import pytest

from engine.errors import JobFileError
from engine.jobfile.tool_description import ToolDescription
from engine.jobfile.tool_registry import SHIPPED, read_description


def read(tmp_path: Path, text: str) -> ToolDescription:
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    return read_description(file)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.name)
def test_a_description_that_ships_is_valid(path: Path) -> None:
    found = read_description(path)
    assert ToolDescription.model_validate_json(found.model_dump_json(exclude_defaults=True)) == found


def test_the_least_a_description_says_is_its_program(tmp_path: Path) -> None:
    found = read(tmp_path, "exe: mine\n")
    assert (found.prompt, found.output, found.needs_finished) == ("stdin", "text", False)
    assert list(found.permissions.given) == ["edit"]


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("args: []\n", "exe", "is missing"),
        ("exe: mine\nprompt: stdn\n", "line 2: prompt", "did you mean stdin"),
        ("exe: mine\nargz: []\n", "line 2: argz", "did you mean args"),
        ("exe: ./mine\n", "line 1: exe", "should be the name of a program on PATH or an absolute path"),
        ("exe: bin/mine\n", "line 1: exe", "a relative one would start a program of whatever repository"),
        ("exe: -x\n", "line 1: exe", "not a switch"),
        ("exe: bash\n", "line 1: exe", "is a shell (bash)"),
        ("exe: /bin/sh\nargs: [run.sh]\n", "line 1: exe", "is a shell (sh)"),
        (
            "exe: env\nargs: [bash, -c, '{prompt}']\nprompt: argument\n",
            "line 2: args",
            "starts a shell (bash)",
        ),
        ("exe: docker\nargs: [run, x, sh, -lc, y]\n", "line 2: args", "starts a shell (sh)"),
        (
            "exe: python3\nargs: [-c, '{prompt}']\nprompt: argument\n",
            "line 2: args",
            "hands the task to python3",
        ),
        ("exe: python3\n", "args", "names no script, so python3 would run the task"),
        ("exe: node\nargs: ['-']\n", "line 2: args", "names no script"),
        (
            "exe: mine\nargs: ['--file={prompt_file}']\nprompt: file\n",
            "line 2: args[0]",
            "an argument of its own",
        ),
        ("exe: mine\nargs: ['{promt}']\n", "line 2: args[0]", "{promt} is not one of {prompt}"),
        ("exe: mine\nargs: [a, '{model}']\n", "line 2: args[1]", "{model} has no meaning here"),
        ("exe: mine\nargs: ['{prompt}']\n", "line 2: args[0]", "does not fit prompt: stdin"),
        ("exe: mine\nprompt: file\n", "line 2: prompt", "file needs {prompt_file} among args"),
        ("exe: mine\nprompt: argument\n", "line 2: prompt", "argument needs {prompt} among args"),
        ("exe: mine\nmodel_args: [-m]\n", "line 2: model_args", "needs {model}"),
        ("exe: mine\nresume_args: ['{session}']\n", "line 2: resume_args", "needs a rule in events.session"),
        ("exe: mine\nevents: {finished: [{}]}\n", "line 2: events", "is only for output: jsonl"),
        (
            "exe: mine\nsuccess: {finished: true}\n",
            "line 2: success.finished",
            "needs a rule in events.finished",
        ),
        ("exe: mine\nsuccess: {exit_codes: []}\n", "line 2: success", "nothing else says how a run ended"),
        (
            "exe: mine\noutput: jsonl\nevents:\n  message:\n  - text: t\n    where: {a: b}\n",
            "line 6: events.message[0].where",
            "needs each",
        ),
        ("exe: mine\nversion: {pattern: '('}\n", "line 2: version.pattern", "is not a regular expression"),
        (
            "exe: mine\nversion: {pattern: '(a+)+b'}\n",
            "line 2: version.pattern",
            "takes too long on some lines",
        ),
        (
            "exe: mine\nversion:\n  pattern: '(?:(?:a{999}){999}){9}'\n",
            "line 3: version.pattern",
            "repeats too much",
        ),
        ("exe: mine\nenv: {MINE_TOKEN: abc}\n", "line 2: env.MINE_TOKEN", "must not hold a secret"),
        ("exe: mine\nenv: {URL: 'env:URL'}\n", "line 2: env.URL", "name the variable in env_names"),
        ("exe: mine\ntile: long\n", "line 2: tile", "of the form"),
        ("exe: mine\nschema_version: 9\n", "line 2: schema_version", "needs a newer Signalbox"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_line_and_field(
    tmp_path: Path, text: str, where: str, reason: str
) -> None:
    with pytest.raises(JobFileError) as caught:
        read(tmp_path, text)
    assert where in str(caught.value)
    assert reason in str(caught.value)
    assert str(caught.value).startswith("mine.yaml: ")


@pytest.mark.parametrize(
    "pattern", [r"\d+(?:\.\d+)+[\w.+-]*", r"v(\d+)\.(\d+)\.(\d+)(?:-\w+)?", r"(?m)^mine (\S+)$"]
)
def test_an_ordinary_pattern_of_versions_is_accepted(tmp_path: Path, pattern: str) -> None:
    assert read(tmp_path, f"exe: mine\nversion: {{pattern: '{pattern}'}}\n").version.pattern == pattern


def test_a_script_or_program_that_takes_the_task_is_allowed(tmp_path: Path) -> None:
    assert read(tmp_path, "exe: python3\nargs: [/home/me/agent.py]\n").exe == "python3"
    assert read(tmp_path, "exe: ~/bin/agent\n").exe == "~/bin/agent"
    assert read(tmp_path, "exe: llm\nargs: ['{prompt}']\nprompt: argument\n").args == ("{prompt}",)
