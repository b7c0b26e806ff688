"""A dock with its own title bar: icon, name, one fact, the panel's tools, float and close."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QCloseEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.panel_base import Panel
from gui.theme.paint import outline
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.accessible_role import WithAccessibleRole, install_roles
from gui.widgets.buttons import icon_button
from gui.widgets.label import PlainLabel, plain_tip

TITLE_HEIGHT = 32
_WORD_GAP = 8
_FILLS = translatable("Double-click: this panel alone in the window, and back  (F11)")
_LEAST_FACT = 60
"""In less room than this an elided fact says nothing."""


class TitleWords(Guarded, QWidget):
    """The name of a panel and one fact; in a narrow place words are dropped before any is cut.

    First the parts of the fact behind its commas go, then the fact, and only then the name is elided. A tool tip has
    whatever is not shown.
    """

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._name, self._fact = theme, name, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self._on_theme_changed)
        self.set_fact("")

    @property
    def fact(self) -> str:
        """The whole fact."""
        return self._fact

    def set_fact(self, text: str) -> None:
        """Show another fact beside the name."""
        self._fact = text
        self.setAccessibleName(", ".join(part for part in (self._name, text) if part))
        self._on_theme_changed()

    def shown_words(self) -> tuple[str, str]:
        """The name and the fact as far as they are shown at this width."""
        room = self.width()
        name = QFontMetrics(self._theme.font("strong"))
        if name.horizontalAdvance(self._name) > room:
            return name.elidedText(self._name, Qt.TextElideMode.ElideRight, room), ""
        room -= name.horizontalAdvance(self._name) + _WORD_GAP
        small = QFontMetrics(self._theme.font("small"))
        parts = self._fact.split(", ")
        for number in range(len(parts), 0, -1):
            shown = ", ".join(parts[:number])
            if small.horizontalAdvance(shown) <= room:
                return self._name, shown
        is_worth_it = room >= _LEAST_FACT
        return self._name, small.elidedText(
            parts[0], Qt.TextElideMode.ElideRight, room
        ) if is_worth_it else ""

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Everything on one line."""
        name = QFontMetrics(self._theme.font("strong")).horizontalAdvance(self._name)
        fact = QFontMetrics(self._theme.font("small")).horizontalAdvance(self._fact)
        return QSize(name + _WORD_GAP + fact, self._theme.grown(TITLE_HEIGHT) - 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """A few letters of the name."""
        return QSize(24, self._theme.grown(TITLE_HEIGHT) - 2)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Say in the tool tip what does not fit."""
        super().resizeEvent(event)
        self._show_tip()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint what fits."""
        painter, (name, fact) = QPainter(self), self.shown_words()
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._theme.font("strong"))
        painter.setPen(self._theme.color("t1"))
        painter.drawText(self.rect(), int(middle), name)
        used = painter.fontMetrics().horizontalAdvance(name) + _WORD_GAP
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("t3"))
        painter.drawText(self.rect().adjusted(used, 0, 0, 0), int(middle), fact)

    def _show_tip(self) -> None:
        whole = self.shown_words() == (self._name, self._fact)
        self.setToolTip("" if whole else plain_tip(f"{self.accessibleName()}\n{tr(_FILLS)}"))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._show_tip()
        self.updateGeometry()
        self.update()


