"""The parts of the review side by side, and what gives way first where there is less room. Decides nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from gui.guarded import Guarded
from gui.panels.review.action_bar import ActionBar
from gui.panels.review.diff_pane import DiffPane
from gui.panels.review.evidence_strip import EvidenceStrip
from gui.panels.review.merge_strip import MergeStrip
from gui.panels.review.queue_model import QueueModel
from gui.panels.review.queue_view import ReviewQueueView
from gui.panels.review.review_head import ReviewHead
from gui.panels.review.side_model import SideModel
from gui.panels.review.side_view import SideView
from gui.panels.review.words_field import WordsField
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.empty_state import EmptyState

FULL_FROM, MIDDLE_FROM = 1440, 1180
"""From these widths of the panel on everything has room, or all but the files and a few words."""
SIDE_BY_SIDE_FROM = 820
"""The diff is unified where it is narrower."""
QUEUE, NARROW_QUEUE, FILES = 300, 260, 262

_EMPTY_ICON = "review"


class ReviewView(Guarded, QWidget):
    """Lays out the review.

    Signals:
        shaped: another form fits now.
    """

    shaped = Signal()

    def __init__(self, theme: Theme, clock: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reviews, self.side_rows = QueueModel(clock, self), SideModel(self)
        self.queue = ReviewQueueView(self.reviews, theme, clock=clock)
        self.files = SideView(self.side_rows, theme)
        self.head, self.evidence = ReviewHead(theme), EvidenceStrip(theme)
        self.diff = DiffPane(theme)
        self.words = WordsField(theme)
        self.merges = MergeStrip(theme, clock)
        self.bar = ActionBar(theme)
        self.empty = EmptyState(theme, _EMPTY_ICON, *nothing_waits())
        self._rules = [_rule(), _rule()]
        self._merges_open = False
        self._stack = QStackedLayout()
        self._lay_out()
        self._shape()
        self.diff.turned.connect(self._pass_focus_on)

    @property
    def is_full(self) -> bool:
        """Whether everything has room."""
        return self.width() >= FULL_FROM

    @property
    def has_work(self) -> bool:
        """Whether any work is shown."""
        return self._stack.currentIndex() == 1

    @property
    def has_queue(self) -> bool:
        """Whether the queue has a column."""
        return self.width() >= MIDDLE_FROM

    @property
    def has_sides(self) -> bool:
        """Whether the sides have room beside each other."""
        return self.has_queue and self.diff_width() >= SIDE_BY_SIDE_FROM

    @property
    def merges_open(self) -> bool:
        """Whether the merge queue is shown."""
        return self._merges_open

    def diff_width(self) -> int:
        """How wide the diff is."""
        queue = (QUEUE if self.is_full else NARROW_QUEUE) if self.has_queue else 0
        return self.width() - queue - (FILES if self.is_full else 0) - 2

    def show_work(self, *, any_review: bool, any_work: bool) -> None:
        """Show the work, or that nothing waits."""
        self._stack.setCurrentIndex(1 if any_work else 0)
        self.queue.setVisible(any_review and self.has_queue)
        self._rules[0].setVisible(any_review and self.has_queue)
        self._pass_focus_on()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Pass the focus on to the work, not to the first button of its head."""
        super().focusInEvent(event)
        self._pass_focus_on()

    @Slot()
    def focus_work(self) -> None:
        """Focus the diff, or the queue where none is shown, unless one of them has the focus."""
        shown = [part for part in (self.diff.area, self.queue) if part.isVisible()]
        if not any(part.hasFocus() for part in shown):
            (shown[0] if shown else self).setFocus(Qt.FocusReason.OtherFocusReason)

    @contextmanager
    def focus_kept(self) -> Iterator[None]:
        """Whatever had the focus here may go; Qt would give it to the next field, which takes Ctrl+Z for itself."""
        focused = QApplication.focusWidget()
        yield
        if focused is not None and self.isAncestorOf(focused) and not _takes_keys(focused):
            self.focus_work()

    @Slot()
    def _pass_focus_on(self) -> None:
        """The review itself keeps the focus only while there is neither a diff nor a queue to take it."""
        if self.hasFocus():
            self.focus_work()

    def open_merges(self, *, shown: bool) -> None:
        """Show or hide the merge queue."""
        self._merges_open = shown
        self.merges.setVisible(shown)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the full form."""
        return QSize(FULL_FROM, 700)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A dock may be narrow, but the buttons of the decision stay whole."""
        return QSize(480, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the form to the width."""
        super().resizeEvent(event)
        self._shape()

    def _shape(self) -> None:
        full, column = self.is_full, self.has_queue
        self.queue.setFixedWidth(QUEUE if full else NARROW_QUEUE)
        self.queue.set_narrow(not full)
        self.queue.setVisible(column and self.reviews.rowCount() > 0)
        self._rules[0].setVisible(column and self.reviews.rowCount() > 0)
        self.files.setVisible(full)
        self._rules[1].setVisible(full)
        self.evidence.set_narrow(not full)
        self.diff.head.show_hints(full)
        self.bar.show_short(not column)
        self.head.show_forms(self.has_sides)
        self.shaped.emit()

    def _lay_out(self) -> None:
        work = QWidget()
        middle = QHBoxLayout()
        parts: tuple[QWidget, ...] = (self.files, self._rules[1], self.diff)
        for part in parts:
            middle.addWidget(part, 1 if part is self.diff else 0)
        column = QVBoxLayout(work)
        upper: tuple[QWidget, ...] = (self.head, self.evidence)
        for part in upper:
            column.addWidget(part)
        column.addLayout(middle, 1)
        lower: tuple[QWidget, ...] = (self.words, self.merges, self.bar)
        for part in lower:
            column.addWidget(part)
        nothing = QWidget(self)
        held = QVBoxLayout(nothing)
        held.addWidget(self.empty)
        self._stack.addWidget(nothing)
        self._stack.addWidget(work)
        whole = QHBoxLayout(self)
        whole.addWidget(self.queue)
        whole.addWidget(self._rules[0])
        whole.addLayout(self._stack, 1)
        for layout in (middle, column, whole, held):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        self.files.setFixedWidth(FILES)
        self.merges.hide()


def _takes_keys(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled()


def _rule() -> QWidget:
    rule = QWidget()
    rule.setObjectName("hairline")
    rule.setFixedWidth(1)
    return rule


def nothing_waits() -> tuple[str, str]:
    """What the panel says where no work waits for review."""
    return (
        tr("Nothing waits for review."),
        tr("Finished work comes here with its diff and its evidence."),
    )
