"""What tools print is cleaned and capped before it is shown."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.streams.entries import SHOWN, Level, clean, level_of
from engine.streams.lines import LineSplitter
from engine.system import plain_text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"\x1b[31mred\x1b[0m and \x1b[1;4mbold\x1b[m", "red and bold"),
        (b"\x1b]0;a title\x07text", "text"),
        (b"\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        (b"\x1b]52;c;cm0gLXJmIH4=\x07copied", "copied"),
        (b"\x1bPq#0;2;0\x1b\\after", "after"),
        (b"\x1b[2J\x1b[Hcleared", "cleared"),
        (b" 10%\r 50%\r100% done", "100% done"),
        (b"windows line\r", "windows line"),
        (b"a\0b\x01c", "a\\x00b\\x01c"),
        ("admin\u202etxt.exe".encode(), "admin\\u202etxt.exe"),
        ("zero\u200bwidth".encode(), "zero\\u200bwidth"),
        (b"bad \xff\xfe utf-8", "bad \ufffd\ufffd utf-8"),
        (b"over\x08\x08\x08\x08strike", "strike"),
        (b"col\tumn", "col     umn"),
        ("Grüße, 世界".encode(), "Grüße, 世界"),
        (b"", ""),
    ],
)
def test_no_line_keeps_control_characters(raw: bytes, shown: str) -> None:
    assert clean(raw) == shown


@given(st.binary(max_size=300))
def test_every_line_becomes_printable_text(raw: bytes) -> None:
    text = clean(raw.replace(b"\n", b""))
    assert not [one for one in text if unicodedata.category(one) in {"Cc", "Zl", "Zp", "Cs"}]
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def test_a_long_line_is_capped_and_states_its_size() -> None:
    text = clean(b"x" * 1_000_000)
    assert len(text) < SHOWN + 40
    assert text.endswith("… (1,000,000 bytes)")


def test_a_line_of_a_hundred_megabytes_costs_no_more_than_its_bytes() -> None:
    splitter, started = LineSplitter(), time.thread_time()
    piece = b"y" * 1_000_000
    for _ in range(100):
        assert list(splitter.lines(piece)) == []
    (line,) = splitter.lines(b"\n")
    assert line.text.endswith("… (100,000,000 bytes)")
    assert time.thread_time() - started < 2


def test_lines_are_the_same_wherever_the_output_is_cut() -> None:
    whole = "eins\nzwei \u20ac\n\ndrei".encode()
    for cut in range(len(whole) + 1):
        splitter = LineSplitter()
        found = [*splitter.lines(whole[:cut]), *splitter.lines(whole[cut:]), *splitter.rest()]
        assert [line.text for line in found] == ["eins", "zwei \u20ac", "", "drei"]
        assert list(splitter.rest()) == []


@given(st.text("ab \t\r\n\x1b[0m\b€", max_size=60), st.integers(0, 80), st.integers(0, 80))
def test_lines_are_the_same_wherever_the_reads_were_cut(text: str, first: int, second: int) -> None:
    whole = f"{text}\n".encode()
    begin, end = sorted((first, second))
    splitter, in_pieces = LineSplitter(), LineSplitter()
    expected = list(splitter.lines(whole))
    cut = (whole[:begin], whole[begin:end], whole[end:])
    found = [line for piece in cut for line in in_pieces.lines(piece)]
    assert [(line.offset, line.text) for line in found] == [(line.offset, line.text) for line in expected]
    assert not in_pieces.pending
    assert [line.text for line in expected] == plain_text.plain_lines(f"{text}\n")


def test_a_long_progress_bar_ends_at_its_last_frame_even_when_read_at_once() -> None:
    bar = b"".join(b"\r%6d of 100000" % number for number in range(100_000))
    whole, in_pieces = LineSplitter(), LineSplitter()
    assert [line.text for line in whole.lines(b"start\n" + bar + b"\nnext")] == ["start", " 99999 of 100000"]
    for at in range(0, len(bar), 1000):
        assert list(in_pieces.lines(bar[at : at + 1000])) == []
    assert [line.text for line in in_pieces.lines(b"\n")] == [" 99999 of 100000"]


@pytest.mark.parametrize("style", [b"\r%3d%%", b"%3d%%\r"])
def test_an_endless_progress_bar_keeps_only_its_last_frame(style: bytes) -> None:
    splitter = LineSplitter()
    for number in range(20_000):
        assert list(splitter.lines(style % number)) == []
    assert sum(map(len, splitter._frame.parts)) < 100
    assert [line.text.strip() for line in splitter.lines(b"\n")] == ["19999%"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("FAILED tests/test_a.py::test_x - assert 1 == 2", Level.ERROR),
        ("E   assert [Error(3, 14)] == []", Level.ERROR),
        ("ValueError: nope", Level.ERROR),
        ("Traceback (most recent call last):", Level.ERROR),
        ("src/main.rs:1: error[E0308]: mismatched", Level.ERROR),
        ("fatal: not a git repository", Level.ERROR),
        ("2 warnings, 0 errors", Level.OUTPUT),
        ("warning: unused variable", Level.WARNING),
        ("DeprecationWarning: old", Level.WARNING),
        ("2026-01-01 DEBUG polling", Level.DEBUG),
        ("12:00 INFO started", Level.INFO),
        ("43 passed in 8.61s", Level.OUTPUT),
        ("tests/test_errors.py ......", Level.OUTPUT),
        ("Applied edit to error_handling.py", Level.OUTPUT),
    ],
)
def test_the_level_of_a_line_is_guessed_from_its_words(text: str, level: Level) -> None:
    assert level_of(text) is level
