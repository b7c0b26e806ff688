"""A page on a sheet that scrolls where the window is too low for all of it. Knows nothing of its contents."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

_LEAST = 160


class PageScroll(QScrollArea):
    """Asks for the height of its page, at most `most`, and makes do with less."""

    def __init__(self, page: QWidget, *, most: int) -> None:
        super().__init__()
        self._page, self._most = page, most
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)
        self.setMinimumHeight(_LEAST)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The page as a whole, as far as it may be."""
        page = self._page.sizeHint()
        return QSize(page.width(), min(page.height() + 4, self._most))
