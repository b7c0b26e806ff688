"""One of the counters in the header: a number of workstreams, and a filter for them. Counts nothing itself."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Slot
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QSizePolicy,
)

from engine.scheduling.buckets import Bucket, BucketCounts
from gui.data.bucket_captions import bucket_word, counter_tip
from gui.figures import figure
from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.label import plain_tip

GLYPHS: Mapping[Bucket, str] = {
    Bucket.NEEDS_YOU: "needsyou",
    Bucket.RUNNING: "running",
    Bucket.WAITING: "queued",
    Bucket.FAILED: "failed",
    Bucket.DONE: "completed",
}
"""The shown state whose glyph stands for each bucket."""


class CounterButton(Guarded, QAbstractButton):
    """Glyph, number and word; checked while the panels are filtered by it."""

    def __init__(self, bucket: Bucket, theme: Theme) -> None:
        super().__init__()
        self.bucket = bucket
        self._theme = theme
        self._counts = BucketCounts()
        self._number = 0
        self._is_dim = True
        self._words = True
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)
        self.toggled.connect(self._describe)
        self._describe()

    def show_counts(self, counts: BucketCounts) -> None:
        """Show the number of its bucket, and describe what it counts."""
        if counts == self._counts:
            return
        self._counts = counts
        self._number = counts.number(self.bucket)
        self._is_dim = not self._number and not (self.bucket is Bucket.NEEDS_YOU and counts.has_others)
        self._describe()
        self.updateGeometry()
        self.update()

    def set_words(self, words: bool) -> None:  # noqa: FBT001  # a switch, like setEnabled
        """Show or hide the word after the number."""
        if words != self._words:
            self._words = words
            self.updateGeometry()
            self.update()

    @property
    def number(self) -> int:
        """The number shown."""
        return self._number

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Wide enough for the text in the fonts of the theme."""
        return QSize(self.width_with(words=self._words), self._theme.grown(26))

    def width_with(self, *, words: bool) -> int:
        """The width with or without the word."""
        number, word = self._widths()
        return 6 + 14 + 6 + number + (5 + word if words else 0) + 6

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw it; a zero is dimmed, so that other numbers stand out."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("sel" if self.isChecked() else "hover"))
            painter.drawRoundedRect(self.rect(), 4, 4)
        dim = self._is_dim and not self.isChecked()
        ink = theme.color("t3") if dim else None
        painter.drawPixmap(
            6, (self.height() - 14) // 2, theme.glyph(GLYPHS[self.bucket], 14, self.devicePixelRatioF(), ink)
        )
        number, word = self._widths()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("t3" if dim else "t1"))
        painter.drawText(QRect(26, 0, number + 2, self.height()), middle, figure(self._number))
        if self._words:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("t3" if dim else "t2"))
            painter.drawText(
                QRect(26 + number + 5, 0, word + 2, self.height()), middle, bucket_word(self.bucket)
            )

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Show the hover background."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Remove the hover background."""
        super().leaveEvent(event)
        self.update()

    def _widths(self) -> tuple[int, int]:
        number = QFontMetrics(self._theme.font("strong")).horizontalAdvance(figure(self._number))
        return number, QFontMetrics(self._theme.font("small")).horizontalAdvance(bucket_word(self.bucket))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()

    @Slot()
    def _describe(self) -> None:
        """Say what a press does; nothing can be pressed only to hide everything."""
        tip, checked = counter_tip(self._counts, self.bucket), self.isChecked()
        is_empty = self._is_dim and not self._counts.jobs.get(self.bucket)
        self.setEnabled(checked or not is_empty)
        press = (
            tr("Press to remove this filter.") if checked else tr("Press to show only these in every panel.")
        )
        self.setAccessibleName(f"{figure(self._number)} {bucket_word(self.bucket)}")
        self.setAccessibleDescription(tip)
        self.setToolTip(plain_tip(f"{tip} {press}" if self.isEnabled() else tip))
