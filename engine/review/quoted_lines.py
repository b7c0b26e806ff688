"""The lines that a comment is about, as one of the two sides of a change has them. Reads git; writes nothing."""

from pathlib import Path

from engine.errors import CommandRefusedError
from engine.review.blobs import content, sizes
from engine.review.diff_records import FileChange
from engine.system.formatting import plural
from state.worktree_records import DiffSide

_MOST_BYTES = 4_000_000


def quoted_lines(repo: str, file: FileChange, side: DiffSide, first: int | None, last: int | None) -> str:
    """The text of these lines; empty for a comment on the whole file.

    Raises:
        CommandRefusedError: the file has no such line on that side.
        GitError: the repository cannot be read.
    """
    if first is None or last is None:
        return ""
    blob = file.old_blob if side is DiffSide.OLD else file.new_blob
    size = sizes(Path(repo), [blob]).get(blob) if blob else None
    when = "before the change" if side is DiffSide.OLD else "after the change"
    if size is None or file.is_binary or size > _MOST_BYTES:
        raise CommandRefusedError(
            f"{file.path} has no lines to comment on {when}; comment on the file instead."
        )
    lines = content(Path(repo), blob).decode(errors="replace").split("\n")
    if not lines[-1]:
        lines.pop()
    if last > len(lines):
        raise CommandRefusedError(
            f"{file.path} has {plural(len(lines), 'line')} {when}, so there is no line {last}."
        )
    return "\n".join(line.rstrip("\r") for line in lines[first - 1 : last])
