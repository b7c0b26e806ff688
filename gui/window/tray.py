"""The icon in the system tray: the overall state, a menu and notifications. Shows nothing without a tray."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from gui.control.actions import Actions
from gui.control.notification import Notification, NotificationKind
from gui.theme.theme import Theme
from gui.translation import tr

_SIZE = 22
_SHOWN_MS = 8000
_COMMANDS = ("pause", "resume", "", "quit")


class Tray(QObject):
    """The tray icon; its pictures follow the theme.

    Signals:
        window_requested: the icon was clicked.
        job_requested: (job id) a notification was clicked.
        review_requested: (run_id, ws_id) a notification of work that waits for review was clicked.
    """

    window_requested = Signal()
    job_requested = Signal(str)
    review_requested = Signal(object)

    def __init__(self, theme: Theme, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = ""
        self._last: Notification | None = None
        self.icon = QSystemTrayIcon(self)
        self._menu = QMenu()
        show = self._menu.addAction(tr("Show the window"))
        show.triggered.connect(self.window_requested)
        for command in _COMMANDS:
            if command:
                self._menu.addAction(actions.action(command))
            else:
                self._menu.addSeparator()
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._on_activated)
        self.icon.messageClicked.connect(self._on_message_clicked)
        theme.changed.connect(self._on_theme_changed)

    def show_state(self, state: str, text: str) -> None:
        """Show the glyph of a state (none if it is empty), and the text as tool tip."""
        self.icon.setToolTip(text)
        if state != self._state or self.icon.icon().isNull():
            self._state = state
            self._draw()

    def set_shown(self, shown: bool) -> None:  # noqa: FBT001  # a switch, like setVisible
        """Show or hide the icon; it stays hidden if the system has no tray."""
        self.icon.setVisible(shown and QSystemTrayIcon.isSystemTrayAvailable())

    def show_notification(self, notice: Notification) -> None:
        """Show a notification; a click on it requests its job."""
        self._last = notice
        kind = QSystemTrayIcon.MessageIcon
        loud = notice.kind in {NotificationKind.FAILED, NotificationKind.NEEDS_YOU}
        icon = kind.Warning if loud else kind.Information
        self.icon.showMessage(notice.title, notice.text, icon, _SHOWN_MS)

    def close(self) -> None:
        """Hide the icon."""
        self.icon.hide()
        self._menu.deleteLater()

    def _draw(self) -> None:
        icon = QIcon()
        for dpr in (1.0, 2.0):
            picture = QPixmap(self._theme.logo(_SIZE, dpr))
            if self._state:
                painter = QPainter(picture)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
                glyph = self._theme.glyph(self._state, 12, dpr)
                painter.drawPixmap(_SIZE - 12, _SIZE - 12, glyph)
                painter.end()
            icon.addPixmap(picture)
        self.icon.setIcon(icon)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._draw()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.window_requested.emit()

    @Slot()
    def _on_message_clicked(self) -> None:
        if self._last is not None and self._last.job_id is not None:
            self.job_requested.emit(self._last.job_id)
        elif self._last is not None and self._last.workstream is not None:
            self.review_requested.emit(self._last.workstream)
        else:
            self.window_requested.emit()
