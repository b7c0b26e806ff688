"""Whether patterns of files may meet: never "no" where a path fits both."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.scheduling.many_wildcards import ManyWildcards
from engine.scheduling.path_scopes import PathScopes, covers


def meets(one: str, other: str, *, root: str = "/t", other_root: str = "/t") -> bool:
    ground: PathScopes[str] = PathScopes()
    ground.add("first", root, [one])
    return ground.holder(other_root, [other]) == "first"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("src/a.py", "src/a.py"),
        ("src", "src/deep/a.py"),
        ("./src/", "src/a.py"),
        ("src/*.py", "src/a.py"),
        ("src/*.py", "src/a*"),
        ("src/**", "src/deep/a.py"),
        ("**/a.py", "src/deep/a.py"),
        ("**", "anything"),
        ("src/?.py", "src/a.py"),
        ("*/a.py", "src/*.py"),
        ("src/a**b", "src/x/y"),
    ],
)
def test_patterns_that_may_overlap_do_in_both_directions(one: str, other: str) -> None:
    assert meets(one, other)
    assert meets(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("src/a.py", "src/b.py"),
        ("src/*.py", "src/a.md"),
        ("src/a*", "src/b*"),
        ("doc", "src"),
        ("src/?.py", "src/ab.py"),
        ("src/[a].py", "src/a.py"),
        ("src/*", "doc/*"),
    ],
)
def test_patterns_that_cannot_meet_do_not(one: str, other: str) -> None:
    assert not meets(one, other)
    assert not meets(other, one)


def test_roots_count_and_are_never_patterns() -> None:
    assert not meets("a.py", "a.py", root="/t", other_root="/u")
    assert not meets("a.py", "a.py", root="/t*", other_root="/tu")
    assert meets("sub/a.py", "a.py", root="/t", other_root="/t/sub")


NAMES = st.lists(st.sampled_from(["a", "b", "ab", "*", "a*", "?", "**", "*b"]), min_size=1, max_size=3).map(
    "/".join
)
WILDCARDS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
PATHS = st.lists(st.sampled_from(["a", "b", "ab", "bb"]), min_size=1, max_size=4).map("/".join)


@given(one=NAMES, other=NAMES, path=PATHS)
def test_where_one_path_fits_both_patterns_they_meet(one: str, other: str, path: str) -> None:
    if covers([one], path) and covers([other], path):
        assert meets(one, other)
        assert meets(other, one)


@given(glob=NAMES, path=PATHS)
def test_a_plain_path_meets_a_pattern_without_crossing_exactly_where_it_is_covered_or_holds_what_is(
    glob: str, path: str
) -> None:
    if "**" not in glob and meets(glob, path):
        assert covers([glob], path) or len(glob.split("/")) > len(path.split("/"))
    if covers([glob], path):
        assert meets(glob, path)


def test_a_thousand_paths_against_a_thousand_are_one_walk_each() -> None:
    ground: PathScopes[str] = PathScopes()
    ground.add("first", "/t", [f"src/part{n}/a.py" for n in range(1_000)])
    assert ground.holder("/t", [f"src/part{n}/b.py" for n in range(1_000)]) is None
    assert ground.holder("/t", [f"src/part{n}/*.py" for n in range(999, 1_000)]) == "first"


@given(
    parts=st.lists(st.sampled_from(["a", "b", "/", "*", "**", "**/", "?", "***", "a/"]), max_size=7),
    path=st.lists(st.sampled_from(["a", "b", "/", "ab", "/a"]), max_size=8).map("".join),
)
def test_many_wildcards_mean_what_they_mean_in_a_regular_expression(parts: list[str], path: str) -> None:
    split = re.split(r"(\*\*/|\*\*|\*|\?)", "".join(parts))
    regex = "".join(WILDCARDS.get(part, re.escape(part)) for part in split)
    assert ManyWildcards(split).covers(path) == bool(re.fullmatch(f"{regex}(?:/.*)?", path, re.DOTALL))


@pytest.mark.parametrize("glob", ["*a" * 60 + "b", "**a" * 60 + "b", "**/" * 60 + "b", "*?" * 60 + "b"])
def test_a_pattern_of_many_wildcards_costs_no_more_than_its_length(glob: str) -> None:
    assert not covers([glob], "a" * 250)
    assert not covers([glob], "a/" * 125)
    assert covers([glob], "a" * 120 + "b") is ("/" not in glob)
    assert meets(glob, "a" * 250 + "b") is True
