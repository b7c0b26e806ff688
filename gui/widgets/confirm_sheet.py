"""A question on a sheet: a title, a plain sentence, a few buttons, and optional details."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QToolButton, QWidget

from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import Kind, push_button
from gui.widgets.sheet import Sheet

_WIDTH = 520
_DETAILS_HEIGHT = 260


@dataclass(frozen=True)
class Choice:
    """One possible answer: its reported id, the text of its button, and the kind of button."""

    id: str
    text: str
    kind: Kind = "secondary"


class ConfirmSheet(Sheet):
    """Asks one question and closes with the answer.

    Return gives the focused answer, and elsewhere on the sheet the default: the primary one, or the only one that loses
    nothing.

    Signals:
        answered: (id of the choice); not emitted when the sheet is closed without an answer.
    """

    answered = Signal(str)

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        *,
        title: str,
        sentence: str,
        choices: Sequence[Choice],
        details: str = "",
    ) -> None:
        super().__init__(theme, parent, width=_WIDTH)
        self.setObjectName("question")
        self.heading.setText(title)
        self.sentence.setText(sentence)
        if details:
            box = QPlainTextEdit(details)
            box.setReadOnly(True)
            box.setAccessibleName(tr("Details"))
            box.setTabChangesFocus(True)
            box.setFont(theme.font("mono"))
            box.setFixedHeight(_DETAILS_HEIGHT)
            self.body.setContentsMargins(16, 12, 16, 12)
            self.body.addWidget(box)
        self.footer.addStretch(1)
        self.buttons: dict[str, QPushButton] = {}
        for choice in choices:
            button = push_button(choice.text, kind=choice.kind)
            button.setObjectName(choice.id)
            button.clicked.connect(self._on_clicked)
            self.footer.addWidget(button)
            self.buttons[choice.id] = button
        self.closed.connect(self._on_closed)

    def first_focus(self) -> QWidget:
        """The button of the default answer, or else the first one that is not destructive."""
        return self._default() or next(iter(self._safe()), self)

    def _press_focused(self) -> None:
        focused, default = QApplication.focusWidget(), self._default()
        if isinstance(focused, QPushButton | QToolButton):
            super()._press_focused()
        elif default is not None:
            default.click()

    def _default(self) -> QPushButton | None:
        safe = self._safe()
        primary = next((one for one in safe if one.property("kind") == "primary"), None)
        return safe[0] if len(safe) == 1 else primary

    def _safe(self) -> list[QPushButton]:
        return [one for one in self.buttons.values() if one.property("kind") != "danger"]

    @Slot()
    def _on_clicked(self) -> None:
        sender = self.sender()
        self.dismiss()
        if isinstance(sender, QPushButton):
            self.answered.emit(sender.objectName())

    @Slot()
    def _on_closed(self) -> None:
        self.discard()
