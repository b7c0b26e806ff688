"""The command line of what was just done in the window, and a button that copies it. Runs nothing."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from engine.system.plain_text import escape_invisible
from gui.control.engine_host import Answer
from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import icon_button
from gui.widgets.label import PlainLabel, plain_tip

_LONGEST = 4000
"""Longer lines are copied whole, but not laid out."""


class CommandStrip(Guarded, QWidget):
    """Stands in the free room of the status bar, so that little moves when its text changes.

    Signals:
        shown_changed: it shows a line now, or none any more.
    """

    shown_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.home: Path | None = None
        """The home that the lines name; None if it is the usual one."""
        self._line = ""
        self._is_on = True
        self.label = PlainLabel("", theme=theme, role="mono", color="t3", elide=True)
        self.copy_button = icon_button(theme, "copy", tr("Copy this command line"), size=20)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(4)
        row.addWidget(self.copy_button)  # before the line: it stays where it is, however long that is
        row.addWidget(self.label, 1)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self._show()

    @property
    def line(self) -> str:
        """The command line shown; empty before anything was done."""
        return self._line

    @property
    def is_on(self) -> bool:
        """Whether it shows anything at all."""
        return self._is_on

    @property
    def is_shown(self) -> bool:
        """Whether it shows a line now."""
        return self._is_on and bool(self._line)

    def switch(self, *, on: bool) -> None:
        """Show command lines, or leave the room empty."""
        self._is_on = on
        self._show()

    @Slot(object)
    def show_done(self, answer: Answer) -> None:
        """Show the command line of what was done; what has none leaves the last one."""
        from engine.host.command_words import command_line  # noqa: PLC0415 - once something was done

        self._line = command_line(answer.command, self.home) or self._line
        self._show()

    @Slot(object)
    def show_words(self, words: Sequence[str]) -> None:
        """Show the command line with these words after ``signalbox``; none leave the last one."""
        from engine.host.command_words import line_of_words  # noqa: PLC0415 - as above

        self._line = line_of_words(words, self.home) or self._line
        self._show()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """No width of its own: it takes what is free."""
        return QSize(0, super().sizeHint().height())

    def _show(self) -> None:
        shown = self.is_shown
        text = escape_invisible(self._line[:_LONGEST])
        self.label.setText(text if shown else "")
        tip = tr("What you just did, as a command line:")
        self.label.setToolTip(plain_tip(f"{tip}\n{text}") if shown else "")
        self.label.setAccessibleName(tr("What you just did: {command}", command=text) if shown else "")
        self.label.setVisible(shown)
        if shown == self.copy_button.isHidden():
            self.copy_button.setVisible(shown)
            self.shown_changed.emit()

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._line)
