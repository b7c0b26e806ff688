"""The mark that a person has viewed a file: for one content of it, and as the database can hold its name. Pure."""

from engine.review.diff_records import FileChange
from state.storable import storable_text

ViewedMark = tuple[str, str]
"""The path of a file as it is stored, and what was viewed: its blob, and its mode where that is not the usual one."""
_USUAL_MODES = frozenset({"", "100644"})


def mark_of(file: FileChange) -> ViewedMark:
    """The mark of a changed file as it is now: the same bytes are something else as a link, a program, or deleted."""
    if not file.new_blob:
        return viewed_mark(file.path, f"{file.old_blob} deleted")
    mode = "" if file.new_mode in _USUAL_MODES else f" {file.new_mode}"
    return viewed_mark(file.path, f"{file.new_blob}{mode}")


def viewed_mark(path: str, blob: str) -> ViewedMark:
    """The mark for this content; a name that is no UTF-8 is stored with replacements."""
    return storable_text(path), blob
