"""Carry out commands on finished work through the store, and undo them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import assert_never

from engine.errors import CommandRefusedError, SignalboxError
from engine.host.command_kind import CommandKind
from engine.host.outcome import Outcome
from engine.host.review_commands import (
    AddComment,
    ApproveWorkstreams,
    CommentCommand,
    DeleteComment,
    DiscardWorkstreams,
    EditComment,
    MarkViewed,
    RestoreWorkstreams,
    ReviewCommand,
    SeenWorkstream,
    SendBackWorkstream,
    SettleComment,
    WithdrawApprovals,
    WorkstreamsCommand,
)
from engine.review.work_to_view import WorkToView
from engine.state_store.review_control import ReviewControl

Works = Mapping[SeenWorkstream, WorkToView]
"""What has to be viewed of work that is to be approved."""
NO_WORKS: Works = MappingProxyType({})
Decide = Callable[[SeenWorkstream], SeenWorkstream]


class ReviewRunner:
    """Carries out commands on finished work; a refusal says why nothing was changed."""

    def __init__(self, reviews: ReviewControl) -> None:
        self._reviews = reviews

    def carry_out(self, command: ReviewCommand, works: Works = NO_WORKS) -> Outcome:
        """Carry out a command on finished work; `works` are those that were read for it (`LaunchReader.read_first`).

        Raises:
            SignalboxError: nothing was changed; the message says why.
        """
        match command:
            case SendBackWorkstream():
                changed = self._reviews.send_back(command.workstream, command.words)
                return Outcome(changed=changed, workstreams=[command.workstream])
            case AddComment() | EditComment() | DeleteComment() | SettleComment() | MarkViewed():
                self._on_comment(command)
                return Outcome()
            case _:
                return _some(each_workstream(command.workstreams, self._decision(command, works)))

    def undo(self, kind: CommandKind, workstreams: Sequence[SeenWorkstream]) -> Outcome:
        """Undo an approval or a discard."""
        way_back = self._reviews.withdraw if kind is ApproveWorkstreams.kind else self._reviews.restore
        return _some(each_workstream(workstreams, way_back))

    def redo(
        self, kind: CommandKind, workstreams: Sequence[SeenWorkstream], works: Works = NO_WORKS
    ) -> Outcome:
        """Approve or discard again, as far as the work is what it was."""
        again = self._approval(works) if kind is ApproveWorkstreams.kind else self._reviews.discard
        return _some(each_workstream(workstreams, again))

    def _approval(self, works: Works, target: str | None = None) -> Decide:
        return lambda seen: self._reviews.approve_viewed(seen, target=target, read=works.get(seen))

    def _decision(self, command: WorkstreamsCommand, works: Works) -> Decide:
        match command:
            case ApproveWorkstreams():
                return self._approval(works, command.target)
            case WithdrawApprovals():
                return self._reviews.withdraw
            case DiscardWorkstreams():
                return self._reviews.discard
            case RestoreWorkstreams():
                return self._reviews.restore
            case _:
                assert_never(command)

    def _on_comment(self, command: CommentCommand) -> None:
        match command:
            case AddComment():
                self._reviews.add_comment(command.comment)
            case EditComment():
                self._reviews.edit_comment(command.comment_id, command.text)
            case DeleteComment():
                self._reviews.delete_comment(command.comment_id)
            case SettleComment():
                self._reviews.settle_comment(command.comment_id, settled=command.settled)
            case MarkViewed():
                self._reviews.set_viewed(command.file, viewed=command.viewed)
            case _:
                assert_never(command)


def each_workstream(workstreams: Sequence[SeenWorkstream], decide: Decide) -> Outcome:
    """Decide on each workstream; a refusal does not stop the others."""
    outcome = Outcome()
    for seen in workstreams:
        try:
            outcome = replace(outcome, workstreams=[*outcome.workstreams, decide(seen)])
        except SignalboxError as error:
            outcome.refused[str(seen)] = str(error)
    return outcome


def _some(outcome: Outcome) -> Outcome:
    """The outcome, unless every workstream was refused."""
    if outcome.refused and not outcome.workstreams:
        raise CommandRefusedError(" ".join(dict.fromkeys(outcome.refused.values())))
    return outcome
