"""Regular expressions are looked for in bytes, and find what they find in each line that is shown."""

import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.runners.indexed_output import IndexedOutput
from engine.streams import counted_lines
from engine.streams.entries import Level, clean_lines, is_plain_block
from engine.streams.line_regex import line_regex
from engine.streams.line_search import LineSearch
from engine.streams.newest_lines import NewestLines
from engine.streams.ripgrep_count import ripgrep
from gui.panels.logs.output_server import search_of
from gui.panels.logs.text_match import TextMatcher, TextPattern
from tests.helpers.attempts import keep

PROPERTY = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ATOMS = st.sampled_from(
    [
        *(
            "a",
            "b",
            "S",
            "k",
            " ",
            "-",
            "_",
            "7",
            ".",
            "ab",
            "as ",
            "[ab]",
            "[^a]",
            "[a-k]",
            "[^ ]",
            r"[\d_-]",
            "[]a]",
        ),
        *(
            r"\d",
            r"\w",
            r"\s",
            r"\W",
            r"\S",
            r"\b",
            r"\B",
            "^",
            "$",
            r"\.",
            r"\-",
            "é",
            r"\x61",
            "[[:alpha:]]",
            "(?=a)",
        ),
    ]
)
REPEATS = st.sampled_from(
    ["", "", "", "*", "+", "?", "{2}", "{1,3}", "{0}", "{2,}", "*?", "+?", "++", "{,2}"]
)
PATTERNS = st.recursive(
    st.tuples(ATOMS, REPEATS).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map("|".join),
        st.tuples(st.sampled_from(["(", "(?:", "(?<n>"]), inner, st.just(")"), REPEATS).map("".join),
    ),
    max_leaves=8,
)
PLAIN = ["a", "b", "A", "S", "s", "k", " ", "-", "_", "7", ".", "ab", "as ", "\n", "\n", "a" * 30]
OTHER = [*PLAIN, "é", "\u017f", "\u212a", "\x1b[31m", "\t", "\r", "\x07", "a" * 2_100]


def search_for(pattern: str, *, is_case: bool) -> tuple[LineSearch, TextMatcher]:
    search = search_of({"text": pattern, "regex": True, "case": is_case})
    assert search is not None
    return search, TextMatcher(TextPattern(pattern, is_regex=True, is_case=is_case))


def meant(search: LineSearch, block: bytes) -> list[int]:
    """Where the lines begin that pass, of those that the search names."""
    spans = search.spans(block, is_plain=is_plain_block(block))
    texts = ((start, clean_lines(block[start:end])[0]) for start, end in spans)
    return [start for start, text in texts if search.test(text, Level.OUTPUT, "stdout")]


def by_the_rule(matcher: TextMatcher, block: bytes) -> list[int]:
    found, place = [], 0
    for line in block[:-1].split(b"\n"):
        text = clean_lines(line)[0]
        if matcher.matches(text, text.lower()):
            found.append(place)
        place += len(line) + 1
    return found


@PROPERTY
@given(
    pattern=PATTERNS,
    is_case=st.booleans(),
    words=st.one_of(*(st.lists(st.sampled_from(words), max_size=30) for words in (PLAIN, PLAIN, OTHER))),
)
@example(pattern="ss", is_case=False, words=["\u017f\u017f\n", "\u00e9"])
@example(pattern="kk", is_case=False, words=["\u212ak\n"])
@example(pattern="b $|a$", is_case=True, words=["b \n", "a  \n"])
@example(pattern=r"-\B", is_case=True, words=["-  \n", "a-b"])
@example(pattern="(a+)+b", is_case=True, words=["a" * 30, "c ab\n"])
@example(pattern="^$", is_case=True, words=["  \n", "\n"])
def test_a_regular_expression_finds_in_blocks_what_it_finds_in_each_line(
    *, pattern: str, is_case: bool, words: list[str]
) -> None:
    search, matcher = search_for(pattern, is_case=is_case)
    block = "".join(words).encode() + b"\n"
    expected = by_the_rule(matcher, block)
    assert meant(search, block) == expected
    if is_plain_block(block):
        assert search.count(block) in {None, len(expected)}


@pytest.mark.skipif(shutil.which("rg") is None, reason="ripgrep is not installed")
@settings(max_examples=25, deadline=None)
@given(patterns=st.lists(PATTERNS, min_size=1, max_size=3), is_case=st.booleans())
def test_ripgrep_finds_what_is_certain_in_the_same_lines(*, patterns: list[str], is_case: bool) -> None:
    words = ["a", "b", "As ", "ab", " ", "-", "_7", "k.", "", "a" * 30]
    lines = [one + two + three for one in words for two in words for three in words]
    block = "".join(f"{line}\n" for line in lines).encode()
    for pattern in patterns:
        exact = line_regex(pattern, is_case=is_case).exact
        _, matcher = search_for(pattern, is_case=is_case)
        if not exact or TextPattern(pattern, is_regex=True).problem:
            continue
        argv = [
            "rg",
            "--no-config",
            "-a",
            "--count",
            "--no-unicode",
            *([] if is_case else ["-i"]),
            "-e",
            exact,
            "-",
        ]
        done = subprocess.run(argv, input=block, capture_output=True, check=False)
        assert int(done.stdout or 0) == len(by_the_rule(matcher, block))


def test_what_is_looked_for_is_known_of_usual_regular_expressions() -> None:
    known = {
        r"step \d+ of": ("step ",),
        "error|FAIL(ed|ure)?": ("error", "fail"),
        r"^\d+ INFO worker": (" info worker",),
        r"took .*ms$": ("took ",),
    }
    for pattern, texts in known.items():
        found = line_regex(pattern, is_case=False)
        assert found.texts == texts
        assert found.exact
    for pattern in ("(a+)+b", "a.*b.*c", "(?i)total", r"\Qa\E", "[[:digit:]]+", "größe"):
        assert not line_regex(pattern, is_case=True).exact


def test_a_regular_expression_is_counted_without_a_test_of_each_line_and_by_ripgrep_once_all_is_plain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, ("stdout", b"step 12 took 7 ms  \nno\nSTEP 7 took long\n" * 20_000, 1.0))
    search, _ = search_for(r"step \d+ took (\d+ ms|long)$", is_case=False)
    tests: list[str] = []

    def noted(text: str, level: Level, stream: str) -> bool:
        tests.append(text)
        return search.test(text, level, stream)

    counting = replace(search, test=noted)

    def counted(*, with_all: bool) -> int:
        with IndexedOutput(tmp_path) as output:
            how = NewestLines(search=counting, has_ended=True)
            return sum(found for _, found in counted_lines.counted_lines(output, how, with_all=with_all))

    assert counted(with_all=True) == 40_000
    assert not tests
    if ripgrep() is not None:
        monkeypatch.setattr(NewestLines, "parts", None)  # it reads no block
        assert counted(with_all=False) == 40_000


def test_a_slow_regular_expression_is_never_left_to_python() -> None:
    block = b"a" * 1_999 + b"\n"
    before = time.process_time()
    for pattern in ("a.*a.*a.*b", "(a|aa)+b", "(a?){30}b", "(a*)*b", ".*.*.*b"):
        search, _ = search_for(pattern, is_case=True)
        assert not meant(search, block)
        assert search.count(block) in {None, 0}
    assert time.process_time() - before < 1.0
