"""A field for a whole number that the arrow keys change; it shows no buttons."""

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from gui.guarded import Guarded

_MARGIN = 8


class NumberBox(Guarded, QSpinBox):
    """A whole number from `minimum` to `maximum`.

    The style sheet makes the buttons 0 px wide: with a style sheet, `NoButtons` would leave the text no width.
    """

    def __init__(self, minimum: int, maximum: int, *, width: int = 72, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(minimum, maximum)
        self.setFixedWidth(width)
        self.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page around: scrolling past the field must not change the number."""
        event.ignore()
