"""A dock with its own title bar: icon, name, one fact, the panel's tools, float and close."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.guarded import Guarded
from gui.panels.panel_base import Panel
from gui.theme.theme import Theme
from gui.widgets.buttons import icon_button
from gui.widgets.label import PlainLabel

TITLE_HEIGHT = 32


class DockTitle(Guarded, QWidget):
    """The title bar; dragging it moves the dock, a double click makes it float."""

    def __init__(self, title: str, icon: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(TITLE_HEIGHT)
        self._theme, self._icon_name = theme, icon
        self._active = False
        self._icon = QLabel()
        self._title = PlainLabel(title, theme=theme, role="strong")
        self._fact = PlainLabel("", theme=theme, role="small", color="t3", elide=True)
        self.float_button = icon_button(theme, "float", f"Let {title} float")
        self.close_button = icon_button(theme, "close", f"Close {title}")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 6, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._title)
        row.addWidget(self._fact, 1)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(4)
        row.addLayout(self._tools)
        row.addWidget(self.float_button)
        row.addWidget(self.close_button)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_fact(self, text: str) -> None:
        """Show another fact beside the name."""
        self._fact.setText(text)

    def fact(self) -> str:
        """The fact shown."""
        return self._fact.text()

    def set_active(self, active: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Show or hide the line of the active dock."""
        if active != self._active:
            self._active = active
            self.update()

    def add_tool(self, tool: QWidget) -> None:
        """Insert a widget before the float button."""
        self._tools.addWidget(tool)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """The height of the bar, which QDockWidget takes from here whatever its fixed height."""
        return QSize(super().sizeHint().width(), TITLE_HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """No minimum width, so that a dock can be made narrow."""
        return QSize(80, TITLE_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint the background, and a 2 px line on top while the focus is in this dock."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("bg1"))
        painter.setPen(self._theme.color("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._active:
            painter.fillRect(0, 0, self.width(), 2, self._theme.color("focus"))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._icon.setPixmap(self._theme.icon(self._icon_name, "t2", 16, self.devicePixelRatioF()))
        self.update()


class Dock(Guarded, QDockWidget):
    """One panel in its frame. The object name is the panel's followed by ``Dock``.

    Signals:
        opening: its panel is about to be shown and focused.
        closed: the user has closed it.
    """

    opening = Signal()
    closed = Signal()

    def __init__(self, name: str, title: str, icon: str, theme: Theme) -> None:
        super().__init__(title)
        self.closes_with_escape = False
        """Whether Esc closes it where it floats."""
        self.setObjectName(f"{name}Dock")
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self.panel: QWidget | None = None
        self._theme = theme
        self._title = DockTitle(title, icon, theme, self)
        self.setTitleBarWidget(self._title)
        self._body = QWidget()
        self._body.setObjectName("dockBody")
        self._body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._room = QVBoxLayout(self._body)
        self._room.setContentsMargins(1, 0, 1, 1)
        self._room.setSpacing(0)
        self.setWidget(self._body)
        self._title.float_button.clicked.connect(self._on_float_clicked)
        self._title.close_button.clicked.connect(self.close)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]

    def hold(self, panel: QWidget) -> None:
        """Show a panel in this dock, with its fact and tools."""
        if self.panel is not None:
            self._room.removeWidget(self.panel)
            self.panel.hide()  # it is deleted only by an event loop, which a script may not run
            self.panel.deleteLater()
        self.panel = panel
        self._room.addWidget(panel)
        if isinstance(panel, Panel):
            for tool in panel.tools():
                self._title.add_tool(tool)
            panel.fact_changed.connect(self._on_fact_changed)
            self._on_fact_changed()

    def focus(self) -> None:
        """Show the dock and focus its panel."""
        self.opening.emit()
        self.show()
        self.raise_()
        if self.isFloating():
            self.activateWindow()
        target = self.panel
        if target is not None:
            (target.focusProxy() or _first_focusable(target) or target).setFocus(
                Qt.FocusReason.ShortcutFocusReason
            )

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Report it."""
        super().closeEvent(event)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Close on Esc what only lies over the window, and go back to the window."""
        window = self.parentWidget()
        if event.key() == Qt.Key.Key_Escape and self.closes_with_escape and self.isFloating():
            self.close()
            if window is not None:
                window.activateWindow()
        else:
            super().keyPressEvent(event)

    def has_focus(self) -> bool:
        """Whether the focus is in this dock."""
        now = QApplication.focusWidget()
        return now is not None and (now is self or self.isAncestorOf(now))

    @Slot()
    def _on_fact_changed(self) -> None:
        if isinstance(self.panel, Panel):
            self._title.set_fact(self.panel.title_fact())

    @Slot()
    def _on_float_clicked(self) -> None:
        self.setFloating(not self.isFloating())

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            self._title.set_active(now is self or self.isAncestorOf(now))


def _first_focusable(widget: QWidget) -> QWidget | None:
    by_tab = Qt.FocusPolicy.TabFocus.value
    for child in widget.findChildren(QWidget):
        if child.focusPolicy().value & by_tab and child.isVisibleTo(widget) and child.isEnabled():
            return child
    return None
