"""A comment as it is read: plain text in which what stands between backquotes is code. Interprets nothing else."""

import re

from PySide6.QtCore import QPointF, QSize, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.system.plain_text import escape_invisible
from gui.guarded import Guarded
from gui.theme.theme import Theme

_CODE = re.compile(r"`([^`\n]+)`")
_LEADING = 1.2


class CommentText(Guarded, QWidget):
    """Shows one comment, wrapped."""

    def __init__(self, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text, self._code = _pieces(text)
        self._layout: QTextLayout | None = None
        self.setAccessibleName(text)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._on_theme_changed)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """It is wrapped."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines at this width."""
        return self._laid_out(max(40, width))[1]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as there is room."""
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One line at least."""
        return QSize(40, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the lines."""
        painter = QPainter(self)
        painter.setPen(self._theme.color("t1"))
        self._laid_out(self.width())[0].draw(painter, QPointF(0, 0))

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        layout = QTextLayout(self._text, self._theme.font("small"))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(self._formats())
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += round(line.height() * _LEADING)
        layout.endLayout()
        return layout, round(height)

    def _formats(self) -> list[QTextLayout.FormatRange]:
        font = QFont(self._theme.font("mono"))
        found = []
        for start, length in self._code:
            one = QTextLayout.FormatRange()
            one.start, one.length = start, length
            form = QTextCharFormat()
            form.setFont(font)
            one.format = form
            found.append(one)
        return found

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


def _pieces(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without backquotes, line breaks as Qt's layout knows them, and where code stands in it."""
    shown, code, at = "", [], 0
    safe = "\n".join(escape_invisible(line) for line in text.split("\n"))
    for found in _CODE.finditer(safe):
        shown += safe[at : found.start()]
        code.append((len(shown), len(found[1])))
        shown += found[1]
        at = found.end()
    return (shown + safe[at:]).replace("\n", "\N{LINE SEPARATOR}"), code
