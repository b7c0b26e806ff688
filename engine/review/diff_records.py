"""The nouns of a diff: changed files, hunks, rows, word marks and syntax colours. Pure; reads no repository.

The text of a row is the line as the file has it. `engine.review.display_text` makes it safe to paint.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple

Span = tuple[int, int]
"""Start and end in the text of a row, in characters; the end is not part of it."""
LINK = "120000"
"""The mode of a symbolic link; its content is where it leads."""
SUBMODULE = "160000"
"""The mode of an entry that is a commit of another repository."""
STEP = 20
"""Unchanged lines that open at a time."""


class ChangeLetter(StrEnum):
    """What happened to a file, as git writes it; a file whose type changed is modified, and its modes differ."""

    MODIFIED = "M"
    ADDED = "A"
    DELETED = "D"
    RENAMED = "R"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file that differs between two commits.

    The blob ids and modes are empty on the side that has no such file. `path` may hold surrogates in place of bytes
    that are no UTF-8; show it through `escape_invisible`.
    """

    path: str
    letter: ChangeLetter
    old_path: str | None = None
    """Where a renamed file was."""
    added: int = 0
    removed: int = 0
    """Counts of lines, 0 for a binary file."""
    old_blob: str = ""
    new_blob: str = ""
    old_mode: str = ""
    new_mode: str = ""
    """As git writes them: ``100644``, ``100755``, ``120000`` for a link, ``160000`` for a submodule."""
    old_size: int = 0
    new_size: int = 0
    """Bytes."""
    is_binary: bool = False
    is_generated: bool = False
    """Generated, vendored, minified or a lock file, by its name, its attributes in the base, or a mark in it."""
    is_large: bool = False
    is_whitespace_only: bool = False
    """Nothing but white space differs; known only where white space is ignored."""
    is_outside_scope: bool = False

    @property
    def is_folded(self) -> bool:
        """Whether it is closed until somebody opens it; a generated file outside the scope is not."""
        return self.is_large or (self.is_generated and not self.is_outside_scope)

    @property
    def is_mode_changed(self) -> bool:
        """Whether both sides exist and differ in their mode."""
        return bool(self.old_mode and self.new_mode) and self.old_mode != self.new_mode

    @property
    def is_type_changed(self) -> bool:
        """Whether a file became a link or a submodule, or one of these something else."""
        return self.is_mode_changed and self.old_mode[:3] != self.new_mode[:3]

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link, or was one before it was deleted."""
        return (self.new_mode or self.old_mode) == LINK

    @property
    def is_new_program(self) -> bool:
        """Whether it was added as a file that may be executed."""
        return not self.old_mode and self.new_mode.endswith("755")

    @property
    def is_submodule(self) -> bool:
        """Whether one side is a commit of a submodule."""
        return SUBMODULE in {self.old_mode, self.new_mode}


class RowKind(StrEnum):
    """Which sides have the line."""

    CONTEXT = "context"
    ADDED = "added"
    REMOVED = "removed"


class DiffRow(NamedTuple):
    """One line of a hunk; a tuple, since a change has tens of thousands of them."""

    kind: RowKind
    old_no: int | None
    new_no: int | None
    """The line's number from 1 on each side; None where that side does not have it."""
    text: str
    """Without its line end, and at most `LONGEST` characters."""
    marks: tuple[Span, ...] = ()
    """The words that differ from the paired line."""
    end: str = "\n"
    """The line end; ``"\\r\\n"``, or empty where the file ends without one."""
    cut: int = 0
    """How many characters of a very long line were left out at its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines that differ and the lines around them; starts and counts as in git's hunk head."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    section: str = ""
    """The heading git found above: a function or class."""
    rows: Sequence[DiffRow] = ()

    @property
    def head(self) -> str:
        """The hunk head as git writes it, without the section."""
        return f"@@ -{self.old_start},{self.old_count} +{self.new_start},{self.new_count} @@"

    @property
    def first_new(self) -> int:
        """The first line of the new side that is not above the hunk."""
        return self.new_start if self.new_count else self.new_start + 1

    @property
    def end_new(self) -> int:
        """The first line of the new side below the hunk."""
        return self.first_new + self.new_count

    @property
    def first_old(self) -> int:
        """The first line of the old side that is not above the hunk."""
        return self.old_start if self.old_count else self.old_start + 1

    @property
    def offset(self) -> int:
        """What to add to a number of the new side above the hunk to have that of the old one."""
        return self.first_old - self.first_new

    @property
    def offset_below(self) -> int:
        """The same below the hunk."""
        return self.offset + self.old_count - self.new_count


class UnchangedLines(NamedTuple):
    """Lines of the new side that both sides have; with `offset` added they have the numbers of the old side."""

    first: int
    last: int
    offset: int


class DiffNote(StrEnum):
    """What is said above the rows of a file, since the rows cannot show it."""

    NOT_UTF8 = "not_utf8"
    """Bytes that are no UTF-8 are shown as replacement characters."""
    INVISIBLE = "invisible"
    """Lines hold control characters, or characters that change the direction of text; they are shown escaped."""
    LONG_LINES = "long_lines"
    """Very long lines are cut."""
    TOO_LARGE = "too_large"
    """The file is so large that no rows are made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePatch:
    """A changed file with its hunks; none for a binary file, a mere rename or a mere change of mode."""

    file: FileChange
    hunks: Sequence[Hunk] = ()
    new_lines: int = 0
    """How many lines the new side has in all; 0 while nobody has counted them, and no unchanged line is hidden."""
    notes: frozenset[DiffNote] = field(default_factory=frozenset)

    def unchanged_above(self, index: int) -> int:
        """How many unchanged lines are hidden above that hunk; for the number of hunks, those below the last."""
        if not self.hunks or not self.new_lines:
            return 0
        begin = self.hunks[index - 1].end_new if index else 1
        end = self.hunks[index].first_new if index < len(self.hunks) else self.new_lines + 1
        return max(0, end - begin)

    def next_above(self, index: int, count: int = STEP) -> UnchangedLines:
        """The next hidden lines to open above that hunk, upwards; for the number of hunks those below, downwards."""
        count = min(count, self.unchanged_above(index))
        if index < len(self.hunks):
            hunk = self.hunks[index]
            return UnchangedLines(hunk.first_new - count, hunk.first_new - 1, hunk.offset)
        last = self.hunks[-1]
        return UnchangedLines(last.end_new, last.end_new + count - 1, last.offset_below)


