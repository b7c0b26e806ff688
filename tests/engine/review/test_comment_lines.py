"""A comment on a line stays with its line, and says whether that has changed since."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.review.comment_lines import LineFate, LineNow, lines_now
from state.storable import storable_text
from state.worktree_records import CommentState, DiffSide, ReviewComment
from tests.engine.review.conftest import TwoCommits
from tests.helpers.counted_git import count_git

TEN = [f"line {number}" for number in range(1, 11)]


def comment(commit: str, first: int, last: int, **values: Any) -> ReviewComment:
    made: dict[str, Any] = {"path": "a.py", "state": CommentState.SENT, "attempt": 2, **values}
    return ReviewComment(
        id=1, run_id="r", ws_id="w", text="x", line=first, last_line=last, commit=commit, **made
    )


def text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("after", "lines", "expected"),
    [
        ([*TEN[:8], "other", *TEN[9:]], (5, 5), LineNow(LineFate.SAME, 5)),
        (["new", "new too", *TEN], (5, 5), LineNow(LineFate.SAME, 7)),
        ([*TEN[:4], "changed", *TEN[5:]], (5, 5), LineNow(LineFate.CHANGED, 5)),
        ([*TEN[:4], *TEN[5:]], (5, 5), LineNow(LineFate.GONE, 4)),
        ([*TEN[:4], "new", *TEN[4:]], (3, 6), LineNow(LineFate.CHANGED, 7)),
        ([*TEN[:4], "new", *TEN[4:]], (5, 6), LineNow(LineFate.SAME, 7)),
        ([*TEN[:5], *TEN[7:]], (4, 6), LineNow(LineFate.CHANGED, 5)),
        ([*TEN[1:3], "changed", *TEN[4:]], (4, 4), LineNow(LineFate.CHANGED, 3)),
        ([], (1, 10), LineNow(LineFate.GONE, 0)),
    ],
)
def test_a_line_is_found_again_wherever_it_is_now(
    commits: TwoCommits, *, after: list[str], lines: tuple[int, int], expected: LineNow
) -> None:
    before = commits.commit({"a.py": text(TEN)})
    head = commits.commit({"a.py": text(after)})
    assert lines_now(commits.root, [comment(before, *lines)], head=head) == {1: expected}


def test_a_line_of_a_file_that_is_gone_is_gone(commits: TwoCommits) -> None:
    before = commits.commit({"a.py": text(TEN)})
    head = commits.commit({"a.py": None})
    assert lines_now(commits.root, [comment(before, 3, 3)], head=head) == {1: LineNow(LineFate.GONE, 0)}


def test_a_line_of_a_file_that_was_renamed_is_found_there(commits: TwoCommits) -> None:
    before = commits.commit({"a.py": text(TEN)})
    head = commits.commit({"a.py": None, "b.py": text(["new", *TEN])})
    assert lines_now(commits.root, [comment(before, 3, 3)], head=head) == {1: LineNow(LineFate.SAME, 4)}


def test_a_line_of_a_file_whose_name_is_no_utf8_is_followed(commits: TwoCommits) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    before = commits.commit({name: text(TEN)})
    head = commits.commit({name: text([*TEN[:2], "changed", *TEN[3:]])})
    stored = comment(before, 3, 3, path=storable_text(name))
    assert lines_now(commits.root, [stored], head=head) == {1: LineNow(LineFate.CHANGED, 3)}


def test_comments_on_many_files_take_few_calls_of_git(
    commits: TwoCommits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number}.py" for number in range(30)]
    before = commits.commit(dict.fromkeys(names, text(TEN)))
    head = commits.commit(dict.fromkeys(names[:20], text(TEN[1:])))
    git = count_git(tmp_path / "bin", monkeypatch)
    comments = [replace(comment(before, 3, 3, path=name), id=place) for place, name in enumerate(names)]
    found = lines_now(commits.root, comments, head=head)
    assert [now.line for now in found.values()] == [2] * 20 + [3] * 10
    assert len(git.calls()) < 5


def test_nothing_is_said_of_drafts_of_lines_before_the_change_and_of_commits_that_are_gone(
    commits: TwoCommits,
) -> None:
    before = commits.commit({"a.py": text(TEN)})
    head = commits.commit({"a.py": text(TEN[1:])})
    silent = [
        comment(before, 1, 1, state=CommentState.DRAFT),
        comment(before, 1, 1, side=DiffSide.OLD),
        comment("0" * 40, 1, 1),
        comment(before, 1, 1, path=None),
    ]
    assert lines_now(commits.root, silent, head=head) == {}
