"""The work that is looked at: what is compared, which file is shown, its comments, and what can be decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal, Slot

from engine.review.comment_lines import LineNow
from engine.review.diff_records import FileChange, FileColours, FilePatch
from gui.panels.review.diff_client import ComparedSides
from gui.panels.review.diff_lines import Line
from gui.panels.review.diff_loader import DiffLoader
from gui.panels.review.drafts import Drafts
from gui.panels.review.review_records import ReviewedWork
from gui.panels.review.review_view import ReviewView
from gui.panels.review.shown_rows import Place
from gui.panels.review.side_rows import file_order, side_rows
from gui.panels.review.thread_card import Thread, ThreadCard
from gui.panels.review.threads import comment_rows, threads_of
from gui.theme.theme import Theme
from gui.translation import tr, uncapitalized

ALL_ATTEMPTS = -1


class Reviewing(QObject):
    """Shows one workstream's work in a `ReviewView`.

    Signals:
        comment_added: (CommentDraft) a comment on lines was written.
        delete_requested: (comment id) a comment is to be dropped.
        settle_requested: (comment ids, bool) comments are settled, or open again.
        changed: files, comments or what is compared changed, so that other decisions may be possible.
    """

    comment_added = Signal(object)
    delete_requested = Signal(object)
    settle_requested = Signal(object, bool)
    changed = Signal()

    def __init__(self, view: ReviewView, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._theme = view, theme
        self.drafts = Drafts()
        self.loader = DiffLoader(self)
        self.work: ReviewedWork | None = None
        self.files: Sequence[FileChange] = ()
        self.path: str | None = None
        self.whole, self.unified, self.ignores_whitespace = True, False, False
        self.attempt = ALL_ATTEMPTS
        self._folded_open = False
        self._cards: dict[Place, ThreadCard] = {}
        self._shown: dict[Place, Thread] = {}
        self._focus_at: Place | None = None
        self._aim: Place | None = None
        self._connect()

    def show(self, work: ReviewedWork | None) -> None:
        """Show a workstream's work as it is now; another one from its beginning."""
        before, self.work = self.work, work
        if work is None:
            self.files, self.path = (), None
            self.loader.compare(None)
            self._view.diff.show_message("")
            return
        if before is None or before.key != work.key:
            self.whole, self.attempt, self.path = work.last_seen is None, ALL_ATTEMPTS, None
        if self.loader.compared[0] is None or before is None or _commits(before) != _commits(work):
            self._compare()
        self.show_facts()

    def show_facts(self) -> None:
        """Show head, evidence, files and comments as they are now."""
        work = self.work
        if work is None:
            return
        view = self._view
        view.head.show_work(work)
        view.head.show_compared(whole=self.whole, attempt=self.attempt, attempts=work.attempts)
        view.head.form.show_choice(1 if self.unified else 0)
        view.evidence.show_evidence(work.evidence, len(self.files), state=work.state)
        self.show_form()
        self._show_side()
        self._show_threads()
        file = self.file
        if file is not None:
            view.diff.head.show_viewed(work.is_viewed(file))
        self.changed.emit()

    @property
    def file(self) -> FileChange | None:
        """The file that is shown."""
        return next((file for file in self.files if file.path == self.path), None)

    @property
    def unviewed_outside(self) -> str | None:
        """The first file outside the scope that nobody has viewed, listed in what is compared or not."""
        work = self.work
        if work is None:
            return None
        listed = [file for file in file_order(self.files) if file.is_outside_scope]
        known = {file.path for file in self.files} | {path for path, _ in work.viewed}
        others = () if self._shows_all else (path for path in work.evidence.outside if path not in known)
        pending = sorted(path for path, _ in work.to_view - work.viewed)
        unseen = (*(file.path for file in listed if not work.is_viewed(file)), *others, *pending)
        return next(iter(unseen), None)

    @property
    def _shows_all(self) -> bool:
        """Whether every changed file is listed: those of the whole change, and they have been read."""
        whole = self.whole and self.attempt == ALL_ATTEMPTS and not self.ignores_whitespace
        return whole and not self.loader.is_busy

    def compare(
        self, *, whole: bool | None = None, attempt: int | None = None, spaces: bool | None = None
    ) -> None:
        """Compare something else."""
        self.whole = self.whole if whole is None else whole
        self.attempt = ALL_ATTEMPTS if attempt is None else attempt
        self.ignores_whitespace = self.ignores_whitespace if spaces is None else spaces
        self._compare()
        self.show_facts()

    def show_unified(self, unified: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Show the sides below each other, or beside where they have room."""
        self.unified = unified
        self._view.head.form.show_choice(1 if unified else 0)
        self.show_form()

    def show_form(self) -> None:
        """Fit the diff to its room."""
        view = self._view
        view.diff.show_unified(self.unified or not view.has_sides)
        work = self.work
        if work is not None:
            view.diff.show_captions(*self._captions(work))
        self._show_menu()

    def show_file(self, path: str) -> None:
        """Show another file."""
        file = next((one for one in self.files if one.path == path), None)
        if file is not None:
            self.path = path
            self._view.files.show_path(path)
            self.loader.load(file)

    def step_file(self, by: int) -> None:
        """Show the next file, or the one before with -1."""
        paths = [file.path for file in file_order(self.files)]
        if paths:
            at = paths.index(self.path) + by if self.path in paths else 0
            self.show_file(paths[at % len(paths)])

    def go_to(self, path: str, place: Place | None) -> None:
        """Show a line of a file."""
        self._aim = place
        if path != self.path:
            self.show_file(path)
        elif place is not None:
            self._view.diff.area.go_to_line(place)
            self._aim = None

    def begin_comment(self, line: Line) -> None:
        """Open the field below a line."""
        if self.work is None or self.path is None or not self.work.can_decide:
            return
        self.drafts.begin(self.work.key, self.path, line)
        self._focus_at = line.place
        self.show_facts()

    def settle_here(self) -> None:
        """Settle the thread at the current line, or the only one of the file; open it again if it is settled."""
        number = self._view.diff.area.lines.current_thread()
        threads = [card for card in self._cards.values() if not card.isHidden()]
        if number is not None:
            list(self._cards.values())[number].settle()
        elif len(threads) == 1:
            threads[0].settle()

    def toggle_folded(self) -> None:
        """Show the generated files, or hide them again."""
        self._folded_open = not self._folded_open
        self._show_side()

    # --- inside ----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        loader, area = self.loader, self._view.diff.area
        loader.listed.connect(self._on_listed)
        loader.loaded.connect(self._on_loaded)
        loader.coloured.connect(self._on_coloured)
        loader.extended.connect(self._on_extended)
        loader.failed.connect(self._on_failed)
        area.comment_requested.connect(self.begin_comment)
        area.lines_requested.connect(self._on_lines_requested)

    def _compare(self) -> None:
        work = self.work
        if work is None:
            return
        before, after = work.base, work.head
        if 0 <= self.attempt < len(work.attempts):
            before, after = work.attempts[self.attempt].before, work.attempts[self.attempt].after
        elif not self.whole and work.last_seen is not None:
            before = work.last_seen
        if not before or not after:
            if work.reading:
                self.loader.warm_up()
            self.files = ()
            self.loader.compare(None)
            self._view.diff.show_message(*_unknown(work))
            return
        compared = ComparedSides(
            repo=work.repo, before=before, after=after, ignore_whitespace=self.ignores_whitespace
        )
        if (compared, tuple(work.scope)) != self.loader.compared:
            self.loader.compare(compared, work.scope)

    def _captions(self, work: ReviewedWork) -> tuple[str, str]:
        if 0 <= self.attempt < len(work.attempts):
            return tr("before the attempt"), uncapitalized(work.attempts[self.attempt].label)
        return work.captions if self.whole or work.last_seen is None else work.last_captions

    def _show_side(self) -> None:
        work = self.work
        if work is not None:
            comments = comment_rows(work, self.drafts.of(work.key))
            rows = side_rows(work, self.files, comments, folded_open=self._folded_open)
            self._view.side_rows.show(rows)
            self._view.files.show_path(self.path)

    def _show_menu(self) -> None:
        """Offer the files in the head of the diff, where they have no column."""
        head, work = self._view.diff.head, self.work
        paths = [file.path for file in file_order(self.files)]
        if self._view.is_full or work is None or self.path not in paths:
            head.show_files("", warns=False, titles=())
            return
        place = tr("File {number} of {count}", number=paths.index(self.path) + 1, count=len(paths))
        head.show_files(place, warns=self.unviewed_outside is not None, titles=paths)

    def _show_threads(self) -> None:
        work, patch = self.work, self._view.diff.patch
        if work is None or patch is None or patch.file.path != self.path:
            return
        viewed = work.is_viewed(patch.file)
        drafts = self.drafts.of(work.key)
        threads = threads_of(work, patch.file.path, drafts, now=self._lines_now(work), viewed=viewed)
        now = {thread.place: thread for thread in threads}
        cards = {}
        for place, thread in now.items():
            same = place in self._cards and _same(self._shown[place], thread)
            cards[place] = self._cards[place] if same else self._card(thread)
        self._cards, self._shown = cards, now
        self._view.diff.show_threads(list(cards.values()))
        if self._focus_at in cards:
            card, self._focus_at = cards[self._focus_at], None
            card.show()
            card.focus_editor()

    def _lines_now(self, work: ReviewedWork) -> Mapping[int, LineNow]:
        """Where the commented lines are in what is compared: the right side may be older than the finished work."""
        sides = self.loader.compared[0]
        return work.lines_now if sides is not None and sides.after == work.head else {}

    def _card(self, thread: Thread) -> ThreadCard:
        card = ThreadCard(thread, self._theme)
        card.explain_buttons(self._view.words.why_not)
        card.added.connect(self._on_added)
        card.draft_changed.connect(self._on_draft_changed)
        card.left.connect(self._on_left)
        card.cancelled.connect(self._on_cancelled)
        card.reply_requested.connect(self._on_reply_requested)
        card.delete_requested.connect(self.delete_requested)
        card.settle_requested.connect(self.settle_requested)
        card.resized.connect(self._view.diff.area.arrange_again)
        return card

    def _clear_cards(self) -> None:
        self._cards, self._shown = {}, {}

    @Slot(object)
    def _on_listed(self, files: Sequence[FileChange]) -> None:
        self.files = files
        known = [file.path for file in file_order(files)]
        if not known:
            self.path = None
            self._clear_cards()
            self._show_nothing()
        else:
            self.show_file(self.path if self.path in known else self._first(known))
        self.show_facts()

    def _first(self, known: Sequence[str]) -> str:
        """The file to begin with: the first one that nobody has viewed."""
        work = self.work
        open_ones = [
            file.path for file in file_order(self.files) if work is not None and not work.is_viewed(file)
        ]
        return open_ones[0] if open_ones else known[0]

    def _show_nothing(self) -> None:
        work, diff = self.work, self._view.diff
        if (
            work is not None
            and self.attempt == ALL_ATTEMPTS
            and not self.whole
            and work.last_seen is not None
        ):
            diff.show_message(tr("Nothing changed since you looked."))
        elif self.ignores_whitespace:
            diff.show_message(tr("Only white space differs."), tr("Show white space to see it."))
        else:
            words = tr("The attempt ended without a change; its output says why.")
            diff.show_message(tr("No file changed."), words, action=tr("Open output"))

    @Slot(object)
    def _on_loaded(self, patch: FilePatch) -> None:
        shown = self._view.diff.patch
        if shown is not None and shown.file == patch.file:
            self._view.diff.show_more(patch)
        else:
            self._clear_cards()
            self._view.diff.show_file(patch, FileColours())
        self.show_facts()
        if self._aim is not None:
            self._view.diff.area.go_to_line(self._aim)
            self._aim = None

    @Slot(object)
    def _on_coloured(self, colours: FileColours) -> None:
        self._view.diff.area.show_colours(colours)

    @Slot(object)
    def _on_extended(self, patch: FilePatch) -> None:
        self._view.diff.show_more(patch)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._clear_cards()
        self._view.diff.show_message(tr("The change cannot be shown."), sentence)

    @Slot(int)
    def _on_lines_requested(self, gap: int) -> None:
        patch = self._view.diff.patch
        if patch is not None:
            self.loader.extend(patch, gap)

    @Slot(object, str)
    def _on_added(self, place: Place, text: str) -> None:
        work = self.work
        draft = self.drafts.at(work.key, self.path, place) if work is not None else None
        if work is not None and draft is not None:
            draft.text = text
            if work.takes_comments:  # else it is refused in words, and stays
                self.drafts.send(draft)
            self.comment_added.emit(draft)
            self.show_facts()
            self._view.diff.area.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object, str)
    def _on_draft_changed(self, place: Place, text: str) -> None:
        work = self.work
        draft = self.drafts.at(work.key, self.path, place) if work is not None else None
        if draft is not None and draft.text != text:
            draft.text = text
            self._show_side()
            self.changed.emit()

    @Slot(object)
    def _on_left(self, place: Place) -> None:
        work = self.work
        draft = self.drafts.at(work.key, self.path, place) if work is not None else None
        if draft is not None and not draft.text.strip():
            self._on_cancelled(place)
        self._view.diff.area.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_cancelled(self, place: Place) -> None:
        if self.work is not None:
            self.drafts.drop(self.drafts.at(self.work.key, self.path, place))
            self.show_facts()
            self._view.diff.area.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_reply_requested(self, place: Place) -> None:
        self.begin_comment(Line(place[0], place[1], place[1], ""))


def _unknown(work: ReviewedWork) -> tuple[str, str]:
    """What is said where there is nothing to compare."""
    if work.reading:
        return tr("Reading…"), ""
    if work.problem:
        return tr("The change cannot be shown."), work.problem
    return tr("No file changed."), tr("The workstream has made no commit.")


def _commits(work: ReviewedWork) -> tuple[object, ...]:
    return (work.key, work.base, work.head, work.last_seen, work.reading, work.problem)


def _same(one: Thread, other: Thread) -> bool:
    """Whether the card of a thread can stay: its text field alone knows what is being written."""
    if (one.draft is None) != (other.draft is None):
        return False
    return replace(one, draft=None) == replace(other, draft=None)
