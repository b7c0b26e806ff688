"""Where the lines that people have commented on are now, and whether they have changed; reads the repository."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.errors import GitError
from engine.review.diff_records import Hunk
from engine.review.patch_parser import parse_patch
from engine.review.tree_diff import tree_diff
from state.worktree_records import CommentState, DiffSide, ReviewComment


class LineFate(StrEnum):
    """What has become of the lines of a comment since it was made."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"

    def sentence(self, *, of_many: bool) -> str:
        """It in words, of one line or of many."""
        return _SENTENCES[self][of_many]


_SENTENCES = {
    LineFate.SAME: ("the line is as it was", "the lines are as they were"),
    LineFate.CHANGED: ("the line has changed", "the lines have changed"),
    LineFate.GONE: ("the line is gone", "the lines are gone"),
}


@dataclass(frozen=True, slots=True)
class LineNow:
    """What has become of the lines of a comment, and the number of the last one, or of that before the gap it left."""

    fate: LineFate
    line: int


def lines_now(repo: Path, comments: Iterable[ReviewComment], *, head: str) -> dict[int, LineNow]:
    """What has become of the lines of each comment that was sent, by its id.

    Only lines of the new side are followed; those before the change are what they were. What git does not know is left
    out.
    """
    found: dict[int, LineNow] = {}
    hunks: dict[tuple[str, str], Sequence[Hunk] | None] = {}
    for comment in comments:
        if (
            not _has_new_lines(comment)
            or comment.commit is None
            or comment.path is None
            or comment.line is None
        ):
            continue
        key = (comment.commit, comment.path)
        if key not in hunks:
            hunks[key] = _hunks(repo, *key, head=head)
        if (known := hunks[key]) is not None:
            found[comment.id] = line_now(known, comment.line, comment.last_line or comment.line)
    return found


def line_now(hunks: Sequence[Hunk], first: int, last: int) -> LineNow:
    """What has become of these lines by a change without context."""
    fate, shift = LineFate.SAME, 0
    for hunk in hunks:
        begin, below = hunk.first_old, hunk.first_old + hunk.old_count
        if begin > last:
            break
        if below > first:
            fate = LineFate.CHANGED
        if below > last:
            return _inside(hunk, hunks, first, last)
        shift += hunk.new_count - hunk.old_count
    return LineNow(fate, last + shift)


def _inside(hunk: Hunk, hunks: Sequence[Hunk], first: int, last: int) -> LineNow:
    """The last line is among those that the hunk replaces, or removes."""
    place = last - hunk.first_old
    if hunk.new_count:
        return LineNow(LineFate.CHANGED, hunk.new_start + min(place, hunk.new_count - 1))
    if hunk.first_old <= first:
        return LineNow(LineFate.GONE, hunk.new_start)
    return LineNow(LineFate.CHANGED, line_now(hunks, first, hunk.first_old - 1).line)


def _has_new_lines(comment: ReviewComment) -> bool:
    return comment.state is not CommentState.DRAFT and comment.side is DiffSide.NEW


def _hunks(repo: Path, commit: str, path: str, *, head: str) -> list[Hunk] | None:
    if commit == head:
        return []
    try:
        parsed = parse_patch(tree_diff(repo, (commit, head), "-p", "--text", "--unified=0", paths=[path]))
    except GitError:
        return None  # that commit is no longer in the repository
    return [hunk for patch in parsed.values() for hunk in patch.hunks]