class Syntax(IntEnum):
    """What a word of code is: one of the six syntax colours. Everything else has none."""

    KEYWORD = 0
    STRING = 1
    NUMBER = 2
    FUNCTION = 3
    TYPE = 4
    COMMENT = 5


ColourSpan = tuple[int, int, Syntax]


@dataclass(frozen=True, slots=True)
class FileColours:
    """The syntax colours of both sides of a file, by line: that of line 1 is the first. Empty: no colours."""

    old: Sequence[Sequence[ColourSpan]] = ()
    new: Sequence[Sequence[ColourSpan]] = ()

    def of(self, row: DiffRow, *, old: bool = False) -> Sequence[ColourSpan]:
        """The colours of a row; of a line in the context, those of the requested side."""
        use_old = row.new_no is None or (old and row.old_no is not None)
        lines, number = (self.old, row.old_no) if use_old else (self.new, row.new_no)
        return lines[number - 1] if number is not None and 0 < number <= len(lines) else ()


class RowPair(NamedTuple):
    """A line of the side-by-side view: the same row on both sides for context, None where a side has nothing."""

    left: DiffRow | None
    right: DiffRow | None


def pairs(rows: Sequence[DiffRow]) -> Iterator[RowPair]:
    """The rows of a hunk side by side: the first removed line beside the first added one of the same change."""
    at = 0
    while at < len(rows):
        if rows[at].kind is RowKind.CONTEXT:
            yield RowPair(rows[at], rows[at])
            at += 1
            continue
        middle, end = change_at(rows, at)
        for index in range(max(middle - at, end - middle)):
            left = rows[at + index] if at + index < middle else None
            yield RowPair(left, rows[middle + index] if middle + index < end else None)
        at = end


def change_at(rows: Sequence[DiffRow], start: int) -> tuple[int, int]:
    """Where the removed lines of the change that begins at `start` end, and where its added lines do."""
    middle = start
    while middle < len(rows) and rows[middle].kind is RowKind.REMOVED:
        middle += 1
    end = middle
    while end < len(rows) and rows[end].kind is RowKind.ADDED:
        end += 1
    return middle, end
