"""Separators of Unicode are kept as they are, and control characters are refused with file, line and field."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import JobFileError
from engine.jobfile import yaml_text
from engine.jobfile.job_file_reader import read_job_bytes
from engine.jobfile.parsing import parse

SEPARATED = "one\x85two\u2028three\u2029four"


@pytest.fixture(params=["libyaml", "python"])
def _each_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(yaml_text, "CParser", None)


def parsed(text: str, name: str = "a.yaml") -> Any:
    return parse(text.encode(), name).data


def refused(text: str, name: str = "a.yaml") -> JobFileError:
    with pytest.raises(JobFileError) as caught:
        parse(text.encode(), name)
    return caught.value


@pytest.mark.usefixtures("_each_reader")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f'a: "{SEPARATED}"\n', SEPARATED),
        (f"a: '{SEPARATED}'\n", SEPARATED),
        (f"a: {SEPARATED}\n", SEPARATED),
        (f"a: |\n  {SEPARATED}\n  {SEPARATED}\n", f"{SEPARATED}\n{SEPARATED}\n"),
        (f"a: |-\n  {SEPARATED}\u2028\n", f"{SEPARATED}\u2028"),
        (f"a: >\n  {SEPARATED}\n  end\n", f"{SEPARATED} end\n"),
        (f'a: "first\n  {SEPARATED}"\n', f"first {SEPARATED}"),
        (f"a: [x, '{SEPARATED}', {{b: \"\x85\"}}]\n", ["x", SEPARATED, {"b": "\x85"}]),
        ("a: b # a comment\u2028c: d\n", "b"),
        ('a: "\\N\\L\\P"\n', "\x85\u2028\u2029"),
    ],
)
def test_next_line_and_the_separators_are_kept_as_they_are_in_yaml(text: str, value: object) -> None:
    assert parsed(text) == {"a": value}


def test_a_key_with_a_separator_is_kept_too() -> None:
    assert parsed("a\u2028b: 1\n") == {"a\u2028b": "1"}
    error = refused("a\u2028b: 1\na\u2028b: 2\n")
    assert (error.line, error.reason) == (2, "a\u2028b is given twice")


def test_the_separators_are_kept_in_json() -> None:
    assert parsed(f'{{"a": "{SEPARATED}"}}', "a.json") == {"a": SEPARATED}


def test_a_separator_is_no_line_of_its_own() -> None:
    text = f"tool: shell\nprompt: '{SEPARATED}'\ncommand: {{exe: x}}\nmetadata:\n  retry: {{limit: -1}}\n"
    with pytest.raises(JobFileError) as caught:
        read_job_bytes(text.encode(), "a.yaml")
    assert {(error.line, error.field) for error in caught.value.every} >= {(5, "metadata.retry.limit")}


def test_a_prompt_reaches_its_job_with_every_separator() -> None:
    (spec,) = read_job_bytes(f"tool: claude\nprompt: |\n  {SEPARATED}\n".encode(), "a.yaml")
    assert spec.prompt == f"{SEPARATED}\n"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab \x85\u2028\u2029\U00100000\U00100001\xa0é💥", min_size=1, max_size=40))
def test_any_text_of_separators_in_single_quotes_is_kept(value: str) -> None:
    assert parsed(f"a: 'x{value}x'\n") == {"a": f"x{value}x"}


@pytest.mark.parametrize("code", [0x01, 0x07, 0x08, 0x0B, 0x0C, 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F, 0xFFFE])
@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("tool: shell\nprompt: x{}y\n", 2, "prompt"),
        ("tool: shell\nprompt: 'x{}y'\n", 2, "prompt"),
        ('tool: shell\nmetadata:\n  title: "x\n\n    {}y"\n', 5, "metadata.title"),
        ("tool: shell\nmetadata:\n  title: |\n    x\n    {}[31m\n", 5, "metadata.title"),
        ("tool: shell\nfiles:\n  - a\n  - b{}\n  - c{}\n", 4, "files[1]"),
        ("tool: shell\n# {}\n", 2, ""),
    ],
)
def test_a_control_character_in_yaml_is_refused_with_line_and_field(
    code: int, text: str, line: int, field: str
) -> None:
    error = refused(text.replace("{}", chr(code)))
    assert (error.file, error.line, error.field) == ("a.yaml", line, field)
    assert "contains the control character \\" in error.reason
    assert chr(code) not in str(error)


def test_a_control_character_in_a_key_is_refused_and_shown_escaped() -> None:
    error = refused("tool: shell\nenv:\n  A\x1bB: x\n")
    assert (error.line, error.field) == (3, "env.A\\x1bB")


@pytest.mark.parametrize("code", [0x01, 0x09, 0x0A, 0x0D, 0x1B, 0x1F])
def test_a_control_character_in_json_is_refused_with_line_and_field(code: int) -> None:
    error = refused(
        '{"tool": "shell",\n "metadata":\n {"title": "x{}y", "group": "{}"}}'.replace("{}", chr(code)),
        "a.json",
    )
    assert (error.file, error.line, error.field) == ("a.json", 3, "metadata.title")
    assert f"write it as \\u{code:04x}" in error.reason


def test_a_control_character_that_is_written_as_an_escape_is_kept() -> None:
    assert parsed('a: "\\e\\x7f\\x9b"\n') == {"a": "\x1b\x7f\x9b"}
    assert parsed('{"a": "\\u001b\\u007f\\u009b"}', "a.json") == {"a": "\x1b\x7f\x9b"}


@pytest.mark.parametrize(
    "text", ['a: 1\nb: "\\UFFFFFFFF"\n', 'a: 1\nb: "\\U00110000"\n', 'a: 1\nb: "\\q"\n', "a: 1\nb: @x\n"]
)
def test_whatever_the_parser_fails_on_has_a_line(text: str) -> None:
    assert refused(text).line == 2
