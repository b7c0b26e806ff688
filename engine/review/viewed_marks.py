"""The mark that a person has viewed a file: for one content of it, and as the database can hold its name. Pure."""

from engine.review.diff_records import FileChange
from state.storable import storable_text

ViewedMark = tuple[str, str]
"""The path of a file as it is stored, and the blob that was viewed."""


def mark_of(file: FileChange) -> ViewedMark:
    """The mark of a changed file as it is now."""
    return viewed_mark(file.path, file.new_blob or file.old_blob)


def viewed_mark(path: str, blob: str) -> ViewedMark:
    """The mark for this content; a name that is no UTF-8 is stored with replacements."""
    return storable_text(path), blob
