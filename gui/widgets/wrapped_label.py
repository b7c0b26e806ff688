"""A label that wraps between words, and within a word that is longer than its line: nothing of it is cut off."""

import math

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption

from gui.widgets.label import PlainLabel


class WrappedLabel(PlainLabel):
    """Plain text in as many lines as its width needs; for titles, paths and ids, which may have no blanks."""

    @property
    def natural_width(self) -> int:
        """The width of the text in one line."""
        return math.ceil(self.fontMetrics().horizontalAdvance(self.text())) + 2

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """More lines are needed the narrower it is."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines at this width."""
        return math.ceil(self._laid_out(width)[1])

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One line."""
        return QSize(self.natural_width, self.heightForWidth(self.natural_width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Hardly any width: it can be wrapped anywhere."""
        return QSize(24, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw all lines."""
        layout, height = self._laid_out(self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        is_top = bool(self.alignment() & Qt.AlignmentFlag.AlignTop)
        layout.draw(painter, QPointF(0, 0 if is_top else max(0, (self.height() - math.ceil(height)) // 2)))

    def _laid_out(self, width: int) -> tuple[QTextLayout, float]:
        """The lines at this width, and their height."""
        layout = QTextLayout(self.text(), self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, height
