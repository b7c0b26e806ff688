"""The nouns of the review view: a review in the queue, its evidence, the work looked at, the merge queue. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from engine.review.comment_answers import CommentAnswer
from engine.review.comment_lines import LineNow
from engine.review.diff_records import FileChange
from engine.review.evidence_summary import EvidenceSummary
from engine.review.viewed_marks import ViewedMark, mark_of
from state.worktree_records import MergeState, ReviewComment

WorkstreamKey = tuple[str, str]


class ReviewSection(StrEnum):
    """The sections of the queue column, in their order."""

    WAITING = "waiting"
    SENT_BACK = "sent_back"
    MERGING = "merging"
    MERGED = "merged"
    DISCARDED = "discarded"


@dataclass(frozen=True, kw_only=True)
class ReviewItem:
    """One row of the queue column. `state` is the shown state of its glyph; only what waits has evidence."""

    key: WorkstreamKey
    section: ReviewSection
    title: str
    repo: str = ""
    tool: str = ""
    state: str = "needsyou"
    since: float | None = None
    sentence: str = ""
    evidence: EvidenceSummary | None = None
    can_restore: bool = False

    @property
    def ws_id(self) -> str:
        """The name of its workstream."""
        return self.key[1]

    def matches(self, text: str) -> bool:
        """Whether every word of a filter text occurs in it."""
        searched = f"{self.title} {self.ws_id} {self.repo} {self.tool} {self.sentence}".casefold()
        return all(word in searched for word in text.casefold().split())


@dataclass(frozen=True, kw_only=True)
class MergeLine:
    """One row of the merge queue strip. `done` of `total` checks have run, where that is known.

    `command` is the check that runs, and `last_line` what it has printed last.
    """

    merge_id: int
    key: WorkstreamKey
    name: str
    place: int
    state: MergeState
    word: str
    sentence: str
    since: float | None = None
    done: int | None = None
    total: int | None = None
    command: str = ""
    last_line: str = ""
    held: bool = False
    repo: str = ""
    takes_words: bool = True
    """Whether it can be sent back: one of its steps hands words to a coding tool."""
    ahead: WorkstreamKey | None = None
    """What stands before it in its own queue and has not begun: it can be moved up before that."""


@dataclass(frozen=True, kw_only=True)
class ReviewQueue:
    """Everything that waits, was sent back, is being merged or was merged tonight."""

    items: Sequence[ReviewItem] = ()
    merges: Sequence[MergeLine] = ()
    targets: str = ""
    """The branches that the merges go into, in words: ``main of shop``."""


@dataclass(frozen=True)
class AttemptChoice:
    """An attempt whose work can be looked at alone: the commits before and after it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class DeniedCommand:
    """What an agent wanted to do and was not allowed to."""

    command: str
    reason: str
    at: float | None = None


@dataclass(frozen=True, kw_only=True)
class ReviewedWork:
    """The workstream that is looked at. The view compares `base` with `head`, or `last_seen` with it.

    `reading` says that they are still being read from the repository.
    `blocked` says why it cannot be approved now, `blocked_state` is the shown state of the mark beside it.
    """

    key: WorkstreamKey
    title: str
    state: str = "needsyou"
    word: str = ""
    repo: Path = field(default_factory=Path)
    base: str = ""
    head: str = ""
    last_seen: str | None = None
    branch: str = ""
    target: str = ""
    commits: int | None = None
    target_ahead: int | None = None
    merges_cleanly: bool | None = None
    attempts: Sequence[AttemptChoice] = ()
    captions: tuple[str, str] = ("", "")
    """What stands left and right of the whole change."""
    last_captions: tuple[str, str] = ("", "")
    """The same for what changed since the last review."""
    evidence: EvidenceSummary = field(default_factory=EvidenceSummary)
    scope: Sequence[str] = ()
    denied: Sequence[DeniedCommand] = ()
    comments: Sequence[ReviewComment] = ()
    answers: Mapping[int, CommentAnswer] = field(default_factory=dict)
    """What came of the comments that were sent, by their ids."""
    lines_now: Mapping[int, LineNow] = field(default_factory=dict)
    """What has become of their lines."""
    viewed: frozenset[tuple[str, str]] = frozenset()
    """The marks: path and the blob that was viewed."""
    to_view: frozenset[ViewedMark] = frozenset()
    """The marks that the files outside the scope must have before it is approved."""
    can_decide: bool = True
    takes_comments: bool = True
    """Whether its review has not ended."""
    takes_words: bool = True
    """Whether it can be sent back: one of its steps hands words to a coding tool."""
    can_restore: bool = False
    blocked: str = ""
    blocked_state: str = "timeout"
    queue_sentence: str = ""
    returned: str = ""
    """What it ran into in the merge queue, where it was returned and may be approved again."""
    reading: bool = False
    problem: str = ""
    """Why the repository cannot be read."""

    def is_viewed(self, file: FileChange) -> bool:
        """Whether a person has viewed this content of the file."""
        return mark_of(file) in self.viewed
