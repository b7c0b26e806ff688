"""The switch that makes a window observe only: it sends no commands until it is switched back. Stops no job."""

from enum import StrEnum

from PySide6.QtCore import QObject, Slot

from gui.control.action_effects import OBSERVING
from gui.control.actions import Actions
from gui.control.command_sender import CommandSender
from gui.translation import tr, translatable
from gui.widgets.banner import BannerButton
from gui.window.main_window import MainWindow

_BANNER = "observe"
_SENTENCE = translatable("This window only observes: it sends no commands. What runs and waits goes on.")
_TITLES = {
    False: translatable("Only observe: send no commands"),
    True: translatable("Send commands again"),
}


class ObserveAction(StrEnum):
    """What the button on the banner does."""

    LEAVE = "leave"


class ObserveSwitch(QObject):
    """Switches actions, commands, the word in the header and a banner together."""

    def __init__(
        self, window: MainWindow, commands: CommandSender, actions: Actions, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self._commands, self._actions = window, commands, actions
        window.banners.action_requested.connect(self._on_action_requested)

    @Slot()
    def toggle(self) -> None:
        """Observe only, or send commands again."""
        on = not self._actions.observes
        self._commands.observes = on
        self._actions.set_observing(on)
        self._actions.set_title("observe", tr(_TITLES[on]))
        self._window.header.engine_status.set_view_only(on)
        self._window.header.show_observing()
        self._window.banners.show_reason(tr(OBSERVING) if on else "")
        if on:
            button = BannerButton(ObserveAction.LEAVE, translatable("Send commands again"))
            self._window.banners.show_banner(_BANNER, tr(_SENTENCE), state="held", buttons=[button])
        else:
            self._window.banners.hide_banner(_BANNER)

    @Slot(str, object)
    def _on_action_requested(self, _key: str, action: StrEnum) -> None:
        if action is ObserveAction.LEAVE and self._actions.observes:
            self.toggle()
