"""The dialog that opens instead of the window if the database cannot be used: the problem, and ways to recover.

Overwrites nothing: the damaged file is moved aside, and only on the user's request.
"""

from collections.abc import Callable

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.host import restoring
from engine.maintenance import backups
from engine.system.formatting import date_minute
from engine.system.home import Home
from gui.control.background_tasks import BackgroundTasks
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel
from state.database_errors import DatabaseError, SignalboxError

_WIDTH = 720


class RecoveryDialog(QDialog):
    """Offers to restore the last good backup, to start with an empty database, or to show the folder.

    Signals:
        recovered: the database can be opened now; the damaged file was moved aside.
    """

    recovered = Signal()

    def __init__(self, home: Home, error: DatabaseError, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rescue")
        self.setWindowTitle("Signalbox")
        self.setMinimumWidth(_WIDTH)
        self._home = home
        self._backup = backups.last_good(home)
        self._tasks = BackgroundTasks(self)
        self.finished.connect(self._tasks.wait)
        self.heading = PlainLabel(tr("The database cannot be opened."), theme=theme, role="title")
        self.sentence = PlainLabel(str(error), theme=theme, color="t2")
        self.sentence.setWordWrap(True)
        self.answer = PlainLabel("", theme=theme, color="failed")
        self.answer.setWordWrap(True)
        self.answer.hide()
        self.restore_button = push_button(self._restore_text(), kind="primary")
        self.restore_button.setVisible(self._backup is not None)
        self.empty_button = push_button(tr("Start with an empty database"), kind="danger")
        self.empty_button.setToolTip(tr("The damaged file is moved aside and kept."))
        self.folder_button = push_button(tr("Show folder"))
        self.quit_button = push_button(tr("Quit"))
        self._lay_out()
        self.restore_button.clicked.connect(self._on_restore_clicked)
        self.empty_button.clicked.connect(self._on_empty_clicked)
        self.folder_button.clicked.connect(self._on_folder_clicked)
        self.quit_button.clicked.connect(self.reject)

    def _restore_text(self) -> str:
        if self._backup is None:
            return ""
        taken = date_minute(self._backup.at)
        return tr("Restore the backup of {taken}", taken=taken)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for label in (self.heading, self.sentence, self.answer):
            column.addWidget(label)
        row = QHBoxLayout()
        row.addWidget(self.folder_button)
        row.addStretch(1)
        for button in (self.empty_button, self.quit_button, self.restore_button):
            row.addWidget(button)
        column.addLayout(row)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter must not decide anything here

    @Slot()
    def _on_restore_clicked(self) -> None:
        if self._backup is not None:
            backup = self._backup.path
            self._recover(lambda: restoring.restore(self._home, backup), f"{self.restore_button.text()}…")

    @Slot()
    def _on_empty_clicked(self) -> None:
        self._recover(lambda: backups.set_aside(self._home), tr("Moving the damaged file aside…"))

    @Slot()
    def _on_folder_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._home.root)))

    def _recover(self, work: Callable[[], object], progress: str) -> None:
        self._set_enabled(enabled=False)
        self.answer.setText(progress)
        self.answer.show()
        self._tasks.run_in_background(work, self._on_recovered, failed=self._on_failed)

    def _on_recovered(self, _result: object) -> None:
        self.recovered.emit()
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        if isinstance(
            error, restoring.UnsettledError
        ):  # the engine of the window does the rest, or reports it
            self._on_recovered(None)
            return
        self._set_enabled(enabled=True)
        if not isinstance(error, SignalboxError | OSError):
            raise error
        self.answer.setText(str(error))

    def _set_enabled(self, *, enabled: bool) -> None:
        for button in (self.restore_button, self.empty_button, self.quit_button):
            button.setEnabled(enabled)
