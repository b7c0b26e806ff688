"""What is said of a changed file in words: why it is folded, and what its rows do not show."""

from dataclasses import dataclass

from engine.review.diff_records import LINK, ChangeLetter, DiffNote, FileChange, FilePatch
from engine.system.plain_text import escape_invisible
from gui.figures import size
from gui.translation import tr, tr_count, translatable

_NOTES = {
    DiffNote.NOT_UTF8: translatable("Bytes that are not UTF-8 are shown as replacement characters."),
    DiffNote.INVISIBLE: translatable("Invisible characters are shown escaped."),
    DiffNote.LONG_LINES: translatable("Very long lines are cut."),
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
        *(tr(_NOTES[note]) for note in DiffNote if note in patch.notes & _NOTES.keys()),
    ]
    instead, detail = _instead(patch)
    return FileWords(
        note=" ".join(filter(None, parts)),
        folded=tr("This file is generated.") if file.is_generated else tr("This file is large."),
        counts=_counts(file),
        instead=instead,
        detail=detail,
    )


def _counts(file: FileChange) -> str:
    added = tr_count("{n} line added", "{n} lines added", file.added)
    return tr_count("{added}, {n} line removed.", "{added}, {n} lines removed.", file.removed, added=added)


def _renamed(file: FileChange) -> str:
    return tr("Renamed from {name}.", name=escape_invisible(file.old_path)) if file.old_path else ""


def _mode(file: FileChange) -> str:
    if not file.is_mode_changed:
        return (
            tr("It is a link.") if file.is_link else tr("It may be executed.") if file.is_new_program else ""
        )
    if LINK in {file.old_mode, file.new_mode}:
        return tr("It became a link.") if file.is_link else tr("It is no longer a link.")
    return (
        tr("It may now be executed.")
        if file.new_mode.endswith("755")
        else tr("It may no longer be executed.")
    )


def _instead(patch: FilePatch) -> tuple[str, str]:
    file = patch.file
    if file.is_submodule:
        return tr("Submodule."), tr(
            "From {before} to {after}.",
            before=file.old_blob[:12] or tr("none"),
            after=file.new_blob[:12] or tr("none"),
        )
    if file.is_binary:
        return tr("Binary file; it has no lines to show."), _sizes(file)
    if DiffNote.TOO_LARGE in patch.notes:
        return tr("This file is too large to show."), tr("{sizes} Open it in an editor.", sizes=_sizes(file))
    if file.is_whitespace_only:
        return tr("Only white space differs."), tr("Show white space to see it.")
    return _without_rows(file)


def _without_rows(file: FileChange) -> tuple[str, str]:
    match file.letter:
        case ChangeLetter.RENAMED:
            return tr("The file was only renamed."), tr("Its content is the same.")
        case ChangeLetter.ADDED:
            return tr("An empty file was added."), ""
        case ChangeLetter.DELETED:
            return tr("An empty file was deleted."), ""
        case _:
            return tr("Only the mode of the file differs."), ""


def _sizes(file: FileChange) -> str:
    if file.letter is ChangeLetter.ADDED:
        return tr("Added, {size}.", size=size(file.new_size))
    if file.letter is ChangeLetter.DELETED:
        return tr("Deleted, {size}.", size=size(file.old_size))
    return tr("From {before} to {after}.", before=size(file.old_size), after=size(file.new_size))
