"""A question on a sheet: a title, a plain sentence, a few verbs, and details where there are any."""

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
    """One answer: what is reported, what the button says, and how it looks."""

    id: str
    text: str
    kind: Kind = "secondary"


class ConfirmSheet(Sheet):
    """Asks once and is gone.

    Signals:
        chosen: (id of the verb); never sent where it is closed without an answer.
    """

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        *,
        title: str,
        sentence: str,
        verbs: Sequence[Choice],
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
        for verb in verbs:
            button = push_button(verb.text, kind=verb.kind)
            button.setObjectName(verb.id)
            button.clicked.connect(self._on_clicked)
            self.footer.addWidget(button)
            self.buttons[verb.id] = button
        self.closed.connect(self._on_closed)

    def first_focus(self) -> QWidget:
        """The first button that destroys nothing."""
        safe = (button for button in self.buttons.values() if button.property("kind") != "danger")
        return next(safe, self)

    @Slot()
    def _on_clicked(self) -> None:
        sender = self.sender()
        self.dismiss()
        if isinstance(sender, QPushButton):
            self.chosen.emit(sender.objectName())

    @Slot()
    def _on_closed(self) -> None:
        scrim = self.parentWidget()
        if scrim is not None:
            scrim.deleteLater()
