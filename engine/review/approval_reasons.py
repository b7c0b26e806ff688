"""Why finished work cannot be approved at this moment, in the order in which a person can act on it. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.review.evidence_summary import EvidenceSummary
from engine.review.viewed_marks import ViewedMark
from engine.system.plain_text import escape_invisible
from state.records import ReviewState
from state.review_queries import ReviewRows
from state.status_words import status_in_words


class ApprovalBlock(StrEnum):
    """What keeps work from being approved."""

    REVIEW = "review"
    COMMIT = "commit"
    UNSEEN = "unseen"
    TESTS = "tests"


@dataclass(frozen=True, kw_only=True)
class ApprovalReason:
    """One reason why work cannot be approved, as a sentence; `paths` are the files it is about."""

    block: ApprovalBlock
    sentence: str
    paths: tuple[str, ...] = ()


def approval_reasons(
    found: ReviewRows, evidence: EvidenceSummary, marks: Mapping[str, ViewedMark]
) -> Iterator[ApprovalReason]:
    """Why this work cannot be approved now; nothing where it can.

    `marks` are those that the changed files would have, by their paths: each outside the scope has to have its mark.
    """
    stream = found.stream
    if stream.review is not ReviewState.WAITING:
        words = status_in_words(stream.status)
        yield ApprovalReason(block=ApprovalBlock.REVIEW, sentence=f"{stream.ws_id} {words}")
        return
    if found.tree is None or found.tree.head is None:
        yield ApprovalReason(block=ApprovalBlock.COMMIT, sentence="Its last changes are not committed yet")
    unseen = unviewed(evidence.outside, marks, {(one.path, one.blob) for one in found.viewed})
    if unseen:
        yield ApprovalReason(block=ApprovalBlock.UNSEEN, sentence=words_on_unviewed(unseen), paths=unseen)
    if evidence.expects_tests and evidence.tests is None:
        yield ApprovalReason(block=ApprovalBlock.TESTS, sentence="Tests have not run on this attempt")


def words_on_unviewed(paths: Sequence[str]) -> str:
    """What to do first where these files were not viewed."""
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"First look at {escape_invisible(paths[0])}{more}"


def unviewed(
    outside: Collection[str], marks: Mapping[str, ViewedMark], viewed: Collection[ViewedMark]
) -> tuple[str, ...]:
    """Those files outside the scope of which nobody has viewed what is in them now."""
    return tuple(path for path in outside if marks.get(path) not in viewed)
