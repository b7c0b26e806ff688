"""What the sheets that ask for something about jobs have in common. Changes nothing itself."""

from abc import abstractmethod

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel
from gui.widgets.sheet import Sheet


class JobsSheet(Sheet):
    """A sheet about jobs: what is asked for, what is wrong with it, *Cancel*, and the button that sends it.

    Ctrl+Return presses that button. `answer` closes the sheet, or shows why what was sent was refused.
    """

    def __init__(self, theme: Theme, parent: QWidget, *, name: str, width: int, action: str) -> None:
        super().__init__(theme, parent, width=width)
        self.setObjectName(f"{name}Sheet")
        self._job_ids: tuple[str, ...] = ()
        self.problem = PlainLabel("", theme=theme, role="small", color="failed")
        self.problem.setObjectName(f"{name}Problem")
        self.problem.setWordWrap(True)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.accept_button = push_button(action, kind="primary")
        self.accept_button.setObjectName(f"{name}Accept")
        self.accept_button.setToolTip("Ctrl+Return")
        cancel = push_button(tr("Cancel"))
        self.footer.addStretch(1)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self.accept_button)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_accepted)
        cancel.clicked.connect(self._on_cancelled)
        self.accept_button.clicked.connect(self._on_accepted)

    def answer(self, refusal: str) -> None:
        """Close once what was sent was taken, or show why it was refused."""
        if refusal:
            self._show_problem(refusal)
            self.accept_button.setEnabled(True)
        else:
            self._forget_draft()
            self.dismiss()

    @abstractmethod
    def _send(self) -> None:
        """Send what the sheet has, or show what is wrong with it."""

    def _forget_draft(self) -> None:
        """Drop what was kept for these jobs, now that it was taken."""

    def _add_fields(self, *fields: QWidget) -> None:
        """Put these into the sheet, and what is wrong below them."""
        for field in (*fields, self.problem):
            self.body.addWidget(field)

    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.place()

    def _hide_problem(self) -> None:
        if not self.problem.isHidden():
            self._show_problem("")

    @Slot()
    def _on_accepted(self) -> None:
        if self.accept_button.isEnabled():
            self._send()

    @Slot()
    def _on_cancelled(self) -> None:
        self.request_close()
