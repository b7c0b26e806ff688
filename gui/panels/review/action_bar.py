"""The last row of the review: the merge queue in a sentence, then what can be decided and what hinders it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.system.formatting import plural
from engine.system.plain_text import escape_invisible
from gui.guarded import Guarded
from gui.panels.review.key_button import KeyButton
from gui.panels.review.marks import draw_warning
from gui.theme.glyph import Glyph
from gui.theme.theme import Theme
from gui.widgets.buttons import keep_icon, push_button
from gui.widgets.label import PlainLabel

_HEIGHT = 48


class ActionBar(Guarded, QWidget):
    """Shows what can be decided.

    Signals:
        queue_requested: show the merge queue.
        discard_requested: discard the work.
        send_back_requested: send the work back.
        approve_requested: approve the work.
    """

    queue_requested = Signal()
    discard_requested = Signal()
    send_back_requested = Signal()
    approve_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._comments, self._short = 0, False
        self.setFixedHeight(_HEIGHT)
        self.queue = push_button("Merge queue", kind="quiet")
        self.sentence = PlainLabel(theme=theme, role="small", color="t2", elide=True)
        self.discard = push_button("Discard…", kind="danger")
        self.send_back = KeyButton("Send back…", "S", theme)
        self.warning = _Warning(theme)
        self.glyph = Glyph(theme, "running", 14)
        self.reason = PlainLabel(theme=theme, role="small", elide=True)
        self.approve = KeyButton("Approve and merge", "A", theme, kind="primary")
        keep_icon(self.queue, theme, "merge")
        keep_icon(self.send_back, theme, "retry")
        keep_icon(self.approve, theme, "merge", "onaccent")
        self._lay_out()
        self.queue.clicked.connect(self.queue_requested)
        self.discard.clicked.connect(self.discard_requested)
        self.send_back.clicked.connect(self.send_back_requested)
        self.approve.clicked.connect(self.approve_requested)
        theme.changed.connect(self.update)

    def show_comments(self, count: int) -> None:
        """Say how many comments go back."""
        self._comments = count
        self._name()

    def show_short(self, short: bool) -> None:  # noqa: FBT001  # a switch, like setVisible
        """Keep the three verbs alone."""
        self._short = short
        self._name()

    def show_decision(self, blocked: str, state: str, *, can_decide: bool) -> None:
        """Offer the verbs, or say why the work cannot be approved; without a decision to make there are none."""
        for button in (self.discard, self.send_back, self.approve):
            button.setVisible(can_decide)
        self.approve.setEnabled(not blocked)
        self.approve.setAccessibleDescription(blocked)
        self.reason.setText(escape_invisible(blocked))
        self.reason.setVisible(bool(blocked))
        self.warning.setVisible(bool(blocked) and state == "timeout")
        self.glyph.setVisible(bool(blocked) and state != "timeout")
        self.glyph.show_state(state)

    def show_queue(self, count: int, sentence: str, *, is_open: bool) -> None:
        """Say how many merges there are, and what this one would be."""
        self.queue.setText(f"Merge queue {count:,}" if count else "Merge queue")
        self.queue.setVisible(not is_open)
        self.sentence.setText(sentence)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint a hairline above."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.color("line2"))

    def _name(self) -> None:
        count = self._comments
        if self._short:
            text = f"Send back {count:,}" if count else "Send back…"
        else:
            text = f"Send back with {plural(count, 'comment')}" if count else "Send back…"
        self.send_back.setText(text)
        full = "Send back…" if not count else f"Send back with {plural(count, 'comment')}"
        self.send_back.setAccessibleName(full)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 1, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.queue)
        row.addWidget(self.sentence, 1)
        rest: tuple[QWidget, ...] = (
            self.discard, self.send_back, self.warning, self.glyph, self.reason, self.approve,
        )  # fmt: skip
        for widget in rest:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)


class _Warning(Guarded, QWidget):
    """The warning triangle."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(14, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it."""
        draw_warning(QPainter(self), self.rect(), self._theme)
