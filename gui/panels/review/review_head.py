"""The head of the work that is looked at: title, state, what is compared and how, the branch and its target."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from engine.system.plain_text import escape_invisible
from gui.panels.review.review_records import AttemptChoice, ReviewedWork
from gui.theme.glyph import Glyph
from gui.theme.theme import Theme
from gui.translation import tr, tr_count, translatable
from gui.widgets.buttons import icon_button, keep_icon, push_button
from gui.widgets.label import PlainLabel
from gui.widgets.segments import Segments
from gui.widgets.state_tag import StateTag

_ALL_ATTEMPTS = -1
_ROW = 24


class ReviewHead(QWidget):
    """Shows what is looked at.

    Signals:
        whole_chosen: (bool) compare the whole change, or what changed since the last review.
        unified_chosen: (bool) show the sides below each other, or beside.
        attempt_chosen: (int) look at one attempt alone; -1 is all of them.
        step_requested: (int) the next review, or the one before, where there is no queue column.
    """

    whole_chosen = Signal(bool)
    unified_chosen = Signal(bool)
    attempt_chosen = Signal(int)
    step_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.glyph = Glyph(theme, "needsyou", 16)
        self.title = PlainLabel(theme=theme, role="title", elide=True)
        self.tag = StateTag(theme)
        self.place = PlainLabel(theme=theme, role="small", color="t2")
        self.previous = icon_button(theme, "chevl", tr("Previous review"))
        self.following = icon_button(theme, "chevr", tr("Next review"))
        self.attempt = push_button("", small=True)
        self.compared = Segments(tr("Compared"), (tr("Since last review"), tr("Whole change")), theme)
        self.form = Segments(tr("Form"), (tr("Side by side"), tr("Unified")), theme)
        self.branch = PlainLabel(theme=theme, role="mono", color="t2", elide=True)
        self.target = PlainLabel(theme=theme, role="mono", color="t1")
        self.facts = PlainLabel(theme=theme, role="small", color="t2", elide=True)
        self._icon, self._into = QLabel(), PlainLabel(tr("into"), theme=theme, role="small", color="t2")
        self._menu = QMenu(self.attempt)
        self.attempt.setMenu(self._menu)
        self.attempt.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._lay_out()
        self.previous.clicked.connect(self._on_previous_clicked)
        self.following.clicked.connect(self._on_following_clicked)
        self.compared.chosen.connect(self._on_compared_chosen)
        self.form.chosen.connect(self._on_form_chosen)
        self._menu.triggered.connect(self._on_attempt_triggered)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_work(self, work: ReviewedWork) -> None:
        """Show a workstream."""
        self.glyph.show_state(work.state)
        self.title.setText(work.title)
        self.title.setAccessibleName(work.title)
        self.tag.show_state(work.state, work.word)
        self.branch.setText(escape_invisible(work.branch))
        self.target.setText(escape_invisible(work.target))
        for widget in (self._icon, self.branch):
            widget.setVisible(bool(work.branch))
        for widget in (self._into, self.target):
            widget.setVisible(bool(work.branch and work.target))
        self.facts.setText(facts_of(work))
        self.compared.setVisible(work.last_seen is not None)
        self.attempt.setVisible(len(work.attempts) > 0)

    def show_compared(self, *, whole: bool, attempt: int, attempts: Sequence[AttemptChoice]) -> None:
        """Show what is compared: the whole change or since the last review; or one attempt alone."""
        self.compared.show_choice(1 if whole else 0)
        last = attempts[-1].label if attempts else ""
        self.attempt.setText(tr("{label} alone", label=attempts[attempt].label) if attempt >= 0 else last)
        self._menu.clear()
        for number, label in (
            (_ALL_ATTEMPTS, tr("All attempts")),
            *((n, a.label) for n, a in enumerate(attempts)),
        ):
            action = self._menu.addAction(label)
            action.setData(number)
            action.setCheckable(True)
            action.setChecked(number == attempt)

    def show_place(self, place: str) -> None:
        """Say which review this is where the queue has no column; empty where it has."""
        self.place.setText(place)
        for widget in (self.place, self.previous, self.following):
            widget.setVisible(bool(place))

    def show_forms(self, shown: bool) -> None:  # noqa: FBT001  # a switch, like setVisible
        """Offer side by side, or not where it has no room."""
        self.form.setVisible(shown)

    def _lay_out(self) -> None:
        first, second, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        upper: tuple[QWidget, ...] = (self.previous, self.place, self.following, self.glyph)
        for widget in upper:
            first.addWidget(widget)
        first.addWidget(self.title)
        first.addWidget(self.tag)
        first.addStretch(1)
        right: tuple[QWidget, ...] = (self.attempt, self.compared, self.form)
        for widget in right:
            first.addWidget(widget)
        second.addSpacing(26)
        lower: tuple[QWidget, ...] = (self._icon, self.branch, self._into, self.target)
        for widget in lower:
            second.addWidget(widget)
        second.addWidget(self.facts, 1)
        column.setContentsMargins(16, 10, 16, 4)
        column.setSpacing(0)
        for row in (first, second):
            row.setSpacing(8)
            held = QWidget()
            held.setFixedHeight(_ROW + 2)
            held.setLayout(row)
            row.setContentsMargins(0, 0, 0, 0)
            column.addWidget(held)
        self.show_place("")

    @Slot()
    def _on_previous_clicked(self) -> None:
        self.step_requested.emit(-1)

    @Slot()
    def _on_following_clicked(self) -> None:
        self.step_requested.emit(1)

    @Slot(int)
    def _on_compared_chosen(self, number: int) -> None:
        self.whole_chosen.emit(number == 1)

    @Slot(int)
    def _on_form_chosen(self, number: int) -> None:
        self.unified_chosen.emit(number == 1)

    @Slot(QAction)
    def _on_attempt_triggered(self, action: QAction) -> None:
        self.attempt_chosen.emit(action.data())

    @Slot()
    def _on_theme_changed(self) -> None:
        self._icon.setPixmap(self._theme.icon("worktree", "t2", 14, self.devicePixelRatioF()))
        keep_icon(self.attempt, self._theme, "chev")


def facts_of(work: ReviewedWork) -> str:
    """How many commits, how far the target has moved, and whether they fit together."""
    parts = []
    if work.commits is not None:
        parts.append(tr_count("{n} commit", "{n} commits", work.commits))
    target = escape_invisible(work.target)
    if work.target_ahead:
        parts.append(_moved(work, target))
    elif work.merges_cleanly is not None:
        clean, conflict = (
            translatable("no textual conflict with {name}"),
            translatable("a textual conflict with {name}"),
        )
        parts.append(tr(clean if work.merges_cleanly else conflict, name=target))
    return "; ".join(parts)


def _moved(work: ReviewedWork, target: str) -> str:
    words = {
        None: translatable("{name} is {number:,} ahead"),
        True: translatable("{name} is {number:,} ahead, no textual conflict with it"),
        False: translatable("{name} is {number:,} ahead, a textual conflict with it"),
    }
    return tr(words[work.merges_cleanly], name=target, number=work.target_ahead)
