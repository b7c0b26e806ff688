"""A page on a sheet that scrolls when the window is too low to show all of it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.guarded import Guarded

_MIN_HEIGHT = 160
_AROUND = 4


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
        return QSize(page.width(), min(page.height() + _AROUND, self._max_height))

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Whether the page is higher where it is narrower, as its sentences wrap."""
        return self._page.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of the page at this width, limited to `max_height`.

        It has room for a scroll bar, so that one which was shown goes again.
        """
        beside = width - self.verticalScrollBar().sizeHint().width()
        return min(self._page.heightForWidth(beside) + _AROUND, self._max_height)
