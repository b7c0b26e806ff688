"""Reading bytes nobody vouches for: what is refused, with which line, and that nothing brings the reader down."""

import json
import os
import socket
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import JobFileError
from engine.jobfile.parsing import check_tree, parse
from engine.jobfile.safe_read import MAX_BYTES, read_bytes

GOOD_JSON = b"""{
  "job_id": "build-1", "tool": "shell",
  "command": {"exe": "make", "args": ["-j", "2", "\\u00e4"]},
  "metadata": {"retry": {"limit": 2, "interval_sec": 0.5}, "timeout_seconds": 60}
}"""
GOOD_YAML = b"""job_id: build-1
tool: shell
command:
  exe: make
  args: [-j, 2, "\\u00e4"]
metadata:
  retry: {limit: 2, interval_sec: 0.5}
  timeout_seconds: 60
"""


def refusal(data: bytes, name: str) -> JobFileError:
    with pytest.raises(JobFileError) as caught:
        parse(data, name)
    return caught.value


def outcome(data: bytes, name: str) -> str:
    try:
        parse(data, name)
    except JobFileError as error:
        return error.reason
    return "read"


def test_json_and_yaml_mean_the_same_but_yaml_scalars_stay_strings() -> None:
    from_json, from_yaml = parse(GOOD_JSON, "a.json").data, parse(GOOD_YAML, "a.yaml").data
    assert from_json["metadata"]["retry"] == {"limit": 2, "interval_sec": 0.5}
    assert from_yaml["metadata"]["retry"] == {"limit": "2", "interval_sec": "0.5"}
    assert from_json["command"] == from_yaml["command"]


@pytest.mark.parametrize(
    "written", ["no", "1:30", "0123", "2030-01-01", "1e3", "0x10", "Off", ".inf", "=", "<<"]
)
def test_a_yaml_scalar_means_what_it_shows(written: str) -> None:
    assert parse(f"a: {written}\n".encode(), "a.yaml").data == {"a": written}


def test_an_empty_yaml_value_is_none() -> None:
    assert parse(b'a:\nb: ~\nc: null\nd: "~"\n', "a.yaml").data == {"a": None, "b": None, "c": None, "d": "~"}


def test_a_yaml_file_that_is_json_is_read_without_a_suffix_too() -> None:
    assert parse(b'{"a":\t1}', "dropped").data == {"a": 1}
    assert parse(b"a: 1", "dropped").data == {"a": "1"}


def test_each_value_knows_its_line() -> None:
    text = '{\n"a": {"b":\n [1,\n 2]},\n"c":\n\n "x"}'
    document = parse(text.encode(), "a.json")
    assert [document.line_of(r) for r in [("a",), ("a", "b"), ("a", "b", 1), ("c",)]] == [2, 2, 4, 5]
    assert document.line_of(("a", "missing", "deeper")) == 2


@pytest.mark.parametrize(
    ("data", "name", "line", "reason"),
    [
        (b'{"tool": "git",\n "a": [{}],\n "tool": "shell"}', "a.json", 3, "tool is given twice"),
        (b'{"a": {"b": 1,\n "b": 1}}', "a.json", 2, "a.b is given twice"),
        (b"tool: git\ntool: shell\n", "a.yaml", 2, "tool is given twice"),
        (b'{"a":\n NaN}', "a.json", 1, "a is not a number"),
        (b'{"a": 1,\n "b": -Infinity}', "a.json", 2, "b is not a number"),
        (b'{"a": 1e999}', "a.json", 1, "a is not a number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a.json", 1, "a is not a number"),
        (b'{"a": 1}\n{"b": 2}', "a.json", 2, "Extra data"),
        (b'{"a": 1,\n', "a.json", 2, "is not JSON"),
        (b"", "a.json", None, "is empty"),
        (b" \n\t ", "a.yaml", None, "is empty"),
        (b"[" * 100_000, "a.json", None, "levels deep"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "a.json", 1, "levels deep"),
        (b"[" * 10_000, "a.yaml", 1, "levels deep"),
        (b"\xef\xbb\xbf{}", "a.json", 1, "byte order mark"),
        ('{"a": 1}'.encode("utf-16"), "a.json", 1, "byte order mark"),
        ('{"a": 1}'.encode("utf-16-le"), "a.json", 1, "NUL"),
        (b'{"a":\n "\xe4"}', "a.json", 2, "not UTF-8"),
        (b'{"a": 1,\n "b": "\\ud800"}', "a.json", 2, "half a character"),
        (b'{"\\ud800": 1}', "a.json", 1, "not plain text"),
        (b'{"a":\n "x\\u0000y"}', "a.json", 1, "NUL"),
        (b'a: "x\\0y"', "a.yaml", 1, "NUL"),
        (b"a: &x 1\nb: *x\n", "a.yaml", 1, "anchor or alias"),
        (b"a: 1\nb: *x\n", "a.yaml", 2, "anchor or alias"),
        (b"a: !!python/object/apply:os.system [id]\n", "a.yaml", 1, "uses a tag"),
        (b"a: !!str 1\n", "a.yaml", 1, "uses a tag"),
        (b"a: 1\n---\nb: 2\n", "a.yaml", 2, "second document"),
        (b"? [a]\n: 1\n", "a.yaml", 1, "key that is not plain text"),
        (b"a: [1,\n", "a.yaml", 2, "is not YAML"),
        (b"a: 1\n  b: 2\n", "a.yaml", 2, "is not YAML"),
        (b"# " + b"x" * 300_000, "a.yaml", None, "256 KB"),
    ],
)
def test_text_that_could_be_read_in_two_ways_is_refused_with_its_line(
    data: bytes, name: str, line: int | None, reason: str
) -> None:
    error = refusal(data, name)
    assert reason in str(error)
    assert error.line == line
    assert str(error).startswith(f"{name}: ")


