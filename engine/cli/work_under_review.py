"""Finished work as the command line shows it: what its row and its page have, as text and as JSON. Changes nothing."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.cli.home_session import HomeSession
from engine.cli.printing import print_line, record_json, short_name
from engine.errors import CommandRefusedError, GitError
from engine.review.approval_reasons import ApprovalReason, approval_reasons
from engine.review.changed_files import changed_files
from engine.review.comment_answers import answers_to, outcome_words
from engine.review.comment_lines import LineFate, LineNow, lines_now
from engine.review.compared_commits import whole_change
from engine.review.diff_records import FileChange
from engine.review.diff_text import file_json, stat_line
from engine.review.evidence_summary import EvidenceSummary, evidence_of
from engine.review.viewed_marks import mark_of
from engine.system.formatting import age, plural
from engine.system.plain_text import escape_invisible
from state import queries
from state.queries import UNDER_REVIEW, reviews_in
from state.records import ReviewState, Workstream
from state.review_queries import ReviewRows, review_rows
from state.status_words import status_in_words
from state.worktree_records import CommentState, DiffSide, ReviewComment, SeenWorkstream

WORK_COLUMNS = ("NAME", "WORKSTREAM", "REVIEW", "FOR", "EVIDENCE")


@dataclass(frozen=True, kw_only=True)
class WorkUnderReview:
    """A workstream with everything a person weighs; `problem` says why its files cannot be read."""

    found: ReviewRows
    evidence: EvidenceSummary
    files: Sequence[FileChange] = ()
    problem: str = ""
    lines: Mapping[int, LineNow] = field(default_factory=dict)
    """What has become of the lines of its comments, by their ids."""

    @property
    def stream(self) -> Workstream:
        """The workstream."""
        return self.found.stream

    @property
    def name(self) -> str:
        """Its name on the command line."""
        return f"{self.stream.run_id}/{self.stream.ws_id}"

    @property
    def title(self) -> str:
        """What people call it."""
        return self.found.names.workstream(self.stream.key)

    @property
    def seen(self) -> SeenWorkstream:
        """It with the commit that is shown here."""
        tree = self.found.tree
        return SeenWorkstream(*self.stream.key, None if tree is None else tree.head)

    @property
    def reasons(self) -> list[ApprovalReason]:
        """Why it cannot be approved now."""
        marks = {file.path: mark_of(file) for file in self.files}
        return list(approval_reasons(self.found, self.evidence, marks))

    def to_json(self) -> dict[str, Any]:
        """It for programs, without its files and comments."""
        tree, evidence = self.found.tree, self.evidence
        tests = evidence.tests
        return record_json(
            self.stream,
            branch=None if tree is None else tree.branch,
            target=None if tree is None else tree.target,
            head=None if tree is None else tree.head,
            merge=None if self.found.merge is None else record_json(self.found.merge),
            evidence={
                "tests": None if tests is None else {"passed": tests.passed, "failed": tests.failed},
                "tests_before": None if evidence.before is None else evidence.before.passed,
                "scope": list(evidence.scope),
                "outside_scope": list(evidence.outside),
                "denied": list(evidence.denied),
                "cost_usd": evidence.cost.usd,
                "cost_source": evidence.cost.source,
                "cost_limit_usd": evidence.cost_limit,
                "attempts": evidence.attempts,
                "max_attempts": evidence.max_attempts,
                "worked_s": evidence.worked_s,
                "conflict": evidence.conflict or None,
                "conflict_is_predicted": evidence.is_predicted,
            },
            blocked=[reason.sentence for reason in self.reasons],
        )

    def whole_json(self) -> dict[str, Any]:
        """It for programs, with its files and comments."""
        viewed = {(one.path, one.blob) for one in self.found.viewed}
        return {
            **self.to_json(),
            "files": [{**file_json(file), "viewed": mark_of(file) in viewed} for file in self.files],
            "comments": [self._comment_json(comment) for comment in self.found.comments],
            "problem": self.problem or None,
        }

    def _comment_json(self, comment: ReviewComment) -> dict[str, Any]:
        answer, now = answers_to(self.found).get(comment.id), self.lines.get(comment.id)
        return record_json(
            comment,
            answer=None if answer is None else answer.to_json(),
            line_state=None if now is None else now.fate.value,
            line_now=None if now is None or now.fate is LineFate.GONE else now.line,
        )


def named_workstream(session: HomeSession, name: str) -> Workstream:
    """The workstream of that name: ``RUN/WS``, or ``WS`` for the newest.

    Raises:
        CommandRefusedError: there is none.
    """
    run_id, _, ws_id = name.rpartition("/")
    found = session.plain.read(queries.find_workstream, ws_id, run_id or None)
    if found is None:
        raise CommandRefusedError(
            f"There is no workstream {name} here; `signalbox review list --all` lists them."
        )
    return found


def named_workstreams(session: HomeSession, names: Sequence[str]) -> list[Workstream]:
    """The workstreams of these names; where one is unknown, nothing is to be done to the others.

    Raises:
        CommandRefusedError: there are none of some names; the message has each.
    """
    found, unknown = [], []
    for name in dict.fromkeys(names):
        try:
            found.append(named_workstream(session, name))
        except CommandRefusedError as error:
            unknown.append(str(error))
    if unknown:
        raise CommandRefusedError(" ".join([*unknown, *(["Nothing was changed."] if len(names) > 1 else [])]))
    return found


def works_under_review(
    session: HomeSession, states: Collection[ReviewState] = UNDER_REVIEW, *, run_id: str | None = None
) -> list[WorkUnderReview]:
    """The work whose review is in one of these states, that which waits longest first."""
    streams = session.plain.read(reviews_in, states, run_id=run_id)
    return [at_a_glance(session, stream) for stream in streams]


def at_a_glance(session: HomeSession, stream: Workstream) -> WorkUnderReview:
    """Its work as the database knows it."""
    found = session.reader.read(review_rows, stream)
    return WorkUnderReview(found=found, evidence=evidence_of(found))


def as_a_whole(session: HomeSession, stream: Workstream) -> WorkUnderReview:
    """Its work with the files of its diff."""
    found = session.reader.read(review_rows, stream)
    if found.tree is None:
        raise CommandRefusedError(
            f"Workstream {stream.run_id}/{stream.ws_id} is not isolated in a worktree of its own, so it has no review."
        )
    try:
        sides = whole_change(found.tree, found.merged)
        scope = evidence_of(found).scope
        files = changed_files(sides.repo, sides.before, sides.after, scope=scope)
        lines = lines_now(sides.repo, found.comments, head=sides.after)
    except GitError as error:
        return WorkUnderReview(found=found, evidence=evidence_of(found), problem=str(error))
    outside = [file.path for file in files if file.is_outside_scope]
    return WorkUnderReview(
        found=found, evidence=evidence_of(found, outside=outside), files=files, lines=lines
    )


def row_of(work: WorkUnderReview) -> list[str]:
    """Its row in a list."""
    facts = dict(work.evidence.sentences())
    denied = facts["denied"] if work.evidence.denied else ""
    marks = [facts["tests"], facts["scope"], denied, facts["cost"], facts.get("conflict", "")]
    since = work.stream.waits_since
    waits = "" if since is None else age(since, time.time())
    return [
        short_name(work.title),
        work.name,
        status_in_words(work.stream.status),
        waits,
        ", ".join(filter(None, marks)),
    ]


def print_work(work: WorkUnderReview) -> None:
    """Print its page."""
    for name, text in _facts(work):
        print_line(f"{name:<10} {text}")
    for file in work.files:
        print_line(f"  {stat_line(file)}")
    if work.problem:
        print_line(f"The files cannot be read: {work.problem}", style="yellow")
    for comment in work.found.comments:
        print_line(comment_line(comment))
        if outcome := _outcome(work, comment):
            print_line(f"  {outcome}")
    for reason in work.reasons:
        print_line(f"Cannot be approved yet: {reason.sentence}.", style="yellow")


def _facts(work: WorkUnderReview) -> Iterator[tuple[str, str]]:
    stream, tree = work.stream, work.found.tree
    yield "name", work.title
    yield "workstream", work.name
    yield "review", status_in_words(stream.status)
    if tree is not None:
        yield "branch", f"{tree.branch} into {tree.target or 'a branch that nothing names'}"
        if tree.head is not None:
            yield "commit", tree.head
        yield "worktree", f"{tree.path} ({tree.state})"
    yield from work.evidence.sentences()
    for command in work.evidence.denied:
        yield "", command
    if work.files:
        yield "files", plural(len(work.files), "file")


def _outcome(work: WorkUnderReview, comment: ReviewComment) -> str:
    """What came of a comment that was sent."""
    answer, now = answers_to(work.found).get(comment.id), work.lines.get(comment.id)
    if answer is None:
        return ""
    words = outcome_words(comment, answer, now)
    return f"{words}. {answer.tool}: {answer.words}" if answer.words else words


_STATES: Mapping[CommentState, str] = {
    CommentState.DRAFT: "not sent",
    CommentState.SENT: "sent to attempt {attempt}",
    CommentState.SETTLED: "settled",
}


def comment_line(comment: ReviewComment) -> str:
    """A comment on one line."""
    where = "on all of it" if comment.path is None else escape_invisible(comment.path)
    if comment.line is not None:
        lines = f":{comment.line}"
        if comment.last_line not in {None, comment.line}:
            lines += f"-{comment.last_line}"
        where += lines + (" (before)" if comment.side is DiffSide.OLD else "")
    state = _STATES[comment.state].format(attempt=comment.attempt)
    return f"comment {comment.id} {where}, {state}: {comment.text}"
