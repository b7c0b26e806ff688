"""libyaml and the parser written in Python read every job file alike, and one of them alone is enough."""

from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import JobFileError
from engine.jobfile import yaml_text

needs_libyaml = pytest.mark.skipif(find_spec("_ruamel_yaml") is None, reason="libyaml is not installed")

READ_ALIKE = [
    "a: no\nb: 0o17\nc: 0123\nd: 2030-01-01\ne: 1e3\nf: .inf\ng: Off\nh: 0x10\n",
    "a: ~\nb: null\nc:\nd: ''\ne: '~'\nf: \"null\"\n",
    "a: |\n  one\n\n   two\n  three\n\n\nb: |-\n  x\nc: |+\n  y\n\n",
    "a: >\n  one\n  two\n\n  three\nb: >-\n  x\n",
    "a: one\n  two\n  three\n",
    "a: 'it''s'\nb: \"\\n\\x41\\u00e9\\/ \\\\\"\nc: \"a\\\n  b\"\n",
    "a: [1, 'x', \"y\", {b: c, d: [e]}, ]\nf: {}\ng: []\n",
    "- a: 1\n  b: 2\n- - x\n  - y\n",
    "? a\n: b\n# a comment\nc: d # another\n",
    "a: http://host:80/path#part\nb: x:y\nc: -c\n",
    "a: é💥\r\nb: c\r\n",
    "=: a\n<<: b\n",
]
LEFT_TO_PYTHON = [
    "a: [1:30]\n",
    'a: ["b":1]\n',
    "a:\tb\n",
    "a: 1\n...\n",
    "%YAML 1.1\n---\na: no\n",
    "a: b\x85c: d\n",
    "a: b\u2028c\n",
    "a: |\n \n  b\n",
    "a: >#b\n",
    "a: b #c\rd\n",
    "a: \ufeffb\n",
]
REFUSED = [
    ("a: 1\na: 2\n", 2, "twice"),
    ("a: &x 1\n", 1, "anchor"),
    ("a: 1\nb: *x\n", 2, "anchor"),
    ("a: 1\nb: !!str x\n", 2, "tag"),
    ("a: 1\n--- \nb: 2\n", 2, "second document"),
    ("a: 1\n[b]: c\n", 2, "not plain text"),
    ("a: {b: 1, b: 2}\n", 1, "twice"),
    ("a: [1\n", 2, "is not YAML"),
    ("a: 1\n b: 2\n", 2, "is not YAML"),
    ("a: " + "[" * 40 + "]" * 40, 1, "levels deep"),
]


@pytest.fixture(params=["libyaml", "python"])
def _each_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(yaml_text, "CParser", None)


def in_python(text: str) -> Any:
    """What the parser written in Python makes of it, or why it refuses."""
    try:
        return yaml_text._built(text, "a.yaml").data
    except JobFileError as error:
        return error


def by_libyaml(text: str) -> Any:
    """What libyaml makes of it; `in_python` where it leaves that to the other."""
    try:
        return yaml_text._read_by_libyaml(text)
    except yaml_text._UnsureError:
        return in_python(text)


@pytest.mark.usefixtures("_each_reader")
@pytest.mark.parametrize("text", [*READ_ALIKE, *LEFT_TO_PYTHON])
def test_a_document_means_the_same_with_and_without_libyaml(text: str) -> None:
    found = in_python(text)
    if isinstance(found, JobFileError):
        with pytest.raises(JobFileError) as caught:
            yaml_text.document(text, "a.yaml")
        assert (caught.value.reason, caught.value.line) == (found.reason, found.line)
    else:
        document = yaml_text.document(text, "a.yaml")
        assert document.data == found
        assert document.line_map.lines == yaml_text._built(text, "a.yaml").lines


@needs_libyaml
@pytest.mark.parametrize("text", READ_ALIKE)
def test_common_documents_are_read_by_libyaml(text: str) -> None:
    assert yaml_text._read_by_libyaml(text) == in_python(text)


@needs_libyaml
@pytest.mark.parametrize("text", LEFT_TO_PYTHON)
def test_text_that_the_two_read_differently_is_never_read_by_libyaml(text: str) -> None:
    with pytest.raises(yaml_text._UnsureError):
        yaml_text._read_by_libyaml(text)


@pytest.mark.usefixtures("_each_reader")
@pytest.mark.parametrize(("text", "line", "reason"), REFUSED)
def test_an_error_names_its_line_with_either_parser(text: str, line: int, reason: str) -> None:
    with pytest.raises(JobFileError, match=reason) as caught:
        yaml_text.document(text, "a.yaml")
    assert caught.value.line == line


PIECES = [
    "a", "b: ", "c:", "- ", "? ", ": ", "\n", "\n  ", "\n- ", " ", "{", "}", "[", "]", ", ", ",", '"', "'", "it''s",
    '"\\n\\x41"', "|", ">", "|-", ">+", "|2\n", "#", "# c\n", " #c", "~", "null", "no", "1:30", "\t", "\r\n", "\r", "é",
    "%", "---", "...", "---\n", "&", "*", "!", "\\", "x: 1\n", "k: |\n  l1\n\n   l2\n", "k: >\n  l1\n  l2\n",
    'k: "a\n  b"\n', "k: a\n  b\n", "[a, b: c]", '{a: 1, "b":2}', "\x85", "\u2028", "{a:1}",
]  # fmt: skip


@needs_libyaml
@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=10).map("".join))
@example("prompt: |\n \n  now.\n")
@example("|\n# c\n")
def test_whatever_libyaml_reads_python_reads_alike(text: str) -> None:
    found, other = by_libyaml(text), in_python(text)
    if isinstance(other, JobFileError):
        assert isinstance(found, JobFileError)
    else:
        assert found == other
