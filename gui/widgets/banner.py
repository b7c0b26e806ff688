"""Banners below the header: each states a problem in one sentence and offers actions as buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.accessible_role import WithAccessibleRole, install_roles
from gui.widgets.announcement import announce
from gui.widgets.buttons import icon_button, push_button, set_usable
from gui.widgets.label import PlainLabel

HEIGHT = 36
_RETURN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


@dataclass(frozen=True)
class BannerButton:
    """A button on a banner: the action it requests, and the text it shows, which the banner translates.

    `is_change` says that it sends a command, which is of no use while the window only observes.
    """

    action: StrEnum
    text: str
    is_change: bool = False


class Banner(WithAccessibleRole, Guarded, QWidget):
    """One sentence on the tint of a state.

    Signals:
        action_requested: (the action of the button) one of its buttons was pressed.
        dismissed: the user closed it.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.AlertMessage
    action_requested = Signal(object)
    dismissed = Signal()

    def __init__(
        self,
        sentence: str,
        theme: Theme,
        *,
        state: str = "failed",
        buttons: Sequence[BannerButton] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        install_roles()
        self.setObjectName("banner")
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(sentence)
        self._theme, self._state = theme, state
        self._glyph = QLabel()
        self._label = PlainLabel(sentence, theme=theme, elide=True)
        self._label.setToolTip("")
        self.buttons = [push_button(tr(button.text), small=True) for button in buttons]
        self._actions = {made: button.action for made, button in zip(self.buttons, buttons, strict=True)}
        self._changing = [
            made for made, button in zip(self.buttons, buttons, strict=True) if button.is_change
        ]
        self.close_button: QToolButton = icon_button(theme, "close", tr("Dismiss"))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 6, 0)
        row.setSpacing(8)
        row.addWidget(self._glyph)
        row.addWidget(self._label, 1)
        for button in self.buttons:
            row.addWidget(button)
            button.clicked.connect(self._on_action_clicked)
        row.addWidget(self.close_button)
        self.close_button.clicked.connect(self.dismissed)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @property
    def sentence(self) -> str:
        """The sentence shown."""
        return self._label.text()

    def show_reason(self, reason: str) -> None:
        """Disable the buttons that send commands while there is a reason why none is sent."""
        for button in self._changing:
            set_usable(button, reason)

    def stops(self) -> list[QPushButton | QToolButton]:
        """Its buttons in the order of Tab."""
        return [*self.buttons, self.close_button]

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint the tint, the left edge and the hairline."""
        painter = QPainter(self)
        look = self._theme.state(self._state)
        painter.fillRect(self.rect(), look.tint)
        painter.fillRect(QRect(0, 0, 3, self.height()), look.fill)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), self._theme.color("line"))

    @Slot()
    def _on_action_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.action_requested.emit(self._actions[sender])

    @Slot()
    def _on_theme_changed(self) -> None:
        self._glyph.setPixmap(self._theme.glyph(self._state, 14, self.devicePixelRatioF()))
        self.update()


class BannerStack(Guarded, QWidget):
    """The banners shown now, one per key, so that a problem is shown once and removed when it ends.

    A screen reader reads each out when it appears. Return presses its focused button, Esc closes it; then the focus
    returns to where it was.

    Signals:
        action_requested: (key, the action of the button); each listener takes the actions of its own kind.
    """

    action_requested = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: dict[str, Banner] = {}
        self._dismissed: dict[str, str] = {}
        self._reason = ""
        self._focus_before: QWidget | None = None
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]  # a widget needs one
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def show_banner(
        self, key: str, sentence: str, *, state: str = "failed", buttons: Sequence[BannerButton] = ()
    ) -> None:
        """Show a sentence under `key`, replacing the previous one; a dismissed sentence is not shown again."""
        old = self._shown.get(key)
        if self._dismissed.get(key) == sentence or (old is not None and old.sentence == sentence):
            return
        focused = self._focused_button(key)
        self.hide_banner(key)
        banner = Banner(sentence, self._theme, state=state, buttons=buttons, parent=self)
        banner.setProperty("key", key)
        banner.show_reason(self._reason)
        banner.action_requested.connect(self._on_action_requested)
        banner.dismissed.connect(self._on_dismissed)
        self._shown[key] = banner
        self._column.addWidget(banner)
        self.show()
        announce(banner, sentence, urgent=old is None)
        if focused is not None:
            banner.stops()[min(focused, len(buttons))].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_reason(self, reason: str) -> None:
        """Disable the buttons that send commands, on banners to come as well, while there is a reason for it."""
        self._reason = reason
        for banner in self._shown.values():
            banner.show_reason(reason)

    def hide_banner(self, key: str) -> None:
        """Remove the banner of `key`; the same sentence may be shown again later."""
        self._dismissed.pop(key, None)
        banner = self._shown.pop(key, None)
        if banner is not None:
            self._column.removeWidget(banner)
            self._return_focus(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._shown))

    def _return_focus(self, banner: Banner) -> None:
        focused, before = QApplication.focusWidget(), self._focus_before
        if focused is None or not banner.isAncestorOf(focused):
            return
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        enters = now is not None and self.isAncestorOf(now)
        if enters and old is not None and not self.isAncestorOf(old):
            self._focus_before = old

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Close the banner that has the focus with Esc, and press its focused button with Return."""
        focused = QApplication.focusWidget()
        banner = None if focused is None else self._banner_of(focused)
        if banner is not None and event.key() == Qt.Key.Key_Escape:
            banner.dismissed.emit()
        elif isinstance(focused, QPushButton | QToolButton) and event.key() in _RETURN:
            if not event.isAutoRepeat():
                focused.click()
        else:
            super().keyPressEvent(event)

    def _focused_button(self, key: str) -> int | None:
        """Which button of the banner of `key` has the focus; None if none of them has."""
        stops = self._shown[key].stops() if key in self._shown else []
        return next((number for number, stop in enumerate(stops) if stop.hasFocus()), None)

    def _banner_of(self, widget: QWidget) -> Banner | None:
        return next((one for one in self._shown.values() if one.isAncestorOf(widget)), None)

    def banner(self, key: str) -> Banner | None:
        """The banner shown under `key`."""
        return self._shown.get(key)

    @Slot(object)
    def _on_action_requested(self, action: StrEnum) -> None:
        sender = self.sender()
        if isinstance(sender, Banner):
            self.action_requested.emit(sender.property("key"), action)

    @Slot()
    def _on_dismissed(self) -> None:
        sender = self.sender()
        if isinstance(sender, Banner):
            key = sender.property("key")
            self.hide_banner(key)
            self._dismissed[key] = sender.sentence
