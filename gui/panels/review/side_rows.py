"""The rows of the files column: files under their folders, the scope, denied commands, comments. Pure, no Qt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.review.diff_records import FileChange
from engine.system.formatting import clock_minute
from engine.system.plain_text import escape_invisible
from gui.figures import figure
from gui.panels.review.review_records import ReviewedWork
from gui.panels.review.shown_rows import Place
from gui.translation import tr, tr_count, translatable
from state.worktree_records import CommentState


@dataclass(frozen=True)
class SideHead:
    """The head of a section."""

    title: str
    count: str = ""
    fact: str = ""


@dataclass(frozen=True)
class SideCaption:
    """A folder above its files, or the warning above those outside the scope."""

    text: str
    warns: bool = False


@dataclass(frozen=True)
class SideFile:
    """A changed file."""

    file: FileChange
    viewed: bool = False
    comments: int = 0

    @property
    def name(self) -> str:
        """Its name, without the folder unless it stands outside the scope."""
        shown = self.file.path if self.file.is_outside_scope else self.file.path.rpartition("/")[2]
        return escape_invisible(shown)


@dataclass(frozen=True)
class SideFolded:
    """The generated files in one row; open, they stand below it."""

    files: Sequence[FileChange]
    is_open: bool = False

    @property
    def name(self) -> str:
        """The one file, or how many."""
        if len(self.files) == 1:
            return escape_invisible(self.files[0].path)
        return tr_count("{n} file", "{n} files", len(self.files))


@dataclass(frozen=True)
class SideText:
    """A line of code type, such as a pattern of the scope; `detail` is a second line, `end` stands at the right."""

    text: str
    detail: str = ""
    end: str = ""


@dataclass(frozen=True)
class SideComment:
    """A comment: on which line, how it stands, and its words; `detail` is what came of it."""

    title: str
    note: str
    text: str
    path: str | None = None
    place: Place | None = None
    is_open: bool = False
    state: CommentState = CommentState.DRAFT
    comment_id: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class SideAction:
    """A row that opens the field for a comment on all of the work."""

    text: str


_STAND = {
    CommentState.DRAFT: (
        translatable("{count:,}, not sent yet"),
        translatable("{count:,}, {those:,} not sent yet"),
    ),
    CommentState.SENT: (translatable("{count:,}, sent"), translatable("{count:,}, {those:,} sent")),
    CommentState.SETTLED: (translatable("{count:,}, settled"), translatable("{count:,}, {those:,} settled")),
}
"""How many comments there are: all of which stand so, or some of them."""

SideRow = SideHead | SideCaption | SideFile | SideFolded | SideText | SideComment | SideAction


def file_order(files: Sequence[FileChange]) -> list[FileChange]:
    """The files as the column lists them: by folder, then those outside the scope, then the generated ones."""

    def rank(file: FileChange) -> tuple[int, str, str]:
        folder, _, name = file.path.rpartition("/")
        return (1 if file.is_outside_scope else 2 if file.is_generated else 0, folder, name)

    return sorted(files, key=rank)


def unviewed(files: Sequence[FileChange], work: ReviewedWork) -> list[FileChange]:
    """The files that a person has not viewed; generated ones do not count."""
    return [file for file in files if not work.is_viewed(file) and not _is_folded(file)]


def side_rows(
    work: ReviewedWork, files: Sequence[FileChange], comments: Sequence[SideComment], *, folded_open: bool
) -> list[SideRow]:
    """All rows."""
    counted = [file for file in files if not _is_folded(file)]
    viewed = len(counted) - len(unviewed(counted, work))
    rows: list[SideRow] = [
        SideHead(
            tr("Files"),
            figure(len(files)),
            tr("{viewed:,} of {total:,} viewed", viewed=viewed, total=len(counted)),
        )
    ]
    rows.extend(_file_rows(work, file_order(files), comments, folded_open=folded_open))
    if work.scope:
        rows.append(SideHead(tr("Scope"), fact=tr("from the job file")))
        rows.extend(SideText(escape_invisible(pattern)) for pattern in work.scope)
    if work.denied:
        rows.append(SideHead(tr("Commands denied"), fact=figure(len(work.denied))))
        rows.extend(_denied(work))
    rows.append(SideHead(tr("Comments"), fact=_comment_fact(comments)))
    rows.extend(comments)
    if work.can_decide:
        rows.append(SideAction(tr("Comment on all of it…")))
    return rows


def _file_rows(
    work: ReviewedWork, files: Sequence[FileChange], comments: Sequence[SideComment], *, folded_open: bool
) -> Iterator[SideRow]:
    counts: dict[str | None, int] = {}
    for comment in comments:
        counts[comment.path] = counts.get(comment.path, 0) + 1
    folded = [file for file in files if _is_folded(file)]
    caption: str | None = None
    for file in files:
        if file in folded:
            continue
        above = tr("outside the scope") if file.is_outside_scope else file.path.rpartition("/")[0] or "."
        if above != caption:
            caption = above
            yield SideCaption(escape_invisible(above), warns=file.is_outside_scope)
        yield SideFile(file, work.is_viewed(file), counts.get(file.path, 0))
    if folded:
        yield SideFolded(folded, folded_open)
        if folded_open and len(folded) > 1:
            yield from (SideFile(file, work.is_viewed(file), counts.get(file.path, 0)) for file in folded)


def _denied(work: ReviewedWork) -> Iterator[SideText]:
    for one in work.denied:
        when = clock_minute(one.at)
        yield SideText(escape_invisible(one.command), ", ".join(filter(None, (one.reason, when))))


def _comment_fact(comments: Sequence[SideComment]) -> str:
    if not comments:
        return ""
    states = {comment.state for comment in comments}
    state, (all_so, some_so) = next((one, words) for one, words in _STAND.items() if one in states)
    those = sum(comment.state is state for comment in comments)
    return tr(all_so if those == len(comments) else some_so, count=len(comments), those=those)


def _is_folded(file: FileChange) -> bool:
    return file.is_generated and not file.is_outside_scope
