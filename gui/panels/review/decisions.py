"""What can be decided about the work that is looked at, and the decision: approve, send back, discard, comment."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from engine.review.diff_records import FileChange
from engine.system.plain_text import escape_invisible
from gui.panels.review.drafts import CommentDraft, too_long
from gui.panels.review.review_records import MergeLine, ReviewedWork
from gui.panels.review.review_source import ReviewCommands
from gui.panels.review.review_view import ReviewView
from gui.panels.review.reviewing import Reviewing
from gui.panels.review.threads import unsent
from gui.theme.theme import Theme
from gui.translation import tr, tr_count, translatable
from gui.widgets.confirm_sheet import Choice, ConfirmSheet

_ADD, _WITHOUT, _CANCEL = "add", "without", "cancel"
_IN_GENERAL, _WHAT_NEXT = translatable("Comment on all of it"), translatable("What to do next")


class Decisions(QObject):
    """Offers the decisions in the action bar and passes them to `commands`."""

    def __init__(
        self, view: ReviewView, reviewing: Reviewing, commands: ReviewCommands, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._view, self._reviewing, self._commands, self._theme = view, reviewing, commands, theme
        self._window = parent
        self._sends = False
        self._to_approve: ReviewedWork | None = None
        self.question: ConfirmSheet | None = None
        bar, words = view.bar, view.words
        bar.approve_requested.connect(self.approve)
        bar.send_back_requested.connect(self.send_back)
        bar.discard_requested.connect(self.discard)
        bar.restore_requested.connect(self.restore)
        words.submitted.connect(self._on_words_submitted)
        words.text_changed.connect(self._on_words_changed)
        words.left.connect(self._on_words_left)
        reviewing.changed.connect(self.show)
        reviewing.comment_added.connect(self._on_comment_added)
        reviewing.delete_requested.connect(self._on_delete_requested)
        reviewing.settle_requested.connect(self._on_settle_requested)

    def use(self, commands: ReviewCommands) -> None:
        """Pass the decisions to these commands from now on."""
        self._commands = commands

    @property
    def comments(self) -> int:
        """How many comments go back: those that were not sent, and those being written."""
        work = self._reviewing.work
        if work is None:
            return 0
        return len(unsent(work.comments)) + len(self._reviewing.drafts.written(work.key))

    @property
    def blocked(self) -> tuple[str, str]:
        """Why the work cannot be approved, and the shown state of the mark beside it; empty if it can be."""
        work, outside = self._reviewing.work, self._reviewing.unviewed_outside
        if work is None:
            return tr("Nothing is selected."), "queued"
        if outside is not None:
            return tr("First look at {name}", name=escape_invisible(outside)), "timeout"
        if work.blocked:
            return work.blocked, work.blocked_state
        if not work.head:
            return tr("Its last commit is being made"), "running"
        return "", ""

    @Slot()
    def show(self) -> None:
        """Show what can be decided now."""
        with self._view.focus_kept():
            self._show()

    def _show(self) -> None:
        work = self._reviewing.work
        blocked, state = self.blocked
        bar = self._view.bar
        can_decide = work is not None and work.can_decide
        if work is not None and not can_decide:
            state = work.state  # there is nothing to warn of
        can_restore = work is not None and work.can_restore
        bar.show_decision(blocked, state or "timeout", can_decide=can_decide, can_restore=can_restore)
        if work is not None and work.returned and not blocked:
            bar.show_returned(work.returned)
        bar.show_takes_words(work is None or work.takes_words)
        bar.show_comments(self.comments)

    @Slot()
    def approve(self) -> None:
        """Put the work into the merge queue, which can be left; ask first where a comment was typed and not added."""
        work = self._reviewing.work
        if work is None or not work.can_decide or self.blocked[0]:
            return
        written = len(self._reviewing.drafts.written(work.key))
        if written:
            self._ask_about_comments(work, written)
        else:
            self._approve(work)

    def _ask_about_comments(self, work: ReviewedWork, written: int) -> None:
        self._to_approve = work
        add = tr_count("Add comment and approve", "Add {n} comments and approve", written)
        without = tr_count("Approve without it", "Approve without them", written)
        self.question = ConfirmSheet(
            self._theme,
            self._window.window(),
            title=tr("Approve {title}?", title=escape_invisible(work.title)),
            sentence=tr_count(
                "{n} comment was typed and not added. If you approve without it, its text stays here.",
                "{n} comments were typed and not added. If you approve without them, their text stays here.",
                written,
            ),
            choices=[
                Choice(_CANCEL, tr("Cancel")),
                Choice(_WITHOUT, without),
                Choice(_ADD, add, "primary"),
            ],
        )
        self.question.answered.connect(self._on_approval_answered)
        self.question.open()

    def _approve(self, work: ReviewedWork) -> None:
        self._commands.approve(work)
        self._view.focus_work()

    @Slot()
    def send_back(self) -> None:
        """Send the comments back; without any, ask for words."""
        work = self._reviewing.work
        if work is None or not work.can_decide or self._shows_too_long(work):
            return
        if not work.takes_words:
            self._commands.send_back(
                work, "", _nothing_typed
            )  # the engine says why not; what was typed stays
        elif self.comments:
            self._send(work)
        else:
            self._open_words(work, sends=True)

    @Slot()
    def discard(self) -> None:
        """Ask, then archive the work."""
        work = self._reviewing.work
        if work is None or not work.can_decide:
            return
        self.question = ConfirmSheet(
            self._theme,
            self._window.window(),
            title=tr("Discard {title}?", title=escape_invisible(work.title)),
            sentence=tr_count(
                "{n} changed file will not be merged. The work is archived, and Undo brings it back.",
                "{n} changed files will not be merged. The work is archived, and Undo brings it back.",
                len(self._reviewing.files),
            ),
            choices=[Choice("keep", tr("Keep")), Choice("discard", tr("Discard"), "danger")],
        )
        self.question.answered.connect(self._on_discard_answered)
        self.question.open()

    @Slot()
    def restore(self) -> None:
        """Bring discarded work back; it waits for review again."""
        work = self._reviewing.work
        if work is not None and work.can_restore:
            self._commands.restore(work)
            self._view.focus_work()

    def comment_in_general(self) -> None:
        """Open the field for a comment on all of the work."""
        work = self._reviewing.work
        if work is not None and work.can_decide:
            self._open_words(work, sends=False)

    def set_viewed(self, file: FileChange, *, viewed: bool) -> None:
        """Mark a file as viewed, or not."""
        work = self._reviewing.work
        if work is not None:
            self._commands.set_viewed(work.key, file, viewed=viewed)

    def carry_out(self, verb: str, line: MergeLine) -> None:
        """Carry out a verb of the merge queue."""
        if verb == "take_out":
            self._commands.take_out(line.key)
        elif verb in {"hold", "release"}:
            self._commands.hold(line.key, held=verb == "hold")
        elif verb == "move_up" and line.ahead is not None:
            self._commands.move_up(line.key, line.ahead)

    def _shows_too_long(self, work: ReviewedWork) -> bool:
        """Show the first draft that is too long for a comment, instead of sending the work back without it."""
        written = self._reviewing.drafts.written(work.key)
        draft = next((one for one in written if too_long(one.text)), None)
        if draft is not None and draft.path is not None:
            self._reviewing.go_to(draft.path, draft.place)
        elif draft is not None:
            self._open_words(work, sends=False)
        return draft is not None

    def _open_words(self, work: ReviewedWork, *, sends: bool) -> None:
        self._sends = sends
        draft = self._reviewing.drafts.begin(work.key, None, None)
        title, verb = (tr(_WHAT_NEXT), tr("Send back")) if sends else (tr(_IN_GENERAL), tr("Add comment"))
        self._view.words.open(title, verb, draft.text)

    def _send(self, work: ReviewedWork, words: CommentDraft | None = None) -> None:
        self._add_written(work)
        if words is None:
            self._commands.send_back(work, "", _nothing_typed)
        else:
            self._commands.send_back(work, words.text, partial(self._on_text_answered, words, sends=True))
        self._view.focus_work()
        self._reviewing.show_facts()

    def _add_written(self, work: ReviewedWork) -> None:
        """Add the comments being written, and close their fields."""
        drafts = self._reviewing.drafts
        for draft in drafts.written(work.key):
            drafts.send(draft)
            self._add(work, draft)
        drafts.drop_all(drafts.of(work.key))
        self._view.words.close_field()

    def _add(self, work: ReviewedWork, draft: CommentDraft) -> None:
        self._commands.add_comment(work, draft, partial(self._on_text_answered, draft, sends=False))

    def _on_text_answered(self, draft: CommentDraft, refusal: str, *, sends: bool) -> None:
        """Put a text that was refused back into its field, which is open where its work is still looked at."""
        self._reviewing.drafts.settle(draft, refusal)
        work = self._reviewing.work
        if not refusal or work is None or work.key != draft.key:
            return
        if draft.path is None:
            self._open_words(work, sends=sends)
        self._reviewing.show_facts()

    @Slot(str)
    def _on_approval_answered(self, choice: str) -> None:
        """Approve what the question was about, if it is still looked at and can still be approved."""
        work, before = self._reviewing.work, self._to_approve
        is_same = (
            work is not None and before is not None and (work.key, work.head) == (before.key, before.head)
        )
        if work is None or choice == _CANCEL or not is_same or not work.can_decide or self.blocked[0]:
            return
        if choice == _ADD:
            if self._shows_too_long(work):
                return
            self._add_written(work)
        self._approve(work)
        self._reviewing.show_facts()

    @Slot(str)
    def _on_discard_answered(self, choice: str) -> None:
        work = self._reviewing.work
        if choice == "discard" and work is not None:
            self._commands.discard(work)
            self._view.focus_work()

    @Slot(object)
    def _on_comment_added(self, draft: CommentDraft) -> None:
        work = self._reviewing.work
        if work is not None:
            self._add(work, draft)

    @Slot(object)
    def _on_delete_requested(self, comment_id: int) -> None:
        self._commands.remove_comment(comment_id)

    @Slot(object, bool)
    def _on_settle_requested(self, comment_ids: Sequence[int], settled: bool) -> None:  # noqa: FBT001 - Qt's signal
        for comment_id in comment_ids:
            self._commands.settle_comment(comment_id, settled=settled)
        self._view.focus_work()

    @Slot(str)
    def _on_words_changed(self, text: str) -> None:
        work = self._reviewing.work
        if work is not None and self._view.words.isVisible():
            self._reviewing.drafts.begin(work.key, None, None).text = text
            self._reviewing.show_facts()

    @Slot(str)
    def _on_words_submitted(self, text: str) -> None:
        work, drafts = self._reviewing.work, self._reviewing.drafts
        if work is None or (self._sends and self._shows_too_long(work)):
            return
        draft = drafts.begin(work.key, None, None)
        draft.text = text
        if not (work.can_decide if self._sends else work.takes_comments):
            self._refused(work, draft)
            return
        drafts.send(draft)
        self._view.words.close_field()
        if self._sends:
            self._send(work, draft)
        else:
            self._add(work, draft)
            self._view.focus_work()
            self._reviewing.show_facts()

    def _refused(self, work: ReviewedWork, draft: CommentDraft) -> None:
        """Have the engine say why it takes no words now; they stay in the field."""
        if self._sends:
            self._commands.send_back(work, draft.text, _nothing_typed)
        else:
            self._commands.add_comment(work, draft, _nothing_typed)

    @Slot()
    def _on_words_left(self) -> None:
        self._view.focus_work()
        self._reviewing.show_facts()


def _nothing_typed(_refusal: str) -> None:
    """Nothing to give back: the text, if there is one, is in its field."""
