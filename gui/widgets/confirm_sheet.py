"""A question on a sheet: a title, a plain sentence, a few buttons, and optional details."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from gui.theme.theme import Theme
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
        """The first button that is not destructive."""
        safe = (button for button in self.buttons.values() if button.property("kind") != "danger")
        return next(safe, self)

    @Slot()
    def _on_clicked(self) -> None:
        sender = self.sender()
        self.dismiss()
        if isinstance(sender, QPushButton):
            self.answered.emit(sender.objectName())

    @Slot()
    def _on_closed(self) -> None:
        scrim = self.parentWidget()
        if scrim is not None:
            scrim.deleteLater()
