"""Reading output backwards, and searching its bytes, finds what reading all of it from the start finds."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.runners import capture, indexed_output, layout, output
from engine.runners.capture import Capture
from engine.runners.indexed_output import IndexedOutput
from engine.streams import newest_lines
from engine.streams.attempt_output import AttemptOutput
from engine.streams.counted_lines import counted_lines
from engine.streams.entries import (
    Level,
    RawLine,
    StreamEntry,
    clean,
    clean_lines,
    is_plain_block,
    level_of,
    levels_of,
)
from engine.streams.line_search import LineSearch, levels_search, text_search
from engine.streams.lines import EVENT_LINE, TEXT_LINE, LineSplitter
from engine.streams.newest_lines import NewestLines
from engine.streams.stream_readers import TextReader

_WORDS = [
    *(
        b"\n",
        b"\n",
        b"\n",
        b"a",
        b"b ",
        b"ab",
        b"7a",
        b"\\x07",
        b"ERROR: ",
        b"Total",
        b"INFO ",
        b"warnings",
        b"DEBUG ",
        b" ",
    ),
    *(
        b"\x1b[31m",
        b"\x1b]0;title\x07",
        b"\x1b]open",
        b"\x1b",
        b"\r",
        b"\b",
        b"\t",
        b"\x00",
        b"\x07",
        b"\x9b",
    ),
    *(
        "é".encode(),
        "İK".encode(),
        "\u202e".encode(),
        b"\xff",
        b"\xe2",
        b"\xc2\x9b1m",
        b"x" * 2_100,
        b"y" * 70_000,
    ),
]
PIECES = st.lists(
    st.tuples(st.integers(0, 3), st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8).map(b"".join)),
    max_size=25,
)
MANY_PIECES = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 0, 0, 1, 2]),
        st.lists(st.sampled_from(_WORDS[:20]), min_size=1, max_size=8).map(b"".join),
    ),
    min_size=15,
    max_size=40,
)
SOUGHT = st.sampled_from(
    ["a", "ab", "7A", "total", "\\x07", "E", "éi", "k", " ", "b ", "bytes)", "x" * 30, "zz"]
)


class Found(NamedTuple):
    ns: int
    entry: StreamEntry


def captured(folder: Path, pieces: list[tuple[int, bytes]], *, cap: int) -> None:
    """Capture these pieces in a folder, as the shim does, each at a time of its own."""
    streams = tuple(str(folder / name) for name in layout.STREAMS)
    kept = Capture(streams, str(folder / layout.INDEX), cap=cap)
    for at, (stream, data) in enumerate(pieces, 1):
        kept.keep(stream, data, at * 10)
    kept.close()


def forwards(folder: Path, *, whole: bool = False) -> list[Found]:
    """Every line, read from the start, one by one."""
    most = EVENT_LINE if whole else TEXT_LINE
    splitters = {
        name: LineSplitter(name, most=most if name == "stdout" else TEXT_LINE) for name in layout.STREAMS
    }
    readers = {name: TextReader(whole=whole and name in {"stdout", "stderr"}) for name in layout.STREAMS}
    torn: set[str] = set()
    found: list[Found] = []
    ns = 0

    def take(lines: Iterable[RawLine]) -> None:
        found.extend(Found(ns, entry) for line in lines for entry in readers[line.stream].read(line))

    for piece in output.pieces(folder):
        ns, splitter = piece.ns, splitters[piece.stream]
        if piece.offset != splitter.next_offset:
            torn.add(piece.stream)
            take(splitter.skip_to(piece.offset))
        for line in splitter.lines(piece.text):
            if piece.stream in torn:
                torn.remove(piece.stream)
            else:
                take([line])
    for splitter in splitters.values():
        take(splitter.rest())
    return sorted(found, key=attrgetter("ns"))


def continued(folder: Path, begin: Callable[[AttemptOutput], None]) -> list[Found]:
    """What `AttemptOutput` reads from the place where it has to begin."""
    reading = AttemptOutput(folder, TextReader())
    begin(reading)
    return [Found(*timed) for timed in (*reading.read(), *reading.rest())]


def backwards(folder: Path, how: NewestLines) -> list[Found]:
    with IndexedOutput(folder) as output:
        assert output.is_orderly
        found = [Found(line.ns, line.entry) for line in how.of(output) if line.entry is not None]
    return found[::-1]


def by_place(lines: list[Found]) -> list[StreamEntry]:
    return sorted(
        (found.entry for found in lines), key=lambda entry: (entry.stream, entry.offset, entry.text)
    )


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_FIRST_BLOCK", "_BLOCK", "_LONG_BLOCK"):
        monkeypatch.setattr(newest_lines, name, 24)
    for module in (output, indexed_output):
        monkeypatch.setattr(module, "UNTIMED", 16)


@contextmanager
def index_of(records: int) -> Iterator[None]:
    """Captures keep no more than so many of the first records of their index, and up to two thirds of the last."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capture, "INDEX_HEAD", records * capture.RECORD.size)
        patch.setattr(capture, "INDEX_TAIL", max(records // 3, 1) * capture.RECORD.size)
        yield


pytestmark = pytest.mark.usefixtures("small_blocks")
PROPERTY = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@PROPERTY
@given(
    pieces=MANY_PIECES | PIECES,
    cap=st.sampled_from([100, 200, 1_000_000]),
    records=st.sampled_from([3, 6, 1_000]),
    whole=st.booleans(),
    since=st.integers(0, 420),
    until=st.integers(0, 420),
)
@example(
    pieces=[(0, b"cut\n"), (1, b"x"), (0, b"last")], cap=1_000_000, records=9, whole=False, since=0, until=420
)
def test_lines_are_the_same_whether_read_from_the_start_or_from_the_end(
    tmp_path_factory: pytest.TempPathFactory,
    *,
    pieces: list[tuple[int, bytes]],
    cap: int,
    records: int,
    whole: bool,
    since: int,
    until: int,
) -> None:
    folder = tmp_path_factory.mktemp("attempt")
    with index_of(records):
        captured(folder, [(stream, data[: cap // 4]) for stream, data in pieces], cap=cap)
    expected = [found for found in forwards(folder, whole=whole) if since <= found.ns < until]
    how = NewestLines(since=since, until=until, whole=whole, has_ended=True)
    assert backwards(folder, how) == expected
    with IndexedOutput(folder) as kept:
        counted = [lines for lines, _ in counted_lines(kept, how)]
    assert sum(counted) == len(expected)
    if not whole:
        later = [found for found in forwards(folder) if found.ns >= since]
        read = continued(folder, lambda reading: reading.start_at_time(since))
        assert by_place([found for found in read if found.ns >= since]) == by_place(later)


@PROPERTY
@given(pieces=PIECES, sought=SOUGHT, is_case=st.booleans(), whole=st.booleans())
def test_a_search_in_bytes_finds_each_line_that_has_the_text_once_it_is_clean(
    tmp_path_factory: pytest.TempPathFactory,
    *,
    pieces: list[tuple[int, bytes]],
    sought: str,
    is_case: bool,
    whole: bool,
) -> None:
    folder = tmp_path_factory.mktemp("attempt")
    captured(folder, pieces, cap=1_000_000)

    def has(text: str, _level: Level = Level.OUTPUT, _stream: str = "") -> bool:
        return sought in text if is_case else sought.lower() in text.lower()

    expected = [found for found in forwards(folder, whole=whole) if has(found.entry.text)]
    search = LineSearch(has, (sought,), is_case=is_case, is_text_enough=True)
    assert backwards(folder, NewestLines(search=search, whole=whole, has_ended=True)) == expected


@PROPERTY
@given(pieces=PIECES, levels=st.frozensets(st.sampled_from(Level), min_size=1))
def test_the_lines_of_some_levels_are_found_by_their_words(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[int, bytes]], levels: frozenset[Level]
) -> None:
    folder = tmp_path_factory.mktemp("attempt")
    captured(folder, pieces, cap=1_000_000)
    expected = [found for found in forwards(folder) if found.entry.level in levels]
    search = levels_search(levels, has_rules=False)
    assert backwards(folder, NewestLines(search=search, has_ended=True)) == expected


@PROPERTY
@given(
    block=st.lists(st.sampled_from(_WORDS), max_size=12).map(b"".join), sought=SOUGHT, is_case=st.booleans()
)
def test_many_lines_are_cleaned_levelled_and_counted_as_each_would_be(
    *,
    block: bytes,
    sought: str,
    is_case: bool,
) -> None:
    one_by_one = [clean(line) for line in block.split(b"\n")]
    assert clean_lines(block) == one_by_one
    assert levels_of(one_by_one) == [level_of(text) for text in one_by_one]
    search = LineSearch(lambda *_: True, (sought,), is_case=is_case, is_text_enough=True)
    counted = search.count(block + b"\n") if is_plain_block(block + b"\n") else None
    has = [sought in text if is_case else sought.lower() in text.lower() for text in one_by_one]
    assert counted is None or counted == sum(has)


def test_what_is_rolled_pruned_or_grows_while_it_is_read_is_read_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "attempt"
    folder.mkdir()
    pieces = [(0, b"line %d\n" % number) for number in range(200)]
    captured(folder, pieces, cap=1_000)
    expected = forwards(folder)
    with IndexedOutput(folder) as output:
        read = NewestLines(has_ended=True).of(output)
        lines = (Found(line.ns, line.entry) for line in read if line.entry is not None)
        first = next(lines)
        with (folder / "stdout").open("ab") as file:
            file.write(b"and more\n")
        shutil.rmtree(folder)
        assert [first, *lines][::-1] == expected


def test_a_file_that_is_truncated_while_it_is_read_ends_there(tmp_path: Path) -> None:
    captured(tmp_path, [(0, b"line %d\n" % number) for number in range(200)], cap=1_000_000)
    with IndexedOutput(tmp_path) as output:
        lines = (line.entry.text for line in NewestLines().of(output) if line.entry is not None)
        assert next(lines) == "line 199"
        os.truncate(tmp_path / "stdout", 10)
        assert set(lines) <= {f"line {number}" for number in range(200)}


def test_a_line_of_any_length_is_searched_and_shown_with_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest_lines, "_LONG_BLOCK", 1024 * 1024)
    size = 20 * 1024 * 1024
    piece = b"x" * (size // 20)
    captured(tmp_path, [(0, b"before\n"), *[(0, piece)] * 20, (0, b"\nafter\n")], cap=2 * size)
    found = backwards(tmp_path, NewestLines(search=text_search("X", is_case=False)))
    (line,) = found
    assert line.entry.text == f"{'x' * 2_000}… ({size:,} bytes)"
    assert line.entry.offset == len(b"before\n")
