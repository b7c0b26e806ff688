"""The block at the foot of the Night: the selected attempt with its verbs and six facts."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.system.plain_text import escape_invisible
from gui.control.actions import Actions
from gui.data.attempts_model import attempt_display
from gui.data.job_actions import job_actions
from gui.guarded import Guarded
from gui.panels.timeline.attempt_facts import SelectedAttempt, facts_of
from gui.theme.glyph import Glyph
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.buttons import Kind, icon_button, keep_icon, push_button, set_usable
from gui.widgets.fact import Fact
from gui.widgets.key_text import with_keys
from gui.widgets.key_values import KeyValues
from gui.widgets.label import PlainLabel
from gui.widgets.painted_button import ExplainsButtons

BLOCK_HEIGHT = 92
_WIDE = 680
"""From here on there is room for three columns of facts; below for the tool and the time."""
_VERBS = ("show_log", "show_diff")
_SETTLING = ("release", "retry", "hold", "cancel")
_LABELS = {"show_log": translatable("Log"), "show_diff": translatable("Diff")}


class AttemptBlock(ExplainsButtons, Guarded, QWidget):
    """Shows one attempt.

    Signals:
        closed: a person closed it.
    """

    closed = Signal()

    def __init__(self, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._actions, self._job_id, self.why_not = theme, actions, "", actions.why_not
        self.setFixedHeight(BLOCK_HEIGHT)
        self.setAccessibleName(tr("Selected attempt"))
        self._glyph = Glyph(theme, "queued", 16)
        self._title = PlainLabel(theme=theme, role="strong")
        self._detail = PlainLabel(theme=theme, role="small", color="t2", elide=True)
        self._values = KeyValues(theme, columns=3)
        self._close = icon_button(theme, "close", tr("Deselect the attempt (Esc)"))
        self._close.clicked.connect(self.closed)
        self._facts: list[Fact] = []
        self._offered: tuple[tuple[str, str], ...] = ()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._glyph)
        head.addWidget(self._title)
        head.addWidget(self._detail, 1)
        head.addLayout(self._buttons)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 12, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._values)

    def show_attempt(self, selected: SelectedAttempt) -> None:
        """Show an attempt."""
        job, attempt = selected.job, selected.attempt
        self._job_id = job.job_id
        self._glyph.show_state(attempt_display(attempt)[0])
        step = escape_invisible(job.step_name or job.tool)
        self._title.setText(f"{selected.card.name}, {step}")
        self._detail.setText(
            escape_invisible(
                tr(
                    "attempt {number} of {most}, {job_id}",
                    number=attempt.number,
                    most=job.max_attempts,
                    job_id=job.job_id,
                )
            )
        )
        self._facts = facts_of(selected)
        self._show_facts()
        settling = [
            (action.command, action.label) for action in job_actions(job) if action.command in _SETTLING
        ]
        self._offer(tuple((verb, _LABELS[verb]) for verb in _VERBS) + tuple(settling))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as many facts as fit beside each other."""
        super().resizeEvent(event)
        self._show_facts()

    def _show_facts(self) -> None:
        self._values.show_facts(self._facts if self.width() >= _WIDE else self._facts[:2])

    def values(self) -> dict[str, str]:
        """The facts shown, by name."""
        return self._values.values()

    def title(self) -> str:
        """The title shown."""
        return self._title.text()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground with its edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("bg2"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("ctl"))
        painter.fillRect(0, 0, 3, self.height(), self._theme.color("focus"))

    def _offer(self, offered: Sequence[tuple[str, str]]) -> None:
        if tuple(offered) == self._offered:
            return
        self._offered = tuple(offered)
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for command, label in offered:
            self._buttons.addWidget(self._button(command, label))

    def _button(self, command: str, label: str) -> QPushButton:
        kind: Kind = "danger" if command == "cancel" else "secondary"
        button = push_button(f"{label}…" if command == "cancel" else label, kind=kind, small=True)
        keep_icon(
            button, self._theme, self._actions.record(command).icon, "failed" if kind == "danger" else "t2"
        )
        set_usable(button, self.why_not(command), tip=self._tip(command))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setObjectName(command)
        button.clicked.connect(self._on_verb_clicked)
        return button

    def show_reasons(self) -> None:
        """Disable the verbs that cannot be used now."""
        for button in self.findChildren(QPushButton):
            if command := button.objectName():
                set_usable(button, self.why_not(command), tip=self._tip(command))

    def _tip(self, command: str) -> str:
        record = self._actions.record(command)
        return with_keys(record.title, record.shortcut)

    @Slot()
    def _on_verb_clicked(self) -> None:
        sender = self.sender()
        if sender is not None and self._job_id:
            self._actions.run(sender.objectName(), (self._job_id,))
