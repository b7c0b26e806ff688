"""The main window: header, banners, docks, status bar and drop target. Decides nothing."""

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMoveEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QMainWindow,
    QMenuBar,
    QVBoxLayout,
    QWidget,
)

from gui.control.action_table import works_everywhere
from gui.control.actions import Actions
from gui.guarded import Guarded
from gui.panels.panel_base import Panel
from gui.theme.theme import Theme
from gui.widgets.banner import BannerStack
from gui.window.command_palette import CommandPalette
from gui.window.dock import Dock
from gui.window.dock_area import DockArea
from gui.window.drop_target import DropTarget, drop_text, local_paths
from gui.window.header import Header
from gui.window.menus import fill_menu_bar, main_menu
from gui.window.screen_fit import first_geometry, on_screen, smallest_size
from gui.window.status_bar import StatusBar
from gui.window.tab_order import in_reading_order, next_stop


class MainWindow(Guarded, QMainWindow):
    """The window.

    Signals:
        files_dropped: (list of Path) local files and folders were dropped anywhere on it.
        close_requested: the user closes it; `close_now` really does.
        escaped: Esc was pressed and nothing open handled it.
        arranged: its size, its place or that of a panel has changed.
    """

    files_dropped = Signal(object)
    close_requested = Signal()
    escaped = Signal()
    arranged = Signal()

    def __init__(self, header: Header, status_bar: StatusBar, *, theme: Theme, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("Signalbox")
        self.setMinimumSize(smallest_size(self.screen().availableGeometry()))
        self.setAcceptDrops(True)
        self.header, self.status_bar = header, status_bar
        self.banners = BannerStack(theme)
        self.dock_area = DockArea(theme)
        self.dock_area.beside = (header, status_bar)
        for dock in self.dock_area.docks.values():
            dock.arranged.connect(self.arranged)
        self.palette_popup: CommandPalette | None = None
        self._actions = actions
        self._may_close = False
        self._hovering: list[Path] = []
        self._lay_out()
        self._drop_frame = DropTarget(theme, self)
        self._menu = main_menu(self, actions)
        header.menu_button.clicked.connect(self._on_menu_clicked)
        for command in actions:
            if works_everywhere(command.shortcut):
                self.addAction(actions.action(command.id))
        QShortcut(QKeySequence("F10"), self, self._on_menu_clicked)

    @property
    def docks(self) -> dict[str, Dock]:
        """The docks by the names of their panels."""
        return self.dock_area.docks

    def put_panel(self, name: str, panel: QWidget) -> None:
        """Show a panel in its dock, with the one-letter keys in its lists and without drops into its fields."""
        self.dock_area.put(name, panel)
        if not isinstance(panel, Panel) or (panel.keys == "jobs" and not panel.takes_keys):
            for view in panel.findChildren(QAbstractItemView):
                self._actions.add_keys_to(view)
        for field in panel.findChildren(QLineEdit):
            field.setAcceptDrops(False)

    def restore(self, geometry: bytes, docks: bytes) -> None:
        """Restore size and layout as far as they are valid."""
        if geometry and self.restoreGeometry(QByteArray(geometry)):
            self._keep_on_screen()
        else:
            self.setGeometry(first_geometry(self.screen().availableGeometry()))
        self.dock_area.restore(docks)

    def _keep_on_screen(self) -> None:
        """Move the window where a person can reach it: the screen it was on may be gone."""
        self.setMinimumSize(smallest_size(self.screen().availableGeometry()))
        first = QGuiApplication.primaryScreen()
        screens = [first, *(screen for screen in QGuiApplication.screens() if screen is not first)]
        fitted = on_screen(self.geometry(), [screen.availableGeometry() for screen in screens])
        if fitted != self.geometry() and not self.isMaximized() and not self.isFullScreen():
            self.setGeometry(fitted)

    def open_palette(self) -> None:
        """Show the command palette under the header."""
        if self.palette_popup is not None:
            self.palette_popup.open(self.header.geometry().bottom())

    def close_now(self) -> None:
        """Close without asking."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Request to close instead: there may be unfinished work."""
        if self._may_close:
            event.accept()
        else:
            event.ignore()
            self.close_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Close what is on top with Esc."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.palette_popup is not None and self.palette_popup.isVisible():
            self.palette_popup.dismiss()
        elif not self.dock_area.leave_filled() and not self.dock_area.inspector.dismiss():
            self.escaped.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001, N802  # Qt's own signature
        """Go on in reading order: banners, header, the docks row by row, status bar."""
        now = QApplication.focusWidget()
        docks = in_reading_order(list(self.docks.values()), self.dock_area)
        regions = (self.banners, self.header, *docks, self.status_bar)
        to = None if now is None else next_stop(regions, now, forward=forward)
        if to is None:
            return super().focusNextPrevChild(forward)
        to.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Fit the drop frame to the window."""
        super().resizeEvent(event)
        self._drop_frame.setGeometry(self.rect())
        self.arranged.emit()

    def moveEvent(self, event: QMoveEvent) -> None:  # noqa: N802  # Qt's name
        """Report the new place."""
        super().moveEvent(event)
        self.arranged.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Read the files now: at the drop, the source may have quit."""
        self._hovering = local_paths(event.mimeData())
        if self._hovering:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._drop_frame.appear()
            self.header.show_drop(drop_text(self._hovering))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802  # Qt's name
        """Accept files anywhere."""
        if self._hovering:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802  # Qt's name
        """Hide the frame when the drag leaves."""
        super().dragLeaveEvent(event)
        self._end_hovering()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        """Emit the dropped files."""
        paths = self._end_hovering() or local_paths(event.mimeData())
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.files_dropped.emit(paths)

    def _lay_out(self) -> None:
        bar = QMenuBar(self)
        fill_menu_bar(bar, self._actions)
        bar.setVisible(bar.isNativeMenuBar())
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.header)
        column.addWidget(self.banners)
        column.addWidget(self.dock_area, 1)
        column.addWidget(self.status_bar)
        self.setCentralWidget(body)

    def _end_hovering(self) -> list[Path]:
        paths, self._hovering = self._hovering, []
        self._drop_frame.hide()
        self.header.show_drop("")
        return paths

    @Slot()
    def _on_menu_clicked(self) -> None:
        button = self.header.menu_button
        self._menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
