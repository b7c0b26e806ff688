"""A sheet with one banner below its body: what was refused, done, or is to be decided before it closes."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.theme.theme import Theme
from gui.widgets.banner import Banner, BannerButton
from gui.widgets.sheet import Sheet


class SheetWithBanner(Sheet):
    """A sheet that shows a sentence in a banner until it is dismissed or another takes its place.

    Signals:
        action_requested: (action) a button of the banner was pressed.
    """

    action_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget, *, width: int = 752, top: int = 56) -> None:
        super().__init__(theme, parent, width=width, top=top)
        self._banner: Banner | None = None

    def show_banner(
        self, sentence: str, state: str = "failed", buttons: tuple[BannerButton, ...] = ()
    ) -> None:
        """Show this banner alone; the last of its buttons is focused."""
        self.hide_banner()
        self._banner = banner = Banner(sentence, self.theme, state=state, buttons=buttons, parent=self)
        banner.dismissed.connect(self._on_banner_dismissed)
        banner.action_requested.connect(self.action_requested.emit)
        self.body.addWidget(banner)
        banner.show()
        self.place()
        if banner.buttons:
            banner.buttons[-1].setFocus()

    def hide_banner(self) -> None:
        """Show no banner."""
        if self._banner is not None:
            self.body.removeWidget(self._banner)
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None

    @Slot()
    def _on_banner_dismissed(self) -> None:
        self.hide_banner()
        self.place()
