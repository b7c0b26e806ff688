"""The header of the details: title, state, actions, one sentence and the facts. Decides nothing."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.control.actions import Actions
from gui.data.job_actions import JobAction
from gui.guarded import Guarded
from gui.panels.details.facts import JobFacts
from gui.theme.theme import Theme
from gui.widgets.buttons import Kind, keep_icon, push_button, set_usable
from gui.widgets.key_text import with_keys
from gui.widgets.key_values import KeyValues
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.painted_button import ExplainsButtons
from gui.widgets.state_tag import StateTag
from gui.widgets.wrapped_label import WrappedLabel

_GAP, _INSET, _LEAST_TITLE = 8, 12, 60
_INK = {"primary": "onaccent", "danger": "failed"}
_KINDS: dict[str, Kind] = {"primary": "primary", "danger": "danger", "secondary": "secondary"}


class JobHeader(ExplainsButtons, Guarded, QWidget):
    """Shows `JobFacts` of one job: title, state and actions, which stay in view; `below` is what may scroll away."""

    def __init__(self, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._actions, self.why_not = theme, actions, actions.why_not
        self._job_id = ""
        self._state = "queued"
        self._shown: tuple[JobAction, ...] = ()
        self.buttons: list[QPushButton] = []
        self._glyph = QLabel()
        self.name = WrappedLabel(theme=theme, role="title")
        self.tag = StateTag(theme)
        self.sentence = PlainLabel(theme=theme, role="small", color="t2")
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
        )  # it may name a command
        self.facts = KeyValues(theme, columns=2)
        self.below = QWidget()
        below = QVBoxLayout(self.below)
        below.setContentsMargins(_INSET, 0, _INSET, _INSET)
        below.setSpacing(_GAP)
        below.addWidget(self.sentence)
        below.addWidget(self.facts)
        self._title_row, self._button_row = QHBoxLayout(), QHBoxLayout()
        for row in (self._title_row, self._button_row):
            row.setSpacing(_GAP)
        self._title_row.addWidget(self._glyph)
        self._title_row.addWidget(self.name)
        self._title_row.addWidget(self.tag)
        self._title_row.addStretch(1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(_GAP)
        self._top.addLayout(self._title_row, 1)
        self._top.addLayout(self._button_row)
        self._top.setAlignment(self._button_row, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(_INSET, _INSET, _INSET, _GAP)
        column.addLayout(self._top)
        theme.changed.connect(self._on_theme_changed)

    def show_facts(self, job_id: str, facts: JobFacts) -> None:
        """Show these facts of a job."""
        self._job_id, self._state = job_id, facts.state
        self.name.setText(facts.title)
        self.name.setToolTip(plain_tip(facts.title))
        self.tag.show_state(facts.state, facts.word)
        self.sentence.setText(facts.sentence)
        self.sentence.setVisible(bool(facts.sentence))
        self.facts.show_facts(facts.facts)
        self.setAccessibleName(f"{facts.title}, {self.tag.word}. {facts.sentence}")
        if facts.actions != self._shown:
            self._show_actions(facts.actions)
        self._on_theme_changed()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide enough for the buttons and for some of the title, which may stand below each other."""
        needed = max(_LEAST_TITLE + self._around_title(), self._button_row.minimumSize().width())
        return QSize(needed + 2 * _INSET, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Move the buttons below the title where both do not fit."""
        super().resizeEvent(event)
        self._place_buttons()

    def _place_buttons(self) -> None:
        """The title wraps where it does not fit into a line of its own."""
        room, around = self.width() - 2 * _INSET, self._around_title()
        buttons = self._button_row.sizeHint().width()
        beside = self.name.natural_width + around + _GAP + buttons <= room
        ways = QBoxLayout.Direction
        self._top.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        natural = self.name.natural_width
        self.name.setFixedWidth(min(natural, max(_LEAST_TITLE, room - around)))

    def _around_title(self) -> int:
        """The width of the glyph and the tag beside the title."""
        return self._glyph.sizeHint().width() + self.tag.sizeHint().width() + 2 * _GAP

    def _show_actions(self, actions: tuple[JobAction, ...]) -> None:
        had_focus = any(button.hasFocus() for button in self.buttons)
        for button in self.buttons:
            self._button_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._shown = actions
        self.buttons = [self._button(action) for action in actions]
        if had_focus and self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, action: JobAction) -> QPushButton:
        button = push_button(action.label, self, kind=_KINDS[action.kind])
        button.setObjectName(action.command)
        keep_icon(button, self._theme, action.icon, _INK.get(action.kind, "t1"))
        button.clicked.connect(self._on_action_clicked)
        self._button_row.addWidget(button)
        self._show_reason(button)
        button.show()
        return button

    def show_reasons(self) -> None:
        """Disable the actions that cannot be used now."""
        for button in self.buttons:
            self._show_reason(button)

    def _show_reason(self, button: QPushButton) -> None:
        command = self._actions.record(button.objectName())
        set_usable(button, self.why_not(command.id), tip=with_keys(command.title, command.shortcut))

    @Slot()
    def _on_action_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._actions.run(sender.objectName(), (self._job_id,))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._glyph.setPixmap(self._theme.glyph(self._state, 16, self.devicePixelRatioF()))
        self._place_buttons()
