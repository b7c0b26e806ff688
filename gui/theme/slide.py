"""The one movement of what opens over the window: it slides into its place, without fading."""

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation
from PySide6.QtWidgets import QWidget

from gui.theme.theme import Theme

DISTANCE = 12
_DURATION_MS = 140


class Slide(QPropertyAnimation):
    """Slides one widget; does nothing where the user wants less motion."""

    def __init__(self, widget: QWidget, theme: Theme) -> None:
        super().__init__(widget, b"pos", widget)
        self._widget, self._theme = widget, theme
        self.setDuration(_DURATION_MS)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)

    def begin(self, start: QPoint) -> None:
        """Slide to where the widget is now, from an offset from there."""
        self.stop()
        if not self._theme.reduce_motion:
            place = self._widget.pos()
            self.setStartValue(place + start)
            self.setEndValue(place)
            self.start()
