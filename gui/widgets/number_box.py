"""A field for a whole number that is counted up and down with the arrow keys; draws no buttons of its own."""

from PySide6.QtWidgets import QSpinBox, QWidget

_MARGIN = 8


class NumberBox(QSpinBox):
    """A number from `least` to `most`.

    The style sheet makes the buttons 0 px wide; `NoButtons` would, beside a style sheet, leave the text no width.
    """

    def __init__(self, least: int, most: int, *, width: int = 72, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(least, most)
        self.setFixedWidth(width)
        self.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)
