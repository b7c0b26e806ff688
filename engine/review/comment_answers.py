"""What came of the comments on a workstream: which attempt worked on each, and its tool's closing words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.jobfile.tool_names import is_coding_tool
from engine.review.comment_lines import LineNow
from engine.system.plain_text import escape_invisible, one_line
from state.records import AttemptStatus
from state.review_queries import AttemptFindings, ReviewRows
from state.worktree_records import CommentState, ReviewComment

MOST_WORDS = 280
"""Characters of the closing words that are shown beside a comment; the whole answer is in the attempt's output."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentAnswer:
    """The attempt that worked on a comment that was sent, the last one where it was retried.

    `words` are what its tool said at its end, as one line of plain text; empty where it said nothing.
    """

    attempt: int
    tool: str
    status: AttemptStatus
    words: str = ""
    at: float | None = None

    @property
    def sentence(self) -> str:
        """Which attempt, and how it went."""
        match self.status:
            case AttemptStatus.RUNNING:
                return f"attempt {self.attempt} works on it"
            case AttemptStatus.COMPLETED:
                return f"attempt {self.attempt} worked on it"
            case _:
                return f"attempt {self.attempt} did not end well"

    def to_json(self) -> dict[str, Any]:
        """It for programs."""
        return {
            "attempt": self.attempt,
            "tool": self.tool,
            "status": self.status.value,
            "words": self.words,
            "at": self.at,
        }


def outcome_words(comment: ReviewComment, answer: CommentAnswer, now: LineNow | None) -> str:
    """Which attempt worked on a comment, and once it has ended whether the lines have changed since."""
    if now is None or answer.status is AttemptStatus.RUNNING:
        return answer.sentence
    is_range = comment.last_line is not None and comment.last_line != comment.line
    return f"{answer.sentence}, {now.fate.sentence(of_many=is_range)}"


def answers_to(found: ReviewRows) -> Mapping[int, CommentAnswer]:
    """What came of each comment that was sent, by its id; without those that no attempt has begun to work on."""
    sent = [one for one in found.comments if one.state is not CommentState.DRAFT and one.attempt is not None]
    answers = {comment.id: _answer(found, comment, sent) for comment in sent}
    return {number: answer for number, answer in answers.items() if answer is not None}


def _answer(found: ReviewRows, comment: ReviewComment, sent: Sequence[ReviewComment]) -> CommentAnswer | None:
    """The last attempt of the job it was sent to, before comments were sent to that again."""
    first = comment.attempt or 0
    later = min(
        (one.attempt for one in sent if one.attempt is not None and one.attempt > first), default=None
    )
    coding = [one for one in found.attempts if is_coding_tool(one.attempt.tool)]
    begun = [one.attempt.job_id for one in coding if one.attempt.number == first]
    if not begun:
        return None
    mine = [one for one in coding if one.attempt.job_id == begun[-1] and first <= one.attempt.number]
    return _of(max((one for one in mine if later is None or one.attempt.number < later), key=_number))


def _number(one: AttemptFindings) -> int:
    return one.attempt.number


def _of(one: AttemptFindings) -> CommentAnswer:
    attempt = one.attempt
    return CommentAnswer(
        attempt=attempt.number,
        tool=attempt.tool,
        status=attempt.status,
        words=_shortened(one.answer),
        at=attempt.completed_at,
    )


def _shortened(text: str) -> str:
    line = escape_invisible(one_line(text))
    return line if len(line) <= MOST_WORDS else f"{line[: MOST_WORDS - 1].rstrip()}…"
