"""What is said of a changed file in words: why it is folded, and what its rows do not show."""

from dataclasses import dataclass

from engine.review.diff_records import LINK, ChangeLetter, DiffNote, FileChange, FilePatch
from engine.system.formatting import plural, size
from engine.system.plain_text import escape_invisible

_NOTES = {
    DiffNote.NOT_UTF8: "Bytes that are not UTF-8 are shown as replacement characters.",
    DiffNote.INVISIBLE: "Invisible characters are shown escaped.",
    DiffNote.LONG_LINES: "Very long lines are cut.",
}


@dataclass(frozen=True)
class FileWords:
    """The sentences of a file; those that do not apply are empty."""

    note: str = ""
    folded: str = ""
    counts: str = ""
    instead: str = ""
    detail: str = ""


def sentences_of(patch: FilePatch) -> FileWords:
    """What to say of a file."""
    file = patch.file
    parts = [
        _renamed(file),
        _mode(file),
        *(_NOTES[note] for note in DiffNote if note in patch.notes & _NOTES.keys()),
    ]
    instead, detail = _instead(patch)
    return FileWords(
        note=" ".join(filter(None, parts)),
        folded="This file is generated." if file.is_generated else "This file is large.",
        counts=f"{plural(file.added, 'line')} added, {plural(file.removed, 'line')} removed.",
        instead=instead,
        detail=detail,
    )


def _renamed(file: FileChange) -> str:
    return f"Renamed from {escape_invisible(file.old_path)}." if file.old_path else ""


def _mode(file: FileChange) -> str:
    if not file.is_mode_changed:
        return "It is a link." if file.is_link else "It may be executed." if file.is_new_program else ""
    if LINK in {file.old_mode, file.new_mode}:
        return "It became a link." if file.is_link else "It is no longer a link."
    return "It may now be executed." if file.new_mode.endswith("755") else "It may no longer be executed."


def _instead(patch: FilePatch) -> tuple[str, str]:
    file = patch.file
    if file.is_submodule:
        return "Submodule.", f"From {file.old_blob[:12] or 'none'} to {file.new_blob[:12] or 'none'}."
    if file.is_binary:
        return "Binary file; it has no lines to show.", _sizes(file)
    if DiffNote.TOO_LARGE in patch.notes:
        return "This file is too large to show.", f"{_sizes(file)} Open it in an editor."
    if file.is_whitespace_only:
        return "Only white space differs.", "Show white space to see it."
    return _without_rows(file)


def _without_rows(file: FileChange) -> tuple[str, str]:
    match file.letter:
        case ChangeLetter.RENAMED:
            return "The file was only renamed.", "Its content is the same."
        case ChangeLetter.ADDED:
            return "An empty file was added.", ""
        case ChangeLetter.DELETED:
            return "An empty file was deleted.", ""
        case _:
            return "Only the mode of the file differs.", ""


def _sizes(file: FileChange) -> str:
    if file.letter is ChangeLetter.ADDED:
        return f"Added, {size(file.new_size)}."
    if file.letter is ChangeLetter.DELETED:
        return f"Deleted, {size(file.old_size)}."
    return f"From {size(file.old_size)} to {size(file.new_size)}."
