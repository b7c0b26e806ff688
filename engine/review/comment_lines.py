"""Where the lines that people have commented on are now, and whether they have changed; reads the repository."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.errors import GitError
from engine.review.changed_files import raw_changes
from engine.review.diff_records import Hunk
from engine.review.file_patches import file_patches
from state.storable import storable_text
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

    Only lines of the new side are followed, into a renamed file too; those before the change are what they were. What
    git does not know is left out.
    """
    by_commit: dict[str, list[ReviewComment]] = {}
    for comment in comments:
        if _has_new_lines(comment) and comment.commit is not None:
            by_commit.setdefault(comment.commit, []).append(comment)
    found: dict[int, LineNow] = {}
    for commit, some in by_commit.items():
        hunks = _hunks(repo, commit, {one.path for one in some}, head=head)
        if hunks is None:
            continue
        for one in some:
            if one.line is not None:
                found[one.id] = line_now(hunks.get(one.path, ()), one.line, one.last_line or one.line)
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
    is_sent = comment.state is not CommentState.DRAFT
    return is_sent and comment.side is DiffSide.NEW and comment.path is not None and comment.line is not None


def _hunks(
    repo: Path, commit: str, paths: Collection[str | None], *, head: str
) -> Mapping[str | None, Sequence[Hunk]] | None:
    """What has changed in these files, as the database names them; None where git no longer has the commit."""
    if commit == head:
        return {}
    try:
        listed = {storable_text(one.old_path or one.path): one for one in raw_changes(repo, commit, head)}
        files = [file for path, file in listed.items() if path in paths]
        patches = zip(files, file_patches(repo, commit, head, files=files, context=0), strict=True)
        return {storable_text(one.old_path or one.path): patch.hunks for one, patch in patches}
    except GitError:
        return None
