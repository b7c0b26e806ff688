"""Reads the files of a drag, and frames the window as its drop target. Opens no files."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr_count

MOST_FILES = 10_000
_WIDTH = 2


def local_paths(mime: QMimeData) -> list[Path]:
    """The local files and folders of a drag, without those on other machines, each once.

    Read this when the drag enters: if its source quits before the drop, reading then blocks for seconds.
    """
    if not mime.hasUrls():
        return []
    urls = mime.urls()[:MOST_FILES]
    return list(
        dict.fromkeys(Path(url.toLocalFile()) for url in urls if url.isLocalFile() and url.toLocalFile())
    )


def drop_text(paths: list[Path]) -> str:
    """The text shown while files hover."""
    return tr_count("Drop to look at {n} file", "Drop to look at {n} files", len(paths))


class DropTarget(Guarded, QWidget):
    """A 2 px frame just inside the window's edge, through which everything stays visible and clickable."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dropFrame")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme, self._window = theme, parent
        theme.changed.connect(self._on_theme_changed)
        self.hide()

    def appear(self) -> None:
        """Show the frame over everything."""
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Have nothing but the frame: the window inside it is not painted again when it comes and goes."""
        super().resizeEvent(event)
        inside = self.rect().adjusted(_WIDTH, _WIDTH, -_WIDTH, -_WIDTH)
        self.setMask(QRegion(self.rect()) - QRegion(inside))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the frame."""
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.color("accent"), _WIDTH))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()