def test_a_yaml_alias_bomb_is_refused_at_once() -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    begun = time.thread_time()
    assert "anchor" in str(refusal("\n".join(rows).encode(), "bomb.yaml"))
    assert time.thread_time() - begun < 1


@pytest.mark.parametrize(("good", "name"), [(GOOD_JSON, "a.json"), (GOOD_YAML, "a.yaml")])
def test_a_good_file_cut_off_anywhere_is_read_or_refused(good: bytes, name: str) -> None:
    for length in range(len(good)):
        assert outcome(good[:length], name)


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=400), name=st.sampled_from(["a.json", "a.yaml", "a"]))
@example(data=b"%YAML 9.9\n---\na: 1", name="a.yaml")
@example(data=b"%TAG ! tag:x\n--- !y 1", name="a.yaml")
@example(data=b"- - - -\n? ? ?", name="a.yaml")
@example(data=b"a: !<> 1", name="a.yaml")
@example(data=b'"\\U00110000"', name="a.yaml")
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    assert outcome(data, name)


@settings(max_examples=300, deadline=None)
@given(
    good=st.sampled_from([(GOOD_JSON, "a.json"), (GOOD_YAML, "a.yaml")]),
    at=st.integers(0, 220),
    cut=st.integers(0, 12),
    put=st.one_of(
        st.binary(max_size=8), st.sampled_from([b"&a ", b"*a", b"!!int ", b"{", b"[", b"---\n", b"\t"])
    ),
)
def test_a_good_file_changed_anywhere_is_read_or_refused(
    good: tuple[bytes, str], at: int, cut: int, put: bytes
) -> None:
    data, name = good
    assert outcome(data[:at] + put + data[at + cut :], name)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(value=_JSON, indent=st.sampled_from([None, 2]))
def test_all_plain_json_is_read_as_json_reads_it_and_every_value_has_a_line(
    value: object, indent: int | None
) -> None:
    document = parse(json.dumps(value, indent=indent).encode(), "a.json")
    assert document.data == value
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), value)]
    while waiting:
        route, here = waiting.pop()
        assert route in document.line_map.lines
        if isinstance(here, dict):
            waiting.extend(((*route, key), item) for key, item in here.items())
        elif isinstance(here, list):
            waiting.extend(((*route, index), item) for index, item in enumerate(here))


@pytest.mark.parametrize(
    "value", [{"a": float("nan")}, {"a": {1: 2}}, {"a": b"x"}, {"a": "\ud800"}, {"a": 10**30}]
)
def test_a_dict_that_no_file_could_contain_is_refused(value: object) -> None:
    with pytest.raises(JobFileError):
        check_tree(value)


# What lies at a path


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(GOOD_JSON)
    assert read_bytes(tmp_path / "a.json") == GOOD_JSON


def test_links_of_both_kinds_are_refused_when_found_and_accepted_when_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(GOOD_JSON)
    (tmp_path / "soft.json").symlink_to("a.json")
    with pytest.raises(JobFileError, match="symbolic link"):
        read_bytes(tmp_path / "soft.json")
    assert read_bytes(tmp_path / "soft.json", guarded=False) == GOOD_JSON
    (tmp_path / "hard.json").hardlink_to(tmp_path / "a.json")
    with pytest.raises(JobFileError, match="hard link"):
        read_bytes(tmp_path / "a.json")
    assert read_bytes(tmp_path / "a.json", guarded=False) == GOOD_JSON


@pytest.mark.parametrize("guarded", [True, False])
def test_a_path_to_other_than_a_regular_file_is_refused_without_waiting(
    tmp_path: Path, *, guarded: bool
) -> None:
    os.mkfifo(tmp_path / "fifo.json")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    (tmp_path / "loop.json").symlink_to("loop.json")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.json"))
        for name in ["fifo.json", "folder.json", "zero.json", "socket.json", "missing.json", "loop.json"]:
            with pytest.raises(JobFileError, match=name):
                read_bytes(tmp_path / name, guarded=guarded)


def test_a_huge_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(3 * 1024**3)
    begun = time.thread_time()
    with pytest.raises(JobFileError, match="larger than 1 MB"):
        read_bytes(tmp_path / "huge.json")
    assert time.thread_time() - begun < 0.5
    (tmp_path / "full.json").write_bytes(b" " * MAX_BYTES)
    assert len(read_bytes(tmp_path / "full.json")) == MAX_BYTES


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give files away")
def test_another_users_file_is_refused_when_found(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(GOOD_JSON)
    os.chown(file, 65534, 65534)
    with pytest.raises(JobFileError, match="another user"):
        read_bytes(file)
    assert read_bytes(file, guarded=False) == GOOD_JSON


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(JobFileError):
        read_bytes("a\0b")
