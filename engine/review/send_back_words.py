"""The words that send a workstream back: a person's comments as the next prompt of its coding tool. Pure."""

from collections.abc import Sequence

from state.worktree_records import DiffSide, Merge, MergeState, ReviewComment, Worktree

_OPENING = "A person has reviewed your changes and sends them back. Do what these comments ask for."
_WHAT_TO_DO = {
    MergeState.CONFLICT: "Merge {target} into your branch, and resolve what is in conflict.",
    MergeState.RED: "Merge {target} into your branch, and mend what fails.",
}


def returned_words(merge: Merge | None, tree: Worktree | None) -> str:
    """Why the merge queue returned this work, for its coding tool; empty where it did not, or the work has changed."""
    if merge is None or tree is None or merge.head != tree.head or merge.state not in _WHAT_TO_DO:
        return ""
    named = f" Files: {', '.join(merge.files)}." if merge.files else ""
    what = _WHAT_TO_DO[merge.state].format(target=merge.target)
    return f"Your changes could not be merged into {merge.target}: {merge.reason}{named}\n{what}"


def send_back_words(comments: Sequence[ReviewComment], returned: str = "") -> str:
    """The prompt made of these comments: those on all of the work first, then file by file and line by line.

    `returned` says why the merge queue did not take the work; it comes before them.
    """
    general = [comment.text for comment in comments if comment.path is None]
    on_lines = sorted((comment for comment in comments if comment.path is not None), key=_place)
    opening = [_OPENING] if comments else []
    return "\n\n".join(filter(None, [returned, *opening, *general, *map(_on_lines, on_lines)]))


def _place(comment: ReviewComment) -> tuple[str, int, int]:
    return (comment.path or "", comment.line or 0, comment.id)


def _on_lines(comment: ReviewComment) -> str:
    quoted = [f"> {line}" for line in comment.quoted.splitlines()]
    return "\n".join([f"{comment.path}{_lines(comment)}:", *quoted, comment.text])


def _lines(comment: ReviewComment) -> str:
    """Which lines are meant, as the tool can find them: numbers of the new file, or of the file before the change."""
    if comment.line is None:
        return ""
    is_range = comment.last_line is not None and comment.last_line != comment.line
    lines = f", lines {comment.line} to {comment.last_line}" if is_range else f", line {comment.line}"
    return f"{lines} of the file before your changes" if comment.side is DiffSide.OLD else lines
