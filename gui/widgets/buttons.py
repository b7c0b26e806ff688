"""Buttons in the kinds the style sheet knows: primary, secondary, quiet, danger, toggle, and bare icons."""

from typing import Literal

from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from gui.theme.theme import Theme
from gui.widgets.label import plain_tip

_GAP = 3
Kind = Literal["secondary", "primary", "quiet", "danger", "toggle"]


def push_button(
    text: str,
    parent: QWidget | None = None,
    *,
    kind: Kind = "secondary",
    small: bool = False,
) -> QPushButton:
    """A button with a word; one primary button a panel, a destructive one is `danger`."""
    button = QPushButton(text, parent)
    button.setProperty("kind", kind)
    button.setProperty("small", small)
    button.setCheckable(kind == "toggle")
    button.setAutoDefault(False)
    button.setCursor(Qt.CursorShape.ArrowCursor)
    button.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
    return button


def icon_button(theme: Theme, icon: str, tip: str, *, color: str = "t2", size: int = 24) -> QToolButton:
    """A button that is only a drawing; its meaning is its tool tip and its accessible name."""
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
    """Draw `icon` on the button, and again whenever the theme changes."""
    keeper = button.findChild(_IconKeeper)
    if keeper is None:
        keeper = _IconKeeper(button, theme)
    keeper.show(icon, color)


class _IconKeeper(QObject):
    """Redraws the icon of its parent button in the colours of the theme."""

    def __init__(self, button: QAbstractButton, theme: Theme) -> None:
        super().__init__(button)
        self._button, self._theme = button, theme
        self._shown = ("", "t2")
        theme.changed.connect(self._on_theme_changed)

    def show(self, icon: str, color: str) -> None:
        if (icon, color) != self._shown:
            self._shown = (icon, color)
            self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        icon, color = self._shown
        if isinstance(self._button, QToolButton):
            self._button.setIcon(self._theme.qicon(icon, color))
        else:
            self._button.setIconSize(QSize(16 + _GAP, 16))
            self._button.setIcon(_with_gap(self._theme, icon, color))


def _with_gap(theme: Theme, icon: str, color: str) -> QIcon:
    """The drawing with room behind it: Fusion sets the word closer to an icon than the pictures do."""
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
