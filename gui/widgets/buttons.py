"""Create buttons of the kinds the style sheet defines: primary, secondary, quiet, danger, toggle and icon-only."""

from typing import Literal

from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from gui.theme.theme import Theme
from gui.widgets.label import plain_tip

_GAP = 3
Kind = Literal["secondary", "primary", "quiet", "link", "danger", "toggle"]


def push_button(
    text: str,
    parent: QWidget | None = None,
    *,
    kind: Kind = "secondary",
    small: bool = False,
) -> QPushButton:
    """Create a text button. A panel has at most one `primary` button; destructive buttons are `danger`."""
    button = QPushButton(text, parent)
    button.setProperty("kind", kind)
    button.setProperty("small", small)
    button.setCheckable(kind == "toggle")
    button.setAutoDefault(False)
    button.setCursor(Qt.CursorShape.ArrowCursor)
    button.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
    return button


def icon_button(theme: Theme, icon: str, tip: str, *, color: str = "t2", size: int = 24) -> QToolButton:
    """Create an icon-only button; its tool tip and accessible name say what it does."""
    button = QToolButton()
    button.setFixedSize(size, size)
    button.setIconSize(QSize(16, 16))
    button.setToolTip(plain_tip(tip))
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
    keep_icon(button, theme, icon, color)
    return button


def keep_icon(button: QAbstractButton, theme: Theme, icon: str, color: str = "t2") -> None:
    """Set the icon of a button, and update it whenever the theme changes."""
    updater = button.findChild(_IconUpdater)
    if updater is None:
        updater = _IconUpdater(button, theme)
    updater.show(icon, color)


def set_lit(button: QToolButton, theme: Theme, icon: str, *, on: bool) -> None:
    """Light an icon button while what it stands for is on, or end that; a click changes nothing by itself."""
    keep_icon(button, theme, icon, "accent" if on else "t2")
    if button.property("lit") is not on:
        button.setProperty("lit", on)
        button.style().unpolish(button)
        button.style().polish(button)


def set_kind(button: QAbstractButton, kind: Kind) -> None:
    """Make a button one of another kind."""
    if button.property("kind") != kind:
        button.setProperty("kind", kind)
        button.style().unpolish(button)
        button.style().polish(button)


def set_usable(button: QAbstractButton, reason: str, *, tip: str = "", possible: bool = True) -> None:
    """Enable a button that is possible, unless there is a reason why it cannot be used: its tip then says why."""
    button.setEnabled(possible and not reason)
    button.setToolTip(plain_tip(reason or tip))


class _IconUpdater(QObject):
    """Redraws the icon of its parent button in the colours of the theme."""

    def __init__(self, button: QAbstractButton, theme: Theme) -> None:
        super().__init__(button)
        self._button, self._theme = button, theme
        self._icon_and_color = ("", "t2")
        theme.changed.connect(self._on_theme_changed)

    def show(self, icon: str, color: str) -> None:
        if (icon, color) != self._icon_and_color:
            self._icon_and_color = (icon, color)
            self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        icon, color = self._icon_and_color
        if isinstance(self._button, QToolButton):
            self._button.setIcon(self._theme.qicon(icon, color))
        else:
            self._button.setIconSize(QSize(16 + _GAP, 16))
            self._button.setIcon(_with_gap(self._theme, icon, color))


def _with_gap(theme: Theme, icon: str, color: str) -> QIcon:
    """The icon with extra space after it: Fusion puts the text too close to an icon."""
    wide = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, "line2")):
        for dpr in (1.0, 2.0):
            canvas = QPixmap(round((16 + _GAP) * dpr), round(16 * dpr))
            canvas.setDevicePixelRatio(dpr)
            canvas.fill(Qt.GlobalColor.transparent)
            painter = QPainter(canvas)
            painter.drawPixmap(0, 0, theme.icon(icon, ink, 16, dpr))
            painter.end()
            wide.addPixmap(canvas, mode)
    return wide
