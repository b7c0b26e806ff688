"""A page on a sheet that scrolls when the window is too low to show all of it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.guarded import Guarded

_MIN_HEIGHT = 160


class PageScroll(Guarded, QScrollArea):
    """Prefers the height of its page, up to `max_height`, and accepts less; `name` is for screen readers."""

    def __init__(self, page: QWidget, *, name: str, max_height: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._page, self._max_height = page, max_height
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)
        self.setMinimumHeight(_MIN_HEIGHT)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The size of the page, limited to `max_height`."""
        page = self._page.sizeHint()
        return QSize(page.width(), min(page.height() + 4, self._max_height))
