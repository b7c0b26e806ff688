"""The footer of the log: current line, number of passing lines, duration of the search, and a legend of the marks."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.buttons import push_button
from gui.widgets.label import PlainLabel, plain_tip

HEIGHT = 28


class _MarkLegend(Guarded, QWidget):
    """Explains the marks: a yellow dash for matches, a red one for errors."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        metrics = QFontMetricsF(self._theme.font("small"))
        return QSize(round(metrics.horizontalAdvance(tr("match") + tr("error"))) + 60, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setFont(self._theme.font("small"))
        x, y = 0.0, self.height() // 2
        for word, token in ((tr("match"), "needsyou.fill"), (tr("error"), "failed.fill")):
            painter.fillRect(QRectF(x, y - 1, 10, 2), self._theme.color(token))
            wide = QFontMetricsF(painter.font()).horizontalAdvance(word)
            painter.setPen(self._theme.color("t2"))
            painter.drawText(QRectF(x + 15, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, word)
            x += wide + 33


class LogFooter(Guarded, QWidget):
    """A row of small facts, and the button that searches all output.

    Signals:
        search_requested: search all stored output, or leave the search result.
    """

    search_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._full = theme, False
        self.setFixedHeight(HEIGHT)
        self.line = PlainLabel(theme=theme, role="small", color="t2")
        self.passing = PlainLabel(theme=theme, role="small", color="t2", elide=True)
        self.took = PlainLabel(theme=theme, role="small", color="t2")
        self.note = PlainLabel(theme=theme, role="small", color="timeout", elide=True)
        self.search = push_button("", kind="quiet", small=True)
        self.search.clicked.connect(self.search_requested)
        self._legend = _MarkLegend(theme, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 1, 12, 0)
        row.setSpacing(20)
        for widget in (self.line, self.passing, self.took, self.search):
            row.addWidget(widget)
        row.addWidget(self.note, 1)
        row.addWidget(self._legend)
        theme.changed.connect(self.update)

    def show_line(self, text: str) -> None:
        """Show the current line; an empty text takes no space."""
        self.line.setText(text)
        self.line.setVisible(self._full and bool(text))

    def show_note(self, sentence: str) -> None:
        """Show a sentence; in the docked form the counts, which the title has too, make room for it."""
        self.note.setText(sentence)
        self._show_counts()

    def show_form(self, *, full: bool) -> None:
        """Show or hide the current line and the legend; the docked form has no room for them."""
        self._full = full
        self.line.setVisible(full and bool(self.line.text()))
        self._legend.setVisible(full)
        self._show_counts()

    def _show_counts(self) -> None:
        for label in (self.passing, self.took):
            label.setVisible(self._full or not self.note.text())

    def offer(self, word: str, tip: str = "") -> None:
        """Offer the search button with this text; an empty text hides it."""
        self.search.setText(word)
        self.search.setToolTip(plain_tip(tip))
        self.search.setVisible(bool(word))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a hairline above."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.color("line"))
