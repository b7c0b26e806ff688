"""Carries out the actions of the review: its keys, its menu, and its entries in the command palette."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gui.control.action_effects import ReviewAction
from gui.control.actions import Actions
from state.worktree_records import CommentState

if TYPE_CHECKING:
    from gui.panels.review.review_panel import ReviewPanel


class ReviewActions(QObject):
    """Matches each action with what it does, while the panel is shown."""

    def __init__(self, panel: "ReviewPanel", actions: Actions) -> None:
        super().__init__(panel)
        self._panel, self._actions = panel, actions
        reviewing, area, queue = panel.reviewing, panel.view.diff.area, panel.view.queue
        self._effects: dict[ReviewAction, Callable[[], object]] = {
            ReviewAction.NEXT_HUNK: partial(area.go_to_hunk, 1),
            ReviewAction.PREVIOUS_HUNK: partial(area.go_to_hunk, -1),
            ReviewAction.NEXT_FILE: partial(reviewing.step_file, 1),
            ReviewAction.PREVIOUS_FILE: partial(reviewing.step_file, -1),
            ReviewAction.NEXT_COMMENT: partial(area.go_to_thread, 1),
            ReviewAction.PREVIOUS_COMMENT: partial(area.go_to_thread, -1),
            ReviewAction.NEXT_REVIEW: partial(queue.step, 1),
            ReviewAction.PREVIOUS_REVIEW: partial(queue.step, -1),
            ReviewAction.COMMENT: area.request_comment,
            ReviewAction.SETTLE: self._settle,
            ReviewAction.VIEWED: self._toggle_viewed,
            ReviewAction.UNIFIED: self._toggle_unified,
            ReviewAction.WHOLE: self._toggle_whole,
            ReviewAction.WHITESPACE: self._toggle_whitespace,
            ReviewAction.APPROVE: panel.decisions.approve,
            ReviewAction.SEND_BACK: panel.decisions.send_back,
            ReviewAction.DISCARD: panel.decisions.discard,
            ReviewAction.MERGE_QUEUE: panel.toggle_merges,
        }
        actions.triggered.connect(self._on_triggered)

    @Slot(str, object)
    def _on_triggered(self, name: str, _jobs: object) -> None:
        effect = self._actions.record(name).effect
        if isinstance(effect, ReviewAction) and self._panel.isVisible():
            self._effects[effect]()

    def _settle(self) -> None:
        panel = self._panel
        row = panel.view.files.current_comment() if panel.view.files.hasFocus() else None
        if row is None or row.comment_id is None:
            panel.reviewing.settle_here()
        elif row.state is not CommentState.DRAFT:
            panel.reviewing.settle_requested.emit([row.comment_id], row.state is CommentState.SENT)

    def _toggle_viewed(self) -> None:
        reviewing = self._panel.reviewing
        if reviewing.work is not None and reviewing.file is not None:
            viewed = reviewing.work.is_viewed(reviewing.file)
            self._panel.decisions.set_viewed(reviewing.file, viewed=not viewed)

    def _toggle_unified(self) -> None:
        self._panel.reviewing.show_unified(not self._panel.reviewing.unified)

    def _toggle_whole(self) -> None:
        reviewing = self._panel.reviewing
        if reviewing.work is not None and reviewing.work.last_seen is not None:
            reviewing.compare(whole=not reviewing.whole)

    def _toggle_whitespace(self) -> None:
        reviewing = self._panel.reviewing
        reviewing.compare(spaces=not reviewing.ignores_whitespace, attempt=reviewing.attempt)
