"""The rows of the files column: files under their folders, the scope, denied commands, comments. Pure, no Qt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.review.diff_records import FileChange
from engine.system.formatting import clock_minute, plural
from engine.system.plain_text import escape_invisible
from gui.panels.review.review_records import ReviewedWork
from gui.panels.review.shown_rows import Place
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
        return plural(len(self.files), "file")


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

    text: str = "Comment on all of it…"


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
    rows: list[SideRow] = [SideHead("Files", f"{len(files):,}", f"{viewed:,} of {len(counted):,} viewed")]
    rows.extend(_file_rows(work, file_order(files), comments, folded_open=folded_open))
    if work.scope:
        rows.append(SideHead("Scope", fact="from the job file"))
        rows.extend(SideText(escape_invisible(pattern)) for pattern in work.scope)
    if work.denied:
        rows.append(SideHead("Commands denied", fact=f"{len(work.denied):,}"))
        rows.extend(_denied(work))
    rows.append(SideHead("Comments", fact=_comment_fact(comments)))
    rows.extend(comments)
    if work.can_decide:
        rows.append(SideAction())
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
        above = "outside the scope" if file.is_outside_scope else file.path.rpartition("/")[0] or "."
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
    words = {CommentState.DRAFT: "not sent yet", CommentState.SENT: "sent", CommentState.SETTLED: "settled"}
    state, word = next((state, word) for state, word in words.items() if state in states)
    those = sum(comment.state is state for comment in comments)
    number = "" if those == len(comments) else f"{those:,} "
    return f"{len(comments):,}, {number}{word}"


def _is_folded(file: FileChange) -> bool:
    return file.is_generated and not file.is_outside_scope
