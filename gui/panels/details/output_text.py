"""The text of an output in its colours, with a mark at one of its errors. Reads nothing; knows no attempt."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from engine.streams.entries import Level
from gui.guarded import Guarded
from gui.panels.details.output_reader import ExcerptLine
from gui.theme.theme import Theme
from gui.translation import tr

_EDGE = 3
_INK = {Level.DEBUG: "t3", Level.EVENT: "t3", Level.WARNING: "timeout", Level.ERROR: "failed"}
_COLORS = {
    "black": "t3",
    "red": "failed",
    "green": "completed",
    "yellow": "timeout",
    "blue": "running",
    "magenta": "blocked",
    "cyan": "queued",
    "white": "t1",
}
"""What stands for the colours of a terminal: those of states, which can be read on both grounds."""


class OutputText(Guarded, QPlainTextEdit):
    """Read-only lines, coloured by what the tool printed or else by their level, wrapped on request."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marked: int | None = None
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName(tr("Output"))
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setProperty("flat", True)  # noqa: FBT003 - Qt's own signature
        self._colors = _LineColors(self, theme)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @property
    def marked_line(self) -> int | None:
        """The number of the line with the mark, from 0."""
        return self._marked

    def show_lines(self, lines: Sequence[ExcerptLine]) -> None:
        """Show these lines, without a mark; what was scrolled to stays in view, and so does the end."""
        bar = self.verticalScrollBar()
        value, at_end = bar.value(), bar.value() >= bar.maximum()
        self._colors.lines = tuple(lines)
        self._mark(None)
        self.setPlainText("\n".join(line.text for line in lines))
        bar.setValue(bar.maximum() if at_end else value)

    def go_to(self, line: int) -> None:
        """Mark a line and show it in the middle."""
        block = self.document().findBlockByNumber(line)
        if block.isValid():
            self.setTextCursor(QTextCursor(block))
            self.centerCursor()
            self._mark(line)

    def go_to_end(self) -> None:
        """Scroll to the last line, and remove the mark."""
        self._mark(None)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.moveCursor(QTextCursor.MoveOperation.StartOfLine)

    def wrap(self, *, on: bool) -> None:
        """Wrap long lines, or scroll them."""
        modes = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(modes.WidgetWidth if on else modes.NoWrap)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground and the edge of the marked line, then the text."""
        if self._marked is not None:
            block = self.document().findBlockByNumber(self._marked)
            place = self.blockBoundingGeometry(block).translated(self.contentOffset()).toAlignedRect()
            line = QRect(0, place.top(), self.viewport().width(), place.height())
            look = self._theme.state("failed")
            painter = QPainter(self.viewport())
            painter.fillRect(line, look.tint)
            painter.fillRect(QRect(line.topLeft(), QSize(_EDGE, line.height())), look.fill)
            painter.end()
        super().paintEvent(event)

    def _mark(self, line: int | None) -> None:
        self._marked = line
        self.viewport().update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFont(self._theme.font("mono"))
        self._colors.rehighlight()


class _LineColors(Guarded, QSyntaxHighlighter):
    """Colours the lines of a document by their numbers."""

    def __init__(self, text: QPlainTextEdit, theme: Theme) -> None:
        super().__init__(text.document())
        self._theme = theme
        self.lines: tuple[ExcerptLine, ...] = ()

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour one line: as it was printed, or else by its level."""
        number = self.currentBlock().blockNumber()
        line = self.lines[number] if number < len(self.lines) else None
        if line is None:
            return
        if not line.spans:
            if token := _INK.get(line.level):
                self.setFormat(0, len(text), self._theme.color(token))
            return
        for span in line.spans:
            self.setFormat(span.start, span.end - span.start, self._format(span.color, bold=span.bold))

    def _format(self, color: str, *, bold: bool) -> QTextCharFormat:
        shape = QTextCharFormat()
        shape.setForeground(QColor(self._theme.color(_COLORS.get(color, "t1"))))
        if bold:
            shape.setFontWeight(QFont.Weight.Bold)
        return shape
