"""Reads which marks the files outside the scope of finished work must have before it is approved. Decides nothing."""

from dataclasses import dataclass

from engine.errors import GitError
from engine.review.compared_commits import whole_change
from engine.review.evidence_summary import evidence_of
from engine.review.viewed_marks import ViewedMark, mark_of
from state.review_queries import ReviewRows


@dataclass(frozen=True, kw_only=True)
class WorkToView:
    """The marks that the work must have at the commit `head`; `problem` says why they cannot be read."""

    head: str | None = None
    marks: frozenset[ViewedMark] = frozenset()
    problem: str = ""


def work_to_view(found: ReviewRows) -> WorkToView:
    """What has to be viewed of this work; asks the repository where a scope is declared."""
    scope, tree = evidence_of(found).scope, found.tree
    head = None if tree is None else tree.head
    if tree is None or head is None or not scope:
        return WorkToView(head=head)
    from engine.review.changed_files import changed_files  # noqa: PLC0415 - every command opens the store, few approve

    try:
        sides = whole_change(tree, found.merged)
        files = changed_files(sides.repo, sides.before, sides.after, scope=scope)
    except (GitError, OSError) as error:
        return WorkToView(head=head, problem=str(error))
    return WorkToView(head=head, marks=frozenset(mark_of(file) for file in files if file.is_outside_scope))
