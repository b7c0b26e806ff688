"""The last row of the review: the merge queue in a sentence, then what can be decided and what hinders it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.system.plain_text import escape_invisible
from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.review.key_button import KeyButton
from gui.panels.review.marks import draw_warning
from gui.panels.review.wordless_work import WORDLESS
from gui.theme.glyph import Glyph
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.buttons import keep_icon, push_button, set_usable
from gui.widgets.label import PlainLabel
from gui.widgets.painted_button import ExplainsButtons

_HEIGHT, _ABOVE, _GAP, _LEFT, _RIGHT = 48, 28, 8, 8, 12


class ActionBar(ExplainsButtons, Guarded, QWidget):
    """Shows what can be decided.

    Signals:
        queue_requested: show the merge queue.
        discard_requested: discard the work.
        restore_requested: bring discarded work back.
        send_back_requested: send the work back.
        approve_requested: approve the work.
    """

    queue_requested = Signal()
    discard_requested = Signal()
    restore_requested = Signal()
    send_back_requested = Signal()
    approve_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._comments, self._merges, self._short, self._tight = 0, 0, False, False
        self._is_approvable = False
        self._takes_words = True
        self.setFixedHeight(_HEIGHT)
        self.queue = push_button(tr("Merge queue"), kind="quiet")
        self.sentence = PlainLabel(theme=theme, role="small", color="t2", elide=True)
        self.discard = push_button(tr("Discard…"), kind="danger")
        self.restore = push_button(tr("Restore"))
        self.send_back = KeyButton(tr("Send back…"), "S", theme)
        self.warning = _Warning(theme)
        self.glyph = Glyph(theme, "running", 14)
        self.reason = PlainLabel(theme=theme, role="small", elide=True)
        self.approve = KeyButton(tr("Approve and merge"), "A", theme, kind="primary")
        keep_icon(self.queue, theme, "merge")
        keep_icon(self.send_back, theme, "retry")
        keep_icon(self.approve, theme, "merge", "onaccent")
        self._above, self._row = QHBoxLayout(), QHBoxLayout()
        self._lay_out()
        self.queue.clicked.connect(self.queue_requested)
        self.discard.clicked.connect(self.discard_requested)
        self.restore.clicked.connect(self.restore_requested)
        self.send_back.clicked.connect(self.send_back_requested)
        self.approve.clicked.connect(self.approve_requested)
        theme.changed.connect(self.update)

    def show_comments(self, count: int) -> None:
        """Say how many comments go back."""
        self._comments = count
        self._fit()

    def show_short(self, short: bool) -> None:  # noqa: FBT001  # a switch, like setVisible
        """Keep the three verbs alone."""
        self._short = short
        self._fit()

    def show_decision(self, blocked: str, state: str, *, can_decide: bool, can_restore: bool = False) -> None:
        """Offer the verbs, or say why the work cannot be approved; without a decision to make there are none."""
        self.restore.setVisible(can_restore)
        for button in (self.discard, self.send_back, self.approve):
            button.setVisible(can_decide)
        self._is_approvable = not blocked
        self.show_reasons()
        self._show_reason(blocked, state)

    def show_takes_words(self, takes: bool) -> None:  # noqa: FBT001  # a switch, like setVisible
        """Offer to send the work back, or say why it cannot be."""
        self._takes_words = takes
        self.show_reasons()

    def show_reasons(self) -> None:
        """Disable the decisions that cannot be made now."""
        for button, command in ((self.discard, "discard"), (self.restore, "restore_work")):
            set_usable(button, self.why_not(command))
        wordless = "" if self._takes_words else tr(WORDLESS)
        set_usable(self.send_back, self.why_not("review_send_back") or wordless)
        self.send_back.setAccessibleDescription(wordless)
        set_usable(self.approve, self.why_not("approve"), possible=self._is_approvable)

    def show_returned(self, sentence: str) -> None:
        """Say what the merge queue has returned the work for; it can be approved again."""
        self._show_reason(sentence, "failed")

    def _show_reason(self, sentence: str, state: str) -> None:
        self.approve.setAccessibleDescription(sentence)
        self.reason.setText(escape_invisible(sentence))
        self.reason.setVisible(bool(sentence))
        self.warning.setVisible(bool(sentence) and state == "timeout")
        self.glyph.setVisible(bool(sentence) and state != "timeout")
        self.glyph.show_state(state)
        self._fit()

    def show_queue(self, count: int, sentence: str, *, is_open: bool) -> None:
        """Say how many merges there are, and what this one would be."""
        self._merges = count
        self.queue.setVisible(not is_open)
        self.sentence.setText(sentence)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the words to the width."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint a hairline above."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.color("line2"))

    def _fit(self) -> None:
        """Keep the buttons whole: the keys go first, then words; a reason without room stands in a line above."""
        for keys, tight in ((True, False), (False, False), (False, True)):
            self._tight = tight
            self.send_back.show_key(keys)
            self.approve.show_key(keys)
            self._name()
            fits = self._needed() <= self.width()
            if fits:
                break
        self._stack(apart=not fits and not self.reason.isHidden())

    def _needed(self) -> int:
        """The width of everything but the sentence."""
        shown = [one for one in self._parts() if one is not self.sentence and not one.isHidden()]
        return sum(one.sizeHint().width() + _GAP for one in shown) + _LEFT + _RIGHT

    def _stack(self, *, apart: bool) -> None:
        if apart == (self.height() > _HEIGHT):
            return
        upper, lower = (self._above, self._row) if apart else (self._row, self._above)
        for number, widget in enumerate((self.warning, self.glyph, self.reason)):
            lower.removeWidget(widget)
            place = number if apart else self._row.indexOf(self.restore)
            upper.insertWidget(place, widget, int(apart and widget is self.reason))
        self._above.setContentsMargins(_LEFT, 6 * apart, _RIGHT, 0)
        self.setFixedHeight(_HEIGHT + _ABOVE * apart)

    def _name(self) -> None:
        count, merges = self._comments, figure(self._merges) if self._merges else ""
        back = short = tr("Send back…")
        if count:
            back = tr_count("Send back with {n} comment", "Send back with {n} comments", count)
            short = tr("Send back {number:,}", number=count)
        queue = f"{tr('Merge queue')} {merges}".strip()
        self.send_back.setText(short if self._short or self._tight else back)
        self.approve.setText(tr("Approve") if self._tight else tr("Approve and merge"))
        self.queue.setText(merges if self._tight else queue)
        names = ((self.send_back, back), (self.approve, tr("Approve and merge")), (self.queue, queue))
        for button, name in names:
            button.setAccessibleName(name)

    def _parts(self) -> tuple[QWidget, ...]:
        return (
            self.queue, self.sentence, self.discard, self.send_back,
            self.warning, self.glyph, self.reason, self.restore, self.approve,
        )  # fmt: skip

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._above)
        column.addLayout(self._row, 1)
        self._row.setContentsMargins(_LEFT, 0, _RIGHT, 0)
        self._row.setSpacing(_GAP)
        self._above.setSpacing(_GAP)
        for widget in self._parts():
            self._row.addWidget(widget, int(widget is self.sentence), Qt.AlignmentFlag.AlignVCenter)


class _Warning(Guarded, QWidget):
    """The warning triangle."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(14, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it."""
        draw_warning(QPainter(self), self.rect(), self._theme)