class DockTitle(WithAccessibleRole, Guarded, QWidget):
    """The title bar; dragging it moves the dock, and a double click gives it the whole window.

    Signals:
        double_clicked: the user wants this dock alone in the window, or the others back.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.TitleBar

    double_clicked = Signal()

    def __init__(self, title: str, icon: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme, self._icon_name = theme, icon
        self.setAccessibleName(title)
        self._active = False
        self._icon = QLabel()
        self.unread = PlainLabel(theme=theme, role="small", color="accent")
        self.unread.hide()
        self.words = TitleWords(title, theme)
        self.float_button = icon_button(theme, "float", tr("Let {title} float", title=title))
        self.close_button = icon_button(theme, "close", tr("Close {title}", title=title))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 6, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.unread)
        row.addWidget(self.words, 1)
        self.setToolTip(tr(_FILLS))
        self._tools = QHBoxLayout()
        self._tools.setSpacing(4)
        row.addLayout(self._tools)
        row.addWidget(self.float_button)
        row.addWidget(self.close_button)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_fact(self, text: str) -> None:
        """Show another fact beside the name."""
        self.words.set_fact(text)

    def set_unread(self, count: int, sentence: str) -> None:
        """Show or hide the mark of what is new, with what it counts in the tool tip."""
        self.unread.setText(f"● {figure(count)}" if count else "")
        self.unread.setToolTip(plain_tip(sentence))
        self.unread.setAccessibleName(sentence)
        self.unread.setVisible(count > 0)

    def fact(self) -> str:
        """The fact shown."""
        return self.words.fact

    def set_active(self, active: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Show or hide the line of the active dock."""
        if active != self._active:
            self._active = active
            self.update()

    def add_tool(self, tool: QWidget) -> None:
        """Insert a widget before the float button."""
        self._tools.addWidget(tool)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Take it, or else QDockWidget would let the dock float."""
        event.accept()
        if event.button() is Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """The height of the bar, which QDockWidget takes from here whatever its fixed height."""
        return QSize(super().sizeHint().width(), self._height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """No minimum width, so that a dock can be made narrow."""
        return QSize(80, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint the background, and a 2 px line on top while the focus is in this dock."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("bg1"))
        outline(painter, self.rect(), self._theme.color("line"))
        if self._active:
            painter.fillRect(0, 0, self.width(), 2, self._theme.color("focus"))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._height = self._theme.grown(TITLE_HEIGHT)  # each layout of the docks measures it many times
        self.setFixedHeight(self._height)
        self._icon.setPixmap(self._theme.icon(self._icon_name, "t2", 16, self.devicePixelRatioF()))
        self.update()


class Dock(Guarded, QDockWidget):
    """One panel in its frame. The object name is the panel's followed by ``Dock``.

    Signals:
        opening: its panel is about to be shown and focused.
        closed: the user has closed it.
        float_requested: the user wants it to float, or to go back.
        arranged: its size or place has changed.
        fill_requested: the user wants it alone in the window, or the others back.
        activated: the focus has come into it.
    """

    opening = Signal()
    closed = Signal()
    float_requested = Signal()
    arranged = Signal()
    fill_requested = Signal()
    activated = Signal()

    def __init__(self, name: str, title: str, icon: str, theme: Theme) -> None:
        super().__init__(title)
        self.closes_with_escape = False
        """Whether Esc closes it where it floats."""
        self.setObjectName(f"{name}Dock")
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self.is_on_top = True
        """Whether it is in front of the other tabs, while it is shown at all."""
        self.panel: QWidget | None = None
        self._fill: Callable[[], object] | None = None
        self._theme, self._plain_title = theme, title
        self._title = DockTitle(title, icon, theme, self)
        self.setTitleBarWidget(self._title)
        self._body = QWidget()
        self._body.setObjectName("dockBody")
        self._body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._room = QVBoxLayout(self._body)
        self._room.setContentsMargins(1, 0, 1, 1)
        self._room.setSpacing(0)
        self.setWidget(self._body)
        self._title.float_button.clicked.connect(self.float_requested)
        self._title.close_button.clicked.connect(self.close)
        self._title.double_clicked.connect(self.fill_requested)
        self.visibilityChanged.connect(self._on_visibility_changed)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Report the new size."""
        super().resizeEvent(event)
        self.arranged.emit()

    def moveEvent(self, event: QMoveEvent) -> None:  # noqa: N802  # Qt's name
        """Report the new place."""
        super().moveEvent(event)
        self.arranged.emit()

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
                self.add_tool(tool)
            panel.fact_changed.connect(self._on_fact_changed)
            self._on_fact_changed()

    def fill_when_shown(self, fill: Callable[[], object]) -> None:
        """Call this once the dock is to be shown for the first time: it makes the panel and has it held."""
        self._fill = fill

    def setVisible(self, visible: bool) -> None:  # noqa: FBT001, N802 - Qt's own signature
        """Have the panel made before it is seen."""
        fill = self._fill
        if visible and fill is not None:
            self._fill = None
            fill()
        super().setVisible(visible)

    def add_tool(self, tool: QWidget) -> None:
        """Put a small widget into the title bar."""
        self._title.add_tool(tool)

    def set_unread(self, count: int, sentence: str) -> None:
        """Mark the title and the tab with how much is new; 0 takes the mark away."""
        self._title.set_unread(count, sentence)
        self.setWindowTitle(f"● {self._plain_title}: {sentence}" if count else self._plain_title)

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

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            is_active = now is self or self.isAncestorOf(now)
            self._title.set_active(is_active)
            if is_active:
                self.activated.emit()

    @Slot(bool)
    def _on_visibility_changed(self, shown: bool) -> None:  # noqa: FBT001  # Qt's signal
        self.is_on_top = shown


def _first_focusable(widget: QWidget) -> QWidget | None:
    by_tab = Qt.FocusPolicy.TabFocus.value
    for child in widget.findChildren(QWidget):
        if child.focusPolicy().value & by_tab and child.isVisibleTo(widget) and child.isEnabled():
            return child
    return None
