"""The evidence of a review, what blocks its approval and what came of comments, in the language of the window. Pure."""

from dataclasses import replace

from engine.review.approval_reasons import ApprovalBlock, ApprovalReason
from engine.review.comment_answers import CommentAnswer
from engine.review.comment_lines import LineFate, LineNow
from engine.review.evidence_summary import EvidenceSummary
from gui.data.captions import files_in_words
from gui.data.status_verbs import status_verb
from gui.translation import tr, tr_count, translatable
from state.records import AttemptStatus
from state.review_queries import ReviewRows
from state.shown_names import rival_name
from state.worktree_records import ReviewComment

_FATES = {
    LineFate.SAME: (
        translatable("{answer}, the line is as it was"),
        translatable("{answer}, the lines are as they were"),
    ),
    LineFate.CHANGED: (
        translatable("{answer}, the line has changed"),
        translatable("{answer}, the lines have changed"),
    ),
    LineFate.GONE: (
        translatable("{answer}, the line is gone"),
        translatable("{answer}, the lines are gone"),
    ),
}


def result_words(evidence: EvidenceSummary) -> str:
    """What is known of the tests: ``43 passed``, ``2 failed``, ``tests not run``."""
    tests = evidence.tests
    if tests is None:
        return tr("tests not run") if evidence.expects_tests else tr("no tests")
    if tests.failed:
        return tr_count("{n} failed", "{n} failed", tests.failed)
    return tr("passed") if tests.passed is None else tr_count("{n} passed", "{n} passed", tests.passed)


def scope_words(evidence: EvidenceSummary) -> str:
    """What is known of the scope: ``in scope``, ``1 file outside scope``."""
    if not evidence.scope:
        return tr("no scope declared")
    if not evidence.outside:
        return tr("in scope")
    return tr_count("{n} file outside scope", "{n} files outside scope", len(evidence.outside))


def with_conflict(found: ReviewRows, evidence: EvidenceSummary) -> EvidenceSummary:
    """The evidence with its conflict and its red check in the words of the window."""
    conflict, check = evidence.conflict, evidence.check
    if conflict:
        conflict = _predicted(found) if evidence.is_predicted else _happened(found)
    if check and found.merge is not None:
        check = tr("red on top of {target}", target=found.merge.target)
    return replace(evidence, conflict=conflict, check=check)


def _predicted(found: ReviewRows) -> str:
    key = found.stream.key
    return "; ".join(
        tr("with {name}: {files}", name=rival_name(one, key, found.names), files=files_in_words(one.files))
        for one in found.conflicts
        if key in one.workstreams
    )


def _happened(found: ReviewRows) -> str:
    target = "" if found.merge is None else found.merge.target
    files = "" if found.merge is None else files_in_words(found.merge.files)
    if not files:
        return tr("conflict with {names}", names=target)
    if not found.rivals:
        return tr("conflict with {target}: {files}", target=target, files=files)
    return tr(
        "conflict with {target}: {files}, which {rivals} changed too",
        target=target,
        files=files,
        rivals=tr(" and ").join(found.rivals),
    )


def block_words(found: ReviewRows, reason: ApprovalReason) -> str:
    """Why work cannot be approved; files that were not viewed are named by the diff, which knows them."""
    match reason.block:
        case ApprovalBlock.COMMIT:
            return tr("Its last changes are not committed yet")
        case ApprovalBlock.TESTS:
            return tr("Tests have not run on this attempt")
        case ApprovalBlock.REVIEW:
            stream = found.stream
            return tr(
                "{name} {verb}", name=found.names.workstream(stream.key), verb=status_verb(stream.status)
            )
        case _:
            return reason.sentence


def comment_outcome(comment: ReviewComment, answer: CommentAnswer, now: LineNow | None) -> str:
    """Which attempt worked on a comment, and once it has ended whether the lines have changed since."""
    words = _answered(answer)
    if now is None or answer.status is AttemptStatus.RUNNING:
        return words
    is_range = comment.last_line is not None and comment.last_line != comment.line
    return tr(_FATES[now.fate][is_range], answer=words)


def _answered(answer: CommentAnswer) -> str:
    match answer.status:
        case AttemptStatus.RUNNING:
            return tr("attempt {number} works on it", number=answer.attempt)
        case AttemptStatus.COMPLETED:
            return tr("attempt {number} worked on it", number=answer.attempt)
        case _:
            return tr("attempt {number} did not end well", number=answer.attempt)
